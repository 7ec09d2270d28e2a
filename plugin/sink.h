// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SINK_H
#define SINK_H

#include <stdbool.h>
#include <stddef.h>

struct output_conf;

/* One destination's descriptor: opened, written to without waiting, closed.
 * What to do about failure is emit's. */
struct sink {
	const struct output_conf *conf;
	int fd; /* -1: closed */
	bool is_fallback;
};

enum sink_result {
	SINK_SENT,
	SINK_AGAIN, /* later: it can be waited for */
	SINK_TOO_LONG, /* never, at this length */
	SINK_LATER, /* but it cannot be waited for; errno says why */
	SINK_GONE /* closed; open it anew, and send the line again */
};

/* How the way back from a fallback went. */
enum sink_return {
	SINK_ABSENT, /* the real one is not there */
	SINK_UNREAD, /* it is, but the fallback has lines that nobody read */
	SINK_BACK
};

/* A socket of that type (SOCK_*) that does not wait, connected to a path. -1:
 * errno says why. */
int sink_connect(const char *path, int type)
	__attribute__((warn_unused_result));

void sink_init(struct sink *s, const struct output_conf *conf);
/* The fallback, if there is one, only where it is allowed. -1: not there now;
 * errno says why. */
int sink_open(struct sink *s, bool is_fallback_allowed)
	__attribute__((warn_unused_result));
/* Where the fallback is open: goes over to the real one if it is there now. It
 * does so only when all that the fallback was sent has been read there, so that
 * no line overtakes another, or is_forced. */
enum sink_return sink_upgrade(struct sink *s, bool is_forced);
void sink_close(struct sink *s);
bool sink_is_datagram(const struct sink *s);
/* Sends lines[0..len), which all end in a newline: one line as a datagram,
 * without it, to anything else as many bytes as it will take. *took is how
 * many went. */
enum sink_result sink_send(struct sink *s, const char *lines, size_t len,
	size_t *took) __attribute__((warn_unused_result));

#endif
