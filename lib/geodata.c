// SPDX-License-Identifier: GPL-3.0-or-later
#include "geodata.h"

/* The description begins behind the last of these, in the last 128 KiB. */
#define MARKER          "\xab\xcd\xefMaxMind.com"
#define DESCRIPTION_MAX (128u * 1024)
/* Zeros between the tree and the data section. */
#define SEPARATOR_LEN 16

enum type {
	TYPE_EXTENDED,
	TYPE_POINTER,
	TYPE_TEXT,
	TYPE_DOUBLE,
	TYPE_BYTES,
	TYPE_UINT16,
	TYPE_UINT32,
	TYPE_MAP,
	TYPE_INT32,
	TYPE_UINT64,
	TYPE_UINT128,
	TYPE_ARRAY,
	TYPE_BOOLEAN = 14,
	TYPE_FLOAT,
	TYPE_N
};

/* The size that is right, or the largest; 0: any. */
static const unsigned char sizes[TYPE_N] = { [TYPE_DOUBLE] = 8,
	[TYPE_UINT16] = 2,
	[TYPE_UINT32] = 4,
	[TYPE_INT32] = 4,
	[TYPE_UINT64] = 8,
	[TYPE_UINT128] = 16,
	[TYPE_BOOLEAN] = 1,
	[TYPE_FLOAT] = 4 };

struct reader {
	struct bytes in;
	unsigned int steps;
};

struct value {
	unsigned int type;
	uint32_t size; /* bytes, or members; of a pointer where it points */
	size_t at; /* its bytes, or its first member */
};

static bool take_number(
	const struct reader *r, size_t *at, unsigned int n, uint32_t *to)
{
	if (n > r->in.len - *at)
		return false;
	*to = 0;
	for (unsigned int i = 0; i < n; i++)
		*to = *to << 8 | (unsigned char)r->in.p[(*at)++];
	return true;
}

static bool read_pointer(
	const struct reader *r, unsigned int control, struct value *v)
{
	static const uint32_t base[] = { 0, 2048, 526336, 0 };
	unsigned int n = control >> 3 & 3;
	uint32_t low;

	if (!take_number(r, &v->at, n + 1, &low))
		return false;
	v->size = base[n] + low;
	if (n < 3)
		v->size += (control & 7) << (8 * (n + 1));
	return true;
}

static bool read_size(
	const struct reader *r, unsigned int control, struct value *v)
{
	static const uint32_t base[] = { 0, 29, 285, 65821 };
	unsigned int n = (control & 31) > 28 ? (control & 31) - 28 : 0;

	v->size = control & 31;
	if (!n)
		return true;
	if (!take_number(r, &v->at, n, &v->size))
		return false;
	v->size += base[n];
	return true;
}

static bool has_members(const struct value *v)
{
	return v->type == TYPE_MAP || v->type == TYPE_ARRAY;
}

/* Bytes of the value itself. */
static size_t own_len(const struct value *v)
{
	return has_members(v) || v->type == TYPE_BOOLEAN ||
			       v->type == TYPE_POINTER
		       ? 0
		       : v->size;
}

static bool is_sized(const struct value *v)
{
	if (v->type == TYPE_DOUBLE || v->type == TYPE_FLOAT)
		return v->size == sizes[v->type];
	return !sizes[v->type] || v->size <= sizes[v->type];
}

static bool read_value(struct reader *r, size_t at, struct value *v)
{
	uint32_t control, extended;

	if (at > r->in.len || r->steps++ >= GEODATA_STEPS_MAX)
		return false;
	v->at = at;
	if (!take_number(r, &v->at, 1, &control))
		return false;
	v->type = control >> 5;
	if (v->type == TYPE_POINTER)
		return read_pointer(r, control, v);
	if (v->type == TYPE_EXTENDED) {
		if (!take_number(r, &v->at, 1, &extended))
			return false;
		v->type = 7 + extended;
		if (v->type <= TYPE_MAP || v->type >= TYPE_N ||
			(v->type > TYPE_ARRAY && v->type < TYPE_BOOLEAN))
			return false;
	}
	/* A member takes a byte at least. */
	return read_size(r, control, v) && is_sized(v) &&
	       v->size <= r->in.len && own_len(v) <= r->in.len - v->at;
}

static bool follow(struct reader *r, struct value *v)
{
	if (v->type != TYPE_POINTER)
		return true;
	return read_value(r, v->size, v) && v->type != TYPE_POINTER;
}

/* Puts at behind the value there, with all of its members. */
static bool skip(struct reader *r, size_t *at, bool has_pointers)
{
	uint64_t left = 1;
	struct value v;

	for (; left; left--) {
		if (!read_value(r, *at, &v) ||
			(v.type == TYPE_POINTER && !has_pointers))
			return false;
		*at = v.at + own_len(&v);
		if (has_members(&v))
			left += v.type == TYPE_MAP ? 2ull * v.size : v.size;
	}
	return true;
}

