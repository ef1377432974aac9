#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='--help and --version'
. "${0%/*}/lib.sh"

test_expect_success '--version' '
	mini-slurm --version >out &&
	echo "mini-slurm 0.1.0" >want &&
	test_cmp want out
'

test_expect_success '--help names every verb' '
	mini-slurm --help >out 2>err &&
	test_must_be_empty err &&
	for verb in submit run attach queue show why cancel signal suspend resume resize stats scheduler doctor topology; do
		grep "^  $verb " out || return 1
	done
'

for verb in submit queue show why cancel signal suspend resume resize stats topology; do
	test_expect_success "$verb --help: usage and every option" "
		mini-slurm $verb --help >out 2>err &&
		test_must_be_empty err &&
		grep '^Usage: mini-slurm $verb' out &&
		grep '^  --json ' out
	"
done

test_expect_success 'help fits a terminal of 100 columns' '
	for verb in "" submit run attach queue show why cancel signal suspend resume resize stats topology; do
		mini-slurm $verb --help || return 1
	done >out &&
	test -s out &&
	awk "length(\$0) > 100 { print; bad = 1 } END { exit bad }" out
'

test_expect_success 'help needs no home' '
	MINI_SLURM_HOME=/nowhere mini-slurm submit --help >out &&
	grep "^Usage: mini-slurm submit \[OPTION\]... COMMAND \[ARG\]...$" out
'

test_done
