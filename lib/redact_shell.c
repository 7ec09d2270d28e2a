// SPDX-License-Identifier: GPL-3.0-or-later
/* Shell texts: words, and where in the text they were written. */
#include <string.h>

#include "redact_state.h"
#include "text.h"

/* Commands between an echo and what reads it. */
#define ECHO_REACH 16
/* Parts of a text that is too long: it can't hold more commands than are read.
 */
#define PART_MAX 8192

/* A source on its way to its word. */
struct walk {
	struct bytes source;
	size_t i;
	char quote; /* ' or " it is in; NUL: none */
};

/* The next byte of the word that the source gives, without going behind it; -1:
 * it has ended, or nobody knows. */
static int next_byte(struct walk *w)
{
	struct bytes s = w->source;

	for (; w->i < s.len; w->i++) {
		char c = s.p[w->i];

		if (w->quote ? c == w->quote : c == '\'' || c == '"') {
			w->quote = w->quote ? '\0' : c;
			continue;
		}
		if (c == '$' && !w->quote && w->i + 1 < s.len &&
			s.p[w->i + 1] == '\'')
			return -1;
		if (c != '\\' || w->quote == '\'' || w->i + 1 == s.len)
			return (unsigned char)c;
		c = s.p[w->i + 1];
		if (w->quote && !strchr("$`\"\\\n", c))
			return '\\';
		w->i++;
		if (c != '\n')
			return (unsigned char)c;
	}
	return -1;
}

/* How far the source and the word are alike, quotes and escapes left alone. */
static struct redact_source behind_alike(
	struct bytes source, struct bytes word, size_t from)
{
	struct redact_source s = { 0, source.len };
	char last = source.len ? source.p[source.len - 1] : '\0';

	while (s.at < from && s.at < source.len &&
		source.p[s.at] == word.p[s.at])
		s.at++;
	if (s.at + 1 < s.end && source.p[s.at] == '$' &&
		source.p[s.at + 1] == '\'')
		s.at++;
	if (s.at + 1 < s.end && source.p[s.at] == last &&
		(last == '\'' || last == '"')) {
		s.at++;
		s.end--;
	}
	return s;
}

struct redact_source redact_align(
	struct bytes source, struct bytes word, size_t from, size_t to)
{
	struct walk w = { .source = source };
	struct redact_source s = { 0, 0 };
	char quote = '\0';

	for (size_t k = 0; k < to; k++) {
		size_t before = w.i;
		int c = next_byte(&w);

		if (c < 0 || (unsigned char)word.p[k] != c)
			return behind_alike(source, word, from);
		if (k == from) {
			s.at = w.i;
			quote = w.quote;
			/* The backslash of an escaped one goes with it. */
			if (w.i > before && source.p[w.i - 1] == '\\')
				s.at--;
		}
		w.i++;
	}
	s.end = w.i;
	if (quote == w.quote)
		return s;
	/* It goes from one pair of quotes into another: both go with it. */
	if (quote)
		s.at--;
	while (s.end < source.len && w.quote && source.p[s.end] != w.quote)
		s.end++;
	s.end += w.quote && s.end < source.len;
	return s;
}

static struct bytes source_of(
	const struct redact *rd, const struct redact_argv *av, size_t i)
{
	struct bytes text = redact_text(rd, av->text);

	return (struct bytes){ text.p + av->sources[i].at,
		av->sources[i].end - av->sources[i].at };
}

/* The name in $NAME, ${NAME...}: absent if it is none. */
static struct bytes variable(struct bytes s)
{
	size_t n = 0;

	while (s.len && (s.p[0] == '"' || s.p[0] == '$' || s.p[0] == '{')) {
		s.p++;
		s.len--;
		n++;
	}
	if (!n)
		return (struct bytes){ NULL, 0 };
	for (n = 0; n < s.len; n++)
		if (!(s.p[n] == '_' || (s.p[n] >= '0' && s.p[n] <= '9') ||
			    ((s.p[n] | 0x20) >= 'a' && (s.p[n] | 0x20) <= 'z')))
			break;
	return (struct bytes){ s.p, n };
}

