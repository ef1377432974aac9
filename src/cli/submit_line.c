// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/submit_file.h"
#include "util/cleanup.h"
#include "util/text.h"

/* What is being read. */
struct reader {
    const struct line_format *format;
    void *options; /* the line's copy */
    struct line *line;
    char **words;      /* the command's, borrowed from the JSON; to free() */
    struct buf quoted; /* a command of one word */
    struct buf copies; /* values that are no JSON strings, each followed by a NUL */
};

void submit_line_clear(struct line *l)
{
    frame_clear(&l->frame);
    buf_free(&l->assign);
    buf_free(&l->dependency);
    *l = (struct line){0};
}

static int refuse(const char *key, const json_t *value, const char *want, struct err *e)
{
    char shown[64];
    _cleanup_free_ char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    return err_set(e, ERR_INVALID, "%s %s: %s", key,
                   text_brief(text ? text : "?", shown, sizeof shown), want);
}

/* --- command and env -------------------------------------------------------------------------- */

/* One word alone is a line for the shell, and this one is to be a word. */
static int quote(struct reader *r, struct err *e)
{
    text_quote_argv(&r->quoted, r->words);
    if (r->quoted.failed)
        return err_nomem(e);
    r->words[0] = r->quoted.data;
    return 0;
}

static int read_words(struct reader *r, const json_t *value, struct err *e)
{
    size_t n = json_array_size(value), i;
    const json_t *word;
    r->words = calloc(n + 2, sizeof *r->words);
    if (!r->words)
        return err_nomem(e);
    if (json_is_string(value))
        r->words[0] = (char *)(uintptr_t)json_string_value(value);
    json_array_foreach (value, i, word) {
        r->words[i] = (char *)(uintptr_t)json_string_value(word);
        if (!r->words[i])
            return refuse("command", word, "not a word", e);
    }
    if (!r->words[0])
        return refuse("command", value, "neither a line for the shell nor a list of words", e);
    if (strcmp(r->words[0], "-") == 0)
        return err_set(e, ERR_INVALID, "command -: there is no standard input to read it from");
    return json_is_array(value) && n == 1 ? quote(r, e) : 0;
}

static int read_env(struct reader *r, const json_t *value, struct err *e)
{
    const char *name, *text;
    json_t *set;
    if (!json_is_object(value))
        return refuse("env", value, "not an object such as {\"EPOCHS\": \"5\"}", e);
    json_object_foreach ((json_t *)(uintptr_t)value, name, set) {
        text = json_string_value(set);
        if (!text || !*name || strchr(name, '='))
            return refuse("env", value, "not names with strings", e);
        buf_printf(&r->line->assign, "%s=%s", name, text);
        buf_add(&r->line->assign, "", 1);
    }
    return 0;
}

/* --- options ---------------------------------------------------------------------------------- */

