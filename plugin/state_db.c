// SPDX-License-Identifier: GPL-3.0-or-later
#include <sqlite3.h>
#include <string.h>

#include "state_file.h"

_Static_assert(STATE_KILLED == SQLITE_ABORT, "another code");

/* How long somebody else's lock is waited for: a reader's is short, and who
 * saves is a process of its own. */
#define LOOK_MS 2000
#define LOAD_MS 2000
#define SAVE_MS 10000
/* The largest text or blob that a row may hold. */
#define VALUE_MAX (1 << 20)

int state_db_exec(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int state_db_number(sqlite3 *db, const char *sql, int64_t *n)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	if (rc == SQLITE_ROW)
		return SQLITE_OK;
	return rc == SQLITE_DONE ? SQLITE_NOTFOUND : rc;
}

const char *state_db_reason(int rc)
{
	return sqlite3_errstr(rc);
}

bool state_db_is_bad(int rc)
{
	rc &= 0xff;
	return rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ||
	       rc == SQLITE_FORMAT;
}

bool state_db_is_strange(int rc)
{
	return rc == SQLITE_ERROR || rc == SQLITE_CONSTRAINT ||
	       rc == SQLITE_SCHEMA || rc == SQLITE_MISMATCH;
}

/* Nothing in the file is to run. */
static void defend(sqlite3 *db)
{
	static const int limits[][2] = { { SQLITE_LIMIT_LENGTH, VALUE_MAX },
		{ SQLITE_LIMIT_COLUMN, 2 * STATE_COLUMNS_MAX },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 } };

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		sqlite3_limit(db, limits[i][0], limits[i][1]);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
}

int state_db_open(sqlite3 **db, const char *file, enum state_access access)
{
	static const struct {
		int flags, wait_ms;
	} how[] = {
		[STATE_LOOK] = { SQLITE_OPEN_READONLY, LOOK_MS },
		/* To roll back what a killed process left. */
		[STATE_LOAD] = { SQLITE_OPEN_READWRITE, LOAD_MS },
		[STATE_SAVE] = { SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			SAVE_MS },
	};
	int rc = sqlite3_open_v2(file, db,
		how[access].flags | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
		NULL);

	if (rc != SQLITE_OK)
		return rc;
	sqlite3_busy_timeout(*db, how[access].wait_ms);
	defend(*db);
	rc = state_db_exec(*db, "PRAGMA cell_size_check = ON;"
				"PRAGMA temp_store = MEMORY;"
				"PRAGMA mmap_size = 0");
	if (rc != SQLITE_OK || access != STATE_SAVE)
		return rc;
	/* One file, which a reader without any rights to write can read:
	 * a write-ahead log is more. The cache holds the whole transaction, so
	 * that readers wait for its end only. */
	return state_db_exec(*db, "PRAGMA journal_mode = TRUNCATE;"
				  "PRAGMA synchronous = FULL;"
				  "PRAGMA cache_spill = OFF");
}

/* FNV-1a: against flipped bits and torn pages, not against people. */
#define SUM_FIRST 0xcbf29ce484222325ULL

static uint64_t sum_bytes(uint64_t sum, const void *p, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++)
		sum = (sum ^ b[i]) * 0x100000001b3ULL;
	return sum;
}

static uint64_t sum_number(uint64_t sum, int64_t n)
{
	unsigned char le[8];

	for (int i = 0; i < 8; i++)
		le[i] = (unsigned char)((uint64_t)n >> (8 * i));
	return sum_bytes(sum, le, sizeof(le));
}

static uint32_t folded(uint64_t sum)
{
	return (uint32_t)(sum ^ sum >> 32);
}

uint32_t state_sum_row(const struct state_section *s, unsigned int version,
	const struct state_row *r)
{
	uint64_t sum = sum_number(SUM_FIRST, r->id);

	for (size_t i = 0; i < s->n_columns; i++) {
		const union state_value *v = &r->values[i];

		if (s->columns[i].since > version)
			continue;
		if (s->columns[i].kind == STATE_INTEGER) {
			sum = sum_number(sum, v->i);
			continue;
		}
		sum = sum_number(sum, (int64_t)v->b.len);
		sum = sum_bytes(sum, v->b.p, v->b.len);
	}
	return folded(sum);
}

uint32_t state_sum_info(const struct state_info *info, const int64_t *sums)
{
	uint64_t sum = sum_number(SUM_FIRST, info->saved_ms);

	sum = sum_number(sum, info->started_ms);
	sum = sum_bytes(sum, info->boot_id, strlen(info->boot_id) + 1);
	sum = sum_bytes(sum, info->program, strlen(info->program) + 1);
	if (info->generation)
		sum = sum_number(sum, info->generation);
	for (size_t i = 0; i < info->n_sections; i++) {
		const struct state_told *t = &info->sections[i];

		sum = sum_bytes(sum, t->name, strlen(t->name) + 1);
		sum = sum_number(sum, t->version);
		sum = sum_number(sum, t->rows);
		sum = sum_number(sum, sums[i]);
	}
	return folded(sum);
}
