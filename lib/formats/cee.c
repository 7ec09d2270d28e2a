// SPDX-License-Identifier: GPL-3.0-or-later
#include "format.h"
#include "line.h"

/* What mmjsonparse and other readers of structured syslog look for. */
#define COOKIE "@cee: "

static bool event(
	const struct event *ev, const struct format_job *job, struct str *out)
{
	struct format_job rest = *job;

	rest.line_max -= sizeof(COOKIE) - 1;
	str_addz(out, COOKIE);
	return line_event(&json_writer, ev, &rest, out);
}

static void status(const struct format_job *job, struct str *out)
{
	str_addz(out, COOKIE);
	line_status(&json_writer, job, out);
}

const struct format format_cee = {
	.name = "cee",
	.ident = "audisp-hunt",
	.has_pid = true,
	.dup = ",\"dup\":true",
	.event = event,
	.status = status,
};
