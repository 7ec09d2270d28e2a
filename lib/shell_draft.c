// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell_state.h"

void shell_open(struct shell *sh)
{
	struct draft *d = draft_of(sh);

	if (d->is_open)
		return;
	*d = (struct draft){ .is_open = true,
		.at = sh->token,
		.from = sh->build.len,
		.source = NONE,
		.bracket = NONE,
		.brace = NONE,
		.brace_end = NONE,
		.marks = sh->n_marks };
}

void shell_add(struct shell *sh, const char *p, size_t n)
{
	shell_open(sh);
	str_add(&sh->build, p, n);
}

struct bytes shell_draft_text(struct shell *sh, const struct draft *d)
{
	return str_tail(&sh->build, d->from);
}

void shell_draft_drop(struct shell *sh, struct frame *f)
{
	struct draft *d = &f->draft;

	if (!d->is_open)
		return;
	d->is_open = false;
	sh->build.len = d->from;
	sh->n_marks = d->marks;
}

/* Whether blanks in a variable end words here. */
static bool is_split(struct shell *sh)
{
	const struct frame *f = top_frame(sh);
	const struct draft *d = &f->draft;

	if (!is_list(f) || f->redirect)
		return false;
	if (!d->is_open || !d->name_len)
		return true;
	return !f->is_declaring && f->command != NONE &&
	       sh->commands[f->command].name != NONE;
}

void shell_add_value(struct shell *sh, struct bytes value)
{
	bool can_split = is_split(sh);

	/* $a that holds $b that holds $c: no more than text may hold. */
	if (value.len > sh->text.max - sh->expanded) {
		sh->is_cut = true;
		shell_open(sh);
		draft_of(sh)->is_opaque = true;
		return;
	}
	sh->expanded += value.len;
	/* Of the word before; the next begins with what is added. */
	draft_of(sh)->is_expanded = true;
	if (!can_split) {
		shell_add(sh, value.p, value.len);
		draft_of(sh)->is_expanded = true;
	}
	for (size_t i = 0, n; can_split && i < value.len; i += n + !n) {
		n = 0;
		while (i + n < value.len &&
			!sh->is_ifs[(unsigned char)value.p[i + n]])
			n++;
		if (n)
			shell_add(sh, value.p + i, n);
		else
			shell_end(sh);
		draft_of(sh)->is_expanded = true;
	}
}

static void note_assignment(
	struct shell *sh, struct frame *f, const struct raw_word *r)
{
	const struct draft *d = &f->draft;
	struct bytes text = r->w.text;
	size_t skip = d->name_len + 1 + d->is_append;
	struct var var = { .name = { text.p, d->name_len },
		.value = { text.p + skip, text.len - skip },
		.is_known = !d->is_opaque && !d->is_element,
		.source = (size_t)(r - sh->raw) };
	const struct var *old = shell_var_find(sh, var.name);

	if (d->is_array) {
		var.value = d->array;
		var.is_known = var.is_array = true;
	}
	if (d->is_append && old && var.is_known) {
		size_t from = sh->text.len;
		size_t len = old->value.len + var.value.len;

		var.is_known = old->is_known &&
			       len <= sh->text.max - sh->expanded &&
			       len <= sh->text.max - from;
		if (var.is_known) {
			sh->expanded += len;
			str_addb(&sh->text, old->value);
			str_addb(&sh->text, var.value);
			var.value = str_tail(&sh->text, from);
		}
	}
	shell_var_set(sh, &var);
}

static bool is_declaring(struct bytes name)
{
	return bytes_equal(name, BYTES("export")) ||
	       bytes_equal(name, BYTES("declare")) ||
	       bytes_equal(name, BYTES("typeset")) ||
	       bytes_equal(name, BYTES("local")) ||
	       bytes_equal(name, BYTES("readonly"));
}

static void push_word(struct shell *sh, struct frame *f, struct bytes text)
{
	const struct draft *d = &f->draft;
	struct shell_command *c = shell_command_open(sh, f);
	struct raw_word *r;
	void *p = sh->raw;

	if (!c || !shell_room(sh, &p, &sh->raw_size, sh->n_raw, SHELL_WORDS_MAX,
			  sizeof(*sh->raw)))
		return;
	sh->raw = p;
	r = &sh->raw[sh->n_raw];
	r->command = f->command;
	r->w = (struct shell_word){ .text = shell_keep(sh, text),
		.at = d->at,
		.end = sh->pos,
		.source = d->source,
		.is_assignment =
			d->name_len && c->name == NONE && !f->is_nameless,
		.is_quoted = d->is_quoted,
		.is_escaped = d->is_escaped,
		.is_expanded = d->is_expanded,
		.is_opaque = d->is_opaque };
	if (sh->is_full)
		return;
	sh->n_raw++;
	if (c->name == NONE && !f->is_nameless && !r->w.is_assignment) {
		c->name = c->n;
		f->is_declaring = is_declaring(r->w.text);
		f->is_testing = bytes_equal(r->w.text, BYTES("[["));
	} else if (r->w.is_assignment || (d->name_len && f->is_declaring)) {
		note_assignment(sh, f, r);
	}
	f->is_match = f->is_testing && bytes_equal(text, BYTES("=~"));
	c->n++;
}

/* One word of a{b,c}d: what is before, the item and what is after. */
static void push_item(
	struct shell *sh, struct frame *f, size_t from, size_t end)
{
	const struct draft *d = &f->draft;
	const char *p = sh->build.p;

	str_reset(&sh->spare);
	str_add(&sh->spare, p + d->from, d->brace - d->from);
	str_add(&sh->spare, p + from, end - from);
	str_add(&sh->spare, p + d->brace_end + 1,
		sh->build.len - d->brace_end - 1);
	if (!str_ok(&sh->spare))
		sh->is_full = true;
	else if (sh->spare.len || d->is_quoted)
		push_word(sh, f, str_bytes(&sh->spare));
}

static void push_items(struct shell *sh, struct frame *f)
{
	size_t from = f->draft.brace + 1;

	f->draft.is_expanded = true;
	for (size_t i = f->draft.marks; i < sh->n_marks; i++) {
		push_item(sh, f, from, sh->marks[i]);
		if (sh->is_full)
			return;
		from = sh->marks[i] + 1;
	}
	push_item(sh, f, from, f->draft.brace_end);
}

void shell_end(struct shell *sh)
{
	struct frame *f = top_frame(sh);
	struct draft *d = &f->draft;
	struct bytes text;

	if (!d->is_open)
		return;
	text = shell_draft_text(sh, d);
	if (f->redirect)
		shell_redirect_take(sh, f, text);
	else if (d->brace_end != NONE && !d->name_len)
		push_items(sh, f);
	else if (!shell_keyword(sh, f, text))
		push_word(sh, f, text);
	shell_draft_drop(sh, f);
}
