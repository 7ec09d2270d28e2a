// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A program as a filter: what it writes of an input that is known. awk's rules
 * are gone through for each line, and so are programs under -n and -p.
 */
#include "script_filter.h"

#include "script_calls.h"
#include "script_state.h"
#include "script_values.h"
#include "text.h"

#define LINES_MAX 4096
/* What it takes to begin with any program. */
#define START_STEPS 512

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

static void bind_z(struct script *s, const char *name, struct script_value v)
{
	script_bind(s, script_name(s, bytes_of(name)), &v);
}

/* Takes a line off the front, with its newline if that is to stay. */
static struct bytes next_line(struct bytes *rest, char newline, bool with_end)
{
	const char *end = memchr(rest->p, newline, rest->len);
	struct bytes line = { rest->p,
		end ? (size_t)(end - rest->p) : rest->len };

	rest->p += line.len + (end != NULL);
	rest->len -= line.len + (end != NULL);
	line.len += with_end && end;
	return line;
}

/* --- awk ------------------------------------------------------------------ */

static struct script_value field(struct script *s, int64_t n)
{
	if (!n)
		return s->record;
	if (n < 0 || s->record.type != SCRIPT_TEXT)
		return unknown;
	if (n > s->fields.len)
		return script_string(s, BYTES(""));
	return s->items[s->fields.at + (uint32_t)n - 1];
}

struct script_value script_record_field(
	struct script *s, const struct script_value *which)
{
	int64_t n;

	return script_to_int(s, which, &n) ? field(s, n) : unknown;
}

struct script_value script_record_named(
	struct script *s, const struct script_token *t)
{
	const struct script_value *v;
	uint64_t n;

	if (text_u64(s->names[t->name].text, 10, &n) == 0)
		return field(s, n > LINES_MAX ? LINES_MAX : (int64_t)n);
	v = script_find(s, t->name);
	return v ? script_record_field(s, v) : unknown;
}

static struct bytes separator_of(struct script *s)
{
	const struct script_value *v =
		script_find(s, script_name(s, BYTES("FS")));

	return v && v->len ? script_text(s, v) : BYTES(" ");
}

void script_set_record(struct script *s, const struct script_value *v)
{
	s->record = *v;
	s->fields = script_split(s, &s->record, separator_of(s));
	bind_z(s, "NF", script_int(s->fields.len));
}

/* Past a rule's pattern; whether its action is to be run. */
static bool pattern(struct script *s)
{
	struct script_value v;
	bool no_block = s->no_block, is_idle = s->phase != PHASE_LINE;

	if (script_is_op(script_peek(s, 0), '{'))
		return !is_idle;
	s->no_block = true;
	s->skip += is_idle;
	v = script_expr(s, RANK_ALL);
	s->skip -= is_idle;
	s->no_block = no_block;
	if (is_idle)
		return false;
	/* A pattern is looked for in the record, which is not done here. */
	s->is_lost |= v.flags & IS_PATTERN || v.type == SCRIPT_UNKNOWN;
	return script_true(s, &v);
}

void script_rule(struct script *s)
{
	const struct script_token *t = script_peek(s, 0);
	enum script_word w = script_word(s, t);
	size_t pos = s->pos;
	bool is_run;

	if (w == WORD_TRY || w == WORD_CATCH) {
		script_section(s,
			s->phase == (w == WORD_TRY ? PHASE_BEGIN : PHASE_END));
		return;
	}
	s->has_rules = true;
	is_run = pattern(s);
	t = script_peek(s, 0);
	if (script_is_op(t, '{') && t->other) {
		if (is_run)
			script_block(s, s->pos + 1, t->other);
		s->pos = t->other + 1;
	} else if (is_run) {
		script_write(s, script_call_of(s, BYTES("print")), &s->record,
			1, false);
	}
	s->pos += s->pos == pos;
	/* next */
	s->pos = s->jump == JUMP_CONTINUE ? s->n_tokens : s->pos;
}

static void run_rules(struct script *s, enum script_phase phase)
{
	s->phase = phase;
	s->jump = JUMP_NONE;
	script_block(s, 0, s->end);
}

static void run_awk(struct script *s, struct bytes in, struct bytes separator)
{
	const struct script_value *v;
	int64_t n = 0;
	char newline;

	bind_z(s, "RS", script_string(s, BYTES("\n")));
	bind_z(s, "NR", script_int(0));
	bind_z(s, "FS", script_string(s, separator));
	run_rules(s, PHASE_BEGIN);
	s->is_lost |= separator_of(s).len > 1;
	v = script_find(s, script_name(s, BYTES("RS")));
	newline = v && v->len == 1 ? script_text(s, v).p[0] : '\n';
	s->is_lost |= v && v->len != 1;
	while (in.len && n < LINES_MAX && script_step(s) && !s->is_lost) {
		struct script_value line =
			script_string(s, next_line(&in, newline, false));

		script_set_record(s, &line);
		bind_z(s, "NR", script_int(++n));
		run_rules(s, PHASE_LINE);
	}
	s->is_lost |= in.len > 0;
	run_rules(s, PHASE_END);
	s->phase = PHASE_NONE;
}

