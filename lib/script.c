// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Programs are worked out while they are read, token by token: what is read
 * often is worked out often. A text has a number of steps for that, and memory
 * that is given out from front to back and never moves.
 */
#include "script_state.h"

#include <stdlib.h>

#include "script_calls.h"
#include "text.h"

/* Memory for texts: a few stages of the program's size. */
#define ARENA_PER_BYTE 8
#define ARENA_MIN      (64 * 1024)
#define ARENA_MAX      (2u << 20)
#define KEEP_BYTES     (128 * 1024)
/* What is written, and not run, is told from noise by its length. */
#define RUN_MIN    2
#define HIDDEN_MIN 4
#define WRITE_MIN  6
#define TEXTS_MAX  (4u << 20)
/* A longer program hides nothing but what decoders find. */
#define PROGRAM_MAX (256 * 1024)

static const struct {
	const char *names;
	enum script_word word;
	unsigned int languages; /* a bit for each; 0: all */
} keywords[] = {
#define L(language) (1u << INVOCATION_##language)
	{ "for foreach foreach-object", WORD_FOR, 0 },
	{ "while", WORD_WHILE, 0 },
	{ "until", WORD_UNTIL, 0 },
	{ "if", WORD_IF, 0 },
	{ "elif elsif elseif", WORD_ELIF, 0 },
	{ "else", WORD_ELSE, 0 },
	{ "unless", WORD_UNLESS, L(PERL) | L(RUBY) },
	{ "def", WORD_DEF, L(PYTHON) | L(RUBY) },
	{ "function", WORD_DEF,
		L(NODE) | L(PHP) | L(LUA) | L(AWK) | L(POWERSHELL) },
	{ "fn", WORD_DEF, L(PHP) },
	{ "sub", WORD_DEF, L(PERL) },
	{ "class", WORD_CLASS, L(PYTHON) | L(RUBY) | L(NODE) | L(PHP) },
	{ "module", WORD_CLASS, L(RUBY) },
	{ "lambda proc", WORD_LAMBDA, L(PYTHON) | L(RUBY) },
	{ "return", WORD_RETURN, 0 },
	{ "import use", WORD_IMPORT, L(PYTHON) | L(NODE) | L(PERL) | L(PHP) },
	{ "from", WORD_FROM, L(PYTHON) },
	{ "my our var let const local global static", WORD_DECLARE, 0 },
	{ "do", WORD_DO, 0 },
	{ "then", WORD_THEN, L(LUA) | L(RUBY) },
	{ "end", WORD_END, L(LUA) | L(RUBY) },
	{ "break last", WORD_BREAK, 0 },
	{ "continue next", WORD_CONTINUE, 0 },
	{ "try finally with BEGIN", WORD_TRY, 0 },
	{ "catch except rescue END", WORD_CATCH, 0 },
	{ "in of", WORD_IN, 0 },
	{ "as", WORD_AS, L(PYTHON) | L(PHP) },
	{ "begin case", WORD_BEGIN, L(RUBY) },
	{ "new await yield async void new-object", WORD_SKIP, 0 },
#undef L
};

#define N_KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

struct script *script_new(void)
{
	struct script *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	str_init(&s->arena, 0);
	str_init(&s->scratch, 0);
	str_init(&s->written, 0);
	str_init(&s->texts, TEXTS_MAX);
	s->tokens = calloc(TOKENS_MAX, sizeof(*s->tokens));
	s->items = calloc(ITEMS_MAX, sizeof(*s->items));
	s->left = STEPS_MAX;
	for (size_t i = 0; i < N_KEYWORDS; i++)
		script_dictionary_add(
			&s->keywords, keywords[i].names, (uint16_t)(i + 1));
	script_call_names(&s->calls);
	if (s->tokens && s->items)
		return s;
	script_free(s);
	return NULL;
}

void script_free(struct script *s)
{
	if (!s)
		return;
	str_fini(&s->arena);
	str_fini(&s->scratch);
	str_fini(&s->written);
	str_fini(&s->texts);
	free(s->tokens);
	free(s->items);
	free(s);
}

void script_reset(struct script *s)
{
	s->n_results = 0;
	str_shrink(&s->texts, KEEP_BYTES);
	str_reset(&s->texts);
	s->texts.max = TEXTS_MAX;
}

void script_renew(struct script *s)
{
	script_reset(s);
	s->is_capped = false;
	s->left = STEPS_MAX;
}

const struct script_result *script_result(const struct script *s, size_t i)
{
	return i < s->n_results ? &s->results[i] : NULL;
}

bool script_is_capped(const struct script *s)
{
	return s->is_capped;
}

static void add_chain(
	const struct script *s, unsigned char chain, struct layer_chain *to)
{
	unsigned char steps[CHAINS_MAX];
	size_t n = 0;

	for (; chain && n < CHAINS_MAX; chain = s->chains[chain].before)
		steps[n++] = chain;
	while (n)
		layer_chain_add(to, s->chains[steps[--n]].name);
}

/* Most of a text; of one that is run, the marks in it that matter. */
static bool is_hidden(const struct script_value *v, bool is_run)
{
	return v->flags & IS_HIDDEN &&
	       (v->number * 2 > (int64_t)v->len ||
		       (is_run && v->number >= HIDDEN_MIN &&
			       v->number * 4 >= (int64_t)v->len));
}

