#: make deb        Debian packages in build/deb: xltool, xapi-lite, xenstore-tools, xen-practice
.PHONY: deb
deb:
	@tests/packages/make-deb $(BUILD)
