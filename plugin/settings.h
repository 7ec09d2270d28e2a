// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct config;
struct rules;

/* -o options of one command line. */
#define SETTINGS_SETS_MAX 64

/* What the command line says of the configuration; a reload says it again. */
struct settings {
	const char *file; /* -c; NULL for the usual place, if there */
	const char *sets[SETTINGS_SETS_MAX];
	size_t n_sets;
	bool to_stdout; /* in place of every output */
	const char *format; /* of --stdout; NULL for the default */
	const char *state; /* --state; NULL for what holds without it */
};

/* -1: too many. */
int settings_add(struct settings *s, const char *assignment)
	__attribute__((warn_unused_result));
/* File, then -o, then --stdout. -1: every error is a line in *why. */
int settings_config(const struct settings *s, struct config *cf,
	struct str *why) __attribute__((warn_unused_result));

/* The rows of cf->hunt_dir, or rules_shipped where that is not there. The
 * caller owns them. -1: every error is a line in *why, and *rules is NULL. */
int settings_rows(const struct config *cf, struct rules **rules,
	struct str *why) __attribute__((warn_unused_result));
/* Opens the databases of places for rules. -1: one of them cannot be used,
 * *why has a line for each, and the others are open. */
int settings_geo(const struct config *cf, struct rules *rules, struct str *why)
	__attribute__((warn_unused_result));
/* Both of them, whole: else as settings_rows. */
int settings_rules(const struct config *cf, struct rules **rules,
	struct str *why) __attribute__((warn_unused_result));

/* The file that keeps the state, NULL for none: with --stdout only one that the
 * command line names. */
const char *settings_state(const struct settings *s, const struct config *cf);

#endif
