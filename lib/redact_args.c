// SPDX-License-Identifier: GPL-3.0-or-later
/* Commands: what their options are given. */
#include <string.h>

#include "redact_state.h"
#include "text.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether arg is -x, or ends in it: -vx. */
static bool is_bundle(struct bytes arg, struct bytes option)
{
	if (option.len != 2 || option.p[0] != '-' || !is_letter(option.p[1]) ||
		arg.len < 3 || arg.len > 9 || arg.p[0] != '-' ||
		arg.p[arg.len - 1] != option.p[1])
		return false;
	for (size_t i = 1; i < arg.len; i++)
		if (!is_letter(arg.p[i]))
			return false;
	return true;
}

/* Whether the option stands in arg, with others behind it or not. */
static bool has_letter(struct bytes arg, struct bytes option)
{
	if (option.len != 2 || option.p[0] != '-' || !is_letter(option.p[1]) ||
		arg.len < 2 || arg.len > 9 || arg.p[0] != '-')
		return false;
	return memchr(arg.p + 1, option.p[1], arg.len - 1);
}

static bool has_with(const struct redact *rd, const struct redact_row *row,
	const struct bytes *args, size_t n)
{
	if (!row->with.n)
		return true;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < row->with.n; j++) {
			struct bytes w = rd->r->words[row->with.first + j].s;

			if (bytes_equal(args[i], w) || has_letter(args[i], w))
				return true;
		}
	return false;
}

/* One command: its name is args[at], its arguments go up to end. */
struct range {
	const struct redact_argv *av;
	size_t at, end;
	struct bytes name;
};

static bool is_plain(
	const struct redact *rd, const struct range *c, struct bytes form)
{
	const struct redact_word *words = rd->r->words;

	for (size_t at = redact_bucket(rd->r, c->name); at;
		at = words[at - 1].next) {
		const struct redact_row *row = &rd->r->rows[words[at - 1].row];

		if (row->kind != REDACT_PLAIN ||
			!bytes_equal(words[at - 1].s, c->name))
			continue;
		for (size_t j = 0; j < row->forms.n; j++)
			if (bytes_equal(words[row->forms.first + j].s, form))
				return true;
	}
	return false;
}

/* Masks the secret in word i's bytes from where the value begins. */
static void mask_value(struct redact *rd, const struct range *c,
	const struct redact_row *row, size_t i, size_t from)
{
	struct bytes value = { c->av->args[i].p + from,
		c->av->args[i].len - from };
	const char *p;

	if (row->after.len) {
		p = text_find(value, row->after);
		if (!p)
			return;
		from += (size_t)(p - value.p) + row->after.len;
	}
	redact_mask_word(rd, c->av, i, from, c->av->args[i].len, row->rule);
}

static void hold(struct redact *rd, const struct range *c,
	const struct redact_row *row, const struct redact_word *form, size_t i)
{
	struct bytes arg = c->av->args[i], next;

	if (form->is_open) {
		if (arg.len > form->s.len &&
			!memcmp(arg.p, form->s.p, form->s.len) &&
			!(row->is_any && is_plain(rd, c, form->s)))
			mask_value(rd, c, row, i, form->s.len);
		return;
	}
	if (i + 1 >= c->end ||
		!(bytes_equal(arg, form->s) || is_bundle(arg, form->s)))
		return;
	next = c->av->args[i + 1];
	/* Nobody knows whether this command's option takes a value. */
	if (row->is_any &&
		((next.len && next.p[0] == '-') || is_plain(rd, c, form->s)))
		return;
	mask_value(rd, c, row, i + 1, 0);
}

static void run_row(
	struct redact *rd, const struct range *c, const struct redact_row *row)
{
	const struct redact_word *forms = &rd->r->words[row->forms.first];
	const struct bytes *args = c->av->args;

	if (!has_with(rd, row, args + c->at + 1, c->end - c->at - 1))
		return;
	for (size_t i = c->at + 1; i < c->end; i++) {
		if (!args[i].len)
			continue;
		if (row->is_last && i + 1 == c->end && args[i].p[0] != '-')
			mask_value(rd, c, row, i, 0);
		for (size_t j = 0; j < row->forms.n; j++)
			if (forms[j].s.p[0] == args[i].p[0])
				hold(rd, c, row, &forms[j], i);
	}
}

/* Returns the row by which the command's input is a secret, from 1. */
static size_t run_rows(struct redact *rd, const struct range *c)
{
	const struct redact_word *words = rd->r->words;
	size_t input = 0;

	for (size_t at = redact_bucket(rd->r, c->name); at;
		at = words[at - 1].next) {
		const struct redact_row *row = &rd->r->rows[words[at - 1].row];

		if (!bytes_equal(words[at - 1].s, c->name))
			continue;
		if (row->kind == REDACT_OPTION)
			run_row(rd, c, row);
		if (row->kind == REDACT_INPUT &&
			has_with(rd, row, c->av->args + c->at + 1,
				c->end - c->at - 1))
			input = words[at - 1].row + 1u;
	}
	for (size_t i = 0; i < rd->r->n_any && c->av->has & REDACT_HAS_OPTION;
		i++)
		run_row(rd, c, &rd->r->rows[rd->r->any[i]]);
	return input;
}

