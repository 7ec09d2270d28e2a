// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Text that was hidden and ran is no accident: two points for the process that
 * was given it, and one for each that came of it. Holding it is worth nothing
 * here; obfuscation has counted that.
 */
#include "event.h"
#include "score.h"

#define RAN     2.0
#define CAME    1.0
#define DECODED 1.0

static double points(const struct event *ev, struct str *why)
{
	const struct event_payload *p = &ev->payload;

	switch (p->role) {
	case EVENT_PAYLOAD_RUNS:
		str_addb(why, p->why);
		return RAN;
	case EVENT_PAYLOAD_DECODES:
		str_addb(why, p->why);
		return DECODED;
	case EVENT_PAYLOAD_FOLLOWS:
		str_addf(why, "came of payload %012llx",
			(unsigned long long)p->id);
		return CAME;
	default:
		return 0;
	}
}

const struct scorer scorer_payload = {
	.name = "payload",
	.points = points,
};
