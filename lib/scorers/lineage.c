// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Who started it: a server has little reason to start a shell, and what stems
 * from a program without a file, or from one where anyone may put a program,
 * is seldom everyday work. A point each, for the nearest that is such.
 */
#include "event.h"
#include "invocation.h"
#include "score.h"

#define POINTS 1.0

/* By base name; versions behind a digit: php-fpm8.2, postgres. */
static const char servers[] =
	"apache2 httpd nginx lighttpd caddy php-fpm php-cgi uwsgi gunicorn "
	"tomcat catalina mysqld mariadbd postgres redis-server mongod named "
	"exim4 smtpd dovecot vsftpd proftpd smbd squid haproxy";

static struct bytes base_of(struct bytes exe)
{
	struct bytes b = invocation_base(exe);

	while (b.len && ((b.p[b.len - 1] >= '0' && b.p[b.len - 1] <= '9') ||
				b.p[b.len - 1] == '.'))
		b.len--;
	return b;
}

static bool is_server(struct bytes exe)
{
	return exe.len &&
	       (invocation_is_listed(servers, invocation_base(exe)) ||
		       invocation_is_listed(servers, base_of(exe)));
}

static bool begins(struct bytes b, struct bytes with)
{
	return b.len >= with.len && !memcmp(b.p, with.p, with.len);
}

static bool has_no_file(struct bytes exe)
{
	static const struct bytes gone = BYTES(" (deleted)");

	return exe.len > gone.len &&
	       !memcmp(exe.p + exe.len - gone.len, gone.p, gone.len);
}

static bool is_anyones(struct bytes exe)
{
	return begins(exe, BYTES("/dev/shm/")) || begins(exe, BYTES("/tmp/")) ||
	       begins(exe, BYTES("/var/tmp/"));
}

static double points(const struct event *ev, struct str *why)
{
	const struct event_lineage *l = &ev->lineage;

	if (ev->has_success && !ev->success)
		return 0;
	for (size_t i = 0; i < l->n_ancestors; i++) {
		struct bytes exe = l->ancestors[i].exe;
		const char *what = NULL;

		if (!i && is_server(exe) &&
			invocation_language_of(invocation_base(ev->exe)) !=
				INVOCATION_NONE)
			what = "an interpreter started by a server, ";
		else if (has_no_file(exe))
			what = "below a program that has no file, ";
		else if (is_anyones(exe))
			what = "below a program in a folder for all, ";
		if (!what)
			continue;
		str_addz(why, what);
		str_addb(why, exe);
		return POINTS;
	}
	return 0;
}

const struct scorer scorer_lineage = {
	.name = "lineage",
	.points = points,
};
