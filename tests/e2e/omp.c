// SPDX-License-Identifier: MIT
/* omp FILE - an OpenMP program that knows nothing of being elastic: says how many threads it has,
 * which work until FILE is there. */
#include <omp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    atomic_bool over = false;
    if (argc != 2)
        return 1;
#pragma omp parallel
    {
#pragma omp single
        {
            printf("%d threads\n", omp_get_num_threads());
            fflush(stdout);
        }
        while (!over)
            if (omp_get_thread_num() == 0)
                over = access(argv[1], F_OK) == 0;
    }
    return 0;
}
