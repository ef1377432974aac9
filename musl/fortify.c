// SPDX-License-Identifier: MIT
/* What _FORTIFY_SOURCE makes of some functions, for a C library that does not have it:
 * distributions compile their static libraries so. The buffers' sizes, the callers' knowledge, are
 * checked. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int __snprintf_chk(char *to, size_t max, int flag, size_t size, const char *format, ...);
int __vsnprintf_chk(char *to, size_t max, int flag, size_t size, const char *format, va_list args);
char *__strncpy_chk(char *to, const char *from, size_t max, size_t size);

int __vsnprintf_chk(char *to, size_t max, int flag, size_t size, const char *format, va_list args)
{
    (void)flag;
    if (max > size)
        abort();
    return vsnprintf(to, max, format, args);
}

int __snprintf_chk(char *to, size_t max, int flag, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = __vsnprintf_chk(to, max, flag, size, format, args);
    va_end(args);
    return n;
}

char *__strncpy_chk(char *to, const char *from, size_t max, size_t size)
{
    if (max > size)
        abort();
    return strncpy(to, from, max);
}
