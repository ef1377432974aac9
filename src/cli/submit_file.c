// SPDX-License-Identifier: MIT
#include "cli/submit_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/verb.h"
#include "util/cleanup.h"
#include "util/strz.h"
#include "util/text.h"

/* The lists that the request has one entry in for each line. */
struct lines {
    const struct line_format *format;
    struct buf jobs, names, dependencies;
    size_t count;
};

static void lines_free(struct lines *all)
{
    buf_free(&all->jobs);
    buf_free(&all->names);
    buf_free(&all->dependencies);
}

static void close_file(FILE **f)
{
    if (*f && *f != stdin)
        fclose(*f);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int keep_line(struct lines *all, const struct line *l, struct err *e)
{
    const char *name = l->name ? l->name : "";
    if (frame_encode(&l->frame, &all->jobs, e) < 0)
        return -1;
    buf_add(&all->names, name, strlen(name) + 1);
    buf_add(&all->dependencies, l->dependency.data, l->dependency.len + 1);
    all->count++;
    return all->names.failed || all->dependencies.failed ? err_nomem(e) : 0;
}

static int read_line(struct lines *all, const char *text, size_t len, struct err *e)
{
    struct line l = {0};
    json_t *json = NULL;
    int rc = submit_line_read(all->format, text, len, &l, &json, e);
    if (rc == 0)
        rc = keep_line(all, &l, e);
    submit_line_clear(&l);
    json_decref(json);
    return rc;
}

/* It is the file that is wrong, not the command line. */
static int refuse_line(const struct lines *all, struct err *e)
{
    if (e->code == ERR_USAGE)
        e->code = ERR_INVALID;
    return err_wrap(e, "line %zu", all->count + 1);
}

static int read_lines(struct lines *all, FILE *f, struct err *e)
{
    _cleanup_free_ char *text = NULL;
    size_t room = 0;
    ssize_t len;
    while ((len = getline(&text, &room, f)) > 0) {
        size_t bare = (size_t)len - (text[len - 1] == '\n');
        if (read_line(all, text, bare, e) < 0)
            return refuse_line(all, e);
    }
    if (ferror(f))
        return err_errno(e, "cannot read it");
    return all->count ? 0 : err_set(e, ERR_INVALID, "there are no jobs in it");
}

static int read_file(struct lines *all, const char *path, struct err *e)
{
    char shown[128];
    _cleanup_(close_file) FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    text_brief(path, shown, sizeof shown);
    if (!f)
        return err_errno(e, "--file %s", shown);
    return read_lines(all, f, e) < 0 ? err_wrap(e, "%s", shown) : 0;
}

static int make_request(const struct lines *all, struct frame *request, struct err *e)
{
    if (all->format->common(all->format->options, request, e) < 0)
        return -1;
    if (frame_add_blob(request, "jobs", all->jobs.data, all->jobs.len) < 0 ||
        frame_add_blob(request, "names", all->names.data, all->names.len) < 0 ||
        frame_add_blob(request, "dependencies", all->dependencies.data, all->dependencies.len) < 0)
        return err_nomem(e);
    return 0;
}

/* --- saying which ids they got ---------------------------------------------------------------- */

static void print_words(const struct lines *all, long long first)
{
    if (all->count == 1)
        printf("Submitted 1 job: %lld\n", first);
    else
        printf("Submitted %zu jobs: %lld-%lld\n", all->count, first,
               first + (long long)all->count - 1);
}

static int add_entry(json_t *jobs, long long id, const char *name)
{
    struct buf shown _cleanup_buf_ = {0};
    text_printable(&shown, name, strlen(name));
    return json_array_append_new(jobs, json_pack("{s:I, s:s?}", "job", (json_int_t)id, "name",
                                                 shown.len ? shown.data : NULL));
}

static int print_json_list(const struct lines *all, struct frame *reply, long long first,
                           struct err *e)
{
    json_t *jobs = json_array();
    struct strz names = {all->names.data, all->names.len};
    long long id = first;
    if (ask_set(reply, "jobs", jobs, e) < 0)
        return -1;
    strz_each (name, &names)
        if (add_entry(jobs, id++, name) < 0)
            return err_nomem(e);
    json_object_del(reply->head, "first");
    json_object_del(reply->head, "last");
    return ask_print_json(reply, e);
}

static int print_submitted(const struct lines *all, struct frame *reply, enum submitted_as as,
                           struct err *e)
{
    long long first = json_integer_value(json_object_get(reply->head, "first"));
    if (!json_is_true(json_object_get(reply->head, "scheduler")))
        fprintf(stderr, "mini-slurm: no scheduler is running: the jobs wait until one is; start it "
                        "with: mini-slurm scheduler --background\n");
    if (as == SUBMITTED_JSON)
        return print_json_list(all, reply, first, e);
    if (as == SUBMITTED_WORDS)
        print_words(all, first);
    else
        for (size_t i = 0; i < all->count; i++)
            printf("%lld\n", first + (long long)i);
    return VERB_DONE;
}

int submit_file(const struct line_format *format, const char *path, enum submitted_as as,
                struct err *e)
{
    _cleanup_(lines_free) struct lines all = {.format = format};
    struct frame request _cleanup_frame_ = {0}, reply _cleanup_frame_ = {0};
    if (read_file(&all, path, e) < 0 || make_request(&all, &request, e) < 0 ||
        ask(&request, &reply, e) < 0)
        return -1;
    return print_submitted(&all, &reply, as, e);
}
