// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef AUOMS_FIELD_H
#define AUOMS_FIELD_H

#include <stdbool.h>

#include "str.h"

struct event;
struct format_job;

/* A record's fields as written, and what auditd added to it. */
struct auoms_fields {
	struct bytes record, enriched;
};

/* The inside of a quoted value. */
void auoms_escape(struct str *out, struct bytes b, bool keep_quotes);
/* Each a blank, the key and =; nothing for an absent value, but (null) for a
 * quoted one. Raw is written as it is, bare without quotes. */
void auoms_raw(struct str *out, const char *key, struct bytes value);
void auoms_bare(struct str *out, const char *key, struct bytes value);
void auoms_quoted(struct str *out, const char *key, struct bytes value);
void auoms_number(struct str *out, const char *key, long long value);
/* A user or group: user=NAME uid=N. Its name is auditd's, under the upper-case
 * key; without one it is unknown-uid(N) or unknown-gid(N). */
void auoms_user(struct str *out, const char *name_key, const char *id_key,
	const struct auoms_fields *f, const char *enriched_key);

/* A message's line: its record's own name and fields, those in msg=' beside
 * the others, as AUOMS has every record that it makes no event of. True: it
 * was cut. */
bool auoms_message(
	const struct event *ev, const struct format_job *job, struct str *out);

#endif
