// SPDX-License-Identifier: GPL-3.0-or-later
/* sed with s and y commands. */
#include "command.h"

#include <stdint.h>

#include "edit.h"

/* Matching a byte takes a few steps; more of them, and it is bait. */
#define STEPS_PER_BYTE 16
#define STEPS_MIN      4096

struct sed {
	struct command_call *call;
	bool is_extended;
	struct str text[2]; /* from command to command */
	size_t steps;
};

static bool substitute(
	struct sed *s, struct bytes *script, struct bytes in, struct str *out)
{
	struct edit e;

	if (!edit_parse(&e, script, s->is_extended))
		return false;
	while (in.len) {
		const char *end = memchr(in.p, '\n', in.len);
		struct bytes line = { in.p,
			end ? (size_t)(end - in.p) : in.len };

		if (!edit_line(&e, line, &s->steps, out))
			return false;
		if (end)
			str_addc(out, '\n');
		in.p += line.len + (end != NULL);
		in.len -= line.len + (end != NULL);
	}
	return true;
}

/* y/abc/xyz/ */
static bool transliterate(
	struct bytes *script, struct bytes in, struct str *out)
{
	char delimiter = script->len > 1 ? script->p[1] : '\0';
	const char *from = script->p + 2, *mid, *end;
	char map[256];
	size_t left;

	if (script->len < 4)
		return false;
	left = script->len - 2;
	mid = memchr(from, delimiter, left);
	if (!mid)
		return false;
	left -= (size_t)(mid + 1 - from);
	end = memchr(mid + 1, delimiter, left);
	if (!end || end - mid - 1 != mid - from)
		return false;
	for (int i = 0; i < 256; i++)
		map[i] = (char)i;
	for (const char *p = from; p < mid; p++)
		map[(unsigned char)*p] = mid[1 + (p - from)];
	for (size_t i = 0; i < in.len; i++)
		str_addc(out, map[(unsigned char)in.p[i]]);
	script->len -= (size_t)(end + 1 - script->p);
	script->p = end + 1;
	return true;
}

static void skip_blanks(struct bytes *script)
{
	while (script->len && memchr("; \t\n", script->p[0], 4))
		script->p++, script->len--;
}

/* A script's commands, one after the other on all of the text, which comes
 * to the same for lines that none of them joins. */
static bool run_script(struct sed *s, struct bytes script)
{
	skip_blanks(&script);
	while (script.len) {
		struct str in = s->text[0];
		bool is_done;

		s->text[0] = s->text[1];
		s->text[1] = in;
		str_reset(&s->text[0]);
		if (script.p[0] == 'y')
			is_done = transliterate(
				&script, str_bytes(&s->text[1]), &s->text[0]);
		else
			is_done = substitute(s, &script, str_bytes(&s->text[1]),
				&s->text[0]);
		if (!is_done || !str_ok(&s->text[0]))
			return false;
		skip_blanks(&script);
	}
	return true;
}

/* -e scripts, or the first operand. */
static bool run_all(struct sed *s)
{
	struct command_opts o = { .call = s->call, .values = "e" };
	bool has_script = false;
	char c;

	while ((c = command_next(&o))) {
		s->is_extended |= c == 'E' || c == 'r' ||
				  (c == '-' && command_starts(o.word, "--reg"));
		if (c == 'n' || c == 'f' || c == 'i' || c == 'z')
			return false;
		if (c != 'e' && (c != '.' || has_script))
			continue;
		has_script = true;
		if (!run_script(s, c == 'e' ? o.value : o.word))
			return false;
	}
	return has_script;
}

static bool sed(struct command_call *call, struct str *out)
{
	struct sed s = { .call = call };
	bool is_done;

	if (!call->in.p)
		return false;
	s.steps = call->in.len * STEPS_PER_BYTE + STEPS_MIN;
	str_init(&s.text[0], out->max - out->len);
	str_init(&s.text[1], out->max - out->len);
	str_addb(&s.text[0], call->in);
	is_done = run_all(&s);
	if (is_done) {
		str_addb(out, str_bytes(&s.text[0]));
		if (!bytes_equal(str_bytes(&s.text[0]), call->in))
			call->undone = "sed";
		call->ends_line = call->has_newline;
	}
	str_fini(&s.text[0]);
	str_fini(&s.text[1]);
	return is_done;
}

const struct command command_sed = { .names = "sed gsed ssed", .run = sed };
