# Comparisons with the originals that need no Xen; tests/diff/run runs them.
$(BUILD)/diff/language: $(call obj,tests/diff/language.c) $(LIB)/xl.a $(LIB)/common.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS_all) -o $@ $^ $(LIBS_common) $(LIBS_xen)
CHECK_PROGRAMS += $(BUILD)/diff/language
