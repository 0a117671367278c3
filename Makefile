# Builds every program into build/bin. Files are found by wildcard: a new command,
# class or driver edits no Makefile. `make help` lists the targets.
BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
WERROR  ?= -Werror
OPT     ?= -O2 -g
SAN     ?=

PKGS_common := glib-2.0 yajl
PKGS_xen    := xenlight xlutil xencontrol xenstore xentoollog
PKGS_xapi   := libxml-2.0 sqlite3 libmicrohttpd zlib libzstd libnbd libnl-route-3.0

pkg = $(shell pkg-config $(1) $(2) 2>/dev/null)
comma := ,
# the Xen release built for, such as 4.17
XEN_VERSION := $(shell pkg-config --modversion xenlight 2>/dev/null | cut -d. -f1,2)

WARN   := -Wall -Wextra $(WERROR) -Wshadow -Wmissing-prototypes -Wvla -Wformat=2
CFLAGS_all := -std=gnu11 $(OPT) $(SAN) $(WARN) -D_GNU_SOURCE -DLIBXL_API_VERSION=0x041400 \
              -DPREFIX='"$(PREFIX)"' -DXEN_VERSION='"$(XEN_VERSION)"' -I. -Icommon -Ixltool -Ixapi-lite -Ixenstore-tools -MMD -MP \
              -fPIE $(call pkg,--cflags,$(PKGS_common) $(PKGS_xen) libxml-2.0) $(CFLAGS)
CFLAGS_xapi := $(call pkg,--cflags,$(PKGS_xapi))
LDFLAGS_all := $(SAN) -pie -Wl,--as-needed $(LDFLAGS)

LIBS_common := $(call pkg,--libs,$(PKGS_common)) -lm
LIBS_xen    := $(call pkg,--libs,$(PKGS_xen)) -lutil
LIBS_xapi   := $(call pkg,--libs,$(PKGS_xapi) gnutls) -lxenguest -lwslay -lpam -lpthread

# xl runs for a moment, and two thirds of its time went into loading twenty libraries: it takes those of Xen and glib
# from their archives where these are there; but libxenstore's archive is built without its thread for watches.
# XEN_STATIC=no leaves them shared, so that an update of Debian's serves it.
archive = $(filter /%,$(shell $(CC) -print-file-name=$(1).a 2>/dev/null))
STATIC_STABLE := xenhypfs xenforeignmemory xengnttab xencall xendevicemodel xenevtchn xentoollog
STATIC_LIBS   := glib-2.0 pcre2-8 xenguest xenlight xlutil xenctrl $(STATIC_STABLE) uuid yajl_s zstd lzma z
HAVE_STATIC   := $(if $(filter-out $(words $(STATIC_LIBS)),$(words $(foreach l,$(STATIC_LIBS),$(call archive,lib$(l))))),no,yes)
XEN_STATIC    ?= $(if $(SAN),no,$(HAVE_STATIC))
# the loaders of kernels register themselves: nothing but --whole-archive brings them in
LIBS_static := -Wl,--gc-sections,-O1,-z,noseparate-code,-Bstatic -lglib-2.0 -lpcre2-8 -Wl,--whole-archive -lxenguest -Wl,--no-whole-archive \
  -Wl,--start-group $(foreach l,$(filter-out glib-2.0 pcre2-8 xenguest,$(STATIC_LIBS)),-l$(l)) -Wl,--end-group,-Bdynamic \
  -lxenstore -lxentoolcore -lm -lutil

# One archive per room, so that a test links just what it calls.
rwild = $(foreach d,$(wildcard $(1)*),$(call rwild,$(d)/,$(2))$(filter %$(2),$(d)))
SRC_common := $(call rwild,common/,.c)
SRC_xl     := $(filter-out xltool/main.c xltool/pm/%,$(call rwild,xltool/,.c))
SRC_pm     := $(filter-out xltool/pm/main.c,$(call rwild,xltool/pm/,.c))
SRC_xapi   := $(filter-out xapi-lite/main.c xapi-lite/xe/%,$(call rwild,xapi-lite/,.c))
SRC_xe     := $(filter-out xapi-lite/xe/main.c,$(call rwild,xapi-lite/xe/,.c))
SRC_xs     := $(filter-out xenstore-tools/xs/main.c,$(call rwild,xenstore-tools/xs/,.c))
SRC_tx     := $(call rwild,xenstore-tools/tx/,.c)
SRC_top    := $(filter-out xenstore-tools/top/main.c,$(call rwild,xenstore-tools/top/,.c))

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB = $(BUILD)/lib
ROOMS := common xl pm xapi xe tx xs top

