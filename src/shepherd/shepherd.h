/* SPDX-License-Identifier: MIT */
/* shepherd.h - one process for one running job: it starts it, holds it to its limits, ends it with
 * all it left behind, and writes down how it went. It needs nobody: the scheduler may be gone.
 *
 * It has one thread and one loop. With everything enforced by the kernel it sleeps from the job's
 * start to its end. All times here are of the boot clock, which goes on in suspend. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "attempt/spec.h"
#include "attempt/status.h"
#include "os/affinity.h"
#include "os/cgroup.h"
#include "os/proctree.h"
#include "os/wait.h"
#include "shepherd/console.h"
#include "shepherd/elastic.h"
#include "shepherd/limit.h"

enum ending {
    ENDING_NOT,
    ENDING_HUP,  /* its terminal is gone: everybody was told, and is asked at kill_at_us */
    ENDING_TERM, /* everybody was asked to end, and has until kill_at_us */
    ENDING_KILL, /* nobody is asked any more */
};

struct shepherd {
    struct attempt_spec spec;     /* ncpus and mem_mb of an elastic job are what it has now */
    struct attempt_status status; /* also says how the job is held: status.levels */
    struct cgroup group;          /* also between attempts: see hold_release() */
    char group_name[sizeof((struct attempt_status *)0)->group]; /* "" if there is none */
    struct cgroup_usage used; /* of the groups, when the job was over */
    struct affinity affinity;
    struct proctree tree; /* as of the last walk */
    struct waiter waiter;
    bool keeps_orphans;
    char oom_score[16]; /* the job's own; "" if we did not change ours */

    int control; /* FIFO: see control.h */
    int record;  /* of the claim: see status.h */
    bool noted;  /* there was a note as well */
    int job;     /* socket to the child until it executes the job; -1 */
    int oom;     /* of the groups, see cgroup_oom_fd(); -1 */
    int gate;    /* who is to be told of its start waits there; -1 */
    struct elastic elastic;
    struct console *console; /* NULL: nobody sits in front of it */

    pid_t leader; /* the job's first process */
    bool leader_ended;
    bool more_to_reap;  /* do not sleep: there may be more to take in */
    int leader_status;  /* as of wait(2) */
    struct err failure; /* why it could not be executed, if code is set */

    enum ending ending;
    enum attempt_outcome cause; /* why it is ended; OUTCOME_EXITED: nobody wanted that */
    struct limit limit;         /* from the go-ahead for the child on */
    int64_t kill_at_us, sweep_at_us, sample_at_us, oom_at_us; /* 0: not at all */
    int64_t sweep_every_us, oom_every_us;

    int64_t sample_every_us; /* watch.c */
    int64_t sampled_at_us, sampled_kb;
    int64_t peak_kb; /* the largest sample, or resident size of one process */
    char line[96];   /* of the control FIFO, not yet complete */
    size_t line_len;
    bool suspend_early;     /* it is to be suspended as soon as it runs */
    bool stopped_by_signal; /* ... as it was, and is */
    bool restoring;         /* the first process is criu, until it has made the job again */
    bool saving;            /* criu writes the job down */
    char not_saved[256];    /* why that failed */
    bool making_room;       /* it was told to save its work and end: the limit is for that */
    int64_t signalled;      /* the token of the last signal that was sent on */
};

/* run.c: all that needs no spec: it is done before there is a job. 0, or -1 with *e. */
int shepherd_init(struct shepherd *s, struct err *e);
/* Waits for the scheduler's word (SAY_SPEC, SAY_RUN); false: it took it back, or died, or somebody
 * wants the shepherd to end. */
bool shepherd_told(struct shepherd *s, char word);
/* The whole way, from a decoded spec to the outcome. 1: written down, and ready for the next. 0:
 * nobody is there for whom to go on, or the attempt is another's, or was not to be run. -1 with *e:
 * it was not begun (there is no claim), or the outcome can't be told. */
int shepherd_run(struct shepherd *s, struct err *e);
/* As after shepherd_init(): nothing of the attempt is kept. */
void shepherd_reset(struct shepherd *s);

