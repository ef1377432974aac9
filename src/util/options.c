// SPDX-License-Identifier: MIT
#include "util/options.h"

#include <ctype.h>
#include <string.h>

#include "util/number.h"
#include "util/size.h"
#include "util/text.h"
#include "util/times.h"

#define OPTIONS_MAX 63

static bool is_long(const struct option_def *o)
{
    return o->type != OPTION_TYPE_LETTER;
}

static const struct option_def *find(const struct command *c, const char *name, size_t len)
{
    for (const struct option_def *o = c->options; o && o->name; o++)
        if (is_long(o) && strncmp(o->name, name, len) == 0 && !o->name[len])
            return o;
    return NULL;
}

/* The row that gives this option a letter; NULL if it has none. */
static const struct option_def *letter_of(const struct command *c, const struct option_def *of)
{
    for (const struct option_def *o = c->options; o->name; o++)
        if (!is_long(o) && strcmp(o->help, of->name) == 0)
            return o;
    return NULL;
}

static const struct option_def *find_letter(const struct command *c, char letter)
{
    for (const struct option_def *o = c->options; o && o->name; o++)
        if (!is_long(o) && o->name[0] == letter)
            return find(c, o->help, strlen(o->help));
    return NULL;
}

static int refuse_unknown(const struct command *c, const char *word, struct err *e)
{
    char shown[64], name[64];
    const char *names[OPTIONS_MAX + 2] = {"help"};
    size_t n = 1;
    for (const struct option_def *o = c->options; o && o->name && n <= OPTIONS_MAX; o++)
        if (is_long(o))
            names[n++] = o->name;
    text_copy(name, sizeof name, word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    const char *near = text_nearest(name, names);
    text_brief(word, shown, sizeof shown);
    if (near)
        return err_set(e, ERR_USAGE, "unknown option %s (did you mean --%s?)", shown, near);
    return err_set(e, ERR_USAGE, "unknown option %s", shown);
}

static int add_clause(struct option_clauses *into, const char *what, const char *value,
                      struct err *e)
{
    if (into->count == OPTION_CLAUSES_MAX)
        return err_set(e, ERR_USAGE, "%s: more than %d of them", what, OPTION_CLAUSES_MAX);
    into->list[into->count++] = value;
    return 0;
}

/* dashes: how it is typed, for messages. */
static int store_value(const struct option_def *o, const char *dashes, char *base,
                       const char *value, struct err *e)
{
    char what[64];
    void *field = base + o->offset;
    int r = 0;
    snprintf(what, sizeof what, "%s%s", dashes, o->name);
    switch (o->type) {
    case OPTION_TYPE_FLAG:
        *(bool *)field = true;
        break;
    case OPTION_TYPE_TEXT:
        *(const char **)field = value;
        break;
    case OPTION_TYPE_NUMBER:
        r = number_parse(what, value, (int64_t)o->min, (int64_t)o->max, field, e);
        break;
    case OPTION_TYPE_MAYBE:
        *(double *)field = 0;
        if (!value)
            break;
        /* fall through */
    case OPTION_TYPE_DECIMAL:
        r = number_parse_decimal(what, value, o->min, o->max, field, e);
        break;
    case OPTION_TYPE_SIZE:
        r = size_parse_mb(what, value, field, e);
        break;
    case OPTION_TYPE_DURATION:
        r = duration_parse_us(what, value, field, e);
        break;
    case OPTION_TYPE_CLAUSES:
        r = add_clause(field, what, value, e);
        break;
    case OPTION_TYPE_LETTER:
        break;
    }
    if (r < 0 && e)
        e->code = ERR_USAGE;
    return r;
}

static bool is_clause(const char *word)
{
    size_t letters = word ? strspn(word, "abcdefghijklmnopqrstuvwxyz") : 0;
    return letters && word[letters] == ':' && word[letters + 1];
}

/* The option that a word names, and its value where that is in the same word; NULL if none. */
static const struct option_def *read_word(const struct command *c, const char *word,
                                          const char **value)
{
    const struct option_def *o;
    if (word[1] != '-') {
        o = find_letter(c, word[1]);
        *value = word[2] ? word + 2 : NULL;
        return o && o->type == OPTION_TYPE_FLAG && *value ? NULL : o;
    }
    size_t len = strcspn(word + 2, "=");
    *value = word[2 + len] ? word + 2 + len + 1 : NULL;
    return find(c, word + 2, len);
}

static bool takes_next(const struct option_def *o, const char *next)
{
    if (o->type == OPTION_TYPE_MAYBE)
        return next && isdigit((unsigned char)next[0]);
    return o->type != OPTION_TYPE_FLAG;
}

/* Takes the option at argv[*at], and its value where that is the next word. */
static int take_option(const struct command *c, void *into, char **argv, int *at, struct err *e)
{
    const char *word = argv[*at], *value;
    if (strcmp(word, "-h") == 0 || strcmp(word + 2, "help") == 0)
        return OPTIONS_HELP;
    const struct option_def *o = read_word(c, word, &value);
    if (!o)
        return refuse_unknown(c, word, e);
    if (o->type == OPTION_TYPE_FLAG && value)
        return err_set(e, ERR_USAGE, "--%s takes no value", o->name);
    if (!value && takes_next(o, argv[*at + 1]) && !(value = argv[++*at]))
        return err_set(e, ERR_USAGE, "--%s: no value given (--%s %s)", o->name, o->name,
                       o->metavar);
    int r = store_value(o, "--", into, value, e);
    while (r == 0 && o->type == OPTION_TYPE_CLAUSES && is_clause(argv[*at + 1]))
        r = store_value(o, "--", into, argv[++*at], e);
    return r;
}

int options_parse(const struct command *c, void *into, int *argc, char **argv, struct err *e)
{
    int words = 0, at = *argc > 0;
    bool ended = false;
    for (; at < *argc; at++) {
        if (!ended && strcmp(argv[at], "--") == 0) {
            ended = true;
        } else if (!ended && argv[at][0] == '-' && argv[at][1]) {
            int r = take_option(c, into, argv, &at, e);
            if (r)
                return r;
        } else {
            char text[64];
            if (!c->words)
                return err_set(e, ERR_USAGE, "%s: no such word is expected here",
                               text_brief(argv[at], text, sizeof text));
            ended = ended || c->first_word_ends;
            argv[words++] = argv[at];
        }
    }
    argv[words] = NULL;
    *argc = words;
    return 0;
}

const struct option_def *options_find(const struct command *c, const char *name)
{
    const struct option_def *o = find(c, name, strlen(name));
    return o && o->type != OPTION_TYPE_LETTER ? o : NULL;
}

int options_set(const struct option_def *o, void *into, const char *value, struct err *e)
{
    return store_value(o, "", into, value, e);
}

#define HELP_COLUMN 26

/* letter: its row; NULL if it has none. */
static void help_option(const struct option_def *letter, const char *name, const char *metavar,
                        const char *help, FILE *to)
{
    int used = fprintf(to, "  %s%s%s--%s%s%s", letter ? "-" : "", letter ? letter->name : "",
                       letter ? ", " : "", name, metavar ? " " : "", metavar ? metavar : "");
    int pad = used > 0 && used < HELP_COLUMN - 1 ? HELP_COLUMN - used : 0;
    if (!pad) {
        fputc('\n', to);
        pad = HELP_COLUMN;
    }
    for (const char *line = help; *line; pad = HELP_COLUMN) {
        size_t len = strcspn(line, "\n");
        fprintf(to, "%*s%.*s\n", pad, "", (int)len, line);
        line += len + (line[len] == '\n');
    }
}

void options_help(const struct command *c, FILE *to)
{
    fprintf(to, "Usage: %s%s%s%s\n\n  %s\n\n", c->name,
            c->options && c->options->name ? " [OPTION]..." : "", c->words ? " " : "",
            c->words ? c->words : "", c->summary);
    for (const struct option_def *o = c->options; o && o->name; o++)
        if (is_long(o))
            help_option(letter_of(c, o), o->name, o->metavar, o->help, to);
    help_option(NULL, "help", NULL, "print this help", to);
    if (c->notes)
        fprintf(to, "\n%s", c->notes);
}

int options_refuse(const struct command *c, const struct err *e)
{
    fprintf(stderr, "%s: %s\n", c->name, e->text);
    if (e->code != ERR_USAGE)
        return 1;
    fprintf(stderr, "Try: %s --help\n", c->name);
    return 2;
}

int options_main(const struct command *c, void *into, int argc, char **argv,
                 int (*run)(const void *given, int nwords, char **words, struct err *e))
{
    struct err e = {0};
    int rc = options_parse(c, into, &argc, argv, &e);
    if (rc == OPTIONS_HELP) {
        options_help(c, stdout);
        return 0;
    }
    if (rc == 0)
        rc = run(into, argc, argv, &e);
    return rc < 0 ? options_refuse(c, &e) : rc;
}
