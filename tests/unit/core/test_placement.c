// SPDX-License-Identifier: MIT
/* test_placement.c - where jobs go, in small trees (trees.h). */
#include "core/placement.h"
#include "trees.h"

/* A line a step: "NAME REQUEST" places a job and takes its CPUs, "-NAME" gives them back,
 * "NAME+2" and "NAME-1" resize it. The trace has what came of each: nodes, CPUs, leaf switches,
 * distance. A request is a number of CPUs, or "Nn" for nodes, with "whole", "kN" (at most N leaf
 * switches), "cN" (CPUs a node) behind. */
struct stage {
    struct topology *t;
    struct placement *p;
    struct cpuset jobs[26];
    char trace[2048];
};

static void say(struct stage *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct stage *s, const char *fmt, ...)
{
    size_t len = strlen(s->trace);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(s->trace + len, sizeof s->trace - len, fmt, ap);
    va_end(ap);
}

static void say_where(struct stage *s, const struct cpuset *cpus)
{
    struct topology_extent x = topology_extent(s->t, cpus);
    char *nodes = topology_node_names(s->t, cpus), *text = cpuset_format(cpus);
    say(s, "%s cpus %s, %d leaf, distance %d\n", nodes, text, x.switches, x.distance);
    free(nodes);
    free(text);
}

static struct placement_request read_request(const char *text)
{
    struct placement_request q = {0};
    for (char *end; *text; text = end) {
        end = (char *)text + 1;
        if (isdigit((unsigned char)*text)) {
            long n = strtol(text, &end, 10);
            *(*end == 'n' ? &q.nodes : &q.cpus) = n;
            end += *end == 'n';
        } else if (*text == 'k')
            q.max_switches = strtol(text + 1, &end, 10);
        else if (*text == 'c')
            q.node_cpus = strtol(text + 1, &end, 10);
        else if (strncmp(text, "whole", 5) == 0) {
            q.whole = true;
            end = (char *)text + 5;
        }
    }
    return q;
}

static void place(struct stage *s, struct cpuset *job, const char *request)
{
    struct placement_request q = read_request(request);
    struct topology_extent x = {0}, seen;
    struct err e = {0};
    if (placement_find(s->p, &q, job, &x, &e) != 1) {
        say(s, "does not fit\n");
        return;
    }
    placement_take(s->p, job);
    say_where(s, job);
    seen = topology_extent(s->t, job);
    if (memcmp(&x, &seen, sizeof x) != 0)
        say(s, "but the extent is another\n");
}

static void resize(struct stage *s, struct cpuset *job, long by)
{
    struct cpuset change = {0};
    struct err e = {0};
    int done = by > 0 ? placement_grow(s->p, job, by, &change, &e)
                      : 1 + placement_shrink(s->t, job, -by, &change, &e);
    if (done != 1)
        say(s, "does not fit\n");
    else
        say_where(s, &change);
    by > 0 ? placement_take(s->p, &change) : placement_give(s->p, &change);
    for (int c = cpuset_next(&change, 0); c >= 0; c = cpuset_next(&change, c + 1))
        by > 0 ? (void)cpuset_add(job, c) : cpuset_remove(job, c);
    cpuset_free(&change);
}

static void step(struct stage *s, const char *line)
{
    bool ends = *line == '-';
    const char *name = line + ends;
    struct cpuset *job = &s->jobs[*name - 'a'];
    if (ends) {
        placement_give(s->p, job);
        cpuset_free(job);
        return;
    }
    say(s, "%s: ", line);
    if (name[1] == ' ')
        place(s, job, name + 2);
    else
        resize(s, job, strtol(name + 1, NULL, 10));
}

/* Steps end with ";". */
static void trace(const char *what, const char *text, const char *steps, const char *want)
{
    struct stage s = {.t = tree(text)};
    char copy[512], *rest = NULL;
    s.p = placement_create(s.t, NULL, NULL);
    snprintf(copy, sizeof copy, "%s", steps);
    for (char *line = strtok_r(copy, ";", &rest); line; line = strtok_r(NULL, ";", &rest))
        step(&s, line + strspn(line, " "));
    is_str(s.trace, want, what);
    for (int i = 0; i < 26; i++)
        cpuset_free(&s.jobs[i]);
    placement_destroy(s.p);
    topology_free(s.t);
}

