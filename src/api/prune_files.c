// SPDX-License-Identifier: MIT
#include "api/prune_files.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "<logs>/job_15.out", "<logs>/job_15_3.err": nobody but us has chosen that name. */
static bool is_ours(const struct prune_files *f, const char *path)
{
    size_t len = strlen(f->logs);
    int end = 0;
    if (strncmp(path, f->logs, len) != 0 || path[len] != '/' || strchr(path + len + 1, '/'))
        return false;
    return sscanf(path + len + 1, "job_%*[0-9]%n", &end) == 0 && end > 0 &&
           strchr("._", path[len + 1 + (size_t)end]);
}

static int keep(struct prune_files *f, int64_t job, const char *path, struct err *e)
{
    struct object o = object_new();
    object_set(&o, "job", json_integer(job));
    object_set(&o, "file", json_bytes(path));
    return json_array_append_new(f->kept, object_end(&o)) < 0 ? err_nomem(e) : 0;
}

static int one(struct prune_files *f, int64_t job, const char *path, struct err *e)
{
    struct stat st;
    if (!path || lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return 0;
    if (!is_ours(f, path))
        return keep(f, job, path, e);
    if (unlink(path) == 0) {
        f->files++;
        f->bytes += st.st_size;
    }
    return 0;
}

int prune_files(struct prune_files *f, const struct job_record *r, struct err *e)
{
    bool same = r->stdout_path && r->stderr_path && strcmp(r->stdout_path, r->stderr_path) == 0;
    if (one(f, r->job.id, r->stdout_path, e) < 0 ||
        (!same && one(f, r->job.id, r->stderr_path, e) < 0))
        return -1;
    if (one(f, r->job.id, r->control_path, e) < 0)
        return -1;
    return one(f, r->job.id, r->ack_path, e);
}
