// SPDX-License-Identifier: GPL-3.0-or-later
#include "saddr.h"

#include <stdio.h>
#include <string.h>

#include "address.h"
#include "record.h"
#include "text.h"

/* The same numbers on every architecture (linux/socket.h). */
#define AF_UNIX_NUMBER    1
#define AF_INET_NUMBER    2
#define AF_INET6_NUMBER   10
#define AF_NETLINK_NUMBER 16
#define AF_VSOCK_NUMBER   40

/* struct sockaddr_storage */
#define RAW_MAX 128
/* Where the fields are, and what the kernel takes at least. */
#define PORT_AT    2
#define INET_AT    4
#define INET_LEN   8
#define INET6_AT   8
#define INET6_LEN  24
#define UNIX_AT    2
#define VSOCK_PORT 4
#define VSOCK_CID  8
#define VSOCK_LEN  12

struct raw {
	unsigned char p[RAW_MAX];
	size_t len;
	bool is_little;
};

const char *saddr_family_name(enum saddr_family family)
{
	static const char *const names[] = { [SADDR_INET] = "inet",
		[SADDR_INET6] = "inet6",
		[SADDR_UNIX] = "unix",
		[SADDR_VSOCK] = "vsock",
		[SADDR_OTHER] = NULL };

	return names[family];
}

static uint32_t own_order(const struct raw *r, size_t at, size_t n)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		v |= (uint32_t)r->p[at + i]
		     << 8 * (r->is_little ? i : n - 1 - i);
	return v;
}

static enum saddr_family family_of(const struct raw *r)
{
	if (r->len < 2)
		return SADDR_NONE;
	switch (own_order(r, 0, 2)) {
	case AF_UNIX_NUMBER:
		return SADDR_UNIX;
	case AF_INET_NUMBER:
		return r->len < INET_LEN ? SADDR_NONE : SADDR_INET;
	case AF_INET6_NUMBER:
		return r->len < INET6_LEN ? SADDR_NONE : SADDR_INET6;
	case AF_NETLINK_NUMBER:
		return SADDR_NETLINK;
	case AF_VSOCK_NUMBER:
		return r->len < VSOCK_LEN ? SADDR_NONE : SADDR_VSOCK;
	}
	return SADDR_OTHER;
}

static void unpack(struct raw *r, struct bytes body, bool is_little)
{
	struct bytes hex = record_field(body, BYTES("saddr"));

	r->is_little = is_little;
	r->len = 0;
	if (hex.len / 2 > RAW_MAX || hex.len % 2)
		return;
	if (text_unhex(hex.p, hex.len, (char *)r->p) == 0)
		r->len = hex.len / 2;
}

static void read_inet(struct saddr *to, const struct raw *r)
{
	memset(to->address, 0, 10);
	memset(to->address + 10, 0xff, 2);
	memcpy(to->address + 12, r->p + INET_AT, 4);
}

static void read_ip(struct saddr *to, const struct raw *r)
{
	char text[ADDRESS_MAX];

	if (to->family == SADDR_INET)
		read_inet(to, r);
	else
		memcpy(to->address, r->p + INET6_AT, sizeof(to->address));
	to->has_port = true;
	to->port = (uint32_t)r->p[PORT_AT] << 8 | r->p[PORT_AT + 1];
	address_text(to->address, text);
	to->len = strlen(text);
	memcpy(to->text, text, to->len);
}

/* Behind the NUL of a path the kernel shows what lay on the stack; a name that
 * begins with one is abstract, and ends with the address. */
static void read_unix(struct saddr *to, const struct raw *r)
{
	const unsigned char *path = r->p + UNIX_AT;
	size_t len = r->len - UNIX_AT;

	if (len > SADDR_TEXT_MAX)
		len = SADDR_TEXT_MAX;
	if (len && path[0]) {
		const unsigned char *nul = memchr(path, '\0', len);

		to->len = nul ? (size_t)(nul - path) : len;
		memcpy(to->text, path, to->len);
		return;
	}
	while (len && !path[len - 1])
		len--;
	for (size_t i = 0; i < len; i++)
		to->text[i] = path[i] ? (char)path[i] : '@';
	to->len = len;
}

static void read_vsock(struct saddr *to, const struct raw *r)
{
	char text[16];

	to->has_port = true;
	to->port = own_order(r, VSOCK_PORT, 4);
	to->cid = own_order(r, VSOCK_CID, 4);
	(void)snprintf(text, sizeof(text), "%lu", (unsigned long)to->cid);
	to->len = strlen(text);
	memcpy(to->text, text, to->len);
}

enum saddr_family saddr_family(struct bytes body, bool is_little)
{
	struct raw r;

	unpack(&r, body, is_little);
	return family_of(&r);
}

void saddr_read(struct bytes body, bool is_little, struct saddr *to)
{
	struct raw r;

	unpack(&r, body, is_little);
	*to = (struct saddr){ .family = family_of(&r) };
	switch (to->family) {
	case SADDR_INET:
	case SADDR_INET6:
		read_ip(to, &r);
		return;
	case SADDR_UNIX:
		read_unix(to, &r);
		return;
	case SADDR_VSOCK:
		read_vsock(to, &r);
		return;
	default:
		return;
	}
}
