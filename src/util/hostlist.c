// SPDX-License-Identifier: MIT
#include "util/hostlist.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/text.h"

#define DIGITS     "0123456789"
#define LETTERS    DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_."
#define DIGITS_MAX 18 /* of a number, so that it fits into 64 bits */

/* --- reading ---------------------------------------------------------------------------------- */

struct range {
    uint64_t first, last;
    int width; /* digits at least, zeros in front */
};

struct reader {
    const char *at; /* within the text */
    size_t max;     /* names that may still come */
    struct buf *out;
    struct err *e;
};

/* The whole item that `from` stands in, shown with the complaint. */
static int refuse(struct reader *r, const char *from, const char *complaint)
{
    char text[96], shown[96];
    size_t len = strcspn(from, " \t\n");
    text_copy(text, len < sizeof text ? len + 1 : sizeof text, from);
    return err_set(r->e, ERR_INVALID, "%s: %s (write for example n[01-16,20])",
                   text_brief(text, shown, sizeof shown), complaint);
}

static int read_number(struct reader *r, uint64_t *n)
{
    size_t len = strspn(r->at, DIGITS);
    if (!len || len > DIGITS_MAX)
        return -1;
    *n = 0;
    for (const char *end = r->at + len; r->at < end; r->at++)
        *n = *n * 10 + (uint64_t)(*r->at - '0');
    return (int)len;
}

static int read_range(struct reader *r, struct range *range)
{
    const char *from = r->at;
    int digits = read_number(r, &range->first);
    if (digits < 0)
        return refuse(r, from, *from ? "not a range of numbers" : "the bracket is not closed");
    range->width = digits;
    range->last = range->first;
    if (*r->at == '-') {
        r->at++;
        if (read_number(r, &range->last) < 0)
            return refuse(r, from, "the range has no end");
    }
    if (range->last < range->first)
        return refuse(r, from, "the range runs backwards");
    return 0;
}

static int expand_rest(struct reader *r, const char *item, char *name, size_t len);

/* One name for each number of the range, with all that may follow behind the bracket. */
static int expand_range(struct reader *r, const char *item, const struct range *range,
                        const char *behind, char *name, size_t len)
{
    for (uint64_t n = range->first; n <= range->last; n++) {
        size_t room = HOSTLIST_NAME_MAX + 1 - len;
        int wrote = snprintf(name + len, room, "%0*" PRIu64, range->width, n);
        if ((size_t)wrote >= room)
            return refuse(r, item, "the name is too long");
        r->at = behind;
        if (expand_rest(r, item, name, len + (size_t)wrote) < 0)
            return -1;
    }
    return 0;
}

/* Where the bracket is closed that opened at `open`; NULL if it is not. */
static const char *closing(struct reader *r, const char *open)
{
    const char *end = open + 1 + strspn(open + 1, DIGITS "-,");
    if (*end == ']')
        return end;
    refuse(r, open, *end ? "not a range of numbers" : "the bracket is not closed");
    return NULL;
}

static int expand_bracket(struct reader *r, const char *item, char *name, size_t len)
{
    const char *end = closing(r, r->at), *at = r->at + 1;
    if (!end)
        return -1;
    for (bool more = true; more; at++) {
        struct range range = {0};
        r->at = at;
        if (read_range(r, &range) < 0)
            return -1;
        at = r->at;
        if (*at != ',' && at != end)
            return refuse(r, item, "not a range of numbers");
        more = at != end;
        if (expand_range(r, item, &range, end + 1, name, len) < 0)
            return -1;
    }
    return 0;
}

/* The item goes on at r->at; name[0..len) is what stands before. Behind the item afterwards. */
static int expand_rest(struct reader *r, const char *item, char *name, size_t len)
{
    size_t plain = strspn(r->at, LETTERS);
    if (len + plain > HOSTLIST_NAME_MAX)
        return refuse(r, item, "the name is too long");
    memcpy(name + len, r->at, plain);
    len += plain;
    r->at += plain;
    if (*r->at == '[')
        return expand_bracket(r, item, name, len);
    if (*r->at && *r->at != ',')
        return refuse(r, r->at, "not a character of a name");
    if (!len)
        return refuse(r, item, "there is no name");
    if (r->max-- == 0)
        return refuse(r, item, "too many names");
    name[len] = '\0';
    buf_add(r->out, name, len + 1);
    return r->out->failed ? err_nomem(r->e) : 0;
}

