// SPDX-License-Identifier: MIT
/* What shepherds tell a scheduler, whether one is there or not. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt/report.h"
#include "tap.h"

static char dir[] = "/tmp/mini-slurm-test-XXXXXX", path[64];

static void test_way(void)
{
    struct err e = {0};
    struct report r = {.job = INT64_C(5000000000), .attempt = 2, .generation = 3, .mem_mb = 64};
    struct report got = {0};
    char text[128] = "";
    is_int(report_send(dir, &r, &e), 1, "where no scheduler ever was nobody reads");
    int fd = report_open(dir, &e);
    ok(fd >= 0, "a scheduler opens its end");
    is_int(report_send(dir, &r, &e), 0, "now it can be told");
    is_int(read(fd, text, sizeof text - 1), 26, "one line");
    is_str(text, "resized 5000000000.2 3 64\n", "which says what");
    text[strcspn(text, "\n")] = '\0';
    is_int(report_parse(text, &got), 0, "and is understood");
    ok(got.job == r.job && got.attempt == 2 && got.generation == 3 && got.mem_mb == 64, "as it is");
    is_int(read(fd, text, sizeof text), -1, "a FIFO without writers does not end");
    close(fd);
    is_int(report_send(dir, &r, &e), 1, "a scheduler that is gone does not read");
}

static void test_full(void)
{
    struct err e = {0};
    struct report r = {.job = 1, .attempt = 1, .generation = 1};
    int fd = report_open(dir, &e), sent = 0, last;
    while ((last = report_send(dir, &r, &e)) == 0 && sent < 1000000)
        sent++;
    is_int(last, -1, "who does not read can't be told everything");
    is_int(e.code, ERR_FULL, "but later perhaps");
    close(fd);
}

static void test_leftover(void)
{
    struct err e = {0};
    struct stat st = {0};
    unlink(path);
    close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    int fd = report_open(dir, &e);
    stat(path, &st);
    ok(fd >= 0 && S_ISFIFO(st.st_mode), "something else under its name is no obstacle");
    close(fd);
}

static void test_rubbish(void)
{
    static const char *const bad[] = {
        "",
        "resized",
        "resized 1 1 1",
        "resized 1.1 1",
        "resized 1.1 1 1 ",
        "resized 1.1 1 1 1",
        "resized 1.1 -1 1",
        "resized 1.9999999999 1 1",
        "resized 99999999999999999999.1 1 1",
        "moved 1.1 1 1",
    };
    struct report r;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(report_parse(bad[i], &r) == -1, "\"%s\" is none", bad[i]);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    if (!mkdtemp(dir)) {
        printf("Bail out! mkdtemp\n");
        return 1;
    }
    snprintf(path, sizeof path, "%s/reports", dir);
    test_way();
    test_full();
    test_leftover();
    test_rubbish();
    unlink(path);
    rmdir(dir);
    return done_testing();
}
