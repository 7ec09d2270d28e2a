// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "config.h"
#include "engine.h"
#include "front.h"
#include "keeper.h"
#include "keeping.h"
#include "log.h"
#include "priv.h"
#include "process.h"
#include "ring.h"
#include "rules.h"
#include "settings.h"
#include "supervise.h"

#define EXIT_USAGE 2
/* Of an engine's address space: one event at all its limits, each output's
 * scratch, and a remembered command with its share of the table. */
#define MEMORY_BASE    ((size_t)512 << 20)
#define MEMORY_OUTPUT  ((size_t)96 << 20)
#define MEMORY_COMMAND 1024
#define MEMORY_PROCESS 1024

static const char usage[] =
	"usage: audisp-hunt [-f] [-c FILE] [-o NAME=VALUE] [--state FILE] "
	"[--stdout]\n"
	"                   [--format NAME] [--socket PATH]\n"
	"       audisp-hunt [-c FILE] [-o NAME=VALUE] "
	"--check-config | --print-config\n"
	"       audisp-hunt --version | --help\n";

enum role { ROLE_ALONE, ROLE_FRONT, ROLE_ENGINE, ROLE_KEEPER };

enum mode { MODE_RUN, MODE_CHECK, MODE_PRINT };

struct options {
	struct settings settings;
	enum mode mode;
	bool is_foreground;
	const char *socket; /* auditd's, in place of standard input */
};

enum {
	OPT_STDOUT = 256,
	OPT_FORMAT,
	OPT_STATE,
	OPT_SOCKET,
	OPT_CHECK,
	OPT_PRINT,
	OPT_VERSION
};

static const struct option longs[] = { { "foreground", no_argument, NULL, 'f' },
	{ "stdout", no_argument, NULL, OPT_STDOUT },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "check-config", no_argument, NULL, OPT_CHECK },
	{ "print-config", no_argument, NULL, OPT_PRINT },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };

static int take_option(struct options *o, int c)
{
	switch (c) {
	case 'c':
		o->settings.file = optarg;
		return -1;
	case 'f':
		o->is_foreground = true;
		return -1;
	case 'o':
		if (settings_add(&o->settings, optarg) == 0)
			return -1;
		fprintf(stderr, "audisp-hunt: too many -o\n");
		return EXIT_USAGE;
	case OPT_STDOUT:
		o->settings.to_stdout = true;
		return -1;
	case OPT_FORMAT:
		o->settings.format = optarg;
		return -1;
	case OPT_STATE:
		o->settings.state = optarg;
		return -1;
	case OPT_SOCKET:
		o->socket = optarg;
		return -1;
	case OPT_CHECK:
		o->mode = MODE_CHECK;
		return -1;
	case OPT_PRINT:
		o->mode = MODE_PRINT;
		return -1;
	case OPT_VERSION:
		puts("audisp-hunt " VERSION);
		return EXIT_SUCCESS;
	case 'h':
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	default:
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
}

/* -1: go on; else the exit status. */
static int parse(int argc, char **argv, struct options *o)
{
	int c, rc = -1;

	while (rc < 0 &&
		(c = getopt_long(argc, argv, "c:fho:", longs, NULL)) != -1)
		rc = take_option(o, c);
	if (rc >= 0)
		return rc;
	if (optind == argc && (!o->settings.format || o->settings.to_stdout) &&
		!(o->socket && o->settings.to_stdout))
		return -1;
	if (optind < argc)
		fprintf(stderr,
			"audisp-hunt: '%s': records are read from "
			"standard input\n",
			argv[optind]);
	else
		fprintf(stderr,
			"audisp-hunt: --format goes with --stdout, --socket "
			"does not\n");
	fputs(usage, stderr);
	return EXIT_USAGE;
}

static void print(const struct config *cf)
{
	struct str out;

	str_init(&out, 64 * 1024);
	config_print(cf, &out);
	fputs(str_z(&out), stdout);
	str_fini(&out);
}

/* auditd starts us ten times and then never again, so what is wrong with the
 * configuration must not end us there: better the defaults than blindness. */
static void fall_back(struct config *cf, const char *why)
{
	log_warn("configuration refused; running on the built-in defaults");
	log_warn_lines(why);
	config_init(cf);
}

static void log_lines(struct str *why)
{
	log_warn_lines(str_z(why));
	str_fini(why);
}

/* The most that the configuration lets an engine grow to, and as much again
 * for what it decodes. */
static size_t memory_max(const struct config *cf)
{
	return MEMORY_BASE + cf->n_outputs * (cf->queue_max + MEMORY_OUTPUT) +
	       (size_t)cf->frequency_commands * MEMORY_COMMAND +
	       (size_t)cf->lineage_processes * MEMORY_PROCESS;
}

/* What is wrong with the configuration the engine will say, and mend with a
 * reload; front and its keeper need a few words of it. */
static void load_quietly(const struct options *o, struct config *cf)
{
	struct str why;

	str_init(&why, 64 * 1024);
	if (settings_config(&o->settings, cf, &why) < 0)
		config_init(cf);
	str_fini(&why);
}

static void confine_front(const struct config *cf)
{
	struct str why;

	str_init(&why, 64 * 1024);
	priv_oom(PRIV_FRONT);
	priv_lock_memory();
	priv_become(cf->user, &why);
	priv_harden(PRIV_FRONT, &why);
	priv_filter(PRIV_FRONT, (enum priv_seccomp)cf->seccomp, &why);
	log_lines(&why);
}

/* With no more than it takes to make intel's socket and to start it. */
static void confine_keeper(const struct config *cf)
{
	struct str why;

	str_init(&why, 64 * 1024);
	(void)!prctl(PR_SET_NAME, "audisp-hunt");
	priv_oom(PRIV_KEEPER);
	priv_reduce(true, &why);
	priv_harden(PRIV_KEEPER, &why);
	priv_filter(PRIV_KEEPER, (enum priv_seccomp)cf->seccomp, &why);
	log_lines(&why);
}

/* The engine that front starts has front's user and filter already. */
static void confine_engine(const struct config *cf)
{
	struct str why;

	str_init(&why, 64 * 1024);
	priv_limit_memory(memory_max(cf));
	priv_filter(PRIV_ENGINE, (enum priv_seccomp)cf->seccomp, &why);
	log_lines(&why);
}

static void become_engine(void)
{
	struct str why;

	str_init(&why, 64 * 1024);
	(void)!prctl(PR_SET_NAME, "audisp-hunt");
	priv_oom(PRIV_ENGINE);
	priv_harden(PRIV_ENGINE, &why);
	log_lines(&why);
}

static int run_front(const struct options *o, struct config *cf, char **argv)
{
	struct keeper keeper;
	struct front *front;

	if (chdir("/") < 0)
		log_warn("cannot change to /");
	load_quietly(o, cf);
	keeper_start(&keeper, cf, argv);
	front = front_new(argv, o->socket, &keeper);
	confine_front(cf);
	if (!front && o->socket)
		return EXIT_FAILURE;
	return front ? front_run(front) : -1;
}

static int run_keeper(const struct options *o, struct config *cf)
{
	if (keeping_check() < 0) {
		log_warn("this is front's to start: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	load_quietly(o, cf);
	confine_keeper(cf);
	return keeping_run(&o->settings, cf);
}

static int run_engine(
	const struct options *o, struct config *cf, enum role role)
{
	struct engine_conf ec = { .settings = &o->settings,
		.is_plugin = role != ROLE_ALONE,
		.starter = getppid() };
	struct str why;
	int rc;

	str_init(&why, 64 * 1024);
	rc = settings_config(&o->settings, cf, &why);
	if (rc < 0 && ec.is_plugin && !o->is_foreground)
		fall_back(cf, str_z(&why));
	else if (rc < 0)
		fputs(str_z(&why), stderr);
	str_fini(&why);
	if (rc < 0 && !(ec.is_plugin && !o->is_foreground)) {
		free(cf);
		return EXIT_USAGE;
	}
	if (role == ROLE_ENGINE) {
		ec.ring = ring_open(SUPERVISE_RING_FD);
		if (!ec.ring) {
			log_warn("this is front's to start: %s",
				strerror(errno));
			free(cf);
			return EXIT_FAILURE;
		}
		ec.starter = ring_front(ec.ring);
		confine_engine(cf);
	}
	rc = engine_run(&ec, cf);
	ring_free(ec.ring);
	return rc;
}

static int run(
	const struct options *o, struct config *cf, enum role role, char **argv)
{
	bool is_quiet = role != ROLE_ALONE && !o->is_foreground;
	int rc = -1;

	log_init(is_quiet ? LOG_TO_SYSLOG : LOG_TO_STDERR);
	if (role == ROLE_ENGINE)
		become_engine();
	if (role == ROLE_FRONT)
		rc = run_front(o, cf, argv);
	if (role == ROLE_KEEPER)
		rc = run_keeper(o, cf);
	return rc < 0 ? run_engine(o, cf, role) : rc;
}

static int check(const struct options *o, struct config *cf)
{
	struct rules *rules = NULL;
	struct str why;
	int rc;

	str_init(&why, 64 * 1024);
	rc = settings_config(&o->settings, cf, &why);
	if (rc == 0)
		rc = settings_rules(cf, &rules, &why);
	rules_free(rules);
	if (rc < 0)
		fputs(str_z(&why), stderr);
	else if (o->mode == MODE_PRINT)
		print(cf);
	else if (!o->settings.file && access(CONFIG_FILE, F_OK) < 0)
		puts(CONFIG_FILE ": not there; the built-in defaults hold");
	else
		printf("%s: ok\n",
			o->settings.file ? o->settings.file : CONFIG_FILE);
	str_fini(&why);
	free(cf);
	return rc < 0 ? EXIT_USAGE : EXIT_SUCCESS;
}

static enum role role_of(char **argv)
{
	if (argv[0] && !strcmp(argv[0], SUPERVISE_ENGINE))
		return ROLE_ENGINE;
	if (argv[0] && !strcmp(argv[0], KEEPER_NAME))
		return ROLE_KEEPER;
	return process_is_plugin() ? ROLE_FRONT : ROLE_ALONE;
}

/* The last descriptor that is somebody's word, and no leak. */
static int last_fd(enum role role)
{
	if (role == ROLE_KEEPER)
		return KEEPER_FD;
	return role == ROLE_ENGINE ? SUPERVISE_RING_FD : STDERR_FILENO;
}

int main(int argc, char **argv)
{
	struct options o = { .mode = MODE_RUN };
	enum role role = role_of(argv);
	struct config *cf;
	int rc;

	process_reset(last_fd(role), role != ROLE_ALONE);
	rc = parse(argc, argv, &o);
	if (rc == EXIT_USAGE && role != ROLE_ALONE) {
		log_init(LOG_TO_SYSLOG);
		log_warn("args of the plugin's configuration refused; running "
			 "without them");
		o = (struct options){ .mode = MODE_RUN };
	} else if (rc >= 0) {
		return rc;
	}
	cf = malloc(sizeof(*cf));
	if (!cf) {
		fputs("audisp-hunt: out of memory\n", stderr);
		return EXIT_FAILURE;
	}
	if (o.mode != MODE_RUN)
		return check(&o, cf);
	if (o.socket && role == ROLE_ALONE)
		role = ROLE_FRONT;
	return run(&o, cf, o.settings.to_stdout ? ROLE_ALONE : role, argv);
}
