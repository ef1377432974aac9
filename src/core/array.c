// SPDX-License-Identifier: MIT
/* array.c - arrays: what is pending of one is a single job, its head, in the queue and everywhere
 * else. When a policy starts it, its first task becomes a job of its own, with the next id, and the
 * head stays where it is; the last task is the head itself. So an array costs what one job costs,
 * until its tasks start. A task that is pending again (its start failed) is a job like any other,
 * but for the limit, which holds for the whole array. */
#include <stdlib.h>
#include <utlist.h>

#include "core/world.h"

struct array *array_find(const struct sched *s, int64_t id)
{
    struct array *a;
    HASH_FIND(hh, s->arrays, &id, sizeof id, a);
    return a;
}

static struct array *add(struct sched *s, const struct job *j)
{
    struct array *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->id = j->array_id;
    a->limit = j->array_limit;
    HASH_ADD(hh, s->arrays, id, sizeof a->id, a);
    if (array_find(s, a->id) == a)
        return a;
    free(a);
    return NULL;
}

int array_join(struct sched *s, struct node *n)
{
    if (!n->job.array_id)
        return 0;
    n->array = array_find(s, n->job.array_id);
    if (!n->array && !(n->array = add(s, &n->job)))
        return -1;
    DL_APPEND(n->array->nodes, n);
    return 0;
}

void array_part(struct sched *s, struct node *n)
{
    struct array *a = n->array;
    if (!a)
        return;
    DL_DELETE(a->nodes, n);
    n->array = NULL;
    if (a->nodes)
        return;
    HASH_DEL(s->arrays, a);
    free(a);
}

const struct node *array_task(const struct array *a, int64_t task)
{
    const struct node *n;
    DL_FOREACH(a->nodes, n)
    if (array_is_head(n) ? taskset_has(&n->job.tasks, task) : n->job.task == task)
        return n;
    return NULL;
}

const struct job *sched_task(const struct sched *s, int64_t array, int64_t task)
{
    const struct array *a = array_find(s, array);
    const struct node *n = a ? array_task(a, task) : NULL;
    return n ? &n->job : NULL;
}

bool sched_array(const struct sched *s, int64_t id, int64_t *pending, int64_t *running)
{
    const struct array *a = array_find(s, id);
    const struct node *n;
    *pending = *running = 0;
    if (!a)
        return false;
    DL_FOREACH(a->nodes, n)
    {
        if (job_state_runs(n->job.state))
            ++*running;
        else
            *pending += array_is_head(n) ? n->job.tasks.count : 1;
    }
    return true;
}

const struct node *array_last_start(const struct array *a, const struct node *but)
{
    const struct node *n, *last = NULL;
    DL_FOREACH(a->nodes, n)
    {
        if (n == but)
            continue;
        if (!job_state_runs(n->job.state))
            return NULL;
        if (!last || n->job.start_us > last->job.start_us)
            last = n;
    }
    return last;
}

bool array_is_last(const struct node *n)
{
    return n->array->nodes == n && !n->next;
}

bool array_is_head(const struct node *n)
{
    return n->job.tasks.count > 0;
}

bool array_limits(const struct sched *s)
{
    for (const struct array *a = s->arrays; a; a = a->hh.next)
        if (a->limit)
            return true;
    return false;
}

int64_t array_places(const struct node *n)
{
    int64_t tasks = array_is_head(n) ? n->job.tasks.count : 1;
    int64_t most = n->array && n->array->limit ? n->array->limit - n->array->running : tasks;
    return most < tasks ? most : tasks;
}

/* --- the limit -------------------------------------------------------------------------------- */

static bool is_full(const struct array *a)
{
    return a->limit && a->running >= a->limit;
}

/* Its pending jobs are blocked, or not any more. */
static void move_all(struct sched *s, struct array *a, int64_t now_us)
{
    struct node *n;
    DL_FOREACH(a->nodes, n)
    {
        bool waits = n->where == IN_QUEUES || n->where == IN_LATER;
        if (waits ? is_full(a) : n->where == IN_BLOCKED)
            world_enqueue(s, n, now_us);
    }
}

void array_set_limit(struct sched *s, struct node *n, int64_t now_us)
{
    struct array *a = n->array;
    if (!a || a->limit == n->job.array_limit)
        return;
    a->limit = n->job.array_limit;
    move_all(s, a, now_us);
}

void array_started(struct sched *s, struct node *n, int64_t now_us)
{
    struct array *a = n->array;
    if (!a)
        return;
    a->running++;
    if (a->running == a->limit)
        move_all(s, a, now_us);
}

void array_stopped(struct sched *s, struct node *n, int64_t now_us)
{
    struct array *a = n->array;
    if (!a)
        return;
    if (a->running-- == a->limit)
        move_all(s, a, now_us);
}

/* --- a task leaves its head ------------------------------------------------------------------- */

/* (Where a time is asked for, nothing comes to stand otherwise: the head stays.) */
struct node *array_split(struct sched *s, struct node *head)
{
    struct job task = head->job;
    struct err e = {0};
    if (head->job.tasks.count == 1) {
        head->job.task = taskset_pop(&head->job.tasks);
        return head;
    }
    task.id = s->next_id;
    task.tasks = (struct taskset){0};
    struct node *n = world_add(s, &task, 0, &e);
    if (!n)
        return NULL;
    n->job.task = taskset_pop(&head->job.tasks);
    n->need = head->need;
    s->pending++;
    if (head->reserved) {
        reservation_hand_on(s, head, n);
        reservations_came(s, head);
    }
    return n;
}

void array_unsplit(struct sched *s, struct node *head, struct node *task)
{
    taskset_unpop(&head->job.tasks, task->job.task);
    if (task == head) {
        head->job.task = -1;
        return;
    }
    world_leave(s, task);
    if (task->reserved) {
        if (head->where == IN_QUEUES)
            reservations_left(s, head);
        reservation_hand_on(s, task, head);
    }
    s->pending--;
    s->next_id = task->job.id;
    world_remove(s, task, 0);
}

int array_divide(struct sched *s, struct node *head, const struct job *part, int64_t now_us,
                 struct err *e)
{
    struct job j = head->job;
    struct taskset both = {0};
    j.id = part->id;
    j.task = part->task;
    j.tasks = part->tasks;
    struct node *n = world_add(s, &j, now_us, e);
    if (!n)
        return -1;
    bool one = !part->tasks.count;
    struct taskset single = {0};
    if ((one && taskset_of(part->task, &single) < 0) ||
        taskset_divide(&head->job.tasks, one ? &single : &part->tasks, &both) < 0) {
        taskset_free(&single);
        world_remove(s, n, now_us);
        return err_nomem(e);
    }
    taskset_free(&single);
    taskset_free(&both);
    s->pending++;
    world_enqueue(s, n, now_us);
    return 0;
}
