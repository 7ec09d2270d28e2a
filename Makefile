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

PACKAGES_LIB    := nettle
PACKAGES_PLUGIN := auparse audit libevent_core libcjson zlib liblzma

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
	-DCONFIG_FILE='"$(SYSCONFDIR)/audisp-hunt/audisp-hunt.conf"' \
	$(CPPFLAGS)
override CFLAGS := -std=c11 $(WARNINGS) $(HARDEN) $(SANITIZE) -MMD -MP $(CFLAGS)
override LDFLAGS := $(HARDEN_LD) $(SANITIZE) $(LDFLAGS)
LIBS_LIB    = $(shell $(PKGCONFIG) --libs $(PACKAGES_LIB))
LIBS_PLUGIN = $(shell $(PKGCONFIG) --libs $(PACKAGES_PLUGIN)) $(LIBS_LIB)

obj = $(patsubst %.c,$(B)/%.o,$(1))

# A new decoder, scorer, format or view is a file; no edit here.
LIB    := $(call obj,$(wildcard lib/*.c lib/*/*.c))
DAEMON := $(call obj,plugin/main.c plugin/engine.c)
TOOL   := $(call obj,plugin/auhunt.c $(wildcard plugin/views/*.c))
BOTH   := $(filter-out $(DAEMON) $(TOOL),$(call obj,$(wildcard plugin/*.c)))
UNIT   := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*.c))
BENCH  := $(addprefix $(B)/tests/bench/,gen floor pace)

V ?= 0
Q  = $(if $(filter 1,$(V)),,@)

.DELETE_ON_ERROR:
.PHONY: all check lint format demo bench golden install uninstall dist clean deps

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

bench: all $(BENCH)
	BUILD=$(B) tests/bench/run

-include $(shell find $(B) -name '*.d' 2>/dev/null)
