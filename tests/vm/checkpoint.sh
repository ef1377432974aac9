# SPDX-License-Identifier: MIT
# needs: criu
# modules: libcrc32c nfnetlink nf_tables unix_diag inet_diag tcp_diag udp_diag raw_diag netlink_diag af_packet_diag
# A job that criu saves at its time limit, and when it is requeued, and restores: its counter goes on
# counting, in the same process.

field() {
    mini-slurm show "$1" | sed -n "s/^  $2: *//p"
}

is_in_state() {
    [ "$(field "$1" Status)" = "$2" ]
}

# restarted ID N: it was put back so often, and runs.
restarted() {
    is_in_state "$1" RUNNING && [ "$(field "$1" Restarts)" = "$2" ]
}

# counted ID MORE-THAN: what it wrote so far ends with more.
counted() {
    [ "$(tail -n 1 "/root/.mini_slurm_logs/job_$1.out")" -gt "$2" ]
}

# Counts in memory alone: one that began anew would begin with 1.
cat >/root/counter <<'END'
echo $$ >>/tmp/began
n=0
while [ $n -lt ${1:-1000000} ]; do n=$((n + 1)); echo $n; sleep 0.1; done
END

# Each number once, in order.
counted_well() {
    cp "$1" /tmp/got && seq "$(tail -n 1 /tmp/got)" >/tmp/want && diff /tmp/got /tmp/want
}

ifconfig lo up
mkdir /dev/pts && mount -t devpts devpts /dev/pts
ok 'criu works here' criu check
ok 'doctor says so' sh -c 'mini-slurm doctor | grep "checkpoints  *by a signal, or by criu"'
ok 'the scheduler starts' mini-slurm scheduler --background

long=$(mini-slurm submit --parsable --mem 50M --time 4s --checkpoint criu sh /root/counter 90)
logs=/root/.mini_slurm_logs
ok 'a counter is saved at its limit, and restored' until_true restarted "$long" 1
ok 'show says why' sh -c "mini-slurm show $long | grep '1 TIMEOUT .*reached its time limit of 00:00:04'"
ok 'it goes on, is saved again, and comes to its end' until_true is_in_state "$long" COMPLETED
ok 'it was put back more than once' test "$(field "$long" Restarts)" -ge 2
is "$(tail -n 1 $logs/job_"$long".out)" 90 'it has counted to the end'
ok 'each number once, in one file' counted_well $logs/job_"$long".out
is "$(wc -l </tmp/began)" 1 'its program began once'
ok 'the images are gone' test ! -e $logs/job_"$long".checkpoint

rm /tmp/began
moved=$(mini-slurm submit --parsable --mem 50M --checkpoint criu 'sh /root/counter | cat')
ok 'two processes and a pipe' until_true counted "$moved" 5
ok 'make room' mini-slurm requeue --hold "$moved"
ok 'and wait' until_true is_in_state "$moved" PENDING
ok 'none of them runs' sh -c '! ps | grep -v grep | grep counter'
last=$(tail -n 1 $logs/job_"$moved".out)
ok 'with images' test -e $logs/job_"$moved".checkpoint/inventory.img
ok 'that are for us alone' sh -c "ls -ld $logs/job_$moved.checkpoint | grep '^drwx------'"
ok 'released' mini-slurm release "$moved"
ok 'they go on' until_true counted "$moved" $((last + 5))
ok 'where they were' counted_well $logs/job_"$moved".out
group=$(sed 's/^0:://' /proc/"$(cat /tmp/began)"/cgroup)
name=$(sed -n 's/^group //p' "/root/.mini_slurm_run/$moved.2.status" | head -n 1)
ok 'in the group of the new attempt' sh -c "echo $group | grep '/${name:-none}'"
ok 'a cancel ends them' mini-slurm cancel "$moved"
ok 'all' until_true is_in_state "$moved" CANCELLED
ok 'and nothing of them is left' sh -c '! ps | grep -v grep | grep counter'

broken=$(mini-slurm submit --parsable --mem 50M --checkpoint criu sh /root/counter)
ok 'one more' until_true counted "$broken" 5
ok 'is saved' mini-slurm requeue --hold "$broken"
ok 'and waits' until_true is_in_state "$broken" PENDING
mv /root/counter /root/away
mini-slurm release "$broken" >/dev/null
ok 'what can not be restored has failed' until_true is_in_state "$broken" FAILED
ok 'with what criu says, and where the images are' sh -c "mini-slurm show $broken | tee /dev/stderr |
    grep 'could not be restored: criu: ..* (its images are in $logs/job_$broken.checkpoint)'"
ok 'which are kept' test -e $logs/job_"$broken".checkpoint/inventory.img
mv /root/away /root/counter
ok 'requeued' mini-slurm requeue "$broken"
ok 'it is restored once that is mended' until_true counted "$broken" 12
ok 'where it was' counted_well $logs/job_"$broken".out
mini-slurm cancel --now "$broken" >/dev/null

orphan=$(mini-slurm submit --parsable --mem 50M --time 3s --checkpoint criu '(sh /root/counter &) ; sleep 100')
ok 'one that left a process to itself ends at its limit' until_true is_in_state "$orphan" TIMEOUT
ok 'and says why it was not saved' sh -c "mini-slurm show $orphan |
    grep 'it could not be saved: process [0-9]* is not below its first process'"
done_testing
