// SPDX-License-Identifier: MIT
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

#include "api/fields.h"
#include "api/json.h"
#include "api/request.h"
#include "api/target.h"
#include "util/cleanup.h"
#include "util/text.h"

#define REQUEST_ID_MAX 64

static const struct request_type *const types[] = {
    &request_submit,      &request_list,  &request_show,   &request_cancel,   &request_stats,
    &request_ping,        &request_why,   &request_resize, &request_topology, &request_wait,
    &request_drain,       &request_prune, &request_signal, &request_suspend,  &request_resume,
    &request_submit_file, &request_graph, &request_hold,   &request_release,  &request_update,
    &request_requeue,
};
#define TYPES (sizeof types / sizeof *types)

const struct request_type *request_find(const struct frame *request)
{
    const char *verb = json_string_value(json_object_get(request->head, "verb"));
    for (size_t i = 0; verb && i < TYPES; i++)
        if (strcmp(types[i]->verb, verb) == 0)
            return types[i];
    return NULL;
}

bool api_changes(const struct frame *request)
{
    const struct request_type *type = request_find(request);
    return type && type->changes;
}

static struct object reply_new(void)
{
    struct object o = object_new();
    object_set(&o, "v", json_integer(API_VERSION));
    return o;
}

void api_reply_error(struct frame *reply, const struct err *e)
{
    struct object why = object_new();
    object_set(&why, "code", json_integer(e->code));
    /* It may hold, and may have been cut inside, a path that is not UTF-8. */
    object_set(&why, "text",
               text_is_utf8(e->text, strlen(e->text)) ? json_string(e->text) : json_bytes(e->text));
    struct object o = reply_new();
    object_set(&o, "error", object_end(&why));
    reply->head = object_end(&o);
}

/* --- is it a request at all ------------------------------------------------------------------- */

static int check_version(const struct frame *request, struct err *e)
{
    const json_t *v = json_object_get(request->head, "v");
    if (!json_is_integer(v))
        return err_set(e, ERR_INVALID, "the request does not say its version (\"v\")");
    if (json_integer_value(v) != API_VERSION)
        return err_set(e, ERR_INVALID,
                       "the request has version %" JSON_INTEGER_FORMAT
                       ", but mini-slurm " MINI_SLURM_VERSION
                       " that got it speaks version %d: use the same mini-slurm on both sides "
                       "(after an upgrade, restart the scheduler)",
                       json_integer_value(v), API_VERSION);
    return 0;
}

