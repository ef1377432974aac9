/* SPDX-License-Identifier: MIT */
/* handler.h - signalling a process only if it handles the signal, and would not die of it. Linux;
 * elsewhere nobody can be looked at. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A process at one moment. */
struct handler {
    pid_t pid;
    int64_t start; /* process_start() */
    int64_t image; /* differs after it has executed a program; 0: can't be known, or it just does */
    int64_t age_us;
    bool catches; /* it has a handler for the signal */
    bool blocks;  /* its first thread does not take it now */
};

/* 0, or -1 if the process is gone or can't be looked at. */
int handler_look(struct handler *h, pid_t pid, int signal);
/* Whether both are of one process, running one program. */
bool handler_same(const struct handler *a, const struct handler *b);
/* Sends the signal to the process that *h was, if it still is that, and catches it. 0, or -1. */
int handler_signal(const struct handler *h, int signal);
