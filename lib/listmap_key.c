// SPDX-License-Identifier: GPL-3.0-or-later
#include "listmap_key.h"

#include <stdbool.h>

#include "map.h"

uint64_t listmap_hash(
	const uint64_t seed[2], enum listmap_kind kind, struct bytes value)
{
	const uint64_t own[2] = { seed[0] + kind, seed[1] };
	uint64_t hash = map_siphash(own, value.p, value.len);

	return hash ? hash : 1;
}

uint64_t listmap_hash_net(const uint64_t seed[2],
	const unsigned char address[16], unsigned int bits)
{
	unsigned char key[17] = { 0 };

	key[16] = (unsigned char)bits;
	memcpy(key, address, bits / 8);
	if (bits % 8)
		key[bits / 8] = (unsigned char)(address[bits / 8] &
						0xff00u >> bits % 8);
	return listmap_hash(seed, LISTMAP_NET,
		(struct bytes){ (const char *)key, sizeof(key) });
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Where the path of a URL begins, 0 for what is none. */
static size_t path_at(struct bytes v)
{
	size_t i = 0;

	while (i < v.len && v.p[i] != ':')
		i++;
	if (i == 0 || i + 2 >= v.len || v.p[i + 1] != '/' || v.p[i + 2] != '/')
		return 0;
	for (i += 3; i < v.len && !strchr("/?#", v.p[i]); i++)
		;
	return i;
}

static bool ends_with(const struct str *s, const char *text)
{
	size_t len = strlen(text);

	return s->len > len && !memcmp(s->p + s->len - len, text, len);
}

static bool begins_with(const struct str *s, const char *text)
{
	size_t len = strlen(text);

	return s->len > len && !memcmp(s->p, text, len);
}

void listmap_plain(struct str *to, struct bytes v)
{
	size_t path = path_at(v), end = path ? path : v.len;

	str_reset(to);
	for (size_t i = 0; i < end; i++)
		str_addc(to, lower(v.p[i]));
	if (!path) {
		while (to->len && to->p[to->len - 1] == '.')
			str_cut(to, to->len - 1);
		return;
	}
	if ((begins_with(to, "http://") && ends_with(to, ":80")) ||
		(begins_with(to, "ftp://") && ends_with(to, ":21")))
		str_cut(to, to->len - 3);
	else if (begins_with(to, "https://") && ends_with(to, ":443"))
		str_cut(to, to->len - 4);
	/* The root is there whether it is written or not. */
	if (path == v.len || v.p[path] != '/')
		str_addc(to, '/');
	for (size_t i = path; i < v.len && v.p[i] != '#'; i++)
		str_addc(to, v.p[i]);
}
