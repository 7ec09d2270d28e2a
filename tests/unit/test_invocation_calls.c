// SPDX-License-Identifier: GPL-3.0-or-later
/* What programs in other languages hand to a shell. */
#include "check.h"
#include "invocation.h"

static const struct {
	enum invocation_language language;
	const char *program, *want; /* each command and a line feed */
} rows[] = {
	{ INVOCATION_PYTHON, "os.system('id')", "id\n" },
	{ INVOCATION_PYTHON, "os.system(b\"id\"); os.popen('w')", "id\nw\n" },
	{ INVOCATION_PYTHON, "run(['sh', '-c', 'id'])", "'sh' '-c' 'id'\n" },
	{ INVOCATION_PYTHON, "system('''a\nb''')", "a\nb\n" },
	{ INVOCATION_PYTHON, "exec('print(1)')", "" },
	{ INVOCATION_PYTHON, "print('id')", "" },
	{ INVOCATION_PYTHON, "`id`", "" },
	{ INVOCATION_PYTHON, "c = 'id'; system(c)", "id\n" },
	{ INVOCATION_PYTHON, "c = 'id'; c = 'w'; system(c)", "w\n" },
	{ INVOCATION_PYTHON, "c == 'id' and system(c)", "" },
	{ INVOCATION_PYTHON, "abc = 'id'; system(c)", "" },
	{ INVOCATION_PYTHON, "system(c); c = 'id'", "" },
	{ INVOCATION_PERL, "system q{id}", "id\n" },
	{ INVOCATION_PERL, "exec qq(a (b) c)", "a (b) c\n" },
	{ INVOCATION_PERL, "print qx/id/, `w`", "id\nw\n" },
	{ INVOCATION_PERL, "print q{id}", "" },
	{ INVOCATION_PERL, "system $q{id}", "" },
	{ INVOCATION_PERL, "$x{x} = \"x\"", "" },
	{ INVOCATION_PERL, "my $c = 'id'; system($c)", "id\n" },
	{ INVOCATION_RUBY, "%x(id)", "id\n" },
	{ INVOCATION_RUBY, "system %q(id)", "id\n" },
	{ INVOCATION_RUBY, "system %(id)", "id\n" },
	{ INVOCATION_RUBY, "puts %q(id)", "" },
	{ INVOCATION_PHP, "`id`; system(\"w\");", "id\nw\n" },
	{ INVOCATION_LUA, "os.execute([[a\\b]])", "a\\b\n" },
	{ INVOCATION_LUA, "t[ [[id]] ]", "" },
	{ INVOCATION_NODE, "exec(`id`)", "id\n" },
	{ INVOCATION_AWK, "BEGIN{system(\"id\")}", "id\n" },
	{ INVOCATION_PERL, "system q{id", "id\n" },
	{ INVOCATION_PYTHON, "system('id", "id\n" },
	{ INVOCATION_PYTHON, "system('a\\nb\\'')", "a\nb'\n" },
};

static void take(void *arg, struct bytes command)
{
	struct str *to = arg;

	str_addb(to, command);
	str_addc(to, '\n');
}

int main(void)
{
	struct str scratch, got;

	check.module = "invocation_calls";
	str_init(&scratch, 4096);
	str_init(&got, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("%s", rows[i].program);
		str_reset(&got);
		invocation_calls(bytes_of(rows[i].program), rows[i].language,
			&scratch, take, &got);
		CHECK_Z(str_bytes(&got), rows[i].want);
	}
	str_fini(&scratch);
	str_fini(&got);
	return check_end();
}
