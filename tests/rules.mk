#: make check      the tests that need no Xen, under a minute
#: make test       all tests: make check, then real Xen in the lab
#: make test-long  migration between two hosts, storage repositories on real devices: ten minutes more
#: make test-practice  every exercise of xen-practice solved on real Xen, an hour (TESTS=xe: a part)
#: make asan       make check under AddressSanitizer and UBSan
#: make bench      ours beside the originals on the same host, as ratios
.PHONY: check test test-run test-long test-practice asan bench check-programs
check-programs: all unit-tests $(CHECK_PROGRAMS)
check: check-programs
	@BUILD=$(BUILD) tests/run check
# packages first, in a make of its own: pkg-config is asked when make starts
test: deps
	@$(MAKE) -s -j2 test-run
test-run: check-programs fuzz-programs deb
	@BUILD=$(BUILD) tests/run all
test-long: all
	@BUILD=$(BUILD) tests/run long
test-practice: deps
	@$(MAKE) -s -j2 all
	@BUILD=$(BUILD) tests/run $(if $(TESTS),-k practice/$(TESTS)) practice
asan:
	@$(MAKE) -s -j2 BUILD=build/asan SAN="-fsanitize=address,undefined -fno-omit-frame-pointer" OPT="-O1 -g" check-programs
	@ASAN_OPTIONS=detect_leaks=1 BUILD=build/asan tests/run lint unit golden cli
bench: all
	@BUILD=$(BUILD) tests/bench/run
