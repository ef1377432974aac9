/* SPDX-License-Identifier: MIT */
/* console.h - the terminal or the pipes of a job that somebody sits in front of, and who sits
 * there: see attempt/console.h.
 *
 * The attendant is the client of `run`. The job waits while he does not read, as it would for any
 * reader, and when he goes it is told SIGHUP. Watchers have attached themselves; who of them does
 * not read misses something. Nothing of this waits for anybody. */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "attempt/console.h"
#include "os/pty.h"
#include "util/buf.h"

#define CONSOLE_WATCHERS 8

struct console_client {
    int fd; /* -1: there is none */
    bool ready;
    bool ended;   /* no more input comes from him */
    bool lagging; /* he missed something, and does not know yet */
    struct buf in, out;
    struct buf input; /* for the job */
};

struct console {
    int in, out, err;    /* our ends; -1: closed. A terminal's are the same, and it has no err */
    int job[3];          /* the job's standard input, output, error */
    bool pty;            /* it is a terminal: then job[] are the same, and open until the end */
    int pass[2];         /* over the second the child hands the log to the first */
    int log;             /* where output is written too; -1 */
    int listener;        /* for watchers; -1 */
    bool attended;       /* it has, or had, an attendant */
    bool gone;           /* and has no more */
    int64_t ready_by_us; /* when he must have said that he is ready; 0: he has, or there is none */
    bool runs;           /* the job executes; before, a terminal would echo what is typed, and there
                            is no log yet */
    bool told;           /* everybody was told how it ended */
    struct console_client attendant, watchers[CONSOLE_WATCHERS];
    struct buf recent; /* the last output, for who attaches */
};

/* How many of these console_poll() fills in. */
#define CONSOLE_FDS (4 + 1 + CONSOLE_WATCHERS)

struct attempt_spec;
struct shepherd;

/* console.c */
/* Makes s->console, for a job that is to have one. 0, or -1 with *e. */
int console_open(struct shepherd *s, struct err *e);
/* In the child, as the job's user: they become its input and output. 0, or -1 with *e. */
int console_take(const struct console *c, int log, struct err *e);
/* The child has them. */
void console_forked(struct console *c);
/* Lets the job go: at once, or as soon as its attendant is ready; or ends it, if he is gone. */
void console_begin(struct shepherd *s);
/* Only who may do as the job does is to sit in front of it. */
bool console_is_owner(const struct attempt_spec *spec, int fd);
/* He is gone. */
void console_lose(struct shepherd *s);
/* Lets go of everything; NULL is fine. */
void console_close(struct shepherd *s);

/* talk.c */
int console_poll(const struct console *c, struct pollfd fds[CONSOLE_FDS]);
void console_turn(struct shepherd *s, const struct pollfd fds[CONSOLE_FDS]);
/* Reads what the job wrote, and hands it to everybody. False if there is nothing, or the attendant
 * must read first. */
bool console_pour(struct console *c);
/* Tells a watcher that he missed something, if he did. */
void console_catch_up(struct console_client *w);
/* Sends what can be sent now. */
void console_flush(struct console *c);
void console_drop(struct console_client *client);

/* farewell.c: everybody is told how it ended, once the outcome is written. False if the attendant
 * has not read everything yet: a process of its own gives it to him, and the shepherd, whose child
 * that must not be, has to end. */
bool console_farewell(struct shepherd *s);
