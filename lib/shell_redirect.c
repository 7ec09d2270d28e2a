// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell_state.h"
#include "text.h"

/* Longest first. */
static const struct {
	struct bytes op;
	enum redirect redirect;
} operators[] = {
#define X(op, redirect)                                                        \
	{                                                                      \
		{ op, sizeof(op) - 1 }, redirect                               \
	}
	X("<<<", REDIRECT_HERE_STRING), X("<<-", REDIRECT_HERE_DOC_TABS),
	X("<<", REDIRECT_HERE_DOC), X("<&", REDIRECT_COPY_FROM),
	X("<>", REDIRECT_BOTH), X("<", REDIRECT_FROM), X("&>>", REDIRECT_TO),
	X("&>", REDIRECT_TO), X(">>", REDIRECT_TO), X(">|", REDIRECT_TO),
	X(">&", REDIRECT_COPY_TO), X(">", REDIRECT_TO)
#undef X
};

/* No process has more descriptors. */
#define FD_DIGITS_MAX 7

/* The digits before the operator, -1 if the word is something else. */
static int descriptor(struct shell *sh, const struct draft *d)
{
	struct bytes text;
	uint64_t v;

	if (!d->is_open || d->is_quoted || d->is_expanded)
		return -1;
	text = shell_draft_text(sh, d);
	if (text.len > FD_DIGITS_MAX || text_u64(text, 10, &v) < 0)
		return -1;
	return (int)v;
}

void shell_redirect(struct shell *sh, struct frame *f)
{
	struct bytes rest = { sh->source.p + sh->pos, sh->limit - sh->pos };
	int fd = rest.p[0] == '&' ? -1 : descriptor(sh, &f->draft);
	size_t i = 0;

	if (fd >= 0)
		shell_draft_drop(sh, f);
	else
		shell_end(sh);
	/* The word before may have been a keyword. */
	f = top_frame(sh);
	while (rest.len < operators[i].op.len ||
		memcmp(rest.p, operators[i].op.p, operators[i].op.len) != 0)
		i++;
	sh->pos += operators[i].op.len;
	if (!shell_command_open(sh, f))
		return;
	f->redirect = operators[i].redirect;
	f->fd = fd >= 0 ? (unsigned int)fd : rest.p[0] != '<';
}

static void take_from(
	struct shell_command *c, const struct frame *f, struct bytes word)
{
	if (f->fd == 0)
		c->input = f->draft.is_process ? SHELL_INPUT_PROCESS
					       : SHELL_INPUT_FILE;
	if (f->fd == 0 || (f->fd > 2 && !c->from.p))
		c->from = word;
}

static void take_to(
	struct shell_command *c, const struct frame *f, struct bytes word)
{
	if (f->fd == 1 || (f->fd > 2 && !c->to.p))
		c->to = word;
}

/* 1, 1-, -: a descriptor, no file. */
static bool is_descriptor(struct bytes word)
{
	uint64_t v;

	if (word.len && word.p[word.len - 1] == '-')
		word.len--;
	return !word.len || text_u64(word, 10, &v) == 0;
}

static void announce(struct shell *sh, const struct frame *f, struct bytes stop)
{
	if (sh->n_pending == HERE_MAX) {
		sh->is_cut = true;
		return;
	}
	sh->heres[sh->n_pending++] =
		(struct here){ .first = f->compound == NONE ? f->command
							    : f->compound,
			.command = f->command,
			.stop = stop,
			.is_quoted = f->draft.is_quoted,
			.is_tabs = f->redirect == REDIRECT_HERE_DOC_TABS };
}

