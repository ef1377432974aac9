/* SPDX-License-Identifier: MIT */
/* images.h - the folder that holds what criu has saved of a job, beside its logs.
 *
 * It is made under another name, and has its own only when it is whole. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define IMAGES_DRAFT ".new"

/* "<logs>/job_15.checkpoint", a string to free(); NULL if no memory. */
char *images_path(const char *logs, int64_t job);
/* There is something to restore. */
bool images_exist(const char *path);
/* Removes the folder, and a draft of it. Absent ones are fine. */
void images_remove(const char *path);
