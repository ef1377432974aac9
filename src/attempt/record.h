/* SPDX-License-Identifier: MIT */
/* record.h - the text of a status file. */
#pragma once

#include "attempt/status.h"

/* Where the digits of started_us stand, and how many: they are overwritten in place. */
#define RECORD_STARTED_AT  31
#define RECORD_STARTED_LEN 19
/* The digit of checkpointed: the same. */
#define RECORD_CHECKPOINTED_AT 64

/* Fills all STATUS_SIZE bytes. */
void record_encode(const struct attempt_status *s, char text[STATUS_SIZE]);
/* 0; -1 with *e: ERR_CORRUPT, ERR_NEWER. */
int record_decode(const char text[STATUS_SIZE], struct attempt_status *s, struct err *e);
