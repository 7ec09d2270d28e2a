// SPDX-License-Identifier: GPL-3.0-or-later
/* What is done with an operand from behind: calls, members, indexes. */
#include "script_state.h"

#include <ctype.h>

#include "script_calls.h"

/* A text this short is one of the letters that another was made of. */
#define LETTERS_MAX 4

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

static bool is_adjacent(const struct script *s, unsigned int op)
{
	return script_is_op(script_peek(s, 0), op) &&
	       !script_peek(s, 0)->is_spaced;
}

struct script_value script_invoke(struct script *s,
	const struct script_value *f, struct script_value *args, size_t n)
{
	if (s->skip || !script_step(s))
		return unknown;
	if (f->type == SCRIPT_UNKNOWN)
		return script_call(s, 0, NULL, args, n);
	return script_call_value(s, f, args, n);
}

/* The number of a character, which stands for it by itself. */
static bool is_code(struct bytes text)
{
	size_t n = 0;

	while (n < text.len && isdigit((unsigned char)text.p[n]))
		n++;
	return n == text.len && n > 1;
}

struct script_value script_letter(struct script *s, struct script_value v)
{
	if (v.type == SCRIPT_TEXT && v.len < LETTERS_MAX && !v.chain &&
		!is_code(script_text(s, &v)))
		script_undone(s, &v, "charcode", IS_CHANGED);
	return v;
}

struct script_value script_get(struct script *s, const struct script_value *m,
	const struct script_value *key)
{
	s->steps += m->len / 8;
	for (uint32_t i = 0; i + 1 < m->len; i += 2)
		if (script_equal(s, &s->items[m->at + i], key))
			return script_letter(s, s->items[m->at + i + 1]);
	return unknown;
}

/* f.call(this, a), f.apply(this, [a]), f.Invoke(a): false: it is another. */
static bool by_call(struct script *s, const struct script_value *f,
	struct bytes name, struct script_value *args, size_t n,
	struct script_value *to)
{
	bool is_apply = bytes_equal(name, BYTES("apply"));
	bool is_call = bytes_equal(name, BYTES("call"));
	struct script_value list;

	if (!invocation_is_listed("call apply Invoke invoke __call__ bind "
				  "InvokeReturnAsIs",
		    name))
		return false;
	if (!script_is(s, INVOCATION_NODE)) {
		*to = script_invoke(s, f, args, n);
		return true;
	}
	if (!is_apply && !is_call)
		return false;
	n -= n > 0;
	list = args[1];
	if (is_apply && n && list.type == SCRIPT_LIST)
		n = script_spread(s, &list, args, 0);
	else
		for (size_t i = 0; i < n; i++)
			args[i] = args[i + 1];
	*to = script_invoke(s, f, args, n);
	return true;
}

/* .name(...) of an object or a map. */
static struct script_value of_map(struct script *s,
	const struct script_value *v, unsigned short name,
	struct script_value *args, size_t n)
{
	const struct script_value *f = script_field(s, v, s->names[name].text);
	struct script_value copy;

	if (f) {
		copy = *f;
		return script_method(s, v, &copy, args, n);
	}
	if (v->flags & IS_CLASS &&
		bytes_equal(s->names[name].text, BYTES("new")))
		return script_object(s, v, args, n);
	return script_call(s, s->names[name].call, v, args, n);
}

/* Of what is no value that is known: a class, a module. */
static struct script_value of_name(struct script *s,
	const struct script_value *v, unsigned short name,
	struct script_value *args, size_t n)
{
	const struct script_value *f;
	unsigned short call = s->names[name].call;

	if (v->type == SCRIPT_BUILTIN &&
		bytes_equal(s->names[name].text, BYTES("new")) &&
		s->names[v->at].call)
		call = s->names[v->at].call;
	f = call ? NULL : script_field(s, v, s->names[name].text);
	if (!f && !call)
		f = script_find(s, name);
	if (f && f->type == SCRIPT_FUNCTION)
		return script_call_value(s, f, args, n);
	return script_call(s, call, NULL, args, n);
}

