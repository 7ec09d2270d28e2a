// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LISTENER_H
#define LISTENER_H

#include <stdbool.h>

struct str;

/*
 * The socket where the intel process is asked, as its systemd unit makes it:
 * the plugin's user's, and nobody else's to open.
 */

/* Makes it; only a socket makes way. Root makes it that user's. -1: *why says
 * why not. */
int listener_open(const char *path, const char *user, struct str *why)
	__attribute__((warn_unused_result));
/* Whether somebody listens there. */
bool listener_is_served(const char *path);

#endif
