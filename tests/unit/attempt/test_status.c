// SPDX-License-Identifier: MIT
/* The status file: who claims first has it, a reader sees the old or the new, damage is noticed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt/status.h"
#include "tap.h"

static char dir[] = "/tmp/mini-slurm-test-XXXXXX";
static int record = -1; /* of the last claim */

static struct attempt_status example(void)
{
    return (struct attempt_status){
        .job = 7,
        .attempt = 3,
        .boot_id = "0d3e",
        .shepherd = 4711,
        .shepherd_start = 123456789,
        .group = "job-7.3",
        .levels = {LEVEL_ENFORCED, LEVEL_WATCHED, LEVEL_ADVISORY, LEVEL_NONE},
    };
}

static void test_claim(void)
{
    struct err e = {0};
    struct attempt_status s = example(), got, other = example();
    other.phase = PHASE_VOID;
    is_int(status_read(dir, 7, 3, &got, &e), -1, "there is no record at first");
    is_int(e.code, ERR_NOT_FOUND, "which is told from damage");
    is_int(status_claim(dir, &s, &record, &e), 0, "the first has the attempt");
    is_int(status_claim(dir, &other, NULL, &e), 1, "the second has not");
    is_int(status_claim(dir, &s, NULL, &e), 1, "nor has the first once more");
    is_int(status_read(dir, 7, 3, &got, &e), 0, "the record can be read");
    is_int(got.phase, PHASE_CLAIMED, "it is the first one's");
    is_str(got.group, "job-7.3", "with its group");
    is_int(got.shepherd_start, 123456789, "and its shepherd");
    ok(got.levels.cpu == LEVEL_ENFORCED && got.levels.gpu == LEVEL_NONE, "and levels");
    struct stat st = {0};
    char *path = attempt_path(dir, 7, 3, "status");
    stat(path, &st);
    free(path);
    is_int(st.st_size, 2 * STATUS_SIZE, "it has its size, with room for the outcome");
    is_int(st.st_mode & 0777, 0600, "and is private");
    is_int(st.st_nlink, 1, "and has no second name");
}

static void test_leftover_claim(void)
{
    struct err e;
    struct attempt_status s = example(), got;
    char *first = attempt_path(dir, 7, 3, "status"), *second = attempt_path(dir, 7, 3, "voided");
    /* Somebody died between link() and unlink(): both names are the record. */
    is_int(link(first, second), 0, "a second name of the record is left over");
    s.phase = PHASE_VOID;
    is_int(status_claim(dir, &s, NULL, &e), 1, "who claims then still comes second");
    is_int(status_read(dir, 7, 3, &got, &e), 0, "and has not damaged the record");
    free(first);
    free(second);
}

static void test_started(void)
{
    struct err e;
    struct attempt_status s = example(), got = {0};
    s.started_us = INT64_C(1790000000123456);
    status_mark_started(record, &s);
    is_int(status_read(dir, 7, 3, &got, &e), 0, "the record stays whole");
    is_int(got.started_us, INT64_C(1790000000123456), "when the start is put into it");
}

static void test_outcome(void)
{
    struct err e;
    struct attempt_status s = example(), got = {0};
    s.phase = PHASE_ENDED;
    s.outcome = OUTCOME_OOM;
    s.exit_code = 255;
    s.signal = 9;
    s.usage = (struct attempt_usage){1, 2, INT64_MAX};
    memset(s.reason, 'r', sizeof s.reason - 1);
    memcpy(s.reason, "two\nlines \xff", 11);
    is_int(status_end(record, &s, &e), 0, "the outcome is written");
    is_int(status_read(dir, 7, 3, &got, &e), 0, "and read");
    is_int(got.phase, PHASE_ENDED, "as the end");
    is_int(got.outcome, OUTCOME_OOM, "with its outcome");
    is_int(got.exit_code, 255, "exit code");
    is_int(got.signal, 9, "signal");
    is_int(got.usage.mem_peak_kb, INT64_MAX, "usage");
    is_int((intmax_t)strlen(got.reason), sizeof s.reason - 1, "and the longest reason");
    has_str(got.reason, "two lines \xff", "on one line");
}

static void put(const char *path, const char *bytes, size_t len, off_t at)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || pwrite(fd, bytes, len, at) < 0)
        printf("Bail out! %s\n", path);
    close(fd);
}

static void is_damaged(const char *what)
{
    struct err e = {0};
    struct attempt_status got;
    ok(status_read(dir, 7, 3, &got, &e) == -1 && e.code == ERR_CORRUPT, "%s is damage (%s)", what,
       e.text);
}

