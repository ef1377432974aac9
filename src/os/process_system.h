/* SPDX-License-Identifier: MIT */
/* process_system.h - what process.c leaves to each system. */
#pragma once

#include <spawn.h>

/* Lets a spawned process keep descriptors below `lowest` only. 0, or an errno. */
int process_close_others(posix_spawn_file_actions_t *files, short *flags, int lowest);
/* SIGKILL to every process but ours that carries this entry in its environment; how many. */
int process_sweep_once(const char *entry);
