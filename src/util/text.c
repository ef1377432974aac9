// SPDX-License-Identifier: MIT
#include "util/text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Decodes one character: its length in bytes, 0 if no valid one (RFC 3629) stands there. */
static size_t decode(const char *s, size_t len, uint32_t *c)
{
    const unsigned char *b = (const unsigned char *)s;
    if (len == 0)
        return 0;
    if (b[0] < 0x80) {
        *c = b[0];
        return 1;
    }
    size_t n = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
    static const uint32_t least[] = {[2] = 0x80, [3] = 0x800, [4] = 0x10000};
    if (b[0] < 0xc2 || b[0] > 0xf4 || len < n)
        return 0;
    uint32_t v = b[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (b[i] & 0x3fu);
    }
    if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
        return 0;
    *c = v;
    return n;
}

bool text_is_utf8(const char *bytes, size_t len)
{
    uint32_t c;
    for (size_t at = 0, n; at < len; at += n)
        if (!(n = decode(bytes + at, len - at, &c)))
            return false;
    return true;
}

/* C0, DEL and C1: what a terminal would act upon. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

static void put_escaped(struct buf *out, const char *bytes, size_t len)
{
    static const char plain[] = "\n\t\r\\", shown[] = "ntr\\";
    const char *p = len == 1 && *bytes ? strchr(plain, *bytes) : NULL;
    if (p) {
        buf_printf(out, "\\%c", shown[p - plain]);
        return;
    }
    for (size_t i = 0; i < len; i++)
        buf_printf(out, "\\x%02X", (unsigned)(unsigned char)bytes[i]);
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : c - 'A' + 10;
}

char *text_bytes(const char *printable)
{
    static const char plain[] = "\n\t\r\\", shown[] = "ntr\\";
    char *bytes = strdup(printable), *to = bytes;
    for (const char *s = bytes; s && *s; s++) {
        const char *p = *s == '\\' && s[1] ? strchr(shown, s[1]) : NULL;
        if (*s == '\\' && s[1] == 'x' && isxdigit((unsigned char)s[2]) &&
            isxdigit((unsigned char)s[3])) {
            *to++ = (char)(hex_digit(s[2]) << 4 | hex_digit(s[3]));
            s += 3;
        } else if (p) {
            *to++ = plain[p - shown];
            s++;
        } else {
            *to++ = *s;
        }
    }
    if (bytes)
        *to = '\0';
    return bytes;
}

void text_printable(struct buf *out, const char *bytes, size_t len)
{
    size_t plain = 0; /* where the run of characters that stay as they are begins */
    for (size_t at = 0, n; at < len; at += n) {
        uint32_t c = 0;
        n = decode(bytes + at, len - at, &c);
        if (n && !is_control(c) && c != '\\')
            continue;
        n = n ? n : 1;
        buf_add(out, bytes + plain, at - plain);
        put_escaped(out, bytes + at, n);
        plain = at + n;
    }
    buf_add(out, bytes + plain, len - plain);
}

struct range {
    uint32_t first, last;
};

/* Blocks rather than single characters: a column too many or too few in a rare script is a smaller
 * harm than a locale that must be set up before a width can be known. */
static const struct range combining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd},   {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064},   {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},
    {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};
static const struct range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe4f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
    {0x20000, 0x3fffd},
};

static bool in_ranges(uint32_t c, const struct range *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c >= r[i].first && c <= r[i].last)
            return true;
    return false;
}

