#: make practice   exercises with a real Xen, for LPIC-304 (practice/practice down ends the lab)
#: make install-practice   xen-practice, xm and xend for a Dom0 that may break
.PHONY: practice practice-guests install-practice uninstall-practice
practice: deps
	@$(MAKE) -s -j2 all
	@practice/practice
# The small guests of the exercises, as the lab builds them: outside the lab they come along.
PRACTICE_GUESTS := stub-pv stub-pvh boot.img
practice-guests: $(BUILD)/guests/boot.img
$(BUILD)/guests/boot.img: practice/make-guests $(wildcard tests/lab/guests/*)
	@practice/make-guests $(@D)
HOME_practice = $(PREFIX)/lib/xen-practice
install-practice: practice-guests
	@install -d $(DESTDIR)$(HOME_practice)/exercises $(DESTDIR)$(HOME_practice)/guests $(DESTDIR)$(PREFIX)/sbin
	@install -m 755 practice/xen-practice practice/xm $(DESTDIR)$(HOME_practice)
	@install -m 644 practice/lib.sh practice/xm.tsv $(DESTDIR)$(HOME_practice)
	@install -m 644 practice/exercises/*.ex $(DESTDIR)$(HOME_practice)/exercises
	@install -m 644 $(addprefix $(BUILD)/guests/,$(PRACTICE_GUESTS)) \
	  $(addprefix tests/lab/dom0/files/etc/xen/,stub-pv.cfg stub-pvh.cfg hvm-boot.cfg) $(DESTDIR)$(HOME_practice)/guests
	@ln -sf xm $(DESTDIR)$(HOME_practice)/xend
	@for p in xen-practice xm xend; do ln -sfn ../lib/xen-practice/$$p $(DESTDIR)$(PREFIX)/sbin/$$p || exit 1; done
	@for m in practice/*.8; do install -D -m 644 $$m $(DESTDIR)$(PREFIX)/share/man/man8/$${m##*/} || exit 1; done
uninstall-practice:
	@rm -rf $(DESTDIR)$(HOME_practice)
	@rm -f $(addprefix $(DESTDIR)$(PREFIX)/sbin/,xen-practice xm xend)
	@rm -f $(addprefix $(DESTDIR)$(PREFIX)/share/man/man8/,$(notdir $(wildcard practice/*.8)))