# program | its main | the archives it links | its libraries
MAIN_xl := xltool/main.c
MAIN_xenpm := xltool/pm/main.c
MAIN_xapi-lite := xapi-lite/main.c
MAIN_xe := xapi-lite/xe/main.c
MAIN_xenstore := xenstore-tools/xs/main.c
MAIN_xentop := xenstore-tools/top/main.c
# before libxenstore, whose functions tx replaces
ROOMS_xl := xl common tx xs
ROOMS_xenpm := pm common
ROOMS_xapi-lite := xapi xl top common
ROOMS_xe := xe common
ROOMS_xenstore := xs
ROOMS_xentop := top common
LIBS_xl := $(if $(filter yes,$(XEN_STATIC)),$(LIBS_static),$(LIBS_common) $(LIBS_xen))
LIBS_xenpm := $(LIBS_common) $(LIBS_xen)
LIBS_xapi-lite := $(LIBS_common) $(LIBS_xen) $(LIBS_xapi)
LIBS_xe := $(LIBS_common) $(call pkg,--libs,gnutls)
LIBS_xenstore := $(call pkg,--libs,xenstore)
LIBS_xentop := $(LIBS_common) $(LIBS_xen) $(call pkg,--libs,libmicrohttpd ncursesw)

ALL_PROGRAMS := xl xenpm xapi-lite xe xenstore xentop
PROGRAMS := $(foreach p,$(ALL_PROGRAMS),$(if $(wildcard $(MAIN_$(p))),$(p)))
XS_LINKS := $(addprefix xenstore-,ls read write rm list exists chmod watch control)

.PHONY: all deps help check test lint fmt asan fuzz bench demo lab install uninstall compdb clean
all: $(addprefix $(BUILD)/bin/,$(PROGRAMS)) $(if $(filter xenstore,$(PROGRAMS)),$(addprefix $(BUILD)/bin/,$(XS_LINKS)))

define room
OBJ_$(1) := $$(call obj,$$(SRC_$(1)))
$$(LIB)/$(1).a: $$(OBJ_$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

define program
$$(BUILD)/bin/$(1): $$(call obj,$$(MAIN_$(1))) $$(foreach r,$$(ROOMS_$(1)),$$(LIB)/$$(r).a)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$$(CC) $$(LDFLAGS_all) -o $$@ $$^ $$(LIBS_$(1))
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

$(addprefix $(BUILD)/bin/,$(XS_LINKS)): | $(BUILD)/bin/xenstore
	@ln -sf xenstore $@

$(BUILD)/obj/xapi-lite/%.o: xapi-lite/%.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS_all) $(CFLAGS_xapi) -c -o $@ $<
$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS_all) -c -o $@ $<

-include $(call rwild,$(BUILD)/obj/,.d)

# further targets, one file each
include $(wildcard tests/*/rules.mk configs/rules.mk practice/rules.mk) tests/rules.mk

DEPS := $(shell awk '!/^#/ && NF {print $$2}' deps.list)
deps:
	@sh tests/deps.sh $(DEPS)

install: all
	@install -d $(DESTDIR)$(PREFIX)/sbin
	@for p in $(PROGRAMS); do install -m 755 $(BUILD)/bin/$$p $(DESTDIR)$(PREFIX)/sbin/$$p || exit 1; done
	@$(if $(filter xenstore,$(PROGRAMS)),for l in $(XS_LINKS); do ln -sf xenstore $(DESTDIR)$(PREFIX)/sbin/$$l || exit 1; done)
	@for m in docs/man/*.[158]; do [ -e "$$m" ] || continue; \
	  install -D -m 644 $$m $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/} || exit 1; done
uninstall:
	@rm -f $(addprefix $(DESTDIR)$(PREFIX)/sbin/,$(ALL_PROGRAMS) $(XS_LINKS))
	@for m in docs/man/*.[158]; do [ -e "$$m" ] || continue; \
	  rm -f $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/}; done

compdb:
	@$(MAKE) -s -B -n all 2>/dev/null | python3 tests/lint/compdb.py > compile_commands.json
clean:
	rm -rf $(BUILD)

help:
	@sed -n "s/^#: //p" Makefile tests/rules.mk tests/*/rules.mk practice/rules.mk
#: make            build every program into build/bin
#: make deps       install the Debian packages of deps.list
#: make install    install below DESTDIR and PREFIX (default /usr/local); make uninstall removes it
#: make compdb     write compile_commands.json for editors
