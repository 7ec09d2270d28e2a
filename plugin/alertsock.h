// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ALERTSOCK_H
#define ALERTSOCK_H

#include <stdint.h>

struct alert_table;
struct config;
struct loop;
struct metrics;

/*
 * The alerts of others, as they happen: a socket that takes a JSON object, or
 * an array of them, a datagram (tables.h). Whoever may write to the socket may
 * send any: it belongs to whoever runs this and the group of its directory,
 * which alone may (0660), and stands where nobody else can put another.
 *
 * It never waits, and no more is read at a time than the engine has to spare:
 * what does not fit waits in the kernel, and then its sender does.
 */
struct alertsock;

/* Bytes of a datagram; one with more is none. */
#define ALERTSOCK_LEN_MAX 65536

/* NULL when out of memory. All is borrowed. */
struct alertsock *alertsock_new(struct loop *loop, struct alert_table *table,
	struct metrics *metrics) __attribute__((warn_unused_result));
void alertsock_free(struct alertsock *s);
/* Does what is due; now_ms never steps. cf is borrowed until it returns. */
void alertsock_tick(
	struct alertsock *s, const struct config *cf, int64_t now_ms);
/* When that is. */
int64_t alertsock_due_ms(const struct alertsock *s);
/* A descriptor can be read; not one of ours: nothing. */
void alertsock_ready(struct alertsock *s, int fd, int64_t now_ms);
/* It may be another socket from now on: looks with the next tick. */
void alertsock_reload(struct alertsock *s);

#endif