/* --- perl and ruby under -n and -p ---------------------------------------- */

static void run_lines(
	struct script *s, struct bytes in, const struct script_filter *how)
{
	unsigned short print = script_call_of(s, BYTES("print"));

	for (size_t n = 0; in.len && n < LINES_MAX && script_step(s); n++) {
		struct bytes line = in;
		struct script_value v;

		if (how->is_whole)
			in.len = 0;
		else
			line = next_line(&in, '\n', !how->is_chomped);
		v = script_string(s, line);
		script_bind(s, s->underscore, &v);
		if (how->is_split) {
			v = script_split(s, &v,
				how->separator.len ? how->separator
						   : BYTES(" "));
			bind_z(s, "F", v);
		}
		s->jump = JUMP_NONE;
		script_block(s, 0, s->end);
		if (how->mode == 'p')
			script_write(s, print, script_find(s, s->underscore), 1,
				false);
	}
	s->is_lost |= in.len > 0;
}

/* --- all ------------------------------------------------------------------ */

static void bind_input(struct script *s, struct bytes in)
{
	unsigned short name = script_name(s, BYTES("stdin"));

	s->in = script_string(s, in);
	s->lines = script_list(s, NULL, 0);
	if (!script_is(s, INVOCATION_PYTHON)) {
		bind_z(s, "STDIN", s->in);
		bind_z(s, "ARGF", s->in);
		bind_z(s, "stdin", s->in);
		return;
	}
	for (size_t n = 0; in.len && n < LINES_MAX && script_step(s); n++) {
		struct script_value v =
			script_string(s, next_line(&in, '\n', true));

		script_append(s, &s->lines, &v);
	}
	script_set_field(s, &unknown, name, &s->lines);
}

struct script_value script_input(
	struct script *s, const struct script_value *a, size_t n)
{
	struct bytes in = script_text(s, &s->in), name = script_text(s, &a[0]);
	struct script_value v = s->in;

	if (s->in.type != SCRIPT_TEXT)
		return unknown;
	if (n && !(a[0].type == SCRIPT_INT && !a[0].number) &&
		!bytes_equal(name, in) &&
		!bytes_equal(name, BYTES("php://stdin")) &&
		!bytes_equal(name, BYTES("/dev/stdin")))
		return unknown;
	/* Without its newline; nobody minds one. */
	while (v.len && in.p[v.len - 1] == '\n')
		v.len--;
	return memchr(in.p, '\n', v.len) && !n ? unknown : v;
}

/* How it came about, for the chain. */
static void tell_how(
	struct script *s, struct bytes in, struct script_filter *how)
{
	struct bytes out = text_trim(str_bytes(&s->written));
	size_t n = 0;

	in = text_trim(in);
	while (n < in.len && in.len == out.len &&
		in.p[n] == out.p[in.len - 1 - n])
		n++;
	how->is_decoded = s->writing.flags & IS_HIDDEN;
	how->is_cipher = s->writing.flags & IS_CHANGED;
	how->undone = n && n == in.len ? "reverse" : NULL;
	if (!how->undone && s->writing.chain)
		how->undone = s->chains[s->writing.chain].name;
}

bool script_filter(struct script *s, struct bytes text,
	enum invocation_language language, struct bytes in,
	struct script_filter *how, struct str *out)
{
	bool is_good = s->left && script_start(s, text, language);
	bool is_deaf = !in.p;

	if (!is_good || (is_deaf && language != INVOCATION_AWK))
		return false;
	if (is_deaf)
		in = BYTES("");
	s->steps += START_STEPS;
	s->is_filter = true;
	s->has_rules = false;
	script_lex(s);
	bind_input(s, in);
	if (language == INVOCATION_AWK)
		run_awk(s, in, how->separator);
	else if (how->mode)
		run_lines(s, in, how);
	else
		script_block(s, 0, s->end);
	s->is_lost |= is_deaf && s->has_rules;
	is_good = !s->is_lost && !s->is_full && s->written.len &&
		  s->steps < s->steps_max && str_ok(&s->written) &&
		  str_ok(&s->arena);
	if (is_good) {
		how->ends_line = s->is_line;
		str_add(out, s->written.p, s->written.len - s->is_line);
		tell_how(s, in, how);
	}
	how->steps = s->steps;
	s->is_filter = false;
	script_spend(s);
	return is_good;
}
