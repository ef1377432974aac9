// SPDX-License-Identifier: MIT
#include "cli/workers.h"

#include <inttypes.h>
#include <string.h>

#include "os/paths.h"
#include "util/buf.h"
#include "util/cleanup.h"

/* The kernel's limit for one argument (MAX_ARG_STRLEN in linux/binfmts.h), the NUL included. */
#define ARGUMENT_MAX (128 * 1024)

int workers_check(const struct workers_options *o, bool workers, struct err *e)
{
    if (o->cpus && !workers)
        return err_set(e, ERR_USAGE, "--cpus-per-worker: only with --workers");
    return 0;
}

static void add_word(struct buf *words, const char *word)
{
    buf_add(words, word, strlen(word) + 1);
}

/* A job has one script file, and the pool would be what gets it. */
static int add_shell(struct buf *words, const struct command_line *c, struct err *e)
{
    if (strncmp(c->argv.data, "#!", 2) == 0 || c->argv.len > ARGUMENT_MAX)
        return err_set(
            e, ERR_USAGE, "--workers: a script that %s: write it to a file, and submit that",
            c->argv.len > ARGUMENT_MAX ? "is longer than 128 KB" : "names its own interpreter");
    add_word(words, "/bin/sh");
    add_word(words, "-c");
    return 0;
}

int workers_wrap(const struct workers_options *o, struct command_line *c, struct err *e)
{
    _cleanup_free_ char *program = paths_program("mini-slurm-workers", e);
    _cleanup_buf_ struct buf words = {0};
    if (!program)
        return -1;
    add_word(&words, program);
    if (o->cpus) {
        buf_printf(&words, "--cpus-per-worker=%" PRId64, o->cpus);
        buf_add(&words, "", 1);
    }
    add_word(&words, "--");
    if (c->shell && add_shell(&words, c, e) != 0)
        return -1;
    buf_add(&words, c->argv.data, c->argv.len);
    if (words.failed)
        return err_nomem(e);
    free(c->argv.data);
    c->argv.data = buf_steal(&words, &c->argv.len);
    c->shell = false;
    return 0;
}
