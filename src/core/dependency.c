// SPDX-License-Identifier: MIT
#include "core/dependency.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/array.h"
#include "util/buf.h"
#include "util/cleanup.h"
#include "util/number.h"
#include "util/text.h"

#define MINUTE_US   INT64_C(60000000)
#define MINUTES_MAX (INT64_C(100) * 366 * 24 * 60)
#define TARGET_MAX  1024 /* bytes of one */

static const char *const words[CLAUSE_TYPES] = {
    [CLAUSE_OK] = "afterok",  [CLAUSE_ANY] = "afterany",   [CLAUSE_NOTOK] = "afternotok",
    [CLAUSE_START] = "after", [CLAUSE_CORR] = "aftercorr", [CLAUSE_SINGLETON] = "singleton",
};

const char *clause_word(enum clause_type t)
{
    return words[t];
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reader {
    const char *text, *at;
    const struct dependency_names *names;
    struct dependency *d;
    size_t cap;
    char separator; /* between items: ',' or '?'; 0: none was seen */
};

__attribute__((format(printf, 3, 4))) static int refuse(const struct reader *r, struct err *e,
                                                        const char *fmt, ...)
{
    char shown[64], why[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why, sizeof why, fmt, ap);
    va_end(ap);
    return err_set(e, ERR_INVALID, "dependency %s: %s", text_brief(r->text, shown, sizeof shown),
                   why);
}

static struct clause *add(struct reader *r, struct err *e)
{
    struct dependency *d = r->d;
    if (d->count == DEPENDENCY_MAX) {
        refuse(r, e, "more than %d jobs", DEPENDENCY_MAX);
        return NULL;
    }
    struct clause *grown = array_room(d->clauses, &r->cap, d->count, 1, sizeof *grown);
    if (!grown) {
        err_nomem(e);
        return NULL;
    }
    d->clauses = grown;
    d->clauses[d->count] = (struct clause){.task = -1};
    return &d->clauses[d->count++];
}

/* Takes what stands up to one of `ends`, or the end of the text. */
static int take(struct reader *r, const char *ends, char *into, struct err *e)
{
    size_t len = strcspn(r->at, ends);
    into[0] = '\0';
    if (len >= TARGET_MAX)
        return refuse(r, e, "a word of %zu bytes in it", len);
    memcpy(into, r->at, len);
    into[len] = '\0';
    r->at += len;
    return 0;
}

static bool is_number(const char *s)
{
    return *s && !s[strspn(s, "0123456789")];
}

/* "15" or "15_3". */
static int read_id(const struct reader *r, char *target, struct clause *c, struct err *e)
{
    char shown[64];
    char *task = strchr(target, '_');
    if (task)
        *task++ = '\0';
    if (number_parse("job", target, 1, INT64_MAX, &c->job, NULL) < 0 ||
        (task && number_parse("task", task, 0, INT64_MAX, &c->task, NULL) < 0)) {
        if (task)
            task[-1] = '_';
        return refuse(r, e, "%s is not a job's id", text_brief(target, shown, sizeof shown));
    }
    return 0;
}

static bool looks_like_id(const char *target)
{
    char first[TARGET_MAX];
    size_t len = strcspn(target, "_");
    memcpy(first, target, len);
    first[len] = '\0';
    return is_number(first) && (!target[len] || is_number(target + len + 1));
}

static int read_delay(struct reader *r, struct clause *c, struct err *e)
{
    char minutes[TARGET_MAX], shown[64];
    int64_t n = 0;
    if (*r->at != '+')
        return 0;
    r->at++;
    if (take(r, ":,?", minutes, e) < 0)
        return -1;
    text_brief(minutes, shown, sizeof shown);
    if (c->type != CLAUSE_START)
        return refuse(r, e, "+%s: only after takes minutes (after:ID+MINUTES)", shown);
    if (number_parse("minutes", minutes, 0, MINUTES_MAX, &n, NULL) < 0)
        return refuse(r, e, "+%s: not a number of minutes", shown);
    c->delay_us = n * MINUTE_US;
    return 0;
}

static int read_target(struct reader *r, enum clause_type type, struct err *e)
{
    char target[TARGET_MAX];
    if (take(r, ":,?+", target, e) < 0)
        return -1;
    if (!*target)
        return refuse(r, e, "%s: a job's id is missing (%s:ID)", words[type], words[type]);
    struct clause *c = add(r, e);
    if (!c)
        return -1;
    c->type = type;
    if (!r->names || looks_like_id(target)) {
        if (read_id(r, target, c, e) < 0)
            return -1;
    } else if (r->names->find(r->names->ctx, target, strlen(target), &c->job, e) < 0) {
        return -1;
    }
    return read_delay(r, c, e);
}

static int read_type(struct reader *r, enum clause_type *type, struct err *e)
{
    char word[TARGET_MAX], shown[64];
    if (take(r, ":,?", word, e) < 0)
        return -1;
    for (int t = 0; t < CLAUSE_TYPES; t++)
        if (strcasecmp(word, words[t]) == 0) {
            *type = (enum clause_type)t;
            return 0;
        }
    return refuse(r, e,
                  "%s is none of afterok, afterany, afternotok, after, aftercorr and singleton",
                  text_brief(word, shown, sizeof shown));
}

static int read_item(struct reader *r, struct err *e)
{
    enum clause_type type;
    if (read_type(r, &type, e) < 0)
        return -1;
    if (type == CLAUSE_SINGLETON) {
        struct clause *c = *r->at == ':' ? NULL : add(r, e);
        if (*r->at == ':')
            return refuse(r, e, "singleton names no jobs");
        if (!c)
            return -1;
        c->type = type;
        return 0;
    }
    if (*r->at != ':')
        return refuse(r, e, "%s: a job's id is missing (%s:ID)", words[type], words[type]);
    while (*r->at == ':') {
        r->at++;
        if (read_target(r, type, e) < 0)
            return -1;
    }
    return 0;
}

static int read_items(struct reader *r, struct err *e)
{
    for (;;) {
        if (read_item(r, e) < 0)
            return -1;
        if (!*r->at)
            break;
        if (r->separator && *r->at != r->separator)
            return refuse(r, e, "\",\" (and) and \"?\" (or) can't be mixed");
        r->separator = *r->at++;
    }
    r->d->any = r->separator == '?';
    return 0;
}

int dependency_parse(const char *text, const struct dependency_names *names, struct dependency *d,
                     struct err *e)
{
    struct reader r = {.text = text, .at = text, .names = names, .d = d};
    d->clauses = NULL;
    d->count = 0;
    if (read_items(&r, e) == 0)
        return 0;
    dependency_free(d);
    return -1;
}

/* ---------------------------------------------------------------------------------------------- */

/* Whether c goes on with the item that the clause before it stands in. */
static bool same_item(const struct dependency *d, size_t i)
{
    return i > 0 && !d->any && d->clauses[i].type != CLAUSE_SINGLETON &&
           d->clauses[i].type == d->clauses[i - 1].type;
}

char *dependency_format(const struct dependency *d)
{
    _cleanup_buf_ struct buf out = {0};
    buf_puts(&out, "");
    for (size_t i = 0; i < d->count; i++) {
        const struct clause *c = &d->clauses[i];
        if (!same_item(d, i))
            buf_printf(&out, "%s%s", i ? d->any ? "?" : "," : "", words[c->type]);
        if (c->type != CLAUSE_SINGLETON)
            buf_printf(&out, ":%" PRId64, c->job);
        if (c->task >= 0)
            buf_printf(&out, "_%" PRId64, c->task);
        if (c->delay_us)
            buf_printf(&out, "+%" PRId64, c->delay_us / MINUTE_US);
    }
    return buf_steal(&out, NULL);
}

int dependency_copy(struct dependency *to, const struct dependency *from)
{
    *to = *from;
    to->clauses = NULL;
    to->count = 0;
    if (!from->count)
        return 0;
    to->clauses = malloc(from->count * sizeof *to->clauses);
    if (!to->clauses)
        return -1;
    memcpy(to->clauses, from->clauses, from->count * sizeof *to->clauses);
    to->count = from->count;
    return 0;
}

void dependency_free(struct dependency *d)
{
    free(d->clauses);
    d->clauses = NULL;
    d->count = 0;
}

/* --- how a clause stands ---------------------------------------------------------------------- */

void clause_start(struct clause *c, int64_t start_us)
{
    if (c->type != CLAUSE_START)
        return;
    c->state = CLAUSE_HOLDS;
    c->from_us = c->delay_us ? start_us + c->delay_us : 0;
}

void clause_unstart(struct clause *c)
{
    if (c->type == CLAUSE_START)
        c->state = CLAUSE_WAITS;
}

void clause_end(struct clause *c, enum job_state outcome, int64_t start_us, int64_t end_us)
{
    bool well = outcome == JOB_COMPLETED;
    c->ended = true;
    c->outcome = outcome;
    switch (c->type) {
    case CLAUSE_OK:
    case CLAUSE_CORR:
        c->state = well ? CLAUSE_HOLDS : CLAUSE_NEVER;
        break;
    case CLAUSE_NOTOK:
        c->state = well ? CLAUSE_NEVER : CLAUSE_HOLDS;
        break;
    case CLAUSE_ANY:
        c->state = CLAUSE_HOLDS;
        break;
    case CLAUSE_START:
        clause_start(c, start_us ? start_us : end_us);
        break;
    case CLAUSE_SINGLETON:
    case CLAUSE_TYPES:
        break;
    }
}

char *clause_never_words(const struct clause *c, char *buf, size_t len)
{
    char task[32] = "";
    if (c->task >= 0)
        snprintf(task, sizeof task, "_%" PRId64, c->task);
    snprintf(buf, len, "its dependency can never be satisfied: job %" PRId64 "%s %s", c->job, task,
             c->ended ? job_state_name(c->outcome) : "is not known any more");
    return buf;
}
