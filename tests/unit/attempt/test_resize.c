// SPDX-License-Identifier: MIT
/* Orders to a shepherd: the last one is read as it was written, or not at all. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt/resize.h"
#include "attempt/status.h"
#include "tap.h"

static char dir[] = "/tmp/mini-slurm-test-XXXXXX";

static int put(int64_t generation, const char *reason)
{
    struct err e = {0};
    struct resize_order o = {.generation = generation,
                             .cpus = 4,
                             .mem_mb = INT64_C(1) << 40,
                             .grace_us = 2000000,
                             .cpu_list = (char *)(uintptr_t) "0-2,7",
                             .mems = (char *)(uintptr_t) "0,2",
                             .reason = (char *)(uintptr_t)reason};
    return resize_order_write(dir, 7, 2, &o, &e);
}

static void test_round_trip(void)
{
    struct err e = {0};
    struct resize_order o;
    is_int(resize_order_read(dir, 7, 2, &o, &e), -1, "there is no order at first");
    is_int(e.code, ERR_NOT_FOUND, "which is not found");
    is_int(put(1, "first"), 0, "one is written");
    is_int(put(2, "two lines\nof a reason"), 0, "and another");
    is_int(resize_order_read(dir, 7, 2, &o, &e), 0, "the last one is read");
    is_int(o.generation, 2, "generation");
    is_int(o.cpus, 4, "CPUs");
    is_int(o.mem_mb, INT64_C(1) << 40, "memory");
    is_int(o.grace_us, 2000000, "grace");
    is_str(o.cpu_list, "0-2,7", "which CPUs");
    is_str(o.mems, "0,2", "memory from where");
    is_str(o.reason, "two lines of a reason", "and why, on one line");
    resize_order_free(&o);
    ok(!o.reason, "a freed one holds nothing");
    is_int(resize_order_read(dir, 7, 1, &o, &e), -1, "another attempt has none");
}

static void test_empty_texts(void)
{
    struct err e = {0};
    struct resize_order o = {.generation = 3, .cpus = 1};
    is_int(resize_order_write(dir, 7, 2, &o, &e), 0, "an order without a list and a reason");
    is_int(resize_order_read(dir, 7, 2, &o, &e), 0, "is read");
    ok(o.cpu_list && !o.cpu_list[0] && o.mems && !o.mems[0] && o.reason && !o.reason[0],
       "with empty ones");
    resize_order_free(&o);
}

static bool is_refused(const char *text)
{
    struct err e = {0};
    struct resize_order o;
    char *path = attempt_path(dir, 7, 2, "resize");
    FILE *f = path ? fopen(path, "w") : NULL;
    if (f) {
        fputs(text, f);
        fclose(f);
    }
    free(path);
    bool refused = resize_order_read(dir, 7, 2, &o, &e) == -1 && e.code == ERR_CORRUPT &&
                   !o.cpu_list && !o.reason;
    resize_order_free(&o);
    return refused;
}

static void test_damaged(void)
{
    static const char *const bad[] = {
        "",
        "rubbish\n",
        "mini-slurm resize 9\n1 1 1 1\n0\n\nwhy\n",
        "mini-slurm resize 1\n1 1 1 1\n0\n\nwhy",
        "mini-slurm resize 1\n1 1 1\n0\n\nwhy\n",
        "mini-slurm resize 1\n1 1 1 1 1\n0\n\nwhy\n",
        "mini-slurm resize 1\n1 -1 1 1\n0\n\nwhy\n",
        "mini-slurm resize 1\n0 1 1 1\n0\n\nwhy\n",
        "mini-slurm resize 1\n1 1 1 99999999999999999999\n0\n\nwhy\n",
        "mini-slurm resize 1\n1 1 1 1\n0\n\nwhy\nmore\n",
        "mini-slurm resize 1\n1 1 1 1\n0\nwhy\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(is_refused(bad[i]), "damaged order %zu is refused", i);
    ok(!is_refused("mini-slurm resize 1\n1 1 1 1\n0\n\nwhy\n"), "and a good one is not");
}

int main(void)
{
    if (!mkdtemp(dir)) {
        printf("Bail out! mkdtemp\n");
        return 1;
    }
    test_round_trip();
    test_empty_texts();
    test_damaged();
    status_remove(dir, 7, 2);
    is_int(rmdir(dir), 0, "all of it is removed with the attempt");
    is_int(put(4, "late"), -1, "no directory is an error");
    return done_testing();
}
