#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A program whose number of processes follows the CPUs of its job. Standard library only.

    mini-slurm submit --elastic --cpus 1 --max-cpus 8 python3 elastic.py 200

It counts primes, in so many tasks (default: 40), each in a process of its own, and no more of them
at a time than it has CPUs. Outside of mini-slurm it runs as well, on all CPUs."""
import argparse
import multiprocessing
import multiprocessing.connection
import os
import signal


class Elastic:
    """What the job has now: cpus, generation, shrinking."""

    def __init__(self):
        self.control = os.environ.get("MINI_SLURM_CONTROL_FILE")
        self.ack = os.environ.get("MINI_SLURM_ACK_FILE")
        self.cpus = len(os.sched_getaffinity(0))
        self.generation, self.shrinking, self.acknowledged = 0, False, 0
        # The signal says: look at the control file. It is sent only to who handles it. Here it puts
        # a byte into a pipe, so that who waits for something else is woken.
        self.wakes, writer = os.pipe()
        os.set_blocking(self.wakes, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGUSR1, lambda number, frame: None)
        self.look()

    def look(self):
        """Reads the control file, which is replaced as a whole. Whether there is a change."""
        try:
            os.read(self.wakes, 4096)
        except BlockingIOError:
            pass
        if not self.control:
            return False
        with open(self.control) as file:
            first, second = file.read().splitlines()[:2]
        before, self.generation = self.generation, int(second.split()[0])
        self.cpus, self.shrinking = int(first.split()[0]), first.split()[4] == "SHRINKING"
        return self.generation != before

    def acknowledge(self):
        """We use no more than `cpus`: who waits for the others need not wait any longer."""
        if self.shrinking and self.ack and self.acknowledged != self.generation:
            fifo = os.open(self.ack, os.O_RDWR | os.O_NONBLOCK)
            os.write(fifo, b"%d\n" % self.generation)
            os.close(fifo)
            self.acknowledged = self.generation


def count_primes(first, last, results):
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    results.put(sum(n > 1 and all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(first, last)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tasks", nargs="?", type=int, default=40, help="how many (default: 40)")
    tasks = parser.parse_args().tasks
    step, begun, found, running = 20000, 0, 0, []
    elastic, results = Elastic(), multiprocessing.SimpleQueue()
    print("begins with", elastic.cpus, "CPUs", flush=True)
    while begun < tasks or running:
        # Each task is short: those that are one too many now just end, and are not followed.
        while begun < tasks and len(running) < elastic.cpus:
            process = multiprocessing.Process(target=count_primes, args=(begun * step, (begun + 1) * step, results))
            process.start()
            running.append(process)
            begun += 1
        if len(running) <= elastic.cpus:
            elastic.acknowledge()
        ended = multiprocessing.connection.wait([p.sentinel for p in running] + [elastic.wakes])
        if elastic.look():
            print("goes on with", elastic.cpus, "CPUs", flush=True)
        running = [p for p in running if p.sentinel not in ended]
        while not results.empty():
            found += results.get()
    print(found, "primes below", tasks * step)


if __name__ == "__main__":
    main()
