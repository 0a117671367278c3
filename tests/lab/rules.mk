#: make lab        a shell in Dom0 of real Xen, with the programs just built
#: make trixie     programs for Debian 13 (Xen 4.20), in build/trixie/bin
#: make test-trixie  the tests on real Xen in a lab of Debian 13 (TESTS=WORD: those with WORD in their name)
.PHONY: lab trixie trixie-tests test-trixie
lab: all
	@tests/lab/lab up
	@tests/lab/lab shell
# this machine's compiler with the headers and libraries of the other release; it would find its own archives first
CROSS_MAKE = root=$$(tests/lab/lab sysroot --suite trixie) && libs=$$root/usr/lib/x86_64-linux-gnu/pkgconfig && \
  PKG_CONFIG_SYSROOT_DIR=$$root PKG_CONFIG_LIBDIR=$$libs:$$root/usr/share/pkgconfig \
  $(MAKE) -s BUILD=build/trixie XEN_STATIC=no CC="$(CC) --sysroot=$$root"
trixie:
	+@$(CROSS_MAKE) all
trixie-tests:
	+@$(CROSS_MAKE) all unit-tests
test-trixie: trixie-tests
	@LAB_SUITE=trixie BUILD=build/trixie tests/run $(if $(TESTS),-k $(TESTS)) e2e
