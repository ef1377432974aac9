// SPDX-License-Identifier: MIT
#include "cli/efficiency.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/times.h"

/* Below half of what was asked for, another job could have had the rest. */
#define POOR 0.5
/* Differences that are worth nobody's while. */
#define SPARE_MB   64
#define BRIEFLY_S  1.0
#define HEADROOM   1.25 /* on top of the peak */
#define MORE       1.5  /* of what was too little */
#define MORE_TIME  2.0
#define MB_PER_GB  1024
#define STEP_MB    16  /* what is suggested is a multiple of these */
#define STEP_GB_MB 512 /* from 1 GB on */

/* What is known of the job. Negative: not known. */
struct use {
    const char *state;
    double runtime, cpus, cpu_used, mem_mb, peak_mb, time_limit;
    bool resized;
};

static double number(const json_t *object, const char *key)
{
    const json_t *n = json_object_get(object, key);
    return json_is_number(n) ? json_number_value(n) : -1;
}

static struct use use_of(const json_t *job)
{
    const json_t *alloc = json_object_get(job, "alloc");
    const json_t *state = json_object_get(job, "state");
    double user = number(job, "cpu_user"), system = number(job, "cpu_system");
    double peak_kb = number(job, "mem_peak_kb");
    return (struct use){
        .state = json_is_string(state) ? json_string_value(state) : "",
        .runtime = number(job, "runtime"),
        .cpus = number(alloc, "cpus"),
        .cpu_used = user >= 0 && system >= 0 ? user + system : -1,
        .mem_mb = number(alloc, "mem_mb"),
        .peak_mb = peak_kb >= 0 ? peak_kb / 1024 : -1,
        .time_limit = number(job, "time_limit"),
        .resized = number(json_object_get(job, "elastic"), "resizes") > 0,
    };
}

static bool is(const struct use *u, const char *state)
{
    return strcmp(u->state, state) == 0;
}

/* Negative: not known. Of a job whose CPUs changed, so is what it held. */
static double cpu_efficiency(const struct use *u)
{
    double held = u->runtime * u->cpus;
    return u->cpu_used >= 0 && held > 0 && !u->resized ? u->cpu_used / held : -1;
}

static double mem_efficiency(const struct use *u)
{
    return u->peak_mb >= 0 && u->mem_mb > 0 && !u->resized ? u->peak_mb / u->mem_mb : -1;
}

static int64_t round_up(double n)
{
    int64_t whole = (int64_t)n;
    return whole + (n > (double)whole);
}

static void suggest_mem(double mb, char *buf, size_t len)
{
    int64_t step = mb < MB_PER_GB ? STEP_MB : STEP_GB_MB;
    int64_t whole = round_up(mb / (double)step) * step;
    if (whole % MB_PER_GB == 0)
        snprintf(buf, len, "ask for --mem %jdG next time", (intmax_t)(whole / MB_PER_GB));
    else
        snprintf(buf, len, "ask for --mem %jdM next time", (intmax_t)whole);
}

static void suggest_time(double seconds, char *buf, size_t len)
{
    char time[32];
    duration_format((int64_t)(seconds * (double)US_PER_SEC), time, sizeof time);
    snprintf(buf, len, "ask for --time %s next time", time);
}

static void suggest_cpus(const struct use *u, char *buf, size_t len)
{
    int64_t cpus = round_up(u->cpu_used / u->runtime);
    snprintf(buf, len, "ask for --cpus %jd next time", (intmax_t)(cpus > 0 ? cpus : 1));
}

/* One, the most pressing; "" if there is none. What was too little comes before what was too much.
 */
static void suggest(const struct use *u, char *buf, size_t len)
{
    double cpu = cpu_efficiency(u), mem = mem_efficiency(u);
    buf[0] = '\0';
    if (is(u, "OUT_OF_MEMORY") && u->mem_mb > 0)
        suggest_mem(u->mem_mb * MORE, buf, len);
    else if (is(u, "TIMEOUT") && u->time_limit > 0)
        suggest_time(u->time_limit * MORE_TIME, buf, len);
    else if (!is(u, "COMPLETED"))
        return; /* what a failure used says nothing of a success */
    else if (mem >= 0 && mem < POOR && u->mem_mb - u->peak_mb * HEADROOM >= SPARE_MB)
        suggest_mem(u->peak_mb * HEADROOM, buf, len);
    else if (cpu >= 0 && cpu < POOR && u->cpus > 1 && u->runtime >= BRIEFLY_S)
        suggest_cpus(u, buf, len);
}

static json_t *known(double n)
{
    return n >= 0 ? json_real(n) : json_null();
}

json_t *efficiency_json(const json_t *job)
{
    struct use u = use_of(job);
    char text[96];
    suggest(&u, text, sizeof text);
    return json_pack("{s:O?, s:O?, s:O?, s:O?, s:O?, s:O?, s:o, s:o, s:O?, s:o, s:o, s:o}", "job",
                     json_object_get(job, "id"), "array_id", json_object_get(job, "array_id"),
                     "task", json_object_get(job, "task"), "state", json_object_get(job, "state"),
                     "cpus", json_object_get(json_object_get(job, "alloc"), "cpus"), "runtime",
                     json_object_get(job, "runtime"), "cpu_used", known(u.cpu_used),
                     "cpu_efficiency", known(cpu_efficiency(&u)), "mem_mb",
                     json_object_get(json_object_get(job, "alloc"), "mem_mb"), "mem_peak_mb",
                     known(u.peak_mb), "mem_efficiency", known(mem_efficiency(&u)), "suggestion",
                     text[0] ? json_string(text) : json_null());
}
