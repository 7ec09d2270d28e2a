// SPDX-License-Identifier: GPL-3.0-or-later
/* Variables, arrays and the arguments of functions. */
#include "eval_state.h"

#define NONE UINT32_MAX

static unsigned int hash(struct bytes name)
{
	unsigned int h = (unsigned int)name.len;

	for (size_t i = 0; i < name.len && i < 24; i++)
		h = h * 31 + (unsigned char)name.p[i];
	return h % HEADS;
}

struct eval_var *eval_var_get(struct eval *e, struct bytes name)
{
	for (int i = e->heads[hash(name)]; i >= 0; i = e->vars[i].next) {
		if (!eval_step(e, 1))
			break;
		if (bytes_equal(e->vars[i].name, name))
			return e->vars[i].is_set ? &e->vars[i] : NULL;
	}
	return NULL;
}

struct eval_var *eval_var_make(struct eval *e, struct bytes name)
{
	unsigned int h = hash(name);
	struct eval_var *v = NULL;

	e->changes++;
	for (int i = e->heads[h]; i >= 0 && !v; i = e->vars[i].next)
		if (bytes_equal(e->vars[i].name, name))
			v = &e->vars[i];
	if (!v) {
		if (e->n_vars == VARS_MAX || !eval_step(e, 1))
			return NULL;
		v = &e->vars[e->n_vars];
		*v = (struct eval_var){ .name = eval_keep(e, name),
			.next = e->heads[h] };
		e->heads[h] = (int)e->n_vars++;
	}
	if (!v->is_set) {
		v->value = eval_literal(BYTES(""));
		v->is_set = true;
		v->is_array = false;
	}
	return v;
}

static bool is_ifs_name(struct bytes name)
{
	return bytes_equal(name, BYTES("IFS"));
}

void eval_ifs(struct eval *e)
{
	const struct eval_var *v = eval_var_get(e, BYTES("IFS"));

	e->ifs = v && eval_is_known(&v->value) ? v->value.text : BYTES(" \t\n");
	memset(e->is_ifs, 0, sizeof(e->is_ifs));
	for (size_t i = 0; i < e->ifs.len; i++)
		e->is_ifs[(unsigned char)e->ifs.p[i]] = true;
}

static struct eval_value *place_of(struct eval *e, struct eval_var *v)
{
	struct eval_element *first;

	if (!v->is_array)
		return &v->value;
	first = eval_element(e, v, (struct bytes){ NULL, 0 }, 0, true);
	return first ? &first->value : &v->value;
}

void eval_var_set(struct eval *e, struct bytes name, const struct eval_value *v)
{
	struct eval_var *to = eval_var_make(e, name);

	if (!to)
		return;
	*place_of(e, to) = *v;
	if (is_ifs_name(name))
		eval_ifs(e);
}

/* What grows at the end of the arena grows there. */
static void append(
	struct eval *e, struct eval_value *to, const struct eval_value *v)
{
	struct bytes old = to->text;
	size_t from = e->arena.len;

	eval_inherit(&to->note, v->note);
	if (!v->text.len || !eval_step(e, 1 + (old.len + v->text.len) / 16))
		return;
	if (old.len && old.len <= from && e->arena.p &&
		old.p + old.len == e->arena.p + e->arena.len)
		from -= old.len;
	else
		str_addb(&e->arena, old);
	str_addb(&e->arena, v->text);
	to->text = str_tail(&e->arena, from);
}

void eval_var_append(
	struct eval *e, struct bytes name, const struct eval_value *v)
{
	struct eval_var *to = eval_var_make(e, name);

	if (to)
		append(e, place_of(e, to), v);
}

void eval_var_unset(struct eval *e, struct bytes name)
{
	struct eval_var *v = eval_var_get(e, name);

	if (!v)
		return;
	e->changes++;
	v->is_set = v->is_array = false;
	if (is_ifs_name(name))
		eval_ifs(e);
}

struct eval_var *eval_array(struct eval *e, struct bytes name)
{
	struct eval_var *v = eval_var_make(e, name);

	if (!v)
		return NULL;
	v->is_array = true;
	v->first = v->last = NONE;
	v->n = 0;
	v->value = eval_literal(BYTES(""));
	return v;
}

static struct eval_element *add(struct eval *e, struct eval_var *v,
	struct bytes key, int64_t index, uint32_t behind)
{
	struct eval_element *el;
	uint32_t i = (uint32_t)e->n_elements;

	if (index < 0 || index > INT32_MAX)
		return NULL;
	if (e->n_elements == ELEMENTS_MAX) {
		e->is_over = true;
		return NULL;
	}
	el = &e->elements[e->n_elements++];
	*el = (struct eval_element){ .key = key,
		.index = index,
		.value = eval_literal(BYTES("")),
		.next = behind == NONE ? v->first : e->elements[behind].next };
	if (key.p)
		el->key = eval_keep(e, key);
	if (key.p && !key.len)
		el->key = BYTES("");
	if (behind == NONE)
		v->first = i;
	else
		e->elements[behind].next = i;
	if (el->next == NONE)
		v->last = i;
	v->n++;
	e->changes++;
	return el;
}