/* hold.c: groups and affinity, as far as they can be had; sets status.levels. */
void hold_make(struct shepherd *s);
/* Nobody of the job is left. The groups are kept for the next attempt, if they are as good as new
 * and there may be one; else they are removed. */
void hold_release(struct shepherd *s, bool next);
/* The child could not join these (enum cgroup_kind), or could not be pinned. */
void hold_lost(struct shepherd *s, int kinds, bool affinity);

/* It can't be held as was meant: says so, and sets the level. */
void hold_weaken(struct shepherd *s, const char *what, enum level *level, enum level to,
                 const char *why);

/* job.c: the child, and what it tells until it executes the job. */
int job_fork(struct shepherd *s, struct err *e); /* it waits for job_go() */
void job_go(struct shepherd *s);
void job_refuse(struct shepherd *s); /* it is not to go, and ends */
void job_listen(struct shepherd *s); /* s->job is readable */

/* loop.c: until nothing of the job is left. */
void loop_notes(struct shepherd *s);   /* what was to be told before we could be reached */
void loop_control(struct shepherd *s); /* s->control is readable */
int loop_run(struct shepherd *s, struct err *e);

/* signal.c: to all processes of the job, but for a first process that would die of a notice which
 * is not for it; or to the first alone. */
void signal_send(struct shepherd *s, int signal, bool first);

/* checkpoint.c */
/* Its limit is near: once, and not if it is ending. */
void checkpoint_tell(struct shepherd *s);
/* Its limit has come: it is ended, or saved; one that was not told yet (the machine slept, or the
 * limit was changed) is told, and still has its time. */
void checkpoint_limit(struct shepherd *s);
/* Others want it to make room: the same, and its time for that is all it still has. Without a
 * checkpoint it is asked to end at once. */
void checkpoint_and_end(struct shepherd *s);

/* images.c: by criu, in spec.images. */
/* Saves it, which ends it; or asks it to end. */
void images_save(struct shepherd *s);
bool images_wait(const struct shepherd *s); /* there are some, to be restored */
/* Becomes criu, to restore them, in the child; returns only if that failed. */
void images_execute(const struct shepherd *s, struct err *e);
/* The first process was criu, which ended so. True if another is it now; else s->failure says why,
 * unless somebody wanted that. */
bool images_restored(struct shepherd *s, int status);
/* The job is over: nobody needs those that were restored, or not finished. */
void images_settle(const struct shepherd *s);

/* suspend.c */
void suspend_begin(struct shepherd *s); /* without effect on a job that is ending, or is to */
void suspend_end(struct shepherd *s);
bool suspend_is_on(const struct shepherd *s);
void suspend_job_runs(struct shepherd *s);
/* SIGSTOP to everybody, until nobody is left who could fork. */
void suspend_stop_all(struct shepherd *s);

/* end.c */
/* SIGTERM to all, SIGKILL after the grace. A job that is ending already is let be. */
void end_ask(struct shepherd *s, enum attempt_outcome cause);
/* SIGHUP to all, and once the grace is over they are asked. */
void end_hang_up(struct shepherd *s);
/* s->kill_at_us has come. */
void end_grace_over(struct shepherd *s);
/* SIGKILL at once. */
void end_now(struct shepherd *s, enum attempt_outcome cause);
/* SIGKILL to whoever is there, and again later if need be. */
void end_sweep(struct shepherd *s);
/* Takes in who ended, as many as may be at one time. True if nobody is left. */
bool end_reap(struct shepherd *s);

/* watch.c: memory, and affinity, by looking. */
void watch_begin(struct shepherd *s); /* also harmless where nothing is to be watched */
void watch_sample(struct shepherd *s);
/* When to look again: soon while it grows or is near the limit. kb grew to this from last_kb within
 * elapsed_us; every_us was the interval before. */
int64_t watch_interval(int64_t kb, int64_t last_kb, int64_t elapsed_us, int64_t limit_kb,
                       int64_t every_us);

/* outcome.c: fills in the outcome once nothing is left but the groups. */
void outcome_tell(struct shepherd *s);
