// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_state.h"

#include <ctype.h>

#include "command.h"
#include "invocation.h"
#include "text.h"

/* A command costs at least this much work. */
#define COMMAND_WORK 64

/* A command's words as it is given them. */
struct words {
	size_t first, n; /* in the reader; of the first n of argv */
	size_t argc; /* with those that xargs adds */
	bool is_known; /* all of them */
	struct value how; /* they came about */
};

static void read_words(struct flow *fl, size_t c, struct words *w)
{
	const struct shell_command *k = shell_command(fl->sh, c);

	*w = (struct words){ .is_known = true };
	w->first = k->name;
	w->n = k->first + k->n - k->name;
	for (size_t i = k->first; i < k->name; i++)
		flow_assign(fl, c, i);
	if (w->n > ARGS_MAX) {
		w->n = ARGS_MAX;
		w->is_known = false;
	}
	for (size_t i = 0; i < w->n; i++) {
		struct value v = flow_word(fl, c, w->first + i);

		flow_assign(fl, c, w->first + i);
		w->is_known &= v.is_known;
		fl->argv[i] = v.is_known ? v.text : (struct bytes){ "", 0 };
		if (!i)
			v.n_spans = 0;
		flow_inherit(&w->how, &v);
	}
	w->argc = w->n;
}

/* Splits the input into words behind the command, as xargs does. */
static void add_items(
	struct flow *fl, struct words *w, struct bytes in, bool is_by_nul)
{
	size_t i = 0;

	while (i < in.len && w->argc < ARGS_MAX) {
		size_t from;

		while (!is_by_nul && i < in.len &&
			isspace((unsigned char)in.p[i]))
			i++;
		from = i;
		while (i < in.len &&
			(is_by_nul ? in.p[i] != '\0'
				   : !isspace((unsigned char)in.p[i])))
			i++;
		if (i > from)
			fl->argv[w->argc++] =
				(struct bytes){ in.p + from, i - from };
		i += is_by_nul;
	}
	w->is_known &= i >= in.len;
}

/* -I{}, -i, -n1, -L1: the command is run again and again. */
static bool is_in_pieces(struct bytes option)
{
	return option.len > 1 && option.p[0] == '-' &&
	       memchr("IinL", option.p[1], 4);
}

/* xargs -0 printf %b: the input becomes words. That by pieces is eval's. */
static bool use_xargs(struct flow *fl, struct words *w,
	const struct invocation *inv, struct value *in)
{
	for (size_t i = 0; i < inv->n_wrappers; i++) {
		size_t at = inv->wrappers[i];
		bool is_by_nul = false;

		if (!bytes_equal(invocation_base(fl->argv[at]), BYTES("xargs")))
			continue;
		for (size_t k = at + 1; k < inv->command; k++) {
			is_by_nul |= bytes_equal(fl->argv[k], BYTES("-0")) ||
				     bytes_equal(fl->argv[k], BYTES("--null"));
			w->is_known &= !is_in_pieces(fl->argv[k]);
		}
		w->is_known &= in->is_known;
		if (!w->is_known)
			return true;
		add_items(fl, w, in->text, is_by_nul);
		flow_inherit(&w->how, in);
		in->is_known = false;
		return true;
	}
	return false;
}

/* A text that a shell is given is worked out in its turn. */
static void add_program(struct flow *fl, struct bytes text)
{
	struct program *to = &fl->programs[fl->n_programs];
	size_t from = fl->arena.len;
	const char *p;

	if (fl->n_programs == PROGRAMS_MAX || !text.len)
		return;
	p = fl->base == SIZE_MAX ? NULL : text_find(fl->text, text);
	fl->work += fl->text.len;
	to->base = p ? fl->base + (size_t)(p - fl->text.p) : SIZE_MAX;
	str_addb(&fl->arena, text);
	to->text = str_tail(&fl->arena, from);
	fl->n_programs += str_ok(&fl->arena);
}

