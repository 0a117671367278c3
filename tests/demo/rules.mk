#: make demo       installs what is missing, builds, boots real Xen and shows xl at work
.PHONY: demo demo-run
# packages first, in a make of its own: pkg-config is asked when make starts
demo: deps
	@$(MAKE) -s -j2 demo-run
demo-run: all
	@tests/demo/demo.sh
