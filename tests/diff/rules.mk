# Comparisons with the originals that need no Xen; tests/diff/run runs them.
$(BUILD)/diff/language: $(call obj,tests/diff/language.c) $(LIB)/xl.a $(LIB)/common.a
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS_all) -o $@ $^ $(LIBS_common) $(LIBS_xen)
# never with a sanitizer: it is loaded into the original
$(BUILD)/diff/xlstub.so: tests/diff/xlstub.c
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) -std=gnu11 $(WARN) -D_GNU_SOURCE -O1 -fPIC -shared -o $@ $< $(LDFLAGS)
CHECK_PROGRAMS += $(BUILD)/diff/language $(BUILD)/diff/xlstub.so
