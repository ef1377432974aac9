/* SPDX-License-Identifier: MIT */
/* predictions.h - what store_predict() rests on. Private to store/. */
#pragma once

#include "store/store.h"

/* The job has ended: remembers how long it ran, if its end says something about that. */
int prediction_learn(struct store *s, int64_t job, struct err *e);
/* Learns from the jobs that ended last, for a store that has never learned. */
int prediction_learn_history(struct store *s, struct err *e);
