// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "tap.h"
#include "util/hostlist.h"

/* The names with spaces between them. */
static void expands(const char *text, const char *want)
{
    struct strz names = {0};
    struct err e = {0};
    long n = hostlist_expand(text, HOSTLIST_MAX, &names, &e);
    char got[512] = "";
    strz_each (name, &names) {
        strcat(got, *got ? " " : "");
        strcat(got, name);
    }
    is_str(n < 0 ? e.text : got, want, text);
    is_int(n, (long)strz_count(&names), "and so many are returned");
    free(names.data);
}

static void refuses(const char *text, const char *want)
{
    struct strz names = {0};
    struct err e = {0};
    ok(hostlist_expand(text, 1000, &names, &e) < 0 && !names.data, "\"%s\" is refused", text);
    has_str(e.text, want, "and the message says why");
    is_int(e.code, ERR_INVALID, "as wrong input");
}

static void compresses(const char *text, const char *want)
{
    struct strz names = {0};
    if (*text)
        hostlist_expand(text, HOSTLIST_MAX, &names, NULL);
    char *got = hostlist_compress(&names);
    is_str(got, want, text);
    free(got);
    free(names.data);
}

static void expand(void)
{
    expands("login", "login");
    expands("n1", "n1");
    expands("n[1-3]", "n1 n2 n3");
    expands("n[01-03,20]", "n01 n02 n03 n20");
    expands("n[08-11]", "n08 n09 n10 n11");
    expands("n[8-11]", "n8 n9 n10 n11");
    expands("n[098-101]", "n098 n099 n100 n101");
    expands("r[1-2]n[1-3]", "r1n1 r1n2 r1n3 r2n1 r2n2 r2n3");
    expands("r[1,3]n[1-2]-ib", "r1n1-ib r1n2-ib r3n1-ib r3n2-ib");
    expands("a,b[1-2],c", "a b1 b2 c");
    expands("[1-3]", "1 2 3");
    expands("n[0-2]", "n0 n1 n2");
    expands("n[3,1,3]", "n3 n1 n3");
    expands("gpu-node_1.cluster", "gpu-node_1.cluster");
}

static void errors(void)
{
    refuses("", "there is no name");
    refuses("a,,b", "there is no name");
    refuses("a,", "there is no name");
    refuses("n[5-3]", "5-3]: the range runs backwards");
    refuses("n[1-]", "1-]: the range has no end");
    refuses("n[]", "not a range of numbers");
    refuses("n[1,]", "not a range of numbers");
    refuses("n[a-b]", "[a-b]: not a range of numbers");
    refuses("n[1-2", "[1-2: the bracket is not closed");
    refuses("n[1-2[3]]", "not a range of numbers");
    refuses("n[1-2-3]", "not a range of numbers");
    refuses("n1]", "]: not a character of a name");
    refuses("n 1", "not a character of a name");
    refuses("n1 n2", "not a character of a name");
    refuses("n[1-1001]", "n[1-1001]: too many names");
    refuses("n[1-100]x[1-100]", "too many names");
    refuses("n[1-99999999999999999999]", "the range has no end");
    refuses("a234567890123456789012345678901234567890123456789012345678901234", "too long");
    refuses("a23456789012345678901234567890123456789012345678901234567890[1-1000]", "too long");
}

static void compress(void)
{
    compresses("", "");
    compresses("login", "login");
    compresses("n1", "n1");
    compresses("n[1-3]", "n[1-3]");
    compresses("n01,n02,n03,n04,n7", "n[01-04,7]");
    compresses("n[8-11]", "n[8-11]");
    compresses("n[098-101]", "n[098-101]");
    compresses("n9,n010", "n[9,010]");
    compresses("n1,n3,n5,n6", "n[1,3,5-6]");
    compresses("n1,m1,n2", "n1,m1,n2");
    compresses("r[1-2]n[1-8]", "r1n[1-8],r2n[1-8]");
    compresses("login,n1,n2", "login,n[1-2]");
    compresses("a,a", "a,a");
    compresses("n1-ib,n2-ib", "n1-ib,n2-ib");
    compresses("n3,n2,n1", "n[3,2,1]");
    compresses("n123456789012345678901234567890", "n123456789012345678901234567890");
}

static void appends(void)
{
    struct strz names = {0};
    hostlist_expand("a", 10, &names, NULL);
    hostlist_expand("b", 10, &names, NULL);
    ok(hostlist_expand("x[", 10, &names, NULL) < 0, "a wrong list is refused");
    is_int((long)strz_count(&names), 2, "and leaves what was there");
    free(names.data);
}

int main(void)
{
    expand();
    errors();
    compress();
    appends();
    return done_testing();
}
