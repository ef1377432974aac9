/* SPDX-License-Identifier: MIT */
/* criu.h - criu(8), the program that writes processes into files, images, and makes them again. */
#pragma once

#include <stddef.h>

#include "util/err.h"

/* Where it is: static; NULL if it is not installed. */
const char *criu_program(void);
/* Whether it works on this machine, for us: 0, or -1 with ERR_INVALID and the reason in words. Runs
 * it, which takes up to a second; that it works is asked once. */
int criu_check(struct err *e);
/* The last error in what it wrote, without where in its source that is: "" if there is none. */
void criu_error(const char *log, char *text, size_t size);
