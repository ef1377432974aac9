#!/bin/sh
# SPDX-License-Identifier: MIT
# sweep.sh [OPTION...]: a sweep of 12 training runs; the options are those of mini-slurm sweep.
cd "$(dirname "$0")" || exit

exec mini-slurm sweep lr=0.001,0.01,0.1,0.5 l2=0,0.001,0.01 --mem 64M --time 10m --name 'lr={lr} l2={l2}' \
    --metric 'loss=([0-9.]+)' "$@" -- python3 train.py --lr '{lr}' --l2 '{l2}'
