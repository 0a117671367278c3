# What the golden suites run; see tests/golden/*/run.
$(BUILD)/golden/domcases: $(call obj,tests/golden/dom/domcases.c) $(LIB)/xl.a $(LIB)/common.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS_all) -o $@ $^ $(LIBS_common) $(LIBS_xen)
CHECK_PROGRAMS += $(BUILD)/golden/domcases
