// SPDX-License-Identifier: GPL-3.0-or-later
/* Whom processes talked to: first the peers, those outside before the others,
 * then the processes. */
#include <stdlib.h>
#include <sys/random.h>

#include "address.h"
#include "config.h"
#include "event.h"
#include "format.h"
#include "json.h"
#include "log.h"
#include "network.h"
#include "views.h"

static int start(struct view_run *run)
{
	struct network_conf nc = { .peers_max = run->config->network_peers,
		.processes_max = run->config->network_processes };

	if (getrandom(nc.seed, sizeof(nc.seed), 0) == sizeof(nc.seed))
		run->state = network_table_new(&nc);
	if (run->state)
		return 0;
	log_warn("out of memory");
	return -1;
}

static void event(struct view_run *run, const struct event *ev)
{
	(void)run;
	(void)ev;
}

static void network(struct view_run *run, const struct event *ev)
{
	network_note(run->state, ev);
}

/* What the logs told, or what the daemon knows: of that, the peers alone. */
static const struct network_table *table(const struct view_run *run)
{
	return run->options->is_live ? run->network : run->state;
}

/* Of logs, the events were selected. */
static bool is_wanted(const struct view_run *run, const struct network_peer *p)
{
	const struct select *q = &run->options->select;

	if (!run->options->is_live)
		return true;
	if (q->has_since && p->last_ms < q->since_ms)
		return false;
	if (q->has_until && p->first_ms > q->until_ms)
		return false;
	return !q->node || bytes_equal(p->node, bytes_of(q->node));
}

static bool next_peer(struct view_run *run, uint32_t *i, struct network_peer *p)
{
	while (network_next_peer(table(run), i, p))
		if (is_wanted(run, p))
			return true;
	return false;
}

static const char *class_of(const struct network_peer *p)
{
	if (p->address.family != SADDR_INET && p->address.family != SADDR_INET6)
		return NULL;
	return address_class((struct bytes){ p->address.text, p->address.len });
}

static struct bytes text_of(const struct network_peer *p)
{
	return (struct bytes){ p->address.len ? p->address.text : NULL,
		p->address.len };
}

static void json_address(struct view_run *run, const struct network_peer *p)
{
	struct str *out = &run->out;

	json_field(out, "direction",
		bytes_of(network_direction_name(p->direction)));
	json_field(
		out, "family", bytes_of(saddr_family_name(p->address.family)));
	json_field(out, "addr", text_of(p));
	json_field(out, "class", bytes_of(class_of(p)));
	view_json_place(out, run, text_of(p));
	if (p->address.has_port)
		json_field_int(out, "port", p->address.port);
}

static void json_guid(struct str *out, const char *key, uint64_t guid)
{
	struct str text;

	if (!guid)
		return;
	str_init(&text, 32);
	str_addf(&text, "%016llx", (unsigned long long)guid);
	json_field(out, key, str_bytes(&text));
	str_fini(&text);
}

static void json_id(struct str *out, const char *key, uint32_t id)
{
	if (id != EVENT_UNSET)
		json_field_int(out, key, id);
}

static void json_times(struct str *out, int64_t first_ms, int64_t last_ms)
{
	view_json_time(out, "first", first_ms);
	view_json_time(out, "last", last_ms);
}

static void json_peer(struct view_run *run, const struct network_peer *p)
{
	struct str *out = &run->out;
	struct network_process by;

	json_open(out, '{');
	json_field(out, "kind", BYTES("peer"));
	json_field(out, "node", p->node.p ? p->node : BYTES(""));
	json_address(run, p);
	json_key(out, "external");
	json_bool(out, p->is_external);
	json_field_int(out, "count", p->count);
	json_field_int(out, "failed", p->failed);
	json_times(out, p->first_ms, p->last_ms);
	json_guid(out, "guid", p->guid);
	if (network_get_process(table(run), p->guid, &by)) {
		json_field_int(out, "pid", by.pid);
		json_field(out, "exe", by.exe);
		json_id(out, "ses", by.ses);
	}
	json_close(out, '}');
}

