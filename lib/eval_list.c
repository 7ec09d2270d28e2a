// SPDX-License-Identifier: GPL-3.0-or-later
/* Lists of commands and pipelines. */
#include "eval_state.h"

static bool is_delimiter(char c)
{
	return !c || strchr(" \t\n;&|<>()", c);
}

bool eval_is_word(const struct eval *e, const char *word)
{
	size_t n = strlen(word);

	return !eval_is_end(e) && e->at.src.len - e->at.pos >= n &&
	       !memcmp(e->at.src.p + e->at.pos, word, n) &&
	       is_delimiter(eval_peek(e, n));
}

bool eval_take(struct eval *e, const char *word)
{
	eval_newlines(e);
	if (!eval_is_word(e, word))
		return false;
	e->at.pos += strlen(word);
	return true;
}

void eval_blanks(struct eval *e)
{
	const char *end;

	while (!eval_is_end(e)) {
		char c = eval_peek(e, 0);

		if (c == '\\' && eval_peek(e, 1) == '\n')
			e->at.pos++;
		else if (c != ' ' && c != '\t' && c != '\r')
			break;
		e->at.pos++;
	}
	if (eval_peek(e, 0) != '#')
		return;
	end = memchr(e->at.src.p + e->at.pos, '\n', e->at.src.len - e->at.pos);
	eval_step(e, 1);
	e->at.pos = end ? (size_t)(end - e->at.src.p) : e->at.src.len;
}

static void newline(struct eval *e)
{
	if (e->at.pos == e->at.here_line)
		e->at.pos = e->at.here_end;
	else
		e->at.pos++;
}

void eval_newlines(struct eval *e)
{
	while (!eval_is_end(e)) {
		char c, next;

		eval_blanks(e);
		c = eval_peek(e, 0);
		next = eval_peek(e, 1);
		if (c == '\n')
			newline(e);
		else if ((c == ';' && next != ';' && next != '&') ||
			 (c == '&' && next != '>'))
			e->at.pos++;
		else
			return;
	}
}

/* Whether what stands at pos ends a list. */
static bool is_closing(const struct eval *e)
{
	static const char *const words[] = { "then", "do", "done", "fi", "else",
		"elif", "esac", "}" };
	char c = eval_peek(e, 0);

	if (c == ')' || (c == ';' && eval_peek(e, 1)))
		return true;
	if (!c || !strchr("tdfe}", c))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (eval_is_word(e, words[i]))
			return true;
	return false;
}

static void command(struct eval *e)
{
	eval_enter(e);
	eval_blanks(e);
	if (!e->is_over && !eval_compound(e))
		eval_simple(e);
	eval_leave(e);
}

static bool is_piped(struct eval *e)
{
	eval_blanks(e);
	return eval_peek(e, 0) == '|' && eval_peek(e, 1) != '|';
}

/* What was written behind mark has its own note, and comes to the rest. */
static void merge(struct eval *e, size_t mark, struct eval_note before)
{
	struct eval_note last = e->out_note;

	e->out_note = before;
	if (e->out.len == mark && !(last.flags & IS_UNKNOWN))
		return;
	eval_inherit(&e->out_note, last);
	e->out_note.flags &= (unsigned char)~IS_LINE;
	e->out_note.flags |= last.flags & IS_LINE;
}

/* !, time and coproc before a pipeline. */
static bool is_negated(struct eval *e)
{
	bool is = false;

	eval_blanks(e);
	while (eval_is_word(e, "!") || eval_is_word(e, "time") ||
		eval_is_word(e, "coproc")) {
		is ^= eval_peek(e, 0) == '!';
		while (!is_delimiter(eval_peek(e, 0)))
			e->at.pos++;
		eval_blanks(e);
	}
	return is;
}

void eval_pipeline(struct eval *e)
{
	struct eval_note before = e->out_note;
	struct eval_value in = e->in, v;
	size_t mark = e->out.len;
	bool is_not = is_negated(e), has_pipe = false;

	e->out_note = (struct eval_note){ .flags = 0 };
	e->captures++;
	command(e);
	while (is_piped(e) && !e->is_over) {
		e->at.pos += 1u + (eval_peek(e, 1) == '&');
		eval_newlines(e);
		has_pipe = true;
		if (!e->skip)
			e->in = eval_output_take(e, mark);
		e->out_note = (struct eval_note){ .flags = 0 };
		command(e);
	}
	e->captures--;
	if (has_pipe)
		e->in = in;
	if (is_not && e->status != STATUS_UNKNOWN && !e->skip)
		e->status =
			e->status == STATUS_TRUE ? STATUS_FALSE : STATUS_TRUE;
	if (e->captures || e->skip) {
		merge(e, mark, before);
		return;
	}
	v = eval_output_take(e, mark);
	eval_tell(e, &v, false);
	e->out_note = before;
}

/* a && b || c */
static void and_or(struct eval *e)
{
	unsigned int skip = e->skip, unsure = e->unsure;

	for (;;) {
		bool is_and, is_or;

		eval_pipeline(e);
		eval_blanks(e);
		is_and = eval_peek(e, 0) == '&' && eval_peek(e, 1) == '&';
		is_or = eval_peek(e, 0) == '|' && eval_peek(e, 1) == '|';
		e->skip = skip;
		e->unsure = unsure;
		if ((!is_and && !is_or) || e->is_over)
			return;
		e->at.pos += 2;
		eval_newlines(e);
		e->unsure += e->status == STATUS_UNKNOWN;
		e->skip += (is_and && e->status == STATUS_FALSE) ||
			   (is_or && e->status == STATUS_TRUE) || e->jump;
	}
}

void eval_list(struct eval *e)
{
	unsigned int skip = e->skip;

	eval_enter(e);
	while (!e->is_over) {
		size_t pos;

		eval_newlines(e);
		if (eval_is_end(e) || is_closing(e) || !eval_step(e, 1))
			break;
		/* What follows a break is read to its end. */
		e->skip = skip + (e->jump != JUMP_NONE);
		pos = e->at.pos;
		and_or(e);
		e->at.pos += e->at.pos == pos;
	}
	e->skip = skip;
	eval_leave(e);
}
