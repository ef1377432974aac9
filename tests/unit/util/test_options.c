// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "tap.h"
#include "util/cleanup.h"
#include "util/options.h"

struct opts {
    int64_t cpus, mem_mb, limit_us;
    double poll, watch;
    const char *name;
    bool json;
};

static const struct option_def options[] = {
    OPTION_NUMBER(struct opts, cpus, "cpus", "N", 1, 64, "CPUs to hold"),
    OPTION_SIZE(struct opts, mem_mb, "mem", "SIZE", "memory to hold"),
    OPTION_DURATION(struct opts, limit_us, "time", "T", "the longest it may run\n(default: none)"),
    OPTION_DECIMAL(struct opts, poll, "poll-interval", "S", 0, 3600, "nothing polls"),
    OPTION_TEXT(struct opts, name, "name", "NAME", "a name for people"),
    OPTION_FLAG(struct opts, json, "json", "print JSON"),
    OPTION_MAYBE_DECIMAL(struct opts, watch, "watch", "S", 0.1, 60, "again and again"),
    OPTION_LETTER("n", "cpus"),
    OPTION_LETTER("j", "json"),
    OPTIONS_END,
};
static const struct command frob = {
    .name = "frob", .words = "ID...", .summary = "frob jobs", .options = options};
static const struct command runner = {
    .name = "run", .words = "COMMAND...", .options = options, .first_word_ends = true};
static const struct command wordless = {.name = "stats", .options = options};
static const struct command bare = {.name = "bare", .words = "ID"};

static struct opts o;
static struct err e;
static char *argv[16];
static int argc;

static void type(const char *const words[])
{
    o = (struct opts){.cpus = 1};
    e = (struct err){0};
    static char self[] = "frob";
    argv[0] = self;
    for (argc = 0; words[argc]; argc++)
        argv[argc + 1] = (char *)(uintptr_t)words[argc];
    argv[++argc] = NULL;
}

static int parse(const struct command *c, const char *const words[])
{
    type(words);
    return options_parse(c, &o, &argc, argv, &e);
}
#define PARSE(c, ...) parse(c, (const char *const[]){__VA_ARGS__, NULL})

static void values(void)
{
    is_int(PARSE(&frob, "--cpus", "4", "--mem=2G", "--time", "1:30", "--poll-interval", "0.5",
                 "--name=a=b", "--json"),
           0, "every kind of value is read");
    is_int(o.cpus, 4, "a number");
    is_int(o.mem_mb, 2048, "a size");
    is_int(o.limit_us, 90 * INT64_C(1000000), "a duration");
    ok(o.poll == 0.5, "a decimal");
    is_str(o.name, "a=b", "text after the first equals sign");
    ok(o.json, "a flag");
    is_int(argc, 0, "no word is left");
    is_int(PARSE(&frob, "--name=", "7"), 0, "an empty value is a value");
    is_str(o.name, "", "it is empty");
    is_int(o.cpus, 1, "what is not given keeps its default");
    PARSE(&frob, "--cpus", "2", "--cpus", "3");
    is_int(o.cpus, 3, "the last one counts");
    is_int(PARSE(&frob, "--name", "--json"), 0, "the word after an option is its value");
    ok(!o.json, "whatever it looks like");
}

static void letters(void)
{
    is_int(PARSE(&frob, "-n", "4", "-j", "7"), 0, "an option may have a letter");
    ok(o.cpus == 4 && o.json && argc == 1, "which takes a value, or none");
    is_int(PARSE(&frob, "-n12"), 0, "the value may stand in the same word");
    is_int(o.cpus, 12, "behind it");
    is_int(PARSE(&frob, "-n", "99"), -1, "a wrong one");
    is_str(e.text, "--cpus 99: not a whole number from 1 to 64",
           "is refused as that of the option");
    is_int(PARSE(&frob, "-jx"), -1, "letters stand alone");
    is_int(PARSE(&frob, "--n", "4"), -1, "and are no names");
}

static void left_out(void)
{
    is_int(PARSE(&frob, "--watch", "--json"), 0, "a value may be left out");
    ok(o.watch == 0 && o.json, "if no number follows");
    is_int(PARSE(&frob, "--watch", "2.5", "x"), 0, "one that follows counts");
    ok(o.watch == 2.5 && argc == 1, "and is no word");
    PARSE(&frob, "--watch=3");
    ok(o.watch == 3, "behind an equals sign as well");
    is_int(PARSE(&frob, "--watch", "0"), -1, "it is held to its range");
}