static void json_peers(struct view_run *run, const struct network_process *p)
{
	struct str *out = &run->out;
	struct network_peer peer;

	json_key(out, "peers");
	json_open(out, '[');
	for (uint32_t i = 0; i < p->n_peers; i++) {
		network_peer_of(table(run), p->guid, i, &peer);
		json_open(out, '{');
		json_address(run, &peer);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_field_int(out, "peers_more", p->more_peers);
}

static void json_process(struct view_run *run, const struct network_process *p)
{
	struct str *out = &run->out;

	json_open(out, '{');
	json_field(out, "kind", BYTES("process"));
	json_field(out, "node", p->node.p ? p->node : BYTES(""));
	json_guid(out, "guid", p->guid);
	json_field_int(out, "pid", p->pid);
	json_field(out, "exe", p->exe);
	json_id(out, "ses", p->ses);
	json_id(out, "auid", p->auid);
	json_id(out, "uid", p->uid);
	json_field_int(out, "out", p->out);
	json_field_int(out, "in", p->in);
	json_field_int(out, "local", p->local);
	json_field_int(out, "failed", p->failed);
	json_field_int(out, "firsts", p->firsts);
	json_peers(run, p);
	if (p->payload) {
		str_addf(out, ",\"payload\":\"%012llx\"",
			(unsigned long long)p->payload);
		json_key(out, "executed");
		json_bool(out, p->is_executed);
	}
	json_times(out, p->first_ms, p->last_ms);
	json_close(out, '}');
}

static void add_address(struct str *out, const struct network_peer *p)
{
	bool is_ipv6 = p->address.family == SADDR_INET6 && p->address.len &&
		       memchr(p->address.text, ':', p->address.len);
	const char *family = saddr_family_name(p->address.family);

	if (p->address.family == SADDR_UNIX || p->address.family == SADDR_VSOCK)
		str_addf(out, "%s:", family);
	str_addz(out, is_ipv6 ? "[" : "");
	json_escape(out, p->address.len ? text_of(p) : BYTES("?"));
	str_addz(out, is_ipv6 ? "]" : "");
	if (p->address.has_port)
		str_addf(out, ":%u", p->address.port);
}

static void add_node(struct str *out, struct bytes node)
{
	if (!node.p)
		return;
	str_addc(out, ' ');
	json_escape(out, node);
}

/* FIRST [NODE] DIRECTION ADDRESS (CLASS): COUNTS, by EXE PID in SES */
static void text_peer(struct view_run *run, const struct network_peer *p)
{
	struct str *out = &run->out;
	const char *class_name = class_of(p);
	struct network_process by;

	view_add_time(out, p->first_ms);
	add_node(out, p->node);
	str_addf(out, " %-5s ", network_direction_name(p->direction));
	add_address(out, p);
	if (class_name)
		str_addf(out, " (%s)", class_name);
	view_add_place(out, run, text_of(p));
	str_addf(out, "%s: %u", p->is_external ? " external" : "", p->count);
	if (p->failed)
		str_addf(out, ", %u failed", p->failed);
	str_addz(out, ", last ");
	view_add_time(out, p->last_ms);
	if (!network_get_process(table(run), p->guid, &by))
		return;
	str_addz(out, " by ");
	json_escape(out, by.exe.p ? by.exe : BYTES("?"));
	str_addf(out, " %u", by.pid);
	if (by.ses != EVENT_UNSET)
		str_addf(out, " in session %u", by.ses);
}

/* FIRST [NODE] PID EXE: COUNTS to ADDRESSES */
static void text_process(struct view_run *run, const struct network_process *p)
{
	struct str *out = &run->out;
	struct network_peer peer;

	view_add_time(out, p->first_ms);
	add_node(out, p->node);
	str_addf(out, " %u ", p->pid);
	json_escape(out, p->exe.p ? p->exe : BYTES("?"));
	if (p->ses != EVENT_UNSET)
		str_addf(out, " in session %u", p->ses);
	str_addf(out, ": %u out, %u in, %u local, %u failed:", p->out, p->in,
		p->local, p->failed);
	for (uint32_t i = 0; i < p->n_peers; i++) {
		network_peer_of(table(run), p->guid, i, &peer);
		str_addc(out, ' ');
		add_address(out, &peer);
	}
	if (p->more_peers)
		str_addz(out, " ...");
	if (p->payload)
		str_addf(out, " [payload %012llx%s]",
			(unsigned long long)p->payload,
			p->is_executed ? ", executed" : "");
}

static int by_peer(const void *a, const void *b)
{
	const struct network_peer *x = a, *y = b;

	if (x->is_external != y->is_external)
		return x->is_external ? -1 : 1;
	if (x->first_ms != y->first_ms)
		return x->first_ms < y->first_ms ? -1 : 1;
	if (x->address.port != y->address.port)
		return x->address.port < y->address.port ? -1 : 1;
	return memcmp(x->address.address, y->address.address,
		sizeof(x->address.address));
}

static int by_process(const void *a, const void *b)
{
	const struct network_process *x = a, *y = b;

	if (x->first_ms != y->first_ms)
		return x->first_ms < y->first_ms ? -1 : 1;
	return x->guid < y->guid ? -1 : x->guid > y->guid;
}

static void print_peers(struct view_run *run, size_t top)
{
	struct network_peer *list, p;
	size_t n = 0, size = 0;
	uint32_t i = 0;

	while (next_peer(run, &i, &p))
		size++;
	list = malloc((size + !size) * sizeof(*list));
	if (!list) {
		log_warn("out of memory");
		return;
	}
	for (i = 0; n < size && next_peer(run, &i, &list[n]);)
		n++;
	qsort(list, n, sizeof(*list), by_peer);
	for (size_t k = 0; k < n && k < top; k++) {
		if (run->options->is_json)
			json_peer(run, &list[k]);
		else
			text_peer(run, &list[k]);
		view_print(run);
	}
	free(list);
}

static void print_processes(struct view_run *run, size_t top)
{
	struct network_process *list, p;
	size_t n = 0, size = 0;
	uint32_t i = 0;

	while (network_next_process(table(run), &i, &p))
		size++;
	list = malloc((size + !size) * sizeof(*list));
	if (!list) {
		log_warn("out of memory");
		return;
	}
	for (i = 0; n < size && network_next_process(table(run), &i, &list[n]);)
		n++;
	qsort(list, n, sizeof(*list), by_process);
	for (size_t k = 0; k < n && k < top; k++) {
		if (run->options->is_json)
			json_process(run, &list[k]);
		else
			text_process(run, &list[k]);
		view_print(run);
	}
	free(list);
}

static void finish(struct view_run *run)
{
	size_t top = run->options->top ? run->options->top : SIZE_MAX;

	print_peers(run, top);
	print_processes(run, top);
	if (network_evicted(table(run)))
		log_warn("%llu peers or processes did not fit: "
			 "-o network.peers=N, -o network.processes=N",
			(unsigned long long)network_evicted(table(run)));
	network_table_free(run->state);
}

const struct view view_network = {
	.name = "network",
	.help = "whom processes talked to: peers, and processes with theirs",
	.has_live = true,
	.start = start,
	.event = event,
	.network = network,
	.finish = finish,
};
