#!/bin/sh
# SPDX-License-Identifier: MIT
# Pinning and memory on a machine with two packages and two NUMA nodes.
here=$(dirname "$0")
exec "$here/guest" "$here/numa.sh" -m 1G -smp 4,sockets=2,cores=2,threads=1 \
    -object memory-backend-ram,id=m0,size=512M -numa node,nodeid=0,cpus=0-1,memdev=m0 \
    -object memory-backend-ram,id=m1,size=512M -numa node,nodeid=1,cpus=2-3,memdev=m1
