// SPDX-License-Identifier: GPL-3.0-or-later
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "state_file.h"

#define STRING_OF(x) #x
#define STRING(x)    STRING_OF(x)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whatever is in the file, down to triggers: they go with their tables. */
static int drop_all(sqlite3 *db)
{
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK) {
		sqlite3_stmt *stmt;
		char *sql = NULL;

		rc = sqlite3_prepare_v2(db,
			"SELECT type, name FROM sqlite_schema WHERE "
			"type IN ('table', 'view') AND "
			"name NOT LIKE 'sqlite_%' LIMIT 1",
			-1, &stmt, NULL);
		if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
			sql = sqlite3_mprintf("DROP %s \"%w\"",
				sqlite3_column_text(stmt, 0),
				sqlite3_column_text(stmt, 1));
		sqlite3_finalize(stmt);
		if (rc == SQLITE_ROW)
			rc = sql ? state_db_exec(db, sql) : SQLITE_NOMEM;
		sqlite3_free(sql);
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int create_section(sqlite3 *db, const struct state_section *s)
{
	struct str sql;
	int rc;

	str_init(&sql, 4096);
	str_addf(&sql, "CREATE TABLE %s (id INTEGER PRIMARY KEY", s->name);
	for (size_t i = 0; i < s->n_columns; i++)
		str_addf(&sql, ", %s %s", s->columns[i].name,
			s->columns[i].kind == STATE_INTEGER ? "INTEGER"
							    : "BLOB");
	str_addz(&sql, ", checksum INTEGER)");
	rc = state_db_exec(db, str_z(&sql));
	str_fini(&sql);
	return rc;
}

/* SQLITE_NOTADB where another program's tables are. */
static int check_owner(sqlite3 *db)
{
	int64_t magic = 0, n = 0;
	int rc = state_db_number(db, "PRAGMA application_id", &magic);

	if (rc == SQLITE_OK)
		rc = state_db_number(
			db, "SELECT count(*) FROM sqlite_schema", &n);
	if (rc == SQLITE_OK && n && magic != STATE_MAGIC)
		rc = SQLITE_NOTADB;
	return rc;
}

static const char *const create_sql[] = {
	"PRAGMA application_id = " STRING(STATE_MAGIC),
	"PRAGMA user_version = " STRING(STATE_SCHEMA),
	"CREATE TABLE state (id INTEGER PRIMARY KEY, saved_ms INTEGER, "
	"started_ms INTEGER, boot_id TEXT, program TEXT, generation INTEGER, "
	"checksum INTEGER)",
	"CREATE TABLE sections (name TEXT PRIMARY KEY, version INTEGER, "
	"rows INTEGER, checksum INTEGER) WITHOUT ROWID",
};

/* An empty file of ours, in place of what there is. */
static int create(sqlite3 *db, const struct state *st)
{
	int rc = check_owner(db);

	if (rc == SQLITE_OK)
		rc = drop_all(db);
	for (size_t i = 0; i < COUNT(create_sql) && rc == SQLITE_OK; i++)
		rc = state_db_exec(db, create_sql[i]);
	for (size_t i = 0; i < st->n_sections && rc == SQLITE_OK; i++)
		rc = create_section(db, &st->sections[i]);
	return rc;
}

static int bind(sqlite3_stmt *stmt, int at, enum state_kind kind,
	const union state_value *v)
{
	if (kind == STATE_INTEGER)
		return sqlite3_bind_int64(stmt, at, v->i);
	return sqlite3_bind_blob64(stmt, at, v->b.p, v->b.len, SQLITE_STATIC);
}

static int write_row(sqlite3_stmt *put, const struct state_section *s,
	const struct state_row *row)
{
	int at = 1, rc = sqlite3_bind_int64(put, at++, row->id);

	for (size_t i = 0; i < s->n_columns && rc == SQLITE_OK; i++)
		rc = bind(put, at++, s->columns[i].kind, &row->values[i]);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(
			put, at, state_sum_row(s, s->version, row));
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(put);
	sqlite3_reset(put);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int remove_row(sqlite3_stmt *remove, int64_t id)
{
	int rc = sqlite3_bind_int64(remove, 1, id);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(remove);
	sqlite3_reset(remove);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int prepare(sqlite3 *db, const struct state_section *s,
	sqlite3_stmt **put, sqlite3_stmt **remove)
{
	struct str sql;
	int rc;

	str_init(&sql, 4096);
	str_addf(&sql, "INSERT OR REPLACE INTO %s VALUES (?, ?", s->name);
	for (size_t i = 0; i < s->n_columns; i++)
		str_addz(&sql, ", ?");
	str_addc(&sql, ')');
	*remove = NULL;
	rc = sqlite3_prepare_v2(db, str_z(&sql), -1, put, NULL);
	str_reset(&sql);
	str_addf(&sql, "DELETE FROM %s WHERE id = ?", s->name);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, str_z(&sql), -1, remove, NULL);
	str_fini(&sql);
	return rc;
}

static int write_rows(
	sqlite3 *db, const struct state_section *s, uint64_t after)
{
	sqlite3_stmt *put, *remove;
	struct state_row row;
	uint32_t at = 0;
	int rc = prepare(db, s, &put, &remove);

	while (rc == SQLITE_OK) {
		row = (struct state_row){ 0 };
		if (!s->next(s->arg, after, &at, &row))
			break;
		rc = row.is_gone ? remove_row(remove, row.id)
				 : write_row(put, s, &row);
	}
	sqlite3_finalize(put);
	sqlite3_finalize(remove);
	return rc;
}

/* What the file says of a section; *t and *sum are that. */
static int write_section(sqlite3 *db, const struct state_section *s,
	struct state_told *t, int64_t *sum)
{
	char *sql = sqlite3_mprintf("SELECT count(*) FROM %s", s->name);
	int rc = sql ? state_db_number(db, sql, &t->rows) : SQLITE_NOMEM;

	sqlite3_free(sql);
	if (rc != SQLITE_OK)
		return rc;
	sql = sqlite3_mprintf(
		"SELECT ifnull(sum(checksum), 0) FROM %s", s->name);
	rc = sql ? state_db_number(db, sql, sum) : SQLITE_NOMEM;
	sqlite3_free(sql);
	if (rc != SQLITE_OK)
		return rc;
	(void)snprintf(t->name, sizeof(t->name), "%s", s->name);
	t->version = s->version;
	sql = sqlite3_mprintf(
		"INSERT OR REPLACE INTO sections VALUES (%Q, %u, %lld, %lld)",
		s->name, s->version, (long long)t->rows, (long long)*sum);
	rc = sql ? state_db_exec(db, sql) : SQLITE_NOMEM;
	sqlite3_free(sql);
	return rc;
}

static int compare_names(const void *a, const void *b)
{
	const struct state_section *const *s = a, *const *t = b;

	return strcmp((*s)->name, (*t)->name);
}

static int write_info(sqlite3 *db, const struct state *st, int64_t now_ms)
{
	struct state_info info = { .saved_ms = now_ms,
		.started_ms = st->cf.started_ms,
		.generation = st->going_generation,
		.n_sections = st->n_sections };
	const struct state_section *by_name[STATE_SECTIONS_MAX];
	int64_t sums[STATE_SECTIONS_MAX];
	int rc = SQLITE_OK;
	char *sql;

	(void)snprintf(info.boot_id, sizeof(info.boot_id), "%s", st->boot_id);
	(void)snprintf(info.program, sizeof(info.program), "%s", VERSION);
	for (size_t i = 0; i < st->n_sections; i++)
		by_name[i] = &st->sections[i];
	qsort(by_name, st->n_sections, sizeof(by_name[0]), compare_names);
	for (size_t i = 0; i < st->n_sections && rc == SQLITE_OK; i++)
		rc = write_section(db, by_name[i], &info.sections[i], &sums[i]);
	if (rc != SQLITE_OK)
		return rc;
	sql = sqlite3_mprintf("INSERT OR REPLACE INTO state VALUES "
			      "(1, %lld, %lld, %Q, %Q, %lld, %u)",
		(long long)info.saved_ms, (long long)info.started_ms,
		info.boot_id, info.program, (long long)info.generation,
		state_sum_info(&info, sums));
	rc = sql ? state_db_exec(db, sql) : SQLITE_NOMEM;
	sqlite3_free(sql);
	return rc;
}

/* Whether the file is the one that st->saved is about. Another process may
 * have written it since: then numbers of rows mean other rows. */
static bool is_known(sqlite3 *db, const struct state *st)
{
	int64_t magic, schema, generation;

	return st->generation &&
	       state_db_number(db, "PRAGMA application_id", &magic) ==
		       SQLITE_OK &&
	       magic == STATE_MAGIC &&
	       state_db_number(db, "PRAGMA user_version", &schema) ==
		       SQLITE_OK &&
	       schema == STATE_SCHEMA &&
	       state_db_number(db, "SELECT generation FROM state WHERE id = 1",
		       &generation) == SQLITE_OK &&
	       generation == st->generation;
}

static int write_all(sqlite3 *db, const struct state *st, int64_t now_ms)
{
	bool is_new = !is_known(db, st);
	int rc = is_new ? create(db, st) : SQLITE_OK;

	for (size_t i = 0; i < st->n_sections && rc == SQLITE_OK; i++)
		rc = write_rows(
			db, &st->sections[i], is_new ? 0 : st->saved[i]);
	return rc == SQLITE_OK ? write_info(db, st, now_ms) : rc;
}

static int write_file(const struct state *st, int64_t now_ms)
{
	sqlite3 *db;
	int rc = state_db_open(&db, st->cf.file, STATE_SAVE);

	if (rc == SQLITE_OK)
		rc = state_db_exec(
			db, "PRAGMA max_page_count = " STRING(STATE_PAGES_MAX));
	if (rc == SQLITE_OK)
		rc = state_db_exec(db, "BEGIN IMMEDIATE");
	if (rc == SQLITE_OK)
		rc = write_all(db, st, now_ms);
	if (rc == SQLITE_OK)
		rc = state_db_exec(db, "COMMIT");
	/* Closing rolls back what was not committed. */
	sqlite3_close(db);
	return rc;
}

int state_write(const struct state *st, int64_t now_ms)
{
	enum state_trust trust;
	struct str why;
	mode_t was;
	int rc;

	str_init(&why, 1024);
	trust = state_trust(st->cf.file, &why);
	str_fini(&why);
	if (trust > STATE_ABSENT)
		return trust == STATE_FOREIGN ? SQLITE_NOTADB : SQLITE_CANTOPEN;
	/* The directory's group may look, nobody else. */
	was = umask(027);
	rc = write_file(st, now_ms);
	umask(was);
	return rc & 0xff;
}
