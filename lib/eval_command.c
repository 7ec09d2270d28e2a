// SPDX-License-Identifier: GPL-3.0-or-later
/* Commands with their words: functions, wrappers, interpreters, text commands.
 */
#include "eval_state.h"

/* A command costs at least this many steps. */
#define COMMAND_STEPS 96
#define PASS_STEPS(n) ((n) / 4)

/* ./NAME is NAME. */
static struct bytes without_dot(struct bytes name)
{
	if (name.len > 2 && !memcmp(name.p, "./", 2))
		return (struct bytes){ name.p + 2, name.len - 2 };
	return name;
}

struct eval_value *eval_file(struct eval *e, struct bytes name)
{
	name = without_dot(name);
	for (size_t i = e->n_files; i--;)
		if (bytes_equal(e->files[i].name, name))
			return &e->files[i].value;
	return NULL;
}

void eval_file_set(struct eval *e, struct bytes name,
	const struct eval_value *v, bool is_append)
{
	struct eval_value *old = eval_file(e, name);
	size_t from = e->arena.len;
	struct eval_value sum;

	if (!old && e->n_files == FILES_MAX)
		return;
	if (!old) {
		e->files[e->n_files].name = without_dot(name);
		old = &e->files[e->n_files++].value;
		is_append = false;
	}
	sum = *v;
	if (is_append && eval_step(e, (old->text.len + v->text.len) / 8)) {
		str_addb(&e->arena, old->text);
		str_addb(&e->arena, v->text);
		sum.text = str_tail(&e->arena, from);
		eval_inherit(&sum.note, old->note);
	}
	*old = sum;
}

struct eval_value eval_joined(
	struct eval *e, const struct eval_value *first, size_t n)
{
	struct eval_value v = eval_literal(BYTES(""));
	size_t from = e->arena.len;

	if (n == 1)
		return *first;
	for (size_t i = 0; i < n && eval_step(e, 1 + first[i].text.len / 8);
		i++) {
		if (i)
			str_addc(&e->arena, ' ');
		str_addb(&e->arena, first[i].text);
		eval_inherit(&v.note, first[i].note);
	}
	if (str_ok(&e->arena))
		v.text = str_tail(&e->arena, from);
	return v;
}

void eval_interpret(struct eval *e, const struct eval_value *v)
{
	size_t n = e->n_results;
	unsigned int level = e->level;

	eval_tell(e, v, true);
	if (!eval_is_known(v))
		return;
	e->level += e->n_results > n;
	eval_text(e, v->text);
	e->level = level;
}

void eval_forget(struct eval *e)
{
	static const char silent[] =
		"sleep rm mkdir chmod chown touch cd wait kill umask ulimit "
		"mv cp ln clear sync";

	e->status = STATUS_UNKNOWN;
	if (!e->argv[0].p || !invocation_is_listed(silent, e->argv[0]))
		e->out_note.flags |= IS_UNKNOWN;
}

static void tell_all(struct eval *e, size_t first, size_t n, bool is_run)
{
	for (size_t i = first; i < first + n; i++)
		eval_tell(e, &e->fields[i], false);
	eval_tell(e, &e->in, is_run);
}

/* base64 -d FILE, openssl -in FILE, where the file is known: as if it were read
 * from stdin. */
static size_t read_files(struct eval *e, size_t n, struct eval_value *in)
{
	for (size_t i = 1; i < n; i++) {
		const struct eval_value *file =
			e->argv[i].len ? eval_file(e, e->argv[i]) : NULL;

		if (!file)
			continue;
		*in = *file;
		if (bytes_equal(e->argv[i - 1], BYTES("-in"))) {
			e->argv[i] = BYTES("-");
			return n;
		}
		memmove(e->argv + i, e->argv + i + 1,
			(n - i - 1) * sizeof(e->argv[0]));
		return n - 1;
	}
	return n;
}

static struct command_call call_of(
	const struct eval *e, size_t n, const struct eval_value *in)
{
	struct command_call call = { .argv = e->argv,
		.argc = n,
		.in = eval_is_known(in) ? in->text : (struct bytes){ NULL, 0 },
		.script = e->script };

	call.has_newline = in->note.flags & IS_LINE && call.in.len;
	call.in.len -= call.has_newline;
	/* One that nobody gave a value is as it is written. */
	if (shell_is_bare(call.in))
		call.in.p = NULL;
	return call;
}

