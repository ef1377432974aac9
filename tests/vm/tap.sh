# SPDX-License-Identifier: MIT
# tap.sh - what a guest's script begins with: TAP, and waiting for something.

n=0
echo "# the guest is up after $(cut -d' ' -f1 /proc/uptime) s"

# ok NAME COMMAND...: whether it succeeds.
ok() {
    n=$((n + 1))
    what=$1
    shift
    if "$@" >/tmp/said 2>&1; then
        echo "ok $n - $what"
    else
        echo "not ok $n - $what"
        sed 's/^/# /' /tmp/said
    fi
}

# is GOT WANTED NAME
is() {
    ok "$3" test "$1" = "$2"
    [ "$1" = "$2" ] || echo "#   got '$1', wanted '$2'"
}

# until_true COMMAND...: within 60 s; the guest is slow.
until_true() {
    tries=0
    until "$@"; do
        [ $((tries += 1)) -le 600 ] || return 1
        usleep 100000
    done
}

done_testing() {
    echo "1..$n"
    echo "# and done after $(cut -d' ' -f1 /proc/uptime) s"
}