/* Masks what the text gave a variable. */
static void mask_variable(struct redact *rd, const struct redact_argv *av,
	struct bytes name, uint32_t rule)
{
	for (size_t i = 0; i < shell_n_words(rd->shell); i++) {
		const struct shell_word *w = shell_word(rd->shell, i);
		struct bytes text = redact_text(rd, av->text);
		struct redact_source s;

		if (!w->is_assignment || w->text.len <= name.len + 1 ||
			memcmp(w->text.p, name.p, name.len) ||
			w->text.p[name.len] != '=')
			continue;
		text.p += rd->base + w->at;
		text.len = w->end - w->at;
		s = redact_align(text, w->text, name.len + 1, w->text.len);
		redact_mask(rd, av->text, rd->base + w->at + s.at,
			rd->base + w->at + s.end, rule);
	}
}

/* Whether the variable was not looked for yet; notes it. */
static bool is_new(struct redact *rd, struct bytes name)
{
	for (size_t i = 0; i < rd->n_variables; i++)
		if (bytes_equal(rd->variables[i], name))
			return false;
	if (rd->n_variables == REDACT_VARIABLES_MAX)
		return false;
	rd->variables[rd->n_variables++] = name;
	return true;
}

void redact_mask_word(struct redact *rd, const struct redact_argv *av, size_t i,
	size_t from, size_t to, uint32_t rule)
{
	struct bytes word = av->args[i], source, rest, name;
	struct redact_source s;

	if (from >= to)
		return;
	if (!av->sources) {
		redact_mask(rd, av->text + (uint32_t)i, from, to, rule);
		return;
	}
	source = source_of(rd, av, i);
	s = redact_align(source, word, from, to);
	if (s.at >= s.end)
		return;
	rest = (struct bytes){ source.p + s.at, s.end - s.at };
	name = variable(rest);
	if (name.p && !(s.at && source.p[s.at - 1] == '\'')) {
		if (word.p[from] != '$')
			redact_note(
				rd, (struct bytes){ word.p + from, to - from });
		if (name.len && is_new(rd, name))
			mask_variable(rd, av, name, rule);
		return;
	}
	redact_note(rd, (struct bytes){ word.p + from, to - from });
	redact_mask(rd, av->text, av->sources[i].at + s.at,
		av->sources[i].at + s.end, rule);
}

/* The words of a command, and where they stand. Returns how many. */
static size_t words_of(struct redact *rd, const struct shell_command *cmd)
{
	size_t n = 0;

	for (size_t i = cmd->name; i < cmd->first + cmd->n; i++) {
		const struct shell_word *w = shell_word(rd->shell, i);

		rd->words[n] = w->text;
		rd->sources[n++] = (struct redact_source){ rd->base + w->at,
			rd->base + w->end };
	}
	return n;
}

/* Where a word of echo stands, without the quotes around it. */
static struct redact_source inside(
	const struct redact *rd, struct bytes text, const struct shell_word *w)
{
	struct redact_source s = { rd->base + w->at, rd->base + w->end };

	if (s.end - s.at >= 2 && strchr("'\"", text.p[s.at]) &&
		text.p[s.end - 1] == text.p[s.at]) {
		s.at++;
		s.end--;
	}
	return s;
}

/* What a command writes that only writes its arguments. */
static void mask_written(struct redact *rd, const struct redact_argv *av,
	const struct shell_command *cmd, const struct redact_row *row)
{
	size_t end = cmd->first + cmd->n, i = cmd->name + 1;
	struct bytes name, text = redact_text(rd, av->text);

	if (cmd->name == end)
		return;
	name = invocation_base(shell_word(rd->shell, cmd->name)->text);
	if (!bytes_equal(name, BYTES("echo")) &&
		!bytes_equal(name, BYTES("printf")))
		return;
	for (; i < end; i++) {
		const struct shell_word *w = shell_word(rd->shell, i);
		struct redact_source s = inside(rd, text, w);

		if (w->text.len > 1 && w->text.p[0] == '-' && w->text.len < 4)
			continue;
		/* printf's form, when there is something to be put into it */
		if (i + 1 < end && name.p[0] == 'p' && w->text.len &&
			memchr(w->text.p, '%', w->text.len))
			continue;
		if (text.p[s.at] != '$')
			redact_lines(rd, av->text, s.at, s.end, row);
	}
}

