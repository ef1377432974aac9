// SPDX-License-Identifier: MIT
#include "store/columns.h"

#include <stdio.h>
#include <string.h>

#include "store/db.h"

char *levels_format(const struct levels *l, char *buf, size_t len)
{
    snprintf(buf, len, "cpu=%s mem=%s procs=%s gpu=%s", level_name(l->cpu), level_name(l->mem),
             level_name(l->procs), level_name(l->gpu));
    return buf;
}

static enum level level_or_none(const char *name)
{
    int l = level_parse(name);
    return l < 0 ? LEVEL_NONE : (enum level)l;
}

void stmt_get_levels(struct stmt *q, struct levels *l)
{
    const char *text = stmt_peek_text(q);
    char cpu[16], mem[16], procs[16], gpu[16];
    *l = (struct levels){0};
    if (!text || sscanf(text, "cpu=%15s mem=%15s procs=%15s gpu=%15s", cpu, mem, procs, gpu) != 4)
        return;
    *l = (struct levels){.cpu = level_or_none(cpu),
                         .mem = level_or_none(mem),
                         .procs = level_or_none(procs),
                         .gpu = level_or_none(gpu)};
}

int stmt_get_state(struct stmt *q, int64_t job, enum job_state *state, struct err *e)
{
    const char *name = stmt_peek_text(q);
    int known = name ? job_state_parse(name) : -1;
    if (known < 0)
        return err_set(e, ERR_CORRUPT, "%s is damaged: job %lld has the unknown state \"%s\"",
                       q->store->path, (long long)job, name ? name : "");
    *state = (enum job_state)known;
    return 0;
}
