// SPDX-License-Identifier: GPL-3.0-or-later
#include "hidden.h"

static const struct hidden good[] = {
	{ "hex", "<?php passthru(\"id\"); ?>",
		"mysql -e \"SELECT 0x3c3f7068702070617373746872752822696422293b"
		"203f3e INTO OUTFILE '/tmp/o.php'\"" },
	{ "hex", "echo sqlite\n",
		"sqlite3 db 'select writefile('\\''/tmp/w'\\'',"
		"X'\\''6563686f2073716c6974650a'\\'');'" },
	{ "hex", "bash -c id",
		"echo \"select "
		"convert_from('\\\\x62617368202d63206964','utf8')\""
		"|psql -U a" },
	{ "hex", "cmd /c whoami",
		"sqlcmd -Q \"declare @a varchar(99)=0x636d64202f632077686f616d6"
		"9;exec(@a)\"" },
};

static const char *const not [] = {
	/* A name, numbers, a digest, half a byte, more than digits. */
	"mysql -e 'select 0x4a6f686e20536d69746820313233'",
	"mysql -e 'select 0x47455420,0x5345,0x6162636465666768'",
	"mysql -e \"select X'd41d8cd98f00b204e9800998ecf8427e'\"",
	"mysql -e 'select 0x62617368202d632069640'",
	"mysql -e 'select a0x62617368202d63206964'",
	"mysql -e 'select 0x62617368202d63206964z'",
	"psql -c \"select '\\x89504e470d0a1a0a'\"",
	/* Given to no client. */
	"gdb -ex 'p 0x62617368202d63206964'",
	"grep -c 'x'\\''62617368202d63206964' dump",
};

/* The client and its literal in arguments of their own. */
static void test_argv(void)
{
	static const struct {
		struct bytes argv[4];
		size_t n, layers;
	} rows[] = {
		{ { BYTES("mysql"), BYTES("-e"),
			  BYTES("select 0x62617368202d63206964") },
			3, 1 },
		{ { BYTES("sudo"), BYTES("/usr/bin/psql"), BYTES("-c"),
			  BYTES("select '\\x62617368202d63206964'") },
			4, 1 },
		{ { BYTES("sqlite3"), BYTES("db"),
			  BYTES("select x'62617368202d63206964'") },
			3, 1 },
		{ { BYTES("mysql"), BYTES("-e"),
			  BYTES("select 0x4a6f686e20536d697468") },
			3, 0 },
		{ { BYTES("gdb"), BYTES("-ex"),
			  BYTES("p 0x62617368202d63206964") },
			3, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event *ev =
			payload_run(rows[i].argv, rows[i].n, &payload_conf);

		check_start("argv: %s", rows[i].argv[rows[i].n - 1].p);
		if (CHECK_EQ(ev->n_layers, rows[i].layers) && ev->n_layers)
			CHECK_Z(ev->layers[0].text, "bash -c id");
		event_destroy(ev);
	}
}

int main(void)
{
	check.module = "decode sql";
	hidden_good(good, sizeof(good) / sizeof(good[0]));
	hidden_not(not, sizeof(not ) / sizeof(not [0]));
	test_argv();
	return check_end();
}
