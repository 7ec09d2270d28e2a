// SPDX-License-Identifier: GPL-3.0-or-later
/* Commands: what stands in command position, and what goes from one to
 * another. */
#include "classify_state.h"

#include <string.h>

#include "text.h"

/* Commands between an echo and the shell that runs what it writes. */
#define ECHO_REACH 16

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether arg holds the option -x among others: -vx, -xvf */
static bool has_option(struct bytes arg, char x)
{
	bool is_there = false;

	if (arg.len < 2 || arg.len > 9 || arg.p[0] != '-')
		return false;
	for (size_t i = 1; i < arg.len; i++) {
		if (!is_letter(arg.p[i]) && (arg.p[i] < '0' || arg.p[i] > '9'))
			return false;
		is_there |= arg.p[i] == x;
	}
	return is_there;
}

static bool is_like(struct bytes arg, const struct rows_form *form)
{
	struct bytes s = form->s;

	if (form->kind == ROWS_OPTION)
		return has_option(arg, s.p[0]);
	if (arg.len < s.len)
		return false;
	if (!s.len)
		return arg.p && form->kind != ROWS_WHOLE;
	switch (form->kind) {
	case ROWS_WHOLE:
		return bytes_equal(arg, s);
	case ROWS_START:
		arg.len = s.len;
		return bytes_equal(arg, s);
	case ROWS_END:
		arg.p += arg.len - s.len;
		arg.len = s.len;
		return bytes_equal(arg, s);
	default:
		return text_find(arg, s) != NULL;
	}
}

/* A command's arguments, and which bytes they have: each, and all together. */
struct args {
	const struct bytes *p;
	size_t n;
	const uint64_t *letters;
	uint64_t all;
};

static bool has_arg(const struct classify *c, const struct rows_arg *want,
	const struct args *args)
{
	for (uint32_t j = want->first; j < want->first + want->n; j++) {
		uint64_t letters = c->r->letters[j];

		if (letters & ~args->all)
			continue;
		for (size_t i = 0; i < args->n; i++)
			if (!(letters & ~args->letters[i]) &&
				is_like(args->p[i], &c->r->alternatives[j]))
				return true;
	}
	return false;
}

static bool has_args(const struct classify *c, const struct rows_row *row,
	const struct args *args)
{
	for (uint32_t i = row->first; i < row->first + row->n; i++) {
		const struct rows_arg *want = &c->r->args[i];

		if (has_arg(c, want, args) == want->is_negative)
			return false;
	}
	return true;
}

/* Rows that the arguments decide. */
static void look_at_args(struct classify *c, const struct rows_entry *e,
	const struct bytes *p, size_t n)
{
	const struct classify_rules *r = c->r;
	struct args args = { p, n < ARGS_LOOKED_MAX ? n : ARGS_LOOKED_MAX,
		c->letters, 0 };

	for (size_t i = 0; i < args.n; i++) {
		c->letters[i] = rows_letters(p[i]);
		args.all |= c->letters[i];
	}
	for (uint32_t i = e->refs; i != ROWS_NONE; i = r->refs[i].next) {
		uint32_t row = r->refs[i].row;

		if (r->refs[i].role == ROWS_HAS_ARGS &&
			!(r->refs[i].letters & ~args.all) &&
			c->row_run[row] != c->run &&
			has_args(c, &r->rows[row], &args))
			classify_note_row(c, row);
	}
}

/* What a name in command position says by itself. */
static const struct rows_entry *look_up(struct classify *c, struct bytes name,
	const struct bytes *args, size_t n, enum rows_context context)
{
	const struct classify_rules *r = c->r;
	const struct rows_entry *e = rows_find(r, name);
	bool has_args = false;
	uint32_t i;

	if (!e)
		return NULL;
	if (e->bin != ROWS_NONE)
		classify_note_bin(c, e->bin, context);
	for (i = e->refs; i != ROWS_NONE; i = r->refs[i].next) {
		if (r->refs[i].role == ROWS_IS)
			classify_note_row(c, r->refs[i].row);
		has_args |= r->refs[i].role == ROWS_HAS_ARGS;
	}
	if (has_args)
		look_at_args(c, e, args, n);
	return e;
}

static bool is_sudo(struct bytes name)
{
	return bytes_equal(name, BYTES("sudo")) ||
	       bytes_equal(name, BYTES("doas")) ||
	       bytes_equal(name, BYTES("pkexec"));
}

/* Text that has to be put together, or would not last. */
static void push_words(struct classify *c, const struct bytes *words, size_t n,
	const struct classify_job *like)
{
	struct classify_job job = *like;

	str_reset(&c->scratch);
	for (size_t i = 0; i < n; i++) {
		if (i)
			str_addc(&c->scratch, ' ');
		str_addb(&c->scratch, words[i]);
	}
	job.text = str_bytes(&c->scratch);
	classify_push_copy(c, &job);
}

