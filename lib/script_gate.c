// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Whether a program has anything to put together: most of those that are run on
 * a machine count lines and print fields. What comes out of one was in it,
 * as letters or as numbers, and something has to change that or to join it.
 */
#include "script_state.h"

#include "script_calls.h"

/* Two letters are a command, and as many numbers where something is run. */
#define NUMBERS_RUN 2
#define NUMBERS     3

/* Operators that neither join nor change texts or numbers. */
static bool is_idle(const struct script_token *t)
{
	switch (t->op) {
	case '(':
	case ')':
	case ']':
	case '{':
	case '}':
	case ',':
	case ';':
	case ':':
	case '?':
	case '!':
	case '<':
	case '>':
	case OP_EQ:
	case OP_NE:
	case OP_LE:
	case OP_GE:
	case OP_AND:
	case OP_OR:
	case OP_NOT:
	case OP_IN:
	case OP_ARROW:
	case OP_INC:
	case OP_DEC:
	case OP_MEMBER:
		return true;
	case OP_SET:
		return !t->with;
	default:
		return false;
	}
}

/* [ before a text names what is in a map: letters are not picked so. */
static bool is_key(const struct script_token *t)
{
	return script_is_op(t, '[') && t[1].kind == SCRIPT_STRING &&
	       script_is_op(t + 2, ']');
}

/* count(*) */
static bool is_star(const struct script *s, size_t i)
{
	const struct script_token *t = &s->tokens[i];

	return i && script_is_op(t - 1, '(') && script_is_op(t, '*') &&
	       script_is_op(t + 1, ')');
}

static bool is_definition(const struct script *s, const struct script_token *t)
{
	return script_word(s, t) == WORD_DEF ||
	       script_word(s, t) == WORD_LAMBDA;
}

static bool is_run(const struct script *s, const struct script_token *t)
{
	return t->kind == SCRIPT_NAME &&
	       script_is_runner(s->names[t->name].call);
}

static bool is_idle_call(unsigned short call)
{
	unsigned int id = script_call_id(call);

	return id == CALL_NONE || script_is_runner(call) ||
	       script_is_write(call);
}

/* What is got out of a map or a list was in it, as it is; and how many there
 * are makes no letters. What a function makes of each is its own to say. */
static bool is_idle_name(const struct script *s, const struct script_token *t)
{
	switch (script_call_id(s->names[t->name].call)) {
	case CALL_GET:
	case CALL_LEN:
	case CALL_FILTER:
	case CALL_MAP:
		return true;
	default:
		return script_word(s, t) == WORD_FROM ||
		       is_idle_call(s->names[t->name].call);
	}
}

/* As it is written, quotes apart, and alone; and not the name of a function,
 * which may be called by it. */
static bool is_idle_string(
	const struct script *s, const struct script_token *t, bool is_joined)
{
	struct bytes text = { s->arena.p + t->value, t->len };

	if (is_joined || t->is_list || t->is_code ||
		t->end - t->at != t->len + 2)
		return false;
	if (t->mark && text.len && memchr(text.p, t->mark, text.len))
		return false;
	return is_idle_call(script_call_of(s, text));
}

/* Whether the operand at i stands right behind another: awk joins them, most
 * languages do so with strings. */
static bool is_joined(const struct script *s, size_t i)
{
	const struct script_token *t = &s->tokens[i];

	if (!i)
		return false;
	if (script_is(s, INVOCATION_AWK))
		return (t[-1].kind == SCRIPT_NAME &&
			       !s->names[t[-1].name].call) ||
		       t[-1].kind == SCRIPT_STRING ||
		       t[-1].kind == SCRIPT_NUMBER || script_is_op(t - 1, ')');
	return t[-1].kind == SCRIPT_STRING;
}

/* Whether there is more in the source than there are tokens of it. */
static bool is_cut(const struct script *s)
{
	return s->n_tokens + 3 >= TOKENS_MAX || s->steps >= s->steps_max ||
	       !str_ok(&s->arena);
}

bool script_may_make(const struct script *s)
{
	size_t letters = 0, numbers = 0;
	bool has_way = is_cut(s), has_run = false;

	for (size_t i = 0; i < s->n_tokens; i++) {
		const struct script_token *t = &s->tokens[i];

		switch (t->kind) {
		case SCRIPT_STRING:
			letters += t->len;
			has_way |= !is_idle_string(s, t, is_joined(s, i));
			has_run |= t->is_code;
			break;
		case SCRIPT_NUMBER:
			numbers++;
			break;
		case SCRIPT_PATTERN:
			letters += t->op == 'm' ? 0 : t->len + t->len2;
			has_way |= t->op != 'm';
			break;
		case SCRIPT_NAME:
			has_way |= !is_idle_name(s, t) || is_definition(s, t);
			has_run |= is_run(s, t);
			/* PHP takes a bare word for a string. */
			if (script_is(s, INVOCATION_PHP) && !t->has_sigil)
				letters += s->names[t->name].text.len;
			break;
		case SCRIPT_OP:
			has_way |= !is_idle(t) && !is_key(t) && !is_star(s, i);
			break;
		default:
			break;
		}
	}
	return has_way && (is_cut(s) || letters ||
				  numbers >= (has_run ? NUMBERS_RUN : NUMBERS));
}
