// SPDX-License-Identifier: MIT
/* What a job and those in front of it say to each other, as bytes. */
#include "attempt/console.h"
#include "tap.h"

static void test_round_trip(void)
{
    static const char bytes[] = "a\0b\xff";
    struct console_frame f;
    struct terminal_size size = {.rows = 24, .columns = 300};
    struct attempt_status how = {.outcome = OUTCOME_TIMEOUT,
                                 .exit_code = 3,
                                 .signal = 15,
                                 .reason = "reached its time limit of 10:00"},
                          got = {0};
    _cleanup_buf_ struct buf b = {0};
    size_t at = 0;
    uint32_t number = 0;
    console_put_size(&b, CONSOLE_READY, &size);
    console_put(&b, CONSOLE_IN, bytes, sizeof bytes);
    console_put_number(&b, CONSOLE_TAKEN, 70000);
    console_put(&b, CONSOLE_END, "", 0);
    console_put_exit(&b, &how);

    size = (struct terminal_size){0};
    ok(console_next(&b, &at, &f) == 1 && f.word == CONSOLE_READY, "the first frame is the first");
    ok(console_get_size(&f, &size) == 0 && size.rows == 24 && size.columns == 300, "a size");
    ok(console_next(&b, &at, &f) == 1 && f.word == CONSOLE_IN, "the next one");
    ok(f.len == sizeof bytes && memcmp(f.bytes, bytes, f.len) == 0, "has its bytes, of any kind");
    ok(console_next(&b, &at, &f) == 1 && f.word == CONSOLE_TAKEN, "then a number");
    ok(console_get_number(&f, &number) == 0 && number == 70000, "which it is");
    ok(console_next(&b, &at, &f) == 1 && f.word == CONSOLE_END && f.len == 0, "one without bytes");
    ok(console_next(&b, &at, &f) == 1 && f.word == CONSOLE_EXIT, "and the last");
    is_int(console_get_exit(&f, &got), 0, "says how it ended");
    ok(got.outcome == OUTCOME_TIMEOUT && got.exit_code == 3 && got.signal == 15, "in numbers");
    is_str(got.reason, how.reason, "and words");
    is_int(console_next(&b, &at, &f), 0, "behind it comes nothing");
}

/* Bytes come as they come: a frame is there when its last byte is. */
static void test_in_pieces(void)
{
    struct console_frame f;
    _cleanup_buf_ struct buf whole = {0};
    size_t early = 0;
    console_put(&whole, CONSOLE_OUT, "hello", 5);
    for (size_t len = 0; len < whole.len; len++) {
        struct buf cut = {.data = whole.data, .len = len};
        size_t at = 0;
        early += console_next(&cut, &at, &f) != 0 || at != 0;
    }
    is_int((intmax_t)early, 0, "a frame that is cut anywhere is waited for");
}

static int first(const void *bytes, size_t len)
{
    struct console_frame f;
    _cleanup_buf_ struct buf b = {0};
    size_t at = 0;
    buf_add(&b, bytes, len);
    return console_next(&b, &at, &f);
}

static void test_nonsense(void)
{
    struct console_frame f = {.word = CONSOLE_SIZE, .bytes = "12345678", .len = 3};
    struct terminal_size size;
    struct attempt_status how;
    uint32_t number;
    is_int(first("\0\0\0\0\0", 5), -1, "a word of 0 is none");
    is_int(first("\x63\0\0\0\0", 5), -1, "nor is one that nobody knows");
    is_int(first("\3\xff\xff\xff\xff", 5), -1, "a frame of 4 GB is not waited for");
    is_int(console_get_size(&f, &size), -1, "a size that is too short");
    is_int(console_get_number(&f, &number), -1, "a number that is too short");
    is_int(console_get_exit(&f, &how), -1, "an end that is too short");
    f = (struct console_frame){.word = CONSOLE_READY, .bytes = "\x63\0\1\0\1\0", .len = 6};
    is_int(console_get_size(&f, &size), -1, "another version");
    f = (struct console_frame){.word = CONSOLE_EXIT, .bytes = (char[1024]){0}, .len = 1024};
    is_int(console_get_exit(&f, &how), -1, "a reason without end");
}

static void test_names(void)
{
    char name[CONSOLE_NAME_MAX];
    console_name(name, INT64_MAX, INT32_MAX);
    is_str(name, "9223372036854775807.2147483647.console", "the socket of an attempt");
    console_client_name(name, "0123456789abcdef0123456789abcdef");
    is_str(name, "client.0123456789abcdef0123456789abcdef", "and of a client");
    ok(console_client_fits(name), "which fits");
    ok(!console_client_fits("client."), "a client has a number");
    ok(!console_client_fits("client./../x") && !console_client_fits("../client.1"),
       "and is no path");
    ok(!console_client_fits("store.lock"), "nor another file");
    ok(!console_client_fits(
           "client.000000000000000000000000000000000000000000000000000000000000000000000"),
       "nor too long for a socket");
}

int main(void)
{
    test_round_trip();
    test_in_pieces();
    test_nonsense();
    test_names();
    return done_testing();
}
