// SPDX-License-Identifier: GPL-3.0-or-later
#include "format.h"
#include "json.h"
#include "line.h"
#include "text.h"

static void begin(struct str *out, const char *kind, const char *id)
{
	(void)kind;
	(void)id;
	str_addc(out, '{');
}

static void cut(struct str *out, const char *key, struct bytes head,
	const char *marker, struct bytes tail)
{
	json_key(out, key);
	str_addc(out, '"');
	json_escape(out, head);
	str_addz(out, marker);
	json_escape(out, tail);
	str_addc(out, '"');
}

static void list(struct str *out, const char *key)
{
	json_key(out, key);
	json_open(out, '[');
}

static void item(struct str *out, struct bytes value, bool is_first)
{
	(void)is_first;
	json_bytes(out, value);
}

static void list_end(struct str *out)
{
	json_close(out, ']');
}

static void boolean(struct str *out, const char *key, bool value)
{
	json_key(out, key);
	json_bool(out, value);
}

static void parts(struct str *out, const char *key, const char *const *names,
	const double *values, size_t n)
{
	json_key(out, key);
	json_open(out, '{');
	for (size_t i = 0; i < n; i++)
		json_field_num(out, names[i], values[i]);
	json_close(out, '}');
}

static void end(struct str *out)
{
	str_addc(out, '}');
}

static size_t cost(const char *p, size_t len, size_t *n)
{
	uint32_t cp = (unsigned char)p[0];

	*n = cp < 0x80 ? 1 : text_utf8(p, len, &cp);
	if (cp >= 0x20 && cp < 0x7f)
		return cp == '"' || cp == '\\' ? 2 : 1;
	if (!*n) {
		*n = 1;
		return 6;
	}
	if (cp > 0xffff)
		return 12;
	return cp == '\n' || cp == '\t' || cp == '\r' ? 2 : 6;
}

const struct line_writer json_writer = {
	.begin = begin,
	.text = json_field,
	.cut = cut,
	.list = list,
	.item = item,
	.list_end = list_end,
	.integer = json_field_int,
	.number = json_field_num,
	.boolean = boolean,
	.parts = parts,
	.end = end,
	.cost = cost,
};

static bool event(
	const struct event *ev, const struct format_job *job, struct str *out)
{
	return line_event(&json_writer, ev, job, out);
}

static void status(const struct format_job *job, struct str *out)
{
	line_status(&json_writer, job, out);
}

const struct format format_json = {
	.name = "json",
	.ident = "audisp-hunt",
	.has_pid = true,
	.dup = ",\"dup\":true",
	.event = event,
	.status = status,
};
