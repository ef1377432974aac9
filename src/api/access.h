/* SPDX-License-Identifier: MIT */
/* access.h - who may do what, and what users are called. */
#pragma once

#include "api/api.h"

/* The name of the user, else the number. Static; valid until the next call. */
const char *access_user_name(uint32_t uid);

/* What concerns everybody's jobs is for whom the scheduler runs as, and root. As access_check(). */
int access_check_all(const struct api_caller *who, const char *act, struct err *e);
/* Users act on their own jobs, root on all. `act` is a verb for the message: "cancel". 0, or -1
 * with ERR_DENIED. */
int access_check(const struct api_caller *who, const struct job_record *r, const char *act,
                 struct err *e);
