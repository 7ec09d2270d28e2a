// SPDX-License-Identifier: GPL-3.0-or-later
/* What a shell does itself. */
#include "eval_state.h"

#include "text.h"

/* A command's words: words[0] is its name. */
typedef void builtin(struct eval *e, struct eval_value *words, size_t n);

static void set_status(struct eval *e, bool is_true)
{
	e->status = is_true ? STATUS_TRUE : STATUS_FALSE;
}

static void run_eval(struct eval *e, struct eval_value *words, size_t n)
{
	struct eval_value v;

	if (n > 1 && bytes_equal(words[1].text, BYTES("--")))
		words++, n--;
	v = eval_joined(e, words + 1, n - 1);
	eval_interpret(e, &v);
}

static void run_source(struct eval *e, struct eval_value *words, size_t n)
{
	struct eval_value v = eval_unknown(), *file;

	if (n < 2)
		return;
	file = eval_file(e, words[1].text);
	if (file) {
		v = *file;
	} else if (command_is_stdin(words[1].text)) {
		v = e->in;
		v.text.len -= v.text.len && v.note.flags & IS_LINE;
		v.note.flags &= (unsigned char)~IS_LINE;
		e->in = eval_unknown();
	}
	eval_interpret(e, &v);
	if (!eval_is_known(&v))
		e->out_note.flags |= IS_UNKNOWN;
	e->status = STATUS_UNKNOWN;
}

static void run_trap(struct eval *e, struct eval_value *words, size_t n)
{
	if (n > 2)
		eval_interpret(e, &words[1]);
}

static void run_set(struct eval *e, struct eval_value *words, size_t n)
{
	size_t i = 1;

	while (i < n && words[i].text.len > 1 &&
		(words[i].text.p[0] == '-' || words[i].text.p[0] == '+') &&
		!bytes_equal(words[i].text, BYTES("--")))
		i += 1u + (bytes_equal(words[i].text, BYTES("-o")) ||
				  bytes_equal(words[i].text, BYTES("+o")));
	if (i >= n)
		return;
	i += bytes_equal(words[i].text, BYTES("--"));
	e->changes++;
	/* In the place of those before. */
	e->args_top = e->args_at;
	eval_args_push(e, words + i, n - i);
}

static void run_shift(struct eval *e, struct eval_value *words, size_t n)
{
	uint64_t by = 1;

	if (n > 1 && text_u64(words[1].text, 10, &by) < 0)
		return;
	set_status(e, by <= e->n_args);
	if (by > e->n_args)
		return;
	e->changes++;
	e->args_at += by;
	e->n_args -= by;
}

static void run_unset(struct eval *e, struct eval_value *words, size_t n)
{
	for (size_t i = 1; i < n; i++)
		eval_var_unset(e, words[i].text);
}

/* local a: what has a value was given it before. */
static void run_declare(struct eval *e, struct eval_value *words, size_t n)
{
	bool is_keyed = false;
	struct eval_var *v;

	for (size_t i = 1; i < n; i++) {
		struct bytes t = words[i].text;
		size_t len = shell_name_len(t);
		struct bytes name = { t.p, len };
		struct eval_value value = words[i];

		if (t.len && t.p[0] == '-') {
			is_keyed |= memchr(t.p, 'A', t.len) != NULL;
			continue;
		}
		if (!len || (len < t.len && t.p[len] != '='))
			continue;
		if (bytes_equal(words[0].text, BYTES("local")))
			eval_local(e, name);
		v = is_keyed ? eval_array(e, name) : NULL;
		if (v)
			v->is_keyed = true;
		if (len == t.len)
			continue;
		value.text.p += len + 1;
		value.text.len -= len + 1;
		eval_var_set(e, name, &value);
	}
}

