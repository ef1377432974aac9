// SPDX-License-Identifier: MIT
#include "machine/groups.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/file.h"
#include "util/cleanup.h"

#define OURS "mini-slurm"

static void close_file(FILE **f)
{
    if (*f)
        fclose(*f);
}

static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += len)
        if ((at == list || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
            return true;
    return false;
}

/* Our group in the v1 hierarchy of `controller`, or in the v2 one if that is "": from
 * /proc/self/cgroup, lines "4:memory:/some/group" and "0::/some/group". */
static int own_group(const char *controller, char *group, size_t size)
{
    _cleanup_(close_file) FILE *f = fopen("/proc/self/cgroup", "re");
    _cleanup_free_ char *line = NULL;
    size_t cap = 0;
    while (f && getline(&line, &cap, f) > 0) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *path = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!path)
            continue;
        *path++ = '\0';
        if (*controller ? has_word(controllers + 1, controller) : !controllers[1])
            return (size_t)snprintf(group, size, "%s", path) < size ? 0 : -1;
    }
    return -1;
}

/* Where that hierarchy is mounted, and which of its groups is seen there as the top: from
 * /proc/self/mountinfo, "… root mountpoint options … - type source superoptions". */
static int find_mount(const char *controller, char *mount, char *root, size_t size)
{
    _cleanup_(close_file) FILE *f = fopen("/proc/self/mountinfo", "re");
    _cleanup_free_ char *line = NULL;
    size_t cap = 0;
    while (f && getline(&line, &cap, f) > 0) {
        char top[512], at[512], type[32], options[512];
        const char *dash = strstr(line, " - ");
        if (!dash || sscanf(line, "%*s %*s %*s %511s %511s", top, at) != 2 ||
            sscanf(dash + 3, "%31s %*s %511s", type, options) != 2)
            continue;
        bool wanted = *controller ? strcmp(type, "cgroup") == 0 && has_word(options, controller)
                                  : strcmp(type, "cgroup2") == 0;
        if (wanted && strlen(at) < size && strlen(top) < size) {
            strcpy(mount, at);
            strcpy(root, top);
            return 0;
        }
    }
    return -1;
}

/* The directories of a hierarchy: its mount point, and our group in it. */
struct place {
    char mount[CGROUP_PATH];
    char own[CGROUP_PATH];
};

static int find_place(const char *controller, struct place *p)
{
    char group[CGROUP_PATH], root[CGROUP_PATH];
    if (own_group(controller, group, sizeof group) < 0 ||
        find_mount(controller, p->mount, root, sizeof p->mount) < 0)
        return -1;
    /* In a container the mount may show our part of the hierarchy only. */
    const char *below = group;
    size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
    if (strncmp(group, root, len) == 0 && (group[len] == '/' || !group[len]))
        below = group + len;
    if (strcmp(below, "/") == 0)
        below = "";
    int n = snprintf(p->own, sizeof p->own, "%s%s", p->mount, below);
    if (n < 0 || (size_t)n >= sizeof p->own)
        return -1;
    return 0;
}

/* --- base directories ---------------------------------------------------------------------------
 */

/* Makes <dir>/mini-slurm/<instance>; writes its path to out, or "" if it can't be had. */
static int make_below(const char *dir, const char *instance, char out[CGROUP_PATH])
{
    char ours[CGROUP_PATH];
    int n = snprintf(ours, sizeof ours, "%s/" OURS, dir);
    int m = snprintf(out, CGROUP_PATH, "%s/" OURS "/%s", dir, instance);
    if (n > 0 && m > 0 && m < CGROUP_PATH && cgroup_make_base(ours, NULL) == 0 &&
        cgroup_make_base(out, NULL) == 0)
        return 0;
    out[0] = '\0';
    return -1;
}

static void make_v1(const char *controller, const char *instance, char out[CGROUP_PATH])
{
    struct place p;
    if (find_place(controller, &p) == 0)
        make_below(p.own, instance, out);
}

/* Hands the controller on to the groups below dir; false if it is not there, or dir holds processes
 * itself (cgroup-v2.rst, "No Internal Process Constraint"). */
static bool hand_on(const char *dir, const char *controller)
{
    char path[CGROUP_PATH + 32], word[32];
    snprintf(path, sizeof path, "%s/cgroup.subtree_control", dir);
    snprintf(word, sizeof word, "+%s", controller);
    return file_write(path, word) == 0;
}

