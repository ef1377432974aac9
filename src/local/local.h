/* SPDX-License-Identifier: MIT */
/* local.h - serving a request where no scheduler runs, under the store's short lock. */
#pragma once

#include "api/frame.h"
#include "os/paths.h"

/* 0: *reply is filled, with an answer or an error, and what it says is durable. 1: there is a
 * scheduler after all (or it is starting): nothing was done. -1 with *e: it could not be served. */
int local_call(const struct paths *paths, const struct frame *request, struct frame *reply,
               struct err *e);