/* let i++ */
static void run_let(struct eval *e, struct eval_value *words, size_t n)
{
	int64_t v = 0;
	bool is_known = true;

	for (size_t i = 1; i < n && is_known; i++)
		is_known = eval_is_known(&words[i]) &&
			   eval_arith(e, words[i].text, &v);
	set_status(e, v != 0);
	if (!is_known)
		e->status = STATUS_UNKNOWN;
}

/* printf -v NAME FORMAT WORDS */
static void run_printf(struct eval *e, struct eval_value *words, size_t n)
{
	size_t from = e->out.len;
	struct eval_note before = e->out_note;
	struct eval_value v, target = words[2];

	words[2] = words[0];
	e->out_note = (struct eval_note){ .flags = 0 };
	eval_command(e, (size_t)(words + 2 - e->fields), n - 2);
	v = eval_output_take(e, from);
	v.note.flags &= (unsigned char)~IS_LINE;
	e->out_note = before;
	eval_store(e, target.text, &v);
}

static void run_true(struct eval *e, struct eval_value *words, size_t n)
{
	(void)words;
	(void)n;
	e->status = STATUS_TRUE;
}

static void run_false(struct eval *e, struct eval_value *words, size_t n)
{
	(void)words;
	(void)n;
	e->status = STATUS_FALSE;
}

static void run_test(struct eval *e, struct eval_value *words, size_t n)
{
	if (bytes_equal(words[0].text, BYTES("[")) && n > 1)
		n--;
	e->status = eval_test(e, words + 1, n - 1);
}

/* break, continue, return: not where nobody knows that it comes to that. */
static void run_jump(struct eval *e, struct eval_value *words, size_t n)
{
	bool is_return = words[0].text.p[0] == 'r';
	uint64_t levels = 1;

	if (e->unsure || (is_return ? !e->n_calls : !e->n_loops))
		return;
	if (!is_return && n > 1 && text_u64(words[1].text, 10, &levels) < 0)
		return;
	e->jumps = (unsigned int)(levels > e->n_loops ? e->n_loops : levels);
	e->jump = is_return                   ? JUMP_RETURN
		  : words[0].text.p[0] == 'b' ? JUMP_BREAK
					      : JUMP_CONTINUE;
}

/* exec with redirections alone; sh starts with its name. */
static void run_exec(struct eval *e, struct eval_value *words, size_t n)
{
	size_t first = (size_t)(words - e->fields) + 1;

	if (n > 1)
		eval_command(e, first, n - 1);
}

static const struct {
	const char *names;
	builtin *run;
	size_t least; /* words */
} builtins[] = { { "[ test", run_test, 1 }, { "eval", run_eval, 2 },
	{ "read", eval_read, 1 }, { "mapfile readarray", eval_mapfile, 1 },
	{ "set", run_set, 1 }, { "shift", run_shift, 1 }, { "let", run_let, 2 },
	{ "unset", run_unset, 1 },
	{ "local declare typeset export readonly", run_declare, 1 },
	{ "source .", run_source, 1 },
	{ "true : shopt alias unalias", run_true, 1 },
	{ "false", run_false, 1 }, { "break continue return", run_jump, 1 },
	{ "exec", run_exec, 1 }, { "trap", run_trap, 1 } };

bool eval_builtins(struct names *to)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
		if (!names_add(to, builtins[i].names, (uint8_t)(i + 1)))
			return false;
	return true;
}

bool eval_builtin(struct eval *e, size_t first, size_t n)
{
	struct eval_value *words = e->fields + first;
	struct bytes name = words[0].text;
	unsigned int row;

	if (!eval_is_known(&words[0]))
		return false;
	if (n > 3 && bytes_equal(name, BYTES("printf")) &&
		bytes_equal(words[1].text, BYTES("-v"))) {
		run_printf(e, words, n);
		return true;
	}
	if (eval_found(e, words, n))
		return true;
	row = names_get(&e->builtins, name);
	if (!row || n < builtins[row - 1].least)
		return false;
	e->status = STATUS_TRUE;
	builtins[row - 1].run(e, words, n);
	return true;
}
