// SPDX-License-Identifier: GPL-3.0-or-later
/* Row files: what they may say, and what is said of what they may not. */
#include "classified.h"

#define HEAD "category c weight=1\n"

static const struct bad {
	const char *lines; /* the last of them is wrong */
	const char *why;
} bad[] = {
	{ "word a", "word before any category" },
	{ "frob a", "no 'frob'; there are: category, function, word, words, "
		    "pipe, text, texts, pattern" },
	{ "category", "a name of 1 to 64 characters has to follow" },
	{ "category \"\"", "a name of 1 to 64 characters has to follow" },
	{ "category \"a", "a \" without its end" },
	{ "category \"a\"b", "no blank behind \"a\"" },
	{ "category a b", "no option 'b'; there are: weight=, attack=, "
			  "notebook, off" },
	{ "category a weight=x",
		"weight takes a number from 0 to 100, not 'x'" },
	{ "category a weight=", "weight takes a number from 0 to 100, not ''" },
	{ "category a weight=101",
		"weight takes a number from 0 to 100, not '101'" },
	{ "category a weight=-1",
		"weight takes a number from 0 to 100, not '-1'" },
	{ "category a weight=nan",
		"weight takes a number from 0 to 100, not 'nan'" },
	{ "category a attack=T12", "'T12' is no ATT&CK technique, such as "
				   "T1105 or T1059.004" },
	{ "category a attack=T1059.04", "'T1059.04' is no ATT&CK technique, "
					"such as T1105 or T1059.004" },
	{ "category a attack=T1059,", "'' is no ATT&CK technique, such as "
				      "T1105 or T1059.004" },
	{ "category a attack=T1001,T1002,T1003,T1004,T1005,T1006,T1007,T1008,"
	  "T1009",
		"more than 8 techniques" },
	{ "function f weight=1", "a function has no weight" },
	{ "function f notebook", "no option 'notebook'; there are: attack=" },
	{ "function f\nword weight=1 a", "a function's row has no weight" },
	{ HEAD "word", "word what?" },
	{ HEAD "word weight=2", "word what?" },
	{ HEAD "word a/b", "'a/b' is no command's name: 1 to 64 characters "
			   "without /, * and blanks" },
	{ HEAD "word \"a b\"", "'a b' is no command's name: 1 to 64 "
			       "characters without /, * and blanks" },
	{ HEAD "word a*", "'a*' is no command's name: 1 to 64 characters "
			  "without /, * and blanks" },
	{ HEAD "words a", "words takes a command's name and arguments; for "
			  "names alone there is word" },
	{ HEAD "words a| b", "'' is no command's name: 1 to 64 characters "
			     "without /, * and blanks" },
	{ HEAD "words a b||c", "an argument has 1 to 256 characters" },
	{ HEAD "words a 1 2 3 4 5 6 7 8 9", "more than 8 arguments" },
	{ HEAD "pipe a", "pipe takes two operands: who writes, and who reads "
			 "it" },
	{ HEAD "pipe a b c", "pipe takes two operands: who writes, and who "
			     "reads it" },
	{ HEAD "text ab", "'ab': a text has 3 to 256 characters" },
	{ HEAD "texts abc", "texts takes two operands or more; for one there "
			    "is text" },
	{ HEAD "texts abc d", "'d': a text has 3 to 256 characters" },
	{ HEAD "pattern", "pattern what?" },
	{ HEAD "pattern a(b",
		"character 4 of the pattern: missing closing parenthesis" },
	{ HEAD "pattern [a", "character 3 of the pattern: missing terminating "
			     "] for character class" },
	{ HEAD "pattern weight=200 a",
		"weight takes a number from 0 to 100, not '200'" },
	{ HEAD "word \001", "not UTF-8, or with control characters" },
	{ HEAD "word \xff", "not UTF-8, or with control characters" },
};

/* Feeds lines; -1 at the first error, which has to be the last line. */
static int feed(struct classify_rules *r, const char *lines, struct str *why)
{
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		int rc = classify_rules_line(
			r, (struct bytes){ lines, len }, why);

		lines += len + (lines[len] == '\n');
		if (rc < 0) {
			CHECK(!*lines);
			return -1;
		}
	}
	return 0;
}

