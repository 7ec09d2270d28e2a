// SPDX-License-Identifier: GPL-3.0-or-later
#include "askable.h"

#include <libpsl.h>
#include <stdlib.h>

#include "address.h"
#include "map.h"
#include "rowline.h"
#include "text.h"

#define NAME_MAX_LEN 253

/* 128 bits: an IPv4 address stands in ::ffff:0:0/96. */
struct net {
	unsigned char address[16];
	unsigned int bits;
};

struct askable_rules {
	struct net nets[ASKABLE_NETS_MAX];
	size_t n_nets;
	uint64_t seed[2];
	struct map *values; /* of 64-bit hashes */
};

/* --- addresses --------------------------------------------------------------
 */

static bool is_inside(const unsigned char a[16], const struct net *n)
{
	size_t whole = n->bits / 8;
	unsigned int rest = n->bits % 8;

	return !memcmp(a, n->address, whole) &&
	       (!rest || !((a[whole] ^ n->address[whole]) >> (8 - rest)));
}

/* --- the operator's rows ----------------------------------------------------
 */

struct askable_rules *askable_rules_new(const unsigned long long seed[2])
{
	struct askable_rules *r = calloc(1, sizeof(*r));
	struct map_conf cf = { .key_len = sizeof(uint64_t),
		.value_len = 1,
		.max = ASKABLE_VALUES_MAX,
		.seed = { seed[0], seed[1] } };

	if (!r)
		return NULL;
	r->seed[0] = ~seed[0];
	r->seed[1] = seed[1];
	r->values = map_new(&cf);
	if (r->values)
		return r;
	free(r);
	return NULL;
}

void askable_rules_free(struct askable_rules *r)
{
	if (!r)
		return;
	map_free(r->values);
	free(r);
}

