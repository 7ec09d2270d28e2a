// SPDX-License-Identifier: GPL-3.0-or-later

#include "check.h"
#include "clock.h"
#include "shell.h"

#define TEXT_LEN (128u << 10)
/* Other programs make some tries slow. */
#define TRIES 25

static struct shell *sh;

static void read_z(const char *text)
{
	shell_read(sh, bytes_of(text));
}

/* Letters of what a word is, in the order of the structure. */
static const char *flags_of(const struct shell_word *w)
{
	static char f[8];
	size_t n = 0;

	if (w->is_assignment)
		f[n++] = 'a';
	if (w->is_quoted)
		f[n++] = 'q';
	if (w->is_escaped)
		f[n++] = 'e';
	if (w->is_expanded)
		f[n++] = 'x';
	if (w->is_opaque)
		f[n++] = 'o';
	f[n] = '\0';
	return f;
}

static const struct {
	const char *text;
	size_t word;
	const char *flags, *source;
} words[] = {
	{ "id -u", 1, "", "-u" },
	{ "  a=1 id", 0, "a", "a=1" },
	{ "id a=1", 1, "", "a=1" },
	{ "w'g'et x", 0, "q", "w'g'et" },
	{ "w\"\"get x", 0, "q", "w\"\"get" },
	{ "w\\get x", 0, "q", "w\\get" },
	{ "x $'a\\x62' y", 1, "qe", "$'a\\x62'" },
	{ "x $'ab' y", 1, "q", "$'ab'" },
	{ "a=b;$a x", 1, "x", "$a" },
	{ "a=b;\"${a}c\" x", 1, "qx", "\"${a}c\"" },
	{ "a='b c';$a x", 2, "x", "$a" },
	{ "$a x", 0, "xo", "$a" },
	{ "echo $(id)x y", 1, "o", "$(id)x" },
	{ "echo `id`", 1, "o", "`id`" },
	{ "echo <(id) y", 1, "o", "<(id)" },
	{ "ls /et*", 1, "o", "/et*" },
	{ "ls '/et*'", 1, "q", "'/et*'" },
	{ "ls [a", 1, "", "[a" },
	{ "ls [a]", 1, "o", "[a]" },
	{ "{a,b} c", 1, "x", "{a,b}" },
	{ "a=$(id)", 0, "ao", "a=$(id)" },
	{ "a+=b", 0, "a", "a+=b" },
	{ "a=(b c) d", 0, "ao", "a=(b c)" },
	{ "1a=b", 0, "", "1a=b" },
	{ "'a'=b", 0, "q", "'a'=b" },
};

static void test_words(void)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const struct shell_word *w;
		char name[80];

		check_start("word: %s", check_show(name, sizeof(name),
						bytes_of(words[i].text), 0));
		read_z(words[i].text);
		if (!CHECK(words[i].word < shell_n_words(sh)))
			continue;
		w = shell_word(sh, words[i].word);
		CHECK_Z(bytes_of(flags_of(w)), words[i].flags);
		CHECK_Z(((struct bytes){
				words[i].text + w->at, w->end - w->at }),
			words[i].source);
	}
	check_start("word: where an unknown value is from");
	read_z("x=1 y=$(id) z; eval \"$y\" $x");
	CHECK_EQ(shell_n_words(sh), 7);
	CHECK_EQ(shell_word(sh, 5)->source, 1);
	CHECK_EQ(shell_word(sh, 6)->source, SIZE_MAX);
	check_start("word: NUL");
	shell_read(sh, BYTES("a\0b 'c\0d'"));
	CHECK_EQ(shell_n_words(sh), 2);
	CHECK_BYTES(shell_word(sh, 0)->text, BYTES("a\0b"));
	CHECK_BYTES(shell_word(sh, 1)->text, BYTES("c\0d"));
}

