/* SPDX-License-Identifier: MIT */
/* fixture.h - one attempt in a directory of its own, run by the real shepherd.
 *
 *     struct attempt a;
 *     attempt_new(&a, "exit 3");
 *     attempt_run(&a);
 *     is_int(a.status.exit_code, 3, "...");
 *     attempt_end(&a);
 *
 * Each of these ends the test program if it can't do its part. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt/control.h"
#include "attempt/spec.h"
#include "attempt/status.h"

struct attempt {
    char dir[64];
    struct attempt_spec spec;
    const char *crash_at; /* MINI_SLURM_CRASH_AT of the shepherd */
    const char *words;    /* what the scheduler says before it goes; NULL: SPEC_AND_RUN */
    bool stay;            /* the scheduler does not go: the shepherd waits for the next attempt */
    int channel, spec_fd; /* to it, then */
    pid_t shepherd;
    int exit_status;              /* of the shepherd, as of wait(2) */
    bool told;                    /* there was a status file */
    struct attempt_status status; /* which is this */
};

#define SPEC_AND_RUN ((const char[]){SAY_SPEC, SAY_RUN, '\0'})

/* A vector of words, ended by NULL. */
#define WORDS(...) ((char *const *)(uintptr_t)(const char *const[]){__VA_ARGS__, NULL})

_Noreturn void cannot(const char *what);

/* An attempt of `sh -c line`, watched only, without limits. The spec may be changed then. */
void attempt_new(struct attempt *a, const char *line);
void set_text(char **field, const char *text);
void set_argv(struct attempt *a, char *const argv[]);

void attempt_start(struct attempt *a);
/* Until the shepherd has ended (a minute at most); reads what it left. */
void attempt_wait(struct attempt *a);
void attempt_run(struct attempt *a); /* both */
/* Where the shepherd stays: runs *a by the one of an earlier attempt, which may be *a itself; until
 * it says that the attempt is over. */
void attempt_run_by(struct attempt *a, const struct attempt *earlier);
void attempt_await_over(struct attempt *a, const struct attempt *earlier);
void attempt_end(struct attempt *a); /* removes everything */

/* The path of a file in the directory, and its contents, NULL if there is none: static memory, good
 * for a few calls. */
const char *in_dir(const struct attempt *a, const char *name);
const char *contents(const struct attempt *a, const char *name);
/* Waits until the file has that many lines, and returns the number in the last of them; -1 if that
 * takes more than 20 s. */
long await_line(const struct attempt *a, const char *name, int lines);
/* Waits for a millisecond: between looks at a condition. */
void tiny_sleep(void);
bool is_alive(long pid); /* and no zombie */

/* The path of a program beside this one: static memory. */
const char *program_beside(const char *name);

/* Gives the attempt groups below new directories of the test's own, and the levels that go with
 * them. False, with the reason printed as a skipped check, where this machine does not let us. */
bool attempt_use_groups(struct attempt *a);
/* Nothing of the attempt's groups is left. Removes the directories. */
bool attempt_groups_gone(struct attempt *a);
