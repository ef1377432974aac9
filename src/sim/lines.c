// SPDX-License-Identifier: MIT
/* zlib, as it is the standard library for gzip, and as its gzread() tells plain files from
 * compressed ones itself, goes on with the next member where there are several, and checks the
 * sums. */
#include "sim/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "util/cleanup.h"

#define BLOCK (256 * 1024) /* fits the caches; grows for longer lines */
#define INPUT                                                                                      \
    (64 * 1024) /* compressed bytes at a time; zlib spares a copy for reads of twice that */

struct lines {
    gzFile in;
    const char *name;
    char *bytes; /* room for `cap`, and a newline */
    size_t cap;
    size_t at, end; /* what has been read and not been handed out */
    size_t number;
    bool ended;
};

static gzFile open_input(const char *path, struct err *e)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        err_errno(e, "%s", is_stdin ? "stdin" : path);
        return NULL;
    }
    gzFile in = gzdopen(fd, "rb");
    if (!in) {
        close(fd);
        err_nomem(e);
    }
    return in;
}

struct lines *lines_open(const char *path, struct err *e)
{
    gzFile in = open_input(path, e);
    if (!in)
        return NULL;
    struct lines *l = calloc(1, sizeof *l);
    char *bytes = malloc(BLOCK + 1);
    if (!l || !bytes || gzbuffer(in, INPUT) < 0) {
        gzclose(in);
        free(l);
        free(bytes);
        err_nomem(e);
        return NULL;
    }
    *l = (struct lines){
        .in = in,
        .name = strcmp(path, "-") == 0 ? "stdin" : path,
        .bytes = bytes,
        .cap = BLOCK,
    };
    return l;
}

void lines_close(struct lines *l)
{
    if (!l)
        return;
    gzclose(l->in);
    free(l->bytes);
    free(l);
}

const char *lines_name(const struct lines *l)
{
    return l->name;
}

static int check(const struct lines *l, struct err *e)
{
    int code = Z_OK, was = errno;
    gzerror(l->in, &code);
    if (code == Z_OK)
        return 0;
    if (code == Z_MEM_ERROR)
        return err_nomem(e);
    errno = was;
    if (code == Z_ERRNO)
        return err_errno(e, "%s:%zu", l->name, l->number + 1);
    return err_set(e, ERR_CORRUPT, "%s:%zu: here its gzip data are damaged or cut short", l->name,
                   l->number + 1);
}

/* Room behind the beginning of a line that is not whole yet. */
static int make_room(struct lines *l, struct err *e)
{
    l->end -= l->at;
    memmove(l->bytes, l->bytes + l->at, l->end);
    l->at = 0;
    if (l->end < l->cap)
        return 0;
    char *grown = realloc(l->bytes, 2 * l->cap + 1);
    if (!grown)
        return err_nomem(e);
    l->bytes = grown;
    l->cap *= 2;
    return 0;
}

static int read_more(struct lines *l, struct err *e)
{
    if (make_room(l, e) < 0)
        return -1;
    size_t room = l->cap - l->end;
    int n = gzread(l->in, l->bytes + l->end, room < INT_MAX ? (unsigned)room : INT_MAX);
    if (n > 0) {
        l->end += (size_t)n;
        return 0;
    }
    if (check(l, e) < 0)
        return -1;
    l->ended = true;
    if (l->end > 0)
        l->bytes[l->end++] = '\n';
    return 0;
}

int lines_next(struct lines *l, struct line *line, struct err *e)
{
    const char *newline;
    while (!(newline = memchr(l->bytes + l->at, '\n', l->end - l->at))) {
        if (l->ended)
            return 0;
        if (read_more(l, e) < 0)
            return -1;
    }
    *line = (struct line){l->bytes + l->at, ++l->number};
    l->at = (size_t)(newline + 1 - l->bytes);
    return 1;
}