static size_t columns_of(uint32_t c)
{
    if (c < 0x300)
        return 1;
    if (in_ranges(c, combining, sizeof combining / sizeof *combining))
        return 0;
    return in_ranges(c, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

/* Goes over the characters that fit: the bytes and columns they take. */
static size_t measure(const char *s, size_t columns, size_t *width)
{
    size_t len = strlen(s), at = 0, used = 0;
    while (at < len) {
        uint32_t c = '?';
        size_t n = decode(s + at, len - at, &c), w = columns_of(c);
        if (used + w > columns)
            break;
        used += w;
        at += n ? n : 1;
    }
    *width = used;
    return at;
}

size_t text_width(const char *s)
{
    size_t width;
    measure(s, SIZE_MAX, &width);
    return width;
}

size_t text_cut(const char *s, size_t columns)
{
    size_t width;
    return measure(s, columns, &width);
}

#define WORD_MAX 48

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours; letters
 * of either case are the same. Both words have at most WORD_MAX bytes. */
static unsigned distance(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    unsigned d[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= la; i++)
        d[i][0] = (unsigned)i;
    for (size_t j = 0; j <= lb; j++)
        d[0][j] = (unsigned)j;
    for (size_t i = 1; i <= la; i++)
        for (size_t j = 1; j <= lb; j++) {
            int ca = tolower((unsigned char)a[i - 1]), cb = tolower((unsigned char)b[j - 1]);
            d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (ca != cb));
            if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
                cb == tolower((unsigned char)a[i - 2]) && d[i - 2][j - 2] + 1 < d[i][j])
                d[i][j] = d[i - 2][j - 2] + 1;
        }
    return d[la][lb];
}

const char *text_nearest(const char *word, const char *const candidates[])
{
    size_t len = strlen(word);
    if (len == 0 || len > WORD_MAX)
        return NULL;
    unsigned best = (unsigned)(len + 2) / 3 + 1;
    const char *nearest = NULL;
    for (; *candidates; candidates++) {
        if (strlen(*candidates) > WORD_MAX)
            continue;
        /* Half a word is a better guess than a similar one. */
        unsigned d =
            len > 1 && strncasecmp(*candidates, word, len) == 0 ? 0 : distance(word, *candidates);
        if (d < best) {
            best = d;
            nearest = *candidates;
        }
    }
    return nearest;
}

char *text_brief(const char *s, char *buf, size_t len)
{
    struct buf shown _cleanup_buf_ = {0};
    text_printable(&shown, s, strnlen(s, len));
    const char *text = shown.failed ? "?" : *s ? shown.data : "''";
    if (!text_copy(buf, len, text)) {
        size_t keep = len - 4;
        while (keep && (buf[keep] & 0xc0) == 0x80)
            keep--;
        memcpy(buf + keep, "...", 4);
    }
    return buf;
}

bool text_copy(char *to, size_t size, const char *from)
{
    size_t len = strnlen(from, size);
    bool whole = len < size;
    if (!whole)
        len = size - 1;
    memcpy(to, from, len);
    to[len] = '\0';
    return whole;
}

/* Bytes no shell gives a meaning to. */
static bool is_plain(const char *word)
{
    return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789_@%+=:,./-")];
}

int text_compare(const char *a, const char *b)
{
    const char *number = a; /* that the first difference may be in */
    size_t at = 0;
    for (; a[at] && a[at] == b[at]; at++)
        if (!isdigit((unsigned char)a[at]))
            number = a + at + 1;
    size_t before = (size_t)(number - a);
    size_t la = strspn(a + before, "0123456789"), lb = strspn(b + before, "0123456789");
    if (la && lb && la != lb)
        return la < lb ? -1 : 1;
    return (unsigned char)a[at] - (unsigned char)b[at];
}

size_t text_assignment(const char *word)
{
    size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return n && !isdigit((unsigned char)*word) && word[n] == '=' ? n + 1 : 0;
}

static void quote(struct buf *out, const char *word)
{
    /* NAME='a b' is the same word as 'NAME=a b', and still an assignment where one may stand. */
    size_t name = text_assignment(word);
    buf_add(out, word, name);
    word += name;
    if (is_plain(word) || (name && !*word)) {
        buf_puts(out, word);
        return;
    }
    buf_puts(out, "'");
    for (const char *q; (q = strchr(word, '\'')); word = q + 1) {
        buf_add(out, word, (size_t)(q - word));
        buf_puts(out, "'\\''");
    }
    buf_puts(out, word);
    buf_puts(out, "'");
}

void text_quote_argv(struct buf *out, char *const argv[])
{
    for (size_t i = 0; argv[i]; i++) {
        if (i)
            buf_puts(out, " ");
        quote(out, argv[i]);
    }
}
