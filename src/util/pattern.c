// SPDX-License-Identifier: MIT
#include "util/pattern.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "util/text.h"

#define WIDTH_MAX 10

/* A % and what belongs to it. */
struct field {
    char kind;
    int width;
    size_t len;
};

static struct field read_field(const char *at)
{
    struct field f = {.len = 1};
    for (; at[f.len] >= '0' && at[f.len] <= '9'; f.len++)
        if (f.width <= WIDTH_MAX)
            f.width = f.width * 10 + (at[f.len] - '0');
    if (f.width > WIDTH_MAX)
        f.width = WIDTH_MAX;
    f.kind = at[f.len];
    f.len += f.kind != '\0';
    return f;
}

int pattern_check(const char *what, const char *pattern, struct err *e)
{
    char shown[256], field[16];
    for (const char *at = strchr(pattern, '%'); at; at = strchr(at, '%')) {
        struct field f = read_field(at);
        bool plain = f.len == 2; /* without a width */
        if (!f.kind || !strchr("jAaxuNt%", f.kind) || (f.kind == '%' && !plain)) {
            text_copy(field, f.len < sizeof field ? f.len + 1 : sizeof field, at);
            return err_set(e, ERR_INVALID, "%s %s: %s is none of %%j %%A %%a %%x %%u %%N %%t %%%%",
                           what, text_brief(pattern, shown, sizeof shown), field);
        }
        at += f.len;
    }
    return 0;
}

/* Appends all up to the next field, which *at is then at; false if there is none. */
static bool next_field(const char **at, struct field *f, struct buf *out)
{
    size_t len = strcspn(*at, "%");
    buf_add(out, *at, len);
    *at += len;
    if (!**at)
        return false;
    *f = read_field(*at);
    return true;
}

static void add_name(struct buf *out, const char *name, bool file)
{
    for (; *name; name++) {
        if (*name == '%')
            buf_puts(out, "%%");
        else
            buf_add(out, file && *name == '/' ? "_" : name, 1);
    }
}

void pattern_fill_names(const char *pattern, const char *name, const char *user, const char *host,
                        struct buf *out)
{
    struct field f;
    for (const char *at = pattern; next_field(&at, &f, out); at += f.len) {
        if (f.kind == 'x')
            add_name(out, name, true);
        else if (f.kind == 'u')
            add_name(out, user, true);
        else if (f.kind == 'N')
            add_name(out, host, true);
        else
            buf_add(out, at, f.len);
    }
}

void pattern_fill_numbers(const char *pattern, int64_t job, int64_t array, int64_t task,
                          struct buf *out)
{
    struct field f;
    for (const char *at = pattern; next_field(&at, &f, out); at += f.len) {
        int64_t number = f.kind == 'j'   ? job
                         : f.kind == 'A' ? (array ? array : job)
                         : f.kind == 'a' ? (array ? task : PATTERN_NO_TASK)
                                         : 0;
        if (f.kind == '%')
            buf_puts(out, "%");
        else
            buf_printf(out, "%0*" PRId64, f.width, number);
    }
}

void pattern_quote(const char *text, struct buf *out)
{
    add_name(out, text, false);
}
