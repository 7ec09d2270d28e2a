// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Quotes have their uses: what counts is only a quote, or a backslash, between
 * two letters in a word that needs none, where the command's name is. In
 * arguments it takes more of them, for "a"b comes out of templates.
 */
#include "plain_state.h"

#include <stdlib.h>

#include "invocation.h"
#include "text.h"

/* Words of a command that are looked at. */
#define ARGS_MAX 256
/* Joints of an argument that nobody has by chance. */
#define JOINTS_MIN 3
/* What comes out, for each byte of the text: names of nothing add to it. */
#define OUT_FACTOR 4
#define OUT_MIN    1024
/* Texts within texts within texts, all together. */
#define TEXTS_FACTOR 2
/* Memory kept between texts. */
#define KEEP_BYTES (64 * 1024)

struct plain *plain_new(void)
{
	struct plain *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	str_init(&p->texts, 0);
	str_init(&p->pieces, 0);
	str_init(&p->out, 0);
	p->sh = shell_new();
	if (p->sh)
		return p;
	plain_free(p);
	return NULL;
}

void plain_free(struct plain *p)
{
	if (!p)
		return;
	shell_free(p->sh);
	str_fini(&p->texts);
	str_fini(&p->pieces);
	str_fini(&p->out);
	free(p);
}

static const struct shell_word *word_of(const struct plain *p, size_t i)
{
	return shell_word(p->sh, i);
}

static struct plain_form form_of(const struct plain *p, size_t i)
{
	const struct shell_word *w = word_of(p, i);

	return plain_form((struct bytes){ p->text.p + w->at, w->end - w->at });
}

/* Whether nothing but ${IFS} is between this word and the next. */
static bool is_split(const struct plain *p, const struct shell_command *k,
	size_t i, const struct plain_form *form)
{
	size_t end = word_of(p, i)->end, at;

	if (!form->ifs || i + 1 >= k->first + k->n)
		return false;
	at = word_of(p, i + 1)->at;
	return at >= end &&
	       plain_is_ifs((struct bytes){ p->text.p + end, at - end });
}

/* Whether this word and the next are of one brace list. */
static bool is_listed(
	const struct plain *p, const struct shell_command *k, size_t i)
{
	const struct shell_word *w = word_of(p, i);

	return i + 1 < k->first + k->n && word_of(p, i + 1)->at == w->at &&
	       word_of(p, i + 1)->end == w->end;
}

/* {cat,/etc/passwd} as a command */
static bool is_list(const struct plain *p, const struct shell_command *k)
{
	const struct shell_word *w = word_of(p, k->name);

	return p->text.p[w->at] == '{' && is_listed(p, k, k->name) &&
	       plain_is_name(w->text);
}

/* Which word is the command's name, behind sudo and the like; and the text
 * that it gives to a shell is to be read, too. */
static size_t real_name(struct plain *p, const struct shell_command *k)
{
	struct bytes argv[ARGS_MAX];
	size_t n = k->first + k->n - k->name;
	struct invocation inv;

	if (n > ARGS_MAX)
		n = ARGS_MAX;
	for (size_t i = 0; i < n; i++)
		argv[i] = word_of(p, k->name + i)->text;
	invocation_read(argv, n, &inv);
	if (inv.program < n && inv.language == INVOCATION_SH &&
		!word_of(p, k->name + inv.program)->is_opaque)
		plain_add_text(p, argv[inv.program]);
	return k->name + (inv.command < n ? inv.command : 0);
}

static bool is_broken(struct plain *p, const struct shell_command *k)
{
	size_t end = k->first + k->n, real, n = 0, n_broken = 0;
	bool has_split = false;

	if (k->name >= end)
		return false;
	real = real_name(p, k);
	if (is_list(p, k))
		return true;
	for (size_t i = k->name; i < end; i++) {
		struct plain_form form = form_of(p, i);
		bool is_name = i == k->name || i == real;

		has_split |= is_split(p, k, i, &form);
		if (form.is_known && form.joints && is_name) {
			p->has_joints = true;
			return true;
		}
		n += !is_name;
		n_broken += form.is_known && form.joints >= JOINTS_MIN;
	}
	p->has_joints |= n_broken * 2 > n;
	return has_split || n_broken * 2 > n;
}

