// SPDX-License-Identifier: GPL-3.0-or-later
/* Literals, casts, and words that begin an operand. */
#include "script_state.h"

#include <ctype.h>

#include "text.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

struct script_value script_literal(
	struct script *s, const struct script_token *t)
{
	struct script_value v = {
		.type = SCRIPT_TEXT, .at = t->value, .len = t->len
	};

	if (s->skip)
		return unknown;
	if (t->is_list)
		return script_split(s, &v, BYTES(" "));
	if (t->mark && t->len && memchr(s->arena.p + t->value, t->mark, t->len))
		v = script_filled(s, t);
	if (text_readable(s->arena.p + v.at, v.len) != v.len)
		v.flags |= IS_ODD;
	if (t->is_bytes)
		v.flags |= IS_BYTES;
	if (t->is_code && (t->first == '`' || t->first == 'q')) {
		script_tell(s, &v, true);
		return unknown;
	}
	if (t->is_code)
		script_undone(s, &v, "charcode", IS_HIDDEN);
	return v;
}

/* Without =~ it is about $_. */
struct script_value script_bare_pattern(
	struct script *s, const struct script_token *t)
{
	struct script_value v = { .type = SCRIPT_TEXT,
		.flags = IS_PATTERN,
		.at = t->value,
		.len = t->len };
	const struct script_value *it = script_find(s, s->underscore);

	if (t->op == 'm' || !it || s->skip)
		return v;
	s->pos--;
	v = script_apply(s, it, s->underscore, true);
	return v;
}

/* [char]65, [char[]](65, 66), [Convert]::..., [Text.Encoding]::... */
struct script_value script_cast(struct script *s, size_t open)
{
	size_t end = s->tokens[open].other;
	const struct script_token *name = NULL;
	struct script_value args[1] = { unknown };
	bool is_list = false;
	struct bytes w;

	if (!end)
		return unknown;
	for (size_t i = open + 1; i < end; i++) {
		if (s->tokens[i].kind == SCRIPT_NAME)
			name = &s->tokens[i];
		is_list |= script_is_op(&s->tokens[i], '[');
	}
	s->pos = end + 1;
	if (!name || script_is_op(script_peek(s, 0), OP_MEMBER))
		return unknown;
	w = s->names[name->name].text;
	args[0] = script_expr(s, RANK_UNARY + 1);
	if (s->skip)
		return unknown;
	if (bytes_equal(w, BYTES("char")) && !is_list)
		return script_chr(s, &args[0]);
	if (is_list && args[0].type == SCRIPT_TEXT &&
		bytes_equal(w, BYTES("char")))
		return script_split(s, &args[0], BYTES(""));
	if (is_list && (bytes_equal(w, BYTES("char")) ||
			       bytes_equal(w, BYTES("byte"))))
		return script_bytes(s, &args[0], bytes_equal(w, BYTES("byte")));
	if (bytes_equal(w, BYTES("string")))
		return script_to_text(s, &args[0]);
	if (bytes_equal(w, BYTES("int")) || bytes_equal(w, BYTES("byte"))) {
		int64_t n;

		if (args[0].type == SCRIPT_TEXT && args[0].len == 1)
			return script_element_number(s, &args[0]);
		return script_to_int(s, &args[0], &n) ? script_int(n) : unknown;
	}
	return args[0];
}

/* What ... gives: also of what a map's values are. */
static struct script_value characters(
	struct script *s, const struct script_value *v)
{
	struct script_value all = script_as_list(s, v);

	return all.type == SCRIPT_LIST ? all : script_list(s, NULL, 0);
}

/* [a, b], {a: b}, Lua's {a, b}, PHP's [a => b] */
struct script_value script_items(struct script *s, size_t open)
{
	size_t end = s->tokens[open].other;
	struct script_value list = script_list(s, NULL, 0), v;
	bool is_map = false, is_spread;

	if (!end)
		end = s->n_tokens - 1;
	/* Without steps nothing is read any more. */
	while (s->pos < end && s->steps < s->steps_max) {
		size_t pos = s->pos;

		if (script_take(s, ',') || script_take(s, ';') ||
			script_peek(s, 0)->kind == SCRIPT_LINE) {
			s->pos += s->pos == pos;
			continue;
		}
		is_spread = script_is_op(script_peek(s, 0), OP_RANGE) ||
			    script_is_op(script_peek(s, 0), '*');
		v = script_item(s);
		if (is_spread) {
			struct script_value all = characters(s, &v);

			for (uint32_t i = 0;
				i < script_length(s, &all) && script_step(s);
				i++)
				script_append(s, &list, &s->items[all.at + i]);
			continue;
		}
		if (script_is_op(script_peek(s, 0), ':') ||
			script_is_op(script_peek(s, 0), OP_ARROW)) {
			is_map = true;
			if (v.type == SCRIPT_BUILTIN)
				v = script_string(s, s->names[v.at].text);
			script_append(s, &list, &v);
			s->pos++;
			v = script_item(s);
		}
		script_append(s, &list, &v);
		if (s->pos == pos)
			s->pos++;
	}
	s->pos = end + (end + 1 < s->n_tokens);
	if (is_map && list.type == SCRIPT_LIST)
		list.type = SCRIPT_MAP;
	return list;
}

/* Words that are no names. False: it is one. */
bool script_keyword(
	struct script *s, const struct script_token *t, struct script_value *v)
{
	const struct script_token *next = script_peek(s, 0);
	struct script_function f = { .n_params = 0 };
	unsigned short call;

	*v = unknown;
	switch (script_word(s, t)) {
	case WORD_LAMBDA:
	case WORD_DEF:
		s->pos--;
		*v = script_define(s);
		return true;
	case WORD_SKIP:
	case WORD_DECLARE:
		*v = script_atom(s);
		return true;
	case WORD_DO:
		if (!script_is_op(next, '{') || !next->other)
			return true;
		f.at = (uint32_t)s->pos + 1;
		f.end = next->other;
		s->pos = next->other + 1;
		*v = script_add_function(s, &f);
		if (v->type == SCRIPT_FUNCTION)
			*v = script_call_function(s, v, NULL, 0);
		return true;
	case WORD_NONE:
		break;
	default:
		return true;
	}
	/* eval { ... } */
	call = s->names[t->name].call;
	if (call && script_is_op(next, '{') && script_is(s, INVOCATION_PERL) &&
		!t->has_sigil && !script_is_mapping(call) && next->other) {
		size_t past = next->other + 1;

		script_block(s, s->pos + 1, next->other);
		s->pos = past;
		return true;
	}
	if (script_is_op(next, OP_ARROW) && script_is(s, INVOCATION_NODE)) {
		s->pos--;
		*v = script_define(s);
		return true;
	}
	return false;
}
