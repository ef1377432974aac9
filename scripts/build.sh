#!/bin/sh
# SPDX-License-Identifier: MIT
# build.sh DIR [MESON-OPTION...] [-- TARGET...]: configure DIR once, then bring it up to date.
#
# Speaks only when something goes wrong. Without targets everything is built.
set -u
cd "$(dirname "$0")/.." || exit 1

dir=$1
shift
options=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    options="$options $1"
    shift
done
[ $# -eq 0 ] || shift

if [ ! -e "$dir/build.ninja" ]; then
    # shellcheck disable=SC2086 # a list of words
    said=$(meson setup "$dir" $options 2>&1) || {
        printf '%s\n' "$said" >&2
        exit 1
    }
fi
said=$(ninja --quiet -C "$dir" "$@" 2>&1) || {
    printf '%s\n' "$said" >&2
    exit 1
}
