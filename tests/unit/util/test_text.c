// SPDX-License-Identifier: MIT
#include "tap.h"
#include "util/cleanup.h"
#include "util/text.h"

static const char *printable(struct buf *b, const char *bytes, size_t len)
{
    buf_free(b);
    text_printable(b, bytes, len);
    return b->data;
}
#define PRINTABLE(b, literal) printable(b, literal, sizeof(literal) - 1)

static void utf8(void)
{
    static const char *const good[] = {"", "a", "ä", "€", "𝄞", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\x80",             /* a continuation byte alone */
        "\xc3",             /* cut short */
        "\xc0\xaf",         /* overlong */
        "\xe0\x80\xaf",     /* overlong */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xff",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ok(text_is_utf8(good[i], strlen(good[i])), "UTF-8: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ok(!text_is_utf8(bad[i], strlen(bad[i])), "not UTF-8: number %zu", i);
    ok(text_is_utf8("a\0b", 3), "a NUL is a character");
}

static void showing(void)
{
    struct buf b _cleanup_buf_ = {0};
    is_str(PRINTABLE(&b, "größe 漢字"), "größe 漢字", "UTF-8 stays");
    is_str(PRINTABLE(&b, "a\nb\tc\rd\\e"), "a\\nb\\tc\\rd\\\\e", "one line, told apart");
    is_str(PRINTABLE(&b, "\x1b[31m\x7f"), "\\x1B[31m\\x7F", "no control characters");
    is_str(PRINTABLE(&b, "\xc2\x9b"), "\\xC2\\x9B", "nor those of two bytes");
    is_str(PRINTABLE(&b, "x\xffy"), "x\\xFFy", "bytes that are not UTF-8");
    is_str(PRINTABLE(&b, "a\0b"), "a\\x00b", "a NUL");
    is_str(PRINTABLE(&b, ""), "", "nothing");
    static const char odd[] = "a\nb\\n\xff\x1b\\x41\xc3\xa4";
    _cleanup_free_ char *back = text_bytes(PRINTABLE(&b, odd));
    is_str(back, odd, "and back");

    char brief[16];
    is_str(text_brief("", brief, sizeof brief), "''", "nothing, where it must be seen");
    is_str(text_brief("fits in here ok", brief, sizeof brief), "fits in here ok",
           "what fits stays");
    is_str(text_brief("a word that is too long", brief, sizeof brief), "a word that ...",
           "what does not is cut");
    is_str(text_brief("ääääääääää", brief, sizeof brief), "ääääää...", "between two characters");
}

static void widths(void)
{
    is_int((intmax_t)text_width("abc"), 3, "ASCII");
    is_int((intmax_t)text_width("größe"), 5, "two bytes, one column");
    is_int((intmax_t)text_width("漢字"), 4, "wide characters");
    is_int((intmax_t)text_width("e\xcc\x81"), 1, "a combining accent takes no room");
    is_int((intmax_t)text_width("\xff"), 1, "a byte that is nothing takes a column");
    is_int((intmax_t)text_cut("abc", 2), 2, "cut");
    is_int((intmax_t)text_cut("abc", 9), 3, "nothing to cut");
    is_int((intmax_t)text_cut("漢字", 3), 3, "no half of a wide character");
    is_int((intmax_t)text_cut("e\xcc\x81x", 1), 3, "an accent stays with its letter");
}

static void nearest(void)
{
    static const char *const verbs[] = {"submit", "queue", "show", "cancel", "stats", NULL};
    static const char *const states[] = {"PENDING", "RUNNING", "COMPLETED", NULL};
    is_str(text_nearest("sumbit", verbs), "submit", "two letters swapped");
    is_str(text_nearest("cancle", verbs), "cancel", "at the end too");
    is_str(text_nearest("que", verbs), "queue", "the beginning of a word");
    is_str(text_nearest("stat", verbs), "stats", "a letter short");
    is_str(text_nearest("pending", states), "PENDING", "either case");
    is_str(text_nearest("frobnicate", verbs), NULL, "nothing like it");
    is_str(text_nearest("", verbs), NULL, "no word");
    char endless[5000];
    memset(endless, 'q', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    is_str(text_nearest(endless, verbs), NULL, "no word at all");
}

static const char *quoted(struct buf *b, const char *const argv[])
{
    buf_free(b);
    text_quote_argv(b, (char *const *)(uintptr_t)argv);
    return b->data;
}
#define QUOTED(b, ...) quoted(b, (const char *const[]){__VA_ARGS__, NULL})

static void quoting(void)
{
    struct buf b _cleanup_buf_ = {0};
    is_str(QUOTED(&b, "python3", "t.py", "--lr=0.1"), "python3 t.py --lr=0.1", "plain words");
    is_str(QUOTED(&b, "echo", "a b", ""), "echo 'a b' ''", "a blank, and an empty word");
    is_str(QUOTED(&b, "echo", "it's"), "echo 'it'\\''s'", "a quote");
    is_str(QUOTED(&b, "echo", "$HOME", "*", "~"), "echo '$HOME' '*' '~'", "nothing is expanded");
    is_str(QUOTED(&b, "A=x y", "B=", "env"), "A='x y' B= env", "assignments stay assignments");
    is_str(QUOTED(&b, "1=x y"), "'1=x y'", "what is none is quoted whole");
    is_str(QUOTED(&b, "a\nb"), "'a\nb'", "a new line");
}

static void copying(void)
{
    char to[4];
    ok(text_copy(to, sizeof to, "abc"), "what fits is copied");
    is_str(to, "abc", "whole");
    ok(!text_copy(to, sizeof to, "abcd"), "what does not is reported");
    is_str(to, "abc", "and cut");
}

static void compares_numbers_as_such(void)
{
    ok(text_compare("9", "10") < 0 && text_compare("10", "9") > 0, "9 is before 10");
    ok(text_compare("10", "10_2") < 0 && text_compare("10_2", "9_3") > 0,
       "an id is before its tasks");
    ok(text_compare("15_9", "15_10") < 0 && text_compare("15_10", "15_[11-12]") < 0,
       "tasks by their numbers, and several of them last");
    ok(text_compare("a12", "a12") == 0 && text_compare("", "") == 0, "and equal is equal");
    ok(text_compare("123", "124") < 0 && text_compare("1230", "124") > 0,
       "wherever in the number they differ");
}

int main(void)
{
    utf8();
    showing();
    widths();
    nearest();
    quoting();
    copying();
    compares_numbers_as_such();
    return done_testing();
}
