// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEW_SESSION_ALERTS_H
#define VIEW_SESSION_ALERTS_H

#include <stdint.h>

#include "str.h"

struct view_session_alerts;

/* The names of a session, as values of an array. */
void view_session_alerts_json(
	struct view_session_alerts *a, uint64_t session, struct str *out);

#endif
