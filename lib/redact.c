// SPDX-License-Identifier: GPL-3.0-or-later
#include "redact.h"

#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "redact_state.h"
#include "text.h"

/* What is longer is no password. */
#define WORD_MAX 256
/* How a text is read. */
#define SHELL  1u
#define OTHERS 2u
/* Spans that a layer is held against. */
#define LOOKED_MAX 4096
/* A cut proctitle may end in the first bytes of a secret. */
#define HEAD_MIN 3

struct redact *redact_new(void)
{
	struct redact *rd = calloc(1, sizeof(*rd));

	if (!rd)
		return NULL;
	str_init(&rd->queue, REDACT_QUEUE_MAX);
	str_init(&rd->scratch, EVENT_BYTES_MAX);
	str_init(&rd->title, EVENT_BYTES_MAX);
	rd->shell = shell_new();
	rd->matcher = pattern_matcher_new();
	if (rd->shell && rd->matcher && str_grow(&rd->queue, REDACT_QUEUE_MAX))
		return rd;
	redact_free(rd);
	return NULL;
}

void redact_free(struct redact *rd)
{
	if (!rd)
		return;
	shell_free(rd->shell);
	pattern_matcher_free(rd->matcher);
	str_fini(&rd->queue);
	str_fini(&rd->scratch);
	str_fini(&rd->title);
	free(rd->spans);
	free(rd);
}

static struct bytes tail_of(const struct redact_job *job)
{
	return (struct bytes){ job->word.p + job->from,
		job->word.len - job->from };
}

struct bytes redact_text(const struct redact *rd, uint32_t text)
{
	if (text < rd->n_args)
		return rd->args[text];
	text -= (uint32_t)rd->n_args;
	if (text < rd->n_layers)
		return rd->layers[text].text;
	return tail_of(&rd->jobs[text - rd->n_layers]);
}

uint32_t redact_parent(const struct redact *rd, size_t i)
{
	const struct event_layer *l = &rd->layers[i];

	return (uint32_t)(l->of < i ? rd->n_args + l->of : l->arg);
}

static bool is_known(const struct redact *rd, struct bytes secret)
{
	for (size_t i = 0; i < rd->n_secrets; i++)
		if (bytes_equal(rd->secrets[i], secret))
			return true;
	return false;
}

