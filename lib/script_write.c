// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a program writes in pieces, for a pipe or a file: letter by letter, or
 * what printf makes. It is told when it ends, or goes on with what nobody
 * knows.
 */
#include "script_calls.h"
#include "script_state.h"
#include "script_values.h"

/* Of lines so short that each is a letter, nothing is made. */
#define LINE_LEAST 3

/* Whether a line ends behind what the call writes. */
static bool ends_line(const struct script *s, unsigned int id,
	const struct script_value *a, size_t n)
{
	if (id == CALL_LINE)
		return true;
	if (id != CALL_PRINT)
		return false;
	/* end='' */
	if (script_is(s, INVOCATION_PYTHON))
		return n < 2 || a[n - 1].type != SCRIPT_TEXT || a[n - 1].len;
	return script_is(s, INVOCATION_AWK) || script_is(s, INVOCATION_LUA);
}

static bool has_blanks(const struct script *s, unsigned int id)
{
	return (id == CALL_PRINT && (script_is(s, INVOCATION_PYTHON) ||
					    script_is(s, INVOCATION_AWK))) ||
	       (id == CALL_LINE && script_is(s, INVOCATION_NODE));
}

static bool add(struct script *s, const struct script_value *v, bool is_deep)
{
	struct script_value text;

	if (v->type == SCRIPT_LIST && is_deep) {
		for (uint32_t i = 0; i < v->len && script_step(s); i++)
			if (!add(s, &s->items[v->at + i], false))
				return false;
		return true;
	}
	text = v->type == SCRIPT_INT ? script_to_text(s, v) : *v;
	if (text.type != SCRIPT_TEXT)
		return false;
	s->steps += text.len / 16;
	str_addb(&s->written, script_text(s, &text));
	s->writing.flags |= text.flags & (IS_HIDDEN | IS_CHANGED);
	s->writing.number += text.number;
	if (!s->writing.chain)
		s->writing.chain = text.chain;
	return true;
}

/* A to Z: somebody counts. */
static bool is_row(struct bytes t)
{
	size_t i = 2;

	while (i < t.len && t.p[i] - t.p[i - 1] == t.p[1] - t.p[0])
		i++;
	return i >= t.len;
}

void script_write_end(struct script *s)
{
	struct bytes text = str_bytes(&s->written);
	struct script_value v = s->writing;

	while (text.len && text.p[text.len - 1] == '\n')
		text.len--;
	if (s->is_filter)
		return;
	if (s->n_writes > 1 && text.len > LINE_LEAST * s->n_lines &&
		!is_row(text) && str_ok(&s->written)) {
		v.type = SCRIPT_TEXT;
		v.at = (uint32_t)s->arena.len;
		v.len = (uint32_t)text.len;
		str_addb(&s->arena, text);
		if (str_ok(&s->arena))
			script_tell(s, &v, s->is_piped);
	}
	str_reset(&s->written);
	s->writing = (struct script_value){ .type = SCRIPT_UNKNOWN };
	s->n_writes = s->n_lines = 0;
	s->is_piped = false;
}

/* What printf makes of its arguments. */
static struct script_value formatted(
	struct script *s, const struct script_value *args, size_t n)
{
	struct script_value a[ARGS_MAX + 3] = { 0 }, v = { 0 };

	if (!n || n > ARGS_MAX || args[n - 1].flags & IS_REST)
		return v;
	memcpy(a, args, n * sizeof(*a));
	(void)script_cut(s, CALL_SPRINTF, a, n, false, &v);
	return v;
}

void script_write(struct script *s, unsigned short call,
	const struct script_value *args, size_t n, bool is_piped)
{
	unsigned int id = script_call_id(call);
	bool is_list = script_is(s, INVOCATION_PERL) ||
		       script_is(s, INVOCATION_POWERSHELL);
	struct script_value one;
	bool is_known = true;

	if (id != CALL_PRINT && id != CALL_LINE && id != CALL_OUT &&
		id != CALL_PRINTF)
		return;
	if (id == CALL_PRINTF) {
		one = formatted(s, args, n);
		args = &one;
		n = 1;
	}
	s->written.max = s->arena.max;
	for (size_t i = 0; i < n && is_known; i++) {
		if (i && has_blanks(s, id) && args[i].len)
			str_addc(&s->written, ' ');
		is_known = add(s, &args[i], is_list);
	}
	if (!is_known) {
		s->is_lost = true;
		script_write_end(s);
		return;
	}
	s->is_piped |= is_piped;
	s->n_writes++;
	s->is_line = ends_line(s, id, args, n);
	if (!s->is_line)
		return;
	str_addc(&s->written, '\n');
	s->n_lines++;
}
