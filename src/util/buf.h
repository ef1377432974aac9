/* SPDX-License-Identifier: MIT */
/* buf.h - a growable run of bytes.
 *
 * An append that fails for lack of memory leaves the contents and sets `failed`, and every later
 * append does nothing: check once, at the end. `data` is always NUL-terminated once something was
 * appended (the NUL is not counted in len). Zero-initialise; free with buf_free(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t len, cap;
    bool failed;
};

void buf_free(struct buf *b); /* also resets to empty */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Makes room for n more bytes behind len and returns where they go, or NULL. */
char *buf_reserve(struct buf *b, size_t n);
/* Takes the first n bytes away. */
void buf_drop(struct buf *b, size_t n);
/* Hands the bytes to the caller (free with free()); the buf is empty again. NULL if it failed;
 * never NULL otherwise. */
char *buf_steal(struct buf *b, size_t *len);

#define _cleanup_buf_ __attribute__((cleanup(buf_free)))
