// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "alert.h"
#include "decode.h"
#include "frequency.h"
#include "score.h"
#include "str.h"

struct format;

/* Outputs at once: each is a copy of every line. */
#define CONFIG_OUTPUTS_MAX 8
#define CONFIG_PATH_MAX    108 /* sockaddr_un's */
/* A configuration beyond this is no configuration. */
#define CONFIG_FILE_MAX (1 << 20)

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif
#define CONFIG_FILE SYSCONFDIR "/audisp-hunt/audisp-hunt.conf"
/* The input that the shipped rsyslog drop-in opens, and what stands in. */
#define CONFIG_OUTPUT "syslog:/run/audisp-hunt/log.sock fallback=/dev/log"

enum output_kind { OUTPUT_SYSLOG, OUTPUT_STREAM, OUTPUT_FILE, OUTPUT_STDOUT };

struct output_conf {
	enum output_kind kind;
	char path[CONFIG_PATH_MAX];
	char fallback[CONFIG_PATH_MAX]; /* "" for none */
	const struct format *format;
	int facility; /* as syslog numbers them, 0..23 */
	bool has_min_score;
	double min_score;
};

struct config {
	double min_score;
	size_t line_max, auoms_line_max, queue_max;
	unsigned int drain_ms;
	unsigned int frequency; /* enum frequency_formula */
	unsigned int frequency_commands;
	struct score_conf score;
	struct decode_conf decode;
	unsigned int tag; /* 0: only what hides text; 1: all */
	char hunt_dir[CONFIG_PATH_MAX];
	unsigned int classify_match; /* enum classify_match */
	unsigned int ioc_linux_paths; /* 0 or 1 */
	struct alert_conf alerts;
	struct output_conf outputs[CONFIG_OUTPUTS_MAX];
	size_t n_outputs;
};

/* The defaults, with the default output. */
void config_init(struct config *cf);
/*
 * Reads a file over the defaults. -1: *why has a "FILE:LINE: what" line for
 * every error and cf is not to be used. A missing file is an error but where
 * is_optional.
 */
int config_load(struct config *cf, const char *file, bool is_optional,
	struct str *why) __attribute__((warn_unused_result));
/* One "NAME=VALUE" of the command line, over what is there; the first output
 * takes the place of those there were, and clears *is_first_output. */
int config_set(struct config *cf, const char *assignment, bool *is_first_output,
	struct str *why) __attribute__((warn_unused_result));
/* Limits that hold between options; what is the name to blame. */
int config_check(const struct config *cf, const char *what, struct str *why)
	__attribute__((warn_unused_result));
/* Everything in the syntax of the file. */
void config_print(const struct config *cf, struct str *out);
/* The least score an event needs for this output. */
double config_min_score(const struct config *cf, const struct output_conf *o);

#endif