static void the_machine(void)
{
    trace("whole cores come before half ones", "(2 2)(2 2)", "a 1; b 2; c 1",
          "a 1: n1 cpus 0, 1 leaf, distance 0\n"
          "b 2: n2 cpus 2-3, 1 leaf, distance 0\n"
          "c 1: n1 cpus 1, 1 leaf, distance 0\n");
    trace("half ones where there are no others", "(2 2)", "a 1; b 1 whole; c 2",
          "a 1: n1 cpus 0, 1 leaf, distance 0\n"
          "b 1 whole: n2 cpus 2-3, 1 leaf, distance 0\n"
          "c 2: does not fit\n");
    trace("one cache before one NUMA node before one package",
          "(((2 2)(2 2))((2 2)(2 2)))(((2 2)(2 2))((2 2)(2 2)))", "a 4; b 8; c 16; d 4",
          "a 4: n[1-2] cpus 0-3, 1 leaf, distance 0\n"
          "b 8: n[5-8] cpus 8-15, 2 leaf, distance 2\n"
          "c 16: n[9-16] cpus 16-31, 4 leaf, distance 4\n"
          "d 4: n[3-4] cpus 4-7, 1 leaf, distance 0\n");
    trace("a small job goes where little is left", "(2 2 2 2)(2 2 2 2)(2 2)", "a 4; b 8; c 8",
          "a 4: n[9-10] cpus 16-19, 1 leaf, distance 0\n"
          "b 8: n[1-4] cpus 0-7, 1 leaf, distance 0\n"
          "c 8: n[5-8] cpus 8-15, 1 leaf, distance 0\n");
    trace("a hybrid machine: large cores take two, small ones one", "(2 2 2 2)(1 1 1 1)",
          "a 4; b 4; c 3 whole; d 1",
          "a 4: n[1-2] cpus 0-3, 1 leaf, distance 0\n"
          "b 4: n[3-4] cpus 4-7, 1 leaf, distance 0\n"
          "c 3 whole: n[5-7] cpus 8-10, 1 leaf, distance 0\n"
          "d 1: n8 cpus 11, 1 leaf, distance 0\n");
}

static void switches(void)
{
    const char *four = "((1 1 1 1)(1 1 1 1))((1 1 1 1)(1 1 1 1))";
    trace("under the lowest switch that holds it, not over both", four, "a 2; b 2; c 6; d 6",
          "a 2: n[1-2] cpus 0-1, 1 leaf, distance 0\n"
          "b 2: n[3-4] cpus 2-3, 1 leaf, distance 0\n"
          "c 6: n[9-14] cpus 8-13, 2 leaf, distance 2\n"
          "d 6: n[5-8,15-16] cpus 4-7,14-15, 2 leaf, distance 4\n");
    trace("at most one leaf switch", four, "a 3; b 3; c 3; d 3; e 2; f 2 k1; -a; f 2 k1",
          "a 3: n[1-3] cpus 0-2, 1 leaf, distance 0\n"
          "b 3: n[5-7] cpus 4-6, 1 leaf, distance 0\n"
          "c 3: n[9-11] cpus 8-10, 1 leaf, distance 0\n"
          "d 3: n[13-15] cpus 12-14, 1 leaf, distance 0\n"
          "e 2: n[4,8] cpus 3,7, 2 leaf, distance 2\n"
          "f 2 k1: does not fit\n"
          "f 2 k1: n[1-2] cpus 0-1, 1 leaf, distance 0\n");
    /* 5 + 4 of 6, 5, 4 free: who takes the largest first leaves 2 over. */
    trace("not greedy: the two that fit, not the two largest", "(1 1 1 1 1 1)(1 1 1 1 1)(1 1 1 1)",
          "a 9", "a 9: n[7-15] cpus 6-14, 2 leaf, distance 2\n");
    trace("large ones as well", "(60 60 60 60 60)(60 60 60 60)(50 50 50 50 50)",
          "a 550; -a; a 480; b 300 k1",
          "a 550: n[1-5,10-14] cpus 0-299,540-789, 2 leaf, distance 2\n"
          "a 480: n[6-14] cpus 300-779, 2 leaf, distance 2\n"
          "b 300 k1: n[1-5] cpus 0-299, 1 leaf, distance 0\n");
    trace("whole nodes", "(4 4)(4 8)", "a 1; b 2n; c 1n; d 1n c8; e 1n",
          "a 1: n1 cpus 0, 1 leaf, distance 0\n"
          "b 2n: n[3-4] cpus 8-19, 1 leaf, distance 0\n"
          "c 1n: n2 cpus 4-7, 1 leaf, distance 0\n"
          "d 1n c8: does not fit\n"
          "e 1n: does not fit\n");
    trace("with enough CPUs each, but no more than needed", "(8 4 2)", "a 1n c3; b 1n; c 2n",
          "a 1n c3: n2 cpus 8-11, 1 leaf, distance 0\n"
          "b 1n: n3 cpus 12-13, 1 leaf, distance 0\n"
          "c 2n: does not fit\n");
}

static void resizes(void)
{
    const char *eight = "((2 2)(2 2))((2 2)(2 2))";
    trace("a job grows on its node, its leaf switch, then by distance", eight,
          "a 1; a+1; a+2; a+1; a+4; a+8",
          "a 1: n1 cpus 0, 1 leaf, distance 0\n"
          "a+1: n1 cpus 1, 1 leaf, distance 0\n"
          "a+2: n2 cpus 2-3, 1 leaf, distance 0\n"
          "a+1: n3 cpus 4, 1 leaf, distance 0\n"
          "a+4: n[3-5] cpus 5-8, 2 leaf, distance 4\n"
          "a+8: does not fit\n");
    trace("a job gives up the farthest, and whole nodes first", eight,
          "a 2; b 4; -a; b+6; b-5; b-3",
          "a 2: n1 cpus 0-1, 1 leaf, distance 0\n"
          "b 4: n[3-4] cpus 4-7, 1 leaf, distance 0\n"
          "b+6: n[1-2,5] cpus 0-3,8-9, 2 leaf, distance 4\n"
          "b-5: n[3-5] cpus 5-9, 2 leaf, distance 4\n"
          "b-3: n[2-3] cpus 2-4, 2 leaf, distance 2\n");
}

int main(void)
{
    the_machine();
    switches();
    resizes();
    return done_testing();
}
