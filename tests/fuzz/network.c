// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Network calls, one a line: three bytes say which call, process and machine it
 * is, the rest is the body of its SOCKADDR record; lines that are bare are
 * written as hex first. The tables hold next to nothing and are the same for
 * all inputs. Whatever the address, texts keep to their limits, only what has a
 * family is noted, and what the tables hold can be shown.
 *
 * seeds: line
 */
#include "network.h"

#include "fuzz.h"
#include "ioc.h"

static struct network_table *table;

static void start(void)
{
	struct network_conf cf = {
		.peers_max = 32, .processes_max = 8, .seed = { 1, 2 }
	};

	if (table)
		return;
	table = network_table_new(&cf);
	MUST(table);
}

static void check_event(const struct event *ev)
{
	const struct event_network *n = &ev->network;

	fuzz_touch(n->address);
	MUST(n->address.len <= SADDR_TEXT_MAX);
	MUST(!n->count == !n->family);
	MUST(n->is_first == (n->count == 1));
	MUST(!n->has_port || n->family);
	MUST(!n->is_external || !strcmp(n->address_class, "public"));
	MUST(ev->n_iocs <= 1);
	if (ev->n_iocs) {
		MUST(n->is_external && n->direction == EVENT_OUT);
		MUST(bytes_equal(ev->iocs[0].value, n->address));
	}
}

static void check_table(void)
{
	struct network_process by;
	struct network_peer peer;
	uint32_t i = 0, n = 0;

	while (network_next_peer(table, &i, &peer)) {
		fuzz_touch(peer.node);
		fuzz_touch(
			(struct bytes){ peer.address.text, peer.address.len });
		MUST(saddr_family_name(peer.address.family));
		MUST(peer.count && peer.failed <= peer.count);
		MUST(peer.first_ms <= peer.last_ms);
		n++;
	}
	MUST(n <= 32);
	for (i = n = 0; network_next_process(table, &i, &by); n++) {
		MUST(by.n_peers && by.n_peers <= NETWORK_PEERS_KEPT);
		MUST(by.out + by.in + by.local >= by.n_peers);
		fuzz_touch(by.exe);
		network_peer_of(table, by.guid, by.n_peers - 1, &peer);
		MUST(saddr_family_name(peer.address.family));
	}
	MUST(n <= 8);
}

static void call(struct bytes in)
{
	static const char *const names[] = { "connect", "bind", "accept",
		"accept4", "sendto", "listen", "sendmmsg", "" };
	unsigned int which = fuzz_byte(&in), who = fuzz_byte(&in);
	unsigned int where = fuzz_byte(&in);
	struct event *ev = event_create();
	struct str body;

	MUST(ev);
	str_init(&body, 1u << 20);
	if (!memmem(in.p ? in.p : "", in.len, "saddr=", 6)) {
		str_addz(&body, "saddr=");
		str_addx(&body, (const unsigned char *)in.p, in.len);
	} else {
		str_addb(&body, in);
	}
	ev->kind = EVENT_NETWORK;
	ev->arch = where & 1 ? 0x80000016 : 0xc000003e;
	ev->syscall_name = names[which & 7];
	ev->has_success = ev->has_exit = true;
	ev->success = which & 8;
	ev->exit = which & 16 ? -115 : -111;
	ev->exe = in;
	ev->node = where & 2 ? BYTES("web1") : (struct bytes){ NULL, 0 };
	ev->time_ms = where * 1000;
	ev->lineage.has = who & 15;
	ev->lineage.guid = who & 15;
	ev->payload.id = who & 16;
	ev->network.record = str_bytes(&body);
	MUST(network_run(table, ev, NULL) == (ev->network.family != NULL));
	check_event(ev);
	network_note(table, ev);
	event_destroy(ev);
	str_fini(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = fuzz_bytes(data, len), line;

	start();
	for (int i = 0; i < 64 && fuzz_next(&in, '\n', &line); i++)
		call(line);
	check_table();
	return 0;
}
