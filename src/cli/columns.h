/* SPDX-License-Identifier: MIT */
/* columns.h - rows of JSON objects as aligned columns.
 *
 * Columns are as wide as their widest cell. On a terminal a line is cut to its width; what is piped
 * is never cut. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "util/buf.h"
#include "util/err.h"

struct column {
    const char *header;
    bool right; /* numbers stand to the right */
    const char *key;
    void (*cell)(struct buf *out, const json_t *row, const char *key); /* one printable line */
};

#define COLUMNS_MAX 40

struct table {
    const struct column *columns;
    size_t ncolumns;
    size_t width[COLUMNS_MAX];
    size_t rows;
    struct buf cells;   /* NUL-terminated, row by row */
    const char **order; /* where the rows begin, as they are printed; NULL: as they were added */
};

void table_init(struct table *t, const struct column *columns, size_t ncolumns);
void table_free(struct table *t);
/* Keeps the row's text, not the row. */
int table_add(struct table *t, const json_t *row, struct err *e);
/* By the first column, in which numbers are compared as such. Rows can't be added any more. */
int table_sort(struct table *t, struct err *e);
/* The header and all rows, each behind the indent. cut: columns of the terminal, 0 for no limit. */
void table_print(const struct table *t, const char *indent, size_t cut, FILE *to);

/* How many columns a line on this stream may take; 0: any number, it is no terminal. */
size_t terminal_columns(FILE *to);

#define _cleanup_table_ __attribute__((cleanup(table_free)))
