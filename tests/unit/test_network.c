// SPDX-License-Identifier: GPL-3.0-or-later
#include "network.h"

#include <errno.h>

#include "askable.h"
#include "check.h"
#include "ioc.h"

#define PEERS     100000
#define PROCESSES 64

static const unsigned long long seed[2] = { 3, 4 };

static struct network_table *table(uint32_t peers)
{
	struct network_conf cf = {
		.peers_max = peers, .processes_max = PROCESSES, .seed = { 1, 2 }
	};
	struct network_table *t = network_table_new(&cf);

	if (!t)
		abort();
	return t;
}

/* One call, noted; the caller destroys it. */
static struct event *call(struct network_table *t, const char *name,
	const char *body, uint64_t guid, int64_t time_ms)
{
	struct event *ev = event_create();

	if (!ev)
		abort();
	ev->kind = EVENT_NETWORK;
	ev->arch = 0xc000003e;
	ev->syscall_name = name;
	ev->has_success = ev->success = true;
	ev->has_exit = true;
	ev->has_pid = true;
	ev->pid = (uint32_t)guid;
	ev->exe = BYTES("/usr/bin/curl");
	ev->lineage.has = guid != 0;
	ev->lineage.guid = guid;
	ev->time_ms = time_ms;
	ev->network.record = bytes_of(body);
	(void)!network_run(t, ev, NULL);
	return ev;
}

/* 8.8.8.8:53 and the like: what is told of each of them. */
static const struct row {
	const char *name, *call, *body;
	const char *direction, *class_name;
	bool is_external;
	const char *ioc; /* NULL: none */
} rows[] = {
	{ "out", "connect", "saddr=0200003508080808", "out", "public", true,
		"ipv4" },
	{ "sent", "sendto", "saddr=0200003508080808", "out", "public", true,
		"ipv4" },
	{ "in", "accept4", "saddr=0200003508080808", "in", "public", true,
		NULL },
	{ "bound", "bind", "saddr=0200003508080808", "local", "public", true,
		NULL },
	{ "loopback", "connect", "saddr=020000357F000001", "out", "loopback",
		false, NULL },
	{ "private", "connect", "saddr=020000350A000001", "out", "private",
		false, NULL },
	{ "link-local", "connect", "saddr=02000050A9FEA9FE", "out",
		"link_local", false, NULL },
	{ "unspecified", "connect", "saddr=0200001600000000", "out", "reserved",
		false, NULL },
	{ "inet6", "connect",
		"saddr=0A0001BB000000002A00145040010800000000000000200E", "out",
		"public", true, "ipv6" },
	{ "mapped", "connect",
		"saddr=0A0000350000000000000000000000000000FFFF08080808", "out",
		"public", true, "ipv4" },
	{ "unix", "connect", "saddr=01002F6465762F6C6F6700", "out", NULL, false,
		NULL },
	{ "vsock", "connect", "saddr=280000000F27000002000000", "out", NULL,
		false, NULL },
};

static void check_row(const struct row *r)
{
	struct network_table *t = table(64);
	struct event *ev;

	check_start("%s", r->name);
	ev = call(t, r->call, r->body, 7, 1000);
	CHECK_Z(bytes_of(network_direction_name(ev->network.direction)),
		r->direction);
	CHECK_Z(bytes_of(ev->network.address_class), r->class_name);
	CHECK_EQ(ev->network.is_external, r->is_external);
	CHECK_EQ(ev->n_iocs, r->ioc != NULL);
	if (ev->n_iocs && r->ioc) {
		CHECK_Z(ev->iocs[0].type_name, r->ioc);
		CHECK_BYTES(ev->iocs[0].value, ev->network.address);
	}
	CHECK(ev->network.is_first && ev->network.count == 1);
	event_destroy(ev);
	network_table_free(t);
}

static void check_never(void)
{
	struct askable_rules *never = askable_rules_new(seed);
	struct network_table *t = table(64);
	struct event *ev = event_create();
	struct str why;

	check_start("one's own");
	str_init(&why, 1024);
	if (!never || !ev)
		abort();
	CHECK_EQ(askable_rules_line(never, BYTES("never 8.8.8.0/24"), &why), 0);
	ev->kind = EVENT_NETWORK;
	ev->arch = 0xc000003e;
	ev->syscall_name = "connect";
	ev->network.record = BYTES("saddr=0200003508080808");
	CHECK(network_run(t, ev, never));
	CHECK(!ev->network.is_external && !ev->n_iocs);
	CHECK_Z(bytes_of(ev->network.address_class), "public");
	event_destroy(ev);
	network_table_free(t);
	askable_rules_free(never);
	str_fini(&why);
}

