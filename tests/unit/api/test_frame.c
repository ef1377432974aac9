// SPDX-License-Identifier: MIT
/* A message on the wire: what is put in comes out, and nothing that anybody sends can do harm. */
#include "api/frame.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static void put_u32(char *at, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(n >> (24 - 8 * i));
}

/* A frame made by hand: of one blob if `blob` is given. */
static void raw_frame(struct buf *out, const char *head, const char *blob)
{
    char prefix[FRAME_PREFIX_LEN + 4] = "MSL1";
    put_u32(prefix + 4, (uint32_t)strlen(head));
    put_u32(prefix + 8, blob ? 1 : 0);
    if (blob)
        put_u32(prefix + 12, (uint32_t)strlen(blob));
    buf_add(out, prefix, blob ? sizeof prefix : FRAME_PREFIX_LEN);
    buf_puts(out, head);
    buf_puts(out, blob ? blob : "");
}

static void sample(struct frame *f)
{
    static const char bytes[] = "a\0b\xff\n\x80\0";
    *f = (struct frame){.head = json_pack("{s:i, s:s, s:{s:f}}", "v", 1, "verb", "submit", "times",
                                          "at", 1764000000.123456)};
    frame_add_blob(f, "argv", bytes, sizeof bytes - 1);
    frame_add_blob(f, "empty", "", 0);
    frame_add_blob(f, "cwd", "/tmp", 4);
}

static bool same(const struct frame *a, const struct frame *b)
{
    if (!json_equal(a->head, b->head) || a->nblobs != b->nblobs)
        return false;
    for (size_t i = 0; i < a->nblobs; i++)
        if (strcmp(a->blobs[i].name, b->blobs[i].name) != 0 || a->blobs[i].len != b->blobs[i].len ||
            memcmp(a->blobs[i].data, b->blobs[i].data, a->blobs[i].len) != 0)
            return false;
    return true;
}

static void test_round_trip(void)
{
    _cleanup_frame_ struct frame in = {0}, out = {0}, bare = {0}, bare_out = {0};
    _cleanup_buf_ struct buf bytes = {0};
    struct err e = {0};
    sample(&in);
    is_int(frame_encode(&in, &bytes, &e), 0, "a frame with blobs is encoded");
    is_int(frame_decode(bytes.data, bytes.len, &out, &e), 0, "and decoded");
    ok(same(&in, &out), "head, names and bytes are the same, NULs and non-UTF-8 included");
    is_int(frame_blob(&out, "argv")->data[frame_blob(&out, "argv")->len], 0,
           "a NUL stands behind a blob");
    ok(!frame_blob(&out, "stdout"), "a blob that is not there is not found");
    ok(strstr(bytes.data + FRAME_PREFIX_LEN + 12, "1764000000.123456}"),
       "a time is written to the microsecond, and no more");

    size_t first = bytes.len, total = 0;
    bare.head = json_pack("{s:b}", "ok", 1);
    is_int(frame_encode(&bare, &bytes, &e), 0, "a frame without blobs is appended");
    is_int(frame_size(bytes.data, bytes.len, &total, &e), 1, "the first frame's size is known");
    ok(total == first, "and is its own");
    is_int(frame_decode(bytes.data + first, bytes.len - first, &bare_out, &e), 0,
           "the second is decoded");
    ok(same(&bare, &bare_out), "and is the same");
}

static void test_truncated(void)
{
    _cleanup_frame_ struct frame in = {0};
    _cleanup_buf_ struct buf bytes = {0};
    struct err e = {0};
    size_t accepted = 0, wrong_size = 0, known = 0, total;
    sample(&in);
    frame_encode(&in, &bytes, &e);
    for (size_t len = 0; len < bytes.len; len++) {
        char *exact = malloc(len + 1); /* so that a read beyond the end is seen */
        memcpy(exact, bytes.data, len);
        struct frame out;
        accepted += frame_decode(exact, len, &out, &e) == 0 || out.head || out.nblobs;
        int r = frame_size(exact, len, &total, &e);
        known += r == 1;
        wrong_size += r < 0 || (r == 1 && total != bytes.len);
        free(exact);
    }
    is_int(accepted, 0, "a frame that is cut anywhere is refused, and nothing of it is left");
    is_int(wrong_size, 0, "its size is either not known yet or right");
    is_int(known, bytes.len - FRAME_PREFIX_LEN - 4 * 3, "it is known once the lengths are there");
    buf_puts(&bytes, "x");
    struct frame out;
    is_int(frame_decode(bytes.data, bytes.len, &out, &e), -1, "a byte too many is refused");
    has_str(e.text, "followed by other bytes", "and said");
}

static void refuses(const char *head, const char *blob, const char *why)
{
    _cleanup_buf_ struct buf bytes = {0};
    struct frame out;
    struct err e = {0};
    raw_frame(&bytes, head, blob);
    is_int(frame_decode(bytes.data, bytes.len, &out, &e), -1, why);
    ok(!out.head && !out.nblobs && e.code == ERR_INVALID, "  ... leaving nothing: %s", e.text);
}

