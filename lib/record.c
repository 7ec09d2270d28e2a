// SPDX-License-Identifier: GPL-3.0-or-later
#include "record.h"

#include "str_block.h"
#include "text.h"

#define ENRICHED_MARK '\x1d'
/* Beyond any kernel's: "sec" is 64 bit, a node name at most a host name. */
#define SEC_DIGITS_MAX 12

static const struct bytes names[] = {
#define X(name) { #name, sizeof(#name) - 1 },
	RECORD_TYPES(X) RECORD_MESSAGES(X)
#undef X
};

const char *record_type_name(enum record_type type)
{
	return type < RECORD_OTHER ? names[type].p : "OTHER";
}

static enum record_type type_of(struct bytes name)
{
	for (unsigned int t = 0; t < RECORD_OTHER; t++)
		if (name.len == names[t].len && name.p[0] == names[t].p[0] &&
			!memcmp(name.p, names[t].p, name.len))
			return (enum record_type)t;
	return RECORD_OTHER;
}

/* Takes lit off the front of *s. */
static inline bool skip(struct bytes *s, struct bytes lit)
{
	if (s->len < lit.len || memcmp(s->p, lit.p, lit.len) != 0)
		return false;
	s->p += lit.len;
	s->len -= lit.len;
	return true;
}

/* Takes everything up to the stop byte, and the byte, off the front of *s. */
static bool word(struct bytes *s, char stop, struct bytes *w)
{
	const char *end = s->len ? memchr(s->p, stop, s->len) : NULL;

	if (!end || end == s->p)
		return false;
	*w = (struct bytes){ s->p, (size_t)(end - s->p) };
	s->p = end + 1;
	s->len -= w->len + 1;
	return true;
}

/* Takes digits and the stop byte off the front of *s. */
static bool number(struct bytes *s, char stop, size_t digits_max, uint64_t *v)
{
	const char *p = s->p;
	const char *end = p + (s->len < digits_max ? s->len : digits_max);
	uint64_t sum = 0;

	while (p < end && (unsigned char)(*p - '0') < 10)
		sum = sum * 10 + (uint64_t)(*p++ - '0');
	if (p == s->p || p == s->p + s->len || *p != stop)
		return false;
	*v = sum;
	s->len -= (size_t)(p + 1 - s->p);
	s->p = p + 1;
	return true;
}

/* SEC.MSEC:SERIAL) off the front of *s. */
static bool stamp(struct bytes *s, struct record_memo *memo, struct record *rec)
{
	const char *start = s->p;
	uint64_t sec, msec, serial;
	size_t len;

	if (memo && memo->len && s->len >= memo->len &&
		!memcmp(start, memo->stamp, memo->len)) {
		s->p += memo->len;
		s->len -= memo->len;
		rec->time_ms = memo->time_ms;
		rec->serial = memo->serial;
		return true;
	}
	if (!number(s, '.', SEC_DIGITS_MAX, &sec) ||
		!number(s, ':', 3, &msec) || !number(s, ')', 10, &serial) ||
		serial > UINT32_MAX)
		return false;
	rec->time_ms = (int64_t)(sec * 1000 + msec);
	rec->serial = (uint32_t)serial;
	len = (size_t)(s->p - start);
	if (!memo || len > sizeof(memo->stamp))
		return true;
	memcpy(memo->stamp, start, len);
	memo->len = len;
	memo->time_ms = rec->time_ms;
	memo->serial = rec->serial;
	return true;
}

static const char *mark_of(enum record_type type, struct bytes s)
{
	if (!s.len)
		return NULL;
	if (!record_is_message(type))
		return memchr(s.p, ENRICHED_MARK, s.len);
	return s.p[s.len - 1] == '\'' ? NULL
				      : memrchr(s.p, ENRICHED_MARK, s.len);
}

int record_parse(const char *line, size_t len, struct record_memo *memo,
	struct record *rec)
{
	struct bytes s = { line, len };
	const char *mark;

	*rec = (struct record){ .type = RECORD_OTHER };
	if (skip(&s, BYTES("node=")) && !word(&s, ' ', &rec->node))
		return -1;
	if (!skip(&s, BYTES("type=")) || !word(&s, ' ', &rec->type_name) ||
		!skip(&s, BYTES("msg=audit(")) || !stamp(&s, memo, rec) ||
		!skip(&s, BYTES(":")))
		return -1;
	while (s.len && s.p[0] == ' ') {
		s.p++;
		s.len--;
	}
	rec->type = type_of(rec->type_name);
	mark = mark_of(rec->type, s);
	if (mark) {
		rec->enriched.p = mark + 1;
		rec->enriched.len = (size_t)(s.p + s.len - mark) - 1;
		s.len = (size_t)(mark - s.p);
	}
	while (s.len && s.p[s.len - 1] == ' ')
		s.len--;
	rec->body = s;
	return 0;
}

/* Fields are short: the first blocks tell before memchr has begun. Values of
 * many bytes are left to it. */
#define BLOCKS 4

static const char *blank_from(const char *p, const char *end)
{
	unsigned int n = 0;

	for (; n < BLOCKS && end - p >= BLOCK_LEN; n++, p += BLOCK_LEN) {
		struct block_marks m =
			block_marks((block)(block_load(p) == (uint8_t)' '));

		if (m.lo | m.hi)
			return p + block_first(m);
	}
	if (n == BLOCKS) {
		p = memchr(p, ' ', (size_t)(end - p));
		return p ? p : end;
	}
	while (p < end && *p != ' ')
		p++;
	return p;
}

bool record_next(struct bytes *rest, struct bytes *name, struct bytes *value)
{
	const char *p = rest->p, *end;

	if (!rest->len)
		return false;
	end = p + rest->len;
	while (p < end) {
		const char *start = p, *eq;

		while (p < end && *p != '=' && *p != ' ')
			p++;
		eq = p;
		p = blank_from(p, end);
		if (eq < end && *eq == '=') {
			*name = (struct bytes){ start, (size_t)(eq - start) };
			*value = (struct bytes){ eq + 1, (size_t)(p - eq) - 1 };
			p += p < end;
			*rest = (struct bytes){ p, (size_t)(end - p) };
			return true;
		}
		p += p < end;
	}
	*rest = (struct bytes){ end, 0 };
	return false;
}

struct bytes record_field(struct bytes body, struct bytes name)
{
	struct bytes n, v;

	while (record_next(&body, &n, &v))
		if (bytes_equal(n, name))
			return v;
	return (struct bytes){ NULL, 0 };
}

struct bytes record_text(struct bytes value, char *dst)
{
	if (value.len >= 2 && value.p[0] == '"' &&
		value.p[value.len - 1] == '"')
		return (struct bytes){ value.p + 1, value.len - 2 };
	if (!value.p || bytes_equal(value, BYTES("(null)")) ||
		bytes_equal(value, BYTES("(none)")))
		return (struct bytes){ NULL, 0 };
	if (value.len && text_unhex(value.p, value.len, dst) == 0)
		return (struct bytes){ dst, value.len / 2 };
	return value;
}

void record_add_text(struct str *out, struct bytes value)
{
	/* What turns out to be no hex leaves junk there. */
	char *to = str_room(out, value.len);
	struct bytes text;

	if (!to)
		return;
	text = record_text(value, to);
	if (text.len && text.p != to)
		memcpy(to, text.p, text.len);
	str_cut(out, out->len + text.len);
}