static const struct {
	const char *text;
	size_t command, parent, word, at;
	enum shell_nesting nesting;
	unsigned int depth;
} nested[] = {
	{ "id", 0, SIZE_MAX, SIZE_MAX, 0, SHELL_NESTING_NONE, 0 },
	{ "a b$(c)d e", 1, 0, 1, 1, SHELL_NESTING_OUTPUT, 1 },
	{ "a 'bc'`d`", 1, 0, 1, 2, SHELL_NESTING_OUTPUT, 1 },
	{ "a b <(c)", 1, 0, 2, 0, SHELL_NESTING_FROM, 1 },
	{ "a >(b)", 1, 0, 1, 0, SHELL_NESTING_TO, 1 },
	{ "a < <(b)", 1, 0, SIZE_MAX, 0, SHELL_NESTING_FROM, 1 },
	{ "a <<<x$(b)", 1, 0, SIZE_MAX, 1, SHELL_NESTING_OUTPUT, 1 },
	{ "a <<<$(b) c", 1, 0, SIZE_MAX, 0, SHELL_NESTING_OUTPUT, 1 },
	{ "a <<E\nxy$(b)\nE", 1, 0, SIZE_MAX, 2, SHELL_NESTING_OUTPUT, 1 },
	{ "x; a $(b $(c))", 3, 2, 4, 0, SHELL_NESTING_OUTPUT, 2 },
	{ "a $(b; (c))", 2, 0, 1, 0, SHELL_NESTING_OUTPUT, 1 },
	{ "a \"${x:-b$(c)}\"", 1, 0, 1, 1, SHELL_NESTING_OUTPUT, 1 },
	{ "for i in a $(b); do c; done", 1, 0, 1, 0, SHELL_NESTING_OUTPUT, 1 },
};

static void test_nested(void)
{
	for (size_t i = 0; i < sizeof(nested) / sizeof(nested[0]); i++) {
		const struct shell_command *c;
		char name[80];

		check_start("nested: %s", check_show(name, sizeof(name),
						  bytes_of(nested[i].text), 0));
		read_z(nested[i].text);
		if (!CHECK(nested[i].command < shell_n_commands(sh)))
			continue;
		c = shell_command(sh, nested[i].command);
		CHECK_EQ(c->parent, nested[i].parent);
		CHECK_EQ(c->parent_word, nested[i].word);
		CHECK_EQ(c->parent_at, nested[i].at);
		CHECK_EQ(c->nesting, nested[i].nesting);
		CHECK_EQ(c->depth, nested[i].depth);
	}
}

static const struct {
	const char *text;
	size_t from, to;
	bool want;
} pipes[] = {
	{ "a|b|c", 0, 1, true },
	{ "a|b|c", 1, 2, true },
	{ "a|b|c", 0, 2, false },
	{ "a|b|c", 1, 0, false },
	{ "a|b;c|d", 0, 3, false },
	{ "a;b", 0, 1, false },
	{ "a||b", 0, 1, false },
	{ "(a;b)|c", 0, 2, true },
	{ "(a;b)|c", 1, 2, true },
	{ "(a|b)|c", 0, 2, false },
	{ "(a|b)|c", 1, 2, true },
	{ "a|{ b; c; }", 0, 2, true },
	{ "a|(b|c)", 0, 1, true },
	{ "a|(b|c)", 0, 2, false },
	{ "(a|b)|(c|d)", 1, 2, true },
	{ "a|while b;do c;done|d", 0, 2, true },
	{ "a|while b;do c;done|d", 2, 3, true },
	{ "((a;b)|c)|d", 2, 3, true },
	{ "((a;b)|c)|d", 0, 3, false },
	{ "a $(b)|c", 0, 2, true },
	{ "a $(b)|c", 1, 2, false },
	{ "if a;then b;fi|c", 1, 2, true },
	{ "a|case x in y) b;; esac", 0, 3, true },
};

static void test_pipes(void)
{
	for (size_t i = 0; i < sizeof(pipes) / sizeof(pipes[0]); i++) {
		check_start("pipe: %s: %zu %zu", pipes[i].text, pipes[i].from,
			pipes[i].to);
		read_z(pipes[i].text);
		if (!CHECK(pipes[i].to < shell_n_commands(sh)))
			continue;
		CHECK_EQ(shell_feeds(sh, pipes[i].from, pipes[i].to),
			pipes[i].want);
	}
}

/* n times the unit, behind a start. */
static struct bytes repeat(
	char *to, size_t len, const char *start, const char *unit)
{
	size_t n = strlen(start), unit_len = strlen(unit);

	memcpy(to, start, n);
	for (size_t i = n; i < len; i++)
		to[i] = unit[(i - n) % unit_len];
	return (struct bytes){ to, len };
}

