/* SPDX-License-Identifier: MIT */
/* work.h - what a malleable job has to do, and how far it is on a number of CPUs that changes.
 *
 * A job whose parallel fraction is f is S(n) = 1 / (1 - f + f / n) times as fast on n CPUs as on
 * one (G. M. Amdahl, "Validity of the single processor approach to achieving large scale computing
 * capabilities", AFIPS 1967). Its work is its run time on the CPUs it asked for, p; on n it
 * proceeds at the speed S(n) / S(p). Whatever it is resized to, the integral of its speed over its
 * run is that work. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct work {
    double parallel;    /* f: 0 to 1 */
    int64_t asked_cpus; /* p */
    double total_us;    /* on these */
    double done_us;     /* of the total, until since_us */
    double cpu_us;      /* CPU time it has held until then */
    int64_t since_us;   /* from then on it has */
    int64_t cpus;
};

/* S(n). */
double work_speedup(double parallel, int64_t cpus);
/* It starts, on the CPUs it asked for. */
struct work work_begin(double parallel, int64_t cpus, int64_t run_us, int64_t now_us);
/* It has so many CPUs from now on. Returns when it ends with them: the first microsecond at which
 * the work is done, and later than now_us. */
int64_t work_resize(struct work *w, int64_t cpus, int64_t now_us);
/* It ends now. Whether the work is done, and no more, but for the rounding to microseconds. */
bool work_end(struct work *w, int64_t now_us);
