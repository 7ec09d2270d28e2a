// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Linked into an engine that only the tests have, in front of two of its
 * stages: an event, or a line, that says so ends it or stops it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decode.h"
#include "event.h"
#include "record.h"
#include "text.h"

void __real_decode_run(
	struct decode *d, struct event *ev, const struct decode_conf *cf);
void __wrap_decode_run(
	struct decode *d, struct event *ev, const struct decode_conf *cf);
int __real_record_parse(const char *line, size_t len, struct record_memo *memo,
	struct record *rec);
int __wrap_record_parse(const char *line, size_t len, struct record_memo *memo,
	struct record *rec);

void __wrap_decode_run(
	struct decode *d, struct event *ev, const struct decode_conf *cf)
{
	for (size_t i = 0; i < ev->argc; i++) {
		if (bytes_equal(ev->argv[i], BYTES("crash-engine")))
			abort();
		if (bytes_equal(ev->argv[i], BYTES("hang-engine")))
			for (;;)
				pause();
	}
	__real_decode_run(d, ev, cf);
}

int __wrap_record_parse(const char *line, size_t len, struct record_memo *memo,
	struct record *rec)
{
	if (text_find((struct bytes){ line, len }, BYTES("crash-line")))
		abort();
	return __real_record_parse(line, len, memo, rec);
}
