// SPDX-License-Identifier: MIT
#include "cli/columns.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/number.h"
#include "util/text.h"

void table_init(struct table *t, const struct column *columns, size_t ncolumns)
{
    *t = (struct table){.columns = columns, .ncolumns = ncolumns};
    for (size_t i = 0; i < ncolumns; i++)
        t->width[i] = text_width(columns[i].header);
}

void table_free(struct table *t)
{
    buf_free(&t->cells);
    free(t->order);
}

int table_add(struct table *t, const json_t *row, struct err *e)
{
    for (size_t i = 0; i < t->ncolumns; i++) {
        size_t at = t->cells.len;
        t->columns[i].cell(&t->cells, row, t->columns[i].key);
        buf_add(&t->cells, "", 1);
        if (t->cells.failed)
            return err_nomem(e);
        size_t width = text_width(t->cells.data + at);
        if (width > t->width[i])
            t->width[i] = width;
    }
    t->rows++;
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    return text_compare(*(const char *const *)a, *(const char *const *)b);
}

int table_sort(struct table *t, struct err *e)
{
    const char *cell = t->cells.data;
    t->order = calloc(t->rows + 1, sizeof *t->order);
    if (!t->order)
        return err_nomem(e);
    for (size_t row = 0; row < t->rows; row++) {
        t->order[row] = cell;
        for (size_t i = 0; i < t->ncolumns; i++)
            cell += strlen(cell) + 1;
    }
    qsort(t->order, t->rows, sizeof *t->order, compare_rows);
    return 0;
}

static void pad(struct buf *line, size_t n)
{
    char *to = buf_reserve(line, n + 1);
    if (!to)
        return;
    memset(to, ' ', n);
    line->len += n;
    line->data[line->len] = '\0';
}

static void put_cell(const struct table *t, size_t column, const char *text, struct buf *line)
{
    size_t gap = t->width[column] - text_width(text);
    if (column)
        buf_puts(line, " ");
    if (t->columns[column].right)
        pad(line, gap);
    buf_puts(line, text);
    if (!t->columns[column].right && column + 1 < t->ncolumns)
        pad(line, gap);
}

static void print_line(struct buf *line, size_t cut, FILE *to)
{
    if (!line->failed)
        fwrite(line->data, 1, cut ? text_cut(line->data, cut) : line->len, to);
    fputc('\n', to);
    buf_free(line);
}

void table_print(const struct table *t, const char *indent, size_t cut, FILE *to)
{
    struct buf line _cleanup_buf_ = {0};
    buf_puts(&line, indent);
    for (size_t i = 0; i < t->ncolumns; i++)
        put_cell(t, i, t->columns[i].header, &line);
    print_line(&line, cut, to);

    const char *cell = t->cells.data;
    for (size_t row = 0; row < t->rows; row++) {
        if (t->order)
            cell = t->order[row];
        buf_puts(&line, indent);
        for (size_t i = 0; i < t->ncolumns; i++, cell += strlen(cell) + 1)
            put_cell(t, i, cell, &line);
        print_line(&line, cut, to);
    }
}

size_t terminal_columns(FILE *to)
{
    struct winsize size;
    int64_t columns;
    if (!isatty(fileno(to)))
        return 0;
    if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col)
        return size.ws_col;
    const char *told = getenv("COLUMNS");
    if (told && number_parse("COLUMNS", told, 1, 100000, &columns, NULL) == 0)
        return (size_t)columns;
    return 80;
}