static void test_damage(void)
{
    struct err e = {0};
    struct attempt_status got;
    char *path = attempt_path(dir, 7, 3, "status");
    put(path, "9", 1, 18);
    is_int(status_read(dir, 7, 3, &got, &e), -1, "a later version is refused");
    is_int(e.code, ERR_NEWER, "as such");
    put(path, "1", 1, 18);
    put(path, "x", 1, 33);
    is_damaged("a letter in a number");
    put(path, "0", 1, 33);
    put(path, "\0", 1, 2000);
    is_damaged("a zero byte");
    put(path, "\n", 1, 2000);
    put(path, "stopped_us", 10, 20);
    is_damaged("a missing key");
    put(path, "started_us", 10, 20);
    is_int(status_read(dir, 7, 3, &got, &e), 0, "(repaired, it is fine)");
    put(path, "remembered__", 12, 51);
    ok(status_read(dir, 7, 3, &got, &e) == 0 && got.checkpointed == 0,
       "one that was added later may be missing");
    put(path, "checkpointed", 12, 51);
    status_mark_checkpointed(record);
    ok(status_read(dir, 7, 3, &got, &e) == 0 && got.checkpointed == 1, "and is marked in place");
    char *other = attempt_path(dir, 8, 3, "status");
    is_int(link(path, other), 0, "a record under another job's name");
    is_int(status_read(dir, 8, 3, &got, &e), -1, "is refused");
    status_remove(dir, 8, 3);
    free(path);
    free(other);
}

/* Whoever dies while he writes the outcome leaves a claim without one. */
static void test_torn_outcome(void)
{
    struct err e = {0};
    struct attempt_status got;
    char *path = attempt_path(dir, 7, 3, "status");
    put(path, "\0", 1, STATUS_SIZE + 2000);
    is_int(status_read(dir, 7, 3, &got, &e), 0, "with half an outcome the record can be read");
    is_int(got.phase, PHASE_CLAIMED, "and says that the attempt was claimed");
    if (truncate(path, 100) != 0)
        printf("Bail out! truncate\n");
    is_damaged("a short file");
    free(path);
}

/* Files of one attempt serve another, which sees nothing of the first. */
static void test_hand_on(void)
{
    struct err e = {0};
    struct attempt_status s = example(), got = {0};
    status_remove(dir, 7, 3);
    close(record);
    is_int(status_claim(dir, &s, &record, &e), 0, "an attempt is claimed");
    s.phase = PHASE_ENDED;
    is_int(status_end(record, &s, &e), 0, "and ends");
    close(record);
    status_hand_on(dir, &(struct attempt_id){7, 3}, &(struct attempt_id){8, 1});
    is_int(status_read(dir, 7, 3, &got, &e), -1, "when its files are handed on its record is gone");
    is_int(status_read(dir, 8, 1, &got, &e), -1, "the next attempt has none yet");
    s = example();
    s.job = 8;
    s.attempt = 1;
    is_int(status_claim(dir, &s, NULL, &e), 0, "it claims");
    is_int(status_read(dir, 8, 1, &got, &e), 0, "and has one");
    is_int(got.phase, PHASE_CLAIMED, "without the other's outcome");
    status_remove(dir, 8, 1);
    status_claim(dir, &(struct attempt_status){.job = 7, .attempt = 3}, NULL, &e);
}

static void test_remove(void)
{
    struct err e = {0};
    struct attempt_status got;
    status_remove(dir, 7, 3);
    is_int(status_read(dir, 7, 3, &got, &e), -1, "a removed record is gone");
    is_int(e.code, ERR_NOT_FOUND, "quite");
    status_remove(dir, 7, 3);
    is_int(rmdir(dir), 0, "and so is everything else");
}

/* The two that may come at the same time, again and again: one has it. */
static void test_race(void)
{
    int wrong = 0;
    struct attempt_status s = example();
    struct err e;
    for (s.attempt = 100; s.attempt < 200; s.attempt++) {
        s.phase = PHASE_CLAIMED;
        pid_t child = fork();
        if (child == 0)
            _exit(status_claim(dir, &s, NULL, &e));
        s.phase = PHASE_VOID;
        int ours = status_claim(dir, &s, NULL, &e), theirs;
        waitpid(child, &theirs, 0);
        struct attempt_status got = {0};
        status_read(dir, s.job, s.attempt, &got, &e);
        if (ours + WEXITSTATUS(theirs) != 1 || (got.phase == PHASE_VOID) != (ours == 0))
            wrong++;
        status_remove(dir, s.job, s.attempt);
    }
    is_int(wrong, 0, "of two at once, one has the attempt, and the record is its");
}

int main(void)
{
    if (!mkdtemp(dir)) {
        printf("Bail out! mkdtemp\n");
        return 1;
    }
    test_claim();
    test_leftover_claim();
    test_started();
    test_damage();
    test_outcome();
    test_torn_outcome();
    test_hand_on();
    test_race();
    test_remove();
    return done_testing();
}
