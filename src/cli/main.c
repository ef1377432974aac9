// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/verb.h"
#include "util/text.h"

static const struct verb *const verbs[] = {
    &verb_submit,  &verb_run,        &verb_attach,   &verb_queue,      &verb_show,
    &verb_why,     &verb_cancel,     &verb_resize,   &verb_stats,      &verb_scheduler,
    &verb_doctor,  &verb_topology,   &verb_simulate, &verb_export,     &verb_wait,
    &verb_logs,    &verb_efficiency, &verb_drain,    &verb_resume_all, &verb_prune,
    &verb_signal,  &verb_suspend,    &verb_resume,   &verb_graph,      &verb_hold,
    &verb_release, &verb_update,     &verb_requeue,  &verb_sweep,
};
#define VERBS (sizeof verbs / sizeof *verbs)

struct main_options {
    bool version;
};

static const struct option_def options[] = {
    OPTION_FLAG(struct main_options, version, "version", "print the version"),
    OPTIONS_END,
};
static const struct command mini_slurm = {
    .name = "mini-slurm",
    .words = "VERB [ARG]...",
    .summary = "Run jobs on this machine, as many at a time as its CPUs and memory allow",
    .options = options,
    .first_word_ends = true,
};

static void help(void)
{
    options_help(&mini_slurm, stdout);
    printf("\nVerbs (mini-slurm VERB --help says more):\n");
    for (size_t i = 0; i < VERBS; i++)
        printf("  %-10s  %s\n", verbs[i]->name, verbs[i]->command.summary);
}

static const struct verb *find_verb(const char *word, struct err *e)
{
    const char *names[VERBS + 1] = {NULL};
    for (size_t i = 0; i < VERBS; i++) {
        if (strcmp(verbs[i]->name, word) == 0)
            return verbs[i];
        names[i] = verbs[i]->name;
    }
    char shown[64];
    const char *near = text_nearest(word, names);
    text_brief(word, shown, sizeof shown);
    if (near)
        err_set(e, ERR_USAGE, "unknown verb %s (did you mean %s?)", shown, near);
    else
        err_set(e, ERR_USAGE, "unknown verb %s", shown);
    return NULL;
}

static int run_verb(const struct verb *v, int argc, char **argv)
{
    struct err e = {0};
    int r = v->run(argc, argv, &e);
    if (r >= VERB_EXIT)
        return r - VERB_EXIT;
    switch (r) {
    case VERB_DONE:
        return 0;
    case VERB_HELP:
        options_help(&v->command, stdout);
        return 0;
    case VERB_FAILED:
        return 1;
    default:
        return options_refuse(&v->command, &e);
    }
}

static int run(int argc, char **argv)
{
    struct main_options o = {0};
    struct err e = {0};
    switch (options_parse(&mini_slurm, &o, &argc, argv, &e)) {
    case 0:
        break;
    case OPTIONS_HELP:
        help();
        return 0;
    default:
        return options_refuse(&mini_slurm, &e);
    }
    if (o.version) {
        puts("mini-slurm " MINI_SLURM_VERSION);
        return 0;
    }
    const struct verb *v = NULL;
    if (argc == 0)
        err_set(&e, ERR_USAGE, "no verb given");
    else
        v = find_verb(argv[0], &e);
    return v ? run_verb(v, argc, argv) : options_refuse(&mini_slurm, &e);
}

/* What we open must not get the number of a stream that the caller closed: what is printed would
 * end up in it. A closed stream can be read to its end, and not written. */
static bool hold_streams(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

int main(int argc, char **argv)
{
    if (!hold_streams())
        return 1;
    int status = run(argc, argv);
    /* What was printed must have arrived, or it was not done. A reader that went away knows. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (errno != EPIPE)
            fprintf(stderr, "mini-slurm: standard output: %s\n", strerror(errno));
        return status ? status : 1;
    }
    return status;
}
