# SPDX-License-Identifier: GPL-3.0-or-later
# make demo | check | all | install; see README.

VERSION   := 0.1.0
PREFIX    ?= /usr
SBINDIR   ?= $(PREFIX)/sbin
MANDIR    ?= $(PREFIX)/share/man
SYSCONFDIR ?= /etc
CC        ?= cc
AR        ?= ar
PKGCONFIG ?= pkg-config

B := build$(if $(SAN),-$(SAN))

PACKAGES_LIB    := nettle libpsl libpcre2-8 zlib liblzma
PACKAGES_PLUGIN := auparse audit libevent_core libcjson

WARNINGS := -Wall -Wextra -Wshadow -Wformat=2 -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wconversion -Wundef -Wvla \
	$(if $(CI),-Werror)
HARDEN := -fstack-protector-strong -fPIE -fno-strict-aliasing \
	$(if $(SAN),,-D_FORTIFY_SOURCE=2)
HARDEN_LD := -pie -Wl,-z,relro -Wl,-z,now
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer)

# CFLAGS is the user's: it comes last, and may be empty.
CFLAGS ?= -O3 -g
override CPPFLAGS := -Ilib -Iplugin -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	-DSYSCONFDIR='"$(SYSCONFDIR)"' \
	$(CPPFLAGS)
override CFLAGS := -std=c11 $(WARNINGS) $(HARDEN) $(SANITIZE) -MMD -MP $(CFLAGS)
override LDFLAGS := $(HARDEN_LD) $(SANITIZE) $(LDFLAGS)
# bzip2 has no .pc file on Debian 12.
LIBS_LIB    = $(shell $(PKGCONFIG) --libs $(PACKAGES_LIB)) -lbz2
LIBS_PLUGIN = $(shell $(PKGCONFIG) --libs $(PACKAGES_PLUGIN)) $(LIBS_LIB)

obj = $(patsubst %.c,$(B)/%.o,$(1))

