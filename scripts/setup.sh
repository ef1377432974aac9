#!/bin/sh
# SPDX-License-Identifier: MIT
# setup.sh GROUP...: have the Debian packages of these groups installed. Says nothing if they are.
#
# build: to compile it and run the demo. One group for each suite of ./check and one for `make bench`;
# bench-slurm: what lets `make bench` measure Slurm too.
set -u

packages_of() {
    case $1 in
    build)
        echo gcc libc6-dev musl-tools make meson ninja-build pkg-config libsqlite3-dev libhwloc-dev libuv1-dev \
            libjansson-dev uthash-dev zlib1g-dev libcairo2-dev python3
        ;;
    check) echo perl ;;
    oracles) echo python3 ;;
    lint) echo clang clang-format clang-tidy cppcheck shellcheck ;;
    unit) echo clang ;;
    valgrind) echo valgrind ;;
    e2e | crash) echo sharness procps strace tmux ;;
    vm) echo qemu-system-x86 busybox-static cpio criu ;;
    mac) echo npm ;;
    fresh) echo debootstrap git ;;
    bench) echo hyperfine task-spooler parallel strace ;;
    bench-slurm) echo slurm-wlm munge ;;
    *)
        echo "setup.sh: no such group: $1" >&2
        return 1
        ;;
    esac
}

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] && return
    # npm also comes inside other packages of nodejs, which would be in conflict with Debian's.
    [ "$1" = npm ] && command -v npm >/dev/null
}

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" \
        >>"$log" 2>&1 </dev/null
}

wanted=
for group in "$@"; do
    wanted="$wanted $(packages_of "$group")" || exit 2
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is no Debian system, so nothing is installed for you. Needed are, by Debian's names:"
    echo " $wanted" | fold -s -w 100
    echo "Going on with what is here."
    exit 0
fi

missing=
for package in $wanted; do
    case " $missing " in *" $package "*) continue ;; esac
    installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    elif [ -t 0 ] && command -v sudo >/dev/null; then
        as_root=sudo
        sudo -v || exit 1
    else
        echo "Some packages are missing, and installing them takes root. Type this, then start again:"
        echo
        echo "  su -c 'apt-get update && apt-get install -y --no-install-recommends$missing'"
        exit 1
    fi
fi

echo "Installing packages:$missing"
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
# The lists of packages may be missing or out of date: only then they are fetched.
# shellcheck disable=SC2086 # a list of words
apt install --no-install-recommends $missing ||
    { apt update && apt install --no-install-recommends $missing; } ||
    {
        cat "$log" >&2
        echo "setup.sh: the packages could not be installed:$missing" >&2
        exit 1
    }
