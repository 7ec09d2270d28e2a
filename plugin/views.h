// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VIEWS_H
#define VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "select.h"
#include "settings.h"
#include "str.h"

struct config;
struct detect;
struct event;
struct geo;
struct lineage;
struct network_table;
struct payload_table;
struct session;
struct session_table;
struct view_session_alerts;

/* auhunt's command line, read. */
struct view_options {
	struct settings settings;
	struct select select;
	bool is_json;
	bool is_plain; /* no colour */
	bool has_providers; /* of intel: --providers */
	size_t top; /* rows at most; 0: all */
	const char *sort, *columns; /* of rank; NULL: the usual */
	const char *ti_file, *alerts_file; /* NULL: none */
	const char *baseline_file; /* --baseline; NULL: none */
	const char *exe; /* of tree; NULL: any */
	bool has_pid;
	uint32_t pid; /* of tree */
	const char *output; /* of import-gtfobins; NULL: the usual place */
	char *const *args;
	int n_args; /* files; for decode, an argv */
	bool is_live; /* the daemon's state, in place of logs */
	bool has_id; /* a number stood before the files: select.session */
	bool has_dashes; /* -- stood before the arguments */
};

/* What a view has while it runs. */
struct view_run {
	const struct view_options *options;
	const struct config *config;
	void *state; /* the view's own */
	struct str out; /* of this event or row; view_print empties it */
	struct alert_table *alerts; /* NULL: none */
	struct geo *geo; /* NULL: no database of places */
	const struct baseline *baseline; /* what other hosts ran */
	/* As the pipeline has them. */
	const struct session_table *sessions;
	struct lineage *lineage;
	const struct payload_table *payloads;
	const struct detect *detect;
	struct view_session_alerts *session_alerts; /* of sessions */
	const struct network_table *network;
	/* What an event's own text tells, and what of it may be told:
	 * pipeline_judge, pipeline_redact. */
	void (*judge)(void *arg, struct event *ev);
	void (*redact)(void *arg, struct event *ev);
	void *arg;
};

/*
 * One of auhunt's commands: a row in views.def, a file in views/. Events come
 * in the order of the logs, finish comes after the last.
 */
struct view {
	const char *name;
	const char *help;
	bool has_totals; /* --min-score is about its rows, not about events */
	bool needs_no_config; /* a bad one is not its business */
	bool takes_id; /* of a session, before the files */
	bool has_live; /* finish can do without events, by tables alone */
	bool is_alone; /* no log and no pipeline: feed gets nothing to call */
	/* -1: it cannot start; a message was printed. May be NULL. */
	int (*start)(struct view_run *run);
	/* Borrows the event, which is an exec. */
	void (*event)(struct view_run *run, const struct event *ev);
	/* The same of messages, and of network calls. May be NULL. */
	void (*message)(struct view_run *run, const struct event *ev);
	/* Of what was typed and hides something. May be NULL. */
	void (*typed)(struct view_run *run, const struct event *ev);
	void (*network)(struct view_run *run, const struct event *ev);
	/* Of an event, whatever it is, the alert that ev->told is. It comes
	 * right behind the event. May be NULL. */
	void (*alert)(struct view_run *run, const struct event *ev);
	/* Prints what there is to print at the end. May be NULL. */
	void (*finish)(struct view_run *run);
	/* In place of logs: gives events to the pipeline by take. Returns the
	 * exit status. NULL: the view reads logs. */
	int (*feed)(struct view_run *run,
		void (*take)(void *arg, struct event *ev), void *arg);
	/* In place of all of that: it is not about events. Has options, config
	 * and out. Returns the exit status. */
	int (*work)(struct view_run *run);
};

extern const struct view *const view_all[];
extern const size_t view_n;

/* Writes run->out to standard output, with a newline. False: it is closed. */
bool view_print(struct view_run *run);
/* SEC.MSEC, as a JSON number. */
void view_json_time(struct str *out, const char *key, int64_t time_ms);

/* "country":...,"asn":...,"as_org":... of an address, what is known of it. */
void view_json_place(
	struct str *out, const struct view_run *run, struct bytes address);
/* " DE AS3320 Deutsche Telekom AG", what is known of it. */
void view_add_place(
	struct str *out, const struct view_run *run, struct bytes address);

/* DATE TIME, in UTC. */
void view_add_time(struct str *out, int64_t time_ms);

/* "score":{"total":...,"parts":{...}}; "parts":{...} */
void view_json_score(struct str *out, const struct event *ev);
void view_json_parts(struct str *out, const struct event *ev);
/* "categories":[...],"gtfobins":[{...}],"attack":[...] */
void view_json_tags(struct str *out, const struct event *ev);
/* "functions":[...], of all its GTFOBins, each once */
void view_json_functions(struct str *out, const struct event *ev);
/* The command of an exec event as a shell would take it, else the file that it
 * tried; escaped. */
void view_add_command(struct str *out, const struct event *ev);
/* "redacted":[...], if something was masked */
void view_json_redacted(struct str *out, const struct event *ev);
/* "iocs":[{"type":...,"value":...}] */
void view_json_iocs(struct str *out, const struct event *ev);

#endif