static void check_damaged(void)
{
	struct network_table *t = table(64);
	struct event *ev = call(t, "connect", "saddr=0200", 7, 1000);
	struct network_peer peer;
	uint32_t i = 0;

	check_start("damaged");
	CHECK(!ev->network.family && !ev->network.count);
	network_note(t, ev);
	CHECK(!network_next_peer(t, &i, &peer));
	event_destroy(ev);
	network_table_free(t);
}

static uint64_t seen(struct network_table *t, const char *name,
	const char *body, bool *is_first)
{
	struct event *ev = call(t, name, body, 7, 1000);
	uint64_t count = ev->network.count;

	*is_first = ev->network.is_first;
	event_destroy(ev);
	return count;
}

static void check_first(void)
{
	struct network_table *t = table(64);
	bool is_first;

	check_start("first");
	CHECK_EQ(seen(t, "connect", "saddr=0200003508080808", &is_first), 1);
	CHECK(is_first);
	CHECK_EQ(seen(t, "connect", "saddr=0200003508080808", &is_first), 2);
	CHECK(!is_first);
	/* Another port, another address, the other way. */
	CHECK_EQ(seen(t, "connect", "saddr=020001BB08080808", &is_first), 1);
	CHECK(is_first);
	CHECK_EQ(seen(t, "connect", "saddr=0200003508080404", &is_first), 1);
	CHECK_EQ(seen(t, "accept", "saddr=0200003508080808", &is_first), 1);
	/* From another port of the same. */
	CHECK_EQ(seen(t, "accept", "saddr=0200F03508080808", &is_first), 2);
	CHECK_EQ(seen(t, "connect", "saddr=01002F6100", &is_first), 1);
	CHECK_EQ(seen(t, "connect", "saddr=01002F6200", &is_first), 1);
	CHECK_EQ(seen(t, "connect", "saddr=01002F6100FFFF", &is_first), 2);
	network_table_free(t);
}

static void check_hosts(void)
{
	struct network_table *t = table(64);
	struct event *ev = call(t, "connect", "saddr=0200003508080808", 7, 1);

	check_start("hosts");
	ev->node = BYTES("other");
	CHECK(network_run(t, ev, NULL));
	CHECK(ev->network.is_first);
	CHECK(network_run(t, ev, NULL));
	CHECK(!ev->network.is_first);
	event_destroy(ev);
	network_table_free(t);
}

static void check_sums(void)
{
	struct network_table *t = table(64);
	struct network_process by;
	struct network_peer peer;
	struct event *ev;
	uint32_t i = 0;
	char body[64];

	check_start("sums");
	for (unsigned int k = 0; k < NETWORK_PEERS_KEPT + 3; k++) {
		snprintf(body, sizeof(body), "saddr=0200%04X08080808", k + 1);
		event_destroy(call(t, "connect", body, 7, 1000 + k));
	}
	event_destroy(call(t, "bind", "saddr=0200115C00000000", 7, 500));
	ev = call(t, "connect", "saddr=0200000108080808", 7, 9000);
	ev->success = false;
	ev->exit = -ECONNREFUSED;
	ev->payload.id = 0xabc;
	network_note(t, ev);
	ev->exit = -EINPROGRESS;
	network_note(t, ev);
	event_destroy(ev);
	if (CHECK(network_get_process(t, 7, &by))) {
		CHECK_EQ(by.out, NETWORK_PEERS_KEPT + 6);
		CHECK_EQ(by.local, 1);
		CHECK_EQ(by.in, 0);
		CHECK_EQ(by.failed, 1);
		CHECK_EQ(by.firsts, NETWORK_PEERS_KEPT + 4);
		CHECK_EQ(by.n_peers, NETWORK_PEERS_KEPT);
		CHECK_EQ(by.more_peers, 4);
		CHECK_EQ(by.first_ms, 500);
		CHECK_EQ(by.last_ms, 9000);
		CHECK_EQ(by.payload, 0xabc);
		CHECK_Z(by.exe, "/usr/bin/curl");
	}
	network_peer_of(t, 7, 0, &peer);
	CHECK_BYTES(((struct bytes){ peer.address.text, peer.address.len }),
		BYTES("8.8.8.8"));
	CHECK_EQ(peer.address.port, 1);
	while (network_next_peer(t, &i, &peer))
		if (peer.address.port == 1) {
			CHECK_EQ(peer.count, 4);
			CHECK_EQ(peer.failed, 1);
			CHECK(peer.is_external);
			CHECK_EQ(peer.guid, 7);
		}
	network_table_free(t);
}

