# SPDX-License-Identifier: MIT
# elastic.sh - for tests of programs in elastic jobs, after lib.sh.

# in_stand_in CPUS COMMAND...: runs it in the background, as if it were an elastic job with so many CPUs:
# $program is its pid, `out` and `err` what it writes. Descriptor 9 is where it acknowledges.
in_stand_in() {
	rm -rf stand-in && mkdir stand-in && mkfifo stand-in/ack && exec 9<>stand-in/ack &&
	rm -f out err
	generation=0 && control "$1" RUNNING 0 || return
	shift
	(
		trap "" USR1
		MINI_SLURM_ELASTIC=1 MINI_SLURM_CONTROL_FILE=$PWD/stand-in/control \
			MINI_SLURM_ACK_FILE=$PWD/stand-in/ack exec "$@"
	) >out 2>err 9>&- &
	program=$!
}

# control CPUS STATUS DEADLINE
control() {
	printf "%s 100 1 8 %s none\n%s - %s -\n" "$1" "$2" $generation "$3" >stand-in/new &&
	mv stand-in/new stand-in/control
}

# give CPUS: now it has them.
give() {
	generation=$((generation + 1))
	control "$1" RUNNING 0 && kill -USR1 $program
}

# take CPUS: it is to have so few, and has acknowledged that, well before its time is over.
take() {
	generation=$((generation + 1))
	control "$1" SHRINKING $(($(date +%s) + 60)).000 && kill -USR1 $program &&
	test "$(timeout 30 head -n 1 <&9)" = $generation && control "$1" RUNNING 0
}

# has_cpus ID CPUS: that is what the scheduler says.
has_cpus() {
	mini-slurm queue | awk -v id="$1" -v cpus="$2" \
		'$1 == id { split($8, has, "/"); found = has[1] == cpus } END { exit !found }'
}

# resize ID CPUS: asks for it, and waits until it is so.
resize() {
	mini-slurm resize "$1" --cpus "$2" >/dev/null && wait_until has_cpus "$1" "$2" || {
		mini-slurm show "$1" >&2
		return 1
	}
}
