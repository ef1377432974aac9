# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# tap.sh - for tests that are plain shell programs: TAP, as prove reads it. To be sourced.

tap_run=0
tap_failed=0

# tap_ok STATUS NAME
tap_ok() {
    tap_run=$((tap_run + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $tap_run - $2"
    else
        echo "not ok $tap_run - $2"
        tap_failed=$((tap_failed + 1))
    fi
}

# tap_quiet NAME COMMAND...: passes if the command succeeds and says nothing. What it says is shown.
tap_quiet() {
    tap_name=$1
    shift
    tap_said=$("$@" 2>&1)
    tap_status=$?
    [ -z "$tap_said" ] || tap_status=1
    tap_ok "$tap_status" "$tap_name"
    [ -z "$tap_said" ] || printf '%s\n' "$tap_said" | sed 's/^/# /' >&2
}

tap_skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

tap_done() {
    echo "1..$tap_run"
    exit $((tap_failed > 0))
}
