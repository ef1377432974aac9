// SPDX-License-Identifier: MIT
#include "util/err.h"

#include <errno.h>

#include "tap.h"

static void what_is_set(void)
{
    struct err e = {0};
    is_int(err_set(&e, ERR_INVALID, "--mem %s: not a size", "8XB"), -1, "setting returns -1");
    is_int(e.code, ERR_INVALID, "the code is kept");
    is_str(e.text, "--mem 8XB: not a size", "and the text");
    err_nomem(&e);
    is_int(e.code, ERR_FULL, "no memory is a lack that may pass");
}

static void the_systems_words(void)
{
    static const struct {
        int number, code;
        const char *name;
    } kinds[] = {
        {ENOSPC, ERR_FULL, "a full disk may get space"},
        {EDQUOT, ERR_FULL, "a quota, too"},
        {ENOMEM, ERR_FULL, "memory may be freed"},
        {EAGAIN, ERR_FULL, "processes end"},
        {EMFILE, ERR_FULL, "descriptors are closed"},
        {ENFILE, ERR_FULL, "elsewhere, too"},
        {EACCES, ERR_SYSTEM, "permission is refused for good"},
    };
    struct err e = {0};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        errno = kinds[i].number;
        err_errno(&e, "can't open %s", "/x");
        is_int(e.code, kinds[i].code, kinds[i].name);
    }
    errno = EACCES;
    is_int(err_errno(&e, "can't open %s", "/x"), -1, "it returns -1");
    is_str(e.text, "can't open /x: Permission denied", "and says what the system says");
    is_int(errno, EACCES, "errno is left as it was");
}

static void context(void)
{
    struct err e = {0};
    err_set(&e, ERR_CORRUPT, "bad page");
    is_int(err_wrap(&e, "job %d", 7), -1, "wrapping returns -1");
    is_str(e.text, "job 7: bad page", "puts the context in front");
    is_int(e.code, ERR_CORRUPT, "and keeps the code");
    err_wrap(&e, "recovery");
    is_str(e.text, "recovery: job 7: bad page", "as often as needed");
}

static void too_long(void)
{
    struct err e = {0};
    char longer[2 * sizeof e.text];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    err_set(&e, ERR_INVALID, "%s", longer);
    is_int((intmax_t)strlen(e.text), sizeof e.text - 1, "a text that is too long is cut");
    err_wrap(&e, "job %d", 7);
    ok(strncmp(e.text, "job 7: xxx", 10) == 0 && strlen(e.text) == sizeof e.text - 1,
       "context in front of it is not");
    err_wrap(&e, "%s", longer);
    is_int((intmax_t)strlen(e.text), sizeof e.text - 3 + 2, "unless it is too long itself");
    errno = EACCES;
    err_errno(&e, "%s", longer);
    is_int((intmax_t)strlen(e.text), sizeof e.text - 1, "the system's words may not fit");
}

static void nobody_listens(void)
{
    errno = EACCES;
    is_int(err_set(NULL, ERR_INVALID, "x"), -1, "without a struct err: -1 all the same");
    is_int(err_errno(NULL, "x"), -1, "from the system's errors");
    is_int(err_wrap(NULL, "x"), -1, "and from wrapping");
}

int main(void)
{
    what_is_set();
    the_systems_words();
    context();
    too_long();
    nobody_listens();
    return done_testing();
}
