// SPDX-License-Identifier: GPL-3.0-or-later
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define STATES_MAX  2048
#define CLASSES_MAX 64
/* In next, of a state whose number is shifted by 1: a word ends there. */
#define HAS_BITS 1u
/* A step waits for the one before it, so a longer text is gone through in
 * several places at once. */
#define LANES     4
#define LANES_MIN 128

struct words {
	unsigned char classes[256]; /* 0: in no word */
	unsigned char n_classes;
	size_t longest; /* word */
	unsigned int n_states;
	uint16_t next[STATES_MAX][CLASSES_MAX];
	uint16_t fail[STATES_MAX]; /* the longest other word's beginning */
	uint32_t bits[STATES_MAX];
};

struct words *words_new(void)
{
	struct words *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->n_classes = 1;
	w->n_states = 1;
	return w;
}

void words_free(struct words *w)
{
	free(w);
}

static int class_of(struct words *w, unsigned char c)
{
	if (w->classes[c])
		return w->classes[c];
	if (w->n_classes == CLASSES_MAX)
		return -1;
	w->classes[c] = w->n_classes;
	if (c >= 'a' && c <= 'z')
		w->classes[c - 'a' + 'A'] = w->n_classes;
	return w->n_classes++;
}

int words_add(struct words *w, const char *word, unsigned int bit)
{
	unsigned int s = 0;
	size_t len = strlen(word);

	if (len > w->longest)
		w->longest = len;
	for (; *word; word++) {
		int c = class_of(w, (unsigned char)*word);

		if (c < 0 || w->n_states == STATES_MAX)
			return -1;
		if (!w->next[s][c])
			w->next[s][c] = (uint16_t)(w->n_states++ << 1);
		s = w->next[s][c] >> 1;
	}
	w->bits[s] |= UINT32_C(1) << bit;
	return 0;
}

static void mark_ends(struct words *w)
{
	for (unsigned int s = 0; s < w->n_states; s++)
		for (unsigned int c = 0; c < w->n_classes; c++)
			if (w->bits[w->next[s][c] >> 1])
				w->next[s][c] |= HAS_BITS;
}

/* By length: a state's fail has been made ready when its turn comes. */
void words_ready(struct words *w)
{
	uint16_t queue[STATES_MAX];
	unsigned int n = 0, i = 0;

	for (unsigned int c = 0; c < w->n_classes; c++)
		if (w->next[0][c])
			queue[n++] = w->next[0][c] >> 1;
	for (; i < n; i++) {
		unsigned int s = queue[i], f = w->fail[s];

		w->bits[s] |= w->bits[f];
		for (unsigned int c = 0; c < w->n_classes; c++) {
			unsigned int to = w->next[s][c] >> 1;

			if (!to) {
				w->next[s][c] = w->next[f][c];
				continue;
			}
			w->fail[to] = w->next[f][c] >> 1;
			queue[n++] = (uint16_t)to;
		}
	}
	mark_ends(w);
}

static inline unsigned int step(
	const struct words *w, unsigned int s, unsigned char c, uint32_t *bits)
{
	s = w->next[s >> 1][w->classes[c]];
	if (s & HAS_BITS)
		*bits |= w->bits[s >> 1];
	return s;
}

uint32_t words_in(const struct words *w, struct bytes text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	unsigned int s[LANES] = { 0 };
	size_t lane = text.len / LANES;
	uint32_t bits = 0;

	if (text.len < LANES_MIN) {
		for (size_t i = 0; i < text.len; i++)
			s[0] = step(w, s[0], p[i], &bits);
		return bits;
	}
	for (size_t i = 0; i < lane; i++)
		for (size_t k = 0; k < LANES; k++)
			s[k] = step(w, s[k], p[k * lane + i], &bits);
	/* Each goes on into the next for as long as a word is. */
	for (size_t k = 0; k < LANES; k++) {
		size_t end = (k + 1) * lane + w->longest;

		if (end > text.len || k + 1 == LANES)
			end = text.len;
		for (size_t i = (k + 1) * lane; i < end; i++)
			s[k] = step(w, s[k], p[i], &bits);
	}
	return bits;
}