static void words(void)
{
    is_int(PARSE(&frob, "3", "--json", "4", "--", "--5", "-"), 0, "words and options mix");
    is_int(argc, 4, "the words are left");
    is_str(argv[0], "3", "in their order");
    is_str(argv[1], "4", "in their order");
    is_str(argv[2], "--5", "after -- everything is a word");
    is_str(argv[3], "-", "a dash alone is one");
    is_str(argv[4], NULL, "then comes NULL");
    ok(o.json, "the option counts");

    PARSE(&runner, "--json", "python", "--cpus", "99", "--");
    is_int(argc, 4, "where the first word ends the options");
    is_str(argv[1], "--cpus", "the others belong to it");
    is_str(argv[3], "--", "-- as well");
    PARSE(&runner, "--", "--odd-name", "x");
    is_str(argv[0], "--odd-name", "-- makes room for a first word with dashes");
}

static void refusals(void)
{
    is_int(PARSE(&frob, "--cpu", "1"), -1, "an unknown option");
    is_str(e.text, "unknown option --cpu (did you mean --cpus?)", "the nearest one is named");
    is_int(e.code, ERR_USAGE, "as wrong usage");
    PARSE(&frob, "--jsno=1");
    is_str(e.text, "unknown option --jsno=1 (did you mean --json?)", "with a value too");
    PARSE(&frob, "--frobnicate");
    is_str(e.text, "unknown option --frobnicate", "nothing is near");
    PARSE(&frob, "-x");
    is_str(e.text, "unknown option -x", "a letter that nobody has");
    is_int(PARSE(&frob, "--cpus"), -1, "a missing value");
    is_str(e.text, "--cpus: no value given (--cpus N)", "the form is shown");
    is_int(PARSE(&frob, "--json=yes"), -1, "a value for a flag");
    is_str(e.text, "--json takes no value", "is refused");
    is_int(PARSE(&frob, "--cpus", "0"), -1, "a number out of range");
    is_str(e.text, "--cpus 0: not a whole number from 1 to 64", "says the range");
    is_int(e.code, ERR_USAGE, "and is wrong usage");
    is_int(PARSE(&wordless, "7"), -1, "a word where none may stand");
    is_str(e.text, "7: no such word is expected here", "is named");
    is_int(PARSE(&bare, "--any"), -1, "a command without options knows none");
    is_int(PARSE(&bare, "7"), 0, "but its words");
}

static void help(void)
{
    is_int(PARSE(&frob, "--cpus", "2", "--help"), OPTIONS_HELP, "--help is always there");
    is_int(PARSE(&bare, "-h"), OPTIONS_HELP, "so is -h");
    is_int(PARSE(&runner, "prog", "--help"), 0, "not where it is another program's");

    _cleanup_free_ char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);
    if (!ok(to != NULL, "a stream in memory"))
        return;
    options_help(&frob, to);
    fclose(to);
    is_str(text,
           "Usage: frob [OPTION]... ID...\n"
           "\n"
           "  frob jobs\n"
           "\n"
           "  -n, --cpus N            CPUs to hold\n"
           "  --mem SIZE              memory to hold\n"
           "  --time T                the longest it may run\n"
           "                          (default: none)\n"
           "  --poll-interval S       nothing polls\n"
           "  --name NAME             a name for people\n"
           "  -j, --json              print JSON\n"
           "  --watch [S]             again and again\n"
           "  --help                  print this help\n",
           "the help comes from the table");
}

/* "frob 7" or "frob --cpus 7"; two words are refused, and three are wrong usage. */
static int frob_main(const void *given, int nwords, char **ids, struct err *why)
{
    const struct opts *got = given;
    if (nwords > 1)
        return err_set(why, nwords > 2 ? ERR_USAGE : ERR_SYSTEM, "%s: not now", ids[1]);
    return nwords ? atoi(ids[0]) : (int)got->cpus;
}

static int status_of(const char *const words[])
{
    type(words);
    return options_main(&frob, &o, argc, argv, frob_main);
}
#define STATUS(...) status_of((const char *const[]){__VA_ARGS__, NULL})

static void programs(void)
{
    is_int(STATUS("--cpus", "7"), 7, "a program runs with its options");
    is_int(STATUS("5"), 5, "and its words, and its status is what it says");
    is_int(STATUS("5", "6"), 1, "or 1 where it fails");
    is_int(STATUS("5", "6", "7"), 2, "or 2 where it is wrongly used");
    is_int(STATUS("--cpu", "7"), 2, "also by its options: then it does not run");
}

int main(void)
{
    values();
    words();
    letters();
    left_out();
    refusals();
    help();
    programs();
    return done_testing();
}
