// SPDX-License-Identifier: GPL-3.0-or-later
#include "format.h"
#include "line.h"

static void add_upper(struct str *out, const char *z)
{
	for (; *z; z++)
		str_addc(out, *z >= 'a' && *z <= 'z' ? (char)(*z - 32) : *z);
}

static void begin(struct str *out, const char *kind, const char *id)
{
	str_addz(out, "type=HUNT_");
	add_upper(out, kind);
	str_addf(out, " audit(%s):", id);
}

static void key(struct str *out, const char *name)
{
	str_addc(out, ' ');
	str_addz(out, name);
	str_addc(out, '=');
}

static bool is_bare(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || strchr("_./:@%+,-", c);
}

static void escape(struct str *out, struct bytes b)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < b.len; i++) {
		unsigned char c = (unsigned char)b.p[i];
		char hex[4] = { '\\', 'x', digits[c >> 4], digits[c & 15] };

		if (c == '"' || c == '\\') {
			str_addc(out, '\\');
			str_addc(out, (char)c);
		} else if (c >= 0x20 && c < 0x7f) {
			str_addc(out, (char)c);
		} else {
			str_add(out, hex, sizeof(hex));
		}
	}
}

static void text(struct str *out, const char *name, struct bytes value)
{
	size_t i = 0;

	if (!value.p)
		return;
	key(out, name);
	while (i < value.len && value.p[i] && is_bare(value.p[i]))
		i++;
	if (i && i == value.len) {
		str_addb(out, value);
		return;
	}
	str_addc(out, '"');
	escape(out, value);
	str_addc(out, '"');
}

static void cut(struct str *out, const char *name, struct bytes head,
	const char *marker, struct bytes tail)
{
	key(out, name);
	str_addc(out, '"');
	escape(out, head);
	str_addz(out, marker);
	escape(out, tail);
	str_addc(out, '"');
}

static void list(struct str *out, const char *name)
{
	key(out, name);
	str_addc(out, '"');
}

static void item(struct str *out, struct bytes value, bool is_first)
{
	if (!is_first)
		str_addc(out, ',');
	escape(out, value);
}

/* Takes the quotes away again where none of the values needs them; what
 * stands in them can hold no =" itself. */
static void list_end(struct str *out)
{
	size_t at = out->len;

	while (at > 1 && (out->p[at - 1] != '"' || out->p[at - 2] != '='))
		at--;
	for (size_t i = at; i < out->len; i++) {
		if (is_bare(out->p[i]))
			continue;
		str_addc(out, '"');
		return;
	}
	memmove(out->p + at - 1, out->p + at, out->len - at);
	str_cut(out, out->len - 1);
}

static void integer(struct str *out, const char *name, long long value)
{
	key(out, name);
	str_addi(out, value);
}

static void number(struct str *out, const char *name, double value)
{
	key(out, name);
	str_addd(out, value);
}

static void boolean(struct str *out, const char *name, bool value)
{
	key(out, name);
	str_addz(out, value ? "true" : "false");
}

static void parts(struct str *out, const char *name, const char *const *names,
	const double *values, size_t n)
{
	key(out, name);
	if (!n)
		str_addz(out, "\"\"");
	for (size_t i = 0; i < n; i++) {
		str_addf(out, "%s%s:", i ? "," : "", names[i]);
		str_addd(out, values[i]);
	}
}

static void end(struct str *out)
{
	(void)out;
}

static size_t cost(const char *p, size_t len, size_t *n)
{
	(void)len;
	*n = 1;
	if (*p < 0x20 || *p >= 0x7f)
		return 4;
	return *p == '"' || *p == '\\' ? 2 : 1;
}

const struct line_writer hunt_writer = {
	.begin = begin,
	.text = text,
	.cut = cut,
	.list = list,
	.item = item,
	.list_end = list_end,
	.integer = integer,
	.number = number,
	.boolean = boolean,
	.parts = parts,
	.end = end,
	.cost = cost,
};

static bool event(
	const struct event *ev, const struct format_job *job, struct str *out)
{
	return line_event(&hunt_writer, ev, job, out);
}

static void status(const struct format_job *job, struct str *out)
{
	line_status(&hunt_writer, job, out);
}

const struct format format_hunt = {
	.name = "hunt",
	.ident = "audisp-hunt",
	.has_pid = true,
	.dup = " dup=true",
	.event = event,
	.status = status,
};
