// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef NETWORK_STATE_H
#define NETWORK_STATE_H

/* The tables of network: for network's own files. */

#include "map.h"
#include "network.h"

/* Longest name of a node that is kept. */
#define NETWORK_NODE_MAX 64

/* node: hash of its name. address: as in struct saddr; of unix a hash of the
 * path, of vsock cid and port, each 32 bits. */
struct network_key {
	unsigned char address[16];
	uint32_t node;
	uint16_t port;
	uint8_t family, direction;
};

struct network_sight {
	int64_t first_ms, last_ms;
	uint64_t guid, change;
	uint32_t count;
	uint32_t failed : 31, is_external : 1;
};

struct network_caller {
	int64_t first_ms, last_ms;
	uint64_t payload;
	uint32_t node, pid, ses, auid, uid;
	uint32_t out, in, local, failed, firsts, more_peers;
	bool is_executed;
	uint8_t n_peers, exe_len;
	char exe[NETWORK_EXE_MAX];
	struct network_key peers[NETWORK_PEERS_KEPT];
};

struct network_name {
	uint8_t len;
	char text[SADDR_TEXT_MAX];
};

struct network_table {
	uint64_t seed[2], change;
	struct map *peers; /* struct network_key: struct network_sight */
	struct map *processes; /* guid: struct network_caller */
	struct map *nodes; /* uint32_t, hash: struct network_name */
	struct map *paths; /* 16 bytes of hash: struct network_name */
};

/* The key of an address of a host; what has none is not noted. */
void network_key_of(struct network_table *t, struct bytes node,
	enum event_direction direction, const struct saddr *a,
	struct network_key *key);
/* What the key stands for, but for times and counts. */
void network_peer_set(const struct network_table *t, struct network_peer *to,
	const struct network_key *key, const struct network_sight *s);

#endif
