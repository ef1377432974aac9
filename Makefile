# SPDX-License-Identifier: MIT
# Short names for what meson, ninja and the scripts do.
PREFIX ?= /usr/local

all:
	@scripts/setup.sh build
	@scripts/build.sh build

demo:
	@./demo

check:
	@./check

bench:
	@tests/bench/run && tests/bench/laboratory

install: all
	meson configure build --prefix=$(abspath $(PREFIX))
	meson install -C build --quiet

uninstall:
	ninja -C build uninstall

clean:
	rm -rf build build-*

.PHONY: all demo check bench install uninstall clean
