// SPDX-License-Identifier: MIT
/* The encoded spec: "mini-slurm spec 6\n", then the fields in the order of the table, each a u32
 * length and so many bytes. Numbers are eight bytes, in the machine's own order: it never leaves
 * the machine. */
#include "attempt/spec.h"

#include <stdlib.h>
#include <string.h>

static const char magic[] = "mini-slurm spec 6\n";

enum kind { INT64, INT, UINT32, BOOL, TEXT, LIST, ARRAY };

#define FIELD(kind, member, max)                                                                   \
    {                                                                                              \
#member, kind, offsetof(struct attempt_spec, member), max                                  \
    }
static const struct field {
    const char *name;
    enum kind kind;
    size_t offset;
    int64_t max; /* numbers: from 0 to this; arrays: their size */
} fields[] = {
    FIELD(INT64, job, INT64_MAX),
    FIELD(INT, attempt, INT32_MAX),
    FIELD(TEXT, run_dir, 0),
    FIELD(INT64, given.job, INT64_MAX),
    FIELD(INT, given.attempt, INT32_MAX),
    FIELD(LIST, argv, 0),
    FIELD(TEXT, script, 0),
    FIELD(LIST, env, 0),
    FIELD(TEXT, cwd, 0),
    FIELD(TEXT, stdout_path, 0),
    FIELD(TEXT, stderr_path, 0),
    FIELD(UINT32, uid, UINT32_MAX),
    FIELD(UINT32, gid, UINT32_MAX),
    FIELD(UINT32, umask, 0777),
    FIELD(LIST, groups, 0),
    FIELD(INT64, limit_us, INT64_MAX),
    FIELD(INT, warning.signal, 64),
    FIELD(BOOL, warning.first, 1),
    FIELD(INT64, warning.before_us, INT64_MAX),
    FIELD(INT, checkpoint, CHECKPOINTS - 1),
    FIELD(TEXT, images, 0),
    FIELD(INT64, grace_us, INT64_MAX),
    FIELD(INT64, mem_mb, INT64_C(1) << 40),
    FIELD(TEXT, cpus, 0),
    FIELD(TEXT, mems, 0),
    FIELD(BOOL, elastic, 1),
    FIELD(INT64, ncpus, INT32_MAX),
    FIELD(INT64, min_cpus, INT32_MAX),
    FIELD(INT64, max_cpus, INT32_MAX),
    FIELD(INT, resize_signal, 64),
    FIELD(TEXT, control_path, 0),
    FIELD(TEXT, ack_path, 0),
    FIELD(TEXT, notify, 0),
    FIELD(INT, notify_on, 7),
    FIELD(TEXT, prolog, 0),
    FIELD(TEXT, epilog, 0),
    FIELD(INT64, hook_timeout_us, INT64_MAX),
    FIELD(BOOL, pty, 1),
    FIELD(TEXT, client, 0),
    FIELD(INT, levels.cpu, LEVEL_ENFORCED),
    FIELD(INT, levels.mem, LEVEL_ENFORCED),
    FIELD(INT, levels.procs, LEVEL_ENFORCED),
    FIELD(INT, levels.gpu, LEVEL_ENFORCED),
    FIELD(ARRAY, base.v2, CGROUP_PATH),
    FIELD(BOOL, base.v2_cpu, 1),
    FIELD(BOOL, base.v2_mem, 1),
    FIELD(ARRAY, base.v1_cpu, CGROUP_PATH),
    FIELD(ARRAY, base.v1_mem, CGROUP_PATH),
    FIELD(ARRAY, base.v1_procs, CGROUP_PATH),
    FIELD(TEXT, group, 0),
};
enum { FIELDS = sizeof fields / sizeof *fields };

_Static_assert(sizeof(enum level) == sizeof(int), "levels are encoded as ints");
_Static_assert(sizeof(enum checkpoint) == sizeof(int), "so is this");

static void *member(const struct attempt_spec *s, const struct field *f)
{
    return (char *)(uintptr_t)s + f->offset;
}

void spec_free(struct attempt_spec *s)
{
    for (const struct field *f = fields; f < fields + FIELDS; f++) {
        if (f->kind == TEXT)
            free(*(char **)member(s, f));
        else if (f->kind == LIST)
            free(((struct strz *)member(s, f))->data);
    }
    *s = (struct attempt_spec){0};
}

static void add(struct buf *out, const void *bytes, size_t len)
{
    uint32_t prefix = (uint32_t)len;
    if (len > UINT32_MAX) {
        out->failed = true;
        return;
    }
    buf_add(out, &prefix, sizeof prefix);
    buf_add(out, bytes, len);
}

