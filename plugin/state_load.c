// SPDX-License-Identifier: GPL-3.0-or-later
/* A file that is not what it says it is, is refused before a stage gets any of
 * it: everything is read twice. */
#include <sqlite3.h>
#include <string.h>

#include "state_file.h"

#define HOUR_MS 3600000

struct load {
	struct state *st;
	sqlite3 *db;
	int64_t now_ms;
	int64_t schema;
	int64_t sums[STATE_SECTIONS_MAX]; /* of the sections in st->info */
	struct str *why;
};

/* SQLITE_CORRUPT unless it is a text that fits. */
static int take_text(sqlite3_stmt *stmt, int column, char *to, size_t size)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(stmt, column);

	if (sqlite3_column_type(stmt, column) != SQLITE_TEXT || !text ||
		len >= size || strlen((const char *)text) != len)
		return SQLITE_CORRUPT;
	memcpy(to, text, len + 1);
	return SQLITE_OK;
}

/* Tables and nothing else, by what the header says. SQLITE_NOTFOUND: empty. */
static int check_schema(struct load *l)
{
	int64_t magic = 0, n = 0, odd = 0;
	int rc = state_db_number(l->db, "PRAGMA application_id", &magic);

	if (rc == SQLITE_OK)
		rc = state_db_number(l->db, "PRAGMA user_version", &l->schema);
	if (rc == SQLITE_OK)
		rc = state_db_number(
			l->db, "SELECT count(*) FROM sqlite_schema", &n);
	if (rc == SQLITE_OK)
		rc = state_db_number(l->db,
			"SELECT count(*) FROM sqlite_schema WHERE "
			"type <> 'table' AND name NOT LIKE 'sqlite_autoindex%' "
			"OR rootpage = 0",
			&odd);
	if (rc != SQLITE_OK)
		return rc;
	if (!n && !magic)
		return SQLITE_NOTFOUND;
	if (magic != STATE_MAGIC || l->schema < 1 || odd)
		return SQLITE_CORRUPT;
	if (l->schema > STATE_SCHEMA) {
		str_addf(l->why, "%s: made by a later version\n",
			l->st->cf.file);
		return STATE_REFUSED;
	}
	return SQLITE_OK;
}

static int read_sections(struct load *l)
{
	struct state_info *info = &l->st->info;
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(l->db,
		"SELECT name, version, rows, checksum FROM sections "
		"ORDER BY name",
		-1, &stmt, NULL);

	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct state_told *t = &info->sections[info->n_sections];
		int64_t version = sqlite3_column_int64(stmt, 1);

		rc = SQLITE_CORRUPT;
		if (info->n_sections == STATE_SECTIONS_MAX || version < 1 ||
			version > UINT16_MAX)
			break;
		rc = take_text(stmt, 0, t->name, sizeof(t->name));
		t->version = (unsigned int)version;
		t->rows = sqlite3_column_int64(stmt, 2);
		l->sums[info->n_sections++] = sqlite3_column_int64(stmt, 3);
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int read_info(struct load *l)
{
	struct state_info *info = &l->st->info;
	int64_t checksum = -1;
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(l->db,
		l->schema == 1
			? "SELECT saved_ms, started_ms, boot_id, program, "
			  "checksum, 0 FROM state WHERE id = 1"
			: "SELECT saved_ms, started_ms, boot_id, program, "
			  "checksum, generation FROM state WHERE id = 1",
		-1, &stmt, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		info->saved_ms = sqlite3_column_int64(stmt, 0);
		info->started_ms = sqlite3_column_int64(stmt, 1);
		checksum = sqlite3_column_int64(stmt, 4);
		info->generation = sqlite3_column_int64(stmt, 5);
		rc = take_text(stmt, 2, info->boot_id, sizeof(info->boot_id));
		if (rc == SQLITE_OK)
			rc = take_text(
				stmt, 3, info->program, sizeof(info->program));
	} else if (rc == SQLITE_DONE) {
		rc = SQLITE_CORRUPT;
	}
	sqlite3_finalize(stmt);
	if (rc == SQLITE_OK)
		rc = read_sections(l);
	if (rc == SQLITE_OK && state_sum_info(info, l->sums) != checksum)
		rc = SQLITE_CORRUPT;
	info->is_this_boot = !strcmp(info->boot_id, l->st->boot_id);
	return rc;
}

static int check_age(const struct load *l)
{
	const struct state_info *info = &l->st->info;
	int64_t age_ms = l->now_ms - info->saved_ms;

	if (l->st->cf.is_reader || age_ms <= l->st->cf.max_age_ms)
		return SQLITE_OK;
	str_addf(l->why, "%s: saved %lld hours ago, which is too old\n",
		l->st->cf.file, (long long)(age_ms / HOUR_MS));
	return STATE_REFUSED;
}

static int prepare(struct load *l, const struct state_section *s,
	unsigned int version, bool is_check, sqlite3_stmt **stmt)
{
	bool is_by_id = is_check || s->order == STATE_BY_ID ||
			s->columns[s->order].since > version;
	struct str sql;
	int rc;

	str_init(&sql, 4096);
	str_addz(&sql, "SELECT id");
	for (size_t i = 0; i < s->n_columns; i++)
		if (s->columns[i].since <= version)
			str_addf(&sql, ", %s", s->columns[i].name);
	str_addf(&sql, ", checksum FROM %s ORDER BY %s", s->name,
		is_by_id ? "id" : s->columns[s->order].name);
	rc = sqlite3_prepare_v2(l->db, str_z(&sql), -1, stmt, NULL);
	str_fini(&sql);
	return rc;
}

static int take_value(
	sqlite3_stmt *stmt, int at, enum state_kind kind, union state_value *v)
{
	int type = sqlite3_column_type(stmt, at);

	if (kind == STATE_INTEGER) {
		v->i = sqlite3_column_int64(stmt, at);
		return type == SQLITE_INTEGER ? SQLITE_OK : SQLITE_CORRUPT;
	}
	v->b.p = sqlite3_column_blob(stmt, at);
	v->b.len = (size_t)sqlite3_column_bytes(stmt, at);
	return type == SQLITE_BLOB || type == SQLITE_NULL ? SQLITE_OK
							  : SQLITE_CORRUPT;
}

static int take_row(const struct state_section *s, unsigned int version,
	sqlite3_stmt *stmt, struct state_row *row)
{
	int at = 1;

	*row = (struct state_row){ .id = sqlite3_column_int64(stmt, 0) };
	for (size_t i = 0; i < s->n_columns; i++)
		if (s->columns[i].since <= version &&
			take_value(stmt, at++, s->columns[i].kind,
				&row->values[i]) != SQLITE_OK)
			return SQLITE_CORRUPT;
	return SQLITE_OK;
}

/* Whether every row is as it was written, and all are there. */
static int check_rows(
	struct load *l, const struct state_section *s, size_t told)
{
	const struct state_told *t = &l->st->info.sections[told];
	int64_t rows = 0, sum = 0;
	struct state_row row;
	sqlite3_stmt *stmt;
	int rc = prepare(l, s, t->version, true, &stmt);

	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		uint32_t own;

		rc = take_row(s, t->version, stmt, &row);
		own = state_sum_row(s, t->version, &row);
		if (own != sqlite3_column_int64(
				   stmt, sqlite3_column_count(stmt) - 1))
			rc = SQLITE_CORRUPT;
		sum += own;
		rows++;
	}
	sqlite3_finalize(stmt);
	if (rc != SQLITE_DONE)
		return rc;
	return rows == t->rows && sum == l->sums[told] ? SQLITE_OK
						       : SQLITE_CORRUPT;
}

