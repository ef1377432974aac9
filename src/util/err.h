/* SPDX-License-Identifier: MIT */
/* err.h - errors that travel up as text a user can read.
 *
 * The caller owns a struct err and passes it down; who fails fills it in and returns -1. On the way
 * up err_wrap() puts context in front. Only main files and verbs print it. A message says what was
 * wrong, with the offending text, and what would be right. A NULL struct err is allowed. */
#pragma once

enum err_code {
    ERR_NONE = 0,
    ERR_SYSTEM,    /* the operating system refused; the errno's words are in the text */
    ERR_INVALID,   /* the input is wrong: nothing was done */
    ERR_USAGE,     /* the command line is wrong: nothing was done */
    ERR_NOT_FOUND, /* no such job, file, ... */
    ERR_DENIED,    /* not this user's to do */
    ERR_BUSY,      /* someone else holds it */
    ERR_FULL,      /* no space, memory or descriptors now: a later try may succeed */
    ERR_CORRUPT,   /* a file is damaged or not ours */
    ERR_NEWER,     /* written by a newer version */
    ERR_GONE,      /* the peer went away before it answered */
};

struct err {
    int code; /* enum err_code */
    char text[512];
};

/* Both return -1, so that `return err_set(e, ...)` reads well. */
int err_set(struct err *e, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Appends ": " and strerror(errno); ENOSPC, EDQUOT, ENOMEM, EAGAIN, EMFILE, ENFILE become ERR_FULL,
 * everything else ERR_SYSTEM. */
int err_errno(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Puts "context: " in front of what is already there; keeps the code. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_nomem(struct err *e);
/* ERR_INVALID is ERR_USAGE where what was wrong was typed. */
int err_usage(struct err *e);
