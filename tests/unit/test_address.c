// SPDX-License-Identifier: GPL-3.0-or-later
#include "address.h"
#include "check.h"

/* The first and last of each net, and their neighbours outside. */
static const struct row {
	const char *address, *name; /* NULL: it is no address */
} rows[] = {
	{ "0.0.0.0", "reserved" },
	{ "1.0.0.0", "public" },
	{ "9.255.255.255", "public" },
	{ "10.0.0.0", "private" },
	{ "10.255.255.255", "private" },
	{ "11.0.0.0", "public" },
	{ "100.63.255.255", "public" },
	{ "100.64.0.0", "shared" },
	{ "100.127.255.255", "shared" },
	{ "100.128.0.0", "public" },
	{ "127.0.0.66", "loopback" },
	{ "128.0.0.1", "public" },
	{ "169.253.255.255", "public" },
	{ "169.254.169.254", "link_local" },
	{ "172.15.255.255", "public" },
	{ "172.16.0.0", "private" },
	{ "172.31.255.255", "private" },
	{ "172.32.0.0", "public" },
	{ "192.0.0.8", "reserved" },
	{ "192.0.1.0", "public" },
	{ "192.0.2.255", "documentation" },
	{ "192.168.0.1", "private" },
	{ "192.169.0.0", "public" },
	{ "198.17.255.255", "public" },
	{ "198.19.255.255", "reserved" },
	{ "198.51.100.1", "documentation" },
	{ "203.0.113.1", "documentation" },
	{ "203.0.114.1", "public" },
	{ "223.255.255.255", "public" },
	{ "224.0.0.1", "multicast" },
	{ "240.0.0.1", "reserved" },
	{ "255.255.255.255", "reserved" },
	{ "::", "reserved" },
	{ "::1", "loopback" },
	{ "::2", "reserved" },
	{ "fbff::1", "reserved" },
	{ "fc00::1", "private" },
	{ "fdff::1", "private" },
	{ "fe7f::1", "reserved" },
	{ "fe80::1", "link_local" },
	{ "fe80::1%eth0", "link_local" },
	{ "febf::1", "link_local" },
	{ "fec0::1", "reserved" },
	{ "ff02::1", "multicast" },
	{ "2000::1", "public" },
	{ "2001::1", "reserved" },
	{ "2001:1ff::1", "reserved" },
	{ "2001:200::1", "public" },
	{ "2001:db7::1", "public" },
	{ "2001:db8::1", "documentation" },
	{ "2001:db9::1", "public" },
	{ "3fff:fff::1", "documentation" },
	{ "3fff:1000::1", "public" },
	{ "4000::1", "reserved" },
	/* What they stand for. */
	{ "::ffff:10.0.0.1", "private" },
	{ "::ffff:1.1.1.1", "public" },
	{ "64:ff9b::127.0.0.1", "loopback" },
	{ "64:ff9b::1.1.1.1", "public" },
	{ "2002:0a00:0001::", "private" },
	{ "2002:0101:0101::", "public" },
	{ "", NULL },
	{ "1.2.3", NULL },
	{ "1.2.3.4 ", NULL },
	{ "1.2.3.4%eth0", NULL },
	{ "a.example", NULL },
	{ ":::", NULL },
};

static void check_text(const char *address, const char *want)
{
	unsigned char a[16];
	char text[ADDRESS_MAX];

	check_start("text of %s", address);
	if (!CHECK(address_parse(bytes_of(address), a)))
		return;
	address_text(a, text);
	CHECK_Z(bytes_of(text), want);
}

int main(void)
{
	check.module = "address";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = bytes_of(rows[i].address);

		check_start("%s", rows[i].address);
		CHECK_Z(bytes_of(address_class(b)), rows[i].name);
		CHECK_EQ(address_is(b, "public"),
			rows[i].name && !strcmp(rows[i].name, "public"));
	}
	check_text("192.0.2.1", "192.0.2.1");
	check_text("::ffff:192.0.2.1", "192.0.2.1");
	check_text("2001:DB8:0:0:0:0:0:1", "2001:db8::1");
	check_text("::", "::");
	check_start("with a NUL");
	CHECK(!address_class(BYTES("1.2.3.4\0")));
	return check_end();
}
