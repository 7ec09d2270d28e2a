// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * URLs, by RFC 3986 as far as shells and programs quote them: what a shell
 * takes for its own ends one. The value is built while the text is read, for
 * JSON's \/ is a slash and a host may be defanged.
 */
#include <ctype.h>

#include "ioc_scan.h"
#include "text.h"

#define SCHEME_MAX 14

struct scheme {
	struct bytes name;
	const char *plain; /* NULL: the name itself */
	bool is_glued; /* known behind other letters: -Lhttp://, git+https */
};

/* Beside what tools fetch from: what JNDI looks up, miners connect to and
 * proxies are named by. */
static const struct scheme schemes[] = {
	{ BYTES("http"), NULL, true },
	{ BYTES("https"), NULL, true },
	{ BYTES("hxxp"), "http", true },
	{ BYTES("hxxps"), "https", true },
	{ BYTES("ftp"), NULL, true },
	{ BYTES("ftps"), NULL, true },
	{ BYTES("sftp"), NULL, true },
	{ BYTES("tftp"), NULL, true },
	{ BYTES("fxp"), "ftp", false },
	{ BYTES("fxps"), "ftps", false },
	{ BYTES("sfxp"), "sftp", false },
	{ BYTES("ldap"), NULL, true },
	{ BYTES("ldaps"), NULL, true },
	{ BYTES("rmi"), NULL, false },
	{ BYTES("dns"), NULL, false },
	{ BYTES("iiop"), NULL, false },
	{ BYTES("corba"), NULL, false },
	{ BYTES("smb"), NULL, false },
	{ BYTES("ws"), NULL, false },
	{ BYTES("wss"), NULL, false },
	{ BYTES("telnet"), NULL, false },
	{ BYTES("file"), NULL, false },
	{ BYTES("tcp"), NULL, false },
	{ BYTES("udp"), NULL, false },
	{ BYTES("ssl"), NULL, false },
	{ BYTES("tls"), NULL, false },
	{ BYTES("git"), NULL, false },
	{ BYTES("ssh"), NULL, false },
	{ BYTES("svn"), NULL, false },
	{ BYTES("rsync"), NULL, false },
	{ BYTES("gopher"), NULL, false },
	{ BYTES("dict"), NULL, false },
	{ BYTES("irc"), NULL, false },
	{ BYTES("ircs"), NULL, false },
	{ BYTES("socks4"), NULL, false },
	{ BYTES("socks4a"), NULL, false },
	{ BYTES("socks5"), NULL, false },
	{ BYTES("socks5h"), NULL, false },
	{ BYTES("stratum"), NULL, false },
	{ BYTES("stratum+tcp"), NULL, false },
	{ BYTES("stratum+tls"), NULL, false },
	{ BYTES("stratum+ssl"), NULL, false },
	{ BYTES("stratum1+tcp"), NULL, false },
	{ BYTES("stratum2+tcp"), NULL, false },
};

struct url {
	size_t at; /* of the scheme, in the text */
	size_t next; /* the text's byte that is read next */
	char v[IOC_VALUE_MAX];
	size_t len;
	size_t user; /* in v: what follows "://" */
	size_t host, host_end;
	size_t rest; /* path, query and fragment */
	bool is_defanged; /* a marker stands where the host ends */
	bool is_file;
};

static bool is_scheme_char(char c)
{
	return scan_is(c, SCAN_ALNUM) || c == '+';
}

/* The longest scheme that ends at i; NULL if there is none. */
static const struct scheme *scheme_at(const struct scan *s, size_t i)
{
	const struct scheme *best = NULL;
	char name[SCHEME_MAX];
	size_t n = 0;

	while (n < SCHEME_MAX && n < i - s->floor &&
		is_scheme_char(s->text.p[i - 1 - n])) {
		n++;
		name[SCHEME_MAX - n] = scan_lower(s->text.p[i - n]);
	}
	for (size_t k = 0; k < sizeof(schemes) / sizeof(schemes[0]); k++) {
		const struct scheme *c = &schemes[k];
		const char *from = name + SCHEME_MAX - c->name.len;

		if (c->name.len > n || (best && best->name.len > c->name.len) ||
			from[0] != c->name.p[0] ||
			memcmp(from, c->name.p, c->name.len))
			continue;
		if (c->is_glued || c->name.len == n || from[-1] == '+')
			best = c;
	}
	return best;
}

