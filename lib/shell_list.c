// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell_state.h"
#include "str_block.h"
#include "text.h"

/* Bytes that are not just part of a word. */
static const bool special[256] = { [' '] = true,
	['\t'] = true,
	['\n'] = true,
	['\''] = true,
	['"'] = true,
	['\\'] = true,
	['$'] = true,
	['`'] = true,
	['#'] = true,
	['|'] = true,
	['&'] = true,
	[';'] = true,
	['('] = true,
	[')'] = true,
	['<'] = true,
	['>'] = true,
	['{'] = true,
	[','] = true,
	['}'] = true,
	['='] = true,
	['*'] = true,
	['?'] = true,
	['['] = true,
	[']'] = true };

static void plain(struct shell *sh)
{
	shell_add(sh, sh->source.p + sh->pos, 1);
	sh->pos++;
}

/* Whether what was read so far is NAME, NAME+ or NAME[...]. */
static void equals(struct shell *sh)
{
	struct draft *d = draft_of(sh);
	struct bytes text;
	size_t n;

	if (!d->is_open || d->has_equals || d->is_quoted || d->is_expanded)
		return;
	d->has_equals = true;
	text = shell_draft_text(sh, d);
	n = shell_name_len(text);
	if (!n)
		return;
	if (text.len > n && text.p[text.len - 1] == '+') {
		d->is_append = true;
		text.len--;
	}
	d->is_element = text.len > n + 1 && text.p[n] == '[' &&
			text.p[text.len - 1] == ']';
	if (text.len == n || d->is_element)
		d->name_len = n;
}

/* A byte that makes a pattern or a brace list, or was to. */
static void mark(struct shell *sh, char c)
{
	struct draft *d = draft_of(sh);
	void *p = sh->marks;

	shell_open(sh);
	if (c == '*' || c == '?' ||
		(c == ']' && d->bracket != NONE &&
			sh->build.len > d->bracket + 1))
		d->is_opaque = true;
	if (c == '[' && d->bracket == NONE)
		d->bracket = sh->build.len;
	if (d->brace_end != NONE)
		return;
	if (c == '{' && d->brace == NONE) {
		d->brace = sh->build.len;
		return;
	}
	if (d->brace == NONE)
		return;
	d->brace_depth += c == '{';
	if (c == '}' && d->brace_depth) {
		d->brace_depth--;
	} else if (c == '}' && sh->n_marks > d->marks) {
		d->brace_end = sh->build.len;
	} else if (c == '}') {
		d->brace = NONE;
	} else if (c == ',' && !d->brace_depth &&
		   shell_room(sh, &p, &sh->marks_size, sh->n_marks,
			   SHELL_WORDS_MAX, sizeof(*sh->marks))) {
		sh->marks = p;
		sh->marks[sh->n_marks++] = (uint32_t)sh->build.len;
	}
}

/* "...", at once where nothing in it means anything. */
static void quote(struct shell *sh)
{
	const char *p = sh->source.p + sh->pos + 1;
	size_t len = sh->limit - sh->pos - 1;
	size_t n = text_until((struct bytes){ p, len }, "\"$\\`");

	shell_open(sh);
	draft_of(sh)->is_quoted = true;
	sh->pos++;
	shell_add(sh, p, n);
	sh->pos += n;
	if (n < len && p[n] == '"')
		sh->pos++;
	else
		shell_push(sh, FRAME_QUOTE);
}

static void comment(struct shell *sh)
{
	const char *p = sh->source.p + sh->pos;
	const char *end;

	if (top_frame(sh)->draft.is_open) {
		plain(sh);
		return;
	}
	end = memchr(p, '\n', sh->limit - sh->pos);
	sh->pos = end ? (size_t)(end - sh->source.p) : sh->limit;
}

static void newline(struct shell *sh)
{
	struct frame *f;

	shell_end(sh);
	f = top_frame(sh);
	shell_pipeline_end(sh, f);
	if (f->expect == EXPECT_FOR_VALUES || f->expect == EXPECT_FUNCTION_NAME)
		shell_expect(f, EXPECT_COMMAND);
	sh->pos++;
	shell_here_start(sh);
}

/* | |& || & && ; ;; ;& ;;& */
static void operator(struct shell *sh, char c)
{
	struct frame *f;

	shell_end(sh);
	f = top_frame(sh);
	sh->pos++;
	if (f->expect == EXPECT_CASE_PATTERN && c == '|')
		return;
	if (f->expect != EXPECT_CASE_PATTERN)
		shell_expect(f, EXPECT_COMMAND);
	if (c == '|' && peek(sh, 0) != '|') {
		shell_command_end(sh, f);
		f->compound = NONE;
		f->stage += f->pipeline != NONE;
		sh->pos += peek(sh, 0) == '&';
		return;
	}
	shell_pipeline_end(sh, f);
	if (c == ';' && f->kind == FRAME_CASE &&
		(peek(sh, 0) == ';' || peek(sh, 0) == '&'))
		shell_expect(f, EXPECT_CASE_PATTERN);
	while (peek(sh, 0) == c || (c == ';' && peek(sh, 0) == '&'))
		sh->pos++;
}

/* Whether the command so far is a word that could be a function's name. */
static bool is_name_alone(const struct shell *sh, const struct frame *f)
{
	const struct shell_command *c;

	if (f->command == NONE || f->redirect || f->draft.is_open)
		return false;
	c = &sh->commands[f->command];
	return c->n == 1 && c->input <= SHELL_INPUT_PIPE && !c->from.p &&
	       !c->to.p;
}

