// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell.h"

#include <stdlib.h>

#include "shell_state.h"

/* A variable may come several times. */
#define TEXT_FACTOR 4
#define TEXT_LEAST  (64u << 10)

struct shell *shell_new(void)
{
	struct shell *sh = calloc(1, sizeof(*sh));

	if (!sh)
		return NULL;
	str_init(&sh->text, 0);
	str_init(&sh->build, 0);
	str_init(&sh->spare, 0);
	return sh;
}

void shell_free(struct shell *sh)
{
	if (!sh)
		return;
	str_fini(&sh->text);
	str_fini(&sh->build);
	str_fini(&sh->spare);
	free(sh->raw);
	free(sh->words);
	free(sh->commands);
	free(sh->pipelines);
	free(sh->marks);
	free(sh);
}

/* Words point into the text: it gets its room before, and then stays. */
static bool make_room(struct shell *sh, size_t len)
{
	size_t max = SHELL_TEXT_MAX;

	if (len < (SHELL_TEXT_MAX - TEXT_LEAST) / TEXT_FACTOR)
		max = len * TEXT_FACTOR + TEXT_LEAST;
	str_reset(&sh->text);
	str_reset(&sh->build);
	str_reset(&sh->spare);
	sh->text.max = sh->build.max = sh->spare.max = max;
	return str_room(&sh->text, max);
}

static void start(struct shell *sh, struct bytes text)
{
	sh->source = text;
	sh->pos = sh->token = 0;
	sh->limit = text.len;
	sh->is_cut = sh->is_full = false;
	sh->expanded = sh->looked = 0;
	sh->n_frames = sh->n_lists = sh->n_heres = 0;
	sh->n_raw = sh->n_commands = sh->n_pipelines = 0;
	sh->n_marks = sh->n_pending = 0;
	shell_var_reset(sh);
}

/* The end of the text, or of a here-document: closes what is open in it.
 * False at the end of all. */
static bool end(struct shell *sh)
{
	while (top_frame(sh)->kind != FRAME_HERE) {
		shell_close(sh);
		if (!sh->n_frames)
			return false;
	}
	shell_close(sh);
	return true;
}

void shell_read(struct shell *sh, struct bytes text)
{
	start(sh, text);
	if (!make_room(sh, text.len) || !shell_push(sh, FRAME_TEXT)) {
		sh->is_cut = true;
		return;
	}
	while (!sh->is_full) {
		if (sh->pos >= sh->limit) {
			if (!end(sh))
				break;
			continue;
		}
		sh->token = sh->pos;
		if (is_list(top_frame(sh)))
			shell_list_step(sh);
		else
			shell_text_step(sh);
		if (!str_ok(&sh->build))
			sh->is_full = true;
	}
	sh->is_cut = sh->is_cut || sh->is_full;
	shell_finish(sh);
}

size_t shell_n_commands(const struct shell *sh)
{
	return sh->n_commands;
}

const struct shell_command *shell_command(const struct shell *sh, size_t i)
{
	return &sh->commands[i];
}

size_t shell_n_words(const struct shell *sh)
{
	return sh->n_raw;
}

const struct shell_word *shell_word(const struct shell *sh, size_t i)
{
	return &sh->words[i];
}

size_t shell_n_pipelines(const struct shell *sh)
{
	return sh->n_pipelines;
}

const struct shell_pipeline *shell_pipeline(const struct shell *sh, size_t i)
{
	return &sh->pipelines[i];
}

/* One step out: the pipeline around this one, and the place in it. False if
 * what comes out of (or into) the inner one does not pass there. */
static bool step_out(
	const struct shell *sh, size_t *pipeline, size_t *stage, bool is_from)
{
	const struct shell_pipeline *p = &sh->pipelines[*pipeline];

	if (p->outer == SIZE_MAX || *stage != (is_from ? p->n - 1 : 0))
		return false;
	*pipeline = p->outer;
	*stage = p->outer_stage;
	return true;
}

bool shell_feeds(const struct shell *sh, size_t from, size_t to)
{
	size_t a = sh->commands[from].pipeline, a_at = sh->commands[from].stage;

	do {
		size_t b = sh->commands[to].pipeline;
		size_t b_at = sh->commands[to].stage;

		do
			if (a == b && a_at + 1 == b_at)
				return true;
		while (step_out(sh, &b, &b_at, false));
	} while (step_out(sh, &a, &a_at, true));
	return false;
}

bool shell_is_cut(const struct shell *sh)
{
	return sh->is_cut;
}
