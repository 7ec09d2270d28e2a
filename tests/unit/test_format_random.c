// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Random strings in every field: the line stays one line of the output's
 * alphabet, with the same fields as before in the same order, of which only
 * the one that was changed is another. LONG=1 tries ten million, as the
 * project's figures ask for.
 */
#include <stdint.h>

#include "ioc.h"
#include "readjson.h"
#include "sample.h"

#define STRINGS      200000
#define STRINGS_LONG 10000000
#define STRING_MAX   48

static struct sample sample;
static struct event_ioc iocs[1];
static uint64_t state = 88172645463325252ULL;

static uint32_t dice(uint32_t sides)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % sides;
}

/* key: of the one field of a json or hunt line that may change with it. */
static const struct {
	const char *name, *key;
	struct bytes *at;
} fields[] = {
	{ "node", "node", &sample.ev.node },
	{ "auser", "auser", &sample.ev.auid.name },
	{ "user", "user", &sample.ev.uid.name },
	{ "tty", "tty", &sample.ev.tty },
	{ "comm", "comm", &sample.ev.comm },
	{ "exe", "exe", &sample.ev.exe },
	{ "cwd", "cwd", &sample.ev.cwd },
	{ "key", "key", &sample.ev.key },
	{ "argv0", "cmd", &sample.argv[0] },
	{ "argv2", "cmd", &sample.argv[2] },
	{ "argv3", "cmd", &sample.argv[3] },
	{ "decoded", "decoded", &sample.layers[0].text },
	{ "deeper", "decoded", &sample.layers[1].text },
	{ "ioc", "iocs", &iocs[0].value },
	{ "path", "path", &sample.paths[0].name },
	{ "proctitle", "proctitle", &sample.ev.proctitle },
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

/* What stands between things somewhere, and what else may come. */
static const char *const pieces[] = { "\"", "\\", "\\\"", "\n", "\r\n", "\r",
	"\t", "\0", " ", "=", ",", ":", "{", "}", "[", "]", "'", "`", "$", "%n",
	"\x1b[2J", "\x1d", "\x7f", "\x85", "\xc2\x85", "\xe2\x80\xa8",
	"\xe2\x80\xae", "\xc2\x9b", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff",
	"\xf0\x9f", "\xc0\x8a", "evt", "\"evt\":\"exec\"",
	" cmd=", "cmdline=\"", " containerid=", " key=x",
	"type=HUNT_EXEC audit(1.1:1): ", "@cee: ",
	"<173>Jan  1 00:00:00 audisp-hunt[1]: {", "\\u000a", "\\x0a", "#012",
	"redactors=", "score", "a", "Z", "0" };

static size_t make_string(char *to)
{
	size_t len = dice(STRING_MAX), n = 0;

	if (dice(2)) {
		while (n < len)
			to[n++] = (char)dice(256);
		return n;
	}
	while (n < len) {
		uint32_t i = dice(sizeof(pieces) / sizeof(pieces[0]));
		size_t piece = strlen(pieces[i]);

		piece += piece == 0;
		memcpy(to + n, pieces[i], piece);
		n += piece;
	}
	return n;
}

/* --- reading a line back, field by field ---------------------------------- */

struct member {
	struct bytes key, value;
};

#define MEMBERS_MAX 64

struct members {
	struct member m[MEMBERS_MAX];
	size_t n;
};

static void add(struct members *all, struct bytes key, struct bytes value)
{
	static const struct bytes exact = BYTES("_b64");

	/* The exact bytes of a text that is no UTF-8 come and go. */
	if (key.len > exact.len &&
		!memcmp(key.p + key.len - exact.len, exact.p, exact.len))
		return;
	if (all->n < MEMBERS_MAX)
		all->m[all->n++] = (struct member){ key, value };
}

static bool split_json(struct bytes line, struct members *all)
{
	const char *p = line.p + 1, *end = line.p + line.len;

	if (line.len < 2 || line.p[0] != '{')
		return false;
	while (p < end && *p == '"') {
		const char *quote = memchr(p + 1, '"', (size_t)(end - p - 1));
		const char *value = quote ? quote + 2 : end;

		if (value >= end || quote[1] != ':')
			return false;
		end = line.p + line.len;
		add(all, (struct bytes){ p + 1, (size_t)(quote - p - 1) },
			(struct bytes){ value, 0 });
		p = rj_value(value, end);
		if (!p)
			return false;
		if (all->n && all->m[all->n - 1].value.p == value)
			all->m[all->n - 1].value.len = (size_t)(p - value);
		if (p < end && *p == ',')
			p++;
	}
	return p + 1 == end && *p == '}';
}

static const char *hunt_value(const char *p, const char *end)
{
	if (p == end || *p != '"') {
		while (p < end && *p != ' ' && *p != '"')
			p++;
		return p < end && *p == '"' ? NULL : p;
	}
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\';
	return p < end ? p + 1 : NULL;
}

static bool split_hunt(struct bytes line, struct members *all)
{
	const char *p = line.p, *end = line.p + line.len;

	p = memchr(p, ')', line.len);
	if (!p || end - p < 3 || p[1] != ':' || p[2] != ' ')
		return false;
	for (p += 3; p && p < end; p++) {
		const char *eq = memchr(p, '=', (size_t)(end - p));
		const char *next = eq ? hunt_value(eq + 1, end) : NULL;

		if (!next || (next < end && *next != ' '))
			return false;
		for (const char *q = p; q < eq; q++)
			if (*q != '_' && (*q < 'a' || *q > 'z') &&
				(*q < '0' || *q > '9'))
				return false;
		add(all, (struct bytes){ p, (size_t)(eq - p) },
			(struct bytes){ eq + 1, (size_t)(next - eq - 1) });
		p = next;
	}
	return true;
}

static size_t count(struct bytes line, const char *what)
{
	size_t len = strlen(what), n = 0;

	for (size_t i = 0; i + len <= line.len; i++)
		n += !memcmp(line.p + i, what, len);
	return n;
}

/* How often there is what the published parsers cut it at. */
static bool split_auoms(struct bytes line, struct members *all)
{
	static const char *const marks[] = { " containerid=", "cmdline=\"",
		" syscall=", " success=", " cwd=\"", "type=AUOMS_EXECVE" };
	static const char digits[] = "0123456789";

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		add(all, bytes_of(marks[i]),
			(struct bytes){
				digits + count(line, marks[i]) % 10, 1 });
	return true;
}

static const struct {
	const char *name;
	bool (*split)(struct bytes line, struct members *all);
} formats[] = { { "json", split_json }, { "hunt", split_hunt },
	{ "auoms", split_auoms } };

#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

static char before_text[N_FORMATS][8192];
static struct members before[N_FORMATS];

static bool is_same(
	const struct members *a, const struct members *b, const char *changed)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!bytes_equal(a->m[i].key, b->m[i].key))
			return false;
		if (!bytes_equal(a->m[i].value, b->m[i].value) &&
			!bytes_equal(a->m[i].key, bytes_of(changed)))
			return false;
	}
	return true;
}

