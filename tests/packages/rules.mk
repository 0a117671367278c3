#: make deb        Debian packages in build/deb: xltool, xapi-lite, xenstore-tools
.PHONY: deb
deb:
	@tests/packages/make-deb $(BUILD)
