// SPDX-License-Identifier: GPL-3.0-or-later
/* auhunt check [DIRECTORY]: what a survey of the host finds. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "json.h"
#include "survey.h"
#include "views.h"

#define EXIT_USAGE 2

static const struct {
	const char *name, *colour;
} levels[] = { [SURVEY_OK] = { "ok", "\033[32m" },
	[SURVEY_ADVICE] = { "advice", "\033[33m" },
	[SURVEY_PROBLEM] = { "problem", "\033[31m" },
	[SURVEY_UNKNOWN] = { "unknown", "\033[36m" } };

static void take(void *arg, const struct survey_finding *f)
{
	struct view_run *run = arg;
	bool is_plain = run->options->is_plain || !isatty(STDOUT_FILENO);
	const char *name = levels[f->level].name;

	if (run->options->is_json) {
		json_open(&run->out, '{');
		json_field(&run->out, "level", bytes_of(name));
		json_field(&run->out, "topic", bytes_of(f->topic));
		json_field(&run->out, "what", f->what);
		if (f->mend)
			json_field(&run->out, "mend", bytes_of(f->mend));
		json_close(&run->out, '}');
	} else {
		str_addf(&run->out, "%s%-8s%s%-22s ",
			is_plain ? "" : levels[f->level].colour, name,
			is_plain ? "" : "\033[0m", f->topic);
		str_addb(&run->out, f->what);
		if (f->mend)
			str_addf(&run->out, "\n%-31s-> %s", "", f->mend);
	}
	view_print(run);
}

static int work(struct view_run *run)
{
	struct survey_conf sc = {
		.root = "", .config = run->config, .take = take, .arg = run
	};
	struct survey s;
	size_t n;

	if (run->options->n_args > 1) {
		fputs("auhunt: check takes one directory at most\n", stderr);
		return EXIT_USAGE;
	}
	if (run->options->n_args && strcmp(run->options->args[0], "/") != 0)
		sc.root = run->options->args[0];
	n = survey_run(&s, &sc);
	if (!run->options->is_json)
		printf("%zu problems, %zu pieces of advice\n", n,
			s.n[SURVEY_ADVICE]);
	return n ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct view view_check = {
	.name = "check",
	.help = "is this host set up to feed the plugin?",
	.work = work,
};
