# Every tests/fuzz/X_fuzz.c (LLVMFuzzerTestOneInput) becomes build/fuzz/fuzz/X under libFuzzer, ASan and UBSan.
# `make fuzz SECONDS_EACH=600` runs each that long; make test runs each for a few seconds.
FUZZ_SRC := $(call rwild,tests/fuzz/,_fuzz.c)
FUZZ_NAMES := $(patsubst %_fuzz.c,%,$(notdir $(FUZZ_SRC)))
FUZZ_LIBS = $(foreach r,$(ROOMS),$(LIB)/$(r).a)
SECONDS_EACH ?= 60
#: make fuzz       each fuzzer for SECONDS_EACH (60) seconds
.PHONY: fuzz fuzz-programs fuzz-link
fuzz-programs:
	@$(MAKE) -s BUILD=build/fuzz CC=clang OPT="-O1 -g" \
	  SAN="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" fuzz-link
fuzz-link: $(addprefix $(BUILD)/fuzz/,$(FUZZ_NAMES))
define fuzzer
$$(BUILD)/fuzz/$(patsubst %_fuzz.c,%,$(notdir $(1))): $$(call obj,$(1)) $$(FUZZ_LIBS)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$$(CC) $$(LDFLAGS_all) -fsanitize=fuzzer -o $$@ $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group \
	  $$(LIBS_common) $$(LIBS_xen) $$(LIBS_xapi) $$(call pkg,--libs,ncursesw)
endef
$(foreach s,$(FUZZ_SRC),$(eval $(call fuzzer,$(s))))
fuzz: fuzz-programs
	@SECONDS_EACH=$(SECONDS_EACH) tests/fuzz/run
