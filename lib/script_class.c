// SPDX-License-Identifier: GPL-3.0-or-later
/* Classes and their objects. A class is a map of what its block names, and each
 * of its objects is that map: programs that hide have one of each. */
#include "script_state.h"

#include "script_calls.h"

static const struct script_value unknown = { .type = SCRIPT_UNKNOWN };

struct script_value *script_field(
	struct script *s, const struct script_value *of, struct bytes key)
{
	for (uint32_t i = 0; of->type == SCRIPT_MAP && i + 1 < of->len; i += 2)
		if (bytes_equal(script_text(s, &s->items[of->at + i]), key))
			return &s->items[of->at + i + 1];
	if (of->type == SCRIPT_MAP)
		s->steps += of->len / 8;
	for (size_t i = 0; i < s->n_members; i++)
		if (bytes_equal(s->names[s->members[i].name].text, key))
			return &s->members[i].value;
	return NULL;
}

void script_set_field(struct script *s, const struct script_value *of,
	unsigned short name, const struct script_value *v)
{
	struct script_value *old = script_field(s, of, s->names[name].text);

	if (s->skip)
		return;
	if (old) {
		*old = *v;
	} else if (s->n_members < MEMBERS_MAX) {
		s->members[s->n_members].name = name;
		s->members[s->n_members++].value = *v;
	} else {
		s->is_full = true;
	}
}

/* Whether a function wants its object before its arguments. */
static bool wants_self(const struct script *s, const struct script_function *f,
	const struct script_value *self, size_t n)
{
	struct bytes first =
		f->n_params ? s->names[f->params[0]].text : BYTES("");
	unsigned int needed = 0;

	if (self->type != SCRIPT_MAP || !f->n_params ||
		!script_is(s, INVOCATION_PYTHON))
		return false;
	if (bytes_equal(first, BYTES("self")) ||
		bytes_equal(first, BYTES("cls")))
		return true;
	for (unsigned int i = 0; i < f->n_params; i++)
		needed += !f->defaults[i] && f->rest != i + 1;
	return needed > n;
}

struct script_value script_method(struct script *s,
	const struct script_value *self, const struct script_value *f,
	const struct script_value *args, size_t n)
{
	struct script_value all[ARGS_MAX], v;
	size_t m = 0, n_vars = s->n_vars;

	if (f->type != SCRIPT_FUNCTION || n == ARGS_MAX ||
		!wants_self(s, &s->functions[f->at], self, n)) {
		script_push(s, script_name(s, BYTES("this")), self);
		v = script_call_value(s, f, args, n);
		s->n_vars = n_vars;
		return v;
	}
	all[m++] = *self;
	for (size_t i = 0; i < n; i++)
		all[m++] = args[i];
	return script_call_value(s, f, all, m);
}

struct script_value script_object(struct script *s,
	const struct script_value *of, const struct script_value *args,
	size_t n)
{
	static const char *const makers[] = { "__init__", "initialize",
		"constructor", "__construct" };
	struct script_value object = *of, *f;

	if (!(of->flags & IS_CLASS)) {
		f = script_field(s, of, BYTES("__call__"));
		return f ? script_method(s, of, f, args, n) : unknown;
	}
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		f = script_field(s, of, bytes_of(makers[i]));
		if (!f)
			continue;
		(void)script_method(s, of, f, args, n);
		break;
	}
	/* It is no class any more: what is called again is __call__. */
	object.flags &= (unsigned char)~IS_CLASS;
	return object;
}

/* JavaScript's name(a) { ... } in a class. */
static bool short_method(struct script *s)
{
	const struct script_token *t = script_peek(s, 0);
	const struct script_token *open = script_peek(s, 1);
	struct script_function f = { .n_params = 0 };
	size_t close = open->other;
	struct script_value v;

	if (t->kind != SCRIPT_NAME || !script_is_op(open, '(') || !close ||
		!script_is_op(&s->tokens[close + 1], '{'))
		return false;
	s->pos += 2;
	script_params(s, &f, ')');
	f.at = (uint32_t)close + 2;
	f.end = s->tokens[close + 1].other;
	s->pos = f.end ? f.end + 1 : s->n_tokens - 1;
	v = script_add_function(s, &f);
	script_push(s, t->name, &v);
	return true;
}

static void members(struct script *s, size_t at, size_t end)
{
	if (!script_is(s, INVOCATION_NODE)) {
		script_block(s, at, end);
		return;
	}
	s->pos = at;
	while (s->pos < end && script_step(s)) {
		size_t pos = s->pos;

		if (short_method(s))
			continue;
		if (script_is_op(script_peek(s, 1), OP_SET))
			(void)script_item(s);
		if (s->pos == pos)
			s->pos++;
	}
}

/* Past what is between the name and the block. */
static void heritage(struct script *s)
{
	while (s->pos < s->n_tokens) {
		const struct script_token *t = script_peek(s, 0);

		if (t->kind == SCRIPT_END || t->kind == SCRIPT_LINE ||
			script_is_op(t, '{') || script_is_op(t, ';'))
			return;
		if (script_is_op(t, ':') && script_is(s, INVOCATION_PYTHON))
			return;
		if (script_is_op(t, '(') && t->other > s->pos)
			s->pos = t->other;
		s->pos++;
	}
}

/* class A { ... } */
void script_class(struct script *s)
{
	size_t head = s->pos++, n_vars = s->n_vars, floor = s->floor, end, next;
	unsigned short name = script_peek(s, 0)->name;
	bool has_name = script_peek(s, 0)->kind == SCRIPT_NAME;
	struct script_value map = script_list(s, NULL, 0), key;

	heritage(s);
	end = script_body(s, head, &next);
	s->floor = s->n_vars;
	members(s, s->pos, end);
	s->floor = floor;
	for (size_t i = n_vars; i < s->n_vars && script_step(s); i++) {
		key = script_string(s, s->names[s->vars[i].name].text);
		script_append(s, &map, &key);
		script_append(s, &map, &s->vars[i].value);
	}
	s->n_vars = n_vars;
	s->pos = next;
	if (map.type != SCRIPT_LIST || !has_name)
		return;
	map.type = SCRIPT_MAP;
	map.flags |= IS_CLASS;
	script_bind(s, name, &map);
}
