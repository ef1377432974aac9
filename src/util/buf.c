// SPDX-License-Identifier: MIT
#include "util/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

char *buf_reserve(struct buf *b, size_t n)
{
    if (b->failed)
        return NULL;
    if (b->data && b->cap - b->len > n)
        return b->data + b->len;
    size_t cap = b->cap ? b->cap : 64;
    while (cap - b->len <= n) {
        if (cap > (size_t)-1 / 2) {
            b->failed = true;
            return NULL;
        }
        cap *= 2;
    }
    char *grown = realloc(b->data, cap);
    if (!grown) {
        b->failed = true;
        return NULL;
    }
    b->data = grown;
    b->cap = cap;
    b->data[b->len] = '\0';
    return b->data + b->len;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    char *to = buf_reserve(b, len);
    if (!to)
        return;
    if (len)
        memcpy(to, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

/* Into the room that there is, at least so much. The length it would have, or -1. */
__attribute__((format(printf, 3, 0))) static int print(struct buf *b, size_t room, const char *fmt,
                                                       va_list ap)
{
    char *to = buf_reserve(b, room);
    return to ? vsnprintf(to, b->cap - b->len, fmt, ap) : -1;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int len = print(b, 0, fmt, ap);
    if (len >= 0 && (size_t)len >= b->cap - b->len)
        len = print(b, (size_t)len, fmt, again);
    va_end(again);
    va_end(ap);
    if (len >= 0)
        b->len += (size_t)len;
    else
        b->failed = true;
    if (b->data)
        b->data[b->len] = '\0';
}

void buf_drop(struct buf *b, size_t n)
{
    b->len -= n;
    memmove(b->data, b->data + n, b->len + 1);
}

char *buf_steal(struct buf *b, size_t *len)
{
    buf_reserve(b, 0);
    if (b->failed)
        return NULL;
    if (len)
        *len = b->len;
    char *data = b->data;
    *b = (struct buf){0};
    return data;
}
