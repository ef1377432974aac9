// SPDX-License-Identifier: MIT
#include <jansson.h>
#include <stdlib.h>

#include "cli/cell.h"
#include "cli/columns.h"
#include "tap.h"
#include "util/cleanup.h"

static const struct column columns[] = {
    {"ID", true, "id", cell_int},
    {"NAME", false, "name", cell_text},
    {"RUN", true, "run", cell_tenths},
    {"LAST", false, "last", cell_text},
};

static void add(struct table *t, const char *json)
{
    struct err e;
    json_t *row = json_loads(json, 0, NULL);
    if (!row || table_add(t, row, &e) < 0)
        ok(false, "%s is a row", json);
    json_decref(row);
}

/* The whole table as text, to free(). */
static char *print(const struct table *t, const char *indent, size_t cut)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);
    table_print(t, indent, cut, to);
    fclose(to);
    return text;
}

static void tables(void)
{
    struct table t _cleanup_table_;
    table_init(&t, columns, sizeof columns / sizeof *columns);
    _cleanup_free_ char *empty = print(&t, "", 0);
    is_str(empty, "ID NAME RUN LAST\n", "a header stands alone");

    add(&t, "{\"id\": 1, \"name\": \"größe\", \"run\": 0.25, \"last\": \"a b\"}");
    add(&t, "{\"id\": 12345, \"name\": \"漢字\", \"run\": 100, \"last\": \"\"}");
    add(&t, "{\"id\": null, \"run\": null}");
    _cleanup_free_ char *whole = print(&t, "", 0);
    is_str(whole,
           "   ID NAME    RUN LAST\n"
           "    1 größe   0.2 a b\n"
           "12345 漢字  100.0 -\n"
           "    - -         - -\n",
           "columns are as wide as their widest cell on the screen; nothing trails");
    _cleanup_free_ char *cut = print(&t, "  ", 11);
    is_str(cut,
           "     ID NAM\n"
           "      1 grö\n"
           "  12345 漢\n"
           "      - -  \n",
           "cut to a terminal: between characters, indented");
}

static const char *cell(struct buf *b, void (*show)(struct buf *, const json_t *, const char *),
                        const char *json)
{
    json_t *object = json_loads(json, 0, NULL);
    buf_free(b);
    show(b, object, "x");
    json_decref(object);
    return b->data;
}

static void cells(void)
{
    struct buf b _cleanup_buf_ = {0};
    setenv("TZ", "UTC0", 1);
    is_str(cell(&b, cell_seconds, "{\"x\": 38.839}"), "38.84s", "seconds");
    is_str(cell(&b, cell_seconds, "{\"x\": 60}"), "60.00s", "whole ones too");
    is_str(cell(&b, cell_duration, "{\"x\": 600}"), "00:10:00", "a limit");
    is_str(cell(&b, cell_duration, "{\"x\": null}"), "-", "none");
    is_str(cell(&b, cell_time, "{\"x\": 1764000000.999}"), "2025-11-24 16:00:00", "a time");
    is_str(cell(&b, cell_return_code, "{\"x\": 0}"), "0", "a job that did well");
    is_str(cell(&b, cell_return_code, "{\"x\": 3}"), "3", "and one that did not");
    is_str(cell(&b, cell_return_code, "{\"x\": -9}"), "-9 (killed by SIGKILL)", "a signal");
    is_str(cell(&b, cell_return_code, "{\"x\": -40}"), "-40 (killed by signal 40)",
           "a signal without a name");
    is_str(cell(&b, cell_return_code, "{\"x\": null}"), "-", "a job that has not ended");
    is_str(cell(&b, cell_time, "{}"), "-", "no time");
    is_str(cell(&b, cell_seconds, "{}"), "-", "no seconds");
    is_str(cell(&b, cell_text, "{\"x\": \"\"}"), "-", "no text");
}

int main(void)
{
    tables();
    cells();
    return done_testing();
}
