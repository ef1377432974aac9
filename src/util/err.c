// SPDX-License-Identifier: MIT
#include "util/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *e, int code, const char *fmt, ...)
{
    if (!e)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    e->code = code;
    return -1;
}

static int code_of_errno(int n)
{
    switch (n) {
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
    case EAGAIN:
    case EMFILE:
    case ENFILE:
        return ERR_FULL;
    default:
        return ERR_SYSTEM;
    }
}

int err_errno(struct err *e, const char *fmt, ...)
{
    int n = errno;
    if (!e)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    int len = vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    if (len >= 0 && (size_t)len < sizeof e->text)
        snprintf(e->text + len, sizeof e->text - (size_t)len, ": %s", strerror(n));
    e->code = code_of_errno(n);
    errno = n;
    return -1;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
    if (!e)
        return -1;
    char context[sizeof e->text - 2];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(context, sizeof context, fmt, ap);
    va_end(ap);
    /* Too long a whole loses its end, never the context. */
    size_t len = strlen(context);
    size_t keep = strnlen(e->text, sizeof e->text - len - 3);
    memmove(e->text + len + 2, e->text, keep);
    e->text[len + 2 + keep] = '\0';
    memcpy(e->text, context, len);
    memcpy(e->text + len, ": ", 2);
    return -1;
}

int err_nomem(struct err *e)
{
    return err_set(e, ERR_FULL, "out of memory");
}

int err_usage(struct err *e)
{
    if (e && e->code == ERR_INVALID)
        e->code = ERR_USAGE;
    return -1;
}
