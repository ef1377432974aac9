// SPDX-License-Identifier: MIT
#include "cli/cell.h"

#include <string.h>

#include "util/signals.h"
#include "util/times.h"

static void unknown(struct buf *out)
{
    buf_puts(out, "-");
}

void cell_text(struct buf *out, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text && *text)
        buf_puts(out, text);
    else
        unknown(out);
}

void cell_int_or(struct buf *out, const json_t *object, const char *key, const char *word)
{
    const json_t *n = json_object_get(object, key);
    if (json_is_integer(n))
        buf_printf(out, "%lld", (long long)json_integer_value(n));
    else
        buf_puts(out, word);
}

/* All of a long list would make the column as wide. */
static void add_tasks(struct buf *out, const json_t *job, const char *tasks)
{
    const size_t most = 32;
    const json_t *limit = json_object_get(job, "array_limit");
    size_t len = strlen(tasks);
    buf_puts(out, "_[");
    buf_add(out, tasks, len <= most ? len : most);
    buf_puts(out, len <= most ? "" : "...");
    if (json_is_integer(limit))
        buf_printf(out, "%%%lld", (long long)json_integer_value(limit));
    buf_puts(out, "]");
}

void cell_job(struct buf *out, const json_t *object, const char *key)
{
    const json_t *task = json_object_get(object, "task");
    const char *tasks = json_string_value(json_object_get(object, "tasks"));
    bool of_array = json_is_integer(json_object_get(object, "array_id"));
    cell_int(out, object, of_array ? "array_id" : key);
    if (tasks)
        add_tasks(out, object, tasks);
    else if (json_is_integer(task))
        buf_printf(out, "_%lld", (long long)json_integer_value(task));
}

void cell_int(struct buf *out, const json_t *object, const char *key)
{
    cell_int_or(out, object, key, "-");
}

void cell_seconds(struct buf *out, const json_t *object, const char *key)
{
    const json_t *n = json_object_get(object, key);
    if (json_is_number(n))
        buf_printf(out, "%.2fs", json_number_value(n));
    else
        unknown(out);
}

void cell_tenths(struct buf *out, const json_t *object, const char *key)
{
    const json_t *n = json_object_get(object, key);
    if (json_is_number(n))
        buf_printf(out, "%.1f", json_number_value(n));
    else
        unknown(out);
}

void cell_duration(struct buf *out, const json_t *object, const char *key)
{
    const json_t *n = json_object_get(object, key);
    char text[32];
    if (json_is_number(n))
        buf_puts(out, duration_format((int64_t)(json_number_value(n) * (double)US_PER_SEC), text,
                                      sizeof text));
    else
        unknown(out);
}

void cell_percent(struct buf *out, const json_t *object, const char *key)
{
    const json_t *n = json_object_get(object, key);
    if (json_is_number(n))
        buf_printf(out, "%.0f %%", 100 * json_number_value(n));
    else
        unknown(out);
}

void cell_time(struct buf *out, const json_t *object, const char *key)
{
    char text[32];
    double secs = json_number_value(json_object_get(object, key));
    buf_puts(out, time_format((int64_t)(secs * (double)US_PER_SEC), text, sizeof text));
}

void cell_return_code(struct buf *out, const json_t *object, const char *key)
{
    long long code = json_integer_value(json_object_get(object, key));
    cell_int(out, object, key);
    if (code < 0 && -code < 65) {
        const char *name = signal_name((int)-code);
        if (name)
            buf_printf(out, " (killed by SIG%s)", name);
        else
            buf_printf(out, " (killed by signal %lld)", -code);
    }
}