/* Every text comes back from the table. */
static void check_texts(void)
{
	static const struct text {
		const char *body, *text;
		long port;
	} texts[] = {
		{ "saddr=01002F6465762F6C6F6700", "/dev/log", -1 },
		{ "saddr=280000000F270000FFFFFFFF", "4294967295", 9999 },
		{ "saddr=0A0001BB000000002A00145040010800000000000000200E",
			"2a00:1450:4001:800::200e", 443 },
	};

	for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
		struct network_table *t = table(64);
		struct network_peer p;
		uint32_t i = 0;

		check_start("text %s", texts[k].text);
		event_destroy(call(t, "connect", texts[k].body, 7, 1));
		if (CHECK(network_next_peer(t, &i, &p))) {
			CHECK_BYTES(((struct bytes){
					    p.address.text, p.address.len }),
				bytes_of(texts[k].text));
			CHECK_EQ(p.address.has_port ? (long)p.address.port : -1,
				texts[k].port);
		}
		network_table_free(t);
	}
}

/* Everything but the process's own sums goes over to another table. */
static void check_restore(void)
{
	static const char *const bodies[] = { "saddr=0200003508080808",
		"saddr=0A0001BB000000002A00145040010800000000000000200E",
		"saddr=01002F6465762F6C6F6700", "saddr=0100006162",
		"saddr=280000000F27000002000000" };
	struct network_table *t = table(64), *to = table(64);
	struct network_peer peer;
	uint32_t at = 0, row;
	bool is_first;

	check_start("restore");
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		(void)seen(t, "connect", bodies[i], &is_first);
		(void)seen(t, "accept", bodies[i], &is_first);
		CHECK_EQ(seen(t, "connect", bodies[i], &is_first), 2);
	}
	CHECK_EQ(network_change(t), 15);
	while (network_changed(t, 0, &at, &row, &peer)) {
		CHECK_EQ(network_restore(to, &peer), 0);
		CHECK_EQ(network_restore(to, &peer), -1);
	}
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		CHECK_EQ(seen(to, "connect", bodies[i], &is_first), 3);
		CHECK_EQ(seen(to, "accept", bodies[i], &is_first), 2);
	}
	at = 0;
	CHECK(!network_changed(t, network_change(t), &at, &row, &peer));
	network_table_free(t);
	network_table_free(to);
}

/* Rows that no table has written. */
static void check_restore_bad(void)
{
	struct network_table *t = table(64);
	struct network_peer good = { .address = { .family = SADDR_INET,
					     .len = 7,
					     .text = "8.8.8.8" },
		.count = 1 };
	struct network_peer bad;

#define BAD(what)                                                              \
	do {                                                                   \
		bad = good;                                                    \
		bad.what;                                                      \
		check_start("restore with %s", #what);                         \
		CHECK_EQ(network_restore(t, &bad), -1);                        \
	} while (0)
	BAD(count = 0);
	BAD(failed = 2);
	BAD(first_ms = -1);
	BAD(last_ms = -1);
	BAD(direction = (enum event_direction)3);
	BAD(address.family = SADDR_NONE);
	BAD(address.family = SADDR_NETLINK);
	BAD(address.family = SADDR_INET6);
	BAD(address.family = SADDR_VSOCK);
	BAD(address.len = 6000);
	BAD(address.len = 2);
	BAD(address.port = 65536);
#undef BAD
	check_start("restore of a good one");
	CHECK_EQ(network_restore(t, &good), 0);
	network_table_free(t);
}

/* A scan: the table holds what it may, and says what it forgot. */
static void check_many(void)
{
	struct network_table *t = table(PEERS);
	struct network_peer peer;
	uint32_t i = 0, n = 0;
	bool is_first;
	char body[64];

	check_start("many");
	for (unsigned int k = 0; k < PEERS + 1000; k++) {
		snprintf(body, sizeof(body), "saddr=02000050%08X",
			0x08000000 + k);
		event_destroy(call(t, "connect", body, k + 1, k));
	}
	while (network_next_peer(t, &i, &peer))
		n++;
	CHECK_EQ(n, PEERS);
	CHECK_EQ(network_evicted(t), 1000 + PEERS + 1000 - PROCESSES);
	CHECK_EQ(seen(t, "connect", "saddr=0200005008000000", &is_first), 1);
	CHECK(is_first);
	network_table_free(t);
}

int main(void)
{
	check.module = "network";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
	check_never();
	check_damaged();
	check_first();
	check_hosts();
	check_sums();
	check_texts();
	check_restore();
	check_restore_bad();
	check_many();
	return check_end();
}
