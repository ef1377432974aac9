/* SPDX-License-Identifier: MIT */
/* exec.h - becoming the job's program. */
#pragma once

/* As execvpe(3), and the same with every C library: a name without a slash is looked for in the
 * PATH of env, and a file that the kernel does not take for a program (no #! line) is given to
 * /bin/sh. Returns only if that failed, with errno: ENOENT if it was not found. */
void exec_program(char *const argv[], char *const env[]);