static bool has(const char *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

int request_check(const struct request_type *type, const struct frame *request, struct err *e)
{
    static const char *const every[] = {"v", "verb", "id", NULL};
    char shown[64];
    const char *key, *unknown = NULL;
    json_t *value;
    json_object_foreach (request->head, key, value)
        if (!has(every, key) && !has(type->fields, key))
            unknown = key;
    for (size_t i = 0; i < request->nblobs; i++)
        if (!has(type->blobs, request->blobs[i].name))
            unknown = request->blobs[i].name;
    if (unknown)
        return err_set(e, ERR_INVALID,
                       "%s: mini-slurm " MINI_SLURM_VERSION " knows no \"%s\" there", type->verb,
                       text_brief(unknown, shown, sizeof shown));
    return 0;
}

static int check(const struct frame *request, const struct request_type **type, struct err *e)
{
    char shown[64];
    if (check_version(request, e) < 0)
        return -1;
    *type = request_find(request);
    if (*type)
        return request_check(*type, request, e);
    const char *verb = json_string_value(json_object_get(request->head, "verb"));
    return err_set(e, ERR_INVALID, "mini-slurm " MINI_SLURM_VERSION " knows no request \"%s\"",
                   text_brief(verb ? verb : "", shown, sizeof shown));
}

/* NULL with *e if it has none that can be used. */
static const char *request_id(const struct frame *request, struct err *e)
{
    const char *id = json_string_value(json_object_get(request->head, "id"));
    size_t len = id ? strlen(id) : 0;
    bool good = len >= 1 && len <= REQUEST_ID_MAX;
    for (size_t i = 0; good && i < len; i++)
        good = id[i] > ' ' && id[i] < 0x7f;
    if (good)
        return id;
    err_set(e, ERR_INVALID,
            "a request that changes something needs an \"id\" of 1 to %d characters",
            REQUEST_ID_MAX);
    return NULL;
}

/* --- serving it ------------------------------------------------------------------------------- */

static struct effect *effect_add(struct call *c, const struct job *job)
{
    if (c->neffects == c->effects_cap) {
        size_t cap = c->effects_cap ? 2 * c->effects_cap : 1;
        struct effect *grown = reallocarray(c->effects, cap, sizeof *grown);
        if (!grown)
            return NULL;
        c->effects = grown;
        c->effects_cap = cap;
    }
    struct effect *fx = &c->effects[c->neffects];
    *fx = (struct effect){.id = job->id, .attempt = job->attempt};
    if (job_copy(&fx->job, job) < 0)
        return NULL;
    c->neffects++;
    return fx;
}

static void effects_free(struct call *c)
{
    for (size_t i = 0; i < c->neffects; i++)
        job_free(&c->effects[i].job);
    free(c->effects);
}

int call_event(struct call *c, struct event ev, const struct job *job, struct err *e)
{
    struct effect *fx = effect_add(c, job);
    if (!fx)
        return err_nomem(e);
    ev.now_us = c->now_us;
    if (!ev.id)
        ev.id = job->id;
    fx->event = ev;
    return 0;
}

int call_estimate(const struct call *c, const struct job_record *r, struct job *j, struct err *e)
{
    if (j->limit_us || !c->api->sched)
        return 0;
    return store_predict(c->api->store, j->uid, r->command, &j->estimate_us, e);
}

int call_update(struct call *c, const struct job_record *r, const struct job *j, struct err *e)
{
    struct job next = *j;
    if (call_estimate(c, r, &next, e) < 0)
        return -1;
    return call_event(c, (struct event){.type = EVENT_UPDATE}, &next, e);
}

int call_about_job(struct call *c,
                   int (*about)(struct call *c, const struct job_record *r, struct err *e),
                   struct err *e)
{
    struct job_record r = {0};
    _cleanup_(target_free) struct target t = {0};
    const json_t *job = field_get(c->request, "job");
    if (!job)
        return err_set(e, ERR_INVALID, "%s: which job? (\"job\" is missing)",
                       request_find(c->request)->verb);
    if (target_named(c, "job", job, &t, e) < 0)
        return -1;
    int result = target_load(c, &t, &r, e);
    if (result == 0)
        result = about(c, &r, e);
    job_record_clear(&r);
    return result;
}

int call_control(struct call *c, const struct job *job, const char *message, struct err *e)
{
    struct effect *fx = effect_add(c, job);
    if (!fx)
        return err_nomem(e);
    text_copy(fx->message, sizeof fx->message, message);
    return 0;
}

int call_limit(struct call *c, const struct job *job, struct err *e)
{
    char message[CONTROL_MESSAGE];
    return call_control(c, job, control_limit_format(job_may_run_us(job), message), e);
}

static int tell_host(const struct call *c, struct err *e)
{
    const struct api_host *host = &c->api->host;
    for (size_t i = 0; i < c->neffects; i++) {
        struct effect *fx = &c->effects[i];
        fx->event.job = &fx->job;
        int r = 0;
        if (fx->message[0] && host->control)
            r = host->control(host->ctx, fx->id, fx->attempt, fx->message, e);
        else if (!fx->message[0] && host->event)
            r = host->event(host->ctx, &fx->event, e);
        if (r < 0)
            return -1;
    }
    return 0;
}

static int answer(struct call *c, const struct request_type *type, struct err *e)
{
    struct object o = reply_new();
    object_set(&o, "ok", json_true());
    c->reply = object_end(&o);
    if (!c->reply)
        return err_nomem(e);
    return type->serve(c, e);
}

static int remember(struct call *c, const char *id, struct err *e)
{
    _cleanup_free_ char *text = json_dumps(c->reply, FRAME_JSON);
    if (!text)
        return err_nomem(e);
    return store_request_put(c->api->store, id, text, c->now_us, e);
}

/* The host comes last: what it was told can't be taken back, the store's part can. */
static int change(struct call *c, const struct request_type *type, const char *id, struct err *e)
{
    struct store *s = c->api->store;
    if (store_savepoint(s, e) < 0)
        return -1;
    if (answer(c, type, e) < 0 || remember(c, id, e) < 0 || tell_host(c, e) < 0 ||
        store_release(s, e) < 0) {
        store_undo(s);
        return -1;
    }
    return 0;
}

static int change_once(struct call *c, const struct request_type *type, struct err *e)
{
    _cleanup_free_ char *before = NULL;
    const char *id = request_id(c->request, e);
    if (!id || store_request_find(c->api->store, id, &before, e) < 0)
        return -1;
    if (!before)
        return change(c, type, id, e);
    c->reply = json_loads(before, 0, NULL);
    return c->reply ? 0 : err_set(e, ERR_CORRUPT, "the stored answer to request %s is damaged", id);
}

bool api_serve(struct api *a, const struct api_caller *who, const struct frame *request,
               int64_t now_us, struct frame *reply)
{
    struct err e = {0};
    struct call c = {.api = a, .who = who, .request = request, .now_us = now_us};
    const struct request_type *type;
    int r = check(request, &type, &e);
    if (r == 0)
        r = type->changes ? change_once(&c, type, &e) : answer(&c, type, &e);
    effects_free(&c);
    reply->nblobs = 0;
    reply->head = r == 0 ? c.reply : NULL;
    if (r != 0)
        json_decref(c.reply);
    if (r < 0)
        api_reply_error(reply, &e);
    return r != CALL_LATER;
}
