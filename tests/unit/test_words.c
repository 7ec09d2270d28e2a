// SPDX-License-Identifier: GPL-3.0-or-later
#include "check.h"
#include "words.h"

#define TEXT_MAX 700

static const char *const rows[] = { "base64", "se6", "tr ", "^0",
	"frombase64string", "b" };

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

/* Letter by letter, word by word. */
static uint32_t slowly(struct bytes text)
{
	uint32_t bits = 0;

	for (unsigned int k = 0; k < N_ROWS; k++)
		for (size_t i = 0; i + strlen(rows[k]) <= text.len; i++)
			if (!strncasecmp(text.p + i, rows[k], strlen(rows[k])))
				bits |= UINT32_C(1) << k;
	return bits;
}

static struct words *new_words(void)
{
	struct words *w = words_new();

	for (unsigned int k = 0; w && k < N_ROWS; k++)
		CHECK_EQ(words_add(w, rows[k], k), 0);
	if (w)
		words_ready(w);
	return w;
}

/* Wherever it stands in a text of any length. */
static void test_places(const struct words *w)
{
	char text[TEXT_MAX];

	check_start("words wherever they stand");
	for (size_t len = 0; len < 300; len++)
		for (unsigned int k = 0; k < N_ROWS; k++) {
			size_t n = strlen(rows[k]);

			for (size_t i = 0; i + n <= len; i++) {
				struct bytes b = { text, len };

				memset(text, '-', len);
				memcpy(text + i, rows[k], n);
				CHECK_EQ(words_in(w, b), slowly(b));
			}
		}
}

static void test_random(const struct words *w)
{
	unsigned long long seed = 7;
	char text[TEXT_MAX];
	size_t n_found = 0;

	check_start("words in texts of their letters");
	for (int i = 0; i < 20000; i++) {
		struct bytes b = { text, check_random(&seed) % TEXT_MAX };

		for (size_t j = 0; j < b.len; j++)
			text[j] = "baSe64tR ^0-----"[check_random(&seed) & 15];
		CHECK_EQ(words_in(w, b), slowly(b));
		n_found += slowly(b) != 0;
	}
	CHECK(n_found > 1000);
}

int main(void)
{
	struct words *w;

	check.module = "words";
	check_start("words are made");
	w = new_words();
	if (CHECK(w != NULL)) {
		test_places(w);
		test_random(w);
	}
	words_free(w);
	return check_end();
}
