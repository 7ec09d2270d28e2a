// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>
#include <unistd.h>

#include "check.h"
#include "cmdline.h"
#include "event.h"
#include "text.h"

/*
 * One word of a shell's command line, as POSIX and bash read it; NULL where a
 * shell would see anything but literal text. Shares nothing with the writer.
 */
static const char *read_quoted(const char *p, const char *end, struct str *out)
{
	while (p < end && *p != '\'')
		str_addc(out, *p++);
	return p < end ? p + 1 : NULL;
}

static const char *read_escape(const char *p, const char *end, struct str *out)
{
	static const char from[] = "ntr\\'", to[] = "\n\t\r\\'";
	const char *e = p < end && *p ? strchr(from, *p) : NULL;
	char byte = 0;

	if (e) {
		str_addc(out, to[e - from]);
		return p + 1;
	}
	if (end - p < 3 || *p != 'x' || text_unhex(p + 1, 2, &byte) < 0)
		return NULL;
	str_addc(out, byte);
	return p + 3;
}

static const char *read_dollar(const char *p, const char *end, struct str *out)
{
	while (p && p < end && *p != '\'') {
		if (*p == '\\')
			p = read_escape(p + 1, end, out);
		else
			str_addc(out, *p++);
	}
	return p && p < end ? p + 1 : NULL;
}

static const char *read_word(const char *p, const char *end, struct str *out)
{
	static const char safe[] = "_./:@%+,-=";

	while (p && p < end && *p != ' ') {
		bool is_alnum = (*p >= '0' && *p <= '9') ||
				(*p >= 'A' && *p <= 'Z') ||
				(*p >= 'a' && *p <= 'z');

		if (*p == '\'')
			p = read_quoted(p + 1, end, out);
		else if (end - p > 1 && p[0] == '$' && p[1] == '\'')
			p = read_dollar(p + 2, end, out);
		else if (is_alnum || (*p && strchr(safe, *p)))
			str_addc(out, *p++);
		else
			return NULL;
	}
	return p;
}

/* Whether arg reads back, in printable UTF-8 without a line break. */
static bool is_good(struct bytes arg)
{
	struct str line, back;
	bool rc;

	str_init(&line, 1 << 20);
	str_init(&back, 1 << 20);
	cmdline_shell_arg(&line, arg);
	rc = line.len &&
	     read_word(line.p, line.p + line.len, &back) == line.p + line.len &&
	     bytes_equal(str_bytes(&back), arg) &&
	     text_printable(line.p, line.len) == line.len;
	if (!rc)
		CHECK_BYTES(str_bytes(&line), arg);
	str_fini(&line);
	str_fini(&back);
	return rc;
}

static void test_every_byte(void)
{
	char b[3] = "";

	check_start("every byte");
	for (int i = 0; i < 256; i++) {
		b[0] = (char)i;
		is_good((struct bytes){ b, 1 });
	}
	check_start("every pair of bytes");
	for (int i = 0; i < 65536; i++) {
		b[0] = (char)(i >> 8);
		b[1] = (char)i;
		is_good((struct bytes){ b, 2 });
	}
	check_start("random bytes");
	for (unsigned long long i = 1; i < 20000; i++) {
		unsigned long long seed = i;
		char text[40];
		size_t n = (size_t)i % sizeof(text);

		for (size_t j = 0; j < n; j++) {
			unsigned long long r = check_random(&seed);

			text[j] = "'\\\"$\x80\xc3\xa4\n ax"[r >> 8 & 7];
			if (r & 1)
				text[j] = (char)(r >> 16);
		}
		is_good((struct bytes){ text, n });
	}
}

static void test_rows(void)
{
	static const struct {
		struct bytes in;
		const char *want;
	} rows[] = {
		{ BYTES(""), "''" },
		{ BYTES("ls"), "ls" },
		{ BYTES("/usr/bin/a-b_c.d"), "/usr/bin/a-b_c.d" },
		{ BYTES("k=v,w@h:%1+2"), "k=v,w@h:%1+2" },
		{ BYTES("a b"), "'a b'" },
		{ BYTES("~"), "'~'" },
		{ BYTES("*"), "'*'" },
		{ BYTES("#"), "'#'" },
		{ BYTES("{a,b}"), "'{a,b}'" },
		{ BYTES("$(id) `id` \\ \"!\""), "'$(id) `id` \\ \"!\"'" },
		{ BYTES("it's"), "$'it\\'s'" },
		{ BYTES("a\nb\tc\rd"), "$'a\\nb\\tc\\rd'" },
		{ BYTES("\x01\x1b\x7f"), "$'\\x01\\x1b\\x7f'" },
		{ BYTES("\xff\x31"), "$'\\xff1'" },
		{ BYTES("gr\xc3\xbcn"), "'gr\xc3\xbcn'" },
		{ BYTES("\xc2\x85"), "$'\\xc2\\x85'" },
		{ { NULL, 0 }, "<...>" },
	};
	struct bytes argv[] = { BYTES("sh"), BYTES("-c"), BYTES(""),
		{ NULL, 0 }, BYTES("a b") };
	struct event ev = { .argv = argv, .argc = 5 };
	struct str s;

	str_init(&s, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("%s", rows[i].want);
		str_reset(&s);
		cmdline_shell_arg(&s, rows[i].in);
		CHECK_Z(str_bytes(&s), rows[i].want);
	}
	check_start("an argv");
	str_reset(&s);
	cmdline_shell(&s, &ev);
	CHECK_Z(str_bytes(&s), "sh -c '' <...> 'a b'");
	check_start("no argv");
	str_reset(&s);
	ev.argc = 0;
	cmdline_shell(&s, &ev);
	CHECK_EQ(s.len, 0);
	str_fini(&s);
}