/* A value that was none of an array is its first. */
static void make_array(struct eval *e, struct eval_var *v)
{
	struct eval_value first = v->value;
	struct eval_element *el;

	v->is_array = true;
	v->first = v->last = NONE;
	v->n = 0;
	v->value = eval_literal(BYTES(""));
	if (!first.text.len && eval_is_known(&first))
		return;
	el = add(e, v, (struct bytes){ NULL, 0 }, 0, NONE);
	if (el)
		el->value = first;
}

static bool is_it(const struct eval_element *el, struct bytes key, int64_t n)
{
	return key.p ? el->key.p && bytes_equal(el->key, key)
		     : !el->key.p && el->index == n;
}

struct eval_element *eval_element(struct eval *e, struct eval_var *v,
	struct bytes key, int64_t index, bool is_new)
{
	uint32_t before = NONE;
	struct eval_element *el;

	if (!v->is_array && is_new)
		make_array(e, v);
	if (!v->is_array)
		return NULL;
	/* They mostly stand one behind the other. */
	if (!key.p && v->n && index >= 0 && index < v->n) {
		size_t guess = v->first + (size_t)index;

		el = &e->elements[guess < e->n_elements ? guess : v->first];
		if (guess + v->n - (size_t)index == (size_t)v->last + 1 &&
			is_it(el, key, index))
			return el;
	}
	for (uint32_t i = v->first; i != NONE; i = e->elements[i].next) {
		el = &e->elements[i];
		if (!eval_step(e, 1))
			return NULL;
		if (is_it(el, key, index))
			return el;
		if (key.p || el->index < index)
			before = i;
	}
	return is_new ? add(e, v, key, index, before) : NULL;
}

void eval_array_add(
	struct eval *e, struct eval_var *v, const struct eval_value *value)
{
	struct eval_element *el;
	int64_t index;

	if (!v->is_array)
		make_array(e, v);
	index = v->n ? e->elements[v->last].index + 1 : 0;
	el = add(e, v, (struct bytes){ NULL, 0 }, index, v->last);
	if (el)
		el->value = *value;
}

void eval_store(struct eval *e, struct bytes target, const struct eval_value *v)
{
	size_t n = shell_name_len(target);
	struct bytes name = { target.p, n }, key = { NULL, 0 };
	struct eval_element *el;
	struct eval_var *to;
	int64_t index = 0;

	if (!n || n == target.len) {
		eval_var_set(e, name, v);
		return;
	}
	to = eval_var_make(e, name);
	if (!to || target.p[n] != '[' || target.p[target.len - 1] != ']')
		return;
	target.p += n + 1;
	target.len -= n + 2;
	if (to->is_keyed || !eval_arith(e, target, &index))
		key = target;
	if (!key.p && index < 0 && to->n)
		index += e->elements[to->last].index + 1;
	el = eval_element(e, to, key, index, true);
	if (el)
		el->value = *v;
}

void eval_local(struct eval *e, struct bytes name)
{
	struct eval_var *v;
	bool was_set = eval_var_get(e, name) != NULL;

	if (!e->n_calls || e->n_locals == LOCALS_MAX)
		return;
	v = eval_var_make(e, name);
	if (!v)
		return;
	v->is_set = was_set;
	e->locals[e->n_locals].var = (int)(v - e->vars);
	e->locals[e->n_locals++].before = *v;
	v->is_set = true;
	v->is_array = v->is_keyed = false;
	v->value = eval_literal(BYTES(""));
}

void eval_locals_end(struct eval *e, size_t n)
{
	while (e->n_locals > n) {
		struct eval_var *before = &e->locals[--e->n_locals].before;

		before->next = e->vars[e->locals[e->n_locals].var].next;
		e->vars[e->locals[e->n_locals].var] = *before;
		if (is_ifs_name(before->name))
			eval_ifs(e);
	}
}

struct eval_args eval_args_push(
	struct eval *e, const struct eval_value *first, size_t n)
{
	struct eval_args before = { e->args_top, e->args_at, e->n_args,
		e->has_args };

	if (n > ARGS_MAX - e->args_top || !eval_step(e, n)) {
		e->is_over = true;
		return before;
	}
	if (n)
		memcpy(e->args + e->args_top, first, n * sizeof(*first));
	e->args_at = e->args_top;
	e->args_top += n;
	e->n_args = n;
	e->has_args = true;
	return before;
}

void eval_args_pop(struct eval *e, struct eval_args before)
{
	e->args_top = before.top;
	e->args_at = before.at;
	e->n_args = before.n;
	e->has_args = before.has;
}
