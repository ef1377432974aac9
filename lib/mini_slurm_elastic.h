/* SPDX-License-Identifier: MIT */
/* mini_slurm_elastic.h - for programs that use as many CPUs as mini-slurm lets them have.
 *
 *     struct mini_slurm_elastic e;
 *     if (mini_slurm_elastic_open(&e) != 0)
 *         perror("mini-slurm's control file");
 *     for (int step = 0; step < steps; step++) {
 *         if (mini_slurm_elastic_changed(&e) || step == 0)
 *             use_threads(e.cpus);
 *         mini_slurm_elastic_acknowledge(&e);
 *         ...
 *     }
 *
 * Outside of an elastic job the program has the CPUs it may run on, and nothing ever changes.
 *
 * Link with -lmini-slurm-elastic (pkg-config knows it), or take this file and its .c, which need
 * libc alone. Such a struct is for one thread at a time; it holds nothing open. */
#ifndef MINI_SLURM_ELASTIC_H
#define MINI_SLURM_ELASTIC_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mini_slurm_elastic {
    int cpus; /* what to use now */
    int min_cpus, max_cpus;
    long long mem_mb;      /* 0 outside of an elastic job */
    long long generation;  /* higher with each change; 0 at first */
    bool shrinking;        /* it has more than `cpus` until it acknowledges, or the deadline */
    long long deadline_ms; /* since the epoch; 0: none */
    char cpu_list[1024];   /* "0-3,7"; "-": CPUs are not told apart */
    const char *control;   /* from here on its own business; NULL outside of an elastic job */
    const char *ack;
    long long acknowledged; /* a generation */
    long long looked_ms;
};

/* Reads the control file that the environment names, and handles the signal that tells of changes:
 * the one that the job was started with ignored; no other is touched. 0, or -1 with errno if there
 * should be a control file and can't be read: then all is as outside of an elastic job. */
int mini_slurm_elastic_open(struct mini_slurm_elastic *e);

/* Whether it is to use another number of CPUs, or of megabytes, than at the last call. Cheap enough
 * for every iteration of a loop: it looks at the file when the signal has come, and ten times a
 * second in case that none does. */
bool mini_slurm_elastic_changed(struct mini_slurm_elastic *e);

/* "No more than `cpus` are in use": then nobody waits for the deadline. 0, or -1 with errno. */
int mini_slurm_elastic_acknowledge(struct mini_slurm_elastic *e);

#ifdef __cplusplus
}
#endif
#endif
