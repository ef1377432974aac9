// SPDX-License-Identifier: MIT
/* Draws what came out of a sweep: `mini-slurm sweep show --plot` becomes this program, so that
 * nothing else has to load cairo. */
#include <jansson.h>

#include "sim/plot.h"
#include "sweep/draw.h"
#include "sweep/points.h"
#include "util/options.h"

static const struct option_def options[] = {OPTIONS_END};

static const struct command command = {
    .name = "mini-slurm-plot",
    .words = "FILE",
    .summary = "draw a sweep: standard input is what mini-slurm sweep show --json prints",
    .options = options,
};

static int plot(const void *given, int nwords, char **words, struct err *e)
{
    struct points p = {0};
    json_error_t why;
    (void)given;
    if (nwords != 1)
        return err_set(e, ERR_USAGE, "to which file?");
    if (plot_check_name(words[0], e) < 0)
        return -1;
    json_t *all = json_loadf(stdin, 0, &why);
    if (!all)
        return err_set(e, ERR_INVALID, "standard input: %s", why.text);
    int r = points_read(all, &p, e);
    if (r == 0)
        r = draw_points(words[0], &p, e);
    points_free(&p);
    json_decref(all);
    return r;
}

int main(int argc, char **argv)
{
    int none = 0;
    return options_main(&command, &none, argc, argv, plot);
}