static bool is_in_alphabet(struct bytes line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] < 0x20 || line.p[i] > 0x7e)
			return false;
	return line.len > 0;
}

static void complain(const char *format, const char *field, struct bytes s)
{
	char hex[2 * (STRING_MAX + 64) + 1] = "";

	for (size_t i = 0; i < s.len && i < sizeof(hex) / 2; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)s.p[i]);
	check_fail(__LINE__, "%s, %s is %s: %.*s", format, field, hex,
		(int)sample.out.len, sample.out.p);
}

static void check_lines(size_t field, struct bytes value)
{
	for (size_t i = 0; i < N_FORMATS; i++) {
		struct members now = { .n = 0 };
		struct bytes line;

		sample_line(&sample, formats[i].name);
		line = str_bytes(&sample.out);
		if (!is_in_alphabet(line) || !formats[i].split(line, &now) ||
			!is_same(&now, &before[i], fields[field].key))
			complain(formats[i].name, fields[field].name, value);
	}
}

/* An exec that failed shows other fields than one that did not. */
static void arrange(bool has_execve)
{
	sample.ev.has_execve = has_execve;
	sample.ev.success = has_execve;
	for (size_t i = 0; i < N_FORMATS; i++) {
		struct bytes line = { before_text[i], 0 };

		sample_line(&sample, formats[i].name);
		line.len = sample.out.len;
		memcpy(before_text[i], sample.out.p, line.len);
		before[i].n = 0;
		CHECK(formats[i].split(line, &before[i]));
		CHECK(before[i].n > 5);
	}
}

static void test_field(size_t field, size_t strings)
{
	static char text[STRING_MAX + 64];
	struct bytes kept = *fields[field].at;
	bool is_late = !strcmp(fields[field].key, "path") ||
		       !strcmp(fields[field].key, "proctitle");

	check_start("%zu random strings as %s", strings, fields[field].name);
	arrange(!is_late);
	while (strings-- && check.n_bad < CHECK_SAID_MAX) {
		struct bytes value = { text, make_string(text) };

		/* Some are left out when they are empty. */
		if (!value.len)
			continue;
		*fields[field].at = value;
		check_lines(field, value);
	}
	*fields[field].at = kept;
}

int main(void)
{
	size_t strings = getenv("LONG") ? STRINGS_LONG : check_rounds(STRINGS);

	check.module = "format_random";
	sample_init(&sample);
	iocs[0] = (struct event_ioc){ .type_name = BYTES("url"),
		.value = BYTES("http://x.example/"),
		.layer = EVENT_IN_ARGV };
	sample.ev.iocs = iocs;
	sample.ev.n_iocs = 1;
	for (size_t i = 0; i < N_FIELDS; i++)
		test_field(i, strings / N_FIELDS);
	sample_fini(&sample);
	return check_end();
}
