// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SADDR_H
#define SADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/* A socket's address as SOCKADDR has it: saddr= is the kernel's struct
 * sockaddr_storage in hex, of as many bytes as the caller gave. Ports and
 * addresses stand there in network order, the family and all of vsock in that
 * of the machine. */

enum saddr_family {
	SADDR_NONE, /* damaged, or too short for its family */
	SADDR_INET,
	SADDR_INET6,
	SADDR_UNIX,
	SADDR_VSOCK,
	SADDR_NETLINK,
	SADDR_OTHER
};

/* A path in sun_path, which has no NUL where it is full. */
#define SADDR_TEXT_MAX 108

struct saddr {
	enum saddr_family family;
	bool has_port;
	uint32_t port, cid; /* cid: of vsock */
	/* Of inet and inet6, as address_parse gives it: IPv4 that is mapped
	 * into IPv6 is that IPv4 address. */
	unsigned char address[16];
	/* "192.0.2.1", "2001:db8::1"; of unix the path, or @ and the abstract
	 * name, in which NULs are @; of vsock its cid. 0: it has none. */
	size_t len;
	char text[SADDR_TEXT_MAX];
};

/* "inet"; NULL for those without an address that is told. */
const char *saddr_family_name(enum saddr_family family);
/* Of a SOCKADDR record's body. is_little: the byte order of the machine, by
 * arch=. */
void saddr_read(struct bytes body, bool is_little, struct saddr *to);
/* The same without the rest. */
enum saddr_family saddr_family(struct bytes body, bool is_little);

#endif