static void add_number(struct buf *out, int64_t number)
{
    add(out, &number, sizeof number);
}

static void encode_field(const struct attempt_spec *s, const struct field *f, struct buf *out)
{
    void *at = member(s, f);
    const char *text;
    switch (f->kind) {
    case INT64:
        add_number(out, *(int64_t *)at);
        break;
    case INT:
        add_number(out, *(int *)at);
        break;
    case UINT32:
        add_number(out, *(uint32_t *)at);
        break;
    case BOOL:
        add_number(out, *(bool *)at);
        break;
    case TEXT:
        text = *(char **)at ? *(char **)at : "";
        add(out, text, strlen(text));
        break;
    case ARRAY:
        add(out, at, strlen(at));
        break;
    case LIST:
        add(out, ((struct strz *)at)->data, ((struct strz *)at)->len);
        break;
    }
}

int spec_encode(const struct attempt_spec *s, struct buf *out, struct err *e)
{
    buf_add(out, magic, sizeof magic - 1);
    for (const struct field *f = fields; f < fields + FIELDS; f++)
        encode_field(s, f, out);
    return out->failed ? err_nomem(e) : 0;
}

static char *copy(const char *bytes, size_t len)
{
    char *text = malloc(len + 1);
    if (text) {
        memcpy(text, bytes, len);
        text[len] = '\0';
    }
    return text;
}

static int damaged(const struct field *f, struct err *e)
{
    return err_set(e, ERR_CORRUPT, "spec is damaged: %s", f->name);
}

static int decode_number(const char *bytes, size_t len, const struct field *f, void *at,
                         struct err *e)
{
    int64_t number;
    if (len != sizeof number)
        return damaged(f, e);
    memcpy(&number, bytes, sizeof number);
    if (number < 0 || number > f->max)
        return damaged(f, e);
    if (f->kind == INT64)
        *(int64_t *)at = number;
    else if (f->kind == INT)
        *(int *)at = (int)number;
    else if (f->kind == UINT32)
        *(uint32_t *)at = (uint32_t)number;
    else
        *(bool *)at = number != 0;
    return 0;
}

static int decode_bytes(const char *bytes, size_t len, const struct field *f, void *at,
                        struct err *e)
{
    if (f->kind == LIST) {
        if (!strz_valid(bytes, len))
            return damaged(f, e);
        char *data = copy(bytes, len);
        if (!data)
            return err_nomem(e);
        *(struct strz *)at = (struct strz){.data = data, .len = len};
        return 0;
    }
    if (memchr(bytes, '\0', len) || (f->kind == ARRAY && len >= (size_t)f->max))
        return damaged(f, e);
    if (f->kind == ARRAY) {
        memcpy(at, bytes, len);
        return 0;
    }
    *(char **)at = copy(bytes, len);
    return *(char **)at ? 0 : err_nomem(e);
}

static int decode_field(const char **at, const char *end, const struct field *f,
                        struct attempt_spec *s, struct err *e)
{
    uint32_t len;
    if ((size_t)(end - *at) < sizeof len)
        return err_set(e, ERR_CORRUPT, "spec is cut short at %s", f->name);
    memcpy(&len, *at, sizeof len);
    const char *bytes = *at + sizeof len;
    if ((size_t)(end - bytes) < len)
        return err_set(e, ERR_CORRUPT, "spec is cut short at %s", f->name);
    *at = bytes + len;
    if (f->kind == TEXT || f->kind == LIST || f->kind == ARRAY)
        return decode_bytes(bytes, len, f, member(s, f), e);
    return decode_number(bytes, len, f, member(s, f), e);
}

int spec_decode(const void *bytes, size_t len, struct attempt_spec *s, struct err *e)
{
    const char *at = bytes, *end = at + len;
    *s = (struct attempt_spec){0};
    if (len < sizeof magic - 1 || memcmp(at, magic, sizeof magic - 1) != 0)
        return err_set(e, ERR_CORRUPT, "not a spec, or one of another version of mini-slurm");
    at += sizeof magic - 1;
    int result = 0;
    for (const struct field *f = fields; result == 0 && f < fields + FIELDS; f++)
        result = decode_field(&at, end, f, s, e);
    if (result == 0 && at != end)
        result = err_set(e, ERR_CORRUPT, "spec is damaged: bytes behind its end");
    if (result == 0 && strz_count(&s->argv) == 0 &&
        !s->script[0]) /* a script may be all there is */
        result = err_set(e, ERR_CORRUPT, "spec is damaged: no command");
    if (result != 0)
        spec_free(s);
    return result;
}
