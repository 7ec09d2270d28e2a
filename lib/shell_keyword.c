// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell_state.h"

enum keyword {
	KEYWORD_NONE,
	KEYWORD_SKIP, /* a command follows */
	KEYWORD_OPEN,
	KEYWORD_CLOSE,
	KEYWORD_FOR,
	KEYWORD_CASE,
	KEYWORD_FUNCTION
};

static const struct {
	struct bytes name;
	enum keyword keyword;
	enum frame_kind kind;
} keywords[] = {
#define X(name, keyword, kind)                                                 \
	{                                                                      \
		{ name, sizeof(name) - 1 }, keyword, kind                      \
	}
	X("!", KEYWORD_SKIP, FRAME_TEXT), X("then", KEYWORD_SKIP, FRAME_TEXT),
	X("else", KEYWORD_SKIP, FRAME_TEXT),
	X("elif", KEYWORD_SKIP, FRAME_TEXT), X("do", KEYWORD_SKIP, FRAME_TEXT),
	X("coproc", KEYWORD_SKIP, FRAME_TEXT),
	X("{", KEYWORD_OPEN, FRAME_GROUP), X("}", KEYWORD_CLOSE, FRAME_GROUP),
	X("if", KEYWORD_OPEN, FRAME_IF), X("fi", KEYWORD_CLOSE, FRAME_IF),
	X("while", KEYWORD_OPEN, FRAME_LOOP),
	X("until", KEYWORD_OPEN, FRAME_LOOP),
	X("done", KEYWORD_CLOSE, FRAME_LOOP), X("for", KEYWORD_FOR, FRAME_LOOP),
	X("select", KEYWORD_FOR, FRAME_LOOP),
	X("case", KEYWORD_CASE, FRAME_CASE),
	X("esac", KEYWORD_CLOSE, FRAME_CASE),
	X("function", KEYWORD_FUNCTION, FRAME_TEXT)
#undef X
};

#define LONGEST (sizeof("function") - 1)

void shell_expect(struct frame *f, enum expect what)
{
	f->expect = what;
	f->is_nameless = what == EXPECT_FOR_VALUES ||
			 what == EXPECT_CASE_WORD ||
			 what == EXPECT_CASE_PATTERN;
}

static bool act(struct shell *sh, struct frame *f, size_t i)
{
	enum frame_kind kind = keywords[i].kind;

	switch (keywords[i].keyword) {
	case KEYWORD_SKIP:
		return true;
	case KEYWORD_OPEN:
		return shell_push_compound(sh, kind);
	case KEYWORD_CLOSE:
		if (f->kind != kind)
			return false;
		shell_pop_list(sh);
		return true;
	case KEYWORD_FOR:
		if (shell_push_compound(sh, kind))
			shell_expect(top_frame(sh), EXPECT_FOR_NAME);
		return true;
	case KEYWORD_CASE:
		if (shell_push_compound(sh, kind))
			shell_expect(top_frame(sh), EXPECT_CASE_WORD);
		return true;
	case KEYWORD_FUNCTION:
		shell_expect(f, EXPECT_FUNCTION_NAME);
		return true;
	default:
		return false;
	}
}

/* A for's variable has many values. */
static void forget(struct shell *sh, const struct frame *f, struct bytes word)
{
	struct var var = { .source = NONE };

	if (f->draft.is_quoted || f->draft.is_expanded || f->draft.is_opaque)
		return;
	var.name = shell_keep(sh, word);
	shell_var_set(sh, &var);
}

/* The word after for, case, function. */
static bool waited(struct shell *sh, struct frame *f, struct bytes word)
{
	switch (f->expect) {
	case EXPECT_FOR_NAME:
		forget(sh, f, word);
		shell_expect(f, EXPECT_FOR_IN);
		return true;
	case EXPECT_FOR_IN:
		shell_expect(f, bytes_equal(word, BYTES("in"))
					? EXPECT_FOR_VALUES
					: EXPECT_COMMAND);
		return true;
	case EXPECT_CASE_IN:
		shell_pipeline_end(sh, f);
		shell_expect(f, EXPECT_CASE_PATTERN);
		return true;
	case EXPECT_FUNCTION_NAME:
		shell_expect(f, EXPECT_COMMAND);
		return true;
	default:
		return false;
	}
}

bool shell_keyword(struct shell *sh, struct frame *f, struct bytes word)
{
	const struct draft *d = &f->draft;

	if (waited(sh, f, word))
		return true;
	if (f->expect == EXPECT_CASE_WORD) {
		/* It is pushed as the case's word. */
		f->expect = EXPECT_CASE_IN;
		return false;
	}
	if (f->command != NONE || d->is_quoted || d->is_expanded ||
		d->is_opaque || word.len > LONGEST)
		return false;
	if (f->expect == EXPECT_CASE_PATTERN &&
		!bytes_equal(word, BYTES("esac")))
		return false;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (bytes_equal(word, keywords[i].name))
			return act(sh, f, i);
	return false;
}
