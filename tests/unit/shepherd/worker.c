// SPDX-License-Identifier: MIT
/* worker threads | catch | default | exec - a part of an elastic job, which says its pid when it is
 * ready, and stays.
 *   threads: two more threads
 *   catch:   handles SIGUSR1, and writes a line to the file "caught" for each
 *   default: would die of SIGUSR1
 *   exec:    handles SIGUSR1, and executes itself without a handler, then with one, all the time */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int caught;

static void on_signal(int signal)
{
    (void)signal;
    if (write(caught, "1\n", 2) != 2)
        _exit(1);
}

static void *stay(void *arg)
{
    for (;;)
        pause();
    return arg;
}

static void say_ready(void)
{
    printf("%ld\n", (long)getpid());
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    pthread_t thread;
    caught = open("caught", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (strcmp(what, "threads") == 0)
        for (int i = 0; i < 2; i++)
            if (pthread_create(&thread, NULL, stay, NULL) != 0)
                return 1;
    if (strcmp(what, "catch") == 0 || strncmp(what, "exec", 4) == 0)
        signal(SIGUSR1, on_signal);
    if (strcmp(what, "default") == 0)
        signal(SIGUSR1, SIG_DFL);
    if (strcmp(what, "exec again") != 0)
        say_ready();
    /* From here on a signal at its default would be the end. */
    if (strncmp(what, "exec", 4) == 0)
        execl("/proc/self/exe", argv[0], "exec again", (char *)NULL);
    stay(NULL);
    return 1;
}
