/* SPDX-License-Identifier: MIT */
/* json.h - values as docs/json.md has them. Each makes a new reference, NULL if no memory. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/level.h"

/* An object in the making: what could not be added is remembered. */
struct object {
    json_t *json;
    bool failed;
};

struct object object_new(void);
/* Takes the reference; NULL makes the object fail. */
void object_set(struct object *o, const char *key, json_t *value);
/* The reference, or NULL if anything failed. */
json_t *object_end(struct object *o);

json_t *json_bytes(const char *s);   /* made printable; null for NULL */
json_t *json_time_us(int64_t us);    /* seconds; null for 0 */
json_t *json_seconds_us(int64_t us); /* seconds; 0 is 0 */
json_t *json_known(int64_t n);       /* null for -1 */
json_t *json_levels(const struct levels *l);