static bool find_member(struct reader *r, struct value *v, struct bytes name)
{
	uint32_t n = v->size;
	size_t at = v->at;
	struct value key;

	if (v->type != TYPE_MAP)
		return false;
	for (; n; n--) {
		if (!read_value(r, at, &key))
			return false;
		at = key.at + own_len(&key);
		if (!follow(r, &key) || key.type != TYPE_TEXT)
			return false;
		if (bytes_equal(
			    name, (struct bytes){ r->in.p + key.at, key.size }))
			return read_value(r, at, v) && follow(r, v);
		if (!skip(r, &at, true))
			return false;
	}
	return false;
}

static bool find(struct reader *r, size_t at, const char *path, struct value *v)
{
	if (!read_value(r, at, v) || !follow(r, v))
		return false;
	while (*path) {
		size_t len = strcspn(path, "/");

		if (!find_member(r, v, (struct bytes){ path, len }))
			return false;
		path += len + (path[len] == '/');
	}
	return true;
}

bool geodata_text(
	struct bytes section, size_t at, const char *path, struct bytes *to)
{
	struct reader r = { .in = section };
	struct value v;

	if (!find(&r, at, path, &v) || v.type != TYPE_TEXT || !v.size)
		return false;
	*to = (struct bytes){ section.p + v.at, v.size };
	return true;
}

bool geodata_number(
	struct bytes section, size_t at, const char *path, uint64_t *to)
{
	struct reader r = { .in = section };
	struct value v;

	if (!find(&r, at, path, &v) ||
		(v.type != TYPE_UINT16 && v.type != TYPE_UINT32 &&
			v.type != TYPE_UINT64))
		return false;
	*to = 0;
	for (uint32_t i = 0; i < v.size; i++)
		*to = *to << 8 | (unsigned char)section.p[v.at + i];
	return true;
}

/* Whether a list or a map of the description has texts, and nothing else. */
static bool has_texts(struct bytes text, const char *path, enum type type)
{
	struct reader r = { .in = text };
	struct value v, member;
	size_t at;

	if (!find(&r, 0, path, &v) || v.type != type)
		return false;
	at = v.at;
	for (uint32_t n = type == TYPE_MAP ? 2 * v.size : v.size; n; n--) {
		if (!read_value(&r, at, &member) || member.type != TYPE_TEXT)
			return false;
		at = member.at + member.size;
	}
	return true;
}

static bool find_description(struct bytes file, struct bytes *to)
{
	struct bytes rest = file;
	const char *found;

	if (rest.len > DESCRIPTION_MAX) {
		rest.p += rest.len - DESCRIPTION_MAX;
		rest.len = DESCRIPTION_MAX;
	}
	*to = (struct bytes){ NULL, 0 };
	while (rest.len && (found = memmem(rest.p, rest.len, MARKER,
				    sizeof(MARKER) - 1))) {
		rest.len -= (size_t)(found - rest.p) + sizeof(MARKER) - 1;
		rest.p = found + sizeof(MARKER) - 1;
		*to = rest;
	}
	return to->p;
}

int geodata_check(struct bytes file, struct str *why)
{
	uint64_t nodes, record_bits, version;
	struct bytes text;
	struct reader r = { .steps = 0 };
	size_t end = 0;

	if (!find_description(file, &text)) {
		str_addz(why, "not a MaxMind database");
		return -1;
	}
	r.in = text;
	if (!skip(&r, &end, false)) {
		str_addz(why, "its description is cut, too long or refers to "
			      "other places");
		return -1;
	}
	/* The library has leaks where they are something else. */
	if (!has_texts(text, "languages", TYPE_ARRAY) ||
		!has_texts(text, "description", TYPE_MAP)) {
		str_addz(why, "its languages or description are no texts");
		return -1;
	}
	if (!geodata_number(text, 0, "node_count", &nodes) ||
		!geodata_number(text, 0, "record_size", &record_bits) ||
		!geodata_number(text, 0, "ip_version", &version)) {
		str_addz(why, "its description lacks node_count, record_size "
			      "or ip_version");
		return -1;
	}
	if (!nodes || nodes > UINT32_MAX ||
		(record_bits != 24 && record_bits != 28 && record_bits != 32) ||
		(version != 4 && version != 6)) {
		str_addz(why, "its description makes no sense");
		return -1;
	}
	if (nodes * record_bits / 4 + SEPARATOR_LEN + sizeof(MARKER) - 1 >
		file.len - text.len) {
		str_addz(why, "cut: shorter than its tree");
		return -1;
	}
	return 0;
}