static int hand_over(struct load *l, const struct state_section *s, size_t told)
{
	const struct state_told *t = &l->st->info.sections[told];
	struct state_row row;
	sqlite3_stmt *stmt;
	int64_t refused = 0;
	int rc = prepare(l, s, t->version, false, &stmt);

	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		rc = take_row(s, t->version, stmt, &row);
		if (rc == SQLITE_OK && s->take(s->arg, &row) < 0)
			refused++;
	}
	sqlite3_finalize(stmt);
	if (refused)
		str_addf(l->why, "%s: %lld rows of %s left out\n",
			l->st->cf.file, (long long)refused, s->name);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static bool is_wanted(struct load *l, const struct state_section *s,
	const struct state_told *t, bool is_check)
{
	if (t->version > s->version) {
		if (is_check)
			str_addf(l->why, "%s: %s is of a later version\n",
				l->st->cf.file, s->name);
		return false;
	}
	return !s->is_of_boot || l->st->info.is_this_boot ||
	       l->st->cf.is_reader;
}

static int read_all(struct load *l, bool is_check)
{
	const struct state_info *info = &l->st->info;

	for (size_t i = 0; i < l->st->n_sections; i++) {
		const struct state_section *s = &l->st->sections[i];
		size_t told = 0;
		int rc;

		while (told < info->n_sections &&
			strcmp(info->sections[told].name, s->name) != 0)
			told++;
		if (told == info->n_sections ||
			!is_wanted(l, s, &info->sections[told], is_check))
			continue;
		rc = is_check ? check_rows(l, s, told) : hand_over(l, s, told);
		if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}

int state_read(struct state *st, int64_t now_ms, struct str *why)
{
	struct load l = { .st = st, .now_ms = now_ms, .why = why };
	int rc = state_db_open(
		&l.db, st->cf.file, st->cf.is_reader ? STATE_LOOK : STATE_LOAD);

	st->info = (struct state_info){ 0 };
	if (rc == SQLITE_OK)
		rc = state_db_exec(l.db, "BEGIN");
	if (rc == SQLITE_OK)
		rc = check_schema(&l);
	if (rc == SQLITE_OK)
		rc = read_info(&l);
	if (rc == SQLITE_OK)
		rc = check_age(&l);
	if (rc == SQLITE_OK)
		rc = read_all(&l, true);
	if (rc == SQLITE_OK)
		rc = read_all(&l, false);
	sqlite3_close(l.db);
	return rc == SQLITE_NOTFOUND ? SQLITE_OK : rc;
}
