# What `make install` puts beside the programs. Files of /etc that exist already are left alone,
# and `make uninstall` takes only those that nobody has changed.
SYSCONF ?= /etc
# file:place below PREFIX/share
COMPLETIONS := configs/completion/xl:bash-completion/completions/xl configs/completion/xe:bash-completion/completions/xe \
               configs/completion/zsh/_xl:zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)/_xl \
               configs/completion/fish/xl.fish:fish/vendor_completions.d/xl.fish
UNITDIR ?= /lib/systemd/system
.PHONY: install-configs uninstall-configs
install: install-configs
install-configs:
	@install -d $(DESTDIR)$(SYSCONF)/pam.d $(DESTDIR)$(UNITDIR)
	@for f in xapi-lite.conf; do [ -e $(DESTDIR)$(SYSCONF)/$$f ] || \
	  install -m 644 configs/$$f $(DESTDIR)$(SYSCONF)/$$f || exit 1; done
	@[ -e $(DESTDIR)$(SYSCONF)/pam.d/xapi-lite ] || install -m 644 configs/pam/xapi-lite $(DESTDIR)$(SYSCONF)/pam.d/xapi-lite
	@for u in configs/systemd/*.service; do \
	  sed 's|/usr/local/sbin|$(PREFIX)/sbin|g' $$u > $(DESTDIR)$(UNITDIR)/$${u##*/} || exit 1; done
	@$(foreach c,$(COMPLETIONS),install -D -m 644 $(firstword $(subst :, ,$c)) $(DESTDIR)$(PREFIX)/share/$(lastword $(subst :, ,$c)) &&) :
	@for t in configs/xapi-lite/*; do [ -e "$$t" ] || continue; \
	  install -D -m 644 $$t $(DESTDIR)$(PREFIX)/share/xapi-lite/$${t##*/} || exit 1; done
	@install -D -m 644 configs/grafana-xentop.json $(DESTDIR)$(PREFIX)/share/xentop/grafana-xentop.json
uninstall: uninstall-configs
uninstall-configs:
	@for u in configs/systemd/*.service; do rm -f $(DESTDIR)$(UNITDIR)/$${u##*/}; done
	@rm -f $(foreach c,$(COMPLETIONS),$(DESTDIR)$(PREFIX)/share/$(lastword $(subst :, ,$c)))
	@rm -rf $(DESTDIR)$(PREFIX)/share/xapi-lite
	@rm -f $(DESTDIR)$(PREFIX)/share/xentop/grafana-xentop.json
	@for f in xapi-lite.conf:xapi-lite.conf pam.d/xapi-lite:pam/xapi-lite; do \
	  ! cmp -s $(DESTDIR)$(SYSCONF)/$${f%%:*} configs/$${f#*:} || rm -f $(DESTDIR)$(SYSCONF)/$${f%%:*}; done