void script_tell(struct script *s, const struct script_value *v, bool is_run)
{
	struct bytes text = script_text(s, v);
	struct script_result *to = &s->results[s->n_results];
	size_t from = s->texts.len;

	if (s->skip || v->type != SCRIPT_TEXT || v->flags & IS_PATTERN ||
		text.len < (is_run ? RUN_MIN : WRITE_MIN))
		return;
	if (!is_hidden(v, is_run) && !(is_run && v->flags & IS_CHANGED))
		return;
	s->steps += (text.len + s->src.len) / 64;
	if (text_readable(text.p, text.len) != text.len ||
		text_find(s->src, text))
		return;
	for (size_t i = 0; i < s->n_results; i++)
		if (bytes_equal(s->results[i].text, text))
			return;
	if (s->n_results == SCRIPT_RESULTS_MAX ||
		!str_grow(&s->texts, text.len + 1)) {
		s->is_full = true;
		return;
	}
	str_addb(&s->texts, text);
	/* They stand one behind the other, and may have moved. */
	for (size_t i = 0, at = 0; i < s->n_results; i++) {
		s->results[i].text.p = s->texts.p + at;
		at += s->results[i].text.len;
	}
	*to = (struct script_result){ .text = str_tail(&s->texts, from),
		.is_run = is_run };
	add_chain(s, v->chain, &to->chain);
	/* Letters that were counted on, which has no other name. */
	if (!to->chain.len)
		layer_chain_add(&to->chain, "charcode");
	s->n_results++;
}

static enum script_word word_of(const struct script *s, struct bytes text)
{
	unsigned int row;
	char lower[16];

	if (!text.len || text.len >= sizeof(lower))
		return WORD_NONE;
	for (size_t i = 0; i < text.len; i++)
		lower[i] = (char)(script_is(s, INVOCATION_POWERSHELL) &&
						  text.p[i] >= 'A' &&
						  text.p[i] <= 'Z'
					  ? text.p[i] | 32
					  : text.p[i]);
	row = script_dictionary_get(
		&s->keywords, (struct bytes){ lower, text.len });
	if (!row || (keywords[row - 1].languages &&
			    !(keywords[row - 1].languages >> s->language & 1)))
		return WORD_NONE;
	return keywords[row - 1].word;
}

unsigned short script_name(struct script *s, struct bytes text)
{
	unsigned int h = (unsigned int)text.len;
	struct script_name *to;

	for (size_t i = 0; i < text.len && i < 24; i++)
		h = h * 31 + (unsigned char)text.p[i];
	h %= sizeof(s->heads) / sizeof(s->heads[0]);
	for (int i = s->heads[h]; i >= 0; i = s->names[i].next)
		if (bytes_equal(s->names[i].text, text))
			return (unsigned short)i;
	/* The last one is all that there is no room for. */
	if (s->n_names == NAMES_MAX) {
		s->is_full = true;
		return NAMES_MAX - 1;
	}
	to = &s->names[s->n_names];
	*to = (struct script_name){ .text = text,
		.word = (unsigned short)word_of(s, text),
		.next = s->heads[h] };
	if (!to->word)
		to->call = script_call_of(s, text);
	s->heads[h] = (int)s->n_names;
	return (unsigned short)s->n_names++;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

bool script_start(
	struct script *s, struct bytes text, enum invocation_language language)
{
	size_t max = ARENA_MIN + ARENA_PER_BYTE * text.len;

	s->src = text;
	s->language = language;
	str_shrink(&s->arena, KEEP_BYTES);
	str_reset(&s->arena);
	s->arena.max = s->scratch.max = least(max, ARENA_MAX);
	s->n_items = s->n_names = s->n_vars = s->n_functions = 0;
	s->n_members = s->base = s->floor = 0;
	s->n_calls = 0;
	s->is_full = false;
	memset(s->heads, 0xff, sizeof(s->heads));
	memset(s->groups, 0, sizeof(s->groups));
	s->n_chains = 1;
	s->steps = 0;
	s->steps_max = least(STEPS_MIN + STEPS_PER_BYTE * text.len, s->left);
	s->depth = s->skip = 0;
	str_shrink(&s->written, KEEP_BYTES);
	str_reset(&s->written);
	s->writing = (struct script_value){ .type = SCRIPT_UNKNOWN };
	s->n_writes = s->n_lines = 0;
	s->is_piped = s->is_lost = false;
	s->in = s->lines = s->record = s->fields =
		(struct script_value){ .type = SCRIPT_UNKNOWN };
	s->phase = PHASE_NONE;
	s->no_comma = s->no_block = false;
	s->jump = JUMP_NONE;
	s->last = (struct script_value){ .type = SCRIPT_UNKNOWN };
	if (!str_grow(&s->arena, s->arena.max))
		return false;
	s->underscore = script_name(s, BYTES("_"));
	s->args = s->underscore;
	if (language == INVOCATION_PERL)
		s->args = script_name(s, BYTES("@_"));
	else if (language == INVOCATION_POWERSHELL)
		s->args = script_name(s, BYTES("args"));
	return true;
}

bool script_take_steps(struct script *s, size_t n)
{
	if (s->left < n)
		return false;
	s->left -= n;
	return true;
}

void script_spend(struct script *s)
{
	s->left -= least(s->left, s->steps);
}

/* Whether something was left out of a program that runs what it makes: of any
 * other nothing would have come. */
static bool is_over(const struct script *s)
{
	if (!s->is_full && s->steps < s->steps_max && str_ok(&s->arena))
		return false;
	for (size_t i = 0; i < s->n_names; i++)
		if (script_is_runner(s->names[i].call))
			return true;
	return false;
}

bool script_run(
	struct script *s, struct bytes text, enum invocation_language language)
{
	if (text.len > PROGRAM_MAX || language == INVOCATION_SH ||
		language == INVOCATION_NONE || !script_start(s, text, language))
		return true;
	script_lex(s);
	if (!script_may_make(s))
		return false;
	script_block(s, 0, s->end);
	script_write_end(s);
	s->is_capped |= is_over(s);
	script_spend(s);
	return true;
}