/* What %41%42 stands for, as the indicators have it. */
static void note_plain(struct redact *rd, struct bytes secret)
{
	size_t from = rd->queue.len;

	if (REDACT_QUEUE_MAX - from < secret.len)
		return;
	for (size_t i = 0; i < secret.len; i++) {
		int high = -1, low = -1;

		if (secret.p[i] == '%' && i + 2 < secret.len) {
			high = text_hexval(secret.p[i + 1]);
			low = text_hexval(secret.p[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			str_addc(&rd->queue, (char)(high << 4 | low));
			i += 2;
		} else {
			str_addc(&rd->queue, secret.p[i]);
		}
	}
	rd->secrets[rd->n_secrets++] = str_tail(&rd->queue, from);
}

void redact_note(struct redact *rd, struct bytes secret)
{
	if (!secret.len || rd->n_secrets == REDACT_SECRETS_MAX ||
		is_known(rd, secret))
		return;
	rd->secrets[rd->n_secrets++] = secret;
	if (rd->n_secrets < REDACT_SECRETS_MAX &&
		memchr(secret.p, '%', secret.len))
		note_plain(rd, secret);
}

static bool is_name_char(char c)
{
	return c == '_' || (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static struct redact_span *new_span(struct redact *rd)
{
	uint32_t size = rd->size_spans ? rd->size_spans * 2 : 64;
	struct redact_span *to;

	if (rd->n_spans < rd->size_spans)
		return &rd->spans[rd->n_spans++];
	to = size > REDACT_SPANS_MAX ? NULL
				     : realloc(rd->spans, size * sizeof(*to));
	if (!to) {
		rd->is_short = true;
		return NULL;
	}
	rd->spans = to;
	rd->size_spans = size;
	return &rd->spans[rd->n_spans++];
}

void redact_mask(
	struct redact *rd, uint32_t text, size_t at, size_t end, uint32_t rule)
{
	/* The x that miners have for a password is none. */
	bool is_idle = rule < REDACT_RULES_MAX && at + 1 == end &&
		       redact_text(rd, text).p[at] == 'x';
	struct redact_span *span = at < end && !is_idle ? new_span(rd) : NULL;
	uint32_t *head;

	if (!span)
		return;
	*span = (struct redact_span){ .text = text,
		.next = REDACT_NONE,
		.rule = rule,
		.at = at,
		.end = end };
	redact_note(
		rd, (struct bytes){ redact_text(rd, text).p + at, end - at });
	if (text < rd->n_args)
		return;
	head = &rd->heads[text - rd->n_args];
	span->next = *head;
	*head = rd->n_spans - 1;
}

void redact_repeat(struct redact *rd, uint32_t number, bool is_cut)
{
	struct bytes text = redact_text(rd, number);

	for (size_t i = 0; i < rd->n_secrets; i++) {
		struct bytes s = rd->secrets[i], rest = text;
		const char *p;

		while (s.len >= REDACT_SECRET_MIN && (p = text_find(rest, s))) {
			size_t at = (size_t)(p - text.p);

			redact_mask(
				rd, number, at, at + s.len, REDACT_REPEATED);
			rest.p = p + s.len;
			rest.len = text.len - at - s.len;
		}
		for (size_t n = s.len < text.len ? s.len : text.len;
			is_cut && n >= HEAD_MIN; n--) {
			if (memcmp(text.p + text.len - n, s.p, n))
				continue;
			redact_mask(rd, number, text.len - n, text.len,
				REDACT_REPEATED);
			break;
		}
	}
}

/* The part of a word that the encoded text is in: NAME= and quotes stay. Empty
 * for $NAME, which only tells whose value it is. */
static struct redact_source encoded_in(
	struct bytes text, const struct event_span *span)
{
	struct redact_source s = { span->at, span->end };
	size_t i;

	if (s.end > text.len)
		s.end = text.len;
	for (i = s.at; i < s.end && is_name_char(text.p[i]);)
		i++;
	/* But the = of NAME= is no padding. */
	if (i > s.at && i + 1 < s.end && text.p[i] == '=' &&
		text.p[i + 1] != '=')
		s.at = i + 1;
	if (s.end >= s.at + 2 && text.p[s.at] == text.p[s.end - 1] &&
		(text.p[s.at] == '\'' || text.p[s.at] == '"')) {
		s.at++;
		s.end--;
	}
	for (i = s.at; i < s.end && (text.p[i] == '$' || text.p[i] == '{');)
		i++;
	if (i == s.at)
		return s;
	while (i < s.end && (is_name_char(text.p[i]) || text.p[i] == '}'))
		i++;
	if (i == s.end)
		s.end = s.at;
	return s;
}

/* All that a layer may have come out of: of an argument, those behind it, too,
 * as a program may be given in several. */
static void mask_all(struct redact *rd, uint32_t number, struct bytes text)
{
	redact_mask(rd, number, 0, text.len, REDACT_ENCODED);
	while (++number < rd->n_args) {
		text = redact_text(rd, number);
		if (text.len && text.p[0] != '-')
			redact_mask(rd, number, 0, text.len, REDACT_ENCODED);
	}
}

/* What a layer came out of. */
static void mask_encoded(struct redact *rd)
{
	for (size_t i = rd->n_layers; i-- > 0;) {
		const struct event_layer *l = &rd->layers[i];
		uint32_t parent = redact_parent(rd, i), n = rd->n_spans;
		struct bytes text = redact_text(rd, parent);

		if (rd->heads[i] == REDACT_NONE)
			continue;
		for (size_t j = 0; j < l->n_spans; j++) {
			struct redact_source s = encoded_in(text, &l->spans[j]);

			redact_mask(rd, parent, s.at, s.end, REDACT_ENCODED);
		}
		/* Those that are full may not be all. */
		if (n == rd->n_spans || l->n_spans >= FLOW_SPANS_MAX)
			mask_all(rd, parent, text);
	}
}

static void fold_jobs(struct redact *rd)
{
	for (size_t i = rd->n_jobs; i-- > 0;) {
		uint32_t at = rd->heads[rd->n_layers + i];

		while (at != REDACT_NONE) {
			struct redact_span span = rd->spans[at];

			redact_fold(rd, &rd->jobs[i], &span);
			at = span.next;
		}
	}
}

void redact_begin(struct redact *rd, const struct bytes *args, size_t n)
{
	rd->args = args;
	rd->n_args = n;
	rd->all = (struct bytes){ NULL, 0 };
	rd->layers = NULL;
	rd->n_layers = rd->n_jobs = 0;
	rd->n_spans = 0;
	rd->invocation = NULL;
}

/* Looks into a text for commands, of which it has some. */
static void look_into(struct redact *rd, uint32_t text, uint32_t root,
	unsigned int has, unsigned int languages)
{
	struct redact_argv init = { .args = rd->words,
		.sources = rd->sources,
		.text = text,
		.root = root,
		.has = has };

	if (languages & SHELL)
		redact_shell(rd, &init);
	if (languages & OTHERS)
		redact_program(rd, &init);
}

/* What a secret was decoded to is one, too, but for what is more than a word:
 * calling a payload a token is no way to hide it. */
static bool is_word(struct bytes b)
{
	bool has_blank = false, has_mark = false;

	while (b.len && (unsigned char)b.p[b.len - 1] <= ' ')
		b.len--;
	for (size_t i = 0; i < b.len; i++) {
		char c = b.p[i];

		has_blank |= c == ' ' || c == '\n' || c == '\t';
		has_mark |= !(c == ' ' || (c >= '0' && c <= '9') ||
			      ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
	}
	return b.len <= WORD_MAX && !(has_blank && has_mark);
}

static bool is_within(struct bytes text, const struct event_layer *l,
	const struct redact_span *s)
{
	bool is_there = false;

	for (size_t i = 0; i < l->n_spans; i++) {
		struct redact_source e = encoded_in(text, &l->spans[i]);

		if (e.at < e.end && (e.at < s->at || e.end > s->end))
			return false;
		is_there |= e.at < e.end;
	}
	return is_there;
}

/* Layers whose encoded form was masked by a row. */
static void mask_decoded(struct redact *rd)
{
	for (size_t i = 0; i < rd->n_layers; i++) {
		const struct event_layer *l = &rd->layers[i];
		uint32_t parent = redact_parent(rd, i), n = rd->n_spans;

		if (!is_word(l->text))
			continue;
		for (uint32_t j = 0; j < n; j++) {
			const struct redact_span *s = &rd->spans[j];

			if (j < LOOKED_MAX &&
				(s->text != parent ||
					!is_within(
						redact_text(rd, parent), l, s)))
				continue;
			redact_mask(rd, (uint32_t)(rd->n_args + i), 0,
				l->text.len, s->rule);
			break;
		}
	}
}

/* What the arguments have, but for names of commands. */
static unsigned int search_args(struct redact *rd)
{
	const struct sieve *sieve = &rd->r->sieve;
	unsigned int has = 0;

	if (rd->all.p && !sieve_passes(sieve, rd->all))
		return 0;
	for (size_t i = 0; i < rd->n_args; i++)
		if (sieve_passes(sieve, rd->args[i]))
			has |= redact_search(rd, (uint32_t)i);
	return has;
}

void redact_look(struct redact *rd, const struct event_layer *layers, size_t n)
{
	struct redact_argv av = { .args = rd->args, .n = rd->n_args };

	rd->layers = layers;
	rd->n_layers = n;
	for (size_t i = 0; i < n; i++)
		rd->heads[i] = REDACT_NONE;
	av.has = search_args(rd);
	if (!av.has)
		av.has = redact_names(rd);
	if (av.has)
		redact_command(rd, &av);
	for (size_t i = 0; i < n; i++) {
		uint32_t text = (uint32_t)(rd->n_args + i);
		unsigned int has = redact_search(rd, text);

		if (has)
			look_into(rd, text, text, has, SHELL | OTHERS);
	}
	for (size_t i = 0; i < rd->n_jobs; i++) {
		const struct redact_job *job = &rd->jobs[i];
		uint32_t text = (uint32_t)(rd->n_args + n + i);

		/* What is plain only once its quotes are undone. */
		if (!job->is_argument)
			(void)redact_search(rd, text);
		look_into(rd, text, job->root, job->has,
			job->is_shell ? SHELL : OTHERS);
	}
	fold_jobs(rd);
	if (rd->n_spans)
		mask_decoded(rd);
	if (rd->n_spans)
		for (size_t i = 0; i < rd->n_args + n; i++)
			redact_repeat(rd, (uint32_t)i, false);
	mask_encoded(rd);
	/* It may stand there twice. */
	if (rd->n_spans && n)
		for (size_t i = 0; i < rd->n_args; i++)
			redact_repeat(rd, (uint32_t)i, false);
}

static int by_place(const void *va, const void *vb)
{
	const struct redact_span *a = va, *b = vb;

	if (a->text != b->text)
		return a->text < b->text ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	/* What is repeated comes behind what it repeats. */
	return (a->rule == REDACT_REPEATED) - (b->rule == REDACT_REPEATED);
}

/* One text: its spans are s[0..n). */
static void mask_one(struct redact *rd, const struct redact_span *s, size_t n)
{
	struct bytes text = redact_text(rd, s->text);
	size_t done = 0;

	str_reset(&rd->scratch);
	for (size_t i = 0; i < n; i++) {
		if (s[i].end <= done && s[i].rule == REDACT_REPEATED)
			continue;
		rd->is_used[s[i].rule] = true;
		if (s[i].end <= done)
			continue;
		if (!done || s[i].at > done) {
			str_add(&rd->scratch, text.p + done, s[i].at - done);
			str_addz(&rd->scratch, REDACT_MARK);
		}
		done = s[i].end;
	}
	str_add(&rd->scratch, text.p + done, text.len - done);
}

void redact_apply(struct redact *rd, redact_put *put, void *arg)
{
	size_t n_texts = rd->n_args + rd->n_layers, n = rd->n_spans;

	if (rd->is_short) {
		rd->is_used[REDACT_LIMIT] = true;
		for (size_t i = 0; i < n_texts; i++)
			put(arg, (uint32_t)i, BYTES(REDACT_MARK));
		return;
	}
	qsort(rd->spans, n, sizeof(rd->spans[0]), by_place);
	for (size_t i = 0, j; i < n && rd->spans[i].text < n_texts; i = j) {
		for (j = i; j < n && rd->spans[j].text == rd->spans[i].text;)
			j++;
		mask_one(rd, &rd->spans[i], j - i);
		put(arg, rd->spans[i].text,
			str_ok(&rd->scratch) ? str_bytes(&rd->scratch)
					     : BYTES(REDACT_MARK));
	}
}
