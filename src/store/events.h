/* SPDX-License-Identifier: MIT */
/* events.h - the log of every change of a job's state. Private to store/. */
#pragma once

#include "store/store.h"

int event_submit(struct store *s, const struct job *j, struct err *e);
int event_start(struct store *s, const struct job *j, const char *cpu_list, struct err *e);
int event_void(struct store *s, int64_t job, int attempt, const char *reason, int64_t now_us,
               enum job_state now, struct err *e);
int event_end(struct store *s, const struct attempt_record *r, struct err *e);
int event_cancel(struct store *s, int64_t job, uint32_t uid, bool now, int64_t now_us,
                 enum job_state was, struct err *e);
int event_want(struct store *s, int64_t job, int64_t cpus, uint32_t uid, int64_t now_us,
               struct err *e);
/* Of the scheduler: type is "DRAIN" or "RESUME_ALL". */
int event_drain(struct store *s, const char *type, uint32_t uid, int64_t now_us, struct err *e);
int event_signal(struct store *s, int64_t job, int signal, bool first, uint32_t uid, int64_t now_us,
                 struct err *e);
int event_suspend(struct store *s, int64_t job, uint32_t uid, int64_t now_us, struct err *e);
int event_resume(struct store *s, int64_t job, uint32_t uid, int64_t now_us, struct err *e);
int event_hold(struct store *s, int64_t job, bool held, uint32_t uid, int64_t now_us,
               struct err *e);
int event_update(struct store *s, int64_t job, const char *keys, uint32_t uid, int64_t now_us,
                 struct err *e);
int event_requeue(struct store *s, const struct requeue_record *r, struct err *e);
int event_resize(struct store *s, int64_t job, const struct resize_record *r, struct err *e);
