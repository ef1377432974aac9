/* SPDX-License-Identifier: MIT */
/* sweep_param.h - the values of one parameter. Private to sweep.c. */
#pragma once

#include "util/sweep.h"

/* Reads p->text; the rest of *p is set. */
int sweep_param_read(struct sweep_param *p, enum sweep_mode mode, struct err *e);
/* Appends its i-th value, from 0; of one that has no count, what that number from 0 to 2^64 - 1
 * draws. */
void sweep_param_at(const struct sweep_param *p, int64_t i, struct buf *out);
void sweep_param_draw(const struct sweep_param *p, uint64_t random, struct buf *out);
