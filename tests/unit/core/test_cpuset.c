// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "core/cpuset.h"
#include "tap.h"

/* Parses and formats again. */
static void round_trip(const char *text, const char *want)
{
    struct cpuset s = {0};
    ok(cpuset_parse(&s, text) == 0, "\"%s\" is a CPU list", text);
    char *got = cpuset_format(&s);
    is_str(got, want, "and prints as it should");
    free(got);
    cpuset_free(&s);
}

static void refuses(const char *text)
{
    struct cpuset s = {0};
    ok(cpuset_parse(&s, text) < 0 && !s.words, "\"%s\" is refused", text);
}

int main(void)
{
    round_trip("", "");
    round_trip("0", "0");
    round_trip("0-3,7", "0-3,7");
    round_trip("7,0,1,2,3", "0-3,7");
    round_trip("63-64,127-128", "63-64,127-128");
    round_trip("65535", "65535");

    refuses(",");
    refuses("1,");
    refuses("3-1");
    refuses("1-");
    refuses("-1");
    refuses("x");
    refuses("1 2");
    refuses("65536");
    refuses("99999999999999999999");

    struct cpuset a = {0}, b = {0};
    cpuset_parse(&a, "1,65,200");
    is_int(cpuset_count(&a), 3, "three members");
    is_int(cpuset_next(&a, 0), 1, "the first is 1");
    is_int(cpuset_next(&a, 2), 65, "then 65, in the next word");
    is_int(cpuset_next(&a, 201), -1, "nothing behind the last");
    cpuset_copy(&b, &a);
    cpuset_remove(&a, 65);
    ok(!cpuset_has(&a, 65) && cpuset_has(&b, 65), "a copy is a copy");
    ok(cpuset_overlaps(&a, &b), "they share 1 and 200");
    cpuset_parse(&b, "2-64");
    ok(!cpuset_overlaps(&a, &b), "now they share nothing");
    cpuset_parse(&a, "1,5");
    cpuset_parse(&b, "0-300");
    cpuset_add_range(&a, &b, 60, 128);
    char *text = cpuset_format(&a);
    is_str(text, "1,5,60-127", "a range of another set");
    free(text);
    ok(cpuset_reserve(&a, 1000) == 0 && cpuset_count(&a) == 70, "room for more adds nothing");
    cpuset_free(&a);
    cpuset_free(&b);
    return done_testing();
}
