#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A random graph of jobs, from its seed: one JSON object a line, for `submit --file`.

    graph.py [--jobs N] [--edges K] [--seed S] [--log FILE] >jobs.jsonl
    graph.py --check FILE [the same options]

Each job waits for up to 2 K others (K on average), mostly near it, half of them by forward
references, and appends its name to FILE. --check reads that: every job once, after all it waits
for.
"""
import argparse
import json
import random
import sys


def make(jobs, edges, seed):
    """For each job in the order of a hidden topological order: whom it waits for."""
    rng = random.Random(seed)
    waits = []
    for i in range(jobs):
        near = max(0, i - 200)
        count = min(i, rng.randint(0, 2 * edges))
        waits.append(sorted({rng.randrange(near if rng.random() < 0.9 else 0, i) for _ in range(count)}))
    order = list(range(jobs))
    rng.shuffle(order)
    return waits, order


def write(waits, order, log):
    for i in order:
        job = {"name": "j%d" % i, "command": "echo j%d >>%s" % (i, log) if log else "true", "output": "/dev/null"}
        if waits[i]:
            job["after"] = "any:" + ",".join("j%d" % t for t in waits[i])
        print(json.dumps(job))


def check(waits, log):
    ran = [int(line[1:]) for line in open(log)]
    place = {job: at for at, job in enumerate(ran)}
    assert len(ran) == len(waits), "%d jobs ran of %d" % (len(ran), len(waits))
    assert len(place) == len(ran), "a job ran twice"
    edges = 0
    for job, targets in enumerate(waits):
        for target in targets:
            edges += 1
            assert place[target] < place[job], "j%d ran before j%d" % (job, target)
    print("%d jobs, each once; %d edges respected" % (len(ran), edges))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--jobs", type=int, default=20000)
    p.add_argument("--edges", type=int, default=3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--log")
    p.add_argument("--check")
    o = p.parse_args()
    waits, order = make(o.jobs, o.edges, o.seed)
    if o.check:
        check(waits, o.check)
    else:
        write(waits, order, o.log)


sys.exit(main())
