#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A random graph of jobs, made from its seed: one JSON object a line, for `submit --file`.

    graph.py --log FILE [--jobs N] [--edges K] [--fail PERCENT] [--seed S] >jobs.jsonl
    graph.py --check FILE [the same options]

Each job waits for K others on average, mostly for near ones, half of them further down in the file,
and appends its name to FILE. So many percent fail; then some wait for failures, and some can never
run. --check reads FILE: who was to run did so once, after all it waited for, and nobody else did.
"""
import argparse
import json
import random

WORDS = {"ok": {"COMPLETED"}, "notok": {"FAILED", "CANCELLED"}, "any": {"COMPLETED", "FAILED", "CANCELLED"}}


def make(o):
    """Per job, in an order in which they could run: whom it waits for with which word, and whether
    it fails; and in which order they are handed in."""
    rng = random.Random(o.seed)
    jobs = []
    for i in range(o.jobs):
        waits = {}
        for _ in range(min(i, rng.randint(0, 2 * o.edges))):
            near = rng.random() < 0.9
            target = rng.randrange(max(0, i - 200) if near else 0, i)
            waits[target] = rng.choices(list(WORDS), (5, 1, 8) if o.fail else (1, 0, 0))[0]
        jobs.append((waits, rng.random() * 100 < o.fail))
    order = list(range(o.jobs))
    rng.shuffle(order)
    return jobs, order


def write(jobs, order, log):
    for i in order:
        waits, fails = jobs[i]
        line = {"name": "j%d" % i, "command": "echo j%d >>'%s'%s" % (i, log, "; false" if fails else ""), "output": "/dev/null"}
        if waits:
            line["after"] = ["%s:j%d" % (word, target) for target, word in waits.items()]
        print(json.dumps(line))


def outcomes(jobs):
    ends = []
    for waits, fails in jobs:
        runs = all(ends[target] in WORDS[word] for target, word in waits.items())
        ends.append("CANCELLED" if not runs else "FAILED" if fails else "COMPLETED")
    return ends


def check(jobs, log):
    with open(log) as f:
        ran = [int(line[1:]) for line in f]
    place = {job: at for at, job in enumerate(ran)}
    wanted = {i for i, end in enumerate(outcomes(jobs)) if end != "CANCELLED"}
    assert len(place) == len(ran), "a job ran twice"
    assert set(place) == wanted, "wrong ones ran: %s" % sorted(set(place) ^ wanted)[:10]
    edges = 0
    for job in wanted:
        for target in jobs[job][0]:
            edges += 1
            assert target not in place or place[target] < place[job], "j%d ran before j%d" % (job, target)
    print("%d of %d jobs ran, each once; %d edges respected" % (len(ran), len(jobs), edges))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--jobs", type=int, default=20000)
    p.add_argument("--edges", type=int, default=3)
    p.add_argument("--fail", type=float, default=0)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--log", default="/dev/null")
    p.add_argument("--check")
    o = p.parse_args()
    jobs, order = make(o)
    if o.check:
        check(jobs, o.check)
    else:
        write(jobs, order, o.log)


main()
