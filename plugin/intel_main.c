// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * audisp-hunt-intel: a program of its own, so that resolvers, TLS and
 * strangers' JSON are nothing that the plugin maps.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answering.h"
#include "config.h"
#include "listener.h"
#include "log.h"
#include "priv.h"
#include "process.h"
#include "settings.h"

#define EXIT_USAGE 2
#define WHY_MAX    (64 * 1024)
/* sd_listen_fds(3) */
#define LISTEN_FD 3

static const char usage[] =
	"usage: audisp-hunt-intel [-c FILE] [-o NAME=VALUE]... [--socket "
	"PATH | --kept]\n"
	"\n"
	"Asks the providers of the configuration about indicators that the\n"
	"plugin's engine names. Under systemd its socket is there already.\n"
	"\n"
	"  -c FILE         read FILE instead of the usual configuration\n"
	"  -o NAME=VALUE   override an option of it\n"
	"      --socket PATH\n"
	"                  make the socket there: nobody else may use it\n"
	"      --kept      end when standard input does, and log to syslog: "
	"the\n"
	"                  plugin's way to start it\n"
	"      --version   print the version\n"
	"  -h, --help      print this\n";

enum { OPT_SOCKET = 256, OPT_KEPT, OPT_VERSION };

static const struct option longs[] = { { "config", required_argument, NULL,
					       'c' },
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "kept", no_argument, NULL, OPT_KEPT },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };

struct options {
	struct settings settings;
	const char *socket;
	bool is_kept;
};

/* -1: go on; else the exit status. */
static int take_option(struct options *o, int c)
{
	switch (c) {
	case 'c':
		o->settings.file = optarg;
		return -1;
	case 'o':
		if (settings_add(&o->settings, optarg) == 0)
			return -1;
		fprintf(stderr, "audisp-hunt-intel: too many -o\n");
		return EXIT_USAGE;
	case OPT_SOCKET:
		o->socket = optarg;
		return -1;
	case OPT_KEPT:
		o->is_kept = true;
		return -1;
	case OPT_VERSION:
		puts("audisp-hunt-intel " VERSION);
		return EXIT_SUCCESS;
	case 'h':
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	default:
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
}

/* systemd's, or the keeper's; -1: there is none. */
static int given_socket(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");

	if (!pid || !n || strcmp(n, "1") != 0 ||
		strtol(pid, NULL, 10) != (long)getpid()) {
		log_warn("no socket: systemd gives one, or --socket makes it");
		return -1;
	}
	return LISTEN_FD;
}

static int run(const struct options *o, struct config *cf, struct str *why)
{
	int fd;

	if (settings_config(&o->settings, cf, why) < 0)
		return EXIT_USAGE;
	if (!cf->n_providers && !cf->n_fetches) {
		str_addz(why, "the configuration names no provider and no "
			      "feed; see audisp-hunt.conf(5)\n");
		return EXIT_USAGE;
	}
	fd = o->socket ? listener_open(o->socket, cf->user, why)
		       : given_socket();
	if (fd < 0)
		return EXIT_FAILURE;
	priv_oom(PRIV_INTEL);
	/* A service has the user that systemd gave it. */
	if (geteuid() == 0)
		priv_become(cf->intel_user, why);
	priv_harden(PRIV_INTEL, why);
	priv_filter(PRIV_INTEL, (enum priv_seccomp)cf->seccomp, why);
	return answering_run(fd, o->is_kept, cf, why);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct config *cf;
	struct str why;
	int c, rc = -1;

	process_reset(LISTEN_FD, false);
	while (rc < 0 &&
		(c = getopt_long(argc, argv, "c:ho:", longs, NULL)) != -1)
		rc = take_option(&o, c);
	if (rc >= 0)
		return rc;
	if (optind < argc) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	log_init(o.is_kept ? LOG_TO_SYSLOG : LOG_TO_STDERR);
	log_name("audisp-hunt-intel");
	cf = malloc(sizeof(*cf));
	if (!cf)
		return EXIT_FAILURE;
	str_init(&why, WHY_MAX);
	rc = run(&o, cf, &why);
	log_warn_lines(str_z(&why));
	str_fini(&why);
	free(cf);
	return rc;
}
