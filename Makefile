# SPDX-License-Identifier: GPL-3.0-or-later
# make demo | check | all | install; see README.

VERSION   := 0.1.0
PREFIX    ?= /usr
SBINDIR   ?= $(PREFIX)/sbin
MANDIR    ?= $(PREFIX)/share/man
SYSCONFDIR ?= /etc
LOCALSTATEDIR ?= /var
CC        ?= cc
AR        ?= ar
PKGCONFIG ?= pkg-config

B := build$(if $(SAN),-$(SAN))

PACKAGES_LIB    := nettle libpsl libpcre2-8 zlib liblzma libzstd
PACKAGES_PLUGIN := auparse audit libevent_core libcjson sqlite3 libmaxminddb
PACKAGES_DAEMON := libseccomp
PACKAGES_ASK    := libcurl

WARNINGS := -Wall -Wextra -Wshadow -Wformat=2 -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wconversion -Wundef -Wvla \
	-Wno-psabi $(if $(CI),-Werror)
HARDEN := -fstack-protector-strong -fPIE -fno-strict-aliasing \
	$(if $(SAN),,-D_FORTIFY_SOURCE=2)
HARDEN_LD := -pie -Wl,-z,relro -Wl,-z,now
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer)

# GCC for x86 clears and copies a struct by an instruction that repeats a store,
# and that takes longer to begin than vectors take for all of it.
BY_VECTORS := vector_loop:512:noalign,libcall:-1:noalign
TUNE := -mmemset-strategy=$(BY_VECTORS) -mmemcpy-strategy=$(BY_VECTORS)
TUNE := $(shell $(CC) $(TUNE) -x c -c -o /dev/null /dev/null 2>/dev/null && \
	echo '$(TUNE)')

# CFLAGS is the user's: it comes last, and may be empty.
CFLAGS ?= -O3 -g
# Audit logs grow over 2 GiB, where off_t has 32 bits, too.
override CPPFLAGS := -Ilib -Iplugin -D_GNU_SOURCE \
	-D_FILE_OFFSET_BITS=64 -DVERSION='"$(VERSION)"' \
	-DSYSCONFDIR='"$(SYSCONFDIR)"' -DLOCALSTATEDIR='"$(LOCALSTATEDIR)"' \
	$(CPPFLAGS)
override CFLAGS := -std=c11 $(WARNINGS) $(HARDEN) $(SANITIZE) $(TUNE) -MMD -MP \
	$(CFLAGS)
override LDFLAGS := $(HARDEN_LD) $(SANITIZE) $(LDFLAGS)
# bzip2 has no .pc file on Debian 12.
LIBS_LIB    = $(shell $(PKGCONFIG) --libs $(PACKAGES_LIB)) -lbz2
LIBS_DAEMON = $(shell $(PKGCONFIG) --libs $(PACKAGES_DAEMON))
LIBS_ASK    = $(shell $(PKGCONFIG) --libs $(PACKAGES_ASK))
LIBS_PLUGIN = $(shell $(PKGCONFIG) --libs $(PACKAGES_PLUGIN)) $(LIBS_LIB)

obj = $(patsubst %.c,$(B)/%.o,$(1))

# A new decoder, scorer, format or view is a file; no edit here.
LIB    := $(call obj,$(wildcard lib/*.c lib/*/*.c)) \
	$(B)/lib/redact_shipped.o
DAEMON := $(call obj,plugin/main.c plugin/engine.c plugin/engine_reload.c plugin/front.c \
	plugin/supervise.c plugin/keeper.c plugin/keeping.c plugin/listener.c plugin/source.c plugin/input.c plugin/relief.c plugin/priv.c plugin/priv_filter.c)