static uint64_t hash_of(const struct askable_rules *r, struct bytes b)
{
	char lower[IOC_VALUE_MAX];

	if (b.len > sizeof(lower))
		b.len = sizeof(lower);
	for (size_t i = 0; i < b.len; i++) {
		char c = b.p[i];

		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	return map_siphash(r->seed, lower, b.len);
}

static int add_net(struct askable_rules *r, struct bytes address,
	struct bytes bits, bool has_bits, struct rowline *l)
{
	uint64_t v, most;
	struct net n;

	if (!address_parse(address, n.address))
		return 0;
	v = most = address_is_ipv4(n.address) ? 32 : 128;
	if (has_bits && (text_u64(bits, 10, &v) < 0 || v > most)) {
		str_addf(l->why, "no net has /%.*s", rowline_shown(bits),
			bits.p);
		return -1;
	}
	if (r->n_nets == ASKABLE_NETS_MAX)
		return rowline_full(l);
	n.bits = (unsigned int)v + (address_is_ipv4(n.address) ? 96 : 0);
	r->nets[r->n_nets++] = n;
	return 1;
}

static int take(struct askable_rules *r, struct rowline *l)
{
	struct bytes v = str_bytes(&l->token);
	const char *slash = memchr(v.p, '/', v.len);
	struct bytes head = { v.p, slash ? (size_t)(slash - v.p) : v.len };
	struct bytes tail = { slash ? slash + 1 : NULL,
		slash ? v.len - head.len - 1 : 0 };
	int rc = add_net(r, head, tail, slash != NULL, l);
	uint64_t hash;

	if (rc)
		return rc < 0 ? -1 : 0;
	if (v.len > IOC_VALUE_MAX) {
		str_addf(l->why, "more than %d bytes", IOC_VALUE_MAX);
		return -1;
	}
	while (v.len > 1 && v.p[0] == '.')
		v.p++, v.len--;
	hash = hash_of(r, v);
	if (map_count(r->values) == ASKABLE_VALUES_MAX ||
		!map_note(r->values, &hash))
		return rowline_full(l);
	return 0;
}

int askable_rules_line(
	struct askable_rules *r, struct bytes line, struct str *why)
{
	struct rowline l;
	int rc = rowline_open_row(&l, line, "never", why);

	if (rc > 0) {
		rc = rowline_next(&l);
		if (rc == 0) {
			str_addz(why, "never what?");
			rc = -1;
		}
	}
	if (rc > 0)
		rc = take(r, &l) < 0 ? -1 : rowline_next(&l);
	if (rc > 0) {
		str_addf(why, "'%.64s' is one too many", str_z(&l.token));
		rc = -1;
	}
	rowline_close(&l);
	return rc;
}

static bool is_listed(struct askable_rules *r, struct bytes value)
{
	uint64_t hash;

	if (!r)
		return false;
	hash = hash_of(r, value);
	return map_find(r->values, &hash) != NULL;
}

/* --- the question -----------------------------------------------------------
 */

static bool may_address(struct askable_rules *r, struct bytes value)
{
	unsigned char a[16];

	/* One of NAT64 or 6to4 names a translator inside. */
	if (!address_parse(value, a) || !address_is(value, "public") ||
		(!address_is_ipv4(a) &&
			((a[0] & 0xe0) != 0x20 || a[1] == 0x02)))
		return false;
	for (size_t i = 0; r && i < r->n_nets; i++)
		if (is_inside(a, &r->nets[i]))
			return false;
	return true;
}

/* What RFC 2606 and 6761 set aside below suffixes that are real. */
static bool is_example(struct bytes name)
{
	static const char *const names[] = { "example.com", "example.net",
		"example.org", "home.arpa", "in-addr.arpa", "ip6.arpa" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (name.len < len ||
			memcmp(name.p + name.len - len, names[i], len))
			continue;
		if (name.len == len || name.p[name.len - len - 1] == '.')
			return true;
	}
	return false;
}

/* The last label has to be one that ICANN gave out, and something has to stand
 * before the public suffix. */
static bool is_of_icann(const char *name)
{
	const psl_ctx_t *psl = psl_builtin();
	const int kind = PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE;
	const char *last = strrchr(name, '.');

	return psl && last && psl_is_public_suffix2(psl, last + 1, kind) &&
	       !psl_is_public_suffix2(psl, name, kind);
}

static bool may_name(struct askable_rules *r, struct bytes value)
{
	char z[NAME_MAX_LEN + 1];
	struct bytes rest = value;

	if (!value.len || value.len > NAME_MAX_LEN)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];

		z[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	z[value.len] = '\0';
	if (strlen(z) != value.len ||
		is_example((struct bytes){ z, value.len }))
		return false;
	while (rest.len) {
		const char *dot = memchr(rest.p, '.', rest.len);

		if (is_listed(r, rest))
			return false;
		rest.len -= dot ? (size_t)(dot + 1 - rest.p) : rest.len;
		rest.p = dot ? dot + 1 : NULL;
	}
	return is_of_icann(z);
}

/* The host of what stands behind "//"; *rest is what follows it. The brackets
 * of an IPv6 address go. */
static struct bytes take_host(struct bytes from, struct bytes *rest)
{
	size_t end = 0, at = 0;
	struct bytes host;

	while (end < from.len && !strchr("/?#\\", from.p[end]))
		end++;
	*rest = (struct bytes){ from.p + end, from.len - end };
	for (size_t i = 0; i < end; i++)
		if (from.p[i] == '@')
			at = i + 1;
	host = (struct bytes){ from.p + at, end - at };
	if (host.len && host.p[0] == '[') {
		const char *close = memchr(host.p, ']', host.len);

		host.p++;
		host.len = close ? (size_t)(close - host.p) : 0;
	} else {
		const char *colon = memchr(host.p, ':', host.len);

		host.len = colon ? (size_t)(colon - host.p) : host.len;
	}
	return host;
}

/* ":8080" behind the host, nothing else. */
static struct bytes port_of(struct bytes from, struct bytes host)
{
	const char *p = host.p + host.len, *end = from.p + from.len;
	struct bytes port;

	p += p < end && *p == ']';
	port = (struct bytes){ p, 0 };
	if (p == end || *p != ':')
		return port;
	for (port.len = 1; p + port.len < end && port.len < 6 &&
			   p[port.len] >= '0' && p[port.len] <= '9';
		port.len++)
		;
	return port;
}

static bool may_url(struct askable_rules *r, struct bytes value, struct str *as)
{
	static const char *const schemes[] = { "http://", "https://",
		"ftp://" };
	struct bytes from = { NULL, 0 }, host, rest, port;
	const char *scheme = NULL;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (value.len > strlen(schemes[i]) &&
			!memcmp(value.p, schemes[i], strlen(schemes[i])))
			scheme = schemes[i];
	if (!scheme)
		return false;
	from = (struct bytes){ value.p + strlen(scheme),
		value.len - strlen(scheme) };
	host = take_host(from, &rest);
	if (!may_address(r, host) && !may_name(r, host))
		return false;
	port = port_of((struct bytes){ from.p, from.len - rest.len }, host);
	str_addz(as, scheme);
	if (memchr(host.p, ':', host.len))
		str_addf(as, "[%.*s]", (int)host.len, host.p);
	else
		str_addb(as, host);
	str_addb(as, port);
	for (size_t i = 0; i < rest.len && !strchr("?#", rest.p[i]); i++)
		str_addc(as, rest.p[i]);
	return str_ok(as) && !is_listed(r, str_bytes(as));
}

bool askable(struct askable_rules *r, enum ioc_type type, struct bytes value,
	struct str *as)
{
	bool may = false;

	str_reset(as);
	if (memchr(value.p ? value.p : "", '\0', value.len) ||
		is_listed(r, value))
		return false;
	switch (type) {
	case IOC_IPV4:
	case IOC_IPV6:
		may = may_address(r, value);
		break;
	case IOC_DNS:
		may = may_name(r, value);
		break;
	case IOC_URL:
		return may_url(r, value, as);
	case IOC_MD5:
	case IOC_SHA1:
	case IOC_SHA256:
		may = true;
		break;
	default:
		break;
	}
	if (may)
		str_addb(as, value);
	return may && str_ok(as);
}