# A new decoder, scorer, format or view is a file; no edit here.
LIB    := $(call obj,$(wildcard lib/*.c lib/*/*.c))
DAEMON := $(call obj,plugin/main.c plugin/engine.c)
TOOL   := $(call obj,plugin/auhunt.c plugin/rank.c plugin/view_json.c \
	$(wildcard plugin/views/*.c))
BOTH   := $(filter-out $(DAEMON) $(TOOL),$(call obj,$(wildcard plugin/*.c)))
UNIT   := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*.c))
BENCH  := $(addprefix $(B)/tests/bench/,gen floor pace)

V ?= 0
Q  = $(if $(filter 1,$(V)),,@)

.DELETE_ON_ERROR:
.PHONY: all check unit lint format demo bench golden install uninstall dist \
	clean deps need-build need-test

all: $(B)/audisp-hunt $(B)/auhunt

$(B)/libhunt.a: $(LIB)
	$(Q)rm -f $@; $(AR) rcs $@ $^

$(B)/audisp-hunt: $(DAEMON) $(BOTH) $(B)/libhunt.a
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_PLUGIN)

$(B)/auhunt: $(TOOL) $(BOTH) $(B)/libhunt.a
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_PLUGIN)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(BOTH) $(B)/libhunt.a
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_PLUGIN)

$(B)/tests/bench/gen: $(call obj,tests/bench/stream.c tests/bench/words.c)
$(B)/tests/bench/%: $(B)/tests/bench/%.o
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lauparse -laudit

$(B)/%.o: %.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- what a person runs -----------------------------------------------------

SUITES := $(if $(SAN),unit golden props notebook,lint unit golden props notebook live)
SUITE  ?= $(SUITES)

STORY := tests/data/story_nspawn_raw.log

demo: need-build
	$(Q)$(MAKE) --no-print-directory all
	@echo "== $(STORY): the scored lines"
	@$(B)/audisp-hunt --stdout --format hunt -o min_score=0.01 \
		-o hunt_dir=conf/hunt.d < $(STORY)
	@echo "== the same, ranked"
	@$(B)/auhunt rank -o hunt_dir=conf/hunt.d $(STORY)

check: need-test
	$(Q)$(MAKE) --no-print-directory all unit
	$(Q)BUILD=$(B) tests/run $(SUITE)

unit: $(UNIT)

lint: need-test
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BUILD=$(B) tests/run lint

bench: need-build
	$(Q)$(MAKE) --no-print-directory all $(BENCH)
	$(Q)BUILD=$(B) tests/bench/run

# Writes what the golden cases now give; read the difference before committing.
golden: all
	$(Q)BUILD=$(B) tests/golden/run --write

format:
	clang-format -i $(wildcard lib/*.[ch] lib/*/*.[ch] plugin/*.[ch] \
		plugin/*/*.[ch] tests/unit/*.[ch] tests/bench/*.[ch])

# --- what has to be there ---------------------------------------------------

DEPS_APT := gcc make pkg-config libauparse-dev libaudit-dev libevent-dev \
	libcjson-dev nettle-dev libpsl-dev libpcre2-dev zlib1g-dev \
	liblzma-dev libbz2-dev libc6-dev
DEPS_DNF := gcc make pkgconf-pkg-config audit-libs-devel libevent-devel \
	cjson-devel nettle-devel libpsl-devel pcre2-devel zlib-devel \
	xz-devel bzip2-devel glibc-devel
TESTS_APT := python3 auditd rsyslog mandoc xz-utils procps
TESTS_DNF := python3 audit rsyslog mandoc xz procps-ng

deps: need-build need-test

INSTALL_DEPS = set -e; echo "installing: $(1)"; \
	if command -v apt-get >/dev/null; then apt-get -q update && \
	DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	--no-install-recommends install $(1); \
	elif command -v dnf >/dev/null; then dnf -y install $(2); \
	else echo "neither apt-get nor dnf here" >&2; exit 1; fi

need-build:
	@command -v $(CC) $(PKGCONFIG) >/dev/null && \
	$(PKGCONFIG) --exists $(PACKAGES_LIB) $(PACKAGES_PLUGIN) && \
	echo '#include <bzlib.h>' | $(CC) -E - >/dev/null 2>&1 || \
	{ $(call INSTALL_DEPS,$(DEPS_APT),$(DEPS_DNF)); }

need-test: need-build
	@ok=1; for t in python3 auditd rsyslogd mandoc xz ps; do \
	PATH=$$PATH:/usr/sbin:/sbin command -v $$t >/dev/null || ok=0; done; \
	[ $$ok = 1 ] || { $(call INSTALL_DEPS,$(TESTS_APT),$(TESTS_DNF)); }

# --- where things go --------------------------------------------------------

D := $(DESTDIR)

install: all
	install -d $(D)$(SBINDIR) $(D)$(SYSCONFDIR)/audisp-hunt \
		$(D)$(SYSCONFDIR)/audit/plugins.d \
		$(D)$(SYSCONFDIR)/audit/rules.d $(D)$(SYSCONFDIR)/rsyslog.d \
		$(D)$(PREFIX)/lib/tmpfiles.d $(D)$(MANDIR)/man5 \
		$(D)$(MANDIR)/man7 $(D)$(MANDIR)/man8
	install -m 755 $(B)/audisp-hunt $(B)/auhunt $(D)$(SBINDIR)
	[ -e $(D)$(SYSCONFDIR)/audisp-hunt/audisp-hunt.conf ] || \
	install -m 644 conf/audisp-hunt.conf $(D)$(SYSCONFDIR)/audisp-hunt
	install -d $(D)$(SYSCONFDIR)/audisp-hunt/hunt.d
	install -m 644 conf/hunt.d/* $(D)$(SYSCONFDIR)/audisp-hunt/hunt.d
	sed 's|/usr/sbin|$(SBINDIR)|' conf/plugins.d/audisp-hunt.conf \
		> $(D)$(SYSCONFDIR)/audit/plugins.d/audisp-hunt.conf
	chmod 640 $(D)$(SYSCONFDIR)/audit/plugins.d/audisp-hunt.conf
	sed 's|/usr/sbin|$(SBINDIR)|' conf/rules.d/40-audisp-hunt.rules \
		> $(D)$(SYSCONFDIR)/audit/rules.d/40-audisp-hunt.rules
	chmod 640 $(D)$(SYSCONFDIR)/audit/rules.d/40-audisp-hunt.rules
	install -m 644 conf/rsyslog/40-audisp-hunt.conf \
		$(D)$(SYSCONFDIR)/rsyslog.d
	install -m 644 systemd/audisp-hunt.tmpfiles \
		$(D)$(PREFIX)/lib/tmpfiles.d/audisp-hunt.conf
	install -m 644 man/*.5 $(D)$(MANDIR)/man5
	install -m 644 man/*.7 $(D)$(MANDIR)/man7
	install -m 644 man/*.8 $(D)$(MANDIR)/man8

# The configuration and the rules may be the operator's by now: they stay.
uninstall:
	rm -f $(D)$(SBINDIR)/audisp-hunt $(D)$(SBINDIR)/auhunt \
		$(D)$(SYSCONFDIR)/audit/plugins.d/audisp-hunt.conf \
		$(D)$(SYSCONFDIR)/rsyslog.d/40-audisp-hunt.conf \
		$(D)$(PREFIX)/lib/tmpfiles.d/audisp-hunt.conf \
		$(addprefix $(D)$(MANDIR)/man5/,$(notdir $(wildcard man/*.5))) \
		$(addprefix $(D)$(MANDIR)/man7/,$(notdir $(wildcard man/*.7))) \
		$(addprefix $(D)$(MANDIR)/man8/,$(notdir $(wildcard man/*.8)))

dist:
	git archive --prefix=audisp-hunt-$(VERSION)/ HEAD | \
		xz > audisp-hunt-$(VERSION).tar.xz

clean:
	rm -rf build build-*

-include $(shell find $(B) -name '*.d' 2>/dev/null)
