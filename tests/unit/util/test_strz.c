// SPDX-License-Identifier: MIT
#include "util/strz.h"

#include <stdlib.h>

#include "tap.h"

static void there_and_back(void)
{
    char *words[] = {(char *)"sh", (char *)"", (char *)"a b\n\xff", NULL};
    struct strz list = {0};
    is_int(strz_from(words, &list), 0, "a vector becomes a list");
    ok(list.len == 10 && memcmp(list.data, "sh\0\0a b\n\xff\0", 10) == 0,
       "each string with its NUL, the empty one too");
    is_int((intmax_t)strz_count(&list), 3, "of three");

    char **vec = strz_vector(&list);
    ok(vec && strcmp(vec[0], "sh") == 0 && strcmp(vec[1], "") == 0 &&
           strcmp(vec[2], words[2]) == 0 && !vec[3],
       "and a vector again");
    ok(vec && vec[0] == list.data, "whose strings are the list's");
    free(vec);

    int n = 0;
    bool right = true;
    strz_each (s, &list)
        right = right && strcmp(s, words[n++]) == 0;
    ok(right && n == 3, "it can be walked");
    free(list.data);
}

static void empty_ones(void)
{
    char *none[] = {NULL};
    struct strz list = {0};
    is_int((intmax_t)strz_count(&list), 0, "a zeroed list is empty");
    is_int(strz_from(none, &list), 0, "an empty vector becomes one");
    ok(list.data && list.len == 0, "which is not NULL");
    char **vec = strz_vector(&list);
    ok(vec && !vec[0], "an empty list becomes an empty vector");
    free(vec);
    free(list.data);
}

static void well_formed(void)
{
    ok(strz_valid(NULL, 0), "nothing is a list");
    ok(strz_valid("a\0b\0", 4), "strings with their NULs are");
    ok(strz_valid("\0", 1), "an empty string is");
    ok(!strz_valid("a\0b", 3), "a string that does not end is not");
}

int main(void)
{
    there_and_back();
    empty_ones();
    well_formed();
    return done_testing();
}
