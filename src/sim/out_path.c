// SPDX-License-Identifier: MIT
#include "sim/out_path.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "util/buf.h"

/* Where the suffix begins, or the end. */
static size_t stem(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? (size_t)(dot - path) : strlen(path);
}

/* Of all that is no letter and no digit a dash remains. */
static void add_words(struct buf *out, const char *words)
{
    for (const char *s = words; *s; s++)
        if (isalnum((unsigned char)*s))
            buf_add(out, s, 1);
        else if (isalnum((unsigned char)s[1]))
            buf_puts(out, "-");
}

char *out_path(const char *path, const char *trace, const char *run)
{
    struct buf out _cleanup_buf_ = {0};
    size_t suffix = stem(path);
    buf_add(&out, path, suffix);
    if (trace)
        buf_printf(&out, ".%s", trace);
    if (run)
        buf_puts(&out, ".");
    if (run)
        add_words(&out, run);
    buf_puts(&out, path + suffix);
    return buf_steal(&out, NULL);
}

bool out_path_is_among(const char *path, char *const *files, size_t count)
{
    struct stat one, other;
    if (stat(path, &one) != 0 || !S_ISREG(one.st_mode))
        return false;
    for (size_t i = 0; i < count; i++)
        if (stat(files[i], &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino)
            return true;
    return false;
}
