// SPDX-License-Identifier: GPL-3.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "classify.h"
#include "config.h"
#include "engine.h"
#include "log.h"
#include "process.h"
#include "settings.h"

#define EXIT_USAGE 2

static const char usage[] =
	"usage: audisp-hunt [-f] [-c FILE] [-o NAME=VALUE] [--stdout] "
	"[--format NAME]\n"
	"       audisp-hunt [-c FILE] [-o NAME=VALUE] "
	"--check-config | --print-config\n"
	"       audisp-hunt --version | --help\n";

enum mode { MODE_RUN, MODE_CHECK, MODE_PRINT };

struct options {
	struct settings settings;
	enum mode mode;
	bool is_foreground;
};

enum { OPT_STDOUT = 256, OPT_FORMAT, OPT_CHECK, OPT_PRINT, OPT_VERSION };

static const struct option longs[] = { { "foreground", no_argument, NULL, 'f' },
	{ "stdout", no_argument, NULL, OPT_STDOUT },
	{ "format", required_argument, NULL, OPT_FORMAT },
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
	if (optind == argc && (!o->settings.format || o->settings.to_stdout))
		return -1;
	if (optind < argc)
		fprintf(stderr,
			"audisp-hunt: '%s': records are read from "
			"standard input\n",
			argv[optind]);
	else
		fprintf(stderr, "audisp-hunt: --format goes with --stdout\n");
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

static int run(const struct options *o, struct config *cf)
{
	struct engine_conf ec = { .settings = &o->settings,
		.is_plugin = process_is_plugin() };
	bool is_quiet =
		ec.is_plugin && !o->is_foreground && !o->settings.to_stdout;
	struct str why;
	int rc;

	log_init(is_quiet ? LOG_TO_SYSLOG : LOG_TO_STDERR);
	str_init(&why, 64 * 1024);
	rc = settings_config(&o->settings, cf, &why);
	if (rc < 0 && is_quiet)
		fall_back(cf, str_z(&why));
	else if (rc < 0)
		fputs(str_z(&why), stderr);
	str_fini(&why);
	if (rc < 0 && !is_quiet) {
		free(cf);
		return EXIT_USAGE;
	}
	if (is_quiet && chdir("/") < 0)
		log_warn("cannot change to /");
	return engine_run(&ec, cf);
}

static int check(const struct options *o, struct config *cf)
{
	struct classify_rules *rules = NULL;
	struct str why;
	int rc;

	str_init(&why, 64 * 1024);
	rc = settings_config(&o->settings, cf, &why);
	if (rc == 0)
		rc = settings_rules(cf, &rules, &why);
	classify_rules_free(rules);
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

int main(int argc, char **argv)
{
	struct options o = { .mode = MODE_RUN };
	struct config *cf;
	int rc;

	process_reset();
	rc = parse(argc, argv, &o);
	if (rc == EXIT_USAGE && process_is_plugin()) {
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
	return o.mode == MODE_RUN ? run(&o, cf) : check(&o, cf);
}
