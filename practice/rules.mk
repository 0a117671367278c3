#: make practice   exercises with a real Xen, for LPIC-304 (practice/practice down ends the lab)
#: make install-practice   xen-practice, xm and xend for a Dom0 that may break
.PHONY: practice install-practice uninstall-practice
practice: all
	@practice/practice
SHARE_practice = $(DESTDIR)$(PREFIX)/share/xen-practice
install-practice:
	@install -d $(SHARE_practice)/exercises $(DESTDIR)$(PREFIX)/sbin
	@install -m 755 practice/xen-practice practice/xm $(SHARE_practice)
	@install -m 644 practice/lib.sh practice/xm.tsv $(SHARE_practice)
	@install -m 644 practice/exercises/*.ex $(SHARE_practice)/exercises
	@ln -sf xm $(SHARE_practice)/xend
	@for p in xen-practice xm xend; do ln -sfn $(PREFIX)/share/xen-practice/$$p $(DESTDIR)$(PREFIX)/sbin/$$p || exit 1; done
uninstall-practice:
	@rm -rf $(SHARE_practice)
	@rm -f $(addprefix $(DESTDIR)$(PREFIX)/sbin/,xen-practice xm xend)
