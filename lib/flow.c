// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Commands are worked out in the order in which they end, so that what a
 * command needs is there: its substitutions, the stage before it, variables.
 */
#include "flow_state.h"

#include <stdlib.h>

#include "command.h"
#include "script.h"
#include "text.h"

/* Memory for what commands write: a few stages of the text's own size. */
#define ARENA_PER_BYTE 8
#define ARENA_MIN      (64 * 1024)
#define ARENA_MAX      (4u << 20)
/* Bytes that commands may go over, for each byte of the text. */
#define WORK_PER_BYTE 16
#define WORK_MIN      (64 * 1024)
/* A text whose loops are written out may be longer by this. */
#define UNROLLED_PER_BYTE 2
#define UNROLLED_MIN      (16 * 1024)
/* Memory kept between texts. */
#define KEEP_BYTES (512 * 1024)

struct flow *flow_new(void)
{
	struct flow *fl = calloc(1, sizeof(*fl));

	if (!fl)
		return NULL;
	str_init(&fl->arena, 0);
	str_init(&fl->unrolled, 0);
	fl->sh = shell_new();
	fl->script = script_new();
	fl->eval = eval_new(fl->script);
	if (fl->sh && fl->script && fl->eval && command_names(&fl->names))
		return fl;
	flow_free(fl);
	return NULL;
}

void flow_free(struct flow *fl)
{
	if (!fl)
		return;
	shell_free(fl->sh);
	eval_free(fl->eval);
	script_free(fl->script);
	str_fini(&fl->arena);
	str_fini(&fl->unrolled);
	free(fl->slots);
	free(fl->subs);
	free(fl);
}

/* Room for n of each bytes; contents are kept. */
static bool room(void **p, size_t *size, size_t n, size_t each)
{
	size_t want = *size ? *size : 16;
	void *q;

	while (want < n)
		want *= 2;
	if (want == *size)
		return true;
	q = realloc(*p, want * each);
	if (!q)
		return false;
	*p = q;
	*size = want;
	return true;
}

static void add_sub(struct flow *fl, size_t c, struct value *v)
{
	const struct shell_command *k = shell_command(fl->sh, c);
	struct sub *last = fl->n_subs ? &fl->subs[fl->n_subs - 1] : NULL;

	/* $(echo a; echo b) */
	if (last && last->parent == k->parent && last->word == k->parent_word &&
		last->at == k->parent_at) {
		flow_join(fl, &last->v, v);
		return;
	}
	if (!room((void **)&fl->subs, &fl->subs_size, fl->n_subs + 1,
		    sizeof(*fl->subs)))
		return;
	fl->subs[fl->n_subs++] = (struct sub){ .parent = k->parent,
		.word = k->parent_word,
		.at = k->parent_at,
		.v = *v };
}

/* What the stage before c's own wrote, out of the groups around it. */
static struct value *input_slot(struct flow *fl, size_t c)
{
	const struct shell_command *k = shell_command(fl->sh, c);
	size_t p = k->pipeline, stage = k->stage;

	while (p != SIZE_MAX && !stage) {
		const struct shell_pipeline *line = shell_pipeline(fl->sh, p);

		stage = line->outer_stage;
		p = line->outer;
	}
	if (p == SIZE_MAX)
		return NULL;
	for (size_t i = 0; i < 2; i++)
		if (fl->slots[p][i].stage == stage - 1)
			return &fl->slots[p][i].v;
	return NULL;
}

/* Gives what c writes to who reads it. */
static void deliver(struct flow *fl, size_t c, struct value *v)
{
	const struct shell_command *k = shell_command(fl->sh, c);
	size_t p = k->pipeline, stage = k->stage;
	const struct shell_pipeline *line = shell_pipeline(fl->sh, p);
	struct slot *to;

	if (k->to.p) {
		flow_tell(fl, v, false, false);
		return;
	}
	while (stage + 1 == line->n && line->outer != SIZE_MAX) {
		stage = line->outer_stage;
		p = line->outer;
		line = shell_pipeline(fl->sh, p);
	}
	if (stage + 1 == line->n) {
		if (k->parent == SIZE_MAX)
			flow_tell(fl, v, false, false);
		else
			add_sub(fl, c, v);
		return;
	}
	to = &fl->slots[p][stage & 1];
	if (to->stage != stage)
		*to = (struct slot){ .stage = stage };
	flow_join(fl, &to->v, v);
}

static void evaluate(struct flow *fl, size_t c)
{
	const struct shell_command *k = shell_command(fl->sh, c);
	struct value none = { .is_known = false }, *in = NULL, here, out;

	if (k->pipeline == SIZE_MAX)
		return;
	if (k->input == SHELL_INPUT_HERE_STRING ||
		k->input == SHELL_INPUT_HERE_DOC ||
		k->input == SHELL_INPUT_PROCESS) {
		here = flow_here(fl, c);
		here.has_newline = k->input == SHELL_INPUT_HERE_STRING;
		in = &here;
	} else if (k->input != SHELL_INPUT_FILE) {
		in = input_slot(fl, c);
	}
	out = flow_command(fl, c, in ? in : &none);
	while (fl->n_subs && fl->subs[fl->n_subs - 1].parent == c)
		fl->n_subs--;
	deliver(fl, c, &out);
}

