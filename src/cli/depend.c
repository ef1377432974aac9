// SPDX-License-Identifier: MIT
#include "cli/depend.h"

#include <string.h>

#include "cli/ask.h"
#include "util/text.h"

static const struct {
    const char *ours, *slurms;
} words[] = {
    {"ok", "afterok"},
    {"any", "afterany"},
    {"notok", "afternotok"},
    {"start", "after"},
};

static int refuse(const char *clause, const char *why, struct err *e)
{
    char shown[64];
    return err_set(e, ERR_USAGE, "--after %s: %s", text_brief(clause, shown, sizeof shown), why);
}

static const char *slurms_word(const char *clause, size_t len)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].ours) == len && strncmp(words[i].ours, clause, len) == 0)
            return words[i].slurms;
    return NULL;
}

/* "ok:12,13" becomes "afterok:12:13". */
static int add_clause(const char *clause, struct buf *out, struct err *e)
{
    size_t len = strcspn(clause, ":");
    const char *slurms = slurms_word(clause, len);
    if (!slurms)
        return refuse(clause, "not ok, any, notok or start, and the jobs (ok:12,13 any:14)", e);
    if (!clause[len])
        return refuse(clause, "which jobs? (e.g. ok:12,13)", e);
    for (const char *at = clause + len + 1;; at++) {
        size_t target = strcspn(at, ",");
        if (!target || strcspn(at, ":?,") != target)
            return refuse(clause, "jobs are listed as ID,ID", e);
        buf_puts(out, at == clause + len + 1 ? slurms : "");
        buf_puts(out, ":");
        buf_add(out, at, target);
        at += target;
        if (!*at)
            return 0;
    }
}

static int add_clauses(const struct option_clauses *after, struct buf *out, struct err *e)
{
    for (size_t i = 0; i < after->count; i++) {
        buf_puts(out, i ? "," : "");
        if (add_clause(after->list[i], out, e) < 0)
            return -1;
    }
    return 0;
}

int depend_text(const struct depend_options *o, struct buf *out, struct err *e)
{
    char shown[64];
    if (o->after.count && o->dependency)
        return err_set(e, ERR_USAGE, "--after and --dependency: only one of them can be given");
    buf_puts(out, o->dependency ? o->dependency : "");
    if (add_clauses(&o->after, out, e) < 0)
        return -1;
    if (out->failed)
        return err_nomem(e);
    if (!text_is_utf8(out->data, out->len))
        return err_set(e, ERR_USAGE, "--dependency %s: not a list such as afterok:12,afterany:14",
                       text_brief(out->data, shown, sizeof shown));
    if (o->dependency && !out->len)
        return err_set(e, ERR_USAGE, "--dependency '': no job is named (e.g. afterok:12)");
    return 0;
}

static int add_kill(const char *answer, struct frame *request, struct err *e)
{
    char shown[64];
    bool no = strcmp(answer, "no") == 0;
    if (!no && strcmp(answer, "yes") != 0)
        return err_set(e, ERR_USAGE, "--kill-on-invalid-dep %s: yes or no",
                       text_brief(answer, shown, sizeof shown));
    return no ? ask_set(request, "kill_on_invalid_dep", json_false(), e) : 0;
}

int depend_add(const struct depend_options *o, struct frame *request, struct err *e)
{
    return o->kill_on_invalid ? add_kill(o->kill_on_invalid, request, e) : 0;
}
