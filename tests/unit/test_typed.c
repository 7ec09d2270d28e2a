// SPDX-License-Identifier: GPL-3.0-or-later
#include "typed.h"

#include "check.h"

/* Keys, and what a shell has of them: a newline behind each line. */
static const struct row {
	const char *name;
	struct bytes keys;
	const char *lines;
} rows[] = {
	{ "plain", BYTES("ls -l\nid\n"), "ls -l\nid\n" },
	{ "carriage_return", BYTES("ls\rid\r"), "ls\nid\n" },
	{ "no_end", BYTES("ls\nid"), "ls\nid\n" },
	{ "nothing", { "", 0 }, "" },
	{ "empty_lines", BYTES("\n\n"), "\n\n" },
	{ "delete",
		BYTES("ls \x7f\x7f\x7f"
		      "date\n"),
		"date\n" },
	{ "backspace", BYTES("lss\b\n"), "ls\n" },
	{ "delete_more",
		BYTES("a\x7f\x7f\x7f"
		      "b\n"),
		"b\n" },
	{ "delete_not_before",
		BYTES("a\n\x7f"
		      "b\n"),
		"a\nb\n" },
	{ "delete_utf8", BYTES("\xc3\xa9\xe2\x82\xac\x7f\x7fx\n"), "x\n" },
	{ "kill_line", BYTES("rm -rf /\x15ls\n"), "ls\n" },
	{ "interrupt", BYTES("sleep 9\x03ls\n"), "ls\n" },
	{ "kill_word", BYTES("echo one two  \x17three\n"), "echo one three\n" },
	{ "kill_words",
		BYTES("a b\x17\x17\x17"
		      "c\n"),
		"c\n" },
	{ "cursor",
		BYTES("ls\x1b[A\x1b[1;5C\x1bOH\x1b"
		      "b -l\n"),
		"ls -l\n" },
	{ "paste", BYTES("\x1b[200~echo x | sh\x1b[201~\n"), "echo x | sh\n" },
	{ "cut_sequence", BYTES("ls\x1b["), "ls\n" },
	{ "cut_escape", BYTES("ls\x1b"), "ls\n" },
	{ "literal",
		BYTES("a\x16\x03"
		      "b\n"),
		"a\x03"
		"b\n" },
	{ "cut_literal", BYTES("a\x16"), "a\n" },
	{ "other_controls", BYTES("l\ts\x01\x04\x05\x0c\n"), "ls\n" },
	{ "nul", BYTES("l\0s\n"), "ls\n" },
};

static const struct {
	const char *line;
	bool may_run;
} lines[] = {
	{ "echo aWQ= | base64 -d | sh", true },
	{ "bash <(echo aWQ= | base64 -d)", true },
	{ "eval $(echo aWQ= | base64 -d)", true },
	{ "eval `echo aWQ=`", true },
	{ "ls -l", false },
	{ "aWQ7aWQ7aWQ7aWQ7aWQ7aWQ7aWQ7aWQ7", false },
	{ "pass|word$(x)", false },
	{ "", false },
};

int main(void)
{
	struct str got;

	check.module = "typed";
	str_init(&got, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes rest = rows[i].keys;

		check_start("keys/%s", rows[i].name);
		str_reset(&got);
		while (typed_line(&rest, &got))
			str_addc(&got, '\n');
		CHECK_BYTES(str_bytes(&got), bytes_of(rows[i].lines));
	}
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		check_start("may_run/%zu", i);
		CHECK(typed_may_run(bytes_of(lines[i].line)) ==
			lines[i].may_run);
	}
	str_fini(&got);
	return check_end();
}
