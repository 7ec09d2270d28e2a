// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef DETECT_STATE_H
#define DETECT_STATE_H

/* Rows and memory of detect: for detect's own files. */

#include <stdbool.h>
#include <stdint.h>

#include "alert.h"
#include "detect.h"
#include "event.h"
#include "map.h"
#include "str.h"

#define DETECT_NONE UINT32_MAX
/* All tests and their values of all rows. */
#define DETECT_TESTS_MAX  8192
#define DETECT_VALUES_MAX 32768
/* Words by which rows are found. */
#define DETECT_INDEX_SIZE 4096
/* An executable's first and last bytes are such words, too. */
#define DETECT_EDGE 4

enum detect_on {
	DETECT_EXEC,
	DETECT_MESSAGE,
	DETECT_NETWORK,
	DETECT_CALL,
	DETECT_N_ON
};

enum detect_field {
#define FIELD(name, is_told) DETECT_FIELD_##name,
#include "detect_fields.def"
#undef FIELD
	DETECT_N_FIELDS
};

/* Among the fields that find rows. */
enum { DETECT_BY_START = DETECT_N_FIELDS, DETECT_BY_END };

enum detect_op {
	DETECT_IS,
	DETECT_BEGINS,
	DETECT_ENDS,
	DETECT_HAS,
	DETECT_LEAST
};

struct detect_test {
	enum detect_field field;
	enum detect_op op;
	bool is_not;
	struct bytes name; /* of a field of the record, which has no row */
	uint32_t first, n; /* of values */
	uint64_t least;
};

/* An alert or a mark. */
struct detect_row {
	struct bytes name;
	enum detect_on on;
	bool is_mark;
	uint32_t first, n; /* of tests; the first finds the row */
	enum detect_field bind; /* of a mark; DETECT_N_FIELDS: none */
	enum detect_field fresh; /* of new=; the same */
	uint32_t alert; /* of an alert: in alerts */
	uint32_t uses; /* of a mark: the first */
};

/* A row under a word, or one without. */
struct detect_entry {
	uint32_t row, next;
};

enum detect_by { DETECT_SESSION, DETECT_USER, DETECT_HOST, DETECT_ADDR };

/* What is told of a row that fires: an alert, a sequence or a burst. */
struct detect_alert {
	struct bytes name, why;
	uint64_t hash; /* of the name */
	enum alert_severity severity;
	struct bytes attack[DETECT_ATTACK_MAX];
	size_t n_attack;
	int64_t every_ms;
	/* Of a sequence or a burst. */
	int64_t within_ms; /* 0: it is neither */
	enum detect_by by;
	uint32_t n; /* of a burst; 0: it is a sequence */
	enum detect_field of; /* of a burst; DETECT_N_FIELDS: every event */
	uint32_t marks[DETECT_STEPS_MAX]; /* rows */
	uint32_t n_marks;
};

/* A mark as a step of something. */
struct detect_use {
	uint32_t alert, at; /* the at-th mark of it */
	uint32_t next;
};

struct detect_block;

struct detect_rules {
	struct detect_row *rows;
	struct detect_test *tests;
	struct bytes *values;
	struct detect_alert *alerts;
	struct detect_entry *entries;
	struct detect_use *uses;
	uint32_t n_rows, n_tests, n_values, n_alerts, n_entries, n_uses;
	/* By the hash of kind, field and word: the first entry, and of each
	 * kind that of those which have to be looked at each time. */
	uint32_t index[DETECT_INDEX_SIZE];
	uint32_t others[DETECT_N_ON];
	/* Which fields find rows, a bit each. */
	uint64_t found_by[DETECT_N_ON];
	uint32_t calls;
	struct detect_block *blocks; /* strings */
};

/* Where a half-done sequence or burst stands. */
struct detect_step {
	uint64_t change; /* first in each of these */
	int64_t at_ms[DETECT_BURST_MAX]; /* 0: not there */
	uint32_t what[DETECT_BURST_MAX]; /* of a burst: hashes */
};

struct detect_told {
	uint64_t change;
	int64_t since_ms; /* when it was told last */
	uint64_t untold; /* since then */
};

struct detect_first {
	uint64_t change;
	int64_t seen_ms; /* when it was seen last */
};

/* What an event is judged by, and views show; names are cut at their ends. */
struct detect_recent {
	uint64_t change;
	uint64_t node; /* hash */
	uint64_t session, guid; /* 0: none */
	int64_t time_ms;
	uint32_t severity, serial, ses, auid;
	unsigned char name_len, host_len, exe_len, why_len;
	char name[DETECT_NAME_LEN];
	char host[DETECT_HOST_MAX], exe[DETECT_EXE_MAX], why[DETECT_WHY_MAX];
};

struct detect {
	struct detect_conf cf;
	struct map *told, *seen, *steps;
	struct detect_recent recent[DETECT_RECENT_MAX]; /* a ring */
	size_t n_recent; /* so far */
	/* Told in this minute, by alert. */
	int64_t minute;
	unsigned short told_now[DETECT_ROWS_MAX];
	/* When a sequence last came to a step, whoever's: the one behind it
	 * need not be looked for where none did. */
	int64_t reached_ms[DETECT_ROWS_MAX][DETECT_STEPS_MAX];
	/* Rows that this event was held against already. */
	uint32_t event, at_event[DETECT_ROWS_MAX];
	uint64_t suppressed;
	uint64_t change;
	struct str path, text;
	/* The paths of that event, with their folders. */
	uint32_t paths_event;
	size_t n_paths;
	struct bytes paths[EVENT_PATHS_MAX];
};

/* One event while detect_run has it. */
struct detect_at {
	struct detect *d;
	const struct detect_rules *r;
	struct event *ev;
	bool has_node;
	uint64_t node; /* hash; detect_node */
};

/* The i-th value of a field; absent behind the last. Borrowed until the next
 * call. name is of a field of the record. */
struct bytes detect_value(struct detect *d, struct event *ev,
	enum detect_field field, struct bytes name, size_t i);
/* "name"; DETECT_N_FIELDS: there is none of that name. */
enum detect_field detect_field_of(struct bytes name);
void detect_field_names(struct str *out);
/* Whether its value may stand in a line: it is never masked. */
bool detect_field_is_told(enum detect_field field);

bool detect_test_holds(struct detect *d, struct event *ev,
	const struct detect_rules *r, const struct detect_test *t);

/* Where the rows of that word begin: *DETECT_INDEX. */
uint32_t detect_slot(enum detect_on on, uint32_t field, uint32_t hash);
uint32_t detect_hash(struct bytes word);

/* A mark has matched: takes what it is a step of on. */
void detect_mark(struct detect_at *at, const struct detect_row *row);
/* Whether the event can be a step of anything. */
bool detect_is_due(const struct detect_at *at, const struct detect_row *row);
/* Tells the alert, unless that was done a moment ago. about: what it says, by
 * which it is known again. */
void detect_fire(struct detect_at *at, uint32_t alert, uint64_t about);

/* Any sequence may be at any step. */
void detect_look_anew(struct detect *d);
/* Takes the alert in among the latest. */
void detect_remember(
	struct detect *d, const struct detect_alert_told *a, uint64_t node);
uint64_t detect_node(struct detect_at *at);
/* By a seed that stands fixed: what is kept over a restart is found by them. */
uint64_t detect_mix(uint64_t a, uint64_t b);
uint64_t detect_text(struct bytes b);

#endif