/* "//" or JSON's "\/\/" behind the colon; its length. */
static size_t slashes(const struct scan *s, size_t i)
{
	const char *p = s->text.p + i;
	size_t left = s->text.len - i;

	if (left >= 2 && p[0] == '/' && p[1] == '/')
		return 2;
	return left >= 4 && !memcmp(p, "\\/\\/", 4) ? 4 : 0;
}

static void put(struct url *u, char c)
{
	if (u->len < sizeof(u->v))
		u->v[u->len++] = c;
}

static void put_scheme(struct url *u, const struct scheme *c)
{
	struct bytes name = c->plain ? bytes_of(c->plain) : c->name;

	memcpy(u->v, name.p, name.len);
	memcpy(u->v + name.len, "://", 3);
	u->len = name.len + 3;
	u->user = u->len;
	u->is_file = bytes_equal(name, BYTES("file"));
}

/* Passes over user:password@, which ends at the last @ before the path. */
static void read_user(const struct scan *s, struct url *u)
{
	size_t from = u->next, last = SIZE_MAX;

	for (size_t i = from; i < s->text.len && i - from < IOC_VALUE_MAX / 2;
		i++) {
		char c = s->text.p[i];

		if (scan_is(c, SCAN_URL_END) || scan_in("/?#;&(),", c))
			break;
		if (c == '@')
			last = i;
	}
	if (last == SIZE_MAX)
		return;
	while (u->next <= last)
		put(u, s->text.p[u->next++]);
}

/* Reads [IPv6]. */
static bool read_bracketed(const struct scan *s, struct url *u)
{
	struct bytes b = { s->text.p + u->next + 1, 0 };
	size_t left = s->text.len - u->next - 1, n;

	while (b.len < left && (scan_is(b.p[b.len], SCAN_HEX) ||
				       b.p[b.len] == ':' || b.p[b.len] == '.'))
		b.len++;
	n = b.len;
	if (n < left && b.p[n] == '%') /* a zone, of no use elsewhere */
		for (n++; n < left && scan_is(b.p[n], SCAN_HOST);)
			n++;
	if (n == left || b.p[n] != ']' || !scan_ipv6_kind(b, true))
		return false;
	put(u, '[');
	u->host = u->len;
	for (size_t i = 0; i < b.len; i++)
		put(u, scan_lower(b.p[i]));
	u->host_end = u->len;
	put(u, ']');
	u->next += n + 2;
	return true;
}

/* Digits and dots that are no address are no host either. */
static bool is_host(struct bytes b)
{
	bool is_number = true, has_dot = false;

	for (size_t i = 0; i < b.len; i++) {
		is_number &= scan_is_digit(b.p[i]) || b.p[i] == '.';
		has_dot |= b.p[i] == '.';
	}
	if (is_number && has_dot)
		return scan_ipv4_len(b) == b.len;
	return scan_is_labels(b);
}

static bool read_host(const struct scan *s, struct url *u)
{
	struct bytes b = { s->text.p + u->next, 0 };
	size_t left = s->text.len - u->next;
	char plain;

	if (left && b.p[0] == '[' && !scan_marker(s, u->next, &plain))
		return read_bracketed(s, u);
	while (b.len < left && scan_is(b.p[b.len], SCAN_HOST) &&
		b.len <= SCAN_HOST_MAX + 1)
		b.len++;
	u->next += b.len;
	if (scan_marker(s, u->next, &plain)) {
		u->is_defanged = true;
		return false;
	}
	while (b.len && b.p[b.len - 1] == '.')
		b.len--;
	u->host = u->len;
	if (!b.len)
		return u->is_file && u->host == u->user;
	if (!is_host(b))
		return false;
	for (size_t i = 0; i < b.len; i++)
		put(u, scan_lower(b.p[i]));
	u->host_end = u->len;
	return true;
}

