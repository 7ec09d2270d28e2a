// SPDX-License-Identifier: GPL-3.0-or-later
#include "auhunt_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "logfile.h"
#include "text.h"

void auhunt_usage(FILE *to)
{
	fputs("usage: auhunt COMMAND [OPTIONS] [FILE...]\n\ncommands:\n", to);
	for (size_t i = 0; i < view_n; i++)
		fprintf(to, "  %-15s %s\n", view_all[i]->name,
			view_all[i]->help);
	fputs("\noptions:\n"
	      "  --json                 JSON Lines\n"
	      "  --since, --until TIME  as ausearch takes it\n"
	      "  --node, --user NAME, --session N\n"
	      "  --min-score X, --top N\n"
	      "  --sort NAME, --columns NAME,NAME...  of rank\n"
	      "  --ti FILE, --alerts FILE  verdicts and alerts, JSON or CSV\n"
	      "  --baseline FILE        what other hosts ran, JSON or CSV\n"
	      "  --pid N, --exe NAME    of tree\n"
	      "  --output FILE          of import-gtfobins\n"
	      "  --live                 of sessions, tree, users, apps, "
	      "network, alerts,\n"
	      "                         timeline: what the daemon knows, not "
	      "logs\n"
	      "  --state FILE           where that is, and what status shows\n"
	      "  --providers            of intel: how they fare\n"
	      "  --no-color             plain text\n"
	      "  -c FILE, -o NAME=VALUE configuration\n"
	      "  --version, --help\n\n"
	      "FILE is an audit log, plain, .gz or .xz, - standard input; "
	      "without one,\n" LOGFILE_DIR "/audit.log and its rotations.\n",
		to);
}

static int64_t now_ms(void)
{
	return (int64_t)time(NULL) * 1000;
}

static int bad(const char *option, const char *value)
{
	fprintf(stderr, "auhunt: --%s: not a valid value: '%s'\n", option,
		value);
	return AUHUNT_USAGE;
}

static int set_number(
	struct view_options *o, const char *option, const char *value)
{
	uint64_t n;
	char *end;

	if (!strcmp(option, "min-score")) {
		o->select.min_score = strtod(value, &end);
		o->select.has_min_score = true;
		return end == value || *end ? bad(option, value) : -1;
	}
	if (text_u64(bytes_of(value), 10, &n) < 0 || n > UINT32_MAX)
		return bad(option, value);
	if (!strcmp(option, "top")) {
		o->top = (size_t)n;
		return -1;
	}
	if (!strcmp(option, "pid")) {
		o->pid = (uint32_t)n;
		o->has_pid = true;
		return -1;
	}
	o->select.session = (uint32_t)n;
	o->select.has_session = true;
	return -1;
}

static int set_time(
	struct view_options *o, const char *option, const char *value)
{
	bool is_since = !strcmp(option, "since");
	int64_t *to = is_since ? &o->select.since_ms : &o->select.until_ms;

	if (select_time(value, !is_since, now_ms(), to) < 0)
		return bad(option, value);
	*(is_since ? &o->select.has_since : &o->select.has_until) = true;
	return -1;
}

enum {
	NUMBER = 256,
	TIME,
	NODE,
	USER,
	SORT,
	COLUMNS,
	TI,
	ALERTS,
	BASELINE,
	OUTPUT,
	EXE,
	STATE,
	VERSION_OPT
};

static const struct option longs[] = { { "json", no_argument, NULL, 'j' },
	{ "since", required_argument, NULL, TIME },
	{ "until", required_argument, NULL, TIME },
	{ "node", required_argument, NULL, NODE },
	{ "user", required_argument, NULL, USER },
	{ "session", required_argument, NULL, NUMBER },
	{ "min-score", required_argument, NULL, NUMBER },
	{ "top", required_argument, NULL, NUMBER },
	{ "sort", required_argument, NULL, SORT },
	{ "columns", required_argument, NULL, COLUMNS },
	{ "ti", required_argument, NULL, TI },
	{ "alerts", required_argument, NULL, ALERTS },
	{ "baseline", required_argument, NULL, BASELINE },
	{ "output", required_argument, NULL, OUTPUT },
	{ "pid", required_argument, NULL, NUMBER },
	{ "exe", required_argument, NULL, EXE },
	{ "state", required_argument, NULL, STATE },
	{ "providers", no_argument, NULL, 'p' },
	{ "live", no_argument, NULL, 'l' },
	{ "no-color", no_argument, NULL, 'n' },
	{ "version", no_argument, NULL, VERSION_OPT },
	{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };

/* Where an option goes whose value is a text; NULL: it is none. */
static const char **text_option(struct view_options *o, int c)
{
	switch (c) {
	case 'c':
		return &o->settings.file;
	case NODE:
		return &o->select.node;
	case USER:
		return &o->select.user;
	case SORT:
		return &o->sort;
	case COLUMNS:
		return &o->columns;
	case TI:
		return &o->ti_file;
	case ALERTS:
		return &o->alerts_file;
	case BASELINE:
		return &o->baseline_file;
	case OUTPUT:
		return &o->output;
	case EXE:
		return &o->exe;
	case STATE:
		return &o->settings.state;
	default:
		return NULL;
	}
}

/* at is the option's place in longs. -1: go on; else the exit status. */
static int take_option(struct view_options *o, int c, int at)
{
	const char **text = text_option(o, c);

	if (text) {
		*text = optarg;
		return -1;
	}
	switch (c) {
	case 'j':
		o->is_json = true;
		return -1;
	case 'n':
		o->is_plain = true;
		return -1;
	case 'l':
		o->is_live = true;
		return -1;
	case 'p':
		o->has_providers = true;
		return -1;
	case 'o':
		if (settings_add(&o->settings, optarg) == 0)
			return -1;
		fprintf(stderr, "auhunt: too many -o\n");
		return AUHUNT_USAGE;
	case TIME:
		return set_time(o, longs[at].name, optarg);
	case NUMBER:
		return set_number(o, longs[at].name, optarg);
	case VERSION_OPT:
		puts("auhunt " VERSION);
		return EXIT_SUCCESS;
	case 'h':
		auhunt_usage(stdout);
		return EXIT_SUCCESS;
	default:
		auhunt_usage(stderr);
		return AUHUNT_USAGE;
	}
}

int auhunt_parse(int argc, char **argv, struct view_options *o)
{
	int c, at = 0, rc = -1;

	while (rc < 0 &&
		(c = getopt_long(argc, argv, "c:ho:", longs, &at)) != -1)
		rc = take_option(o, c, at);
	o->args = argv + optind;
	o->n_args = argc - optind;
	o->has_dashes = optind > 1 && !strcmp(argv[optind - 1], "--");
	return rc;
}
