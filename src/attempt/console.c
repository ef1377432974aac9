// SPDX-License-Identifier: MIT
#include "attempt/console.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HEADER_LEN    5
#define CLIENT_PREFIX "client."

/* Behind it stands the reason, not terminated. */
struct exit_head {
    int32_t outcome, exit_code, signal;
};

/* The version goes with the first. */
struct size_body {
    uint16_t version;
    struct terminal_size size;
};

void console_put(struct buf *out, enum console_word word, const void *bytes, size_t len)
{
    char header[HEADER_LEN] = {(char)word};
    uint32_t length = (uint32_t)len;
    memcpy(header + 1, &length, sizeof length);
    buf_add(out, header, sizeof header);
    buf_add(out, bytes, len);
}

void console_put_number(struct buf *out, enum console_word word, uint32_t number)
{
    console_put(out, word, &number, sizeof number);
}

void console_put_size(struct buf *out, enum console_word word, const struct terminal_size *size)
{
    struct size_body body = {.version = CONSOLE_VERSION, .size = *size};
    console_put(out, word, &body, sizeof body);
}

void console_put_exit(struct buf *out, const struct attempt_status *s)
{
    char bytes[sizeof(struct exit_head) + sizeof s->reason];
    size_t len = strlen(s->reason);
    struct exit_head head = {
        .outcome = (int32_t)s->outcome, .exit_code = s->exit_code, .signal = s->signal};
    memcpy(bytes, &head, sizeof head);
    memcpy(bytes + sizeof head, s->reason, len);
    console_put(out, CONSOLE_EXIT, bytes, sizeof head + len);
}

int console_next(const struct buf *in, size_t *at, struct console_frame *f)
{
    uint32_t length;
    if (in->len - *at < HEADER_LEN)
        return 0;
    const char *header = in->data + *at;
    memcpy(&length, header + 1, sizeof length);
    if (*header < CONSOLE_READY || *header > CONSOLE_EXIT || length > CONSOLE_MAX)
        return -1;
    if (in->len - *at - HEADER_LEN < length)
        return 0;
    *f = (struct console_frame){
        .word = (enum console_word) * header, .bytes = header + HEADER_LEN, .len = length};
    *at += HEADER_LEN + length;
    return 1;
}

int console_get_number(const struct console_frame *f, uint32_t *number)
{
    if (f->len != sizeof *number)
        return -1;
    memcpy(number, f->bytes, sizeof *number);
    return 0;
}

int console_get_size(const struct console_frame *f, struct terminal_size *size)
{
    struct size_body body;
    if (f->len != sizeof body)
        return -1;
    memcpy(&body, f->bytes, sizeof body);
    *size = body.size;
    return body.version == CONSOLE_VERSION ? 0 : -1;
}

int console_get_exit(const struct console_frame *f, struct attempt_status *s)
{
    struct exit_head head;
    if (f->len < sizeof head || f->len - sizeof head >= sizeof s->reason)
        return -1;
    memcpy(&head, f->bytes, sizeof head);
    size_t len = f->len - sizeof head;
    s->outcome = (enum attempt_outcome)head.outcome;
    s->exit_code = head.exit_code;
    s->signal = head.signal;
    memcpy(s->reason, f->bytes + sizeof head, len);
    s->reason[len] = '\0';
    return 0;
}

void console_name(char name[CONSOLE_NAME_MAX], int64_t job, int attempt)
{
    snprintf(name, CONSOLE_NAME_MAX, "%" PRId64 ".%d.console", job, attempt);
}

void console_client_name(char name[CONSOLE_NAME_MAX], const char *digits)
{
    snprintf(name, CONSOLE_NAME_MAX, CLIENT_PREFIX "%s", digits);
}

bool console_client_fits(const char *name)
{
    size_t prefix = strlen(CLIENT_PREFIX), len = strlen(name);
    return len > prefix && len < CONSOLE_NAME_MAX && strncmp(name, CLIENT_PREFIX, prefix) == 0 &&
           strspn(name + prefix, "0123456789abcdef") == len - prefix;
}