static void push_program(struct classify *c, const struct bytes *argv,
	enum rows_context context, const struct invocation *inv)
{
	struct bytes text = argv[inv->program];
	struct classify_job job = { .language = inv->language,
		.context = context,
		.is_searched = true };

	if (inv->program_n > 1) {
		push_words(c, argv + inv->program, inv->program_n, &job);
		return;
	}
	/* Its records may never have come. */
	if (!text.len)
		return;
	job.text = (struct bytes){ text.p + inv->program_at,
		text.len - inv->program_at };
	if (argv == c->args)
		classify_push_copy(c, &job);
	else
		classify_push(c, &job);
}

const struct rows_entry *classify_command(struct classify *c,
	const struct bytes *argv, size_t n, enum rows_context context,
	const struct invocation *inv)
{
	const struct rows_entry *e = NULL;

	for (size_t i = 0; i < inv->n_wrappers; i++) {
		size_t at = inv->wrappers[i], next = inv->command;
		struct bytes name = invocation_base(argv[at]);

		if (i + 1 < inv->n_wrappers)
			next = inv->wrappers[i + 1];
		/* What it runs is the last of its arguments. */
		next = next <= at || next >= n ? n : next + 1;
		e = look_up(c, name, argv + at + 1, next - at - 1, context);
		if (is_sudo(name))
			context = ROWS_CONTEXT_SUDO;
	}
	if (inv->command < n)
		e = look_up(c, invocation_base(argv[inv->command]),
			argv + inv->command + 1, n - inv->command - 1, context);
	if (inv->program < n && !inv->is_encoded)
		push_program(c, argv, context, inv);
	return e;
}

void classify_push(struct classify *c, const struct classify_job *job)
{
	if (c->n_jobs < JOBS_MAX && job->text.len)
		c->jobs[c->n_jobs++] = *job;
}

void classify_push_copy(struct classify *c, const struct classify_job *job)
{
	struct classify_job copy = *job;
	size_t from = c->queue.len;

	if (QUEUE_MAX - from < job->text.len)
		return;
	str_addb(&c->queue, job->text);
	copy.text = str_tail(&c->queue, from);
	classify_push(c, &copy);
}

/* Copies the words of command i behind its name into args; returns how many,
 * 0 if it has no name. */
static size_t args_of(struct classify *c, const struct shell_command *cmd)
{
	size_t n = 0;

	for (size_t i = cmd->name; i < cmd->first + cmd->n; i++)
		c->args[n++] = shell_word(c->shell, i)->text;
	return n;
}

/* Words whose plain form is not in the text that was searched. */
static void search_words(struct classify *c, const struct shell_command *cmd,
	struct bytes source)
{
	for (size_t i = cmd->first; i < cmd->first + cmd->n; i++) {
		const struct shell_word *w = shell_word(c->shell, i);

		/* 'a b' was: it is as long as it was, but for two quotes. */
		bool is_plain = w->text.len + 2 == w->end - w->at &&
				w->end <= source.len &&
				strchr("'\"", source.p[w->at]);

		if (w->is_escaped || w->is_expanded ||
			(w->is_quoted && !is_plain))
			classify_search(c, w->text);
	}
}

static void read_command(
	struct classify *c, size_t i, const struct classify_job *job)
{
	enum rows_context context = job->context;
	const struct shell_command *cmd = shell_command(c->shell, i);
	struct classify_command *to = &c->commands[i];
	size_t n = args_of(c, cmd);
	struct invocation inv;
	struct bytes name;

	*to = (struct classify_command){ 0 };
	search_words(c, cmd, job->text);
	if (!n)
		return;
	invocation_read(c->args, n, &inv);
	to->entry = classify_command(c, c->args, n, context, &inv);
	to->is_shell = inv.language == INVOCATION_SH;
	to->is_interpreter = inv.language != INVOCATION_NONE;
	to->reads_stdin = inv.reads_stdin;
	to->program = cmd->name + inv.command + 1;
	to->program_n = 1;
	if (inv.program < n) {
		to->program = cmd->name + inv.program;
		to->program_n = inv.program_n;
	}
	if (inv.reads_stdin && cmd->here.len) {
		struct classify_job here = { .text = cmd->here,
			.language = inv.language,
			.context = context };

		classify_push_copy(c, &here);
	}
	if (inv.command >= n)
		return;
	name = c->args[inv.command];
	to->is_echo = bytes_equal(name, BYTES("echo")) ||
		      bytes_equal(name, BYTES("printf"));
}

