// SPDX-License-Identifier: GPL-3.0-or-later
/* One line of a rows file: tokens, quotes, known names. */
#include "rowline.h"

#include "check.h"

static const struct row {
	const char *line;
	const char *tokens; /* each in <>, + behind one that a bar ended */
	bool is_split;
	const char *why;
} rows[] = {
	{ "a b", "<a><b>", false, NULL },
	{ " \ta\t b \r", "<a><b>", false, NULL },
	{ "\"a b\" c", "<a b><c>", false, NULL },
	{ "\"a \\\" \\\\ b\"", "<a \" \\ b>", false, NULL },
	{ "a\\b", "<a\\b>", false, NULL },
	{ "a|b", "<a|b>", false, NULL },
	{ "a|b c", "<a>+<b><c>", true, NULL },
	{ "\"a|b\"|c", "<a|b>+<c>", true, NULL },
	{ "a||b", "<a>+<>+<b>", true, NULL },
	{ "a|", "<a>+<>", true, NULL },
	{ "\"\"", "<>", false, NULL },
	{ "", "", false, NULL },
	{ " \t", "", false, NULL },
	{ "# a \xff", "", false, NULL },
	{ "a # b", "<a><#><b>", false, NULL },
	{ "\"a", NULL, false, "a \" without its end" },
	{ "\"a\"b", NULL, false, "no blank behind \"a\"" },
	{ "\"a\"|b", NULL, false, "no blank behind \"a\"" },
	{ "a\xff", NULL, false, "not UTF-8, or with control characters" },
	{ "a\001b", NULL, false, "not UTF-8, or with control characters" },
};

static int all_tokens(
	const struct row *row, struct rowline *l, struct str *to, int rc)
{
	l->is_split = row->is_split;
	while (rc > 0) {
		rc = rowline_next(l);
		if (rc > 0)
			str_addf(to, "<%s>%s", str_z(&l->token),
				l->has_more ? "+" : "");
	}
	return rc;
}

static void test_tokens(void)
{
	struct str to, why;

	str_init(&to, 1024);
	str_init(&why, 1024);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rowline l;
		int rc;

		check_start("tokens %zu", i);
		str_reset(&to);
		str_reset(&why);
		rc = rowline_open(&l, bytes_of(rows[i].line), &why);
		rc = all_tokens(&rows[i], &l, &to, rc);
		CHECK_EQ(rc, rows[i].why ? -1 : 0);
		if (rows[i].why)
			CHECK_Z(str_bytes(&why), rows[i].why);
		else
			CHECK_Z(str_bytes(&to), rows[i].tokens);
		rowline_close(&l);
	}
	str_fini(&to);
	str_fini(&why);
}

static void test_long(void)
{
	static char line[ROWLINE_LEN_MAX + 1];
	struct rowline l;
	struct str why;

	str_init(&why, 1024);
	memset(line, 'a', sizeof(line));
	check_start("as long as a line may be");
	CHECK_EQ(rowline_open(
			 &l, (struct bytes){ line, sizeof(line) - 1 }, &why),
		1);
	CHECK_EQ(rowline_next(&l), 1);
	CHECK_EQ(l.token.len, ROWLINE_LEN_MAX);
	rowline_close(&l);
	check_start("longer");
	CHECK_EQ(rowline_open(&l, (struct bytes){ line, sizeof(line) }, &why),
		-1);
	CHECK_Z(str_bytes(&why), "a line of more than 8192 bytes");
	rowline_close(&l);
	str_fini(&why);
}

static void test_pick(void)
{
	static const struct {
		const char *name;
		int other;
	} table[] = { { "one", 1 }, { "two", 2 } };
	struct rowline l;
	struct str why;
	struct bytes v;

	str_init(&why, 1024);
	check_start("known names");
	CHECK_EQ(rowline_open(&l, BYTES("two three n=v \"n=v\" nn=v n="), &why),
		1);
	CHECK_EQ(rowline_next(&l), 1);
	CHECK_EQ(rowline_pick(&l, table, 2, sizeof(table[0])), 1);
	CHECK_EQ(rowline_next(&l), 1);
	CHECK_EQ(rowline_pick(&l, table, 2, sizeof(table[0])), -1);
	CHECK_Z(str_bytes(&why), "no 'three'; there are: one, two");
	check_start("values");
	CHECK(rowline_next(&l) == 1 && rowline_has_value(&l, "n", &v));
	CHECK_Z(v, "v");
	CHECK(rowline_next(&l) == 1 && !rowline_has_value(&l, "n", &v));
	CHECK(rowline_next(&l) == 1 && !rowline_has_value(&l, "n", &v));
	CHECK(rowline_next(&l) == 1 && rowline_has_value(&l, "n", &v));
	CHECK_EQ(v.len, 0);
	rowline_close(&l);
	str_fini(&why);
}

int main(void)
{
	check.module = "rowline";
	test_tokens();
	test_long();
	test_pick();
	return check_end();
}
