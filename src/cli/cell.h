/* SPDX-License-Identifier: MIT */
/* cell.h - values of a JSON object as people read them. What is null or missing is "-". */
#pragma once

#include <jansson.h>

#include "util/buf.h"

void cell_text(struct buf *out, const json_t *object, const char *key);
/* A job as it is named: 15, or of an array 15_3 and 15_[4-99%4]; key: of its own id. */
void cell_job(struct buf *out, const json_t *object, const char *key);
void cell_int(struct buf *out, const json_t *object, const char *key);
/* "38.84s" */
void cell_seconds(struct buf *out, const json_t *object, const char *key);
/* "38.8" */
void cell_tenths(struct buf *out, const json_t *object, const char *key);
/* "00:10:00", as Slurm prints a time limit. */
void cell_duration(struct buf *out, const json_t *object, const char *key);
/* A share: "93 %". */
void cell_percent(struct buf *out, const json_t *object, const char *key);
/* A point in time as local wall-clock time. */
void cell_time(struct buf *out, const json_t *object, const char *key);
/* An integer, or else that word. */
void cell_int_or(struct buf *out, const json_t *object, const char *key, const char *word);
/* "0"; "-9 (killed by SIGKILL)". */
void cell_return_code(struct buf *out, const json_t *object, const char *key);
