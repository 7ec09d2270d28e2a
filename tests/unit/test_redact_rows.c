// SPDX-License-Identifier: GPL-3.0-or-later
/* The language of redaction's rows, and what is said of mistakes in it. */
#include "masked.h"

#define HEAD "set s\nrule r\n"

static const struct {
	const char *rows, *why;
} bad[] = {
	{ "mask x\n",
		"no 'mask'; there are: set, require, rule, option, plain, "
		"input, name, query, userinfo, pattern" },
	{ "rule r\n", "rule before any set" },
	{ "set s\nname x\n", "name before any rule" },
	{ "set s\nrule r\nset t\nname x\n", "name before any rule" },
	{ "set\n", "a name has to follow" },
	{ "set S\n", "'S': a name has 1 to 64 small letters, digits, and "
		     "- _ ." },
	{ "set s t\n", "'t' is too much" },
	{ "set s\nrule encoded\n", "'encoded' is the name of a rule without "
				   "rows" },
	{ HEAD "name\n", "operands have to follow" },
	{ HEAD "option\n", "a command's name has to follow" },
	{ HEAD "option mysql\n", "operands have to follow" },
	{ HEAD "option /bin/mysql -p*\n",
		"'/bin/mysql': a command without its path" },
	{ HEAD "option with= mysql -p*\n",
		"'': a word has 1 to 256 characters" },
	{ HEAD "input *\n", "input takes the names of commands, not *" },
	{ HEAD "input chpasswd x\n", "'x' is too much" },
	{ HEAD "pattern (\n", "character 2 of the pattern: missing closing "
			      "parenthesis" },
	{ HEAD "pattern [a-z]{8}\n",
		"no plain string of 3 characters is in every match" },
	{ HEAD "pattern ab.*\n",
		"no plain string of 3 characters is in every match" },
	{ HEAD "name \"x\n", "a \" without its end" },
	{ "require other\n" HEAD "name x\n",
		"the set 'other' is required and has no rows" },
	{ "set s\nrule r\nset t\nrequire s\nrule r\nname x\n",
		"the set 's' is required and has no rows" },
};

static void test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct masked m;

		check_start("error %zu", i);
		masked_open(&m);
		CHECK_EQ(masked_take(&m, bad[i].rows), -1);
		CHECK_Z(str_bytes(&m.why), bad[i].why);
		masked_fini(&m);
	}
}

static void test_require(void)
{
	struct masked m;

	check_start("sets that the configuration names");
	masked_open(&m);
	CHECK_EQ(redact_rules_line(m.rules, BYTES("set s"), &m.why), 0);
	CHECK_EQ(redact_rules_line(m.rules, BYTES("rule r"), &m.why), 0);
	CHECK_EQ(redact_rules_line(m.rules, BYTES("name pin"), &m.why), 0);
	CHECK_EQ(redact_rules_require(m.rules, BYTES("s,corp"), &m.why), 0);
	CHECK_EQ(redact_rules_done(m.rules, &m.why), -1);
	CHECK_Z(str_bytes(&m.why),
		"the set 'corp' is required and has no rows");
	masked_fini(&m);
}

/* One masked argv by rows of the test's own. */
static void holds(const char *rows, const char *argv, const char *want)
{
	const char *words[MASKED_ARGS_MAX] = { NULL };
	struct masked m;
	char copy[512], *rest = copy;

	snprintf(copy, sizeof(copy), "%s", argv);
	for (size_t n = 0; rest; n++)
		words[n] = strsep(&rest, "|");
	masked_init(&m, rows);
	CHECK_Z(bytes_of(masked_argv(&m, words)), want);
	masked_fini(&m);
}

static void test_kinds(void)
{
	check_start("an operator's own name");
	holds(HEAD "name pin *_magic\n", "x|pin=1234|MY_MAGIC=q|pins=3",
		"x|pin=***|MY_MAGIC=***|pins=3");
	check_start("alternatives, in quotes too");
	holds(HEAD "option \"my tool\"|tool -k --key=*\n", "tool|-k|a|--key=b",
		"tool|-k|***|--key=***");
	holds(HEAD "option \"my tool\"|tool -k --key=*\n", "my tool|-k|a",
		"my tool|-k|***");
	check_start("with a word, in a bundle of letters too");
	holds(HEAD "option with=in,-x tool -k\n", "tool|-k|a", "tool|-k|a");
	holds(HEAD "option with=in,-x tool -k\n", "tool|in|-k|a",
		"tool|in|-k|***");
	holds(HEAD "option with=in,-x tool -k\n", "tool|-vx|-k|a",
		"tool|-vx|-k|***");
	check_start("the last argument");
	holds(HEAD "option tool $\n", "tool|-a|b|c", "tool|-a|b|***");
	holds(HEAD "option tool $\n", "tool|-a", "tool|-a");
	check_start("any command, but for one");
	holds(HEAD "option * --key\nplain cp --key\n", "mv|--key|a",
		"mv|--key|***");
	holds(HEAD "option * --key\nplain cp --key\n", "cp|--key|a",
		"cp|--key|a");
	check_start("schemes");
	holds(HEAD "userinfo ftp\n", "x|ftp://a:b@h|http://a:b@h",
		"x|ftp://a:***@h|http://a:b@h");
	check_start("a pattern's first group, or all of it");
	holds(HEAD "pattern key-(\\d+)-\n", "x|a key-123- key-4-",
		"x|a key-***- key-***-");
	holds(HEAD "pattern key-\\d+\n", "x|a key-123,key-4", "x|a ***,***");
	check_start("the same rule in two sets");
	holds(HEAD "name a1\nset t\nrule r\nname b1\n", "x|a1=2|b1=3",
		"x|a1=***|b1=***");
	check_start("no rows at all");
	holds("# nothing\n", "mysql|-pS", "mysql|-pS");
}

static void test_full(void)
{
	struct masked m;
	int rc = 0;
	size_t n = 0;

	check_start("more rows than there may be");
	masked_open(&m);
	CHECK_EQ(redact_rules_line(m.rules, BYTES("set s"), &m.why), 0);
	CHECK_EQ(redact_rules_line(m.rules, BYTES("rule r"), &m.why), 0);
	while (rc == 0 && n++ < 5000)
		rc = redact_rules_line(m.rules, BYTES("name some"), &m.why);
	CHECK_EQ(rc, -1);
	CHECK_Z(str_bytes(&m.why),
		"out of memory, or more rows than there may be");
	masked_fini(&m);
}

int main(void)
{
	check.module = "redact_rows";
	test_bad();
	test_require();
	test_kinds();
	test_full();
	return check_end();
}
