/* SPDX-License-Identifier: MIT */
/* file.h - small files, as /proc and /sys are made of, and descriptors. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/buf.h"

/* Reads the beginning of a file into text, NUL-terminated, cut at size - 1. Returns the length, or
 * -1 with errno. */
ssize_t file_read(const char *path, char *text, size_t size);
/* Writes text to an existing file in one write(2), as cgroup files want it. 0, or -1 with errno. */
int file_write(const char *path, const char *text);
/* The number behind `key` ("Pss:", "oom_kill") at the start of a line of text; -1 if there is none.
 */
int64_t file_field(const char *text, const char *key);
/* Appends everything up to the end of the file. 0, or -1 with errno. */
int file_read_all(int fd, struct buf *out);
/* Writes all of it, however often it takes. 0, or -1 with errno. */
int file_write_all(int fd, const void *bytes, size_t len);
/* Reserves room for the first `size` bytes, and makes the file that long. 0, or -1 with errno. */
int file_reserve(int fd, off_t size);
/* On a network file system, where locks and shared memory do not hold: its name; NULL if it is
 * local, or can't be told. */
const char *file_network(const char *path);
/* Close-on-exec for every descriptor from `lowest` on. */
void file_cloexec_from(int lowest);
/* Closes them. */
void file_close_from(int lowest);
/* A pipe, close-on-exec: to read from [0]. 0, or -1 with errno. */
int file_pipe(int ends[2]);
/* A file without a name, read and write, close-on-exec: in memory, or, where that is not to be had,
 * in dir. -1 with errno. */
int file_anonymous(const char *dir);
