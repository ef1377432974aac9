/* SPDX-License-Identifier: MIT */
/* console.h - what passes between the shepherd of an attempt that somebody sits in front of, and
 * the programs in front of which they sit: run and attach.
 *
 * They meet at sockets in the run directory. The client of `run` listens there before it hands in
 * its job, under a name that the job carries; the shepherd calls it once the attempt is its own. So
 * the job starts on an event, and nobody has to wait for a client that is gone: nobody listens any
 * more. A job with a terminal (a pty) has also a socket of its own,
 * <run_dir>/<job>.<attempt>.console, at which whoever attaches calls.
 *
 * Then frames go both ways: a byte that is one of the words, four bytes of length in the machine's
 * own order (nothing leaves the machine), and so many bytes. */
#pragma once

#include "attempt/status.h"
#include "os/pty.h"
#include "util/buf.h"

#define CONSOLE_VERSION 1

enum console_word {
    /* From the client. */
    CONSOLE_READY = 1, /* the first: version, size of its terminal (0, 0: it has none) */
    CONSOLE_SIZE,      /* its terminal has another size */
    CONSOLE_IN,        /* input for the job */
    CONSOLE_END,       /* there is no more of it */
    CONSOLE_SIGNAL,    /* a number, for the job */
    CONSOLE_SHUT,      /* CONSOLE_OUT or CONSOLE_ERR, a number: nobody reads that any more */
    /* From the shepherd. */
    CONSOLE_OUT,   /* what the job wrote on its standard output, or terminal */
    CONSOLE_ERR,   /* on its standard error */
    CONSOLE_TAKEN, /* a number: so many bytes of input are with the job */
    CONSOLE_EXIT,  /* the last: how it ended */
};

#define CONSOLE_DATA_MAX (16 * 1024)  /* bytes read, and sent, at one time */
#define CONSOLE_WINDOW   (64 * 1024)  /* bytes of input that may be on their way to the job */
#define CONSOLE_MAX      (128 * 1024) /* bytes of a frame: more is none */
#define CONSOLE_NAME_MAX 64           /* of a socket */

struct console_frame {
    enum console_word word;
    const char *bytes; /* borrowed */
    size_t len;
};

/* All append to out. */
void console_put(struct buf *out, enum console_word word, const void *bytes, size_t len);
void console_put_number(struct buf *out, enum console_word word, uint32_t number);
void console_put_size(struct buf *out, enum console_word word, const struct terminal_size *size);
/* Of *s: outcome, exit_code, signal, reason. */
void console_put_exit(struct buf *out, const struct attempt_status *s);

/* The frame at in->data + *at, which then points behind it. 1; 0: it is not whole yet; -1: this is
 * none. */
int console_next(const struct buf *in, size_t *at, struct console_frame *f);
/* What a frame says; -1 if it does not say that. */
int console_get_number(const struct console_frame *f, uint32_t *number);
int console_get_size(const struct console_frame *f, struct terminal_size *size);
int console_get_exit(const struct console_frame *f, struct attempt_status *s);

/* The socket of an attempt's terminal. */
void console_name(char name[CONSOLE_NAME_MAX], int64_t job, int attempt);
/* That of a client: of some hexadecimal digits that no other client has. Such a one fits; another,
 * which could be a path, or another file of the directory, does not. */
void console_client_name(char name[CONSOLE_NAME_MAX], const char *digits);
bool console_client_fits(const char *name);
