// SPDX-License-Identifier: MIT
/* Slurm's text of a dependency: what is read, what is written, and what is refused. */
#include "core/dependency.h"

#include <stdlib.h>

#include "tap.h"

static void becomes(const char *text, const char *canonical)
{
    struct dependency d = {0}, copy = {0};
    struct err e = {0};
    if (!ok(dependency_parse(text, NULL, &d, &e) == 0, "%s is read", text)) {
        printf("# %s\n", e.text);
        return;
    }
    ok(dependency_copy(&copy, &d) == 0, "and can be copied");
    dependency_free(&d);
    char *got = dependency_format(&copy);
    is_str(got, canonical, "and written");
    free(got);
    dependency_free(&copy);
}

static void refused(const char *text, const char *why)
{
    struct dependency d = {0};
    struct err e = {0};
    ok(dependency_parse(text, NULL, &d, &e) < 0 && !d.clauses, "%s is refused", text);
    has_str(e.text, why, "in words");
}

static int find(void *ctx, const char *word, size_t len, int64_t *id, struct err *e)
{
    if (strncmp(word, "prep", len) != 0)
        return err_set(e, ERR_INVALID, "no line is called %.*s", (int)len, word);
    *id = 700;
    return 0;
}

static void test_names(void)
{
    const struct dependency_names names = {.find = find};
    struct dependency d = {0};
    struct err e = {0};
    ok(dependency_parse("afterok:prep:12:15_3,after:prep+2", &names, &d, &e) == 0,
       "targets may have names");
    char *got = dependency_format(&d);
    is_str(got, "afterok:700:12:15_3,after:700+2", "which stand for ids");
    free(got);
    dependency_free(&d);
    ok(dependency_parse("afterok:prep:other", &names, &d, &e) < 0, "not any name");
    is_str(e.text, "no line is called other", "the finder says why");
}

static struct clause clause(enum clause_type type)
{
    return (struct clause){.type = type, .job = 1, .task = -1};
}

static void test_outcomes(void)
{
    for (int state = JOB_COMPLETED; state < JOB_STATES; state++) {
        bool well = state == JOB_COMPLETED;
        struct clause yes = clause(CLAUSE_OK), no = clause(CLAUSE_NOTOK), any = clause(CLAUSE_ANY);
        clause_end(&yes, (enum job_state)state, 5, 9);
        clause_end(&no, (enum job_state)state, 5, 9);
        clause_end(&any, (enum job_state)state, 5, 9);
        ok(yes.state == (well ? CLAUSE_HOLDS : CLAUSE_NEVER) &&
               no.state == (well ? CLAUSE_NEVER : CLAUSE_HOLDS) && any.state == CLAUSE_HOLDS,
           "what %s means", job_state_name((enum job_state)state));
    }
    struct clause after = clause(CLAUSE_START);
    after.delay_us = 60;
    clause_start(&after, 5);
    ok(after.state == CLAUSE_HOLDS && after.from_us == 65, "so long after a start");
    clause_unstart(&after);
    ok(after.state == CLAUSE_WAITS, "which may turn out to be none");
    clause_end(&after, JOB_CANCELLED, 0, 9);
    ok(after.state == CLAUSE_HOLDS && after.from_us == 69, "or after an end without a start");
}

int main(void)
{
    becomes("afterok:12", "afterok:12");
    becomes("afterok:12:13,afterok:14,afterany:15", "afterok:12:13:14,afterany:15");
    becomes("AfterNotOK:1,afterok:2,singleton,singleton",
            "afternotok:1,afterok:2,singleton,singleton");
    becomes("after:12+10:13,aftercorr:14", "after:12+10:13,aftercorr:14");
    becomes("after:12+0", "after:12");
    becomes("afterok:1:2?afterok:3?singleton", "afterok:1?afterok:2?afterok:3?singleton");
    becomes("afterok:15_3:15", "afterok:15_3:15");

    refused("", "is none of afterok");
    refused("12", "is none of afterok");
    refused("afterok", "a job's id is missing");
    refused("afterok:", "a job's id is missing");
    refused("afterok:1:", "a job's id is missing");
    refused("afterok:1,", "is none of afterok");
    refused("afterok:1 ,afterok:2", "1  is not a job's id");
    refused("afterok:1,afterok:2?afterok:3", "can't be mixed");
    refused("afterok:99999999999999999999", "99999999999999999999 is not a job's id");
    refused("afterok:1_", "1_ is not a job's id");
    refused("afterok:_1", "_1 is not a job's id");
    refused("afterok:1+2", "only after takes minutes");
    refused("after:1+-2", "+-2: not a number of minutes");
    refused("after:1+99999999999", "not a number of minutes");
    refused("singleton:1", "singleton names no jobs");

    test_names();
    test_outcomes();
    return done_testing();
}
