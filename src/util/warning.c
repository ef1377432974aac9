// SPDX-License-Identifier: MIT
#include "util/warning.h"

#include <string.h>
#include <strings.h>

#include "util/number.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/times.h"

#define DEFAULT_S 60
#define LONGEST_S 65535 /* as Slurm has it */

static int refuse(const char *what, const char *text, struct err *e)
{
    char shown[64];
    return err_set(e, ERR_INVALID,
                   "%s %s: not of the form [B:]SIGNAL[@SECONDS], such as USR1@120 (at most %d)",
                   what, text_brief(text, shown, sizeof shown), LONGEST_S);
}

int warning_parse(const char *what, const char *text, struct warning *w, struct err *e)
{
    char name[32];
    int64_t seconds = DEFAULT_S;
    bool first = strncasecmp(text, "B:", 2) == 0;
    const char *signal = first ? text + 2 : text;
    size_t len = strcspn(signal, "@");
    if (len >= sizeof name || strchr(signal, ':'))
        return refuse(what, text, e);
    if (signal[len] && number_parse(what, signal + len + 1, 1, LONGEST_S, &seconds, NULL) < 0)
        return refuse(what, text, e);
    text_copy(name, len + 1, signal);
    *w = (struct warning){.first = first, .before_us = seconds * US_PER_SEC};
    return signal_parse(what, name, &w->signal, e);
}

int warning_check(const char *what, const struct warning *w, int64_t limit_us, int resize_signal,
                  struct err *e)
{
    if (!w->signal)
        return 0;
    if (!limit_us)
        return err_set(e, ERR_INVALID, "%s: only a job with a time limit is warned of it", what);
    return warning_fits(what, w, limit_us, resize_signal, e);
}

int warning_fits(const char *what, const struct warning *w, int64_t limit_us, int resize_signal,
                 struct err *e)
{
    char name[16];
    if (limit_us && w->before_us >= limit_us)
        return err_set(e, ERR_INVALID,
                       "%s: %lld s before its end is not after its start: its time limit is %lld s",
                       what, (long long)(w->before_us / US_PER_SEC),
                       (long long)(limit_us / US_PER_SEC));
    if (w->signal && w->signal == resize_signal)
        return err_set(e, ERR_INVALID,
                       "%s: %s tells this elastic job that it is resized; take another signal for "
                       "one of the two",
                       what, signal_format(w->signal, name, sizeof name));
    return 0;
}
