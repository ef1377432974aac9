/* SPDX-License-Identifier: MIT */
/* text.h - bytes that came from users, made fit to print; and words that look alike. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

bool text_is_utf8(const char *bytes, size_t len);
/* Appends the bytes as printable UTF-8 on one line: \n \t \r \\ and \xHH for other control
 * characters and for bytes that are not UTF-8. Valid UTF-8 is kept. */
void text_printable(struct buf *out, const char *bytes, size_t len);
/* The bytes that text_printable() made this of: a string to free(), NULL if no memory. Ends at a
 * NUL among them. */
char *text_bytes(const char *printable);
/* Columns that s takes on a terminal (UTF-8; wide characters count as 2, combining ones as 0). */
size_t text_width(const char *s);
/* The number of bytes of s that fit into `columns`, never cutting a character in two. */
size_t text_cut(const char *s, size_t columns);
/* As strcmp(3), but that numbers without leading zeros are compared as such: 9 < 10 < 10_2. */
int text_compare(const char *a, const char *b);
/* The candidate (NULL-terminated list) closest to word by edit distance, if it is close enough to
 * be what was meant; else NULL. */
const char *text_nearest(const char *word, const char *const candidates[]);
/* The text on one line and printable, cut with "..." if it does not fit; '' if it is empty: for
 * messages that show what was wrong. Returns buf (of at least 8 bytes). */
char *text_brief(const char *s, char *buf, size_t len);
/* Copies with truncation, always NUL-terminated; false if it was cut. */
bool text_copy(char *to, size_t size, const char *from);
/* The length of the NAME= that word begins with; 0 if it is no assignment as a shell knows it. */
size_t text_assignment(const char *word);
/* Appends argv as one line a POSIX shell would read back as the same words. */
void text_quote_argv(struct buf *out, char *const argv[]);
