/* SPDX-License-Identifier: MIT */
/* tap.h - unit tests that print TAP, as prove and meson read it.
 *
 *     int main(void)
 *     {
 *         is_int(1 + 1, 2, "addition works");
 *         return done_testing();
 *     }
 *
 * A failed check is printed with file and line, and the next ones go on. */
#pragma once

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int tap_run, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static bool tap_ok(bool good, const char *file,
                                                                 int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("%sok %d - ", good ? "" : "not ", ++tap_run);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    if (!good) {
        tap_failed++;
        printf("#   failed at %s:%d\n", file, line);
    }
    fflush(stdout);
    return good;
}

static inline bool tap_is_int(intmax_t got, intmax_t want, const char *file, int line,
                              const char *name)
{
    bool good = tap_ok(got == want, file, line, "%s", name);
    if (!good)
        printf("#   got %jd, wanted %jd\n", got, want);
    return good;
}

static inline bool tap_is_str(const char *got, const char *want, const char *file, int line,
                              const char *name)
{
    bool good = got && want ? strcmp(got, want) == 0 : got == want;
    tap_ok(good, file, line, "%s", name);
    if (!good)
        printf("#   got    \"%s\"\n#   wanted \"%s\"\n", got ? got : "(null)",
               want ? want : "(null)");
    return good;
}

static inline bool tap_has_str(const char *got, const char *part, const char *file, int line,
                               const char *name)
{
    bool good = got && strstr(got, part);
    tap_ok(good, file, line, "%s", name);
    if (!good)
        printf("#   got     \"%s\"\n#   without \"%s\"\n", got ? got : "(null)", part);
    return good;
}

#define ok(cond, ...)            tap_ok(cond, __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, want, name)  tap_is_int(got, want, __FILE__, __LINE__, name)
#define is_str(got, want, name)  tap_is_str(got, want, __FILE__, __LINE__, name)
#define has_str(got, part, name) tap_has_str(got, part, __FILE__, __LINE__, name)
#define skip(reason)             printf("ok %d # SKIP %s\n", ++tap_run, reason)

static inline int done_testing(void)
{
    printf("1..%d\n", tap_run);
    return tap_failed ? 1 : 0;
}
