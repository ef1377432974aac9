// SPDX-License-Identifier: MIT
#include "util/checkpoint.h"

#include <signal.h>
#include <string.h>

#include "util/number.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/times.h"

#define DEFAULT_US (60 * US_PER_SEC)
#define LONGEST_S  86400

static const char *const names[CHECKPOINTS] = {
    [CHECKPOINT_SIGNAL] = "signal",
    [CHECKPOINT_CRIU] = "criu",
};

const char *checkpoint_name(enum checkpoint c)
{
    return names[c];
}

enum checkpoint checkpoint_find(const char *name)
{
    for (int c = CHECKPOINT_NONE + 1; name && c < CHECKPOINTS; c++)
        if (strcmp(names[c], name) == 0)
            return (enum checkpoint)c;
    return CHECKPOINT_NONE;
}

static int refuse(const char *what, const char *text, struct err *e)
{
    char shown[64];
    return err_set(e, ERR_INVALID,
                   "%s %s: not of the form signal:SIGNAL[@TIME], such as signal:USR1@30s (at most "
                   "%d s), or criu",
                   what, text_brief(text, shown, sizeof shown), LONGEST_S);
}

/* A bare number is of seconds, as in --signal. */
static int parse_time(const char *text, int64_t *us)
{
    int64_t seconds;
    if (number_parse("", text, 1, LONGEST_S, &seconds, NULL) == 0)
        *us = seconds * US_PER_SEC;
    else if (!text[strcspn(text, "smhd")] || duration_parse_us("", text, us, NULL) < 0)
        return -1;
    return *us <= LONGEST_S * US_PER_SEC ? 0 : -1;
}

int checkpoint_parse(const char *what, const char *text, enum checkpoint *c, struct warning *w,
                     struct err *e)
{
    static const char prefix[] = "signal:";
    char name[32];
    struct warning found = {.before_us = DEFAULT_US};
    if (strcmp(text, names[CHECKPOINT_CRIU]) == 0) {
        *c = CHECKPOINT_CRIU;
        return 0;
    }
    if (strncmp(text, prefix, sizeof prefix - 1) != 0)
        return refuse(what, text, e);
    const char *signal = text + sizeof prefix - 1;
    size_t len = strcspn(signal, "@");
    if (len == 0 || len >= sizeof name ||
        (signal[len] && parse_time(signal + len + 1, &found.before_us) < 0))
        return refuse(what, text, e);
    text_copy(name, len + 1, signal);
    if (signal_parse(what, name, &found.signal, e) < 0)
        return -1;
    if (found.signal == SIGKILL || found.signal == SIGSTOP)
        return err_set(e, ERR_INVALID,
                       "%s %s: no program can handle this signal, and save its work", what, text);
    *c = CHECKPOINT_SIGNAL;
    *w = found;
    return 0;
}
