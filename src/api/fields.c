// SPDX-License-Identifier: MIT
#include "api/fields.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/text.h"
#include "util/times.h"

/* Seconds. */
#define DURATION_MAX (100.0 * 366 * 24 * 3600)
#define TIME_MAX     1e11

char *field_brief(const json_t *value, char *buf, size_t len)
{
    _cleanup_free_ char *text = json_dumps(value, FRAME_JSON | JSON_ENCODE_ANY);
    return text_brief(text ? text : "?", buf, len);
}

const json_t *field_get(const struct frame *f, const char *key)
{
    const json_t *value = json_object_get(f->head, key);
    return json_is_null(value) ? NULL : value;
}

int field_int(const struct frame *f, const char *key, int64_t min, int64_t max, int64_t *out,
              struct err *e)
{
    const json_t *value = field_get(f, key);
    char shown[64];
    if (!value)
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < min ||
        json_integer_value(value) > max)
        return err_set(e, ERR_INVALID, "%s %s: not a whole number from %" PRId64 " to %" PRId64,
                       key, field_brief(value, shown, sizeof shown), min, max);
    *out = json_integer_value(value);
    return 0;
}

int field_bool(const struct frame *f, const char *key, bool *out, struct err *e)
{
    const json_t *value = field_get(f, key);
    char shown[64];
    if (!value)
        return 0;
    if (!json_is_boolean(value))
        return err_set(e, ERR_INVALID, "%s %s: neither true nor false", key,
                       field_brief(value, shown, sizeof shown));
    *out = json_is_true(value);
    return 0;
}

static int get_us(const struct frame *f, const char *key, double max, const char *want,
                  int64_t *out_us, struct err *e)
{
    const json_t *value = field_get(f, key);
    char shown[64];
    if (!value)
        return 0;
    double seconds = json_number_value(value); /* 0 if it is no number */
    int64_t us = seconds > 0 && seconds <= max ? (int64_t)(seconds * US_PER_SEC + 0.5) : 0;
    if (us <= 0)
        return err_set(e, ERR_INVALID, "%s %s: %s", key, field_brief(value, shown, sizeof shown),
                       want);
    *out_us = us;
    return 0;
}

int field_seconds_us(const struct frame *f, const char *key, int64_t *out_us, struct err *e)
{
    return get_us(f, key, DURATION_MAX,
                  "not a number of seconds above zero (and at most 100 years)", out_us, e);
}

int field_time_us(const struct frame *f, const char *key, int64_t *out_us, struct err *e)
{
    return get_us(f, key, TIME_MAX, "not a time in seconds since 1970", out_us, e);
}

static bool is_zero(const struct frame *f, const char *key)
{
    const json_t *value = field_get(f, key);
    return json_is_number(value) && json_number_value(value) == 0;
}

int field_seconds_or_none_us(const struct frame *f, const char *key, int64_t *out_us, struct err *e)
{
    if (!is_zero(f, key))
        return field_seconds_us(f, key, out_us, e);
    *out_us = 0;
    return 0;
}

int field_time_or_none_us(const struct frame *f, const char *key, int64_t *out_us, struct err *e)
{
    if (!is_zero(f, key))
        return field_time_us(f, key, out_us, e);
    *out_us = 0;
    return 0;
}

int field_array(const struct frame *f, const char *key, const json_t **out, struct err *e)
{
    const json_t *value = field_get(f, key);
    char shown[64];
    *out = value;
    if (value && !json_is_array(value))
        return err_set(e, ERR_INVALID, "%s %s: not a list", key,
                       field_brief(value, shown, sizeof shown));
    return 0;
}

int field_states(const struct frame *f, const char *key, unsigned *out, struct err *e)
{
    const json_t *names;
    size_t i;
    json_t *name;
    char shown[64];
    if (field_array(f, key, &names, e) < 0)
        return -1;
    json_array_foreach (names, i, name) {
        int state = json_is_string(name) ? job_state_parse(json_string_value(name)) : -1;
        if (state < 0)
            return err_set(e, ERR_INVALID, "%s %s: no state of a job (e.g. PENDING, RUNNING)", key,
                           field_brief(name, shown, sizeof shown));
        *out |= 1u << state;
    }
    if (names && !*out)
        return err_set(e, ERR_INVALID, "%s: an empty list (leave it out for all)", key);
    return 0;
}

int field_string(const struct frame *f, const char *name, size_t max, char **out, struct err *e)
{
    const struct frame_blob *b = frame_blob(f, name);
    if (!b)
        return 0;
    if (b->len == 0)
        return err_set(e, ERR_INVALID, "%s is empty", name);
    if (b->len > max)
        return err_set(e, ERR_INVALID, "%s has %zu bytes: at most %zu are possible", name, b->len,
                       max);
    if (memchr(b->data, '\0', b->len))
        return err_set(e, ERR_INVALID, "%s holds a NUL byte: no string can", name);
    *out = strdup(b->data);
    return *out ? 0 : err_nomem(e);
}

int field_path(const struct frame *f, const char *name, char **out, struct err *e)
{
    char shown[256];
    if (field_string(f, name, PATH_MAX - 1, out, e) < 0)
        return -1;
    if (*out && (*out)[0] != '/')
        return err_set(e, ERR_INVALID, "%s %s: not an absolute path", name,
                       text_brief(*out, shown, sizeof shown));
    return 0;
}

int field_strz(const struct frame *f, const char *name, struct strz *out, struct err *e)
{
    const struct frame_blob *b = frame_blob(f, name);
    if (!b)
        return 0;
    if (!strz_valid(b->data, b->len))
        return err_set(e, ERR_INVALID, "%s does not end with a NUL byte", name);
    out->data = malloc(b->len + 1);
    if (!out->data)
        return err_nomem(e);
    memcpy(out->data, b->data, b->len + 1);
    out->len = b->len;
    return 0;
}
