// SPDX-License-Identifier: MIT
#include "util/strz.h"

#include <stdlib.h>
#include <string.h>

size_t strz_count(const struct strz *list)
{
    size_t n = 0;
    strz_each (s, list)
        n++;
    return n;
}

char **strz_vector(const struct strz *list)
{
    char **vec = calloc(strz_count(list) + 1, sizeof *vec);
    if (!vec)
        return NULL;
    size_t n = 0;
    strz_each (s, list)
        vec[n++] = (char *)s;
    return vec;
}

int strz_from(char *const vec[], struct strz *out)
{
    size_t len = 0;
    for (size_t i = 0; vec[i]; i++)
        len += strlen(vec[i]) + 1;
    char *data = malloc(len ? len : 1);
    if (!data)
        return -1;
    char *to = data;
    for (size_t i = 0; vec[i]; i++)
        to = stpcpy(to, vec[i]) + 1;
    *out = (struct strz){.data = data, .len = len};
    return 0;
}

int strz_valid(const void *data, size_t len)
{
    return len == 0 || ((const char *)data)[len - 1] == '\0';
}