/* What can be said of all lines only. */
static bool is_common(const char *key)
{
    static const char *const keys[] = {"file", "json", "parsable", "export", NULL};
    for (size_t i = 0; keys[i]; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

static int refuse_key(const struct reader *r, const char *key, struct err *e)
{
    const char *names[80] = {"command", "env", "cwd"};
    size_t n = 3;
    char shown[64];
    for (const struct option_def *o = r->format->command->options; o->name && n < 79; o++)
        if (!is_common(o->name))
            names[n++] = o->name;
    const char *near = text_nearest(key, names);
    text_brief(key, shown, sizeof shown);
    if (near)
        return err_set(e, ERR_INVALID, "unknown key \"%s\" (did you mean \"%s\"?)", shown, near);
    return err_set(e, ERR_INVALID, "unknown key \"%s\"", shown);
}

/* A copy that lives as long as the reader, of a word that ends with a blank or the text. */
static const char *keep(struct reader *r, const char *text, size_t len)
{
    size_t at = r->copies.len;
    buf_add(&r->copies, text, len);
    buf_add(&r->copies, "", 1);
    return r->copies.failed ? NULL : r->copies.data + at;
}

static int set_text(const struct reader *r, const struct option_def *o, const char *text,
                    struct err *e)
{
    if (!text)
        return err_nomem(e);
    int rc = options_set(o, r->options, text, e);
    if (rc < 0 && e->code == ERR_USAGE)
        e->code = ERR_INVALID;
    return rc;
}

static int set_clauses(struct reader *r, const struct option_def *o, const char *text,
                       struct err *e)
{
    for (const char *at = text + strspn(text, " "); *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        if (set_text(r, o, keep(r, at, len), e) < 0)
            return -1;
        at += len;
    }
    return 0;
}

static int set_list(struct reader *r, const struct option_def *o, const char *key,
                    const json_t *value, struct err *e)
{
    size_t i;
    const json_t *one;
    if (json_is_string(value))
        return set_clauses(r, o, json_string_value(value), e);
    if (!json_is_array(value))
        return refuse(key, value, "neither a text nor a list of texts", e);
    json_array_foreach (value, i, one) {
        if (!json_is_string(one))
            return refuse(key, value, "not a list of texts", e);
        if (set_clauses(r, o, json_string_value(one), e) < 0)
            return -1;
    }
    return 0;
}

static int set_flag(const struct reader *r, const struct option_def *o, const char *key,
                    const json_t *value, struct err *e)
{
    if (!json_is_boolean(value))
        return refuse(key, value, "neither true nor false", e);
    *(bool *)((char *)r->options + o->offset) = json_is_true(value);
    return 0;
}

/* A number is as good as its text. */
static int set_value(struct reader *r, const struct option_def *o, const char *key,
                     const json_t *value, struct err *e)
{
    char number[64];
    if (o->type == OPTION_TYPE_FLAG)
        return set_flag(r, o, key, value, e);
    if (o->type == OPTION_TYPE_CLAUSES)
        return set_list(r, o, key, value, e);
    if (json_is_string(value))
        return set_text(r, o, json_string_value(value), e);
    if (json_is_integer(value))
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        snprintf(number, sizeof number, "%.17g", json_real_value(value));
    else
        return refuse(key, value, "neither a text nor a number", e);
    return set_text(r, o, keep(r, number, strlen(number)), e);
}

/* "mem_per_cpu" is as good as "mem-per-cpu". */
static const struct option_def *find_option(const struct reader *r, const char *key)
{
    char name[64];
    if (!text_copy(name, sizeof name, strcmp(key, "cwd") == 0 ? "chdir" : key))
        return NULL;
    for (char *at = name; *at; at++)
        *at = *at == '_' ? '-' : *at;
    return is_common(name) ? NULL : options_find(r->format->command, name);
}

static int read_key(struct reader *r, const char *key, const json_t *value, struct err *e)
{
    if (json_is_null(value))
        return 0;
    if (strcmp(key, "command") == 0)
        return read_words(r, value, e);
    if (strcmp(key, "env") == 0)
        return read_env(r, value, e);
    const struct option_def *o = find_option(r, key);
    if (!o)
        return refuse_key(r, key, e);
    r->line->has_cwd |= strcmp(o->name, "chdir") == 0;
    return set_value(r, o, key, value, e);
}

/* ---------------------------------------------------------------------------------------------- */

static int read_keys(struct reader *r, json_t *json, struct err *e)
{
    const char *key;
    json_t *value;
    json_object_foreach (json, key, value)
        if (read_key(r, key, value, e) < 0)
            return -1;
    if (!r->words)
        return err_set(e, ERR_INVALID, "command is missing");
    return r->format->line(r->options, r->words, r->line, e);
}

static int add_assign(struct line *l, struct err *e)
{
    if (l->assign.failed)
        return err_nomem(e);
    if (!l->assign.len)
        return 0;
    return frame_add_blob(&l->frame, "assign", l->assign.data, l->assign.len) < 0 ? err_nomem(e)
                                                                                  : 0;
}

int submit_line_read(const struct line_format *format, const char *text, size_t len, struct line *l,
                     json_t **json, struct err *e)
{
    json_error_t why;
    *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
    if (!*json)
        return err_set(e, ERR_INVALID, len ? "no JSON: %s" : "it is empty", why.text);
    if (!json_is_object(*json))
        return err_set(e, ERR_INVALID, "no JSON object such as {\"command\": \"true\"}");
    _cleanup_free_ void *options = malloc(format->size);
    if (!options)
        return err_nomem(e);
    memcpy(options, format->options, format->size);
    struct reader r = {.format = format, .options = options, .line = l};
    /* Enough for all, whose addresses stay. */
    int rc = buf_reserve(&r.copies, 4 * len + 64) ? read_keys(&r, *json, e) : err_nomem(e);
    free(r.words);
    buf_free(&r.quoted);
    buf_free(&r.copies);
    return rc < 0 ? -1 : add_assign(l, e);
}