/* Reads :port. False: something else is there, and the URL ends before it. */
static bool read_port(const struct scan *s, struct url *u)
{
	size_t i = u->next + 1;
	unsigned int port = 0;

	if (scan_at(s, u->next) != ':')
		return true;
	while (i - u->next <= 5 && scan_is_digit(scan_at(s, i)))
		port = port * 10 + (unsigned int)(s->text.p[i++] - '0');
	if (port > UINT16_MAX || scan_is(scan_at(s, i), SCAN_ALNUM) ||
		scan_at(s, i) == '$')
		return false;
	if (i > u->next + 1)
		for (size_t k = u->next; k < i; k++)
			put(u, s->text.p[k]);
	u->next = i;
	return true;
}

/* Whether name=... follows, as it does behind the & of a query. */
static bool is_parameter(const struct scan *s, size_t i)
{
	size_t from = i;

	while (scan_is(scan_at(s, i), SCAN_MAIL) && i - from < SCAN_LABEL_MAX)
		i++;
	return i > from && scan_at(s, i) == '=';
}

struct nesting {
	unsigned int round, square, curly;
	bool has_query;
};

/* Whether the byte at i is the URL's, by the brackets open in it. */
static bool is_balanced(struct nesting *n, char c)
{
	unsigned int *open = scan_in("()", c)   ? &n->round
			     : scan_in("[]", c) ? &n->square
						: &n->curly;

	if (scan_in("([{", c))
		++*open;
	else if (!*open)
		return false;
	else
		--*open;
	return true;
}

static bool goes_on(const struct scan *s, size_t i, struct nesting *n)
{
	char c = s->text.p[i], next = scan_at(s, i + 1);

	if (scan_is(c, SCAN_URL_END))
		return c == '\\' && next == '/';
	switch (c) {
	case '?':
		n->has_query = true;
		return true;
	case '&':
		return n->has_query && is_parameter(s, i + 1);
	case ';':
		return s->text.len - i > 12 &&
		       !memcmp(s->text.p + i + 1, "jsessionid=", 11) &&
		       isalnum((unsigned char)scan_at(s, i + 12));
	case '$':
		return !scan_in("({_", next) && !scan_is_alpha(next);
	case '(':
	case ')':
	case '[':
	case ']':
	case '{':
	case '}':
		return is_balanced(n, c);
	default:
		return true;
	}
}

/* An & or ; that goes on is the URL's for what follows it: up to where? */
static size_t behind_name(const struct scan *s, size_t i)
{
	size_t end = i;

	while (s->text.p[end] != '=')
		end++;
	return end + (s->text.p[i] == ';' ? 2 : 1);
}

static void read_rest(const struct scan *s, struct url *u)
{
	struct nesting n = { 0 };
	size_t i = u->next, name_end = 0, whole = 0;

	u->rest = u->len;
	if (!scan_in("/?#", scan_at(s, i)) &&
		!(scan_at(s, i) == '\\' && scan_at(s, i + 1) == '/'))
		return;
	for (; i < s->text.len && u->len < sizeof(u->v); i++) {
		if (!goes_on(s, i, &n))
			break;
		if (s->text.p[i] == '&' || s->text.p[i] == ';') {
			name_end = behind_name(s, i);
			whole = u->len;
		}
		if (s->text.p[i] != '\\')
			put(u, s->text.p[i]);
	}
	/* What is told of one that is too long is a URL, too. */
	if (i < name_end)
		u->len = whole;
	u->next = i;
	/* A sentence, a list or a call goes on; a slash is the path's. */
	while (u->len > u->rest && scan_in(".,:!?([{*", u->v[u->len - 1]))
		u->len--;
}

