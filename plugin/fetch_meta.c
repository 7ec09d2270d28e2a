// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch_meta.h"

#include "map.h"
#include "text.h"

uint64_t fetch_meta_source(const char *kind, const char *url)
{
	static const uint64_t seed[2];

	return map_siphash(seed, kind, strlen(kind)) ^
	       map_siphash(seed, url, strlen(url));
}

void fetch_meta_tag(char *to, size_t size, struct bytes from)
{
	bool is_good = from.len < size &&
		       text_printable(from.p, from.len) == from.len &&
		       text_ascii(from.p, from.len) == from.len;

	if (is_good && from.len)
		memcpy(to, from.p, from.len);
	to[is_good ? from.len : 0] = '\0';
}

static void take_line(struct fetch_meta *m, struct bytes line)
{
	const char *blank = memchr(line.p, ' ', line.len);
	size_t len = blank ? (size_t)(blank - line.p) : line.len;
	struct bytes name = { line.p, len }, v = { NULL, 0 };
	int64_t n;

	if (blank)
		v = (struct bytes){ blank + 1, line.len - len - 1 };
	if (bytes_equal(name, BYTES("source")))
		(void)!text_u64(v, 16, &m->source);
	else if (bytes_equal(name, BYTES("checked")) && text_i64(v, &n) == 0 &&
		 n > 0)
		m->checked_ms = n;
	else if (bytes_equal(name, BYTES("etag")))
		fetch_meta_tag(m->etag, sizeof(m->etag), v);
	else if (bytes_equal(name, BYTES("modified")))
		fetch_meta_tag(m->modified, sizeof(m->modified), v);
	else if (bytes_equal(name, BYTES("after")))
		fetch_meta_tag(m->after, sizeof(m->after), v);
}

void fetch_meta_parse(struct fetch_meta *m, struct bytes text)
{
	*m = (struct fetch_meta){ 0 };
	while (text.len) {
		const char *nl = memchr(text.p, '\n', text.len);
		size_t len = nl ? (size_t)(nl - text.p) : text.len;

		take_line(m, (struct bytes){ text.p, len });
		text.p += len + (nl ? 1 : 0);
		text.len -= len + (nl ? 1 : 0);
	}
}

static void add_tag(struct str *out, const char *name, const char *tag)
{
	if (tag[0])
		str_addf(out, "%s %s\n", name, tag);
}

void fetch_meta_print(const struct fetch_meta *m, struct str *out)
{
	str_addf(out, "source %016llx\nchecked %lld\n",
		(unsigned long long)m->source, (long long)m->checked_ms);
	add_tag(out, "etag", m->etag);
	add_tag(out, "modified", m->modified);
	add_tag(out, "after", m->after);
}
