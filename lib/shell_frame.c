// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell_state.h"

struct frame *shell_push(struct shell *sh, enum frame_kind kind)
{
	size_t i = sh->n_frames;
	const struct frame *below = i ? top_frame(sh) : NULL;
	struct frame *f = &sh->frames[i];

	/* The text's own frame is no depth. */
	if (i == FRAMES_MAX ||
		(kind <= FRAME_CASE && sh->n_lists > SHELL_DEPTH_MAX)) {
		sh->is_cut = true;
		return NULL;
	}
	*f = (struct frame){ .kind = kind,
		.host = below ? below->host : 0,
		.paren = below ? below->paren : NONE,
		.tick = below ? below->tick : NONE,
		.command = NONE,
		.pipeline = NONE,
		.outer = NONE,
		.outer_stage = NONE,
		.compound = NONE,
		.parent = NONE,
		.parent_word = NONE };
	if (kind <= FRAME_CASE || kind == FRAME_HERE)
		f->host = i;
	if (kind == FRAME_SUBST || kind == FRAME_PAREN)
		f->paren = i;
	if (kind == FRAME_TICK || kind == FRAME_HERE)
		f->paren = NONE;
	if (kind == FRAME_TICK)
		f->tick = i;
	if (kind == FRAME_HERE)
		f->tick = NONE;
	sh->n_lists += kind <= FRAME_CASE;
	sh->n_heres += kind == FRAME_HERE;
	sh->n_frames++;
	return f;
}

bool shell_push_nested(
	struct shell *sh, enum frame_kind kind, enum shell_nesting nesting)
{
	struct frame *host = host_frame(sh), *f;
	struct shell_command *c;
	size_t at;

	shell_open(sh);
	host->draft.is_opaque = true;
	host->draft.is_process |= nesting == SHELL_NESTING_FROM;
	at = sh->build.len - host->draft.from;
	c = shell_command_open(sh, host);
	if (!c)
		return false;
	f = shell_push(sh, kind);
	if (!f)
		return false;
	f->parent = host->command;
	f->parent_word = c->n;
	if (host->redirect || host->kind == FRAME_HERE)
		f->parent_word = NONE;
	f->parent_at = at;
	f->nesting = nesting;
	f->depth = c->depth + 1;
	return true;
}

bool shell_push_compound(struct shell *sh, enum frame_kind kind)
{
	struct frame *outer = top_frame(sh), *f;

	if (!shell_pipeline_open(sh, outer))
		return false;
	outer->compound = sh->n_commands;
	f = shell_push(sh, kind);
	if (!f)
		return false;
	f->outer = outer->pipeline;
	f->outer_stage = outer->stage;
	f->parent = outer->parent;
	f->parent_word = outer->parent_word;
	f->parent_at = outer->parent_at;
	f->nesting = outer->nesting;
	f->depth = outer->depth;
	return true;
}

void shell_pop_list(struct shell *sh)
{
	shell_pipeline_end(sh, top_frame(sh));
	sh->n_lists--;
	sh->n_frames--;
}

/* The word is not made longer by its elements. */
static void close_array(struct shell *sh, const struct frame *f)
{
	struct draft *d = draft_of(sh);

	d->is_array &= !d->is_opaque;
	if (d->is_array)
		d->array = shell_keep(sh, str_tail(&sh->build, f->from));
	d->is_opaque = true;
	sh->build.len = f->from;
}

void shell_close(struct shell *sh)
{
	struct frame *f = top_frame(sh);

	if (is_list(f)) {
		/* The word may be a keyword that opens or ends a loop. */
		shell_end(sh);
		shell_pop_list(sh);
		return;
	}
	sh->n_frames--;
	if (f->kind == FRAME_HERE)
		shell_here_end(sh, f);
	if (f->kind == FRAME_PARAM)
		shell_var_close(sh, f);
	if (f->kind == FRAME_ARRAY)
		close_array(sh, f);
}

/* Closes frames up to the one at to. */
static void close_down(struct shell *sh, size_t to)
{
	while (sh->n_frames > to)
		shell_close(sh);
}

void shell_close_paren(struct shell *sh)
{
	close_down(sh, top_frame(sh)->paren);
}

void shell_tick(struct shell *sh, bool is_inner)
{
	size_t to = top_frame(sh)->tick;

	if (to == NONE || (is_inner && !sh->frames[to].is_inner_tick)) {
		if (shell_push_nested(sh, FRAME_TICK, SHELL_NESTING_OUTPUT))
			top_frame(sh)->is_inner_tick = is_inner;
		return;
	}
	/* A ` ends all that \` began. */
	while (!is_inner && sh->frames[to].is_inner_tick)
		to = sh->frames[to - 1].tick;
	close_down(sh, to);
}
