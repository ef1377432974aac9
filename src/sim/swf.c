// SPDX-License-Identifier: MIT
/* Whether there are estimates, and which jobs the machine has room for, is known only when the
 * whole file is read, as its size may stand anywhere, or nowhere. Until then jobs are candidates,
 * with the times that the file says. */
#include "sim/swf.h"

#include <string.h>
#include <strings.h>

#include "sim/decimal.h"
#include "sim/lines.h"
#include "util/cleanup.h"
#include "util/text.h"

/* In the specification they are counted from 1. */
enum field {
    NUMBER,
    SUBMIT,
    WAIT,
    RUN,
    ALLOCATED_PROCS,
    CPU_TIME,
    USED_MEM,
    REQUESTED_PROCS,
    ESTIMATE,
    REQUESTED_MEM,
    STATUS,
    USER,
    GROUP,
    EXECUTABLE,
    QUEUE,
    PARTITION,
    PRECEDING,
    THINK_TIME,
    FIELDS
};

struct reader {
    const struct swf_options *o;
    struct trace *t;
    struct swf_report *r;
    int64_t max_procs, max_nodes; /* as comments say; 0: they don't */
    int64_t total_us;             /* all jobs one after the other, for as long as they may take */
    int64_t last_us;              /* the last submit */
};

static void close_lines(struct lines **l)
{
    lines_close(*l);
}

/* --- text to numbers -------------------------------------------------------------------------- */

/* A carriage return is one too: so lines may end as they do on Windows. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static const char *skip_blanks(const char *s)
{
    while (is_blank(*s))
        s++;
    return s;
}

static bool ends_word(char c)
{
    return c == '\n' || is_blank(c);
}

static int refuse_field(const char *s, int field, enum decimal why, struct err *e)
{
    char word[64], shown[64];
    size_t len = 0;
    for (; !ends_word(s[len]) && len < sizeof word - 1; len++)
        word[len] = s[len];
    word[len] = '\0';
    text_brief(word, shown, sizeof shown);
    if (why == DECIMAL_RANGE)
        return err_set(e, ERR_INVALID, "field %d has more than %d digits: %s", field,
                       DECIMAL_DIGITS, shown);
    return err_set(e, ERR_INVALID, "field %d is no number: %s", field, shown);
}

static int parse_fields(const char *s, int64_t fields[FIELDS], struct err *e)
{
    for (int i = 0; i < FIELDS; i++) {
        s = skip_blanks(s);
        if (*s == '\n')
            return err_set(e, ERR_INVALID, "%d fields, but a job has %d", i, FIELDS);
        const char *end = s;
        enum decimal found = decimal_parse(&end, &fields[i]);
        if (found == DECIMAL_OK && !ends_word(*end))
            found = DECIMAL_NONE;
        if (found != DECIMAL_OK)
            return refuse_field(s, i + 1, found, e);
        s = end;
    }
    return 0;
}

static int64_t whole(int64_t field)
{
    return field / DECIMAL_ONE;
}

/* --- comments --------------------------------------------------------------------------------- */

/* The whole number of "Name: 100 (and words)"; 0 if this is something else. */
static int64_t header_value(const char *s, const char *name)
{
    if (strncasecmp(s, name, strlen(name)) != 0)
        return 0;
    s = skip_blanks(s + strlen(name));
    if (*s != ':')
        return 0;
    s = skip_blanks(s + 1);
    int64_t value;
    return decimal_parse(&s, &value) == DECIMAL_OK && ends_word(*s) ? whole(value) : 0;
}

static void raise_to(int64_t *n, int64_t other)
{
    if (*n < other)
        *n = other;
}

static void read_comment(struct reader *rd, const char *s)
{
    s = skip_blanks(s);
    raise_to(&rd->max_procs, header_value(s, "MaxProcs"));
    raise_to(&rd->max_nodes, header_value(s, "MaxNodes"));
}

/* --- jobs ------------------------------------------------------------------------------------- */

static int64_t known(int64_t field)
{
    return field < 0 ? -1 : whole(field);
}

static int64_t procs_of(const int64_t fields[FIELDS])
{
    int64_t requested = whole(fields[REQUESTED_PROCS]);
    return requested > 0 ? requested : whole(fields[ALLOCATED_PROCS]);
}

/* The largest number there is, for absurd ones: no machine has it. */
static int64_t mem_mb_of(int64_t procs, int64_t kb_each)
{
    int64_t kb;
    if (kb_each <= 0)
        return 0;
    if (__builtin_mul_overflow(procs, kb_each, &kb))
        return INT64_MAX;
    return kb / 1024 + (kb % 1024 != 0);
}

/* Which count this job is dropped under; NULL if it is a candidate. */
static size_t *reason_to_drop(const struct reader *rd, const int64_t fields[FIELDS])
{
    if (fields[RUN] <= 0)
        return &rd->r->no_run;
    if (procs_of(fields) <= 0)
        return &rd->r->no_procs;
    if (fields[SUBMIT] < 0)
        return &rd->r->no_submit;
    return NULL;
}

static struct trace_job job_of(const int64_t fields[FIELDS])
{
    int64_t procs = procs_of(fields);
    return (struct trace_job){
        .number = whole(fields[NUMBER]),
        .submit_us = fields[SUBMIT],
        .run_us = fields[RUN],
        .estimate_us = fields[ESTIMATE],
        .procs = procs,
        .mem_mb = mem_mb_of(procs, whole(fields[REQUESTED_MEM])),
        .user = known(fields[USER]),
        .group = known(fields[GROUP]),
        .executable = known(fields[EXECUTABLE]),
    };
}