void redact_push(struct redact *rd, const struct redact_argv *av, size_t i,
	size_t from, bool is_shell)
{
	struct bytes word = av->args[i];
	struct redact_job *job = &rd->jobs[rd->n_jobs];
	size_t at = rd->queue.len;
	unsigned int has = redact_words(rd, word);

	if (!has)
		return;
	if (rd->n_jobs == REDACT_JOBS_MAX || REDACT_QUEUE_MAX - at < word.len) {
		redact_mask_word(rd, av, i, 0, word.len, REDACT_LIMIT);
		return;
	}
	/* A shell's words last until it reads the next text. */
	str_addb(&rd->queue, word);
	*job = (struct redact_job){ .word = str_tail(&rd->queue, at),
		.from = from,
		.is_shell = is_shell,
		.has = has,
		.parent = av->sources ? av->text : av->text + (uint32_t)i,
		.is_argument = !av->sources,
		.root = av->sources ? av->root : av->text + (uint32_t)i };
	if (av->sources) {
		job->at = av->sources[i].at;
		job->end = av->sources[i].end;
	}
	rd->heads[rd->n_layers + rd->n_jobs++] = REDACT_NONE;
}

static bool is_text(struct bytes word)
{
	for (size_t i = 0; i < word.len; i++)
		if (strchr(" \t\n;|&", word.p[i]) && word.p[i])
			return true;
	return false;
}

/* Words first..first+n by themselves: a command, and texts. */
static void run_part(
	struct redact *rd, const struct redact_argv *av, size_t first, size_t n)
{
	struct redact_argv part = *av;

	if (part.depth++ == REDACT_DEPTH_MAX) {
		for (size_t i = first; i < first + n; i++)
			redact_mask_word(
				rd, av, i, 0, av->args[i].len, REDACT_LIMIT);
		return;
	}
	part.args += first;
	part.n = n;
	if (part.sources)
		part.sources += first;
	else
		part.text += (uint32_t)first;
	for (size_t i = 0; i < part.n; i++)
		if (is_text(part.args[i]))
			redact_push(rd, &part, i, 0, true);
	redact_command(rd, &part);
}

static bool is_named(const struct redact *rd, struct bytes name)
{
	const struct redact_word *words = rd->r->words;
	size_t at = redact_bucket(rd->r, name);

	while (at && !bytes_equal(words[at - 1].s, name))
		at = words[at - 1].next;
	return at;
}

const struct invocation *redact_invocation(struct redact *rd)
{
	if (!rd->invocation) {
		invocation_read(rd->args, rd->n_args, &rd->own);
		rd->invocation = &rd->own;
	}
	return rd->invocation;
}

unsigned int redact_names(struct redact *rd)
{
	const struct invocation *inv = redact_invocation(rd);
	unsigned int has = 0;

	/* What is run may be anywhere behind it. */
	if (inv->n_wrappers == INVOCATION_WRAPPERS_MAX || inv->program_n > 1) {
		for (size_t i = 0; i < rd->n_args; i++)
			has |= redact_words(rd, rd->args[i]);
		return has;
	}
	for (size_t i = 0; i < inv->n_wrappers; i++)
		if (is_named(rd, invocation_base(rd->args[inv->wrappers[i]])))
			return REDACT_HAS_COMMAND;
	if (inv->command < rd->n_args &&
		is_named(rd, invocation_base(rd->args[inv->command])))
		return REDACT_HAS_COMMAND;
	return inv->program < rd->n_args
		       ? redact_words(rd, rd->args[inv->program])
		       : 0;
}

/* What words run. */
static const struct invocation *invocation_of(
	struct redact *rd, const struct redact_argv *av, struct invocation *own)
{
	if (av->args == rd->args && av->n == rd->n_args)
		return redact_invocation(rd);
	invocation_read(av->args, av->n, own);
	return own;
}

size_t redact_command(struct redact *rd, const struct redact_argv *av)
{
	struct range c = { .av = av };
	struct invocation own;
	const struct invocation *inv = invocation_of(rd, av, &own);
	size_t input = 0, found;

	for (size_t i = 0; i <= inv->n_wrappers; i++) {
		bool is_last = i == inv->n_wrappers;

		c.at = is_last ? inv->command : inv->wrappers[i];
		c.end = av->n;
		if (c.at >= av->n)
			break;
		if (!is_last)
			c.end = i + 1 < inv->n_wrappers ? inv->wrappers[i + 1]
							: inv->command;
		if (c.end <= c.at)
			c.end = av->n;
		c.name = invocation_base(av->args[c.at]);
		found = run_rows(rd, &c);
		input = found ? found : input;
	}
	if (inv->n_wrappers == INVOCATION_WRAPPERS_MAX && inv->command < av->n)
		run_part(rd, av, inv->command, av->n - inv->command);
	if (inv->program >= av->n || inv->is_encoded)
		return input;
	/* ssh host a 'b c' d */
	if (inv->program_n > 1)
		run_part(rd, av, inv->program, inv->program_n);
	else
		redact_push(rd, av, inv->program, inv->program_at,
			inv->language == INVOCATION_SH);
	return input;
}

/* Where the line ends that begins at i: at a line feed, or at \n as printf
 * has it. */
static size_t line_end(struct bytes text, size_t i, size_t end)
{
	while (i < end && text.p[i] != '\n' &&
		!(text.p[i] == '\\' && i + 1 < end && text.p[i + 1] == 'n'))
		i++;
	return i;
}

void redact_lines(struct redact *rd, uint32_t number, size_t at, size_t end,
	const struct redact_row *row)
{
	struct bytes text = redact_text(rd, number);

	while (at < end) {
		size_t stop = line_end(text, at, end);
		struct bytes line = { text.p + at, stop - at };
		const char *p = row->after.len && line.len
					? text_find(line, row->after)
					: line.p;

		if (p && line.len)
			redact_mask(rd, number,
				(size_t)(p - text.p) + row->after.len, stop,
				row->rule);
		at = stop + (stop < end && text.p[stop] == '\\' ? 2 : 1);
	}
}