static bool is_told_in(const struct invocation *inv, size_t i)
{
	return i == inv->command || i == inv->script ||
	       (i >= inv->program && i < inv->program + inv->program_n) ||
	       bytes_equal(inv->name, BYTES("source")) ||
	       bytes_equal(inv->name, BYTES("."));
}

/* trap 'TEXT' EXIT, alias NAME='TEXT': run later. */
static void add_later(
	struct flow *fl, const struct words *w, const struct invocation *inv)
{
	size_t i = inv->command + 1;

	if (bytes_equal(inv->name, BYTES("trap")) && i + 1 < w->n)
		add_program(fl, fl->argv[i]);
	if (!bytes_equal(inv->name, BYTES("alias")))
		return;
	for (; i < w->n; i++) {
		struct bytes text = fl->argv[i];
		size_t skip = shell_name_len(text) + 1;

		if (skip < text.len && text.p[skip - 1] == '=')
			add_program(fl, (struct bytes){ text.p + skip,
						text.len - skip });
	}
}

/* Behind the times of a line of crontab(5): five words, or @reboot. */
static struct bytes behind_times(struct bytes line)
{
	size_t i = 0, n = 0, words = 0;

	if (line.len)
		words = line.p[0] == '@'                                ? 1
			: line.p[0] && strchr("*0123456789", line.p[0]) ? 5
									: 0;
	for (; n < words && i < line.len; n++) {
		while (i < line.len && !isspace((unsigned char)line.p[i]))
			i++;
		while (i < line.len && isspace((unsigned char)line.p[i]))
			i++;
	}
	return (struct bytes){ line.p + i, line.len - i };
}

static void add_crontab(struct flow *fl, struct bytes text)
{
	while (text.len) {
		const char *nl = memchr(text.p, '\n', text.len);
		size_t len = nl ? (size_t)(nl - text.p) : text.len;

		add_program(fl, behind_times((struct bytes){ text.p, len }));
		len += nl != NULL;
		text.p += len;
		text.len -= len;
	}
}

/* Values that go into words of a command that is not worked out. */
static void tell_words(struct flow *fl, size_t c, const struct words *w,
	const struct invocation *inv)
{
	for (size_t i = fl->n_subs; i-- && fl->subs[i].parent == c;) {
		struct sub *s = &fl->subs[i];
		bool is_word = s->word >= w->first && s->word - w->first < w->n;

		flow_tell(fl, &s->v,
			is_word && is_told_in(inv, s->word - w->first), false);
	}
	for (size_t i = 0; i < w->n; i++)
		if (is_told_in(inv, i))
			flow_tell_variable(fl, w->first + i);
	add_later(fl, w, inv);
	if (inv->program < w->n && inv->language == INVOCATION_SH) {
		struct bytes text = fl->argv[inv->program];

		if (inv->program_at <= text.len) {
			text.p += inv->program_at;
			text.len -= inv->program_at;
		}
		add_program(fl, text);
	}
}

static bool runs_input(const struct invocation *inv)
{
	static const char names[] = "at batch crontab ssh source . parallel";

	return inv->reads_stdin ||
	       (inv->language == INVOCATION_NONE &&
		       invocation_is_listed(names, inv->name));
}

/* What the command's input is used for when its output is not known. */
static void tell_input(
	struct flow *fl, struct value *in, const struct invocation *inv)
{
	bool is_run = runs_input(inv);

	flow_tell(fl, in, is_run, false);
	if (!is_run || !in->is_known || in->is_told)
		return;
	if (bytes_equal(inv->name, BYTES("crontab")))
		add_crontab(fl, in->text);
	else if (inv->language == INVOCATION_SH ||
		 inv->language == INVOCATION_NONE)
		add_program(fl, in->text);
}

