// SPDX-License-Identifier: MIT
/* The key is a 128-bit hash, which is not proof against somebody who makes two environments collide
 * on purpose: contents are compared, and a key that another environment has taken is counted up
 * until it is free. Nobody ever gets another's environment. */
#include "store/environments.h"

#include <stdlib.h>
#include <string.h>

#include "store/db.h"
#include "store/hash.h"

static const char ENV_SAME[] = "SELECT data = ?2 FROM environments WHERE hash = ?1";
static const char ENV_INSERT[] = "INSERT INTO environments (hash, data) VALUES (?, ?)";
static const char ENV_OF_JOB[] = "SELECT data FROM environments"
                                 " WHERE hash = (SELECT env_hash FROM jobs WHERE id = ?)";

static void key_of(u128 h, unsigned char *key)
{
    for (int i = ENVIRONMENT_KEY_LEN - 1; i >= 0; i--, h >>= 8)
        key[i] = (unsigned char)h;
}

enum found { FOUND_NONE, FOUND_SAME, FOUND_OTHER };

static int find(struct store *s, const unsigned char *key, const struct strz *env, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ENV_SAME, ENV_SAME, e) < 0)
        return -1;
    stmt_put_blob(&q, key, ENVIRONMENT_KEY_LEN);
    stmt_put_blob(&q, env->data, env->len);
    int got = stmt_step(&q, e);
    if (got <= 0)
        return got < 0 ? -1 : FOUND_NONE;
    return stmt_get_int(&q) ? FOUND_SAME : FOUND_OTHER;
}

static int insert(struct store *s, const unsigned char *key, const struct strz *env, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ENV_INSERT, ENV_INSERT, e) < 0)
        return -1;
    stmt_put_blob(&q, key, ENVIRONMENT_KEY_LEN);
    stmt_put_blob(&q, env->data, env->len);
    return stmt_run(&q, NULL, e);
}

void environment_forget(struct store *s)
{
    free(s->env.data);
    s->env = (struct last_environment){0};
}

/* Jobs that are handed in together mostly share theirs. */
static bool is_last(const struct store *s, const struct strz *env)
{
    return s->env.data && s->env.len == env->len && memcmp(s->env.data, env->data, env->len) == 0;
}

/* If there is no memory for it, it is looked for the next time. */
static void remember(struct store *s, const struct strz *env, const unsigned char *key)
{
    environment_forget(s);
    s->env.data = malloc(env->len + 1);
    if (!s->env.data)
        return;
    memcpy(s->env.data, env->data, env->len);
    s->env.len = env->len;
    memcpy(s->env.key, key, ENVIRONMENT_KEY_LEN);
}

static int intern(struct store *s, const struct strz *env, unsigned char *key, struct err *e)
{
    for (u128 h = hash_more(HASH_OF_NOTHING, env->data, env->len);; h++) {
        key_of(h, key);
        int found = find(s, key, env, e);
        if (found < 0)
            return -1;
        if (found == FOUND_SAME)
            return 0;
        if (found == FOUND_NONE)
            return insert(s, key, env, e);
    }
}

int environment_intern(struct store *s, const struct strz *env, unsigned char *key, struct err *e)
{
    if (is_last(s, env)) {
        memcpy(key, s->env.key, ENVIRONMENT_KEY_LEN);
        return 0;
    }
    if (intern(s, env, key, e) < 0)
        return -1;
    remember(s, env, key);
    return 0;
}

int environment_load(struct store *s, int64_t job, struct strz *env, struct err *e)
{
    _cleanup_stmt_ struct stmt q = {0};
    if (stmt_open(&q, s, STMT_ENV_OF_JOB, ENV_OF_JOB, e) < 0)
        return -1;
    stmt_put_int(&q, job);
    int got = stmt_step(&q, e);
    if (got <= 0)
        return got;
    env->data = stmt_get_bytes(&q, &env->len);
    return q.nomem ? err_nomem(e) : 0;
}
