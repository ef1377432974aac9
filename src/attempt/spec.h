/* SPDX-License-Identifier: MIT */
/* spec.h - everything a shepherd must know to run one attempt of a job.
 *
 * It is in a file without a name, the shepherd's descriptor SPEC_FD: nothing of it (environments
 * hold secrets) is ever a command-line argument. A shepherd is started before there is anything to
 * do, and runs one attempt after the other. CHANNEL_FD is its end of a stream socket, over which
 * single bytes go: to it SAY_SPEC, the spec is complete: prepare; SAY_RUN, the attempt is durable:
 * claim it and run it; from it SAY_OVER, the outcome is written: ready for the next. If the channel
 * ends before SAY_RUN, it leaves nothing behind; after it, it runs the attempt to its end. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attempt/status.h"
#include "os/cgroup.h"
#include "util/buf.h"
#include "util/checkpoint.h"
#include "util/err.h"
#include "util/level.h"
#include "util/strz.h"
#include "util/warning.h"

#define SPEC_FD    3
#define CHANNEL_FD 4
#define SAY_SPEC   's'
#define SAY_RUN    'r'
#define SAY_OVER   'o'

/* The shepherd's argv[1] while it runs nothing; else "<job>.<attempt>", for ps. */
#define SPEC_TITLE_ROOM "------------------------------"

/* The strings are never NULL in a decoded spec. */
struct attempt_spec {
    int64_t job;
    int attempt;
    char *run_dir;           /* where claim, status, control and script files are */
    struct attempt_id given; /* whose files it takes for its own (status_hand_on()); job 0: none */

    struct strz argv; /* what to execute; found by PATH of env if it has no slash */
    char *script;     /* not empty: a text too long for one argument. It is written to a file of the
                         attempt, whose path becomes the last word of argv */
    struct strz env;
    char *cwd;
    char *stdout_path, *stderr_path; /* the same path: one file for both. Opened for appending, as
                                        the job's user, made with the umask below */
    uint32_t uid, gid, umask;        /* who the job runs as; not changed if it is already so */
    enum checkpoint checkpoint;      /* how its work is saved: by the warning, or in images */
    struct strz groups; /* supplementary group ids, decimal; taken only if uid or gid changes, and
                           then empty means none but gid */

    int64_t limit_us;       /* walltime from now on; 0: none */
    struct warning warning; /* of that */
    char *images;           /* of CHECKPOINT_CRIU: see images.h */
    int64_t grace_us;       /* from SIGTERM to SIGKILL */
    int64_t mem_mb;
    char *cpus; /* CPU list to pin to; empty: do not pin */
    char *mems; /* NUMA nodes that its memory comes from, if its CPUs are enforced; empty: any */

    /* Of a job that somebody sits in front of (console.h). */
    char *client; /* the name of the socket at which its client waits; empty: it has none */
    bool pty;     /* its input and output are a terminal; what it writes there goes to stdout_path
                     too, unless that is empty */

    /* Of an elastic job (resize.h); all 0 or empty else. */
    bool elastic;
    int64_t ncpus, min_cpus, max_cpus; /* what it starts with, and between what it may be resized */
    int resize_signal;                 /* 0: none */
    char *control_path; /* the file that tells the job what it has: see shepherd/elastic.h */
    char *ack_path;     /* a FIFO, into which the job writes the generation it has adapted to */

    /* What is run beside it, by a shell; all empty or 0: nothing. */
    char *notify;          /* by its user, ... */
    int notify_on;         /* ... on these, see util/notify.h */
    char *prolog, *epilog; /* of the site */
    int64_t hook_timeout_us;

    struct levels levels;    /* what the machine can do (machine_probe()) */
    struct cgroup_base base; /* where groups can be made */
    char *group;             /* name of the attempt's group, unique on the machine */
};

void spec_free(struct attempt_spec *s);
int spec_encode(const struct attempt_spec *s, struct buf *out, struct err *e);
/* Refuses what is cut short, damaged, or of another version. On failure *s is empty. */
int spec_decode(const void *bytes, size_t len, struct attempt_spec *s, struct err *e);