/* Whether ( begins the () of a function's definition. */
static bool is_function(struct shell *sh)
{
	struct frame *f = top_frame(sh);
	size_t n = 1;

	while (n < 8 && (peek(sh, n) == ' ' || peek(sh, n) == '\t'))
		n++;
	if (peek(sh, n) != ')')
		return false;
	if (f->draft.is_open && f->command == NONE) {
		shell_draft_drop(sh, f);
	} else if (is_name_alone(sh, f)) {
		shell_command_drop(sh, f);
	} else {
		return false;
	}
	if (f->expect == EXPECT_FUNCTION_NAME)
		shell_expect(f, EXPECT_COMMAND);
	sh->pos += n + 1;
	return true;
}

static bool is_array(struct shell *sh)
{
	struct draft *d = &top_frame(sh)->draft;
	struct frame *f;

	if (!d->is_open || !d->name_len ||
		sh->build.p[sh->build.len - 1] != '=')
		return false;
	d->is_array = !d->is_opaque && !d->is_append;
	d->is_opaque = false;
	f = shell_push(sh, FRAME_ARRAY);
	if (!f) {
		d->is_opaque = true;
		return false;
	}
	f->from = sh->build.len;
	sh->pos++;
	return true;
}

static void paren(struct shell *sh)
{
	struct frame *f = top_frame(sh);
	size_t n;

	if (f->expect == EXPECT_CASE_PATTERN && !f->draft.is_open) {
		sh->pos++;
		return;
	}
	if (is_function(sh) || is_array(sh))
		return;
	shell_end(sh);
	f = top_frame(sh);
	n = peek(sh, 1) == '('
		    ? shell_arithmetic(sh, 0, f->expect == EXPECT_FOR_NAME)
		    : 0;
	if (n) {
		shell_expect(f, EXPECT_COMMAND);
		sh->pos += n;
		return;
	}
	shell_command_end(sh, f);
	shell_push_compound(sh, FRAME_PAREN);
	sh->pos++;
}

static void paren_end(struct shell *sh)
{
	struct frame *f;

	shell_end(sh);
	f = top_frame(sh);
	if (f->expect == EXPECT_CASE_PATTERN) {
		shell_pipeline_end(sh, f);
		shell_expect(f, EXPECT_COMMAND);
	} else if (f->paren != NONE) {
		shell_close_paren(sh);
	} else {
		shell_pipeline_end(sh, f);
	}
	sh->pos++;
}

/* In [[ $a =~ (b|c) ]] the parentheses hold no commands. */
static bool is_regex(struct frame *f, char c)
{
	if (!f->is_match || (c != '(' && !f->regex) ||
		!memchr("|&;()<> \t", c, 9))
		return false;
	f->regex += c == '(';
	f->regex -= c == ')';
	return true;
}

static void step(struct shell *sh, char c)
{
	switch (c) {
	case ' ':
	case '\t':
		shell_end(sh);
		sh->pos++;
		return;
	case '\n':
		newline(sh);
		return;
	case '\'':
		shell_single(sh);
		return;
	case '"':
		quote(sh);
		return;
	case '\\':
		shell_escape(sh);
		return;
	case '$':
		shell_dollar(sh);
		return;
	case '`':
		shell_tick(sh, false);
		sh->pos++;
		return;
	case '#':
		comment(sh);
		return;
	case '(':
		paren(sh);
		return;
	case ')':
		paren_end(sh);
		return;
	case '=':
		equals(sh);
		plain(sh);
		return;
	default:
		mark(sh, c);
		plain(sh);
	}
}

/* How many bytes of payloads and paths follow, in whole blocks; there may be
 * more that are just part of a word. */
static size_t plain_len(const char *p, size_t len)
{
	size_t n = 0;

	for (; len - n >= BLOCK_LEN; n += BLOCK_LEN) {
		block b = block_load(p + n);
		struct block_marks m = block_marks(
			~(block)(block_in_range(b | 0x20, 'a', 'z') |
				 block_in_range(b, '-', '9') |
				 block_in_range(b, '+', '+')));

		if (m.lo | m.hi)
			break;
	}
	return n;
}

void shell_list_step(struct shell *sh)
{
	struct frame *f = top_frame(sh);
	const char *p = sh->source.p + sh->pos;
	size_t n = 0, len = sh->limit - sh->pos;

	while (n < len && !special[(unsigned char)p[n]]) {
		n++;
		if (n % BLOCK_LEN == 0)
			n += plain_len(p + n, len - n);
	}
	if (n) {
		shell_add(sh, p, n);
		sh->pos += n;
		return;
	}
	if (is_regex(f, p[0])) {
		plain(sh);
	} else if ((p[0] == '<' || p[0] == '>') && peek(sh, 1) == '(') {
		shell_push_nested(sh, FRAME_SUBST,
			p[0] == '<' ? SHELL_NESTING_FROM : SHELL_NESTING_TO);
		sh->pos += 2;
	} else if (p[0] == '<' || p[0] == '>' ||
		   (p[0] == '&' && peek(sh, 1) == '>')) {
		shell_redirect(sh, f);
	} else if (p[0] == '|' || p[0] == '&' || p[0] == ';') {
		operator(sh, p[0]);
	} else {
		step(sh, p[0]);
	}
}
