/* SPDX-License-Identifier: MIT */
/* process_system.h - what process.c leaves to each system. */
#pragma once

/* Lets a process that is spawned next keep descriptors below `lowest` only. Returns what that takes
 * of posix_spawn(3)'s flags. */
short process_close_others(int lowest);
/* SIGKILL to every process but ours that carries this entry in its environment; how many. */
int process_sweep_once(const char *entry);
