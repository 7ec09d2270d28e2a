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
	SINK_GONE, /* closed; open it anew, and send the line again */
	SINK_REFUSED /* this line never; errno says why */
};

void sink_init(struct sink *s, const struct output_conf *conf);
/* -1: not there now; errno says why. */
int sink_open(struct sink *s) __attribute__((warn_unused_result));
/* Where the fallback is open: goes over to the real one if it is there now,
 * and says whether it was. The old descriptor is closed. */
bool sink_upgrade(struct sink *s);
void sink_close(struct sink *s);
bool sink_is_datagram(const struct sink *s);
/* Sends from lines[0..len), which all end in a newline: a datagram takes the
 * first, anything else as many bytes as it will. *took is how many went. */
enum sink_result sink_send(struct sink *s, const char *lines, size_t len,
	size_t *took) __attribute__((warn_unused_result));

#endif