/* Whether what i writes is what j reads or runs. */
static bool reaches(const struct classify *c, size_t i, size_t j)
{
	const struct shell_command *from = shell_command(c->shell, i);
	const struct shell_command *to = shell_command(c->shell, j);
	const struct classify_command *reader = &c->commands[j];
	bool is_open = reader->reads_stdin || !reader->is_interpreter;

	if (is_open &&
		((from->pipeline == to->pipeline && from->stage < to->stage) ||
			shell_feeds(c->shell, i, j)))
		return true;
	if (to->parent == i && to->nesting == SHELL_NESTING_TO)
		return is_open;
	/* In the program's text, or in the place of a script; or a
	 * redirection, a here-string. */
	return from->parent == j &&
	       (from->parent_word == SIZE_MAX ||
		       (from->parent_word >= reader->program &&
			       from->parent_word - reader->program <
				       reader->program_n));
}

static bool has_role(
	const struct classify *c, size_t i, uint32_t row, enum rows_role role)
{
	const struct rows_entry *e = c->commands[i].entry;
	const struct rows_ref *refs = c->r->refs;

	for (uint32_t k = e ? e->refs : ROWS_NONE; k != ROWS_NONE;
		k = refs[k].next)
		if (refs[k].row == row && refs[k].role == role)
			return true;
	return false;
}

/* Command i writes for the row: to its parent, or to one that follows. */
static void note_writer(struct classify *c, size_t i, uint32_t row)
{
	struct classify_writers *w = &c->writers[row];
	size_t parent = shell_command(c->shell, i)->parent;

	if (parent != SIZE_MAX && has_role(c, parent, row, ROWS_READS) &&
		reaches(c, i, parent))
		classify_note_row(c, row);
	if (w->shell != c->n_shells)
		*w = (struct classify_writers){ .shell = c->n_shells };
	w->at[w->n++ % WRITERS_MAX] = (uint32_t)i;
}

static void note_reader(struct classify *c, size_t j, uint32_t row)
{
	const struct classify_writers *w = &c->writers[row];
	uint32_t n = w->n < WRITERS_MAX ? w->n : WRITERS_MAX;

	if (w->shell != c->n_shells)
		return;
	for (uint32_t k = 0; k < n; k++)
		if (reaches(c, w->at[k], j))
			classify_note_row(c, row);
}

/* What goes from one command to another; what follows j was not seen yet. */
static void read_pipes(struct classify *c, size_t j)
{
	const struct rows_entry *e = c->commands[j].entry;
	const struct rows_ref *refs = c->r->refs;

	for (uint32_t k = e ? e->refs : ROWS_NONE; k != ROWS_NONE;
		k = refs[k].next) {
		if (c->row_run[refs[k].row] == c->run)
			continue;
		if (refs[k].role == ROWS_READS)
			note_reader(c, j, refs[k].row);
		if (refs[k].role == ROWS_WRITES)
			note_writer(c, j, refs[k].row);
	}
}

/* echo "..." | sh: what echo writes is run. */
static void read_echo(struct classify *c, size_t j, enum rows_context context)
{
	struct classify_job like = { .language = INVOCATION_SH,
		.context = context };
	size_t i = j > ECHO_REACH ? j - ECHO_REACH : 0;

	if (!c->commands[j].is_shell || !c->commands[j].reads_stdin)
		return;
	for (; i < j; i++) {
		size_t n_args, skip = 1;

		if (!c->commands[i].is_echo || !shell_feeds(c->shell, i, j))
			continue;
		n_args = args_of(c, shell_command(c->shell, i));
		while (skip < n_args && c->args[skip].len &&
			c->args[skip].p[0] == '-')
			skip++;
		if (skip < n_args)
			push_words(c, c->args + skip, n_args - skip, &like);
	}
}

static void read_shell(struct classify *c, const struct classify_job *job)
{
	size_t n;

	c->n_shells++;
	shell_read(c->shell, job->text);
	n = shell_n_commands(c->shell);
	for (size_t i = 0; i < n; i++)
		read_command(c, i, job);
	for (size_t j = 0; j < n; j++) {
		read_pipes(c, j);
		read_echo(c, j, job->context);
	}
}

struct call {
	struct classify *c;
	enum rows_context context;
};

static void take_call(void *arg, struct bytes command)
{
	const struct call *call = arg;
	struct classify_job job = { .text = command,
		.language = INVOCATION_SH,
		.context = call->context };

	classify_push_copy(call->c, &job);
}

void classify_jobs(struct classify *c)
{
	for (size_t i = 0; i < c->n_jobs; i++) {
		struct classify_job job = c->jobs[i];
		struct call call = { c, job.context };

		if (!job.is_searched)
			classify_search(c, job.text);
		if (job.language == INVOCATION_SH)
			read_shell(c, &job);
		else if (job.language != INVOCATION_NONE)
			invocation_calls(job.text, job.language, &c->scratch,
				take_call, &call);
	}
	c->n_jobs = 0;
	str_reset(&c->queue);
}