static void test_caps(char *to)
{
	check_start("cap: as deep as it goes");
	shell_read(sh, repeat(to, 3 * SHELL_DEPTH_MAX, "", "a$("));
	CHECK(!shell_is_cut(sh));
	CHECK_EQ(shell_command(sh, shell_n_commands(sh) - 1)->depth,
		SHELL_DEPTH_MAX - 1);
	check_start("cap: deeper");
	shell_read(sh, repeat(to, 3 * SHELL_DEPTH_MAX + 9, "", "a$("));
	CHECK(shell_is_cut(sh));
	CHECK_EQ(shell_n_commands(sh), SHELL_DEPTH_MAX + 1);
	check_start("cap: words");
	shell_read(sh, repeat(to, 2 * SHELL_WORDS_MAX, "", "a "));
	CHECK(!shell_is_cut(sh));
	CHECK_EQ(shell_n_words(sh), SHELL_WORDS_MAX);
	shell_read(sh, repeat(to, 2 * SHELL_WORDS_MAX + 2, "", "a "));
	CHECK(shell_is_cut(sh));
	CHECK_EQ(shell_n_words(sh), SHELL_WORDS_MAX);
	check_start("cap: commands");
	shell_read(sh, repeat(to, 2 * SHELL_COMMANDS_MAX, "", "a;"));
	CHECK(!shell_is_cut(sh));
	CHECK_EQ(shell_n_commands(sh), SHELL_COMMANDS_MAX);
	shell_read(sh, repeat(to, 2 * SHELL_COMMANDS_MAX + 2, "", "a;"));
	CHECK(shell_is_cut(sh));
	CHECK_EQ(shell_n_commands(sh), SHELL_COMMANDS_MAX);
	check_start("cap: text");
	shell_read(sh, repeat(to, 4096, "a=bbbbbbbbbbbbbbbb;", "a=$a$a;"));
	CHECK(shell_is_cut(sh));
	check_start("cap: after one that was cut");
	read_z("id");
	CHECK(!shell_is_cut(sh));
	CHECK_EQ(shell_n_words(sh), 1);
}

static const char *const units[] = { "\"", "'", "\\", "$(", "`", "\\`", "${",
	"${a:-", "${A%", "(", "((", "$((", "{ ", "{a,", "a{b,c}", "[", "]",
	"[[ a =~ (", "<<a\n", "<<a $(\n", "<<-a\n\t$(b\n", "<", "<(", ">x ",
	"|", "&", "; ", ":;", " a", "=", "a=b;$a", "${a:+$a}", "${a:0:1}",
	"a+=b;a=c$a;", "a$a", "if ", "case x in a) ", "for i in ", "fi ", ")",
	"}", "a ()", "\"$(", "$'\\x41'", "$'", "#\n", "<<<\"", "IFS=a;",
	"aaaaaaaa-=", "x=$(a);", "{ a;}<b;", "*?", ",", "\xff", "${HOME%$(" };

#define LIMIT_MS 5

static double read_ms(struct bytes text)
{
	double from = clock_ms();

	shell_read(sh, text);
	return clock_ms() - from;
}

/* 128 KiB of anything take 5 ms at most, and as long a byte as 64 KiB do:
 * some try has to show it. */
static void test_time(char *to)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		double whole = 1e9, half = 1e9, limit = 0;
		char name[80];

		check_start("time: %zu: %s", i,
			check_show(name, sizeof(name), bytes_of(units[i]), 0));
		for (int k = 0; k < TRIES; k++) {
			double ms = read_ms(
				repeat(to, TEXT_LEN, "a=bbb;", units[i]));

			whole = ms < whole ? ms : whole;
			ms = read_ms(
				repeat(to, TEXT_LEN / 2, "a=bbb;", units[i]));
			half = ms < half ? ms : half;
			limit = clock_limit_ms(LIMIT_MS);
			if (whole < limit && whole < 3 * half + 0.2)
				break;
		}
		CHECK(whole < limit);
		CHECK(whole < 3 * half + 0.2);
	}
}

/* Every beginning of a text with everything in it: ends anywhere. */
static void test_ends(void)
{
	static const char text[] =
		"a='b' c=\"d$e`f \\`g\\``${h:-$(i)}\" <<J <<-'K' | (l; { "
		"m<(n); "
		"}) >o 2>&1\n$p ${a:1:2} $(q)\nJ\n\tr\nK\nfor s in t{u,v}; do "
		"case $w in x|y) z ;; *) $'\\x41\\u00e4' ;; esac; done <<< "
		"\"$a\" "
		"&& f() { [[ a =~ (b|c) ]]; ((d)); e=(f g); } # h";

	check_start("ends anywhere");
	for (size_t i = 0; i < sizeof(text); i++) {
		shell_read(sh, (struct bytes){ text, i });
		CHECK(!shell_is_cut(sh));
		for (size_t w = 0; w < shell_n_words(sh); w++)
			CHECK(shell_word(sh, w)->end <= i);
	}
	CHECK_EQ(shell_n_commands(sh), 18);
}

int main(void)
{
	char *to = malloc(TEXT_LEN);

	check.module = "shell_words";
	sh = shell_new();
	if (!sh || !to)
		return 1;
	test_words();
	test_nested();
	test_pipes();
	test_caps(to);
	if (check_has_clock("time"))
		test_time(to);
	test_ends();
	shell_free(sh);
	free(to);
	return check_end();
}
