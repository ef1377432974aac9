// SPDX-License-Identifier: MIT
#include "cli/ask.h"

#include <stdio.h>
#include <string.h>

#include "util/number.h"
#include "util/text.h"

int ask_set(struct frame *request, const char *key, json_t *value, struct err *e)
{
    return json_object_set_new(request->head, key, value) < 0 ? err_nomem(e) : 0;
}

int ask(const struct frame *request, struct frame *reply, struct err *e)
{
    struct client c;
    if (client_open(&c, e) < 0)
        return -1;
    int result = client_call(&c, request, reply, e);
    client_close(&c);
    return result;
}

int ask_show(struct client *c, json_t *job, struct frame *reply, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    if (client_request(&request, "show") < 0) {
        json_decref(job);
        return err_nomem(e);
    }
    return ask_set(&request, "job", job, e) < 0 ? -1 : client_call(c, &request, reply, e);
}

int ask_pages(struct client *c, struct frame *request,
              int (*page)(void *ctx, const json_t *reply, struct err *e), void *ctx, struct err *e)
{
    for (;;) {
        struct frame reply _cleanup_frame_ = {0};
        if (client_call(c, request, &reply, e) < 0 || page(ctx, reply.head, e) < 0)
            return -1;
        json_t *next = json_object_get(reply.head, "next");
        if (!json_is_integer(next))
            return 0;
        if (ask_set(request, "after_id", json_incref(next), e) < 0)
            return -1;
    }
}

int print_json(const json_t *value, struct err *e)
{
    /* main() looks at the stream's error flag: only want of memory is told here. */
    if (json_dumpf(value, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(16)) < 0 && !ferror(stdout))
        return err_nomem(e);
    putchar('\n');
    return 0;
}

int ask_print_json(struct frame *reply, struct err *e)
{
    static const char *const wire[] = {"v", "ok", "id", "blobs"};
    for (size_t i = 0; i < sizeof wire / sizeof *wire; i++)
        json_object_del(reply->head, wire[i]);
    return print_json(reply->head, e);
}

int ask_about_job(const char *verb, int argc, char **argv, struct frame *reply, struct err *e)
{
    struct frame request _cleanup_frame_ = {0};
    if (argc != 1)
        return err_set(e, ERR_USAGE, argc ? "one job at a time" : "no job given");
    if (client_request(&request, verb) < 0)
        return err_nomem(e);
    json_t *job = NULL;
    if (ask_job(argv[0], &job, e) < 0 || ask_set(&request, "job", job, e) < 0)
        return -1;
    return ask(&request, reply, e);
}

/* The tasks are looked at by who serves the request. */
int ask_job(const char *text, json_t **job, struct err *e)
{
    int64_t id;
    size_t digits = strspn(text, "0123456789");
    bool in_words = (digits && text[digits] == '_') || strcmp(text, "last") == 0;
    if (!in_words && ask_number(text, &id, e) < 0)
        return -1;
    *job = in_words ? json_string(text) : json_integer(id);
    return 0;
}

int ask_number(const char *text, int64_t *id, struct err *e)
{
    char shown[64];
    if (number_parse("job", text, 1, INT64_MAX, id, NULL) < 0)
        return err_set(e, ERR_USAGE, "%s: not a job's id (a number, as submit and queue print it)",
                       text_brief(text, shown, sizeof shown));
    return 0;
}

int ask_job_id(struct client *c, const char *text, int64_t *id, struct err *e)
{
    struct frame reply _cleanup_frame_ = {0};
    json_t *job = NULL;
    if (ask_job(text, &job, e) < 0 || ask_show(c, job, &reply, e) < 0)
        return -1;
    *id = json_integer_value(json_object_get(json_object_get(reply.head, "job"), "id"));
    return 0;
}
