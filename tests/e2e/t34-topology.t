#!/bin/sh
# SPDX-License-Identifier: MIT
test_description='topology: the machine, virtual nodes, who runs where'
. "${0%/*}/lib.sh"

cpus=$(mini-slurm doctor --json | json 'j["machine"]["cpus"]')
conf=$HOME/.mini_slurm_topology.conf

# nodes EXPRESSION: of what --json prints, n being its nodes.
nodes() {
	mini-slurm topology --json | json "(lambda n: $1)(j['nodes'])"
}

# refuses FILE MESSAGE: the scheduler does not start with it, the program does not draw it.
refuses() {
	test_expect_code 1 mini-slurm scheduler --topology-config "$1" 2>err &&
	echo "mini-slurm scheduler: $1:$2" >want && test_cmp want err &&
	test_expect_code 1 mini-slurm topology --topology-config "$1" 2>err &&
	echo "mini-slurm topology: $1:$2" >want && test_cmp want err
}

test_expect_success 'this machine, without a scheduler' '
	mini-slurm topology >out 2>err && test_must_be_empty err &&
	grep "^.*  $cpus CPUs\?, $cpus free$" out &&
	test "$(nodes "sum(x[\"cpus\"] for x in n)")" = $cpus
'

test_expect_success 'another one, as hwloc is told' '
	HWLOC_SYNTHETIC="pack:2 [numa(memory=4294967296)] core:4 pu:2" mini-slurm topology >out &&
	cat >want <<-\EOF &&
	machine                     16 CPUs, 16 free
	|-- package 0, NUMA node 0  8 CPUs, 8 free
	|   `-- core[0-3]           CPUs 0-7   free
	`-- package 1, NUMA node 1  8 CPUs, 8 free
	    `-- core[4-7]           CPUs 8-15  free
	EOF
	test_cmp want out
'

test_expect_success 'a running job is on its CPU, with a scheduler and without' '
	write_await && start_scheduler &&
	id=$(submit --cpus 1 ./await end) && wait_for_state $id RUNNING &&
	mini-slurm topology >out && grep "job $id" out &&
	field $id Nodes >name && grep "^core[0-9]*\$" name && grep "$(cat name) .* job $id" out &&
	test "$(nodes "[(p[\"job\"], p[\"cpus\"]) for x in n for p in x[\"jobs\"]]")" = "[($id, 1)]" &&
	list=$(mini-slurm show $id --json | json "j[\"job\"][\"alloc\"][\"cpu_list\"]") &&
	test "$(nodes "[p[\"cpu_list\"] for x in n for p in x[\"jobs\"]][0]")" = $list &&
	kill_scheduler &&
	mini-slurm topology >again && test_cmp out again &&
	touch end && start_scheduler && ends_as $id COMPLETED &&
	mini-slurm topology >out && test_must_fail grep "job $id" out &&
	kill_scheduler
'

test_expect_success 'virtual nodes: a file in the home, and NodeName lines in the site file' '
	printf "%s\n" "# two racks" "TopologyPlugin=topology/tree" "SwitchName=s1 Nodes=n[1-2]" \
		"SwitchName=s2 Nodes=n[3-4] LinkSpeed=10" "SwitchName=top Switches=s[1-2]" >"$conf" &&
	printf "%s\n" "ClusterName=one" "NodeName=n[1-4] CPUs=4 RealMemory=500 State=UNKNOWN" >"$HOME/mini-slurm.conf" &&
	mini-slurm topology >out &&
	cat >want <<-\EOF &&
	top                 16 CPUs, 16 free
	`-- s[1-2]: n[1-4]  CPUs 0-15, 2000 MB  free
	EOF
	test_cmp want out &&
	start_scheduler 2>err && mini-slurm topology >out && test_cmp want out &&
	test "$(mini-slurm stats --json | json "j[\"scheduler\"][\"cpus_total\"]")" = 16 &&
	test "$(mini-slurm stats --json | json "j[\"scheduler\"][\"mem_total_mb\"]")" = 2000 &&
	id=$(submit ./await other) && wait_for_state $id RUNNING &&
	field $id Enforcement | grep "CPUs advisory" && touch other && ends_as $id COMPLETED &&
	kill_scheduler && rm "$conf" "$HOME/mini-slurm.conf"
'

test_expect_success 'jobs are placed on the nodes, close together' '
	{
		echo "SwitchName=s1 Nodes=n[1-2]" && echo "SwitchName=s2 Nodes=n[3-4]" &&
		echo "SwitchName=top Switches=s[1-2]"
	} >"$conf" && echo "NodeName=n[1-4] CPUs=4" >"$HOME/mini-slurm.conf" && start_scheduler &&
	one=$(submit --nodes 1 ./await go) && two=$(submit --cpus 2 ./await go) &&
	far=$(submit --cpus 8 ./await go) &&
	for id in $one $two $far; do wait_for_state $id RUNNING || return; done &&
	test "$(field $one Nodes)" = "n1" && test "$(field $two Nodes)" = "n2" &&
	test "$(field $far Nodes)" = "n[3-4]" &&
	last=$(submit --cpus 3 --exclusive ./await go) &&
	mini-slurm why $last | grep "needs 4 CPUs, 2 are free" && : >go &&
	for id in $one $two $far $last; do ends_as $id COMPLETED || return; done
'

test_expect_success 'enough that is not together is not enough' '
	left=$(submit --cpus 6 ./await left) && right=$(submit --cpus 6 ./await right) &&
	wait_for_state $left RUNNING && wait_for_state $right RUNNING &&
	id=$(submit --cpus 4 --switches 1 ./await more) &&
	mini-slurm why $id | grep "needs 4 CPUs on at most 1 switch: enough is free, but not together" &&
	: >left && wait_for_state $id RUNNING && test "$(field $id Nodes)" = "n1" && : >more &&
	never=$(submit --nodes 5 true) && mini-slurm why $never |
		grep "can never start here: needs 5 whole nodes, and there is no such place" &&
	mini-slurm cancel $never && : >right && ends_as $id COMPLETED && ends_as $right COMPLETED
'

test_expect_success 'unless it has waited for that long enough' '
	left=$(submit --cpus 6 ./await late) && right=$(submit --cpus 6 ./await late) &&
	wait_for_state $left RUNNING && wait_for_state $right RUNNING &&
	id=$(submit --cpus 4 --switches 1@1s ./await late) && wait_for_state $id RUNNING &&
	test "$(field $id Nodes)" = "n[2,4], 2 switches, 2 hops" && : >late &&
	ends_as $id COMPLETED && ends_as $left COMPLETED && ends_as $right COMPLETED &&
	test "$(field $id Nodes)" = "n[2,4]" && kill_scheduler && test "$(field $id Nodes)" = "n[2,4]" &&
	rm "$conf" "$HOME/mini-slurm.conf"
'

test_expect_success 'the scheduler can be given another file' '
	echo "SwitchName=a Nodes=x[1-40]" >other.conf &&
	start_scheduler --topology-config other.conf &&
	mini-slurm topology >out && grep "x\[1-40\]" out && kill_scheduler
'

test_expect_success 'errors name the file and the line' '
	printf "SwitchName=a Nodes=n1\n\nSwitchName=b Switches=a,c\n" >bad &&
	refuses bad "3: switch b: there is no switch c below it" &&
	printf "SwitchName=a Switches=b\nSwitchName=b Switches=a\n" >bad &&
	refuses bad "1: switch a is below itself: it is under switch b" &&
	printf "SwitchName=a Nodes=n[1-2]\nSwitchName=b \\\\\n  Nodes=n[2-3]\n" >bad &&
	refuses bad "2: node n2 is on two switches: a and b" &&
	printf "SwitchName=a Nodes=n[3-1]\n" >bad &&
	refuses bad "1: Nodes: 3-1]: the range runs backwards (write for example n[01-16,20])" &&
	printf "# none\nSwitchName=a\n" >bad &&
	refuses bad "2: switch a has neither nodes nor switches (use Nodes= or Switches=)" &&
	refuses missing " there is no such file"
'

test_expect_success 'so they do in the home, and of the site file' '
	echo "SwitchNam=a" >"$conf" &&
	test_expect_code 1 mini-slurm scheduler 2>err && grep "^mini-slurm scheduler: $conf:1: unknown key SwitchNam" err &&
	rm "$conf" && printf "A=1\nNodeName=n1 Cpu=1\n" >"$HOME/mini-slurm.conf" &&
	test_expect_code 1 mini-slurm scheduler 2>err && grep "/mini-slurm.conf:2: unknown key Cpu (did you mean CPUs?)" err &&
	rm "$HOME/mini-slurm.conf"
'

test_expect_success 'submit says where a job is to be placed, show repeats it' '
	id=$(submit --nodes 2 --switches 1@10m --threads-per-core 1 --exclusive true) &&
	test "$(field $id Placement)" = "nodes 2, switches 1 (for 00:10:00), threads per core 1, exclusive" &&
	id=$(submit --switches 3 true) && test "$(field $id Placement)" = "switches 3" &&
	id=$(submit --exclusive true) && test "$(field $id Placement)" = "exclusive" &&
	mini-slurm show $id --json | json "j[\"job\"][\"placement\"]" >out &&
	grep "{.nodes.: None, .max_switches.: None, .switches_wait.: None, .threads_per_core.: None, .exclusive.: True}" out &&
	id=$(submit true) && test -z "$(field $id Placement)"
'

# wrong TEXT OPTION...: wrong usage, and nothing is submitted.
wrong() {
	text=$1
	shift
	test_expect_code 2 mini-slurm submit "$@" true 2>err && grep -F -e "$text" err
}

test_expect_success 'and what makes no sense is refused' '
	mini-slurm queue >before &&
	wrong "--nodes 0: not a whole number from 1" --nodes 0 &&
	wrong "--switches 0: not a whole number from 1 to 65536" --switches 0 &&
	wrong "--switches x: not a whole number" --switches x@5 &&
	wrong "--switches: the wait" --switches 1@ &&
	wrong "--switches: the wait 3x" --switches 1@3x &&
	wrong "--threads-per-core 2: not a whole number from 1 to 1" --threads-per-core 2 &&
	wrong "--nodes: an elastic job is resized by single CPUs" --nodes 2 --elastic &&
	wrong "--switches: an elastic job is resized by single CPUs" --switches 1 --elastic &&
	mini-slurm queue >after && test "$(wc -l <before)" = "$(wc -l <after)"
'

test_expect_success 'usage' '
	test_expect_code 2 mini-slurm topology --jsn 2>err && grep "did you mean --json" err &&
	mini-slurm topology --help >out && grep "^Usage: mini-slurm topology" out
'

test_done
