// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LINES_H
#define LINES_H

#include "../unit/readjson.h"
#include "format.h"
#include "fuzz.h"

/* An event in every format: one line each, of printable ASCII, no
 * longer than asked, that begins as the format does and reads as JSON where it
 * is some. */

static const struct score_conf lines_severity = {
	.notice = 0.01, .warning = 1, .err = 3, .crit = 5
};

static inline void lines_check_object(struct bytes object, const char *id)
{
	struct str text;

	MUST(rj_is_json(object) && object.p[0] == '{');
	str_init(&text, 4096);
	if (id) {
		MUST(rj_text(object, "id", &text));
		MUST(bytes_equal(str_bytes(&text), bytes_of(id)));
		MUST(rj_member(object, "evt").p && rj_member(object, "v").p);
	}
	str_fini(&text);
}

static inline void lines_check(
	const struct format *f, struct bytes line, const char *id)
{
	static const struct bytes cookie = BYTES("@cee: ");

	for (size_t i = 0; i < line.len; i++)
		MUST(line.p[i] >= 0x20 && line.p[i] <= 0x7e);
	if (!strcmp(f->name, "json"))
		lines_check_object(line, id);
	if (!strcmp(f->name, "cee")) {
		MUST(line.len > cookie.len &&
			!memcmp(line.p, cookie.p, cookie.len));
		line.p += cookie.len;
		line.len -= cookie.len;
		lines_check_object(line, id);
	}
	if (!strcmp(f->name, "hunt"))
		MUST(line.len > 10 && !memcmp(line.p, "type=HUNT_", 10));
}

static inline void lines_run(const struct event *ev, size_t line_max)
{
	struct str scratch, command, out;
	struct format_job job = { .seq = ev->serial,
		.line_max = line_max,
		.severity = &lines_severity,
		.scratch = &scratch,
		.command = &command };
	char id[FORMAT_ID_MAX];

	str_init(&scratch, 64u << 20);
	str_init(&command, 64u << 20);
	str_init(&out, 2 * FORMAT_LINE_MAX);
	format_id(id, ev->time_ms, ev->serial);
	for (size_t i = 0; i < format_n; i++) {
		str_reset(&out);
		(void)format_all[i]->event(ev, &job, &out);
		MUST(str_ok(&out) && out.len && out.len <= line_max);
		lines_check(format_all[i], str_bytes(&out), id);
	}
	str_fini(&scratch);
	str_fini(&command);
	str_fini(&out);
}

#endif
