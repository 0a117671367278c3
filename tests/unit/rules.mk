# Every tests/unit/**/X_test.c becomes build/tests/X, linked with what it calls.
UNIT_SRC := $(call rwild,tests/unit/,_test.c)
UNIT_BIN := $(foreach s,$(UNIT_SRC),$(BUILD)/tests/$(patsubst %_test.c,%,$(notdir $(s))))
UNIT_LIBS = $(foreach r,$(ROOMS),$(LIB)/$(r).a)

define unit
$$(BUILD)/tests/$(patsubst %_test.c,%,$(notdir $(1))): $$(call obj,$(1) tests/unit/unit.c) $$(UNIT_LIBS)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$$(CC) $$(LDFLAGS_all) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group \
	  $$(LIBS_common) $$(LIBS_xen) $$(LIBS_xapi) $$(call pkg,--libs,ncursesw) -lcunit
endef
$(foreach s,$(UNIT_SRC),$(eval $(call unit,$(s))))
.PHONY: unit-tests
unit-tests: $(UNIT_BIN)
