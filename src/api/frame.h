/* SPDX-License-Identifier: MIT */
/* frame.h - one message on the wire: a JSON head and named blobs for what is bytes.
 *
 *   "MSL1"  u32 head length  u32 number of blobs  { u32 length }...  head  blobs...
 *
 * All numbers big-endian. The head is a JSON object; its "blobs" lists the names of the blobs in
 * order. A request's head has "v" (API_VERSION), "verb", and for a changing one "id"; a reply's has
 * "v" and either "ok": true or "error": {"code": n, "text": "..."}.
 * Arguments, environments and paths need not be UTF-8: they are blobs, never JSON strings. */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "util/buf.h"
#include "util/err.h"

#define API_VERSION      1
#define FRAME_MAX        (64u << 20) /* bytes of a whole frame; more is refused */
#define FRAME_BLOBS_MAX  64
#define FRAME_PREFIX_LEN 12
/* What a head may be, so that a small message can't become a large tree in memory. */
#define FRAME_DEPTH_MAX  16
#define FRAME_VALUES_MAX 1000000
/* How JSON is written, on the wire and for people: microseconds of a wall-clock time are exact. */
#define FRAME_JSON (JSON_COMPACT | JSON_REAL_PRECISION(16))

struct frame_blob {
    char *name;
    char *data; /* a NUL stands behind the bytes, not counted */
    size_t len;
};

struct frame {
    json_t *head; /* owned */
    struct frame_blob blobs[FRAME_BLOBS_MAX];
    size_t nblobs;
};

void frame_clear(struct frame *f);
/* Copies the bytes. 0, or -1 if no memory, too many blobs, or there is one of that name. */
int frame_add_blob(struct frame *f, const char *name, const void *data, size_t len);
void frame_drop_blob(struct frame *f, const char *name); /* harmless if there is none */
/* NULL if there is none of that name. */
const struct frame_blob *frame_blob(const struct frame *f, const char *name);
/* Appends the whole frame to out. On failure (too large, no memory) out is as before. */
int frame_encode(const struct frame *f, struct buf *out, struct err *e);
/* How many bytes the whole frame at `bytes` has, as soon as that can be told: 1 and *total, 0 if
 * more bytes are needed first, -1 with *e if this is no frame or too large. */
int frame_size(const char *bytes, size_t len, size_t *total, struct err *e);
/* Decodes exactly one whole frame. On failure *f is empty. */
int frame_decode(const char *bytes, size_t len, struct frame *f, struct err *e);

#define _cleanup_frame_ __attribute__((cleanup(frame_clear)))
