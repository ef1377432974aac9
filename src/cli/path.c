// SPDX-License-Identifier: MIT
#include "cli/path.h"

#include <string.h>

#include "util/buf.h"
#include "util/pattern.h"

int path_add(struct frame *request, const char *blob, const char *what, const char *path,
             const char *dir, struct err *e)
{
    struct buf full _cleanup_buf_ = {0};
    if (!path)
        return 0;
    if (!*path)
        return err_set(e, ERR_USAGE, "%s '': not a file", what);
    if (*path != '/') {
        pattern_quote(strcmp(dir, "/") == 0 ? "" : dir, &full);
        buf_puts(&full, "/");
    }
    buf_puts(&full, path);
    if (full.failed || frame_add_blob(request, blob, full.data, full.len) < 0)
        return err_nomem(e);
    return 0;
}