static bool hand_down(const char *top, const char *base, const char *controller)
{
    char ours[CGROUP_PATH];
    snprintf(ours, sizeof ours, "%s/" OURS, top);
    return hand_on(top, controller) && hand_on(ours, controller) && hand_on(base, controller);
}

/* Fails, as it should, as long as there are groups in it. The directory above is shared with other
 * homes and stays. */
static void remove_base(const char *dir)
{
    if (*dir)
        rmdir(dir);
}

/* v2: below our own group if it may hand its controllers on. A group with processes in it may not,
 * except the top one: as root, there. Without controllers a group still ends its processes at once.
 */
static void make_v2(struct cgroup_base *base, const char *instance)
{
    struct place p;
    if (find_place("", &p) < 0)
        return;
    bool need_cpu = !*base->v1_cpu, need_mem = !*base->v1_mem;
    const char *tops[] = {p.own, p.mount};
    for (size_t i = 0; i < 2; i++) {
        char dir[CGROUP_PATH];
        if (make_below(tops[i], instance, dir) < 0)
            continue;
        remove_base(base->v2);
        strcpy(base->v2, dir);
        base->v2_cpu = need_cpu && hand_down(tops[i], dir, "cpuset");
        base->v2_mem = need_mem && hand_down(tops[i], dir, "memory");
        if (base->v2_cpu == need_cpu && base->v2_mem == need_mem)
            return;
    }
}

void groups_make_base(struct cgroup_base *base, const char *instance)
{
    make_v1("cpuset", instance, base->v1_cpu);
    make_v1("memory", instance, base->v1_mem);
    make_v2(base, instance);
    if (!*base->v2)
        make_v1("freezer", instance, base->v1_procs);
}

void groups_remove_base(const struct cgroup_base *base)
{
    remove_base(base->v2);
    remove_base(base->v1_cpu);
    remove_base(base->v1_mem);
    remove_base(base->v1_procs);
}

/* --- what is left in them -----------------------------------------------------------------------
 */

static void close_dir(DIR **d)
{
    if (*d)
        closedir(*d);
}

static void remove_if_empty(const struct cgroup_base *base, const char *name)
{
    struct cgroup g;
    cgroup_find(&g, base, name);
    if (cgroup_is_empty(&g))
        cgroup_remove(&g, NULL);
}

void groups_sweep(const struct cgroup_base *base, bool (*is_over)(void *ctx, const char *name),
                  void *ctx)
{
    const char *dirs[] = {base->v2, base->v1_cpu, base->v1_mem, base->v1_procs};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        _cleanup_(close_dir) DIR *dir = *dirs[i] ? opendir(dirs[i]) : NULL;
        struct dirent *entry;
        while (dir && (entry = readdir(dir)))
            if (entry->d_type == DT_DIR && entry->d_name[0] != '.' && is_over(ctx, entry->d_name))
                remove_if_empty(base, entry->d_name);
    }
}

/* --- limits --------------------------------------------------------------------------------------
 */

/* The limit of one group in MB; 0: none. v1 says "no limit" by a number near 2^63, v2 by "max". */
static int64_t limit_of(const char *dir, const char *file)
{
    char path[CGROUP_PATH + 32], text[64];
    snprintf(path, sizeof path, "%s/%s", dir, file);
    if (file_read(path, text, sizeof text) <= 0)
        return 0;
    long long bytes = atoll(text);
    return bytes > 0 && bytes < INT64_MAX / 2 ? bytes >> 20 : 0;
}

/* The least limit of our group and of those above it. */
static int64_t least_limit(const char *controller, const char *file)
{
    struct place p;
    int64_t least = 0;
    if (find_place(controller, &p) < 0)
        return 0;
    for (size_t top = strlen(p.mount); strlen(p.own) >= top; *strrchr(p.own, '/') = '\0') {
        int64_t limit = limit_of(p.own, file);
        if (limit && (!least || limit < least))
            least = limit;
    }
    return least;
}

int64_t groups_memory_limit_mb(void)
{
    int64_t v1 = least_limit("memory", "memory.limit_in_bytes");
    int64_t v2 = least_limit("", "memory.max");
    if (!v1 || !v2)
        return v1 + v2;
    return v1 < v2 ? v1 : v2;
}
