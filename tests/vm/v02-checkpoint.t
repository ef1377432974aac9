#!/bin/sh
# SPDX-License-Identifier: MIT
# A dump and a restore by criu, which takes a kernel and rights that tests elsewhere may not have.
here=$(dirname "$0")
exec "$here/guest" "$here/checkpoint.sh" -m 1G -smp 2
