// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "cli/environment.h"
#include "tap.h"
#include "util/buf.h"

extern char **environ;

static struct err e;

/* Our own environment is this, whatever the test was started with. */
static char *const ours[] = {(char[]){"HOME=/home/ann"},
                             (char[]){"USER=ann"},
                             (char[]){"PATH=/opt/bin:/bin"},
                             (char[]){"LR=0.1"},
                             (char[]){"MINI_SLURM_HOME=/data"},
                             (char[]){"odd"},
                             (char[]){"=odd"},
                             NULL};

/* The environment, its variables joined with blanks; NULL if it was refused. */
static const char *build(struct buf *b, const char *export, const char *const assignments[])
{
    struct strz env = {0};
    size_t n = 0;
    while (assignments && assignments[n])
        n++;
    buf_free(b);
    e = (struct err){0};
    if (environment_build(export, (char **)(uintptr_t)assignments, n, &env, &e) < 0)
        return NULL;
    strz_each (var, &env)
        buf_printf(b, "%s%s", b->len ? " " : "", var);
    free(env.data);
    return b->data;
}
#define ASSIGN(...) ((const char *const[]){__VA_ARGS__, NULL})

#define NOTHING "HOME=/home/ann USER=ann PATH=/usr/local/bin:/usr/bin:/bin"
#define ALL     "HOME=/home/ann USER=ann PATH=/opt/bin:/bin LR=0.1 MINI_SLURM_HOME=/data"

int main(void)
{
    struct buf b _cleanup_buf_ = {0};
    environ = (char **)(uintptr_t)ours;

    is_str(build(&b, NULL, NULL), ALL, "by default all of ours, but what is no variable");
    is_str(build(&b, "ALL", NULL), ALL, "ALL");
    is_str(build(&b, "NONE", NULL), NOTHING, "NONE leaves what a login has, and a plain PATH");
    is_str(build(&b, "LR", NULL), NOTHING " LR=0.1", "a name takes the variable over");
    is_str(build(&b, "UNSET", NULL), NOTHING, "if it is set");
    is_str(build(&b, "LR=5,X=a=b", NULL), NOTHING " LR=5 X=a=b", "a value sets it");
    is_str(build(&b, "PATH", NULL), "HOME=/home/ann USER=ann PATH=/opt/bin:/bin",
           "our PATH if that is asked for");
    is_str(build(&b, "ALL,X=1", NULL), ALL " X=1", "ALL and more");
    is_str(build(&b, "X=1,ALL", NULL), ALL " X=1", "in either order");
    is_str(build(&b, "ALLY", NULL), NOTHING, "a name that begins like it is another");
    is_str(build(&b, "NONE,X=1", NULL), NOTHING " X=1", "NONE and more");
    is_str(build(&b, "ALL", ASSIGN("LR=7", "NEW=")),
           "HOME=/home/ann USER=ann PATH=/opt/bin:/bin LR=7 MINI_SLURM_HOME=/data NEW=",
           "assignments win");
    is_str(build(&b, "X=1", ASSIGN("X=2")), NOTHING " X=2", "over the list as well");

    is_str(build(&b, "A B", NULL), NULL, "what can be no name is refused");
    is_str(e.text, "--export A B: not a variable (use ALL, NONE, NAME or NAME=value)", "and named");
    is_int(e.code, ERR_USAGE, "as wrong usage");
    is_str(build(&b, "", NULL), NULL, "so is nothing");
    is_str(build(&b, "X,,Y", NULL), NULL, "between commas too");
    return done_testing();
}
