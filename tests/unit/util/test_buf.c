// SPDX-License-Identifier: MIT
#include "util/buf.h"

#include <stdlib.h>

#include "tap.h"

static void appending(void)
{
    struct buf b = {0};
    buf_puts(&b, "ab");
    buf_add(&b, "c\0d", 3);
    buf_printf(&b, "%d%s", 7, "e");
    is_int((intmax_t)b.len, 7, "bytes are appended, NULs too");
    ok(memcmp(b.data, "abc\0d7e", 8) == 0, "in order, with a NUL behind them");
    buf_add(&b, NULL, 0);
    is_int((intmax_t)b.len, 7, "nothing can be appended");
    buf_drop(&b, 2);
    ok(b.len == 5 && memcmp(b.data, "c\0d7e", 6) == 0, "the first bytes can be dropped");
    buf_drop(&b, 5);
    ok(b.len == 0 && b.data[0] == '\0', "all of them as well");
    buf_free(&b);
    ok(!b.data && b.len == 0 && b.cap == 0, "freed, it is empty");
    buf_puts(&b, "again");
    is_str(b.data, "again", "and can be used again");
    buf_free(&b);
}

static void growing(void)
{
    struct buf b = {0};
    for (int i = 0; i < 10000; i++)
        buf_printf(&b, "%04d", i);
    is_int((intmax_t)b.len, 40000, "it grows");
    bool right = true;
    for (int i = 0; i < 10000; i++) {
        char number[8];
        snprintf(number, sizeof number, "%04d", i);
        right = right && memcmp(b.data + 4 * (size_t)i, number, 4) == 0;
    }
    ok(right, "and keeps what it has");
    buf_free(&b);
}

static void room(void)
{
    struct buf b = {0};
    char *to = buf_reserve(&b, 100);
    ok(to == b.data && b.len == 0 && b.cap > 100, "room is made, with place for the NUL");
    memset(to, 'x', 100);
    b.len = 100;
    buf_puts(&b, "y");
    ok(b.data[99] == 'x' && b.data[100] == 'y', "what was put there counts once len says so");
    buf_free(&b);
}

static void stealing(void)
{
    struct buf b = {0};
    size_t len = 99;
    buf_puts(&b, "mine");
    char *s = buf_steal(&b, &len);
    is_str(s, "mine", "the bytes can be taken");
    is_int((intmax_t)len, 4, "with their length");
    ok(!b.data && b.len == 0, "which leaves it empty");
    free(s);
    s = buf_steal(&b, NULL);
    is_str(s, "", "stealing nothing gives an empty string");
    free(s);
}

static void out_of_memory(void)
{
    struct buf b = {0};
    buf_puts(&b, "kept");
    ok(buf_reserve(&b, (size_t)-1) == NULL && b.failed, "more than there can be: it has failed");
    buf_puts(&b, "lost");
    buf_printf(&b, "%s", "lost");
    is_str(b.data, "kept", "what was there stays, later appends do nothing");
    ok(buf_steal(&b, NULL) == NULL, "and nobody takes half of it for the whole");
    buf_free(&b);
    ok(!b.failed, "freed, it is as new");
}

int main(void)
{
    appending();
    growing();
    room();
    stealing();
    out_of_memory();
    return done_testing();
}
