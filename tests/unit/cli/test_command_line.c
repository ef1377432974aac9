// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command_line.h"
#include "tap.h"
#include "util/cleanup.h"

static struct command_line c;
static struct err e;

static int read_words(const char *const words[])
{
    command_line_clear(&c);
    e = (struct err){0};
    return command_line_read((char **)(uintptr_t)words, &c, &e);
}
#define READ(...) read_words((const char *const[]){__VA_ARGS__, NULL})

/* Reads "-" with these bytes on standard input. */
static int read_input(const char *bytes, size_t len)
{
    char path[] = "/tmp/mini-slurm-test-XXXXXX";
    _cleanup_close_ int fd = mkstemp(path);
    unlink(path);
    if (write(fd, bytes, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) < 0 ||
        dup2(fd, STDIN_FILENO) < 0)
        ok(false, "standard input can be set up");
    return READ("-");
}

static void lines(void)
{
    is_int(READ("A=1 b && c"), 0, "one word");
    ok(c.shell, "is a line for the shell");
    is_str(c.argv.data, "A=1 b && c", "as it was typed");
    is_int((intmax_t)c.argv.len, 11, "and nothing else");
    is_str(c.typed, "A=1 b && c", "which people see");
    READ("A=1");
    ok(c.shell && c.nassign == 0, "an assignment alone is a line as well");
    is_int(READ(""), -1, "an empty one is refused");
    is_int(e.code, ERR_USAGE, "as wrong usage");
    is_int(READ(" \t\n"), -1, "so is one of blanks");
}

static void vectors(void)
{
    is_int(READ("python", "-c", "print(\"a b\")", ""), 0, "several words");
    ok(!c.shell, "are a vector");
    is_int((intmax_t)strz_count(&c.argv), 4, "word by word, empty ones too");
    is_str(c.typed, "python -c 'print(\"a b\")' ''", "shown as they could be typed");
    READ("A=1", "B=", "prog", "C=3");
    is_int((intmax_t)c.nassign, 2, "leading assignments are told apart");
    is_str(c.argv.data, "prog", "the program comes behind them");
    is_int((intmax_t)strz_count(&c.argv), 2, "a later one is an argument");
    is_str(c.typed, "A=1 B= prog C=3", "all are shown");
    READ("1=1", "x");
    is_str(c.argv.data, "1=1", "what is no variable's name is a program's");
    is_int(READ("A=1", "B=2"), -1, "assignments without a program are refused");
    has_str(e.text, "there are only assignments", "and why");
    is_int(READ("", "x"), -1, "so is a program without a name");
}

static void scripts(void)
{
    static const char script[] = "#!/usr/bin/python3\nprint('x')\n\n";
    is_int(read_input(script, strlen(script)), 0, "a script from standard input");
    ok(c.shell, "is one line for the shell");
    is_str(c.argv.data, script, "byte by byte");
    is_str(c.typed, "#!/usr/bin/python3\nprint('x')", "shown without its last new lines");
    is_int(read_input("", 0), -1, "nothing is refused");
    is_int(read_input("\n\n", 2), -1, "so are empty lines");
    is_int(read_input("a\0b", 3), -1, "so is a NUL");
    is_int(READ("-", "x"), -1, "so are words behind it");

    _cleanup_free_ char *large = malloc(COMMAND_LINE_MAX + 1);
    if (!ok(large != NULL, "memory for a large one"))
        return;
    memset(large, 'x', COMMAND_LINE_MAX + 1);
    is_int(read_input(large, COMMAND_LINE_MAX), 0, "16 MB are taken");
    is_int((intmax_t)c.argv.len, COMMAND_LINE_MAX + 1, "all of them");
    ok(strlen(c.typed) < COMMAND_LINE_MAX, "but not all are shown");
    is_int(read_input(large, COMMAND_LINE_MAX + 1), -1, "a byte more is not");
    is_str(e.text, "standard input: more than 16 MB", "and why");
}

int main(void)
{
    lines();
    vectors();
    scripts();
    command_line_clear(&c);
    return done_testing();
}