/* The step that call took from in, and from words, to v. */
static void add_step(struct flow *fl, struct value *v, struct value *in,
	const struct words *w, const struct command_call *call)
{
	struct value from = *in, how = w->how;
	bool is_text;

	/* Of a filter the words are no source. */
	if (in->is_known)
		how.n_spans = 0;
	else
		from = (struct value){ .is_known = false };
	flow_inherit(&from, &how);
	from.text = call->in.p ? call->in : v->text;
	is_text = !(from.is_told || from.is_decoded) ||
		  text_kind(from.text.p, from.text.len) != TEXT_BINARY;
	if (call->kind == COMMAND_DECODED && from.is_decoded && is_text) {
		from.is_known = in->is_known;
		flow_tell(fl, &from, false, true);
	}
	flow_inherit(v, &from);
	if (!call->undone)
		return;
	/* What is no text is no layer of its own, but a step to the next. */
	if (v->is_told && is_text) {
		v->depth++;
		v->chain = (struct layer_chain){ .len = 0 };
		v->is_decoded = v->is_hidden = false;
	}
	v->is_told = false;
	layer_chain_add(&v->chain, call->undone);
	if (!v->origin.p)
		v->origin = call->in;
	v->is_changed = true;
	v->is_hidden |= call->kind != COMMAND_RESHAPED;
	v->is_decoded |= call->kind == COMMAND_DECODED;
}

static const struct command *row_of(struct flow *fl, struct bytes name)
{
	struct known *k;

	if (!name.len || name.len > sizeof(k->name))
		return command_get(name);
	k = &fl->known[((unsigned char)name.p[0] * 7u +
			       (unsigned char)name.p[name.len - 1] + name.len) %
		       KNOWN_MAX];
	if (!bytes_equal((struct bytes){ k->name, k->len }, name)) {
		memcpy(k->name, name.p, name.len);
		k->len = name.len;
		k->row = command_get(name);
	}
	return k->row;
}

/* The output, if the command is one whose output follows. */
static bool work_out(struct flow *fl, const struct words *w, size_t name,
	struct value *in, struct value *v)
{
	const struct command *row = row_of(fl, invocation_base(fl->argv[name]));
	struct value nothing = { .is_known = false };
	struct command_call call;
	size_t from = fl->arena.len;

	if (row && row->is_deaf)
		in = &nothing;
	call = (struct command_call){ .argv = fl->argv + name,
		.argc = w->argc - name,
		.in = in->is_known ? in->text : (struct bytes){ NULL, 0 },
		.has_newline = in->has_newline,
		.script = fl->script };
	fl->work += call.in.len + COMMAND_WORK;
	if (!row || fl->work > fl->work_max || !str_ok(&fl->arena))
		return false;
	if (!row->run(&call, &fl->arena) || !str_ok(&fl->arena)) {
		str_cut(&fl->arena, from);
		fl->arena.is_short = false;
		return false;
	}
	*v = (struct value){ .is_known = true,
		.text = str_tail(&fl->arena, from),
		.has_newline = call.ends_line };
	fl->work += v->text.len;
	if (call.ends_line)
		str_addc(&fl->arena, '\n');
	if (!call.undone && w->how.is_changed && !w->how.chain.steps)
		call.undone = "printf";
	add_step(fl, v, in, w, &call);
	/* Nothing is left for another command of the group. */
	in->is_known = false;
	return true;
}

struct value flow_command(struct flow *fl, size_t c, struct value *in)
{
	struct value v = { .is_known = false };
	struct invocation inv;
	struct words w;
	size_t name;

	read_words(fl, c, &w);
	invocation_read(fl->argv, w.n, &inv);
	if (use_xargs(fl, &w, &inv, in) && inv.command == w.n) {
		/* xargs alone is echo. */
		fl->argv[inv.command] = BYTES("echo");
		w.is_known = false;
	}
	name = inv.command;
	if (name < w.argc && w.is_known && inv.language == INVOCATION_NONE &&
		work_out(fl, &w, name, in, &v))
		return v;
	if (name < w.argc && w.is_known && inv.language != INVOCATION_NONE &&
		inv.language != INVOCATION_SH &&
		(in->is_known || inv.language == INVOCATION_AWK) &&
		work_out(fl, &w, name, in, &v))
		return v;
	tell_words(fl, c, &w, &inv);
	tell_input(fl, in, &inv);
	return v;
}