/* Puts the word, or the list that begins with it, in the place of what was
 * written. Returns the last word of it. */
static size_t splice(struct plain *p, const struct shell_command *k, size_t i)
{
	const struct shell_word *w = word_of(p, i);
	struct plain_form form = form_of(p, i);
	struct plain_splice *to = &p->splices[p->n_splices];
	size_t from = p->pieces.len, end = w->end;

	if (p->n_splices == PLAIN_SPLICES_MAX)
		return i;
	if (is_listed(p, k, i)) {
		plain_add_item(p, w->text);
		for (; is_listed(p, k, i); i++) {
			str_addc(&p->pieces, ' ');
			plain_add_item(p, word_of(p, i + 1)->text);
		}
	} else if (form.is_known) {
		str_addb(&p->pieces, w->text);
	} else {
		str_add(&p->pieces, p->text.p + w->at,
			w->end - w->at - form.ifs);
	}
	if (is_split(p, k, i, &form)) {
		str_addc(&p->pieces, ' ');
		end = word_of(p, i + 1)->at;
	}
	*to = (struct plain_splice){ .at = w->at,
		.end = end,
		.from = from,
		.len = p->pieces.len - from };
	p->n_splices++;
	return i;
}

static int compare(const void *a, const void *b)
{
	const struct plain_splice *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* The text with its splices put in, as a result. */
static void add_result(struct plain *p)
{
	size_t from = p->out.len, at = 0;
	struct bytes all;

	qsort(p->splices, p->n_splices, sizeof(p->splices[0]), compare);
	for (size_t i = 0; i < p->n_splices; i++) {
		const struct plain_splice *s = &p->splices[i];

		/* What stands in a word that was put in goes with it. */
		if (s->at < at)
			continue;
		str_add(&p->out, p->text.p + at, s->at - at);
		str_add(&p->out, p->pieces.p + s->from, s->len);
		at = s->end;
	}
	str_add(&p->out, p->text.p + at, p->text.len - at);
	all = str_tail(&p->out, from);
	if (!str_ok(&p->out) || !str_ok(&p->pieces) ||
		text_readable(all.p, all.len) != all.len ||
		bytes_equal(all, p->text)) {
		str_cut(&p->out, from);
		return;
	}
	/* The output is still to move. */
	p->results[p->n_results++] = (struct plain_part){
		.from = from, .len = all.len, .has_joints = p->has_joints
	};
}

static void run_text(struct plain *p)
{
	size_t n;

	str_reset(&p->pieces);
	p->n_splices = 0;
	p->has_joints = false;
	shell_read(p->sh, p->text);
	n = shell_n_commands(p->sh);
	for (size_t c = 0; c < n; c++) {
		const struct shell_command *k = shell_command(p->sh, c);

		if (!is_broken(p, k))
			continue;
		for (size_t i = k->name; i < k->first + k->n; i++)
			i = splice(p, k, i);
	}
	if (p->n_splices)
		add_result(p);
}

size_t plain_run(struct plain *p, struct bytes text)
{
	size_t max = OUT_FACTOR * text.len + OUT_MIN;

	p->n_results = p->n_texts = p->next = 0;
	str_shrink(&p->texts, KEEP_BYTES);
	str_shrink(&p->pieces, KEEP_BYTES);
	str_shrink(&p->out, KEEP_BYTES);
	str_reset(&p->texts);
	str_reset(&p->out);
	p->texts.max = TEXTS_FACTOR * text.len;
	p->pieces.max = p->out.max = max;
	p->text = text;
	/* The one that is read must not move. */
	if (!str_room(&p->texts, p->texts.max))
		return 0;
	run_text(p);
	while (p->next < p->n_texts) {
		const struct plain_part *part = &p->parts[p->next++];

		p->text = (struct bytes){ p->texts.p + part->from, part->len };
		run_text(p);
	}
	return p->n_results;
}

struct plain_result plain_result(const struct plain *p, size_t i)
{
	const struct plain_part *part = &p->results[i];

	return (struct plain_result){ .text = { p->out.p + part->from,
					      part->len },
		.has_quotes = part->has_joints };
}
