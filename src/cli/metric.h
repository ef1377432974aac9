/* SPDX-License-Identifier: MIT */
/* metric.h - a number, or a word, that a program writes again and again: what it wrote last. */
#pragma once

#include <regex.h>

#include "util/err.h"

struct metric {
    regex_t regex;
    char name[32]; /* "loss" of 'loss=([0-9.]+)', or "metric" */
};

/* The extended regular expression, whose first group is the value, or else all of it. */
int metric_open(struct metric *m, const char *regex, struct err *e);
void metric_close(struct metric *m);
/* The last match in the file: a string to free(). NULL: there is none, or no file. */
char *metric_find(const struct metric *m, const char *path);