TOOL   := $(call obj,plugin/auhunt.c plugin/auhunt_options.c plugin/rank.c plugin/tree.c plugin/kernel.c plugin/daemon.c \
	$(wildcard plugin/survey*.c) plugin/view_json.c plugin/view_session.c \
	plugin/view_session_alerts.c plugin/view_process.c plugin/view_form.c plugin/view_rows.c plugin/view_alert.c \
	$(wildcard plugin/views/*.c))
# Who asks providers: libcurl and what it needs stay out of the daemon.
ASK    := $(call obj,plugin/http.c plugin/lookup.c)
INTEL  := $(call obj,plugin/intel_main.c plugin/answering.c \
	plugin/fetch.c plugin/fetch_take.c)
BOTH   := $(filter-out $(DAEMON) $(TOOL) $(ASK) $(INTEL),$(call obj,$(wildcard plugin/*.c) \
	$(wildcard plugin/providers/*.c plugin/lists/*.c)))
UNIT   := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*.c))
FUZZ   := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/*.c))
BENCH  := $(addprefix $(B)/tests/bench/,gen floor pace lists)
FAULTS := $(addprefix $(B)/tests/faults/,dispatcher waker crasher \
	faulty unlucky)

, := ,
V ?= 0
Q  = $(if $(filter 1,$(V)),,@)

.DELETE_ON_ERROR:
.PHONY: all check check-valgrind check-memory check-foreign analyze faults \
	soak unit lint format demo bench \
	fuzz fuzzers golden install uninstall dist clean deps need-build \
	need-test need-fuzz need-foreign own-rows

all: $(B)/audisp-hunt $(B)/audisp-hunt-intel $(B)/auhunt

$(B)/libhunt.a: $(LIB)
	$(Q)rm -f $@; $(AR) rcs $@ $^

# Of the adapters each program takes what it needs, which links tests fast.
$(B)/libplugin.a: $(BOTH)
	$(Q)rm -f $@; $(AR) rcs $@ $^

linked = $(filter %.o,$^) $(filter %.a,$^)
LIBS_OWN := $(B)/libplugin.a $(B)/libhunt.a

$(B)/audisp-hunt: $(DAEMON) $(LIBS_OWN)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(linked) $(LIBS_PLUGIN) $(LIBS_DAEMON)

$(B)/auhunt: $(TOOL) $(ASK) $(LIBS_OWN)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(linked) $(LIBS_PLUGIN) $(LIBS_ASK)

$(B)/audisp-hunt-intel: $(INTEL) $(ASK) $(LIBS_OWN) \
		$(call obj,plugin/listener.c plugin/priv.c plugin/priv_filter.c)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(linked) $(LIBS_PLUGIN) $(LIBS_ASK) \
		$(LIBS_DAEMON)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(LIBS_OWN)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(linked) $(LIBS_PLUGIN)

# What libraries write, told to MemorySanitizer.
OUTSIDE := $(if $(filter memory,$(SAN)),$(shell \
	sed -n 's/^WRAP.[^,]*, \([^,]*\),.*/\1/p' tests/lib/outside.c))
$(UNIT): $(if $(OUTSIDE),$(B)/tests/lib/outside.o)
$(UNIT): override LDFLAGS += $(addprefix -Wl$(,)--wrap=,$(OUTSIDE))

$(B)/tests/unit/test_priv: $(call obj,plugin/priv.c plugin/priv_filter.c)
$(B)/tests/unit/test_priv: LIBS_PLUGIN += $(LIBS_DAEMON)

$(B)/tests/faults/dispatcher: $(call obj,tests/faults/dispatcher.c tests/faults/watch.c)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lpthread

$(B)/tests/faults/waker: $(call obj,tests/faults/waker.c)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The daemon, in which some input ends two stages.
$(B)/tests/faults/crasher: $(DAEMON) $(call obj,tests/faults/crash.c) \
		$(LIBS_OWN)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=decode_run \
		-Wl,--wrap=record_parse -o $@ $(linked) $(LIBS_PLUGIN) $(LIBS_DAEMON)

# The daemon, whose disk fails when it is told to.
# Under the names that glibc has for files of any size.
DISK := openat64 pwrite64 pread64 ftruncate64 unlinkat
$(B)/tests/faults/faulty: $(DAEMON) $(call obj,tests/faults/disk.c) \
		$(LIBS_OWN)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(addprefix -Wl$(,)--wrap=,$(DISK)) \
		-o $@ $(linked) $(LIBS_PLUGIN) $(LIBS_DAEMON)

# The daemon, which has no luck when it is told so.
LUCK := recv read send write pwrite64 pread64 ppoll
$(B)/tests/faults/unlucky: $(DAEMON) $(call obj,tests/faults/luck.c) \
		$(LIBS_OWN)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(addprefix -Wl$(,)--wrap=,$(LUCK)) \
		-o $@ $(linked) $(LIBS_PLUGIN) $(LIBS_DAEMON)

$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(LIBS_OWN)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $(linked) $(LIBS_PLUGIN)

$(B)/tests/bench/gen: $(call obj,tests/bench/stream.c tests/bench/words.c)
$(B)/tests/bench/lists: $(B)/tests/bench/lists.o $(LIBS_OWN)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_PLUGIN)

$(B)/tests/bench/%: $(B)/tests/bench/%.o
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lauparse -laudit

# The rows of redaction are in the program, too: without a file of them it
# masks by these.
$(B)/lib/redact_shipped.c: conf/hunt.d/redact.conf Makefile
	$(Q)mkdir -p $(@D)
	$(Q){ echo '#include "redact.h"'; \
	echo 'const char redact_shipped[] ='; \
	sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $<; echo ';'; } > $@

$(B)/lib/redact_shipped.o: $(B)/lib/redact_shipped.c
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/%.o: %.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- what a person runs -----------------------------------------------------

SUITES := $(if $(SAN),unit golden props survey notebook rows intel,lint unit golden props survey cases \
	notebook rows intel live faults)
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
	$(Q)$(MAKE) --no-print-directory all unit \
		$(if $(filter faults intel,$(SUITE)),$(FAULTS))
	$(Q)BUILD=$(B) tests/run $(SUITE)

unit: $(UNIT)

# The long form of the suite; TARGET="kills idle" for some cases.
faults: need-test
	$(Q)$(MAKE) --no-print-directory all $(FAULTS)
	$(Q)BUILD=$(B) LONG=1 tests/faults/run $(TARGET)

# Two hours of mixed load; SOAK_S=600 seconds instead.
soak: need-test
	$(Q)$(MAKE) --no-print-directory all $(FAULTS)
	$(Q)BUILD=$(B) SOAK_S=$(SOAK_S) tests/soak/run

# The analyser loses sight of what is kept in tables (leaks are the sanitizers'
# and valgrind's to find), and takes a vector for its element.
analyze: need-build
	$(Q)$(MAKE) --no-print-directory B=build-analyze CC=gcc \
		CFLAGS="-O2 -fanalyzer -Wno-analyzer-malloc-leak \
		-Wno-analyzer-shift-count-overflow -Werror" all

# Times mean nothing there, so the tests that take them are left out.
check-valgrind: need-test
	$(Q)$(MAKE) --no-print-directory all unit
	@command -v valgrind >/dev/null || \
	{ $(call INSTALL_DEPS,valgrind,valgrind); }
	$(Q)BUILD=$(B) UNDER="valgrind -q --error-exitcode=99 \
		--leak-check=full --errors-for-leak-kinds=definite" tests/unit/run

# By MemorySanitizer, which only clang has.
check-memory: need-test
	-$(Q)$(MAKE) --no-print-directory need-fuzz
	$(Q)$(MAKE) --no-print-directory B=build-memory CC=$(FUZZ_CC) \
		SAN=memory unit
	$(Q)BUILD=build-memory tests/unit/run

# On i386 and s390x: 32 bits, and big-endian.
check-foreign: need-test
	-$(Q)$(MAKE) --no-print-directory need-foreign
	$(Q)tests/foreign/run $(TARGET)

lint: need-test
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BUILD=$(B) tests/run lint

bench: need-build
	$(Q)$(MAKE) --no-print-directory all $(BENCH)
	$(Q)BUILD=$(B) tests/bench/run

# RUNS=1000000 inputs each, or SECONDS_EACH; SEED=1 for the same ones each time;
# TARGET="ioc shell" for some.
fuzz: need-build
	-$(Q)$(MAKE) --no-print-directory need-fuzz
	$(Q)! { $(HAS_FUZZER); } || $(MAKE) --no-print-directory B=build-fuzz \
		CC=$(FUZZ_CC) SAN=address,undefined,fuzzer-no-link fuzzers
	$(Q)BUILD=build-fuzz RUNS=$(RUNS) SECONDS_EACH=$(SECONDS_EACH) \
		SEED=$(SEED) JOBS=$(JOBS) tests/fuzz/run $(TARGET)

.SECONDARY: $(FUZZ:=.o)
fuzzers: $(FUZZ)

# Writes what the golden cases now give; read the difference before committing.
golden: all
	$(Q)BUILD=$(B) tests/golden/run --write

format:
	clang-format -i $(wildcard lib/*.[ch] lib/*/*.[ch] plugin/*.[ch] \
		plugin/*/*.[ch] tests/unit/*.[ch] tests/bench/*.[ch] \
		tests/fuzz/*.[ch])

# --- what has to be there ---------------------------------------------------

DEPS_APT := gcc make pkg-config libauparse-dev libaudit-dev libevent-dev \
	libcjson-dev libsqlite3-dev libcurl4-openssl-dev libseccomp-dev nettle-dev libpsl-dev \
	libpcre2-dev zlib1g-dev liblzma-dev libzstd-dev libbz2-dev \
	libmaxminddb-dev libc6-dev
DEPS_DNF := gcc make pkgconf-pkg-config audit-libs-devel libevent-devel \
	cjson-devel sqlite-devel libcurl-devel libseccomp-devel nettle-devel libpsl-devel \
	pcre2-devel zlib-devel xz-devel libzstd-devel bzip2-devel \
	libmaxminddb-devel glibc-devel
TESTS_APT := python3 auditd rsyslog mandoc xz-utils procps nginx-light \
	openssl openssh-client openssh-server sudo cron
TESTS_DNF := python3 audit rsyslog mandoc xz procps-ng nginx openssl \
	openssh-clients openssh-server sudo cronie

FUZZ_CC  ?= clang
FUZZ_APT := python3 clang libclang-rt-dev
FUZZ_DNF := python3 clang compiler-rt

FOREIGN_APT := gcc-i686-linux-gnu gcc-s390x-linux-gnu qemu-user
FOREIGN_DNF := gcc-s390x-linux-gnu qemu-user

deps: need-build need-test

INSTALL_DEPS = set -e; echo "installing: $(1)"; \
	if command -v apt-get >/dev/null; then apt-get -q update && \
	DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	--no-install-recommends install $(1); \
	elif command -v dnf >/dev/null; then dnf -y install $(2); \
	else echo "neither apt-get nor dnf here" >&2; exit 1; fi

# Root unpacks archives with the group's right to write, and rows that others
# may write are refused.
own-rows:
	@chmod go-w conf/hunt.d conf/hunt.d/*

need-build: own-rows
	@command -v $(CC) $(PKGCONFIG) >/dev/null && \
	$(PKGCONFIG) --exists $(PACKAGES_LIB) $(PACKAGES_PLUGIN) \
	$(PACKAGES_DAEMON) $(PACKAGES_ASK) && \
	echo '#include <bzlib.h>' | $(CC) -E - >/dev/null 2>&1 || \
	{ $(call INSTALL_DEPS,$(DEPS_APT),$(DEPS_DNF)); }

need-test: need-build
	@ok=1; for t in python3 auditd rsyslogd mandoc xz ps nginx \
	openssl ssh sshd sudo crontab; do \
	PATH=$$PATH:/usr/sbin:/sbin command -v $$t >/dev/null || ok=0; done; \
	[ $$ok = 1 ] || { $(call INSTALL_DEPS,$(TESTS_APT),$(TESTS_DNF)); }

# libFuzzer comes with clang's run-time libraries.
HAS_FUZZER = command -v python3 >/dev/null && \
	echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) \
	{ return 0; }' | $(FUZZ_CC) -fsanitize=fuzzer,address,undefined -x c \
	-o /dev/null - 2>/dev/null

need-fuzz: need-build
	@$(HAS_FUZZER) || { $(call INSTALL_DEPS,$(FUZZ_APT),$(FUZZ_DNF)); }

HAS_FOREIGN = command -v i686-linux-gnu-gcc s390x-linux-gnu-gcc qemu-s390x \
	>/dev/null
need-foreign:
	@$(HAS_FOREIGN) || { $(call INSTALL_DEPS,$(FOREIGN_APT),$(FOREIGN_DNF)); }

# --- where things go --------------------------------------------------------

D := $(DESTDIR)

install: all
	install -d $(D)$(SBINDIR) $(D)$(SYSCONFDIR)/audisp-hunt \
		$(D)$(SYSCONFDIR)/audit/plugins.d \
		$(D)$(SYSCONFDIR)/audit/rules.d $(D)$(SYSCONFDIR)/rsyslog.d \
		$(D)$(PREFIX)/lib/tmpfiles.d $(D)$(PREFIX)/lib/sysusers.d \
		$(D)$(MANDIR)/man5 \
		$(D)$(MANDIR)/man7 $(D)$(MANDIR)/man8
	install -m 755 $(B)/audisp-hunt $(B)/audisp-hunt-intel $(B)/auhunt \
		$(D)$(SBINDIR)
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
	install -m 644 conf/rsyslog/*.conf $(D)$(SYSCONFDIR)/rsyslog.d
	install -m 644 systemd/audisp-hunt.tmpfiles \
		$(D)$(PREFIX)/lib/tmpfiles.d/audisp-hunt.conf
	install -d $(D)$(PREFIX)/lib/systemd/system
	for unit in canary intel socket; do \
		sed 's|/usr/sbin|$(SBINDIR)|' \
		systemd/audisp-hunt-$$unit.service > \
		$(D)$(PREFIX)/lib/systemd/system/audisp-hunt-$$unit.service \
		|| exit 1; done
	install -m 644 systemd/audisp-hunt-canary.timer \
		systemd/audisp-hunt-intel.socket \
		$(D)$(PREFIX)/lib/systemd/system
	install -d $(D)$(PREFIX)/lib/systemd/system/auditd.service.d
	install -m 644 systemd/auditd.service.conf \
		$(D)$(PREFIX)/lib/systemd/system/auditd.service.d/audisp-hunt.conf
	install -m 644 systemd/audisp-hunt.sysusers \
		$(D)$(PREFIX)/lib/sysusers.d/audisp-hunt.conf
	install -m 644 man/*.5 $(D)$(MANDIR)/man5
	install -m 644 man/*.7 $(D)$(MANDIR)/man7
	install -m 644 man/*.8 $(D)$(MANDIR)/man8

# The configuration and the rules may be the operator's by now: they stay.
uninstall:
	rm -f $(D)$(SBINDIR)/audisp-hunt $(D)$(SBINDIR)/auhunt \
		$(D)$(SBINDIR)/audisp-hunt-intel \
		$(D)$(SYSCONFDIR)/audit/plugins.d/audisp-hunt.conf \
		$(D)$(SYSCONFDIR)/rsyslog.d/05-audisp-hunt.conf \
		$(D)$(SYSCONFDIR)/rsyslog.d/40-audisp-hunt.conf \
		$(D)$(PREFIX)/lib/tmpfiles.d/audisp-hunt.conf \
		$(D)$(PREFIX)/lib/sysusers.d/audisp-hunt.conf \
		$(D)$(PREFIX)/lib/systemd/system/audisp-hunt-socket.service \
		$(D)$(PREFIX)/lib/systemd/system/auditd.service.d/audisp-hunt.conf \
		$(D)$(PREFIX)/lib/systemd/system/audisp-hunt-canary.service \
		$(D)$(PREFIX)/lib/systemd/system/audisp-hunt-canary.timer \
		$(D)$(PREFIX)/lib/systemd/system/audisp-hunt-intel.service \
		$(D)$(PREFIX)/lib/systemd/system/audisp-hunt-intel.socket \
		$(addprefix $(D)$(MANDIR)/man5/,$(notdir $(wildcard man/*.5))) \
		$(addprefix $(D)$(MANDIR)/man7/,$(notdir $(wildcard man/*.7))) \
		$(addprefix $(D)$(MANDIR)/man8/,$(notdir $(wildcard man/*.8)))

dist:
	git archive --prefix=audisp-hunt-$(VERSION)/ HEAD | \
		xz > audisp-hunt-$(VERSION).tar.xz

clean:
	rm -rf build build-*

-include $(shell find $(B) -name '*.d' 2>/dev/null)
