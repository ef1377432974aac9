// SPDX-License-Identifier: MIT
#include "core/cpuset.h"

#include <stdlib.h>
#include <string.h>

#include "util/buf.h"

#define BITS 64

void cpuset_free(struct cpuset *s)
{
    free(s->words);
    *s = (struct cpuset){0};
}

int cpuset_copy(struct cpuset *to, const struct cpuset *from)
{
    uint64_t *words = NULL;
    if (from->nwords) {
        words = malloc(from->nwords * sizeof *words);
        if (!words)
            return -1;
        memcpy(words, from->words, from->nwords * sizeof *words);
    }
    cpuset_free(to);
    *to = (struct cpuset){.words = words, .nwords = from->nwords};
    return 0;
}

int cpuset_reserve(struct cpuset *s, int end)
{
    size_t words = ((size_t)end + BITS - 1) / BITS;
    if (words <= s->nwords)
        return 0;
    uint64_t *grown = realloc(s->words, words * sizeof *grown);
    if (!grown)
        return -1;
    memset(grown + s->nwords, 0, (words - s->nwords) * sizeof *grown);
    s->words = grown;
    s->nwords = words;
    return 0;
}

int cpuset_add(struct cpuset *s, int cpu)
{
    if (cpuset_reserve(s, cpu + 1) < 0)
        return -1;
    s->words[(size_t)cpu / BITS] |= UINT64_C(1) << (cpu % BITS);
    return 0;
}

int cpuset_add_range(struct cpuset *s, const struct cpuset *from, int first, int end)
{
    if (cpuset_reserve(s, end) < 0)
        return -1;
    for (size_t i = (size_t)first / BITS; i * BITS < (size_t)end && i < from->nwords; i++) {
        uint64_t w = from->words[i];
        if (i == (size_t)first / BITS)
            w &= ~UINT64_C(0) << (first % BITS);
        if (i == (size_t)end / BITS)
            w &= ~(~UINT64_C(0) << (end % BITS));
        s->words[i] |= w;
    }
    return 0;
}

void cpuset_remove(struct cpuset *s, int cpu)
{
    size_t word = (size_t)cpu / BITS;
    if (word < s->nwords)
        s->words[word] &= ~(UINT64_C(1) << (cpu % BITS));
}

bool cpuset_has(const struct cpuset *s, int cpu)
{
    size_t word = (size_t)cpu / BITS;
    return word < s->nwords && (s->words[word] >> (cpu % BITS) & 1);
}

int cpuset_count(const struct cpuset *s)
{
    int n = 0;
    for (size_t i = 0; i < s->nwords; i++)
        n += __builtin_popcountll(s->words[i]);
    return n;
}

int cpuset_next(const struct cpuset *s, int from)
{
    for (size_t i = (size_t)from / BITS; i < s->nwords; i++) {
        uint64_t w = s->words[i];
        if (i == (size_t)from / BITS)
            w &= ~UINT64_C(0) << (from % BITS);
        if (w)
            return (int)(i * BITS) + __builtin_ctzll(w);
    }
    return -1;
}

bool cpuset_overlaps(const struct cpuset *a, const struct cpuset *b)
{
    for (size_t i = 0; i < a->nwords && i < b->nwords; i++)
        if (a->words[i] & b->words[i])
            return true;
    return false;
}

/* Reads a CPU number at *at and moves behind it; -1 if there is none. */
static int read_cpu(const char **at)
{
    if (**at < '0' || **at > '9')
        return -1;
    long n = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        n = n * 10 + (**at - '0');
        if (n >= CPUSET_MAX)
            return -1;
    }
    return (int)n;
}

/* One "3" or "3-7" of the list. */
static int read_range(const char **at, struct cpuset *s)
{
    int first = read_cpu(at), last = first;
    if (first >= 0 && **at == '-') {
        (*at)++;
        last = read_cpu(at);
    }
    if (first < 0 || last < first)
        return -1;
    for (int cpu = first; cpu <= last; cpu++)
        if (cpuset_add(s, cpu) < 0)
            return -1;
    return 0;
}

int cpuset_parse(struct cpuset *s, const char *text)
{
    cpuset_free(s);
    while (*text) {
        if (read_range(&text, s) < 0)
            goto bad;
        if (*text == ',' && text[1])
            text++;
        else if (*text)
            goto bad;
    }
    return 0;
bad:
    cpuset_free(s);
    return -1;
}

char *cpuset_format(const struct cpuset *s)
{
    struct buf out = {0};
    for (int first = cpuset_next(s, 0); first >= 0;) {
        int last = first;
        while (cpuset_has(s, last + 1))
            last++;
        buf_printf(&out, out.len ? ",%d" : "%d", first);
        if (last > first)
            buf_printf(&out, "-%d", last);
        first = cpuset_next(s, last + 1);
    }
    char *text = buf_steal(&out, NULL);
    buf_free(&out);
    return text;
}
