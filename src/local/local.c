// SPDX-License-Identifier: MIT
#include "local/local.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/api.h"
#include "attempt/control.h"
#include "local/settle.h"
#include "os/clock.h"
#include "os/lock.h"
#include "util/cleanup.h"
#include "util/crash.h"
#include "util/text.h"

/* What is to be told to shepherds after the commit. */
struct message {
    int64_t job;
    int attempt;
    char text[CONTROL_MESSAGE];
};

struct local {
    const struct paths *paths;
    struct store *store;
    struct settled settled;
    struct message *messages;
    size_t nmessages;
};

static void local_close(struct local *l)
{
    free(l->messages);
    settled_free(&l->settled);
    store_close(l->store);
}

static int keep_message(void *ctx, int64_t job, int attempt, const char *message, struct err *e)
{
    struct local *l = ctx;
    struct message *grown = reallocarray(l->messages, l->nmessages + 1, sizeof *grown);
    if (!grown)
        return err_nomem(e);
    l->messages = grown;
    struct message *m = &grown[l->nmessages++];
    *m = (struct message){.job = job, .attempt = attempt};
    text_copy(m->text, sizeof m->text, message);
    return 0;
}

/* A shepherd that is gone has nothing to be told: what became of its job is for a scheduler's
 * recovery to find out. */
static int send_messages(const struct local *l, struct err *e)
{
    int result = 0;
    for (size_t i = 0; i < l->nmessages; i++) {
        const struct message *m = &l->messages[i];
        if (control_send(l->paths->run, m->job, m->attempt, m->text, e) < 0)
            result =
                err_wrap(e, "job %" PRId64 ": it is recorded, but not told to the job", m->job);
    }
    return result;
}

static void serve(struct local *l, const struct frame *request, struct frame *reply)
{
    struct api api = {
        .store = l->store,
        .paths = l->paths,
        .host = {.ctx = l, .control = keep_message},
    };
    struct api_caller who = {.uid = geteuid(), .gid = getegid()};
    api_serve(&api, &who, request, clock_wall_us(), reply);
}

static int change(struct local *l, const struct frame *request, struct frame *reply, struct err *e)
{
    if (store_begin(l->store, e) < 0)
        return -1;
    if (settle_store(l->store, &l->settled, e) < 0 ||
        store_request_prune(l->store, clock_wall_us() - API_REQUEST_KEEP_US, e) < 0) {
        store_rollback(l->store);
        return -1;
    }
    serve(l, request, reply);
    crash_point("client-before-commit");
    if (store_commit(l->store, e) < 0)
        /* A full disk may have undone everything before: then the reply says so in better words. */
        return json_object_get(reply->head, "error") ? 0 : -1;
    crash_point("client-after-commit");
    settle_clean(l->paths->run, &l->settled);
    return send_messages(l, e);
}

int local_call(const struct paths *paths, const struct frame *request, struct frame *reply,
               struct err *e)
{
    _cleanup_close_ int lock = lock_take(paths->store, true, e);
    if (lock < 0)
        return -1;
    pid_t scheduler = lock_holder(paths->lifetime, e);
    if (scheduler != 0)
        return scheduler > 0 ? 1 : -1;
    _cleanup_(local_close) struct local l = {.paths = paths};
    if (store_open(paths->db, &l.store, e) < 0 ||
        settle_find(l.store, paths->run, &l.settled, e) < 0)
        return -1;
    int r = 0;
    if (l.settled.count || api_changes(request))
        r = change(&l, request, reply, e);
    else
        serve(&l, request, reply);
    if (r < 0)
        frame_clear(reply);
    return r;
}
