// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "saddr.h"
#include "str.h"

struct askable_rules;

/*
 * Whom processes talk to: the peers of every host and the processes that
 * called, each summed up. A peer is an address with its port, where a process
 * calls or is called at, and an address alone, where somebody calls in from:
 * those have another port each time. IPv4 mapped into IPv6 is IPv4.
 *
 * External is a peer that somebody outside may be asked about (askable.h): one
 * that is routed on the Internet and not listed as one's own.
 */
struct network_table;

/* Peers that are kept of each process; more are counted. */
#define NETWORK_PEERS_KEPT 6
/* Bytes of an executable's path, of which the end is kept. */
#define NETWORK_EXE_MAX 80
/* Hosts, and paths of unix sockets, that have names. */
#define NETWORK_NODES_MAX 1024
#define NETWORK_PATHS_MAX 4096

struct network_conf {
	uint32_t peers_max,
		processes_max; /* the one longest out of sight goes */
	uint64_t seed[2];
};

/* NULL when out of memory. */
struct network_table *network_table_new(const struct network_conf *cf)
	__attribute__((warn_unused_result));
void network_table_free(struct network_table *t);

/* Fills ev->network and the event's indicators from its SOCKADDR record, and
 * notes who talked to whom. False: it is no address. never may be NULL. */
bool network_run(struct network_table *t, struct event *ev,
	struct askable_rules *never) __attribute__((warn_unused_result));
/* Notes an event that network_run has filled, in another table. */
void network_note(struct network_table *t, const struct event *ev);

struct network_peer {
	/* Borrowed from the table, and absent where that has forgotten it. */
	struct bytes node;
	enum event_direction direction;
	struct saddr address;
	bool is_external;
	int64_t first_ms, last_ms;
	uint32_t count, failed;
	uint64_t guid; /* of the process that came last; 0: nobody knows */
	uint64_t change; /* the number of its last */
};

struct network_process {
	struct bytes node, exe; /* borrowed */
	uint64_t guid, payload; /* 0: none */
	bool is_executed;
	uint32_t pid, ses, auid, uid; /* EVENT_UNSET where they are */
	int64_t first_ms, last_ms;
	uint32_t out, in, local, failed;
	uint32_t firsts; /* peers that nobody had talked to before it */
	uint32_t n_peers, more_peers; /* kept; sightings of others */
};

/* Whether a call failed for good: one that goes on did not. */
bool network_has_failed(const struct event *ev);
/* "out", "in", "local" */
const char *network_direction_name(enum event_direction direction);

/* Visit all, the one longest out of sight first; i starts at 0. False at the
 * end. */
bool network_next_peer(
	const struct network_table *t, uint32_t *i, struct network_peer *peer);
bool network_next_process(const struct network_table *t, uint32_t *i,
	struct network_process *process);
/* The i-th peer of those kept of a process, but for its times and counts. */
void network_peer_of(const struct network_table *t, uint64_t guid, uint32_t i,
	struct network_peer *peer);
/* False: it is forgotten. */
bool network_get_process(const struct network_table *t, uint64_t guid,
	struct network_process *process);
/* Peers and processes forgotten to make room. */
uint64_t network_evicted(const struct network_table *t);

/* For who keeps them: the number of the last change, and the peers that changed
 * after one by row; *at starts at 0. False at the end. */
uint64_t network_change(const struct network_table *t);
bool network_changed(const struct network_table *t, uint64_t after,
	uint32_t *at, uint32_t *row, struct network_peer *peer);
/* Puts back a peer, of which family, text and port of the address count. They
 * come in the order of their changes. -1: no memory, or one that cannot be. */
int network_restore(struct network_table *t, const struct network_peer *peer)
	__attribute__((warn_unused_result));

#endif
