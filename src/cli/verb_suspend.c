// SPDX-License-Identifier: MIT
#include "cli/jobs.h"
#include "cli/verb.h"

static const char notes[] =
    "No process of a suspended job runs, and its time limit stands still. It keeps its memory and\n"
    "its CPUs: nobody else gets them meanwhile.\n";

static int run_suspend(int argc, char **argv, struct err *e)
{
    return jobs_change(&verb_suspend, "suspended", "Suspended", argc, argv, e);
}

static int run_resume(int argc, char **argv, struct err *e)
{
    return jobs_change(&verb_resume, "resumed", "Resumed", argc, argv, e);
}

const struct verb verb_suspend = {
    .name = "suspend",
    .command = {.name = "mini-slurm suspend",
                .words = JOBS_WORDS,
                .summary = "let running jobs stand still",
                .notes = notes,
                .options = jobs_change_options},
    .run = run_suspend,
};
const struct verb verb_resume = {
    .name = "resume",
    .command = {.name = "mini-slurm resume",
                .words = JOBS_WORDS,
                .summary = "let suspended jobs go on",
                .options = jobs_change_options},
    .run = run_resume,
};