static void run_text(struct flow *fl)
{
	/* A substitution in a substitution, and so on. */
	size_t open[SHELL_DEPTH_MAX + 1], n_open = 0, n;

	shell_read(fl->sh, fl->text);
	flow_look_up(fl);
	n = shell_n_pipelines(fl->sh);
	fl->n_subs = fl->n_assigned = 0;
	if (!room((void **)&fl->slots, &fl->slots_size, n, sizeof(*fl->slots)))
		return;
	for (size_t i = 0; i < n; i++)
		fl->slots[i][0].stage = fl->slots[i][1].stage = SIZE_MAX;
	n = shell_n_commands(fl->sh);
	for (size_t i = 0; i < n; i++) {
		size_t parent = shell_command(fl->sh, i)->parent;

		while (n_open && open[n_open - 1] != parent)
			evaluate(fl, open[--n_open]);
		if (n_open <= SHELL_DEPTH_MAX)
			open[n_open++] = i;
	}
	while (n_open)
		evaluate(fl, open[--n_open]);
	for (size_t i = 0; i < fl->n_subs; i++)
		flow_tell(fl, &fl->subs[i].v, false, false);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void set_text(struct flow *fl, struct bytes text)
{
	fl->text = text;
	fl->base = 0;
	str_shrink(&fl->unrolled, KEEP_BYTES);
	fl->unrolled.max = UNROLLED_PER_BYTE * text.len + UNROLLED_MIN;
	if (!flow_unroll(text, &fl->unrolled))
		return;
	fl->text = str_bytes(&fl->unrolled);
	fl->base = SIZE_MAX;
}

static bool is_told(const struct flow *fl, const struct eval_result *r)
{
	struct bytes text = text_trim(r->text);

	for (size_t i = 0; i < fl->n_results; i++) {
		struct bytes there = fl->results[i].text;

		if (r->is_run ? bytes_equal(text_trim(there), text)
			      : text_find(there, r->text) != NULL)
			return true;
	}
	return false;
}

/* What the text makes of its own variables and files is worked out apart, and
 * what xargs does by pieces. */
static void evaluate_text(
	struct flow *fl, struct bytes text, const struct eval_given *g)
{
	size_t n;

	if (!memchr(text.p, '$', text.len) && !memchr(text.p, '>', text.len) &&
		!memchr(text.p, '`', text.len) &&
		!text_find(text, BYTES("xargs")))
		return;
	n = eval_run(fl->eval, text, g);
	for (size_t i = 0; i < n && fl->n_results < FLOW_RESULTS_MAX; i++) {
		const struct eval_result *r = eval_result(fl->eval, i);

		if (!is_told(fl, r))
			fl->results[fl->n_results++] =
				(struct flow_result){ .text = r->text,
					.chain = r->chain,
					.depth = r->depth,
					.is_run = r->is_run,
					.is_final = r->is_final };
	}
}

static void run_all(struct flow *fl, struct bytes text)
{
	size_t max = least(text.len, ARENA_MAX) * ARENA_PER_BYTE + ARENA_MIN;

	fl->work = fl->n_placed = 0;
	fl->work_max = text.len * WORK_PER_BYTE + WORK_MIN;
	str_shrink(&fl->arena, KEEP_BYTES);
	str_reset(&fl->arena);
	fl->arena.max = least(max, ARENA_MAX);
	if (!str_grow(&fl->arena, fl->arena.max))
		return;
	set_text(fl, text);
	run_text(fl);
	for (size_t i = 0; i < fl->n_programs && fl->work < fl->work_max; i++) {
		fl->text = fl->programs[i].text;
		fl->base = fl->programs[i].base;
		fl->work += fl->text.len;
		run_text(fl);
	}
}

void flow_renew(struct flow *fl)
{
	script_renew(fl->script);
}

size_t flow_run(struct flow *fl, struct bytes text)
{
	enum flow_hope hope = flow_look(&fl->names, text);

	fl->n_results = fl->n_programs = 0;
	if (hope == FLOW_CHANGES)
		run_all(fl, text);
	if (hope != FLOW_NOTHING)
		evaluate_text(fl, text, NULL);
	return fl->n_results;
}

size_t flow_run_given(
	struct flow *fl, struct bytes text, const struct eval_given *g)
{
	fl->n_results = 0;
	evaluate_text(fl, text, g);
	return fl->n_results;
}

const struct flow_result *flow_result(const struct flow *fl, size_t i)
{
	return &fl->results[i];
}
