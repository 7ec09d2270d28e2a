// SPDX-License-Identifier: GPL-3.0-or-later
#include "call.h"

#include <stdio.h>

#include "check.h"

/* Each: ppid pid auid uid gid euid ses, then what is left of the record. */
static const struct row {
	const char *name, *body, *ids, *rest;
} rows[] = {
	{ "as the kernel writes it",
		"ppid=1 pid=22 auid=1000 uid=0 gid=5 euid=7 suid=0 fsuid=0 "
		"egid=0 sgid=0 fsgid=0 tty=pts0 ses=33 comm=\"a\" exe=\"/a\"",
		"1 22 1000 0 5 7 33", "comm=\"a\" exe=\"/a\"" },
	{ "of nobody",
		"ppid=1 pid=2 auid=4294967295 uid=0 gid=0 euid=0 suid=0 "
		"fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 "
		"comm=61",
		"1 2 4294967295 0 0 0 4294967295", "comm=61" },
	{ "without a session, as kernels before 2.6.24",
		"ppid=1 pid=2 auid=3 uid=4 gid=5 euid=6 suid=0 fsuid=0 egid=0 "
		"sgid=0 fsgid=0 tty=pts0 comm=\"a\"",
		"1 2 3 4 5 6 -", "comm=\"a\"" },
	{ "in another order",
		"pid=2 ppid=1 ses=7 auid=3 uid=4 gid=5 euid=6 comm=\"a\"",
		"1 2 3 4 5 6 7", "comm=\"a\"" },
	{ "behind others",
		"comm=\"a\" ppid=1 pid=2 auid=3 uid=4 gid=5 euid=6 "
		"ses=7",
		"1 2 3 4 5 6 7",
		"comm=\"a\" ppid=1 pid=2 auid=3 uid=4 gid=5 euid=6 ses=7" },
	{ "twice",
		"ppid=1 pid=2 auid=3 uid=4 gid=5 euid=6 suid=0 fsuid=0 egid=0 "
		"sgid=0 fsgid=0 tty=pts0 ses=7 comm=\"a\" subj=x pid=9 uid=0",
		"1 2 3 4 5 6 7", "comm=\"a\" subj=x pid=9 uid=0" },
	{ "twice in another order",
		"pid=2 ppid=1 auid=3 uid=4 gid=5 euid=6 ses=7 comm=\"a\" pid=9",
		"1 2 3 4 5 6 7", "comm=\"a\" pid=9" },
	{ "one that is new",
		"ppid=1 pid=2 new=9 auid=3 uid=4 gid=5 euid=6 ses=7 comm=\"a\"",
		"1 2 3 4 5 6 7",
		"new=9 auid=3 uid=4 gid=5 euid=6 ses=7 comm=\"a\"" },
	{ "no numbers",
		"ppid= pid=2x auid=-1 uid=4294967296 gid=99999999999999999999 "
		"euid=0x0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=7 "
		"comm=\"a\"",
		"- - ! ! ! ! 7", "comm=\"a\"" },
	{ "the longest number, and one longer",
		"ppid=4294967295 pid=00000000002 auid=3 uid=4 gid=5 euid=6 "
		"suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=7 comm=61",
		"4294967295 2 3 4 5 6 7", "comm=61" },
	{ "two blanks",
		"ppid=1  pid=2 auid=3 uid=4 gid=5 euid=6 suid=0 fsuid=0 egid=0 "
		"sgid=0 fsgid=0 tty=pts0 ses=7 comm=61",
		"1 2 3 4 5 6 7", "comm=61" },
	{ "cut within a number", "ppid=1 pid=2 auid=30", "1 2 30 0 0 0 -", "" },
	{ "cut within a name", "ppid=1 pid=2 au", "1 2 0 0 0 0 -", "au" },
	{ "cut behind the last",
		"ppid=1 pid=2 auid=3 uid=4 gid=5 euid=6 suid=0 fsuid=0 egid=0 "
		"sgid=0 fsgid=0 tty=pts0 ses=7",
		"1 2 3 4 5 6 7", "" },
	{ "nothing", "", "- - 0 0 0 0 -", "" },
};

/* "-": there is none; "!": a user's that is no number. */
static void tell(char *to, size_t size, const struct call *call)
{
	size_t n = 0;

	for (int i = 0; i < CALL_IDS_N; i++) {
		const struct call_id_value *v = &call->ids[i];
		bool is_user = i >= CALL_AUID && i <= CALL_EUID;

		n += (size_t)snprintf(to + n, size - n, i ? " " : "");
		if (v->has || (is_user && !v->id))
			n += (size_t)snprintf(
				to + n, size - n, "%lu", (unsigned long)v->id);
		else
			n += (size_t)snprintf(
				to + n, size - n, is_user ? "!" : "-");
	}
}

int main(void)
{
	check.module = "call";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct bytes rest = bytes_of(r->body);
		struct call call = { 0 };
		char ids[128];

		check_start("%s", r->name);
		call_read_ids(&call, &rest);
		tell(ids, sizeof(ids), &call);
		CHECK_Z(bytes_of(ids), r->ids);
		CHECK_Z(rest, r->rest);
	}
	return check_end();
}
