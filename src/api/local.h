/* SPDX-License-Identifier: MIT */
/* local.h - serving a request in the client's own process, where no scheduler runs. */
#pragma once

#include <sys/types.h>

#include "api/frame.h"
#include "os/paths.h"

/* 0: *reply is filled, with an answer or an error, and what it says is durable. 1: there is a
 * scheduler after all (or it is starting), *scheduler is its pid: nothing was done. -1 with *e: it
 * could not be served. */
int local_call(const struct paths *paths, const struct frame *request, struct frame *reply,
               pid_t *scheduler, struct err *e);
