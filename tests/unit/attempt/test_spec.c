// SPDX-License-Identifier: MIT
/* A spec comes out as it went in, and a damaged one is refused. */
#include <stdlib.h>

#include "attempt/spec.h"
#include "tap.h"

static struct strz list(const char *bytes, size_t len)
{
    struct strz l = {.data = malloc(len), .len = len};
    if (l.data)
        memcpy(l.data, bytes, len);
    return l;
}

static void make(struct attempt_spec *s)
{
    *s = (struct attempt_spec){
        .job = INT64_C(5000000000),
        .attempt = 2,
        .run_dir = strdup("/run dir"),
        .given = {INT64_C(4999999999), 7},
        .argv = list("sh\0-c\0echo \xff\n", 14),
        .script = strdup("#!/bin/sh\n"),
        .env = list("A=1\0B=\0", 7),
        .cwd = strdup("/"),
        .stdout_path = strdup("/out"),
        .uid = UINT32_MAX - 1,
        .gid = 100,
        .umask = 0777,
        .groups = list("27\0", 3),
        .checkpoint = CHECKPOINT_CRIU,
        .images = strdup("/logs/job_1.checkpoint"),
        .limit_us = INT64_MAX,
        .mem_mb = 64,
        .cpus = strdup("0-3"),
        .mems = strdup("1"),
        .elastic = true,
        .ncpus = 4,
        .min_cpus = 2,
        .max_cpus = 8,
        .resize_signal = 10,
        .control_path = strdup("/job_1.control"),
        .ack_path = strdup("/job_1.ack"),
        .pty = true,
        .client = strdup("client.1"),
        .levels = {LEVEL_ENFORCED, LEVEL_WATCHED, LEVEL_ADVISORY, LEVEL_NONE},
        .base = {.v2 = "/v2", .v2_mem = true, .v1_cpu = "/cpu", .v1_procs = "/freezer"},
        .group = strdup("job-1"),
    };
}

static bool encode(struct buf *out)
{
    struct attempt_spec s;
    struct err e;
    make(&s);
    bool good = spec_encode(&s, out, &e) == 0;
    spec_free(&s);
    return good;
}

static void test_round_trip(void)
{
    struct attempt_spec s = {0};
    struct err e = {0};
    _cleanup_buf_ struct buf bytes = {0};
    ok(encode(&bytes), "a spec is encoded");
    is_int(spec_decode(bytes.data, bytes.len, &s, &e), 0, "and decoded");
    is_int(s.job, INT64_C(5000000000), "job");
    is_int(s.attempt, 2, "attempt");
    is_str(s.run_dir, "/run dir", "texts");
    ok(s.given.job == INT64_C(4999999999) && s.given.attempt == 7, "whose files it gets");
    is_int((intmax_t)strz_count(&s.argv), 3, "words of the command");
    ok(s.argv.len == 14 && memcmp(s.argv.data, "sh\0-c\0echo \xff\n", 14) == 0, "their bytes");
    is_int((intmax_t)s.env.len, 7, "environment");
    is_str(s.stderr_path, "", "what was not set is empty, never NULL");
    is_int(s.uid, UINT32_MAX - 1, "large numbers");
    is_int(s.limit_us, INT64_MAX, "larger ones");
    is_int(s.levels.procs, LEVEL_ADVISORY, "levels");
    is_str(s.mems, "1", "memory from where");
    ok(s.elastic && s.ncpus == 4 && s.min_cpus == 2 && s.max_cpus == 8 && s.resize_signal == 10,
       "what it may be resized to");
    is_str(s.control_path, "/job_1.control", "where it hears of that");
    is_str(s.ack_path, "/job_1.ack", "and answers");
    ok(s.pty && strcmp(s.client, "client.1") == 0, "who sits in front of it, and at what");
    ok(s.checkpoint == CHECKPOINT_CRIU && strcmp(s.images, "/logs/job_1.checkpoint") == 0,
       "how its work is saved, and where");
    ok(s.base.v2_mem && !s.base.v2_cpu, "flags");
    is_str(s.base.v1_procs, "/freezer", "directories of groups");
    is_str(s.group, "job-1", "and the last field");
    spec_free(&s);
    ok(!s.argv.data && !s.cwd, "an emptied spec holds nothing");
}

/* Cut anywhere, it is refused and nothing is left to free. */
static void test_cut_short(void)
{
    struct err e = {0};
    _cleanup_buf_ struct buf bytes = {0};
    encode(&bytes);
    int taken = 0;
    for (size_t len = 0; len < bytes.len; len++) {
        struct attempt_spec s;
        char *part = malloc(len ? len : 1); /* so that a read beyond is seen */
        if (!part)
            break;
        memcpy(part, bytes.data, len);
        if (spec_decode(part, len, &s, &e) == 0 || s.argv.data || s.cwd)
            taken++;
        free(part);
    }
    is_int(taken, 0, "a spec that is cut short is refused, wherever it is cut");
    is_int(e.code, ERR_CORRUPT, "as damaged");
}

/* Whatever byte is wrong, it is refused or decoded, but never more than that. */
static void test_flipped(void)
{
    _cleanup_buf_ struct buf bytes = {0};
    encode(&bytes);
    size_t refused = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        struct attempt_spec s;
        struct err e;
        bytes.data[i] = (char)~bytes.data[i];
        if (spec_decode(bytes.data, bytes.len, &s, &e) == 0)
            spec_free(&s);
        else
            refused++;
        bytes.data[i] = (char)~bytes.data[i];
    }
    ok(refused > 18, "most flipped bytes are noticed (%zu of %zu)", refused, bytes.len);
}

static void test_others(void)
{
    struct attempt_spec s;
    struct err e;
    _cleanup_buf_ struct buf bytes = {0};
    encode(&bytes);
    char *version = bytes.data + strlen("mini-slurm spec "), ours = *version;
    *version = '9';
    is_int(spec_decode(bytes.data, bytes.len, &s, &e), -1, "another version is refused");
    *version = ours;
    buf_puts(&bytes, "x");
    is_int(spec_decode(bytes.data, bytes.len, &s, &e), -1, "bytes behind the end are refused");
    has_str(e.text, "behind its end", "and the message says so");
    is_int(spec_decode("", 0, &s, &e), -1, "nothing is refused");
}

int main(void)
{
    test_round_trip();
    test_cut_short();
    test_flipped();
    test_others();
    return done_testing();
}
