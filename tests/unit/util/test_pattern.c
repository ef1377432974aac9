// SPDX-License-Identifier: MIT
#include "tap.h"
#include "util/pattern.h"

static void means(const char *pattern, int64_t array, int64_t task, const char *want)
{
    struct buf names = {0}, path = {0};
    pattern_fill_names(pattern, "a/b%j", "ann", "box", &names);
    pattern_fill_numbers(names.data, 17, array, task, &path);
    is_str(path.data, want, pattern);
    buf_free(&names);
    buf_free(&path);
}

static void refuses(const char *pattern, const char *want)
{
    struct err e = {0};
    ok(pattern_check("--output", pattern, &e) < 0, "\"%s\" is refused", pattern);
    has_str(e.text, want, "and the message says why");
}

static void accepts(const char *pattern)
{
    struct err e = {0};
    ok(pattern_check("--output", pattern, &e) == 0, "\"%s\" is a pattern", pattern);
}

static void quoted(const char *text)
{
    struct buf pattern = {0}, path = {0};
    pattern_quote(text, &pattern);
    accepts(pattern.data);
    pattern_fill_numbers(pattern.data, 1, 0, 0, &path);
    is_str(path.data, text, "what is quoted means itself");
    buf_free(&pattern);
    buf_free(&path);
}

int main(void)
{
    means("/x/plain.out", 0, 0, "/x/plain.out");
    means("/x/%j.out", 15, 3, "/x/17.out");
    means("/x/%A_%a.out", 15, 3, "/x/15_3.out");
    means("/x/%A_%a.out", 0, 0, "/x/17_4294967294.out");
    means("/x/%5j-%3a", 15, 3, "/x/00017-003");
    means("/x/%99j", 15, 3, "/x/0000000017");
    means("/x/%0j", 15, 3, "/x/17");
    means("/x/%u@%N/%x.%t", 15, 3, "/x/ann@box/a_b%j.0");
    means("/x/%4u", 15, 3, "/x/ann");
    means("/x/100%%.%j", 15, 3, "/x/100%.17");
    means("/x/%%j", 15, 3, "/x/%j");
    accepts("/x/%j%A%a%x%u%N%t%%%10j");
    refuses("/x/%q", "--output /x/%q: %q is none of %j %A %a %x %u %N %t %%");
    refuses("/x/%", "% is none of");
    refuses("/x/%5", "%5 is none of");
    refuses("/x/%5%", "%5% is none of");
    refuses("/x/%J", "%J is none of");
    quoted("/x/100%/%j/%%");
    return done_testing();
}