static void test_bad(void)
{
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct classify_rules *r = classify_rules_new();

		check_start("bad: %.60s", bad[i].why);
		str_reset(&why);
		CHECK(r && feed(r, bad[i].lines, &why) < 0);
		CHECK_Z(str_bytes(&why), bad[i].why);
		classify_rules_free(r);
	}
	str_fini(&why);
}

static const struct bad bad_bins[] = {
	{ "x", "not NAME, a tab, and FUNCTION,FUNCTION... or =NAME" },
	{ "\tshell", "not NAME, a tab, and FUNCTION,FUNCTION... or =NAME" },
	{ "a/b\tshell", "not NAME, a tab, and FUNCTION,FUNCTION... or =NAME" },
	{ "a\x01\tx", "not UTF-8, or with control characters" },
	{ "x\tShell", "'Shell' is no function: a-z and - alone" },
	{ "x\tshell,", "'' is no function: a-z and - alone" },
	{ "x\tshell:z", "behind a : stand u (unprivileged), s (sudo), i "
			"(set-uid), c (capabilities)" },
	{ "x\tshell:", "behind a : stand u (unprivileged), s (sudo), i "
		       "(set-uid), c (capabilities)" },
	{ "x\t=y", "no program 'y' above this line" },
	{ "x\tshell\nx\tshell", "'x' for the second time" },
	{ "x\tshell\ny\tshell\ny\t=x", "'y' is a program of its own" },
};

static void test_bad_bins(void)
{
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(bad_bins) / sizeof(bad_bins[0]); i++) {
		struct classify_rules *r = classify_rules_new();
		struct bytes rest = bytes_of(bad_bins[i].lines);
		int rc = 0;

		check_start("bad program %zu", i);
		str_reset(&why);
		while (r && rest.len && rc == 0) {
			size_t len = strcspn(rest.p, "\n");

			rc = classify_rules_bin(
				r, (struct bytes){ rest.p, len }, &why);
			len += rest.len > len;
			rest.p += len;
			rest.len -= len;
		}
		CHECK_EQ(rc, -1);
		CHECK_Z(str_bytes(&why), bad_bins[i].why);
		classify_rules_free(r);
	}
	str_fini(&why);
}

