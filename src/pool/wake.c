// SPDX-License-Identifier: MIT
#include "pool/wake.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/select.h>

#include "os/clock.h"

/* Those that wake us, and those that may tell of a resize. */
static const int handled[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH};
enum { HANDLED = sizeof handled / sizeof *handled };

static struct sigaction before[HANDLED];
static sigset_t mask;
static volatile sig_atomic_t ending;

static void on_end(int signal)
{
    ending = signal;
}

static void on_child(int signal)
{
    (void)signal;
}

/* Not what is ignored: by nohup, or since this is an elastic job. */
static void handle(int signal, void (*handler)(int))
{
    struct sigaction was, ours = {.sa_handler = handler};
    sigfillset(&ours.sa_mask);
    if (sigaction(signal, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
        sigaction(signal, &ours, NULL);
}

void wake_open(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &mask);
    for (size_t i = 0; i < HANDLED; i++)
        sigaction(handled[i], NULL, &before[i]);
    /* Where it is ignored, children would vanish before we have seen how they ended. */
    signal(SIGCHLD, on_child);
    handle(SIGTERM, on_end);
    handle(SIGINT, on_end);
    handle(SIGHUP, on_end);
}

int wake_ending(void)
{
    return ending;
}

void wake_sleep(int64_t until_us)
{
    sigset_t awake = mask;
    struct timespec time = {0};
    if (until_us) {
        int64_t us = until_us - clock_boot_us();
        us = us > 0 ? us : 0;
        time = (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    }
    for (size_t i = 0; i < HANDLED; i++)
        sigdelset(&awake, handled[i]);
    pselect(0, NULL, NULL, NULL, until_us ? &time : NULL, &awake);
}

void wake_restore(void)
{
    for (size_t i = 0; i < HANDLED; i++)
        sigaction(handled[i], &before[i], NULL);
    sigprocmask(SIG_SETMASK, &mask, NULL);
}