/* No schedule ends later than the one that begins with the last submit and runs the jobs one by
 * one: as long as that is a time, whoever replays the trace need not look out for overflows. */
static int check_times(struct reader *rd, const struct trace_job *j, struct err *e)
{
    int64_t total_us = rd->total_us, last_us = rd->last_us, end_us;
    int64_t longest_us = j->estimate_us > j->run_us ? j->estimate_us : j->run_us;
    raise_to(&last_us, j->submit_us);
    if (__builtin_add_overflow(total_us, longest_us, &total_us) ||
        __builtin_add_overflow(last_us, total_us, &end_us))
        return err_set(e, ERR_INVALID, "with this job all times add up to over 292,000 years");
    rd->total_us = total_us;
    rd->last_us = last_us;
    return 0;
}

/* 0, also for a job that is dropped. */
static int take_job(struct reader *rd, const char *s, struct err *e)
{
    int64_t fields[FIELDS] = {0};
    if (parse_fields(s, fields, e) < 0)
        return -1;
    size_t *dropped = reason_to_drop(rd, fields);
    if (dropped) {
        ++*dropped;
        return 0;
    }
    struct trace_job j = job_of(fields);
    if (check_times(rd, &j, e) < 0)
        return -1;
    return trace_add(rd->t, &j) < 0 ? err_nomem(e) : 0;
}

static int refuse_line(struct reader *rd, const struct err *why, struct err *e)
{
    bool broken = why->code == ERR_INVALID;
    size_t at = rd->r->broken;
    rd->r->broken += broken;
    if (broken && at < SWF_BROKEN_NAMED)
        text_copy(rd->r->broken_lines[at], sizeof rd->r->broken_lines[at], why->text);
    return broken && rd->o->lenient ? 0 : err_set(e, why->code, "%s", why->text);
}

static int read_line(struct reader *rd, const char *name, const struct line *line, struct err *e)
{
    const char *s = skip_blanks(line->text);
    if (*s == ';')
        read_comment(rd, s + 1);
    if (*s == ';' || *s == '\n')
        return 0;
    rd->r->lines++;
    struct err why;
    if (take_job(rd, s, &why) == 0)
        return 0;
    err_wrap(&why, "%s:%zu", name, line->number);
    return refuse_line(rd, &why, e);
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool any_estimate(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->jobs[i].estimate_us > 0)
            return true;
    return false;
}

static void drop_without_estimate(struct reader *rd)
{
    struct trace *t = rd->t;
    if (rd->o->estimate_is_run && !any_estimate(t))
        return;
    size_t kept = 0;
    for (size_t i = 0; i < t->count; i++)
        if (t->jobs[i].estimate_us > 0)
            t->jobs[kept++] = t->jobs[i];
    rd->r->no_estimate = t->count - kept;
    t->count = kept;
}

static int64_t machine_of(const struct reader *rd)
{
    if (rd->o->procs > 0)
        return rd->o->procs;
    if (rd->max_procs > 0 || rd->max_nodes > 0)
        return rd->max_procs > 0 ? rd->max_procs : rd->max_nodes;
    int64_t largest = 0;
    for (size_t i = 0; i < rd->t->count; i++)
        raise_to(&largest, rd->t->jobs[i].procs);
    rd->r->procs_guessed = true;
    return largest;
}

static void drop_too_large(struct reader *rd)
{
    struct trace *t = rd->t;
    size_t kept = 0;
    for (size_t i = 0; i < t->count; i++)
        if (t->jobs[i].procs <= t->procs)
            t->jobs[kept++] = t->jobs[i];
    rd->r->too_large = t->count - kept;
    t->count = kept;
}

static void settle_times(const struct reader *rd, struct trace_job *j)
{
    if (j->estimate_us > 0 && j->run_us > j->estimate_us) {
        j->run_us = j->estimate_us;
        rd->r->killed++;
    }
    if (rd->o->estimate_is_run)
        j->estimate_us = j->run_us;
}

/* Makes the candidates the jobs of the trace. */
static int settle(struct reader *rd)
{
    struct trace *t = rd->t;
    drop_without_estimate(rd);
    t->procs = machine_of(rd);
    drop_too_large(rd);
    for (size_t i = 0; i < t->count; i++) {
        settle_times(rd, &t->jobs[i]);
        rd->r->unsorted += i > 0 && t->jobs[i].submit_us < t->jobs[i - 1].submit_us;
    }
    rd->r->taken = t->count;
    return trace_sort(t);
}

static size_t without(const char *name, size_t len, const char *ending)
{
    size_t end = strlen(ending);
    return len > end && memcmp(name + len - end, ending, end) == 0 ? len - end : len;
}

static char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t len = without(name, strlen(name), ".gz");
    return strndup(name, without(name, len, ".swf"));
}

static int read_all(struct reader *rd, const char *path, struct err *e)
{
    struct lines *lines _cleanup_(close_lines) = lines_open(path, e);
    if (!lines)
        return -1;
    struct line line;
    int more;
    while ((more = lines_next(lines, &line, e)) > 0)
        if (read_line(rd, lines_name(lines), &line, e) < 0)
            return -1;
    if (more < 0)
        return -1;
    rd->t->name = base_name(lines_name(lines));
    return rd->t->name && settle(rd) == 0 ? 0 : err_nomem(e);
}

int swf_read(const char *path, const struct swf_options *o, struct trace *t, struct swf_report *r,
             struct err *e)
{
    struct swf_report unread;
    struct reader rd = {.o = o, .t = t, .r = r ? r : &unread};
    *rd.r = (struct swf_report){0};
    if (read_all(&rd, path, e) == 0)
        return 0;
    trace_free(t);
    return -1;
}