/* Rows of an operator's own. */
static const struct good {
	const char *lines, *text, *categories;
	double weight;
} good[] = {
	{ HEAD "word frob", "frob", "c", 1 },
	{ HEAD "word frob", "frobs", "", 0 },
	{ HEAD "word weight=3 frob", "frob", "c", 3 },
	{ HEAD "word frob\nword weight=2 knob", "frob; knob", "c", 2 },
	{ HEAD "word frob\ncategory d weight=2\nword knob", "knob; frob", "c|d",
		3 },
	{ HEAD "word frob\ncategory c weight=7", "frob", "c", 7 },
	{ HEAD "word frob\ncategory c off", "frob", "", 0 },
	{ HEAD "# a comment\n\n  \t\r\n  word\tfrob  \r", "frob", "c", 1 },
	{ HEAD "words frob -x", "frob -ax b", "c", 1 },
	{ HEAD "words frob -x", "frob --ax", "", 0 },
	{ HEAD "words frob --ax", "frob --ax", "c", 1 },
	{ HEAD "words frob a b", "frob b c a", "c", 1 },
	{ HEAD "words frob a b", "frob a", "", 0 },
	{ HEAD "words frob|knob a|b", "knob b", "c", 1 },
	{ HEAD "words frob !-l", "frob -l", "", 0 },
	{ HEAD "words frob !-l", "frob x", "c", 1 },
	{ HEAD "words frob \"!x\"", "frob '!x'", "c", 1 },
	{ HEAD "words frob a*", "frob abc", "c", 1 },
	{ HEAD "words frob *c", "frob abc", "c", 1 },
	{ HEAD "words frob *b*", "frob abc", "c", 1 },
	{ HEAD "words frob *d*", "frob abc", "", 0 },
	{ HEAD "words frob *", "frob", "", 0 },
	{ HEAD "words frob *", "frob x", "c", 1 },
	{ HEAD "words frob \"a b\"|\"c|d\"", "frob 'c|d'", "c", 1 },
	{ HEAD "pipe frob knob", "frob | knob", "c", 1 },
	{ HEAD "pipe frob knob", "frob | cat | knob", "c", 1 },
	{ HEAD "pipe frob knob", "knob | frob", "", 0 },
	{ HEAD "pipe frob knob", "frob; knob", "", 0 },
	{ HEAD "pipe frob knob", "knob <(frob)", "c", 1 },
	{ HEAD "pipe frob knob", "frob > >(knob)", "c", 1 },
	{ HEAD "pipe frob sh", "sh -c \"$(frob)\"", "c", 1 },
	{ HEAD "pipe frob sh", "frob | sh -c 'cat'", "", 0 },
	{ HEAD "text foo.bar(", "x=foo.bar(1)", "c", 1 },
	{ HEAD "text foo.bar(", "x=Foo.bar(1)", "", 0 },
	{ HEAD "text foo", "xfoo foox foo_ 9foo", "", 0 },
	{ HEAD "text foo", "xfoo -foo-", "c", 1 },
	{ HEAD "text foo", "echo f'o'o", "c", 1 },
	{ HEAD "text \"a b\"", "echo 'a b'", "c", 1 },
	{ HEAD "texts abc def", "def x abc", "c", 1 },
	{ HEAD "texts abc def", "abc x abc", "", 0 },
	{ HEAD "texts abc|ghi def", "def x ghi", "c", 1 },
	{ HEAD "pattern fo+ba[rz]", "echo foooobaz", "c", 1 },
	{ HEAD "pattern fo+ba[rz]", "echo foooobat", "", 0 },
	{ HEAD "pattern (?i)FO+BA[rz]", "echo foooobaz", "c", 1 },
	{ HEAD "pattern weight=4 ^sh -c x", "x", "c", 4 },
	{ HEAD "pattern a|b", "echo b", "c", 1 },
	{ HEAD "pattern \\x66oo\\d{2}", "echo foo22", "c", 1 },
	{ HEAD "pattern x{10}", "echo xxxxxxxxxx", "c", 1 },
	{ HEAD "pattern [[:digit:]]foo", "echo 7foo", "c", 1 },
	{ HEAD "pattern [^]a]foo", "echo bfoo", "c", 1 },
	{ HEAD "pattern (?x) f o o", "echo foo", "c", 1 },
	{ HEAD "pattern foo\\Q(\\E", "echo 'foo('", "c", 1 },
	{ HEAD "pattern (foo|bar)+baz?", "echo barba", "c", 1 },
	/* Backtracks without end: given up, and nothing else suffers. */
	{ HEAD "pattern foo(a+)+$\nword knob",
		"knob fooaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		"c", 1 },
};

static void test_good(void)
{
	struct str why;

	str_init(&why, 4096);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct classify_rules *r = classify_rules_new();
		struct classified c;

		check_start("good %zu: %.40s", i, good[i].text);
		str_reset(&why);
		if (CHECK(r && feed(r, good[i].lines, &why) == 0 &&
			    classify_rules_done(r, &why) == 0)) {
			classified_init(&c, r);
			classified_shell(&c, good[i].text);
			classified_run(&c);
			CHECK_Z(classified_categories(&c), good[i].categories);
			CHECK(c.ev->tags.weight == good[i].weight);
			classified_fini(&c);
		}
		CHECK_Z(str_bytes(&why), "");
		classify_rules_free(r);
	}
	str_fini(&why);
}

/* Programs are found where there are no rows, by each way of matching; and
 * where there is nothing at all nothing is. */
static void test_alone(bool has_bin, enum classify_match match)
{
	struct classify_rules *r = classify_rules_new();
	struct classified c;
	struct str why;

	str_init(&why, 4096);
	check_start("%s, match %d", has_bin ? "a program alone" : "no rows",
		(int)match);
	if (CHECK(r &&
		    (!has_bin || classify_rules_bin(
					 r, BYTES("frob\tshell"), &why) == 0) &&
		    classify_rules_done(r, &why) == 0)) {
		classified_init(&c, r);
		c.cf.match = match;
		classified_shell(&c, "frob");
		classified_run(&c);
		CHECK_Z(classified_bins(&c), has_bin ? "frob" : "");
		CHECK_Z(classified_categories(&c), "");
		classified_fini(&c);
	}
	classify_rules_free(r);
	str_fini(&why);
}

int main(void)
{
	check.module = "classify_rows";
	for (int match = CLASSIFY_WORDS; match <= CLASSIFY_SUBSTRING; match++) {
		test_alone(true, (enum classify_match)match);
		test_alone(false, (enum classify_match)match);
	}
	test_bad();
	test_bad_bins();
	test_good();
	return check_end();
}
