// SPDX-License-Identifier: GPL-3.0-or-later
#include "address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

struct net {
	unsigned char prefix[16];
	unsigned int bits;
	const char *name;
};

/* RFC 6890 and later; the first that matches counts. */
static const struct net nets4[] = {
	{ { 127 }, 8, "loopback" },
	{ { 10 }, 8, "private" },
	{ { 172, 16 }, 12, "private" },
	{ { 192, 168 }, 16, "private" },
	{ { 100, 64 }, 10, "shared" },
	{ { 169, 254 }, 16, "link_local" },
	{ { 192, 0, 2 }, 24, "documentation" },
	{ { 198, 51, 100 }, 24, "documentation" },
	{ { 203, 0, 113 }, 24, "documentation" },
	{ { 192, 0, 0 }, 24, "reserved" },
	{ { 198, 18 }, 15, "reserved" },
	{ { 0 }, 8, "reserved" },
	{ { 224 }, 4, "multicast" },
	{ { 240 }, 4, "reserved" },
};

static const struct net nets6[] = {
	{ { [15] = 1 }, 128, "loopback" },
	{ { 0xfc }, 7, "private" },
	{ { 0xfe, 0x80 }, 10, "link_local" },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, "documentation" },
	{ { 0x3f, 0xff }, 20, "documentation" },
	{ { 0xff }, 8, "multicast" },
	{ { 0x20, 0x01 }, 23, "reserved" }, /* Teredo, benchmarks and so on */
	{ { 0x20 }, 3, "public" },
};

/* IPv6 addresses that stand for an IPv4 one, and where that is in them:
 * mapped, of NAT64, of 6to4. */
static const struct {
	struct net net;
	size_t at;
} nets46[] = {
	{ { { [10] = 0xff, [11] = 0xff }, 96, NULL }, 12 },
	{ { { 0x00, 0x64, 0xff, 0x9b }, 96, NULL }, 12 },
	{ { { 0x20, 0x02 }, 16, NULL }, 2 },
};

static bool is_in(const unsigned char *address, const struct net *net)
{
	unsigned int whole = net->bits / 8, rest = net->bits % 8;

	return !memcmp(address, net->prefix, whole) &&
	       (!rest ||
		       !((address[whole] ^ net->prefix[whole]) >> (8 - rest)));
}

static const char *class4(const unsigned char *address)
{
	for (size_t i = 0; i < sizeof(nets4) / sizeof(nets4[0]); i++)
		if (is_in(address, &nets4[i]))
			return nets4[i].name;
	return "public";
}

static const char *class6(const unsigned char *address)
{
	for (size_t i = 0; i < sizeof(nets46) / sizeof(nets46[0]); i++)
		if (is_in(address, &nets46[i].net))
			return class4(address + nets46[i].at);
	for (size_t i = 0; i < sizeof(nets6) / sizeof(nets6[0]); i++)
		if (is_in(address, &nets6[i]))
			return nets6[i].name;
	return "reserved";
}

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

bool address_is_ipv4(const unsigned char address[16])
{
	return !memcmp(address, mapped, sizeof(mapped));
}

bool address_parse(struct bytes b, unsigned char to[16])
{
	char text[INET6_ADDRSTRLEN];

	if (!b.len || b.len >= sizeof(text) || memchr(b.p, '\0', b.len))
		return false;
	memcpy(text, b.p, b.len);
	text[b.len] = '\0';
	if (inet_pton(AF_INET6, text, to) == 1)
		return true;
	memcpy(to, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, to + sizeof(mapped)) == 1;
}

void address_text(const unsigned char address[16], char to[ADDRESS_MAX])
{
	bool is_ipv4 = address_is_ipv4(address);

	(void)!inet_ntop(is_ipv4 ? AF_INET : AF_INET6,
		address + (is_ipv4 ? sizeof(mapped) : 0), to, ADDRESS_MAX);
}

const char *address_class(struct bytes b)
{
	const char *zone = b.len ? memchr(b.p, '%', b.len) : NULL;
	unsigned char address[16];

	if (zone)
		b.len = (size_t)(zone - b.p);
	if (!address_parse(b, address) || (zone && address_is_ipv4(address)))
		return NULL;
	return class6(address);
}

bool address_is(struct bytes b, const char *class_name)
{
	const char *name = address_class(b);

	return name && !strcmp(name, class_name);
}