static bool read_url(const struct scan *s, struct url *u)
{
	char after;

	read_user(s, u);
	if (!read_host(s, u))
		return false;
	if (!u->host_end)
		u->host_end = u->host;
	u->rest = u->len;
	if (!read_port(s, u))
		return u->host_end > u->host;
	after = scan_at(s, u->next);
	/* A host with a variable in it is not this one. */
	if (scan_in("$%*={~!@", after) || after == '_')
		return false;
	read_rest(s, u);
	return u->host_end > u->host || u->len > u->rest + 1;
}

/* A number that is an address: http://2130706433/. */
static void found_number(struct scan *s, size_t at, struct bytes host)
{
	uint64_t v;
	struct str dotted;

	if (text_u64(host, 10, &v) || v < 1u << 24 || v > UINT32_MAX)
		return;
	str_init(&dotted, 16);
	str_addf(&dotted, "%u.%u.%u.%u", (unsigned int)(v >> 24),
		(unsigned int)(v >> 16 & 255), (unsigned int)(v >> 8 & 255),
		(unsigned int)(v & 255));
	scan_found(s, at, IOC_IPV4, str_bytes(&dotted));
	str_fini(&dotted);
}

static void found_host(struct scan *s, const struct url *u)
{
	struct bytes host = { u->v + u->host, u->host_end - u->host };
	enum name_kind kind;

	if (!host.len)
		return;
	if (u->host && u->v[u->host - 1] == '[') {
		if (scan_ipv6_kind(host, true) == IPV6_PEER)
			scan_ipv6_found(s, u->at, host);
		return;
	}
	if (scan_ipv4_len(host) == host.len) {
		scan_found(s, u->at, IOC_IPV4, host);
		return;
	}
	kind = scan_name_kind(s, host);
	if (kind)
		scan_name_found(s, u->at, kind, host);
	else
		found_number(s, u->at, host);
}

/* What the path and the query hold, their percent signs undone once. */
static void scan_rest(struct scan *s, const struct url *u)
{
	char plain[IOC_VALUE_MAX];
	unsigned int runs = 1u << IOC_MD5 | 1u << IOC_SHA1 | 1u << IOC_SHA256 |
			    1u << IOC_WALLET;
	size_t n = 0;

	if (s->depth >= SCAN_DEPTH_MAX || u->len - u->rest < 4)
		return;
	for (size_t i = u->rest; i < u->len; i++) {
		const char *p = u->v + i;

		if (*p == '%' && u->len - i > 2 &&
			!text_unhex(p + 1, 2, plain + n))
			i += 2;
		else
			plain[n] = *p;
		n++;
	}
	/* The text's own pass finds the runs that stand there plainly. */
	scan_inner(s, u->at, (struct bytes){ plain, n },
		~runs & ~(1u << IOC_LINUX_PATH | 1u << IOC_WINDOWS_PATH),
		false);
}

size_t scan_url_colon(struct scan *s, size_t i)
{
	const struct scheme *scheme;
	size_t n = slashes(s, i + 1);
	struct url u;

	if (!n)
		return i + 1;
	scheme = scheme_at(s, i);
	if (!scheme)
		return i + 1 + n;
	/* Without its two thousand bytes of v. */
	u.at = i - scheme->name.len;
	u.next = i + 1 + n;
	u.host = u.host_end = u.rest = 0;
	u.is_defanged = false;
	put_scheme(&u, scheme);
	if (!read_url(s, &u))
		return u.is_defanged ? scan_refang(s, u.next) : i + 1 + n;
	scan_found(s, u.at, IOC_URL, (struct bytes){ u.v, u.len });
	found_host(s, &u);
	scan_rest(s, &u);
	s->floor = u.next;
	return u.next;
}
