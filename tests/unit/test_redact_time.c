// SPDX-License-Identifier: GPL-3.0-or-later
/* No text costs more than its length. */
#include "masked.h"

#include "clock.h"

/* The kernel's longest argument; memory of that size is mapped anew, so that
 * growth is told from there on. */
#define TEXT_LEN  (128 * 1024)
#define TEXT_MAX  (4 * TEXT_LEN)
#define BEST_OF   3
#define TRIES_MAX 5
/* On an idle machine none is over 12; times vary. */
#define LIMIT_MS 25

static const char *const baits[] = { "password=", "password=password=",
	"password = \"", "\"password\": \"a\", ", "PASSWORD=$P ", "token ",
	"http://", "http://a:b@", "://a@", "?token=a&", "AKIA",
	"AKIAAAAAAAAAAAAAAAA", " AKIAIOSFODNN7EXAMPLE", "ghp_", ".eyJa",
	"eyJaaaaaaaa.eyJaaaaaaaa.", "Authorization: ", "Authorization:Bearer ",
	"Cookie:", "bearer ", "-----BEGIN PRIVATE KEY-----",
	"mysql -pabcdefgh1 ", "mysql -p'a' ;", "curl -u a:b;", "a|sudo -S b;",
	"echo a:b|chpasswd;", "P=a;mysql -p$P;", "sh -c 'mysql -pa';", "ssh a ",
	"sshpass -p ", "mysql\n", "\"mysql -pa\",", "'\\''", "\\\\\\",
	"chpasswd<<<a:b;", "{curl,-u,a:b};", "--token a ", "xoxb-",
	"SG.aaaaaaaaaaaaaaaa.", "password: ", "secret=%41" };

static double bait_ms(
	struct masked *m, const char *bait, size_t len, char *text)
{
	size_t n = strlen(bait);
	double best = 1e9;

	for (size_t i = 0; i < len; i++)
		text[i] = bait[i % n];
	text[len] = '\0';
	for (int i = 0; i < BEST_OF; i++) {
		struct event *ev = event_create();
		struct bytes argv[] = { BYTES("sh"), BYTES("-c"),
			{ text, len } };
		double start;

		if (!ev)
			abort();
		ev->argv = argv;
		ev->argc = 3;
		start = clock_ms();
		redact_run(m->redact, ev, m->rules);
		start = clock_ms() - start;
		best = start < best ? start : best;
		event_destroy(ev);
	}
	return best;
}

/* A busy machine spoils one try, hardly all of them. */
static bool is_linear(struct masked *m, const char *bait, char *text)
{
	double once = 0, four = 0;

	for (int i = 0; i < TRIES_MAX; i++) {
		once = bait_ms(m, bait, TEXT_LEN, text);
		four = bait_ms(m, bait, TEXT_MAX, text);
		if (once < clock_limit_ms(LIMIT_MS) &&
			(four < 2 || four < once * 7))
			return true;
	}
	check_fail(__LINE__, "%.2f ms, four times as much %.2f ms", once, four);
	return false;
}

int main(void)
{
	char *text = malloc(TEXT_MAX + 1);
	struct masked m;

	check.module = "redact_time";
	masked_init(&m, NULL);
	for (size_t i = 0; text && i < sizeof(baits) / sizeof(baits[0]); i++) {
		check_start("bait %zu", i);
		is_linear(&m, baits[i], text);
	}
	masked_fini(&m);
	free(text);
	return check_end();
}
