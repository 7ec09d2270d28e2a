// SPDX-License-Identifier: GPL-3.0-or-later
#include "auoms_field.h"
#include "event.h"
#include "format.h"
#include "message.h"
#include "record.h"

/*
 * The fields a message may have. Of others there are none in what PAM, sshd,
 * sudo, shadow and systemd write, and whoever else may write a message shall
 * not have it read as an exec: parsers look for syscall=, cmdline= and the like
 * in any line. For the same reason there is no = in a value.
 */
static const struct field {
	struct bytes name;
	bool is_text; /* that AUOMS decodes and quotes */
} fields[] = {
	{ BYTES("pid"), false },
	{ BYTES("subj"), false },
	{ BYTES("old-auid"), false },
	{ BYTES("auid"), false },
	{ BYTES("tty"), false },
	{ BYTES("old-ses"), false },
	{ BYTES("ses"), false },
	{ BYTES("op"), false },
	{ BYTES("grantors"), false },
	{ BYTES("acct"), true },
	{ BYTES("id"), false },
	{ BYTES("grp"), true },
	{ BYTES("new_group"), true },
	{ BYTES("cwd"), true },
	{ BYTES("unit"), false },
	{ BYTES("comm"), true },
	{ BYTES("exe"), true },
	{ BYTES("hostname"), false },
	{ BYTES("addr"), false },
	{ BYTES("terminal"), false },
	{ BYTES("res"), false },
	{ BYTES("result"), false },
};

static const struct field *field_of(struct bytes name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (bytes_equal(fields[i].name, name))
			return &fields[i];
	return NULL;
}

static void add_value(struct str *out, struct bytes value)
{
	size_t from = 0;

	for (size_t i = 0; i <= value.len; i++) {
		struct bytes part = { value.p + from, i - from };

		if (i < value.len && value.p[i] != '=')
			continue;
		auoms_escape(out, part, false);
		if (i < value.len)
			str_addz(out, "\\x3D");
		from = i + 1;
	}
}

static void add_text(struct str *out, struct bytes value, struct str *text)
{
	if (bytes_equal(value, BYTES("?")) ||
		bytes_equal(value, BYTES("(null)"))) {
		str_addb(out, value);
		return;
	}
	str_reset(text);
	record_add_text(text, value);
	str_addc(out, '"');
	add_value(out, str_bytes(text));
	str_addc(out, '"');
}

static void add_field(struct str *out, const struct field *f,
	struct bytes value, struct str *text)
{
	str_addc(out, ' ');
	str_addb(out, f->name);
	str_addc(out, '=');
	if (f->is_text)
		add_text(out, value, text);
	else
		add_value(out, value);
}

/* The kernel's ids with the names that auditd gave them. */
static bool add_id(struct str *out, const struct event *ev, struct bytes name)
{
	struct auoms_fields f = { ev->message.record, ev->message.enriched };

	if (bytes_equal(name, BYTES("uid")))
		auoms_user(out, "user", "uid", &f, "UID");
	else if (bytes_equal(name, BYTES("auid")))
		auoms_user(out, "audit_user", "auid", &f, "AUID");
	else if (bytes_equal(name, BYTES("ses")) && ev->has_ses &&
		 ev->ses == EVENT_UNSET)
		auoms_raw(out, "ses", BYTES("\"-1\""));
	else
		return false;
	return true;
}

static void add_fields(struct str *out, const struct event *ev,
	struct bytes rest, bool is_inside, struct str *text)
{
	struct bytes name, value;

	while (message_next(&rest, &name, &value)) {
		const struct field *f = field_of(name);

		if (!is_inside && add_id(out, ev, name))
			continue;
		if (f)
			add_field(out, f, value, text);
		/* The masked one. */
		if (!bytes_equal(name, BYTES("cmd")))
			continue;
		str_addz(out, " cmd=\"");
		add_value(out, ev->message.command);
		str_addc(out, '"');
	}
}

bool auoms_message(
	const struct event *ev, const struct format_job *job, struct str *out)
{
	struct bytes outer, inner;
	size_t start = out->len;
	char id[FORMAT_ID_MAX];

	message_split(ev->message.record, &outer, &inner);
	format_id(id, ev->time_ms, ev->serial);
	str_addf(out, "type=%s audit(%s):", ev->message.type_name.p, id);
	add_fields(out, ev, outer, false, job->scratch);
	add_fields(out, ev, inner, true, job->scratch);
	if (out->len - start <= job->line_max)
		return false;
	str_cut(out, start + job->line_max);
	return true;
}
