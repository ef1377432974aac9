// SPDX-License-Identifier: MIT
#include "sim/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "util/text.h"

/* With both a line takes less than the 80 columns that every terminal has. */
#define LABEL 40
#define BAR   24

void progress_begin(struct progress *p, const char *trace, const char *run)
{
    char name[64];
    p->shown = isatty(STDERR_FILENO);
    text_brief(trace, name, sizeof name);
    snprintf(p->label, sizeof p->label, "%s: %s", run, name);
    p->label[text_cut(p->label, LABEL)] = '\0';
    progress_tell(p, 0, 1);
}

void progress_tell(void *progress, size_t done, size_t all)
{
    static const char full[] = "########################", none[] = "........................";
    const struct progress *p = progress;
    int bars = (int)(BAR * done / all);
    if (p->shown)
        fprintf(stderr, "\r%s [%.*s%.*s] %3zu%%", p->label, bars, full, BAR - bars, none,
                100 * done / all);
}

void progress_end(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}