static void note_call(struct eval *e, const struct command_call *call,
	struct eval_note *note, size_t len)
{
	if (note->made > len)
		note->made = len;
	if (call->undone && (!strcmp(call->undone, "printf") ||
				    !strcmp(call->undone, "reverse")))
		note->made = len;
	if (!call->undone)
		return;
	eval_undone(e, note, call->undone);
	if (call->kind != COMMAND_RESHAPED)
		note->flags |= IS_HIDDEN;
	if (call->kind == COMMAND_DECODED)
		note->flags |= IS_DECODED;
}

/* A command whose output follows from its words and input. */
static bool work_out(struct eval *e, size_t first, size_t n)
{
	struct bytes name = invocation_base(e->argv[0]);
	const struct command *row =
		names_get(&e->commands, name) ? command_get(name) : NULL;
	bool is_filter = row && !row->is_deaf;
	struct eval_value in = is_filter ? e->in : eval_unknown();
	struct eval_note note = { .flags = 0 };
	struct command_call call;
	size_t from = e->out.len, argc = n;

	if (!row)
		return false;
	if (is_filter)
		argc = read_files(e, n, &in);
	call = call_of(e, argc, &in);
	if (!eval_step(e, PASS_STEPS(call.in.len)))
		return true;
	if (!row->run(&call, &e->out) || !str_ok(&e->out)) {
		str_cut(&e->out, from);
		e->out.is_short = false;
		return false;
	}
	eval_step(e, PASS_STEPS(e->out.len - from));
	for (size_t i = 0; i < n; i++)
		eval_inherit(&note, e->fields[first + i].note);
	note.flags &= (unsigned char)~IS_FOUND;
	if (call.in.p)
		eval_inherit(&note, in.note);
	note_call(e, &call, &note, e->out.len - from);
	if (call.ends_line) {
		str_addc(&e->out, '\n');
		note.flags |= IS_LINE;
	}
	eval_inherit(&e->out_note, note);
	e->out_note.flags &= (unsigned char)~IS_LINE;
	e->out_note.flags |= note.flags & IS_LINE;
	/* Nothing is left for another command of the group. */
	if (call.in.p && argc == n)
		e->in.text.len = 0;
	e->status = STATUS_TRUE;
	return true;
}

/* sh -c TEXT NAME ARGS, ssh HOST TEXT, su -c TEXT. */
static void run_text(
	struct eval *e, size_t first, size_t n, const struct invocation *inv)
{
	struct eval_value v = eval_joined(
		e, e->fields + first + inv->program, inv->program_n);
	size_t used = inv->program + inv->program_n + 1;
	bool has_args = inv->program_n == 1 && used < n;
	struct eval_args before =
		eval_args_push(e, e->fields + first + (has_args ? used : 0),
			has_args ? n - used : 0);
	struct eval_value zero = e->zero;

	if (inv->program_n == 1 && used <= n)
		e->zero = e->fields[first + used - 1];
	if (inv->program_at <= v.text.len) {
		v.text.p += inv->program_at;
		v.text.len -= inv->program_at;
	}
	eval_interpret(e, &v);
	e->zero = zero;
	eval_args_pop(e, before);
}

static void run_input(struct eval *e)
{
	struct eval_value v = e->in;

	v.text.len -= v.text.len && v.note.flags & IS_LINE;
	v.note.flags &= (unsigned char)~IS_LINE;
	e->in = eval_unknown();
	eval_interpret(e, &v);
}

static bool is_stdin(struct bytes name)
{
	return command_is_stdin(name);
}

static void interpreter(
	struct eval *e, size_t first, size_t n, const struct invocation *inv)
{
	const struct eval_value *file;

	if (inv->program < n) {
		run_text(e, first, n, inv);
	} else if (inv->reads_stdin ||
		   (inv->script < n && is_stdin(e->argv[inv->script]))) {
		run_input(e);
	} else if (inv->script < n) {
		file = eval_file(e, e->argv[inv->script]);
		tell_all(e, first, n, false);
		if (file)
			eval_interpret(e,
				&(struct eval_value){ file->text, file->note });
		else
			e->out_note.flags |= IS_UNKNOWN;
	} else {
		tell_all(e, first, n, false);
		e->out_note.flags |= IS_UNKNOWN;
	}
	e->status = STATUS_UNKNOWN;
}

