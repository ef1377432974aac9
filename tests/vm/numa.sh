# SPDX-License-Identifier: MIT
# Two packages, each with two CPUs and memory of its own: jobs are pinned inside of one, and their
# memory comes from there; and is limited, by cgroup v2.

field() {
    mini-slurm show "$1" | sed -n "s/^  $2: *//p"
}

is_running() {
    [ "$(field "$1" Status)" = RUNNING ] && [ -e "/tmp/pid.$1" ]
}

# start OPTION...: a job that writes down who it is, has 8 MB in use, and waits. Its id.
start() {
    mini-slurm submit --parsable "$@" 'x=$(head -c 8000000 /dev/zero | tr "\0" x)
        echo $$ >/tmp/pid.$MINI_SLURM_JOB_ID
        until [ -e /tmp/end ]; do sleep 1; done; echo ${#x}'
}

has_ended() {
    [ "$(field "$1" Status)" = COMPLETED ]
}

# status ID KEY: of the job's process.
status() {
    sed -n "s/^$2:[[:space:]]*//p" "/proc/$(cat "/tmp/pid.$1")/status"
}

# pages ID NODE: how many pages that belong to no file are there.
pages() {
    grep -v 'file=' "/proc/$(cat "/tmp/pid.$1")/numa_maps" | grep -o "N$2=[0-9]*" | cut -d= -f2 |
        awk '{ sum += $1 } END { print sum + 0 }'
}

cat >want <<END
machine                           4 CPUs, 4 free
|-- package 0, NUMA node 0, L3 0  2 CPUs, 2 free
|   \`-- core[0-1]                 CPUs 0-1  free
\`-- package 1, NUMA node 1, L3 1  2 CPUs, 2 free
    \`-- core[2-3]                 CPUs 2-3  free
END
mini-slurm topology >got
ok 'both packages are seen, each with its NUMA node' diff got want
ok 'the kernel holds jobs to their CPUs' sh -c 'mini-slurm doctor | grep "CPUs  *enforced: each job has a cgroup v2"'

ok 'the scheduler starts' mini-slurm scheduler --background
small=$(start --cpus 1 --mem 100M)
ok 'a job of one CPU runs' until_true is_running "$small"
large=$(start --cpus 2 --mem 100M)
ok 'one of two runs beside it' until_true is_running "$large"

case $(status "$small" Cpus_allowed_list) in [01]) near=0 far=1 others=2-3 ;; *) near=1 far=0 others=0-1 ;; esac
is "$(status "$small" Mems_allowed_list)" $near 'the memory of the first comes from its package'
is "$(status "$large" Cpus_allowed_list)" $others 'the second is inside of the other package'
is "$(status "$large" Mems_allowed_list)" $far 'and so is its memory'
is "$(pages "$large" $near)" 0 'none of it is elsewhere'
ok 'all of it is there' test "$(pages "$large" $far)" -ge 1600
is "$(field "$large" Enforcement | cut -d, -f1)" 'CPUs enforced' 'show says how it is held'
ok 'the tree says who is where' sh -c "mini-slurm topology | grep -A 1 'package $far' | grep 'job $large'"
touch /tmp/end
ok 'one ends well' until_true has_ended "$large"
ok 'and so does the other' until_true has_ended "$small"
rm -f /tmp/end

wide=$(start --cpus 3 --mem 100M)
ok 'a job of three CPUs runs' until_true is_running "$wide"
is "$(status "$wide" Mems_allowed_list)" 0-1 'on both packages, with memory from both'
touch /tmp/end
ok 'and ends' until_true has_ended "$wide"
rm -f /tmp/end

holder=$(start --cpus 2 --mem 100M)
ok 'a job takes one package' until_true is_running "$holder"
elastic=$(start --elastic --cpus 2 --mem 100M)
ok 'an elastic one the other' until_true is_running "$elastic"
ok 'with memory from there' test "$(status "$elastic" Mems_allowed_list)" != "$(status "$holder" Mems_allowed_list)"
mini-slurm cancel --now "$holder" >/dev/null
has_all() {
    [ "$(status "$elastic" Cpus_allowed_list)" = 0-3 ]
}
ok 'when it grows onto both' until_true has_all
is "$(status "$elastic" Mems_allowed_list)" 0-1 'its memory comes from both'
touch /tmp/end

greedy=$(mini-slurm submit --parsable --mem 12M 'x=$(head -c 20000000 /dev/zero | tr "\0" x); echo ${#x}')
out_of_memory() {
    [ "$(field "$greedy" Status)" = OUT_OF_MEMORY ]
}
ok 'a job that takes more memory than it asked for is ended by the kernel' until_true out_of_memory
is "$(field "$greedy" Enforcement | cut -d, -f2)" ' memory enforced' 'show says how it was held'
done_testing
