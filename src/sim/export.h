/* SPDX-License-Identifier: MIT */
/* export.h - `mini-slurm export`: the history for others, in the same program as `simulate`. */
#pragma once

/* Returns the exit status. */
int export_main(int argc, char **argv);