/* bash itself: every byte but NUL, every pair of them, as operands of printf;
 * what it prints is compared here. */
static void write_script(FILE *f)
{
	struct str s;
	char b[2];

	str_init(&s, 64);
	for (int hi = 1; hi < 256; hi++) {
		fputs("printf '%s\\0'", f);
		for (int lo = 0; lo < 256; lo++) {
			b[0] = (char)hi;
			b[1] = (char)lo;
			str_reset(&s);
			cmdline_shell_arg(&s, (struct bytes){ b, lo ? 2 : 1 });
			fprintf(f, " %s", str_z(&s));
		}
		fputc('\n', f);
	}
	str_fini(&s);
}

static void compare(FILE *f)
{
	char want[3] = "";

	for (int hi = 1; hi < 256; hi++)
		for (int lo = 0; lo < 256; lo++) {
			want[0] = (char)hi;
			want[1] = (char)lo;
			for (size_t i = 0; i <= strlen(want); i++)
				if (!CHECK_EQ(fgetc(f), (unsigned char)want[i]))
					return;
		}
	CHECK_EQ(fgetc(f), EOF);
}

static void test_bash(void)
{
	char path[] = "/tmp/hunt-cmdline-XXXXXX", command[64];
	int fd;
	FILE *f;

	if (access("/bin/bash", X_OK) < 0) {
		check_skip("bash", "there is no /bin/bash");
		return;
	}
	check_start("bash");
	fd = mkstemp(path);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!CHECK(f != NULL))
		return;
	write_script(f);
	fclose(f);
	snprintf(command, sizeof(command), "/bin/bash %s", path);
	f = popen(command, "r");
	if (CHECK(f != NULL)) {
		compare(f);
		CHECK_EQ(pclose(f), 0);
	}
	unlink(path);
}

/* Words that mean something else where a command's name stands. */
static void test_first_word(void)
{
	static const char *const firsts[] = { "A=b", "PATH=.", "if", "time",
		"while", "coproc" };

	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		struct bytes argv[] = { bytes_of(firsts[i]), BYTES("id") };
		struct event ev = { .argv = argv, .argc = 2 };
		struct str s;

		check_start("first word %s", firsts[i]);
		str_init(&s, 100);
		cmdline_shell(&s, &ev);
		CHECK(s.len && (s.p[0] == '\'' || s.p[0] == '$'));
		str_fini(&s);
	}
}

/* A random argv in one piece, mostly of bare words. Returns its bytes. */
static size_t random_argv(unsigned long long *seed, char *p, struct event *ev)
{
	size_t len = 0;

	ev->argc = 1 + check_random(seed) % 6;
	for (size_t i = 0; i < ev->argc; i++) {
		size_t n = check_random(seed) % 14 + (i == 0);

		ev->argv[i] = (struct bytes){ p + len, n };
		for (size_t j = 0; j < n; j++) {
			unsigned long long r = check_random(seed);

			p[len++] = r % 61 ? "abXYZ01-_./:@%+,"[r >> 8 & 15]
					  : "= *'\\\x80$\t"[r >> 8 & 7];
		}
		p[len++] = '\0';
	}
	ev->args = (struct bytes){ p, len };
	return len;
}

/* At once or one by one, it is the same. */
static void test_one_piece(void)
{
	struct bytes argv[6];
	struct event ev = { .argv = argv };
	unsigned long long seed = 1;
	struct str one, all;
	size_t n_bare = 0;
	char text[256];

	check_start("an argv in one piece");
	str_init(&one, 4096);
	str_init(&all, 4096);
	for (int i = 0; i < 100000; i++) {
		random_argv(&seed, text, &ev);
		str_reset(&one);
		str_reset(&all);
		for (size_t k = 0; k < ev.argc; k++) {
			if (k)
				str_addc(&one, ' ');
			cmdline_shell_arg(&one, argv[k]);
		}
		if (cmdline_bare(&all, &ev)) {
			n_bare++;
			CHECK_BYTES(str_bytes(&all), str_bytes(&one));
		} else {
			CHECK_EQ(all.len, 0);
			CHECK_EQ(str_z(&all)[0], '\0');
		}
	}
	CHECK(n_bare > 10000);
	check_start("an argv that was masked");
	ev.argc = 2;
	ev.args = BYTES("mysql\0-psecret-of-some-one");
	ev.args.len = sizeof("mysql\0-psecret-of-some-one");
	argv[0] = (struct bytes){ ev.args.p, 5 };
	argv[1] = (struct bytes){ ev.args.p + 6, 20 };
	CHECK(cmdline_bare(&all, &ev));
	argv[1] = BYTES("-pwhat-stands-for-it");
	str_reset(&all);
	cmdline_shell(&all, &ev);
	CHECK_Z(str_bytes(&all), "mysql -pwhat-stands-for-it");
	check_start("an argv that has no room");
	argv[1] = (struct bytes){ ev.args.p + 6, 20 };
	str_fini(&all);
	str_init(&all, 20);
	CHECK(!cmdline_bare(&all, &ev));
	CHECK_EQ(all.len, 0);
	str_fini(&one);
	str_fini(&all);
}

int main(void)
{
	check.module = "cmdline";
	test_one_piece();
	test_every_byte();
	test_rows();
	test_bash();
	test_first_word();
	return check_end();
}