/* Of a program in another language only its text and its input are told. */
static void foreign(
	struct eval *e, size_t first, size_t n, const struct invocation *inv)
{
	if ((eval_is_known(&e->in) || inv->language == INVOCATION_AWK) &&
		work_out(e, first, n))
		return;
	if (inv->program < n) {
		eval_tell(e, &e->fields[first + inv->program], true);
		eval_program(e, first, n, inv);
	}
	tell_all(e, first, n, inv->reads_stdin);
	eval_forget(e);
}

/* What stands behind sudo, env A=b, command, xargs. */
static void unwrap(
	struct eval *e, size_t first, size_t n, const struct invocation *inv)
{
	for (size_t i = 0; i < inv->n_wrappers; i++) {
		size_t at = inv->wrappers[i];

		if (bytes_equal(invocation_base(e->argv[at]), BYTES("xargs"))) {
			eval_xargs(e, first, at, inv->command);
			return;
		}
	}
	for (size_t i = 0; i < inv->command; i++) {
		struct bytes t = e->argv[i];
		size_t len = shell_name_len(t);
		struct eval_value v = e->fields[first + i];

		if (!len || len >= t.len || t.p[len] != '=')
			continue;
		v.text.p += len + 1;
		v.text.len -= len + 1;
		eval_var_set(e, (struct bytes){ t.p, len }, &v);
	}
	eval_command(e, first + inv->command, n - inv->command);
}

static bool function(struct eval *e, size_t first, size_t n)
{
	struct bytes name = e->fields[first].text;

	for (size_t i = 0; i < e->n_functions; i++)
		if (bytes_equal(e->functions[i].name, name)) {
			eval_call(e, e->functions[i].body,
				e->fields + first + 1, n - 1);
			return true;
		}
	return false;
}

/* A file that was written before: run by its name, or given to what runs it. */
static void run_file(struct eval *e, size_t first, size_t n, bool is_runner)
{
	for (size_t i = 0; i < (is_runner ? n : 1); i++) {
		const struct eval_value *file =
			e->argv[i].len ? eval_file(e, e->argv[i]) : NULL;

		if (file && eval_is_known(&e->fields[first + i]))
			eval_interpret(e,
				&(struct eval_value){ file->text, file->note });
	}
}

static void other(struct eval *e, size_t first, size_t n)
{
	static const char runners[] = "at batch crontab ssh parallel";
	bool is_known = true, is_runner;
	struct invocation inv;

	for (size_t i = 0; i < n; i++) {
		is_known &= eval_is_known(&e->fields[first + i]);
		e->argv[i] = eval_is_known(&e->fields[first + i])
				     ? e->fields[first + i].text
				     : BYTES("");
	}
	if (!eval_step(e, n))
		return;
	if (is_known)
		eval_tell_command(e, e->fields + first, n);
	invocation_read(e->argv, n, &inv);
	if (!inv.n_wrappers && bytes_equal(inv.name, BYTES("xargs"))) {
		eval_xargs(e, first, inv.command, n);
		return;
	}
	if (inv.n_wrappers && inv.command < n) {
		unwrap(e, first, n, &inv);
		return;
	}
	if (inv.language == INVOCATION_SH) {
		interpreter(e, first, n, &inv);
		return;
	}
	if (inv.language != INVOCATION_NONE) {
		foreign(e, first, n, &inv);
		return;
	}
	if (is_known && work_out(e, first, n))
		return;
	/* What was hidden is a command line itself. */
	if (is_known && e->fields[first].note.flags & IS_HIDDEN) {
		struct eval_value v = eval_joined(e, e->fields + first, n);

		eval_tell(e, &v, true);
	}
	is_runner = invocation_is_listed(runners, inv.name);
	tell_all(e, first, n, is_runner);
	run_file(e, first, n, is_runner);
	eval_forget(e);
}

void eval_command(struct eval *e, size_t first, size_t n)
{
	eval_enter(e);
	if (eval_step(e, COMMAND_STEPS) && !function(e, first, n) &&
		!eval_builtin(e, first, n))
		other(e, first, n);
	eval_leave(e);
}
