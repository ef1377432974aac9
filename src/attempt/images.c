// SPDX-License-Identifier: MIT
#include "attempt/images.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/cleanup.h"

char *images_path(const char *logs, int64_t job)
{
    char *path;
    return asprintf(&path, "%s/job_%" PRId64 ".checkpoint", logs, job) < 0 ? NULL : path;
}

bool images_exist(const char *path)
{
    return access(path, F_OK) == 0;
}

/* There are no folders in it. */
static void remove_folder(const char *path)
{
    struct dirent *entry;
    DIR *dir = opendir(path);
    if (!dir)
        return;
    while ((entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0); /* which "." and ".." withstand */
    closedir(dir);
    rmdir(path);
}

void images_remove(const char *path)
{
    _cleanup_free_ char *draft = NULL;
    if (asprintf(&draft, "%s" IMAGES_DRAFT, path) < 0)
        draft = NULL;
    if (draft)
        remove_folder(draft);
    remove_folder(path);
}
