// SPDX-License-Identifier: MIT
#include "api/frame.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char magic[4] = {'M', 'S', 'L', '1'};

static uint32_t get_u32(const char *at)
{
    uint32_t n;
    memcpy(&n, at, sizeof n);
    return ntohl(n);
}

static void put_u32(char *at, size_t value)
{
    uint32_t n = htonl((uint32_t)value);
    memcpy(at, &n, sizeof n);
}

void frame_clear(struct frame *f)
{
    json_decref(f->head);
    for (size_t i = 0; i < f->nblobs; i++) {
        free(f->blobs[i].name);
        free(f->blobs[i].data);
    }
    f->head = NULL;
    f->nblobs = 0;
}

const struct frame_blob *frame_blob(const struct frame *f, const char *name)
{
    for (size_t i = 0; i < f->nblobs; i++)
        if (strcmp(f->blobs[i].name, name) == 0)
            return &f->blobs[i];
    return NULL;
}

int frame_add_blob(struct frame *f, const char *name, const void *data, size_t len)
{
    if (f->nblobs == FRAME_BLOBS_MAX || frame_blob(f, name))
        return -1;
    struct frame_blob blob = {.name = strdup(name), .data = malloc(len + 1), .len = len};
    if (!blob.name || !blob.data) {
        free(blob.name);
        free(blob.data);
        return -1;
    }
    if (len)
        memcpy(blob.data, data, len);
    blob.data[len] = '\0';
    f->blobs[f->nblobs++] = blob;
    return 0;
}

void frame_drop_blob(struct frame *f, const char *name)
{
    for (size_t i = 0; i < f->nblobs; i++) {
        if (strcmp(f->blobs[i].name, name) != 0)
            continue;
        free(f->blobs[i].name);
        free(f->blobs[i].data);
        f->blobs[i] = f->blobs[--f->nblobs];
        return;
    }
}

/* --- encoding --------------------------------------------------------------------------------- */

