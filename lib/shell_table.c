// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include "shell_state.h"

#define SIZE_FIRST 16

bool shell_room(struct shell *sh, void **p, size_t *size, size_t n, size_t max,
	size_t each)
{
	size_t more = *size ? *size * 2 : SIZE_FIRST;
	void *q;

	if (n < *size)
		return true;
	if (more > max)
		more = max;
	q = n < max ? realloc(*p, more * each) : NULL;
	if (!q) {
		sh->is_full = true;
		return false;
	}
	*p = q;
	*size = more;
	return true;
}

bool shell_pipeline_open(struct shell *sh, struct frame *f)
{
	void *p = sh->pipelines;

	if (f->pipeline == NONE) {
		if (!shell_room(sh, &p, &sh->pipelines_size, sh->n_pipelines,
			    SHELL_COMMANDS_MAX, sizeof(*sh->pipelines)))
			return false;
		sh->pipelines = p;
		f->pipeline = sh->n_pipelines++;
		sh->pipelines[f->pipeline] =
			(struct shell_pipeline){ .outer = f->outer,
				.outer_stage = f->outer_stage };
	}
	if (sh->pipelines[f->pipeline].n <= f->stage)
		sh->pipelines[f->pipeline].n = f->stage + 1;
	return true;
}

/* Whether the pipeline, or one around it, comes behind a |. */
static bool is_fed(const struct shell *sh, const struct frame *f)
{
	size_t p = f->pipeline, stage = f->stage;

	while (!stage && sh->pipelines[p].outer != NONE) {
		stage = sh->pipelines[p].outer_stage;
		p = sh->pipelines[p].outer;
	}
	return stage;
}

struct shell_command *shell_command_open(struct shell *sh, struct frame *f)
{
	void *p = sh->commands;

	if (f->command != NONE)
		return &sh->commands[f->command];
	if (!shell_pipeline_open(sh, f) ||
		!shell_room(sh, &p, &sh->commands_size, sh->n_commands,
			SHELL_COMMANDS_MAX, sizeof(*sh->commands)))
		return NULL;
	sh->commands = p;
	f->command = sh->n_commands++;
	sh->commands[f->command] = (struct shell_command){ .name = NONE,
		.pipeline = f->pipeline,
		.stage = f->stage,
		.parent = f->parent,
		.parent_word = f->parent_word,
		.parent_at = f->parent_at,
		.nesting = f->nesting,
		.depth = f->depth,
		.input = is_fed(sh, f) ? SHELL_INPUT_PIPE : SHELL_INPUT_NONE };
	return &sh->commands[f->command];
}

/* What stands behind a ( ), { }, loop... holds for the commands in it. */
static void hand_down(struct shell *sh, const struct frame *f)
{
	const struct shell_command *c = &sh->commands[f->command];

	for (size_t i = f->compound; i < f->command; i++) {
		struct shell_command *d = &sh->commands[i];

		if (d->parent != c->parent)
			continue;
		if (c->input > SHELL_INPUT_PIPE && d->stage == 0 &&
			d->input <= SHELL_INPUT_PIPE) {
			d->input = c->input;
			d->here = c->here;
			d->is_here_opaque = c->is_here_opaque;
			d->from = c->from;
		}
		if (!d->to.p && d->stage + 1 == sh->pipelines[d->pipeline].n)
			d->to = c->to;
	}
}

void shell_command_end(struct shell *sh, struct frame *f)
{
	f->redirect = REDIRECT_NONE;
	f->is_declaring = f->is_testing = f->is_match = false;
	f->regex = 0;
	if (f->command == NONE)
		return;
	if (f->compound != NONE)
		hand_down(sh, f);
	f->command = NONE;
}

void shell_pipeline_end(struct shell *sh, struct frame *f)
{
	shell_command_end(sh, f);
	f->pipeline = f->compound = NONE;
	f->stage = 0;
}

void shell_command_drop(struct shell *sh, struct frame *f)
{
	if (f->command + 1 == sh->n_commands &&
		sh->raw[sh->n_raw - 1].command == f->command) {
		sh->n_raw--;
		sh->n_commands--;
	} else {
		sh->commands[f->command].name = NONE;
	}
	f->command = NONE;
}

struct bytes shell_keep(struct shell *sh, struct bytes b)
{
	size_t from = sh->text.len;

	if (b.len > sh->text.max - from) {
		sh->is_full = true;
		return BYTES("");
	}
	str_addb(&sh->text, b);
	return str_tail(&sh->text, from);
}

/* Words were written down as they ended: those of a command in the midst of
 * the ones of its parent. Now each command's stand together. */
static void sort_words(struct shell *sh)
{
	size_t sum = 0;

	for (size_t i = 0; i < sh->n_commands; i++) {
		sh->commands[i].first = sum;
		sum += sh->commands[i].n;
		sh->commands[i].n = 0;
	}
	for (size_t i = 0; i < sh->n_raw; i++) {
		struct shell_command *c = &sh->commands[sh->raw[i].command];

		sh->raw[i].index = c->first + c->n++;
	}
	for (size_t i = 0; i < sh->n_raw; i++) {
		struct shell_word *w = &sh->words[sh->raw[i].index];

		*w = sh->raw[i].w;
		if (w->source != NONE)
			w->source = sh->raw[w->source].index;
	}
}

void shell_finish(struct shell *sh)
{
	if (sh->words_size < sh->raw_size) {
		void *p = realloc(sh->words, sh->raw_size * sizeof(*sh->words));

		if (!p) {
			sh->is_cut = true;
			sh->n_raw = sh->n_commands = sh->n_pipelines = 0;
			return;
		}
		sh->words = p;
		sh->words_size = sh->raw_size;
	}
	sort_words(sh);
	for (size_t i = 0; i < sh->n_commands; i++) {
		struct shell_command *c = &sh->commands[i];
		const struct shell_command *parent;

		c->name = c->first + (c->name == NONE ? c->n : c->name);
		if (c->parent_word == NONE || c->parent == NONE)
			continue;
		parent = &sh->commands[c->parent];
		/* The word itself may be a loop's name, and gone. */
		if (c->parent_word < parent->n)
			c->parent_word += parent->first;
		else
			c->parent_word = NONE;
	}
}
