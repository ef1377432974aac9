// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/sweep.h"
#include "util/text.h"

/* What stands at some place of a text. */
struct piece {
    enum { PIECE_PLAIN, PIECE_ESCAPED, PIECE_NAME } kind;
    const char *text; /* the name, if there is one */
    size_t name;
    size_t len; /* of the whole piece */
};

/* Of a name that is followed by so many closing braces; else 0. */
static size_t name_length(const char *text, const char *closing)
{
    size_t len = 0;
    while ((text[len] >= '0' && text[len] <= '9' && len) ||
           ((text[len] | 32) >= 'a' && (text[len] | 32) <= 'z') || text[len] == '_')
        len++;
    return strncmp(text + len, closing, strlen(closing)) == 0 ? len : 0;
}

static struct piece piece_at(const char *at)
{
    size_t len;
    if (at[0] == '$' && at[1] == '{')
        return (struct piece){PIECE_PLAIN, at, 0, 2};
    if (at[0] != '{')
        return (struct piece){PIECE_PLAIN, at, 0, 1 + strcspn(at + 1, "{$")};
    if (at[1] == '{' && (len = name_length(at + 2, "}}")))
        return (struct piece){PIECE_ESCAPED, at + 2, len, len + 4};
    if ((len = name_length(at + 1, "}")))
        return (struct piece){PIECE_NAME, at + 1, len, len + 2};
    return (struct piece){PIECE_PLAIN, at, 0, 1};
}

static void add_value(const struct buf *value, enum sweep_place place, struct buf *out)
{
    char *words[] = {value->data, NULL};
    switch (place) {
    case SWEEP_TEXT:
        buf_add(out, value->data, value->len);
        break;
    case SWEEP_SHELL:
        text_quote_argv(out, words);
        break;
    case SWEEP_FILE:
        for (const char *c = value->data; *c; c++)
            buf_add(out, *c == '/' ? "_" : c, 1);
        break;
    }
}

static void add_named(const struct sweep *s, int64_t task, enum sweep_place place,
                      const struct piece *piece, struct buf *out)
{
    struct buf value _cleanup_buf_ = {0};
    const struct sweep_param *p = sweep_find(s, piece->text, piece->name);
    if (!p) { /* it was checked: this is a store of another version, or one that was changed */
        buf_add(out, piece->text - 1, piece->len);
        return;
    }
    sweep_value(s, p, task, &value);
    buf_puts(&value, "");
    out->failed |= value.failed;
    if (!value.failed)
        add_value(&value, place, out);
}

static void add_braced(const char *name, size_t len, const char *open, const char *close,
                       struct buf *out)
{
    buf_puts(out, open);
    buf_add(out, name, len);
    buf_puts(out, close);
}

void sweep_fill(const struct sweep *s, int64_t task, enum sweep_place place, const char *text,
                struct buf *out)
{
    struct piece p;
    buf_puts(out, ""); /* of an empty text too there is one */
    for (const char *at = text; *at; at += p.len) {
        p = piece_at(at);
        if (p.kind == PIECE_PLAIN)
            buf_add(out, at, p.len);
        else if (p.kind == PIECE_ESCAPED)
            add_braced(p.text, p.name, "{", "}", out);
        else
            add_named(s, task, place, &p, out);
    }
}

void sweep_quote(const char *text, struct buf *out)
{
    struct piece p;
    for (const char *at = text; *at; at += p.len) {
        p = piece_at(at);
        if (p.kind == PIECE_ESCAPED) /* its inner braces are a name's, the outer ones are not */
            add_braced(p.text, p.name, "{{{", "}}}", out);
        else if (p.kind == PIECE_NAME)
            add_braced(p.text, p.name, "{{", "}}", out);
        else
            buf_add(out, at, p.len);
    }
}

/* --- who names what --------------------------------------------------------------------------- */

static int refuse_unknown(const struct sweep *s, const char *what, const struct piece *p,
                          struct err *e)
{
    const char *names[SWEEP_PARAMS_MAX + 1] = {NULL};
    char name[64];
    _cleanup_free_ char *word = strndup(p->text, p->name);
    if (!word)
        return err_nomem(e);
    for (size_t i = 0; i < s->nparams; i++)
        names[i] = s->params[i].name;
    const char *near = text_nearest(word, names);
    text_brief(word, name, sizeof name);
    return err_set(e, ERR_INVALID, "%s: {%s} is no parameter%s%s%s ({{%s}} is that text itself)",
                   what, name, near ? " (did you mean {" : "", near ? near : "", near ? "}?)" : "",
                   name);
}

int sweep_use(struct sweep *s, const char *what, const char *text, struct err *e)
{
    struct piece p;
    for (const char *at = text; *at; at += p.len) {
        p = piece_at(at);
        if (p.kind != PIECE_NAME)
            continue;
        struct sweep_param *param = sweep_find(s, p.text, p.name);
        if (!param)
            return refuse_unknown(s, what, &p, e);
        param->used = true;
    }
    return 0;
}

int sweep_all_used(const struct sweep *s, struct err *e)
{
    for (size_t i = 0; i < s->nparams && !s->by_env; i++)
        if (!s->params[i].used)
            return err_set(e, ERR_INVALID,
                           "parameter %.64s: the command has no {%.64s} (--env: it reads "
                           "MINI_SLURM_PARAM_%.64s)",
                           s->params[i].name, s->params[i].name, s->params[i].name);
    return 0;
}
