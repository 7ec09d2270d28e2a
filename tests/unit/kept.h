// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef KEPT_H
#define KEPT_H

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "state.h"

/* A stage that keeps a number and a text in each of its rows, and a state
 * file of its own for each test. */
#define KEPT_MAX 400

struct kept {
	struct {
		bool is_there;
		uint64_t change;
		int64_t number;
		char text[64];
	} rows[KEPT_MAX];
	uint64_t change;
	size_t taken, refused;
};

static const struct state_column kept_columns[] = {
	{ "number", STATE_INTEGER, 1 },
	{ "text", STATE_BYTES, 1 },
	{ "change", STATE_INTEGER, 2 },
};

static inline void kept_set(
	struct kept *k, uint32_t id, int64_t number, const char *text)
{
	k->rows[id].is_there = text != NULL;
	k->rows[id].number = number;
	k->rows[id].change = ++k->change;
	snprintf(k->rows[id].text, sizeof(k->rows[id].text), "%s",
		text ? text : "");
}

static inline uint64_t kept_change(void *arg)
{
	return ((struct kept *)arg)->change;
}

static inline bool kept_next(
	void *arg, uint64_t after, uint32_t *at, struct state_row *row)
{
	struct kept *k = arg;

	while (*at < KEPT_MAX && k->rows[*at].change <= after)
		++*at;
	if (*at == KEPT_MAX)
		return false;
	row->id = *at;
	row->is_gone = !k->rows[*at].is_there;
	row->values[0].i = k->rows[*at].number;
	row->values[1].b = bytes_of(k->rows[*at].text);
	row->values[2].i = (int64_t)k->rows[*at].change;
	++*at;
	return true;
}

/* Negative numbers cannot be. */
static inline int kept_take(void *arg, const struct state_row *row)
{
	struct kept *k = arg;
	struct bytes text = row->values[1].b;

	if (row->values[0].i < 0 || row->id < 0 || row->id >= KEPT_MAX ||
		text.len >= sizeof(k->rows[0].text)) {
		k->refused++;
		return -1;
	}
	kept_set(k, (uint32_t)row->id, row->values[0].i, "");
	if (text.len)
		memcpy(k->rows[row->id].text, text.p, text.len);
	k->rows[row->id].text[text.len] = '\0';
	k->taken++;
	return 0;
}

static inline struct state_section kept_section(
	struct kept *k, unsigned int version)
{
	return (struct state_section){ .name = "kept",
		.version = version,
		.columns = kept_columns,
		.n_columns = version > 1 ? 3 : 2,
		.change = kept_change,
		.next = kept_next,
		.take = kept_take,
		.arg = k };
}

#define KEPT_NOW 1700000000000LL

static char kept_dir[64], kept_file[96];

static inline void kept_begin(void)
{
	/* In memory where that can be: each step is synced. */
	snprintf(kept_dir, sizeof(kept_dir), "/dev/shm/test_state.XXXXXX");
	if (!mkdtemp(kept_dir)) {
		snprintf(kept_dir, sizeof(kept_dir), "/tmp/test_state.XXXXXX");
		if (!mkdtemp(kept_dir))
			abort();
	}
	snprintf(kept_file, sizeof(kept_file), "%s/state.db", kept_dir);
}

static inline void kept_remove(const char *suffix)
{
	char path[128];

	snprintf(path, sizeof(path), "%s%s", kept_file, suffix);
	(void)!unlink(path);
	(void)!rmdir(path);
}

static inline bool kept_exists(const char *suffix)
{
	struct stat st;
	char path[128];

	snprintf(path, sizeof(path), "%s%s", kept_file, suffix);
	return lstat(path, &st) == 0;
}

static inline void kept_clear(void)
{
	static const char *const all[] = { "", "-journal", "-wal", "-shm",
		".bad", ".bad-journal", ".lock" };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		kept_remove(all[i]);
}

static inline void kept_end(void)
{
	kept_clear();
	if (rmdir(kept_dir) < 0)
		abort();
}

static inline struct state *kept_state(
	struct kept *k, unsigned int version, const char *boot_id)
{
	struct state_conf cf = { .file = kept_file,
		.boot_id = boot_id,
		.started_ms = KEPT_NOW,
		.max_age_ms = INT64_MAX / 2 };
	struct state_section section = kept_section(k, version);
	struct state *st = state_new(&cf);

	if (!st || state_add(st, &section) < 0)
		abort();
	return st;
}

/* Loads into an empty stage; what state_load said is printed on demand. */
static inline int kept_load(struct state *st, const char *said)
{
	struct str why;
	int rc;

	str_init(&why, 8192);
	rc = state_load(st, KEPT_NOW, &why);
	if (said && !strstr(str_z(&why), said))
		check_fail(__LINE__, "'%s' is not in '%s'", said, str_z(&why));
	if (!said && why.len)
		check_fail(__LINE__, "it said '%s'", str_z(&why));
	str_fini(&why);
	return rc;
}

static inline bool kept_is_same(const struct kept *a, const struct kept *b)
{
	for (size_t i = 0; i < KEPT_MAX; i++)
		if (a->rows[i].is_there != b->rows[i].is_there ||
			(a->rows[i].is_there &&
				(a->rows[i].number != b->rows[i].number ||
					strcmp(a->rows[i].text,
						b->rows[i].text) != 0)))
			return false;
	return true;
}

#endif
