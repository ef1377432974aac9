// SPDX-License-Identifier: MIT
#include "stand_in.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

_Noreturn void cannot(const char *what)
{
    printf("Bail out! %s: %s\n", what, strerror(errno));
    exit(1);
}

void tiny_sleep(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

void stand_in_open(struct stand_in *s, int cpus)
{
    strcpy(s->dir, "/tmp/mini-slurm-test-XXXXXX");
    if (!mkdtemp(s->dir))
        cannot("mkdtemp");
    snprintf(s->control, sizeof s->control, "%s/control", s->dir);
    snprintf(s->ack, sizeof s->ack, "%s/ack", s->dir);
    if (mkfifo(s->ack, 0600) != 0 || (s->fifo = open(s->ack, O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0)
        cannot("fifo");
    setenv("MINI_SLURM_ELASTIC", "1", 1);
    setenv("MINI_SLURM_CONTROL_FILE", s->control, 1);
    setenv("MINI_SLURM_ACK_FILE", s->ack, 1);
    signal(SIGUSR1, SIG_IGN);
    stand_in_tell(s, cpus, 0, -1);
}

void stand_in_write(const struct stand_in *s, const char *text)
{
    char draft[96];
    snprintf(draft, sizeof draft, "%s.new", s->control);
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) != 0 ||
        rename(draft, s->control) != 0)
        cannot("control file");
}

void stand_in_tell(const struct stand_in *s, int cpus, long long generation, int grace_ms)
{
    char text[256], deadline[32] = "0";
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    long long ms = (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000 + grace_ms;
    if (grace_ms >= 0)
        snprintf(deadline, sizeof deadline, "%lld.%03lld", ms / 1000, ms % 1000);
    snprintf(text, sizeof text, "%d %d 1 8 %s grow\n%lld 0-%d %s job 17 waits\n", cpus, cpus * 100,
             grace_ms >= 0 ? "SHRINKING" : "RUNNING", generation, cpus - 1, deadline);
    stand_in_write(s, text);
}

bool stand_in_is_acked(const struct stand_in *s, long long generation, int within_ms)
{
    char line[32] = "", wanted[32];
    struct pollfd p = {.fd = s->fifo, .events = POLLIN};
    snprintf(wanted, sizeof wanted, "%lld\n", generation);
    for (size_t n = 0; n < sizeof line - 1 && poll(&p, 1, within_ms) == 1; n++)
        if (read(s->fifo, line + n, 1) != 1 || line[n] == '\n')
            break;
    return strcmp(line, wanted) == 0;
}

void stand_in_close(struct stand_in *s)
{
    char command[96];
    close(s->fifo);
    unsetenv("MINI_SLURM_ELASTIC");
    unsetenv("MINI_SLURM_CONTROL_FILE");
    unsetenv("MINI_SLURM_ACK_FILE");
    snprintf(command, sizeof command, "rm -r %s", s->dir);
    if (system(command) != 0)
        cannot(command);
}
