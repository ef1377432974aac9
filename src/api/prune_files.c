// SPDX-License-Identifier: MIT
#include "api/prune_files.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/job_json.h"
#include "attempt/images.h"
#include "attempt/output.h"
#include "util/cleanup.h"

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

static int keep(struct prune_files *f, const struct job *j, const char *path, struct err *e)
{
    struct object o = object_new();
    object_set(&o, "job", json_integer(j->id));
    job_json_array(&o, j);
    object_set(&o, "file", json_bytes(path));
    return json_array_append_new(f->kept, object_end(&o)) < 0 ? err_nomem(e) : 0;
}

static int one(struct prune_files *f, const struct job *j, const char *path, struct err *e)
{
    struct stat st;
    if (!path || lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return 0;
    if (!is_ours(f, path))
        return keep(f, j, path, e);
    if (unlink(path) == 0) {
        f->files++;
        f->bytes += st.st_size;
    }
    return 0;
}

/* Of those attempts that ran after so many restarts. */
static int outputs(struct prune_files *f, const struct job_record *r, int restart, struct err *e)
{
    bool same = r->stdout_path && r->stderr_path && strcmp(r->stdout_path, r->stderr_path) == 0;
    _cleanup_free_ char *out = output_path(r->stdout_path, restart);
    _cleanup_free_ char *error = same ? NULL : output_path(r->stderr_path, restart);
    if ((r->stdout_path && !out) || (r->stderr_path && !same && !error))
        return err_nomem(e);
    return one(f, &r->job, out, e) < 0 ? -1 : one(f, &r->job, error, e);
}

/* Of one that was cancelled while it waited to be restored. */
static int remove_images(const struct prune_files *f, const struct job_record *r, struct err *e)
{
    _cleanup_free_ char *images = images_path(f->logs, r->job.id);
    if (!images)
        return err_nomem(e);
    images_remove(images);
    return 0;
}

int prune_files(struct prune_files *f, const struct job_record *r, struct err *e)
{
    for (int restart = 0; restart <= r->job.restarts; restart++)
        if (outputs(f, r, restart, e) < 0)
            return -1;
    if (r->checkpoint == CHECKPOINT_CRIU && remove_images(f, r, e) < 0)
        return -1;
    if (one(f, &r->job, r->control_path, e) < 0)
        return -1;
    return one(f, &r->job, r->ack_path, e);
}