static json_t *blob_names(const struct frame *f)
{
    json_t *names = json_array();
    for (size_t i = 0; names && i < f->nblobs; i++) {
        if (json_array_append_new(names, json_string(f->blobs[i].name)) < 0) {
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

static int add_bytes(const char *bytes, size_t len, void *out)
{
    buf_add(out, bytes, len);
    return ((struct buf *)out)->failed ? -1 : 0;
}

/* Writes the head, with the blobs' names in it; returns its length, 0 if no memory. */
static size_t encode_head(const struct frame *f, struct buf *out)
{
    size_t before = out->len;
    json_t *head = json_incref(f->head);
    if (f->nblobs) {
        json_decref(head);
        head = json_copy(f->head);
        if (json_object_set_new(head, "blobs", blob_names(f)) < 0) {
            json_decref(head);
            return 0;
        }
    }
    int r = json_dump_callback(head, add_bytes, out, FRAME_JSON);
    json_decref(head);
    return r < 0 ? 0 : out->len - before;
}

int frame_encode(const struct frame *f, struct buf *out, struct err *e)
{
    size_t start = out->len, prefix = FRAME_PREFIX_LEN + 4 * f->nblobs, total = prefix;
    if (!f->head || !buf_reserve(out, prefix))
        return err_nomem(e);
    out->len += prefix;
    size_t head_len = encode_head(f, out);
    total += head_len;
    for (size_t i = 0; i < f->nblobs && total <= FRAME_MAX; i++)
        total += f->blobs[i].len;
    if (head_len && total <= FRAME_MAX) {
        char *at = out->data + start;
        memcpy(at, magic, sizeof magic);
        put_u32(at + 4, head_len);
        put_u32(at + 8, f->nblobs);
        for (size_t i = 0; i < f->nblobs; i++)
            put_u32(at + FRAME_PREFIX_LEN + 4 * i, f->blobs[i].len);
        for (size_t i = 0; i < f->nblobs; i++)
            buf_add(out, f->blobs[i].data, f->blobs[i].len);
        if (!out->failed)
            return 0;
    }
    out->len = start;
    out->data[start] = '\0';
    if (head_len && total > FRAME_MAX)
        return err_set(e, ERR_INVALID, "the message is too large (at most %u MB)", FRAME_MAX >> 20);
    return err_nomem(e);
}

/* --- decoding: every number in it may be a lie ------------------------------------------------ */

static int too_large(struct err *e)
{
    return err_set(e, ERR_INVALID, "a message of more than %u MB is refused", FRAME_MAX >> 20);
}

int frame_size(const char *bytes, size_t len, size_t *total, struct err *e)
{
    if (len == 0)
        return 0;
    if (memcmp(bytes, magic, len < sizeof magic ? len : sizeof magic) != 0)
        return err_set(e, ERR_INVALID, "not a message of mini-slurm");
    if (len < FRAME_PREFIX_LEN)
        return 0;
    size_t head_len = get_u32(bytes + 4), nblobs = get_u32(bytes + 8);
    if (nblobs > FRAME_BLOBS_MAX)
        return err_set(e, ERR_INVALID, "a message with more than %d blobs is refused",
                       FRAME_BLOBS_MAX);
    size_t sum = FRAME_PREFIX_LEN + 4 * nblobs;
    if (head_len > FRAME_MAX - sum)
        return too_large(e);
    if (len < sum)
        return 0;
    sum += head_len;
    for (size_t i = 0; i < nblobs; i++) {
        size_t blob_len = get_u32(bytes + FRAME_PREFIX_LEN + 4 * i);
        if (blob_len > FRAME_MAX - sum)
            return too_large(e);
        sum += blob_len;
    }
    *total = sum;
    return 1;
}

/* A look at the head before it is parsed: a value takes some 30 times more memory than its two
 * bytes of text, and the parser goes down a level of the stack for each bracket. */
static int check_head(const char *head, size_t len, struct err *e)
{
    size_t depth = 0, values = 1;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = head[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        } else if (c == ',') {
            values++;
        }
        if (depth > FRAME_DEPTH_MAX || values > FRAME_VALUES_MAX)
            return err_set(e, ERR_INVALID, "the message's head is too %s",
                           depth > FRAME_DEPTH_MAX ? "deep" : "large");
    }
    return 0;
}

static int decode_head(const char *bytes, size_t len, struct frame *f, struct err *e)
{
    json_error_t why;
    if (check_head(bytes, len, e) < 0)
        return -1;
    f->head = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &why);
    if (!f->head)
        return err_set(e, ERR_INVALID, "the message's head is no JSON: %s", why.text);
    if (!json_is_object(f->head))
        return err_set(e, ERR_INVALID, "the message's head is no JSON object");
    return 0;
}

static int decode_blobs(const char *bytes, const char *data, size_t nblobs, struct frame *f,
                        struct err *e)
{
    const json_t *names = json_object_get(f->head, "blobs");
    if (names ? json_array_size(names) != nblobs : nblobs)
        return err_set(e, ERR_INVALID, "the message does not name its %zu blobs", nblobs);
    for (size_t i = 0; i < nblobs; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        size_t len = get_u32(bytes + FRAME_PREFIX_LEN + 4 * i);
        if (!name || frame_blob(f, name))
            return err_set(e, ERR_INVALID, "the message names blob %zu wrongly", i);
        if (frame_add_blob(f, name, data, len) < 0)
            return err_nomem(e);
        data += len;
    }
    json_object_del(f->head, "blobs");
    return 0;
}

int frame_decode(const char *bytes, size_t len, struct frame *f, struct err *e)
{
    size_t total = 0;
    int r = frame_size(bytes, len, &total, e);
    f->head = NULL;
    f->nblobs = 0;
    if (r < 0)
        return -1;
    if (r == 0 || total != len)
        return err_set(e, ERR_INVALID, "the message is %s",
                       r == 0 || total > len ? "cut short" : "followed by other bytes");
    size_t head_len = get_u32(bytes + 4), nblobs = get_u32(bytes + 8);
    const char *head = bytes + FRAME_PREFIX_LEN + 4 * nblobs;
    if (decode_head(head, head_len, f, e) == 0 &&
        decode_blobs(bytes, head + head_len, nblobs, f, e) == 0)
        return 0;
    frame_clear(f);
    return -1;
}
