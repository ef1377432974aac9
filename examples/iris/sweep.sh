#!/bin/sh
# SPDX-License-Identifier: MIT
# sweep.sh: submit a grid of 12 training runs, one job each. Prints the ids of the jobs.
cd "$(dirname "$0")" || exit

for lr in 0.001 0.01 0.1 0.5; do
    for l2 in 0 0.001 0.01; do
        mini-slurm submit --parsable --cpus 1 --mem 64MB --time 10m --name "lr=$lr l2=$l2" \
            python3 train.py --lr "$lr" --l2 "$l2" || exit
    done
done
