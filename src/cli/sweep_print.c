// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cli/cell.h"
#include "cli/columns.h"
#include "cli/metric.h"
#include "cli/sweep.h"

#define OTHERS 4 /* columns beside the parameters */

static void cell_parameter(struct buf *out, const json_t *row, const char *key)
{
    cell_text(out, json_object_get(row, "parameters"), key);
}

static void cell_metric(struct buf *out, const json_t *row, const char *key)
{
    const json_t *value = json_object_get(row, key);
    if (json_is_number(value))
        buf_printf(out, "%.10g", json_number_value(value));
    else
        cell_text(out, row, key);
}

/* Its metric stands last, if one is looked for. How many columns there are. */
static size_t make_columns(const struct sweep_rows *rows, struct column *columns)
{
    const char *name;
    json_t *values;
    size_t n = 0;
    columns[n++] = (struct column){"ID", true, "id", cell_job};
    json_object_foreach (json_object_get(rows->given, "parameters"), name, values)
        if (n < COLUMNS_MAX - OTHERS)
            columns[n++] = (struct column){name, false, name, cell_parameter};
    columns[n++] = (struct column){"STAT", false, "state", cell_text};
    columns[n++] = (struct column){"RUN(s)", true, "runtime", cell_tenths};
    if (rows->metric)
        columns[n++] = (struct column){rows->metric->name, false, "metric", cell_metric};
    return n;
}

int sweep_print_table(const struct sweep_rows *rows, struct err *e)
{
    struct column columns[COLUMNS_MAX];
    struct table t _cleanup_table_;
    table_init(&t, columns, make_columns(rows, columns));
    for (size_t i = 0; i < rows->count; i++)
        if (table_add(&t, rows->list[i].task, e) < 0)
            return -1;
    table_print(&t, "", terminal_columns(stdout), stdout);
    return 0;
}

/* --- for other programs ----------------------------------------------------------------------- */

static void print_field(const char *text, bool first)
{
    if (!first)
        putchar(',');
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static void print_value(const json_t *value, bool first)
{
    char text[40] = "";
    if (json_is_integer(value))
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(text, sizeof text, "%.15g", json_real_value(value));
    print_field(json_is_string(value) ? json_string_value(value) : text, first);
}

/* What is not known is empty. */
void sweep_print_csv(const struct sweep_rows *rows)
{
    const char *name;
    json_t *values, *given = json_object_get(rows->given, "parameters");
    fputs("id,task", stdout);
    json_object_foreach (given, name, values)
        print_field(name, false);
    printf(",state,runtime,%s\n", rows->metric ? rows->metric->name : "metric");
    for (size_t i = 0; i < rows->count; i++) {
        const json_t *task = rows->list[i].task;
        const json_t *number = json_object_get(task, "task");
        print_value(json_object_get(task, "id"), true);
        print_value(json_is_integer(number) ? number : json_object_get(task, "tasks"), false);
        json_object_foreach (given, name, values)
            print_value(json_object_get(json_object_get(task, "parameters"), name), false);
        print_value(json_object_get(task, "state"), false);
        print_value(json_object_get(task, "runtime"), false);
        print_value(json_object_get(task, "metric"), false);
        putchar('\n');
    }
}

json_t *sweep_json(const struct sweep_rows *rows, int64_t id, int64_t best)
{
    json_t *tasks = json_array();
    for (size_t i = 0; i < rows->count; i++)
        if (json_array_append(tasks, rows->list[i].task) < 0) {
            json_decref(tasks);
            return NULL;
        }
    return json_pack("{s:I, s:O, s:s?, s:o, s:o}", "job", (json_int_t)id, "sweep", rows->given,
                     "metric", rows->metric ? rows->metric->name : NULL, "best",
                     best < 0 ? json_null() : json_integer(best), "tasks", tasks);
}
