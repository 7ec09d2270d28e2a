// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>

#include "str.h"

/* Longest IPv6 address as text, with a zone. */
#define ADDRESS_MAX 64

/* 128 bits of an address without a zone; IPv4's stand in ::ffff:0:0/96. False:
 * b is no address. */
bool address_parse(struct bytes b, unsigned char to[16]);
bool address_is_ipv4(const unsigned char address[16]);
/* As text, with its NUL. */
void address_text(const unsigned char address[16], char to[ADDRESS_MAX]);

/*
 * What an address is, by IANA's special-purpose registries: "loopback",
 * "private", "shared" (100.64.0.0/10), "link_local", "documentation",
 * "multicast", "reserved" (unspecified, benchmarks, the rest that nobody may
 * have), else "public". An IPv4 address inside an IPv6 one is what it is by
 * itself. NULL: b is no address.
 */
const char *address_class(struct bytes b);
bool address_is(struct bytes b, const char *class_name);

#endif