static int expand_items(struct reader *r)
{
    char name[HOSTLIST_NAME_MAX + 1];
    for (;; r->at++) {
        if (expand_rest(r, r->at, name, 0) < 0)
            return -1;
        if (!*r->at)
            return 0;
    }
}

static int append(struct strz *out, const struct buf *names)
{
    assert(names->data);
    char *grown = realloc(out->data, out->len + names->len);
    if (!grown)
        return -1;
    memcpy(grown + out->len, names->data, names->len);
    *out = (struct strz){.data = grown, .len = out->len + names->len};
    return 0;
}

long hostlist_expand(const char *text, size_t max, struct strz *out, struct err *e)
{
    struct buf names _cleanup_buf_ = {0};
    if (max > HOSTLIST_MAX)
        max = HOSTLIST_MAX;
    struct reader r = {.at = text, .max = max, .out = &names, .e = e};
    if (expand_items(&r) < 0)
        return -1;
    if (append(out, &names) < 0)
        return err_nomem(e);
    return (long)(max - r.max);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A name, taken apart before the digits at its end. */
struct parts {
    const char *name;
    size_t stem;   /* bytes before the number */
    size_t digits; /* 0: there is no number, or none of a size to count with */
    uint64_t number;
};

static struct parts take_apart(const char *name)
{
    struct parts p = {.name = name, .stem = strlen(name)};
    while (p.stem && strchr(DIGITS, name[p.stem - 1]))
        p.stem--;
    p.digits = strlen(name + p.stem);
    if (p.digits > DIGITS_MAX)
        p = (struct parts){.name = name, .stem = strlen(name)};
    else if (p.digits)
        p.number = strtoull(name + p.stem, NULL, 10);
    return p;
}

static bool same_stem(const struct parts *a, const struct parts *b)
{
    return a->digits && b->digits && a->stem == b->stem && memcmp(a->name, b->name, a->stem) == 0;
}

/* Whether b follows where a range with the padding of `first` has come to a. */
static bool follows(const struct parts *first, const struct parts *a, const struct parts *b)
{
    char want[DIGITS_MAX + 3];
    snprintf(want, sizeof want, "%0*" PRIu64, (int)first->digits, a->number + 1);
    return same_stem(a, b) && strcmp(b->name + b->stem, want) == 0;
}

/* The name at *at, and those behind it that go on counting: one range. *at is behind them then. */
static size_t put_range(struct buf *out, const char **at, const char *end)
{
    struct parts first = take_apart(*at), last = first;
    size_t names = 1;
    for (*at += strlen(*at) + 1; *at < end; *at += strlen(*at) + 1, names++) {
        struct parts next = take_apart(*at);
        if (!follows(&first, &last, &next))
            break;
        last = next;
    }
    buf_puts(out, first.name + first.stem);
    if (names > 1)
        buf_printf(out, "-%s", last.name + last.stem);
    return names;
}

/* The name at *at and all behind it that share its bracket. *at is behind them then. */
static void put_item(struct buf *out, const char **at, const char *end)
{
    struct parts head = take_apart(*at), next = head;
    struct buf ranges _cleanup_buf_ = {0};
    size_t names = put_range(&ranges, at, end);
    while (*at < end && (next = take_apart(*at), same_stem(&head, &next))) {
        buf_puts(&ranges, ",");
        names += put_range(&ranges, at, end);
    }
    buf_add(out, head.name, head.stem);
    buf_printf(out, names > 1 ? "[%s]" : "%s", ranges.failed ? "" : ranges.data);
    out->failed |= ranges.failed;
}

char *hostlist_compress(const struct strz *names)
{
    struct buf out _cleanup_buf_ = {0};
    const char *at = names->data, *end = at ? at + names->len : at;
    while (at < end) {
        if (out.len)
            buf_puts(&out, ",");
        put_item(&out, &at, end);
    }
    return buf_steal(&out, NULL);
}