/* << and <<<: the text as it is written. */
static void mask_here(struct redact *rd, const struct redact_argv *av,
	const struct shell_command *cmd, const struct redact_row *row)
{
	struct bytes text = redact_text(rd, av->text);
	const char *p = cmd->here.len ? text_find(text, cmd->here) : NULL;
	size_t at = p ? (size_t)(p - text.p) : 0;

	if (p && *p != '$')
		redact_lines(rd, av->text, at, at + cmd->here.len, row);
}

/* Payloads that came out of the same text may be what the command reads. */
static void mask_layers(struct redact *rd, const struct redact_argv *av,
	const struct redact_row *row)
{
	for (size_t i = 0; i < rd->n_layers; i++) {
		uint32_t text = (uint32_t)(rd->n_args + i);

		if (redact_parent(rd, i) == av->root)
			redact_lines(rd, text, 0, rd->layers[i].text.len, row);
	}
}

static void read_inputs(
	struct redact *rd, const struct redact_argv *av, size_t n)
{
	for (size_t j = 0; j < n; j++) {
		const struct redact_row *row;
		size_t i = j > ECHO_REACH ? j - ECHO_REACH : 0;

		if (!rd->inputs[j])
			continue;
		row = &rd->r->rows[rd->inputs[j] - 1];
		for (; i < j; i++)
			if (shell_feeds(rd->shell, i, j))
				mask_written(rd, av,
					shell_command(rd->shell, i), row);
		mask_here(rd, av, shell_command(rd->shell, j), row);
		mask_layers(rd, av, row);
	}
}

/* Reads from..to of a text. False: there is more in it than could be read. */
static bool read_part(
	struct redact *rd, struct redact_argv *av, size_t from, size_t to)
{
	struct bytes text = redact_text(rd, av->text);
	bool has_input = false;
	size_t n;

	shell_read(rd->shell, (struct bytes){ text.p + from, to - from });
	rd->base = from;
	rd->n_variables = 0;
	n = shell_n_commands(rd->shell);
	for (size_t i = 0; i < n; i++) {
		av->n = words_of(rd, shell_command(rd->shell, i));
		rd->inputs[i] =
			av->n ? (uint16_t)redact_command(rd, av) : (uint16_t)0;
		has_input |= rd->inputs[i];
	}
	if (has_input)
		read_inputs(rd, av, n);
	return !shell_is_cut(rd->shell);
}

void redact_shell(struct redact *rd, const struct redact_argv *init)
{
	struct bytes text = redact_text(rd, init->text);
	struct redact_argv av = *init;
	size_t from = 0, to;

	if (read_part(rd, &av, 0, text.len))
		return;
	/* Line by line, as far as that goes. */
	for (; from < text.len; from = to) {
		to = text.len - from > PART_MAX ? from + PART_MAX : text.len;
		while (to < text.len && to > from + PART_MAX / 2 &&
			text.p[to - 1] != '\n')
			to--;
		(void)!read_part(rd, &av, from, to);
	}
}

void redact_fold(struct redact *rd, const struct redact_job *job,
	const struct redact_span *span)
{
	struct bytes parent = redact_text(rd, job->parent);
	struct redact_source s = { job->from + span->at,
		job->from + span->end };

	if (!job->is_argument)
		s = redact_align((struct bytes){ parent.p + job->at,
					 job->end - job->at },
			job->word, s.at, s.end);
	redact_mask(
		rd, job->parent, job->at + s.at, job->at + s.end, span->rule);
}
