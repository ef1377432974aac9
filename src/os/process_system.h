/* SPDX-License-Identifier: MIT */
/* process_system.h - what process.c leaves to each system. */
#pragma once

/* Lets a spawned process keep descriptors below `lowest` only; may add to posix_spawn(3)'s flags.
 */
void process_close_others(short *flags, int lowest);
/* SIGKILL to every process but ours that carries this entry in its environment; how many. */
int process_sweep_once(const char *entry);
