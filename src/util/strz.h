/* SPDX-License-Identifier: MIT */
/* strz.h - a list of byte strings as one blob: each string followed by a NUL.
 *
 * The form in which argument vectors and environments are stored and sent. The strings may hold any
 * byte but NUL. An empty list has len 0. */
#pragma once

#include <stddef.h>

struct strz {
    char *data;
    size_t len;
};

/* Each string of the list in turn. */
#define strz_each(s, list)                                                                         \
    for (const char *s = (list)->data, *s##_end = s ? s + (list)->len : s; s < s##_end;            \
         s += strlen(s) + 1)

size_t strz_count(const struct strz *list);
/* A NULL-terminated vector that points into list->data: free the vector only. NULL if no memory. */
char **strz_vector(const struct strz *list);
/* Copies vec (NULL-terminated) into a new blob; 0, or -1 if no memory. */
int strz_from(char *const vec[], struct strz *out);
/* Whether the blob is well-formed: empty, or ends with a NUL. */
int strz_valid(const void *data, size_t len);
