// SPDX-License-Identifier: GPL-3.0-or-later
#include "saddr.h"

#include "check.h"
#include "syscalls.h"

#define LITTLE 0xc000003e /* x86_64 */
#define BIG    0x80000016 /* s390x */

/* As kernels wrote them; what is behind a path lay on the stack. */
static const struct row {
	const char *name;
	uint32_t arch;
	const char *body, *family, *text; /* NULL: none */
	long port; /* -1: it has none */
} rows[] = {
	{ "inet", LITTLE, "saddr=02001F907F0000420000000000000000", "inet",
		"127.0.0.66", 8080 },
	{ "port", LITTLE, "saddr=020001BBC0000201", "inet", "192.0.2.1", 443 },
	{ "inet big-endian", BIG, "saddr=000201BBC0000201", "inet", "192.0.2.1",
		443 },
	{ "inet short", LITTLE, "saddr=020001BBC00002", NULL, NULL, -1 },
	{ "inet6", LITTLE,
		"saddr=0A00B9AD00000000000000000000000000000000000000010000000"
		"0",
		"inet6", "::1", 47533 },
	{ "inet6 without a scope", LITTLE,
		"saddr=0A0000500000000020010DB8000000000000000000000001",
		"inet6", "2001:db8::1", 80 },
	{ "inet6 short", LITTLE,
		"saddr=0A0000500000000020010DB80000000000000000000000", NULL,
		NULL, -1 },
	{ "inet6 big-endian", BIG,
		"saddr=000A00160000000000000000000000000000000000000000"
		"00000000",
		"inet6", "::", 22 },
	{ "mapped", LITTLE,
		"saddr="
		"0A0046A00000000000000000000000000000FFFF7F00000100000000",
		"inet6", "127.0.0.1", 18080 },
	{ "unix", LITTLE, "saddr=01002F6465762F6C6F670000F81105000000000001",
		"unix", "/dev/log", -1 },
	{ "unix without a NUL", LITTLE, "saddr=01002F78", "unix", "/x", -1 },
	{ "abstract", LITTLE, "saddr=0100006162006300", "unix", "@ab@c", -1 },
	{ "nameless", LITTLE, "saddr=0100", "unix", NULL, -1 },
	{ "nameless, padded", LITTLE, "saddr=010000000000", "unix", NULL, -1 },
	{ "vsock", LITTLE, "saddr=280000000F2700000100000000000000", "vsock",
		"1", 9999 },
	{ "vsock big-endian", BIG, "saddr=002800000000270F00000002", "vsock",
		"2", 9999 },
	{ "vsock short", LITTLE, "saddr=280000000F270000010000", NULL, NULL,
		-1 },
	{ "netlink", LITTLE, "saddr=100000000000000000000000", NULL, NULL, -1 },
	{ "packet", LITTLE, "saddr=11000000010000000000000000000000B055EB0B",
		NULL, NULL, -1 },
	{ "unspecified", LITTLE, "saddr=00000000000000000000000000000000", NULL,
		NULL, -1 },
	{ "empty", LITTLE, "saddr=", NULL, NULL, -1 },
	{ "odd", LITTLE, "saddr=02001F907F00004", NULL, NULL, -1 },
	{ "no hex", LITTLE, "saddr=02001F907F0000XX", NULL, NULL, -1 },
	{ "interpreted", LITTLE, "saddr={ fam=inet laddr=1.2.3.4 lport=1 }",
		NULL, NULL, -1 },
	{ "no field", LITTLE, "addr=02001F907F000042", NULL, NULL, -1 },
};

static void check_row(const struct row *r)
{
	struct saddr a;

	check_start("%s", r->name);
	saddr_read(bytes_of(r->body), syscalls_is_little(r->arch), &a);
	CHECK_Z(bytes_of(saddr_family_name(a.family)), r->family);
	CHECK_BYTES(((struct bytes){ a.len ? a.text : NULL, a.len }),
		bytes_of(r->text));
	CHECK_EQ(a.has_port ? (long)a.port : -1, r->port);
}

static void check_families(void)
{
	struct saddr a;

	check_start("families");
	saddr_read(BYTES("saddr=100000000000000000000000"), true, &a);
	CHECK_EQ(a.family, SADDR_NETLINK);
	saddr_read(BYTES("saddr=001000000000000000000000"), false, &a);
	CHECK_EQ(a.family, SADDR_NETLINK);
	saddr_read(BYTES("saddr=1100"), true, &a);
	CHECK_EQ(a.family, SADDR_OTHER);
	saddr_read(BYTES("saddr=11"), true, &a);
	CHECK_EQ(a.family, SADDR_NONE);
}

/* As many bytes as the kernel keeps, and one more. */
static void check_long(void)
{
	struct str s;
	struct saddr a;

	check_start("long");
	str_init(&s, 1024);
	str_addz(&s, "saddr=0100");
	while (s.len < 6 + 2 * 128)
		str_addz(&s, "2F");
	saddr_read(str_bytes(&s), true, &a);
	CHECK_EQ(a.family, SADDR_UNIX);
	CHECK_EQ(a.len, SADDR_TEXT_MAX);
	str_addz(&s, "2F");
	saddr_read(str_bytes(&s), true, &a);
	CHECK_EQ(a.family, SADDR_NONE);
	str_fini(&s);
}

static const struct call {
	uint32_t arch;
	uint64_t number;
	const char *name;
} calls[] = {
	{ LITTLE, 42, "connect" },
	{ LITTLE, 288, "accept4" },
	{ LITTLE, 0x40000000 | 42, "connect" },
	{ LITTLE, 0x40000000 | 518, "sendmsg" },
	{ LITTLE, 0x40000000 | 46, "sendmsg" },
	{ LITTLE, 59, NULL },
	{ LITTLE, 0, NULL },
	{ 0x40000003, 102, "socketcall" },
	{ 0x40000003, 362, "connect" },
	{ 0xc00000b7, 203, "connect" },
	{ 0xc00000b7, 43, NULL },
	{ 0xc00000f3, 200, "bind" },
	{ BIG, 362, "connect" },
	{ 0xc0000015, 330, "accept" },
	{ 0x12345678, 42, NULL },
};

static void check_calls(void)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct call *c = &calls[i];

		check_start(
			"call %x %llu", c->arch, (unsigned long long)c->number);
		CHECK_Z(bytes_of(syscalls_socket_name(
				syscalls_socket(c->arch, c->number))),
			c->name);
	}
	check_start("socketcall");
	CHECK_EQ(syscalls_socketcall(3), SYSCALLS_CONNECT);
	CHECK_EQ(syscalls_socketcall(18), SYSCALLS_ACCEPT4);
	CHECK_EQ(syscalls_socketcall(1), SYSCALLS_NO_SOCKET);
	CHECK_EQ(syscalls_socketcall(0), SYSCALLS_NO_SOCKET);
	CHECK_EQ(syscalls_socketcall(UINT64_MAX), SYSCALLS_NO_SOCKET);
}

int main(void)
{
	check.module = "saddr";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
	check_families();
	check_long();
	check_calls();
	return check_end();
}
