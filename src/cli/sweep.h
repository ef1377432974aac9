/* SPDX-License-Identifier: MIT */
/* sweep.h - what can be said about a sweep that was handed in: `sweep show`, `sweep rerun`. */
#pragma once

#include "api/client.h"
#include "cli/verb.h"

struct sweep_verb {
    const char *name; /* as it is typed behind sweep */
    const struct command *command;
    int (*run)(int argc, char **argv, struct err *e); /* as struct verb's; argv[0] is the name */
};
extern const struct sweep_verb sweep_show, sweep_rerun;

/* "show" of the one sweep that the words name; ERR_INVALID if that is none. *id: its array. */
int sweep_ask(struct client *c, int argc, char **argv, struct frame *reply, int64_t *id,
              struct err *e);

/* A task as `sweep show` has it, or what is pending of them; an object with, beside what names it
 * (cell_job()), "state", "runtime", "parameters" and "metric". */
struct sweep_row {
    json_t *task;
    /* Its place: by number, or text; what has neither comes last. */
    enum { SWEEP_BY_NUMBER, SWEEP_BY_TEXT, SWEEP_LAST } kind;
    double number;
    const char *text; /* borrowed from the task */
    bool reverse;
};

struct metric;
struct sweep_rows {
    struct sweep_row *list;
    size_t count, cap;
    const json_t *given;         /* show's "sweep"; borrowed */
    const struct metric *metric; /* NULL: none is looked for */
    bool unfold;                 /* pending tasks one by one */
};

/* Fetches all tasks of that array into the empty *rows, and looks for their metrics. Free in any
 * case. */
int sweep_list(struct client *c, int64_t array, struct sweep_rows *rows, struct err *e);
void sweep_rows_free(struct sweep_rows *rows);
/* By "metric", "time", "task" or a parameter. ERR_USAGE if it is none of them. */
int sweep_sort(struct sweep_rows *rows, const char *by, bool reverse, struct err *e);

/* The rows on standard output. */
int sweep_print_table(const struct sweep_rows *rows, struct err *e);
void sweep_print_csv(const struct sweep_rows *rows);
/* And as JSON (docs/json.md); best: the number of the best task, -1 if none is. NULL: no memory. */
json_t *sweep_json(const struct sweep_rows *rows, int64_t id, int64_t best);
