// SPDX-License-Identifier: MIT
#include "attempt/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

#define MAGIC   "mini-slurm status "
#define VERSION 1

enum kind { INT64, INT, TEXT };

/* Every key is in every record, but for those that were added. What a later version adds, an older
 * one passes over. */
#define FIELD(kind, name, member, max)                                                             \
    {                                                                                              \
        name, kind, false, offsetof(struct attempt_status, member),                                \
            sizeof((struct attempt_status *)0)->member, max                                        \
    }
#define NUMBER(name, member) FIELD(INT64, name, member, INT64_MAX)
#define SMALL(name, member, max)                                                                   \
    {                                                                                              \
        name, INT, false, offsetof(struct attempt_status, member), sizeof(int), max                \
    }
static const struct field {
    const char *name;
    enum kind kind;
    bool added; /* where it is missing it is 0 */
    size_t offset, size;
    int64_t max; /* numbers are from -1 (not known) to this */
} fields[] = {
    NUMBER("started_us", started_us), /* first: see RECORD_STARTED_AT */
    /* Second. Records of shepherds that did not know of it are read as well. */
    {"checkpointed", INT, true, offsetof(struct attempt_status, checkpointed), sizeof(int), 1},
    NUMBER("job", job),
    SMALL("attempt", attempt, INT32_MAX),
    SMALL("phase", phase, PHASE_ENDED),
    FIELD(TEXT, "boot_id", boot_id, 0),
    SMALL("shepherd", shepherd, INT32_MAX),
    NUMBER("shepherd_start", shepherd_start),
    FIELD(TEXT, "group", group, 0),
    SMALL("level_cpu", levels.cpu, LEVEL_ENFORCED),
    SMALL("level_mem", levels.mem, LEVEL_ENFORCED),
    SMALL("level_procs", levels.procs, LEVEL_ENFORCED),
    SMALL("level_gpu", levels.gpu, LEVEL_ENFORCED),
    SMALL("outcome", outcome, OUTCOME_NOT_STARTED),
    NUMBER("ended_us", ended_us),
    NUMBER("runtime_us", runtime_us),
    SMALL("exit_code", exit_code, 255),
    SMALL("signal", signal, 255),
    NUMBER("cpu_user_us", usage.cpu_user_us),
    NUMBER("cpu_system_us", usage.cpu_system_us),
    NUMBER("mem_peak_kb", usage.mem_peak_kb),
    FIELD(TEXT, "reason", reason, 0),
};
enum { FIELDS = sizeof fields / sizeof *fields };

_Static_assert(sizeof(pid_t) == sizeof(int), "shepherd is kept as an int");
_Static_assert(sizeof(enum level) == sizeof(int), "enums are kept as ints");
_Static_assert(sizeof(MAGIC "1\nstarted_us ") - 1 == RECORD_STARTED_AT, "place of started_us");
_Static_assert(RECORD_STARTED_AT + RECORD_STARTED_LEN + sizeof("\ncheckpointed ") - 1 ==
                   RECORD_CHECKPOINTED_AT,
               "place of checkpointed");

static int64_t number_get(const struct attempt_status *s, const struct field *f)
{
    const char *at = (const char *)s + f->offset;
    return f->kind == INT ? *(const int *)(const void *)at : *(const int64_t *)(const void *)at;
}

static void number_set(struct attempt_status *s, const struct field *f, int64_t value)
{
    void *at = (char *)s + f->offset;
    if (f->kind == INT)
        *(int *)at = (int)value;
    else
        *(int64_t *)at = value;
}

void record_encode(const struct attempt_status *s, char text[STATUS_SIZE])
{
    /* Texts are at most 40 + 128 + 512 bytes: all of it fits. */
    memset(text, '\n', STATUS_SIZE);
    int len = sprintf(text, MAGIC "%d\n", VERSION);
    for (const struct field *f = fields; f < fields + FIELDS; f++) {
        char *line = text + len;
        if (f->kind == TEXT)
            len += sprintf(line, "%s %s\n", f->name, (const char *)s + f->offset);
        else if (f == fields)
            len += sprintf(line, "%s %0*" PRId64 "\n", f->name, RECORD_STARTED_LEN, s->started_us);
        else
            len += sprintf(line, "%s %" PRId64 "\n", f->name, number_get(s, f));
        for (char *c = line; c < text + len - 1; c++)
            if (*c == '\n')
                *c = ' ';
    }
    text[len] = '\n'; /* over sprintf's NUL */
}

static int corrupt(struct err *e, const char *what)
{
    return err_set(e, ERR_CORRUPT, "status file is damaged: %s", what);
}

/* The text of the field in the record, up to its newline; NULL if it is not there. */
static const char *value_of(const char *record, const struct field *f)
{
    size_t len = strlen(f->name);
    for (const char *line = strchr(record, '\n'); line; line = strchr(line + 1, '\n'))
        if (strncmp(line + 1, f->name, len) == 0 && line[1 + len] == ' ')
            return line + 1 + len + 1;
    return NULL;
}

static int decode_field(const char *record, const struct field *f, struct attempt_status *s,
                        struct err *e)
{
    const char *value = value_of(record, f);
    const char *end = value ? strchr(value, '\n') : NULL;
    if (!end)
        return f->added && !value ? 0 : corrupt(e, f->name);
    if (f->kind == TEXT) {
        if ((size_t)(end - value) >= f->size)
            return corrupt(e, f->name);
        char *to = (char *)s + f->offset;
        memcpy(to, value, (size_t)(end - value));
        to[end - value] = '\0';
        return 0;
    }
    char *stop;
    errno = 0;
    long long number = strtoll(value, &stop, 10);
    if (value == stop || stop != end || errno || number < -1 || number > f->max)
        return corrupt(e, f->name);
    number_set(s, f, number);
    return 0;
}

int record_decode(const char text[STATUS_SIZE], struct attempt_status *s, struct err *e)
{
    char record[STATUS_SIZE + 1];
    memcpy(record, text, STATUS_SIZE);
    record[STATUS_SIZE] = '\0';
    *s = (struct attempt_status){0};
    if (strncmp(record, MAGIC, strlen(MAGIC)) != 0 || strlen(record) != STATUS_SIZE)
        return corrupt(e, "not a record");
    long version = strtol(record + strlen(MAGIC), NULL, 10);
    if (version > VERSION)
        return err_set(e, ERR_NEWER, "status file is of version %ld, this program knows %d",
                       version, VERSION);
    for (const struct field *f = fields; f < fields + FIELDS; f++)
        if (decode_field(record, f, s, e) != 0)
            return -1;
    return 0;
}
