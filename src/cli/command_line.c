// SPDX-License-Identifier: MIT
#include "cli/command_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/text.h"

/* More than this of a command is not shown: it travels with every list of jobs. */
#define TYPED_MAX ((size_t)4 << 20)

void command_line_clear(struct command_line *c)
{
    free(c->argv.data);
    free(c->typed);
    *c = (struct command_line){0};
}

static int read_all(int fd, struct buf *b, struct err *e)
{
    for (;;) {
        char *to = buf_reserve(b, 65536);
        if (!to)
            return err_nomem(e);
        ssize_t n = read(fd, to, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(e, "standard input");
        if (n == 0)
            return 0;
        b->len += (size_t)n;
        if (b->len > COMMAND_LINE_MAX)
            return err_set(e, ERR_INVALID, "standard input: more than %u MB",
                           COMMAND_LINE_MAX >> 20);
    }
}

static int read_script(struct buf *b, struct err *e)
{
    if (read_all(STDIN_FILENO, b, e) < 0)
        return -1;
    if (b->len && memchr(b->data, '\0', b->len))
        return err_set(e, ERR_INVALID,
                       "standard input holds a NUL byte: it is no shell command or script");
    buf_add(b, "", 1);
    return b->failed ? err_nomem(e) : 0;
}

static int empty(struct err *e)
{
    return err_set(e, ERR_USAGE, "the command is empty");
}

/* Takes the line, of which *b is emptied. */
static int take_line(struct buf *b, struct command_line *c, struct err *e)
{
    const char *line = b->data;
    if (!line[strspn(line, " \t\r\n")])
        return empty(e);
    size_t shown = strnlen(line, TYPED_MAX);
    while (line[shown - 1] == '\n')
        shown--;
    c->typed = strndup(line, shown);
    c->argv.data = buf_steal(b, &c->argv.len);
    c->shell = true;
    return c->typed && c->argv.data ? 0 : err_nomem(e);
}

static int read_line(const char *word, struct command_line *c, struct err *e)
{
    struct buf line _cleanup_buf_ = {0};
    if (strcmp(word, "-") == 0) {
        if (read_script(&line, e) < 0)
            return -1;
    } else {
        buf_add(&line, word, strlen(word) + 1);
    }
    return line.failed ? err_nomem(e) : take_line(&line, c, e);
}

static int read_vector(char **words, struct command_line *c, struct err *e)
{
    while (words[c->nassign] && text_assignment(words[c->nassign]))
        c->nassign++;
    char **argv = words + c->nassign;
    if (!*argv)
        return err_set(e, ERR_USAGE, "the command is empty: there are only assignments");
    if (!**argv)
        return empty(e);
    struct buf typed _cleanup_buf_ = {0};
    text_quote_argv(&typed, words);
    if (typed.len > TYPED_MAX) {
        typed.len = TYPED_MAX;
        typed.data[TYPED_MAX] = '\0';
    }
    c->typed = buf_steal(&typed, NULL);
    return c->typed && strz_from(argv, &c->argv) == 0 ? 0 : err_nomem(e);
}

int command_line_read(char **words, struct command_line *c, struct err *e)
{
    if (words[1] && strcmp(words[0], "-") == 0)
        return err_set(e, ERR_USAGE, "- reads the command from standard input: no word may follow");
    return words[1] ? read_vector(words, c, e) : read_line(words[0], c, e);
}