/* Its arguments, and the block behind it. False: it has none. */
static bool arguments(
	struct script *s, struct script_value args[ARGS_MAX], size_t *n)
{
	bool is_call = is_adjacent(s, '(');

	if (is_call) {
		s->pos++;
		*n = script_args(s, ')', args);
	}
	if (*n < ARGS_MAX && script_ruby_block(s, &args[*n])) {
		is_call = true;
		++*n;
	}
	return is_call;
}

/* .name = v, .name += v */
static struct script_value set_member(
	struct script *s, const struct script_value *of, unsigned short name)
{
	unsigned int with = script_peek(s, 0)->with;
	const struct script_value *old;
	struct script_value v;

	s->pos++;
	v = script_expr(s, RANK_COND);
	old = with ? script_field(s, of, s->names[name].text) : NULL;
	if (old)
		v = script_binary(s, with, old, &v);
	script_set_field(s, of, name, &v);
	return v;
}

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define PUNCT  "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

/* What Python's string has. */
static struct script_value alphabet(struct script *s, unsigned short name)
{
	static const struct {
		const char *name, *text;
	} rows[] = { { "ascii_lowercase", LOWER }, { "ascii_uppercase", UPPER },
		{ "ascii_letters", LOWER UPPER }, { "digits", DIGITS },
		{ "hexdigits", DIGITS "abcdefABCDEF" },
		{ "punctuation", PUNCT },
		{ "printable", DIGITS LOWER UPPER PUNCT " \t\n\r\v\f" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (bytes_equal(s->names[name].text, bytes_of(rows[i].name)))
			return script_string(s, bytes_of(rows[i].text));
	return (struct script_value){ .type = SCRIPT_BUILTIN, .at = name };
}

static struct script_value property(
	struct script *s, const struct script_value *v, unsigned short name)
{
	bool is_value = v->type == SCRIPT_TEXT || v->type == SCRIPT_LIST ||
			v->type == SCRIPT_INT || v->type == SCRIPT_BIG;
	unsigned short call = s->names[name].call;
	struct script_value args[1] = { unknown };
	const struct script_value *f;

	if (is_value &&
		(script_is(s, INVOCATION_RUBY) || script_is_property(call)))
		return script_call(s, call, v, args, 0);
	if (is_value && v->flags & IS_HIDDEN)
		return *v;
	f = script_field(s, v, s->names[name].text);
	if (f)
		return *f;
	if (v->type == SCRIPT_MAP && script_is(s, INVOCATION_RUBY))
		return of_map(s, v, name, args, 0);
	if (v->type == SCRIPT_MAP && !script_is_property(call))
		return unknown;
	if (script_is(s, INVOCATION_PYTHON))
		return alphabet(s, name);
	return (struct script_value){ .type = SCRIPT_BUILTIN, .at = name };
}

/* The variable that a member is of, as it is now: a.push(a.shift()). */
static void renew(struct script *s, const struct script_token *first,
	struct script_value *v)
{
	const struct script_value *now = script_find(s, first->name);

	if (now && now->type == SCRIPT_LIST && v->type == SCRIPT_LIST)
		*v = *now;
}

/* The name at pos. False: it is none. */
static bool take_name(struct script *s, unsigned short *name)
{
	const struct script_token *t = script_peek(s, 0);

	if (t->kind == SCRIPT_STRING)
		*name = script_name(
			s, (struct bytes){ s->arena.p + t->value, t->len });
	else if (t->kind == SCRIPT_NAME)
		*name = t->name;
	else
		return false;
	s->pos++;
	return true;
}

/* [array]::Reverse($a) changes it. */
static void update(struct script *s, const struct script_token *first,
	const struct script_token *m, unsigned short call,
	const struct script_value *v)
{
	if (first + 2 == m && first->kind == SCRIPT_NAME)
		script_update(s, first->name, call, v);
	else if (script_is(s, INVOCATION_POWERSHELL) &&
		 script_is_op(first, '[') && script_is_op(m + 1, '(') &&
		 m[2].kind == SCRIPT_NAME)
		script_update(s, m[2].name, call, v);
}

struct script_value script_member(struct script *s, struct script_value v,
	const struct script_token *first)
{
	const struct script_token *m = script_peek(s, 0);
	struct script_value args[ARGS_MAX], to = unknown;
	bool is_direct = first + 2 == m && first->kind == SCRIPT_NAME;
	unsigned short call, name = 0;
	size_t n = 0;

	if (script_is_op(m, '[') || script_is_op(m, '{') ||
		script_is_op(m, '(') || !take_name(s, &name))
		return v;
	call = s->names[name].call;
	if (script_is_op(script_peek(s, 0), OP_SET))
		return set_member(s, &v, name);
	if (!arguments(s, args, &n))
		return s->skip ? unknown : property(s, &v, name);
	if (s->skip)
		return unknown;
	if (is_direct)
		renew(s, first, &v);
	if (v.type == SCRIPT_LIST && !call)
		v = unknown;
	if (v.type == SCRIPT_MAP)
		return of_map(s, &v, name, args, n);
	if ((v.type == SCRIPT_FUNCTION ||
		    (v.type == SCRIPT_BUILTIN && s->names[v.at].call)) &&
		by_call(s, &v, s->names[name].text, args, n, &to))
		return to;
	if (v.type == SCRIPT_FUNCTION)
		to = script_call_value(s, &v, args, n);
	else if (v.type == SCRIPT_UNKNOWN || v.type == SCRIPT_BUILTIN)
		to = of_name(s, &v, name, args, n);
	else
		to = script_call(s, call, &v, args, n);
	update(s, first, m, call, &to);
	return to;
}

/* What is between the brackets of an index. */
struct index {
	struct script_value key;
	int64_t part[3];
	bool has[3], is_slice;
};

static void read_index(struct script *s, struct index *x)
{
	size_t i = 0;
	int64_t n;

	*x = (struct index){ .part = { 0, INT64_MAX, 1 } };
	while (s->pos < s->n_tokens && i < 3 &&
		!script_is_op(script_peek(s, 0), ']')) {
		if (script_take(s, ':')) {
			i++;
			continue;
		}
		if (script_take(s, OP_MEMBER)) {
			/* Two : */
			i += 2;
			continue;
		}
		if (script_peek(s, 0)->kind == SCRIPT_END)
			break;
		x->key = script_expr(s, RANK_TERNARY);
		if (script_is_op(script_peek(s, 0), ','))
			x->key = script_rest(s, x->key);
		if (script_to_int(s, &x->key, &n)) {
			x->part[i] = n;
			x->has[i] = true;
		}
		if (!script_is_op(script_peek(s, 0), ':') &&
			!script_is_op(script_peek(s, 0), OP_MEMBER))
			break;
	}
	x->is_slice = i > 0;
}

/* A name that was put together, of a module or of what is global. */
static struct script_value named(struct script *s, const struct index *x)
{
	unsigned short name = script_name(s, script_text(s, &x->key));
	const struct script_value *v = script_find(s, name);

	if (v)
		return *v;
	return (struct script_value){ .type = SCRIPT_BUILTIN, .at = name };
}

/* [i], [a:b:c], [-1..-9] */
struct script_value script_subscript(struct script *s, struct script_value v)
{
	size_t open = s->pos - 1, end = s->tokens[open].other;
	struct index x;

	read_index(s, &x);
	s->pos = end ? end + 1 : s->pos + 1;
	if (s->skip)
		return unknown;
	if (x.is_slice && v.type != SCRIPT_UNKNOWN)
		return script_slice(s, &v, x.has[0] ? x.part[0] : INT64_MIN,
			x.has[1] ? x.part[1] : INT64_MAX,
			x.has[2] ? x.part[2] : 1);
	if (v.type == SCRIPT_MAP)
		return script_get(s, &v, &x.key);
	if (x.key.type == SCRIPT_TEXT && x.key.len && !x.has[0] &&
		(v.type != SCRIPT_LIST || script_is(s, INVOCATION_NODE)))
		return named(s, &x);
	if (x.key.type == SCRIPT_LIST && v.type != SCRIPT_UNKNOWN)
		return script_pick(s, &v, &x.key);
	if (!x.has[0] || x.is_slice)
		return unknown;
	/* Ruby's s[at, n] has two. */
	v = script_element(s, &v,
		x.part[0] - (script_is(s, INVOCATION_LUA) ||
				    script_is(s, INVOCATION_AWK)));
	return x.key.flags & IS_COUNTED ? v : script_letter(s, v);
}

/* awk's split(s, a, b) gives a the list, and is how long that is. */
static struct script_value split_into(
	struct script *s, size_t open, const struct script_value *list)
{
	for (size_t i = open + 1; i < s->tokens[open].other; i++) {
		const struct script_token *t = &s->tokens[i];

		if (script_is_op(t, ',') && t[1].kind == SCRIPT_NAME &&
			list->type == SCRIPT_LIST) {
			script_bind(s, t[1].name, list);
			return script_int(list->len);
		}
		if (t->kind == SCRIPT_OP && t->other > i)
			i = t->other;
	}
	return unknown;
}

/* awk's gsub(a, b, x), gsub(a, b): what x is then, or the record. */
static void put_back(struct script *s, size_t open, bool is_record,
	const struct script_value *v)
{
	const struct script_token *last = &s->tokens[s->tokens[open].other];

	if (s->skip)
		return;
	if (is_record)
		script_set_record(s, v);
	else if (s->tokens[open].other && last[-1].kind == SCRIPT_NAME &&
		 !last[-1].has_sigil && script_is_op(last - 2, ','))
		script_bind(s, last[-1].name, v);
	else
		s->is_lost = true;
}

/* f(...) */
struct script_value script_called(struct script *s, struct script_value v)
{
	const struct script_token *m = script_peek(s, 1);
	unsigned short call =
		v.type == SCRIPT_BUILTIN ? s->names[v.at].call : 0;
	struct script_value args[ARGS_MAX];
	size_t n, open = s->pos;
	bool is_record,
		is_gsub = call && script_is(s, INVOCATION_AWK) &&
			  bytes_equal(s->names[v.at].text, BYTES("gsub"));

	s->pos++;
	/* PHP's array('a' => 'b') */
	if (script_call_id(call) == CALL_LIST &&
		script_is_op(script_peek(s, 1), OP_ARROW))
		return script_items(s, s->pos - 1);
	n = script_args(s, ')', args);
	if (n < ARGS_MAX && script_ruby_block(s, &args[n]))
		n++;
	is_record = is_gsub && n == 2;
	if (is_record)
		args[n++] = s->record;
	v = script_invoke(s, &v, args, n);
	if (script_call_id(call) == CALL_SPLIT && script_is(s, INVOCATION_AWK))
		return split_into(s, open, &v);
	if (is_gsub && n == 3)
		put_back(s, open, is_record, &v);
	if (call && m->kind == SCRIPT_NAME)
		script_update(s, m->name, call, &v);
	return v;
}

/* $h{key} */
struct script_value script_keyed(struct script *s, struct script_value v)
{
	const struct script_token *t = script_peek(s, 0);
	const struct script_token *key = script_peek(s, 1);
	size_t past = t->other ? t->other + 1 : s->pos + 1;
	struct script_value k, list, one;

	s->pos++;
	if (key->kind == SCRIPT_NAME && !key->has_sigil &&
		t->other == s->pos + 1)
		k = script_string(s, s->names[key->name].text);
	else
		k = script_expr(s, RANK_ALL);
	s->pos = past;
	if (s->skip)
		return unknown;
	if (k.type != SCRIPT_LIST)
		return script_get(s, &v, &k);
	/* @h{'a', 'b'} */
	list = script_list(s, NULL, 0);
	for (uint32_t i = 0; i < k.len && script_step(s); i++) {
		one = script_get(s, &v, &s->items[k.at + i]);
		script_append(s, &list, &one);
	}
	return list;
}