void shell_redirect_take(struct shell *sh, struct frame *f, struct bytes word)
{
	struct shell_command *c = &sh->commands[f->command];

	word = shell_keep(sh, word);
	switch (f->redirect) {
	case REDIRECT_COPY_FROM:
		if (is_descriptor(word))
			break;
		take_from(c, f, word);
		break;
	case REDIRECT_FROM:
		take_from(c, f, word);
		break;
	case REDIRECT_COPY_TO:
		if (is_descriptor(word))
			break;
		take_to(c, f, word);
		break;
	case REDIRECT_TO:
		take_to(c, f, word);
		break;
	case REDIRECT_BOTH:
		take_from(c, f, word);
		take_to(c, f, word);
		break;
	case REDIRECT_HERE_STRING:
		c->input = SHELL_INPUT_HERE_STRING;
		c->here = word;
		c->is_here_opaque = f->draft.is_opaque;
		break;
	default:
		c->input = SHELL_INPUT_HERE_DOC;
		announce(sh, f, word);
	}
	f->redirect = REDIRECT_NONE;
}

static void set_here(struct shell *sh, size_t first, size_t command,
	struct bytes text, bool is_opaque)
{
	const struct shell_command *last = &sh->commands[command];

	for (size_t i = first; i <= command; i++) {
		struct shell_command *c = &sh->commands[i];

		if (c->input != SHELL_INPUT_HERE_DOC ||
			(c->here.p && i < command) || c->parent != last->parent)
			continue;
		c->here = text;
		c->is_here_opaque = is_opaque;
	}
}

/* The place of the line that is h's end, or the end of all; *after is the
 * start of the line behind it. */
static size_t find_stop(
	const struct shell *sh, const struct here *h, size_t *after)
{
	const char *p = sh->source.p + sh->pos;
	const char *limit = sh->source.p + sh->limit;

	while (p < limit) {
		const char *end = memchr(p, '\n', (size_t)(limit - p));
		const char *line = p;

		end = end ? end : limit;
		while (h->is_tabs && line < end && *line == '\t')
			line++;
		if (bytes_equal(h->stop,
			    (struct bytes){ line, (size_t)(end - line) })) {
			*after = (size_t)(end - sh->source.p) + (end < limit);
			return (size_t)(p - sh->source.p);
		}
		p = end + (end < limit);
	}
	*after = sh->limit;
	return sh->limit;
}

/* The text as it stands, but for tabs. */
static struct bytes literal(struct shell *sh, size_t end, bool is_tabs)
{
	struct bytes body = { sh->source.p + sh->pos, end - sh->pos };
	size_t from = sh->text.len;
	bool is_start = true;

	if (!is_tabs || body.len > sh->text.max - from)
		return shell_keep(sh, body);
	for (size_t i = 0; i < body.len; i++) {
		if (body.p[i] == '\t' && is_start)
			continue;
		str_addc(&sh->text, body.p[i]);
		is_start = body.p[i] == '\n';
	}
	return str_tail(&sh->text, from);
}

void shell_here_start(struct shell *sh)
{
	while (sh->n_pending) {
		struct here h = sh->heres[0];
		size_t after, stop = find_stop(sh, &h, &after);
		struct frame *f = NULL;

		sh->n_pending--;
		memmove(sh->heres, sh->heres + 1,
			sh->n_pending * sizeof(sh->heres[0]));
		if (!h.is_quoted && sh->n_heres < HERE_DEPTH_MAX)
			f = shell_push(sh, FRAME_HERE);
		if (f) {
			f->command = h.command;
			f->first = h.first;
			f->limit = sh->limit;
			f->after = after;
			f->is_tabs = h.is_tabs;
			sh->limit = stop;
			while (f->is_tabs && peek(sh, 0) == '\t')
				sh->pos++;
			return;
		}
		set_here(sh, h.first, h.command, literal(sh, stop, h.is_tabs),
			false);
		sh->pos = after;
	}
}

void shell_here_end(struct shell *sh, struct frame *f)
{
	const struct draft *d = &f->draft;
	struct bytes text = BYTES("");

	if (d->is_open)
		text = shell_keep(sh, shell_draft_text(sh, d));
	set_here(sh, f->first, f->command, text, d->is_open && d->is_opaque);
	shell_draft_drop(sh, f);
	sh->n_heres--;
	sh->limit = f->limit;
	sh->pos = f->after;
	shell_here_start(sh);
}
