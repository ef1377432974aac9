// SPDX-License-Identifier: MIT
/* elastic_openmp.c - a program whose number of threads follows the CPUs of its job.
 *
 *     gcc -O2 -fopenmp elastic_openmp.c $(pkg-config --cflags --libs mini-slurm-elastic) -o pi
 *     mini-slurm submit --elastic --cpus 1 --max-cpus 8 ./pi 1000
 *
 * It computes pi by the midpoint rule: 4/(1+x^2) from 0 to 1, one slice of that in each of so many
 * rounds (default: 100). Between two rounds it looks how many CPUs it has. Outside of mini-slurm it
 * runs as well, on all CPUs. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#include <mini_slurm_elastic.h>

#define POINTS_PER_ROUND 2000000L

/* The part of the integral from point `first` on, of `all` points. */
static double integrate(long first, long all)
{
    double sum = 0;
#pragma omp parallel for reduction(+ : sum)
    for (long i = first; i < first + POINTS_PER_ROUND; i++) {
        double x = ((double)i + 0.5) / (double)all;
        sum += 4 / (1 + x * x);
    }
    return sum / (double)all;
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 100;
    double pi = 0;
    struct mini_slurm_elastic job;

    /* If that fails, it goes on with the CPUs it has now. */
    if (mini_slurm_elastic_open(&job) != 0)
        perror("elastic_openmp: the control file");
    for (long round = 0; round < rounds; round++) {
        /* Here no thread is at work but this one: now their number can change. */
        if (mini_slurm_elastic_changed(&job) || round == 0) {
            omp_set_num_threads(job.cpus);
            printf("round %ld: %d threads\n", round, job.cpus);
            fflush(stdout);
        }
        /* If CPUs are to be given back: we are out of them, and nobody has to wait any longer. */
        if (mini_slurm_elastic_acknowledge(&job) != 0)
            perror("elastic_openmp: cannot acknowledge");
        pi += integrate(round * POINTS_PER_ROUND, rounds * POINTS_PER_ROUND);
    }
    printf("pi is about %.12f\n", pi);
    return 0;
}