static void test_rubbish(void)
{
    refuses("", NULL, "an empty head is refused");
    refuses("{\"v\":1", NULL, "a head that is no JSON is refused");
    refuses("[1]", NULL, "a head that is no object is refused");
    refuses("{\"v\":1,\"v\":2}", NULL, "a key given twice is refused");
    refuses("{\"v\":\"\xff\"}", NULL, "a string that is not UTF-8 is refused");
    refuses("{\"v\":1e999}", NULL, "a number beyond all bounds is refused");
    refuses("{\"v\":1}", "abc", "a blob without a name is refused");
    refuses("{\"blobs\":[\"a\"]}", NULL, "a name without a blob is refused");
    refuses("{\"blobs\":[7]}", "abc", "a name that is no string is refused");
    refuses("{\"blobs\":{\"a\":1}}", "abc", "names that are no list are refused");

    _cleanup_buf_ struct buf deep = {0}, wide = {0};
    buf_puts(&deep, "{\"a\":");
    for (int i = 0; i < 100000; i++)
        buf_puts(&deep, "[");
    refuses(deep.data, NULL, "a head of 100,000 levels is refused");
    buf_puts(&wide, "{\"a\":[0");
    for (int i = 0; i < FRAME_VALUES_MAX; i++)
        buf_puts(&wide, ",0");
    buf_puts(&wide, "]}");
    refuses(wide.data, NULL, "a head of a million values is refused");

    _cleanup_frame_ struct frame out = {0};
    _cleanup_buf_ struct buf bytes = {0};
    raw_frame(&bytes, "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[,\\\"[[\"}", NULL);
    is_int(frame_decode(bytes.data, bytes.len, &out, NULL), 0, "brackets in strings do not count");
}

static void test_oversize(void)
{
    char bytes[FRAME_PREFIX_LEN + 4 * FRAME_BLOBS_MAX] = "MSL1";
    size_t total = 0;
    struct err e = {0};
    is_int(frame_size("GET / HTTP/1.1", 3, &total, &e), -1, "a wrong byte is refused at once");
    is_int(frame_size("MSL", 3, &total, &e), 0, "a right beginning waits for more");
    put_u32(bytes + 4, UINT32_MAX);
    is_int(frame_size(bytes, FRAME_PREFIX_LEN, &total, &e), -1,
           "a head of 4 GB is refused before it is sent");
    put_u32(bytes + 4, 2);
    put_u32(bytes + 8, UINT32_MAX);
    is_int(frame_size(bytes, FRAME_PREFIX_LEN, &total, &e), -1, "4 billion blobs are refused");
    put_u32(bytes + 8, FRAME_BLOBS_MAX);
    for (int i = 0; i < FRAME_BLOBS_MAX; i++)
        put_u32(bytes + FRAME_PREFIX_LEN + 4 * i, UINT32_MAX - 1);
    is_int(frame_size(bytes, sizeof bytes, &total, &e), -1,
           "lengths that add up to more wrap nothing");
    has_str(e.text, "64 MB", "the limit is named");

    _cleanup_frame_ struct frame big = {.head = json_object()};
    _cleanup_buf_ struct buf out = {0};
    char *zeros = calloc(1, FRAME_MAX);
    buf_puts(&out, "before");
    is_int(frame_add_blob(&big, "all", zeros, FRAME_MAX), 0, "a blob of 64 MB can be had");
    is_int(frame_encode(&big, &out, &e), -1, "but not sent");
    is_str(out.data, "before", "and what was there before is left");
    free(zeros);

    _cleanup_frame_ struct frame many = {.head = json_object()};
    char name[16];
    int r = 0;
    for (int i = 0; i < FRAME_BLOBS_MAX && r == 0; i++) {
        snprintf(name, sizeof name, "b%d", i);
        r = frame_add_blob(&many, name, "x", 1);
    }
    is_int(r, 0, "64 blobs can be had");
    is_int(frame_add_blob(&many, "more", "x", 1), -1, "65 can't");
    is_int(frame_add_blob(&big, "all", "x", 1), -1, "nor two of one name");
}

/* Whatever is done to a frame, it is refused, or is one that survives another round trip. */
static void test_mutations(void)
{
    _cleanup_frame_ struct frame in = {0};
    _cleanup_buf_ struct buf good = {0};
    unsigned seed = 20240607, refused = 0, kept = 0, broken = 0;
    sample(&in);
    frame_encode(&in, &good, NULL);
    for (int round = 0; round < 50000; round++) {
        size_t len = good.len;
        char *bytes = malloc(len);
        memcpy(bytes, good.data, len);
        for (int n = 1 + rand_r(&seed) % 4; n > 0; n--)
            bytes[(size_t)rand_r(&seed) % len] = (char)rand_r(&seed);
        if (rand_r(&seed) % 4 == 0)
            len = (size_t)rand_r(&seed) % len;
        struct frame out, again;
        struct buf encoded = {0};
        if (frame_decode(bytes, len, &out, NULL) < 0) {
            refused++;
        } else {
            bool fine = frame_encode(&out, &encoded, NULL) == 0 &&
                        frame_decode(encoded.data, encoded.len, &again, NULL) == 0;
            broken += !fine || !same(&out, &again);
            kept++;
            if (fine)
                frame_clear(&again);
            frame_clear(&out);
        }
        buf_free(&encoded);
        free(bytes);
    }
    is_int(broken, 0, "what is accepted survives another round trip");
    ok(refused > 1000 && kept > 1000, "of 50,000 mutated frames %u are refused, %u are frames",
       refused, kept);
}

int main(void)
{
    test_round_trip();
    test_truncated();
    test_rubbish();
    test_oversize();
    test_mutations();
    return done_testing();
}
