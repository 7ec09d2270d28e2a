// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Host names. Half of all file names and member names end in what is also a
 * top-level domain, so a name alone must look like nothing else; in a URL, or
 * given to a network tool, it need not.
 */
#include <libpsl.h>

#include "ioc_scan.h"

#define ONION_V2 16
#define ONION_V3 56
/* Words in the tables below, zeros behind them. */
#define WORD_SIZE 9
#define WORD_MAX  8

/* The first eight bytes as a number that sorts as they do. */
static uint64_t key_of(const char *z)
{
	uint64_t v;

	memcpy(&v, z, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/* Whether the key is one of n sorted words. */
static bool is_among(uint64_t key, const char (*words)[WORD_SIZE], size_t n)
{
	size_t at = 0;

	while (n > 1) {
		size_t half = n / 2;

		if (key_of(words[at + half]) <= key)
			at += half;
		n -= half;
	}
	return key_of(words[at]) == key;
}

/* Top-level domains that are file types. */
static bool is_file_type(uint64_t key)
{
	static const char types[][WORD_SIZE] = { "ac", "am", "bz", "cab", "cat",
		"cc", "cf", "cl", "in", "la", "md", "mk", "ml", "mm", "mo",
		"mov", "pl", "pm", "ps", "pub", "py", "rs", "sc", "sh", "so",
		"st", "sv", "tf", "zip" };

	return is_among(key, types, sizeof(types) / sizeof(types[0]));
}

/* Top-level domains that programs and configurations call their things. */
static bool is_member(uint64_t key)
{
	static const char members[][WORD_SIZE] = { "active", "as", "audio",
		"author", "box", "build", "call", "channel", "codes", "contact",
		"data", "date", "day", "direct", "do", "dot", "email", "events",
		"fail", "fit", "foo", "game", "global", "group", "health",
		"help", "host", "id", "image", "int", "is", "java", "link",
		"map", "media", "menu", "name", "network", "new", "now", "one",
		"open", "page", "pid", "place", "play", "plus", "post", "prime",
		"read", "rename", "report", "rest", "review", "room", "run",
		"safe", "save", "schedule", "search", "security", "select",
		"services", "show", "style", "support", "systems", "tab",
		"target", "team", "tel", "tools", "total", "video", "watch",
		"zero", "zone" };

	return is_among(key, members, sizeof(members) / sizeof(members[0]));
}

/* File types that are no top-level domain: the list need not be asked. */
static bool is_plain_type(uint64_t key)
{
	static const char types[][WORD_SIZE] = { "bak", "bin", "c", "cfg",
		"class", "cnf", "conf", "cpp", "crt", "csv", "db", "deb", "err",
		"exe", "gz", "h", "html", "img", "ini", "iso", "jar", "java",
		"js", "json", "key", "local", "lock", "log", "mount", "o",
		"out", "path", "pem", "php", "pid", "png", "rb", "rpm", "rules",
		"service", "sock", "socket", "sql", "svc", "tar", "target",
		"tgz", "timer", "tmp", "txt", "war", "xml", "xz", "yaml",
		"yml" };

	return is_among(key, types, sizeof(types) / sizeof(types[0]));
}

bool scan_is_labels(struct bytes b)
{
	size_t from = 0;

	if (!b.len || b.len > SCAN_HOST_MAX)
		return false;
	for (size_t i = 0; i <= b.len; i++) {
		if (i < b.len && b.p[i] != '.') {
			if (!scan_is(b.p[i], SCAN_HOST))
				return false;
			continue;
		}
		if (i == from || i - from > SCAN_LABEL_MAX ||
			b.p[from] == '-' || b.p[i - 1] == '-')
			return false;
		from = i + 1;
	}
	return true;
}

static size_t label_of(struct bytes b, size_t end)
{
	while (end && b.p[end - 1] != '.')
		end--;
	return end;
}

/* RFC 7686: 16 or 56 characters of base32. */
static bool is_onion(struct bytes b, size_t tld)
{
	size_t end = tld - 1, at = label_of(b, end);

	if (end - at != ONION_V2 && end - at != ONION_V3)
		return false;
	/* The last byte of version 3 is its number. */
	if (end - at == ONION_V3 && scan_lower(b.p[end - 1]) != 'd')
		return false;
	for (size_t i = at; i < end; i++)
		if (!scan_is_alpha(b.p[i]) && (b.p[i] < '2' || b.p[i] > '7'))
			return false;
	return true;
}

static bool ask(const char *z)
{
	const psl_ctx_t *psl = psl_builtin();

	return psl && psl_is_public_suffix2(
			      psl, z, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

/* Whether hosts are registered below z. */
static bool is_suffix(struct suffixes *c, const char *z)
{
	char name[SUFFIX_LEN] = "";
	size_t len = strlen(z), slot;
	uint32_t hash = 2166136261u;

	if (len >= SUFFIX_LEN)
		return ask(z);
	memcpy(name, z, len);
	if (!c->is_ready)
		memset(c->slots, 0, sizeof(c->slots));
	c->is_ready = true;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)z[i]) * 16777619u;
	slot = (hash ^ hash >> 16) % SUFFIX_SLOTS;
	if (memcmp(c->slots[slot].name, name, SUFFIX_LEN) != 0) {
		memcpy(c->slots[slot].name, name, SUFFIX_LEN);
		c->slots[slot].is_suffix = ask(z);
	}
	return c->slots[slot].is_suffix;
}

/* Letters, or the ASCII form of what has others. */
static bool is_tld(struct bytes b)
{
	if (b.len < 2)
		return false;
	if (b.len > 4 && (b.p[0] | 32) == 'x' && (b.p[1] | 32) == 'n' &&
		b.p[2] == '-' && b.p[3] == '-')
		return true;
	for (size_t i = 0; i < b.len; i++)
		if (!scan_is_alpha(b.p[i]))
			return false;
	return true;
}

enum name_kind scan_name_kind(struct scan *s, struct bytes b)
{
	char z[SCAN_HOST_MAX + 1 + WORD_MAX];
	size_t tld, second;
	uint64_t key;

	if (!scan_is_labels(b) || !(tld = label_of(b, b.len)) ||
		!is_tld((struct bytes){ b.p + tld, b.len - tld }))
		return NAME_NOT;
	second = label_of(b, tld - 1);
	if (memchr(b.p + second, '_', b.len - second))
		return NAME_NOT;
	for (size_t i = 0; i < b.len; i++)
		z[i] = scan_lower(b.p[i]);
	memset(z + b.len, 0, WORD_MAX + 1);
	if (!strcmp(z + tld, "onion"))
		return is_onion(b, tld) ? NAME_ONION : NAME_NOT;
	if (!strcmp(z + tld, "arpa") || !is_suffix(s->suffixes, z + tld) ||
		is_suffix(s->suffixes, z))
		return NAME_NOT;
	key = b.len - tld > WORD_MAX ? 0 : key_of(z + tld);
	/* Below co.in there are hosts only. */
	if (second && is_suffix(s->suffixes, z + second))
		return NAME_DNS;
	if (is_file_type(key))
		return memcmp(z, "www.", 4) ? NAME_FILE : NAME_DNS;
	return is_member(key) ? NAME_CODE : NAME_DNS;
}

void scan_name_found(
	struct scan *s, size_t at, enum name_kind kind, struct bytes b)
{
	char value[SCAN_HOST_MAX];

	for (size_t i = 0; i < b.len; i++)
		value[i] = scan_lower(b.p[i]);
	scan_found(s, at, kind == NAME_ONION ? IOC_ONION : IOC_DNS,
		(struct bytes){ value, b.len });
}

/* A name in a run of host bytes, and what is around it. */
struct name {
	size_t at, end;
	size_t run_end;
	char before, after; /* the run; NUL at the text's ends */
	bool is_sure; /* its place says that it is a host */
};

/* Passes over what is no part of the name: the rest of an escape (\n, %2F), a
 * variable's name and the dot between $(whoami) and the host it goes to. */
static void skip_lead(const struct scan *s, struct name *n)
{
	const char *p = s->text.p + n->at;
	const char *dot = memchr(p, '.', n->end - n->at);

	if (p[0] == '.' && scan_in("*})`", n->before))
		n->at++, n->before = '\0';
	else if (dot && n->before == '$')
		n->at += (size_t)(dot - p) + 1, n->before = '\0';
	else if (n->before == '\\' && scan_in("nrt", p[0]))
		n->at++;
	else if (n->before == '%' && n->end - n->at > 2 &&
		 scan_is(p[0], SCAN_HEX) && scan_is(p[1], SCAN_HEX))
		n->at += 2;
}

/* What stands before the name: false if no host can follow it. */
static bool judge_before(struct scan *s, struct name *n)
{
	const char *p = s->text.p + n->at;

	switch (n->before) {
	case '/':
		if (n->at >= 9 && (!memcmp(p - 9, "/dev/tcp/", 9) ||
					  !memcmp(p - 9, "/dev/udp/", 9)))
			return n->is_sure = true;
		n->is_sure = n->at >= 3 && p[-2] == '/' && p[-3] == ':';
		return n->is_sure ||
		       (n->at >= 2 && p[-2] == '/' &&
			       (n->at == 2 || scan_is(p[-3], SCAN_BREAK) ||
				       scan_in("=(,", p[-3])));
	case '@': /* dig @server */
		return (n->at < 2 || scan_is(p[-2], SCAN_BREAK)) &&
		       sense_is_host(s, n->at - 1, n->end);
	case '$':
	case '#':
	case '}':
	case ')':
	case ']':
		return false;
	default:
		return true;
	}
}

/* What follows: calls, assignments, globs and variables follow no host. */
static bool judge_after(const struct scan *s, const struct name *n)
{
	if (n->end < n->run_end && scan_at(s, n->end) != '.')
		return false;
	return !scan_in("(=[*${@+%~", n->after);
}

/* com.example.Thing, java.io and System.Net: names of packages. */
static bool is_package(struct bytes b)
{
	size_t tld = label_of(b, b.len);

	static const struct bytes firsts[] = { BYTES("com."), BYTES("org."),
		BYTES("net."), BYTES("io."), BYTES("edu."), BYTES("gov."),
		BYTES("java."), BYTES("javax."), BYTES("sun."), BYTES("jdk."),
		BYTES("self."), BYTES("this."), BYTES("kubernetes.io"),
		BYTES("app.kubernetes.io"), BYTES("node.kubernetes.io") };
	size_t n_dots = 0;

	if (b.p[tld] < 'a' && b.p[tld + 1] >= 'a')
		return true;
	for (size_t i = 0; i < b.len; i++)
		n_dots += b.p[i] == '.';
	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		if (b.len >= firsts[i].len &&
			!memcmp(b.p, firsts[i].p, firsts[i].len))
			return i > 5 || n_dots > 1;
	return false;
}

static bool is_quoted(const struct name *n)
{
	return n->before == n->after && (n->before == '"' || n->before == '\'');
}

static bool has_port(const struct scan *s, const struct name *n)
{
	return n->after == ':' && scan_is_digit(scan_at(s, n->run_end + 1));
}

/* Whether the name, of the kind its labels give it, is a host here. */
static bool is_host_here(struct scan *s, const struct name *n,
	enum name_kind kind, struct bytes b)
{
	if (kind == NAME_ONION || n->is_sure || s->is_sure)
		return true;
	if (kind == NAME_CODE && (is_quoted(n) || has_port(s, n)))
		return !is_package(b);
	if (kind == NAME_DNS && !is_package(b))
		return true;
	return sense_is_host(s, n->at, n->end);
}

/* Most file names end here, before the list is asked. */
static bool can_be_name(const struct scan *s, const struct name *n)
{
	const char *p = s->text.p;
	size_t tld = n->end, len;
	uint64_t key = 0;

	while (tld > n->at && p[tld - 1] != '.')
		tld--;
	len = n->end - tld;
	if (tld == n->at || len < 2 || !scan_is_alpha(p[tld]))
		return false;
	if (len > WORD_MAX)
		return true;
	for (size_t i = tld; i < n->end; i++)
		key = key << 8 | (unsigned char)p[i];
	return !is_plain_type(key << 8 * (WORD_MAX - len));
}

/* Whether the name that starts at at is a path's last part; //host and
 * /dev/tcp/host are none. */
static bool is_in_path(const struct scan *s, size_t at)
{
	const char *p = s->text.p + at;

	return at && p[-1] == '/' && !(at > 1 && p[-2] == '/') &&
	       !(at >= 9 && p[-2] == 'p' && (p[-3] == 'c' || p[-3] == 'd'));
}

/* The run of host bytes around the dot at i; false where nothing can be. */
static bool read_run(struct scan *s, size_t i, struct name *n)
{
	const char *p = s->text.p;
	size_t floor = s->floor > s->file ? s->floor : s->file;

	n->at = n->end = i;
	if (i + 1 >= s->text.len || !scan_is(p[i + 1], SCAN_ALNUM) ||
		i == s->floor || !scan_is(p[i - 1], SCAN_ALNUM))
		return false;
	/* file.c: the last label has one character. */
	if (!scan_is(scan_at(s, i + 2), SCAN_HOST) &&
		!scan_in("[({", scan_at(s, i + 2)))
		return false;
	while (n->at > floor && scan_is(p[n->at - 1], SCAN_HOST))
		n->at--;
	if ((s->file && n->at == s->file) || is_in_path(s, n->at)) {
		s->file = i + 1;
		return false;
	}
	while (n->end < s->text.len && scan_is(p[n->end], SCAN_HOST))
		n->end++;
	n->run_end = n->end;
	n->before = scan_before(s, n->at);
	n->after = scan_at(s, n->end);
	return true;
}

size_t scan_name_dot(struct scan *s, size_t i)
{
	const char *p = s->text.p;
	struct name n = { 0 };
	enum name_kind kind;
	struct bytes b;
	size_t next;
	char plain;

	if (!read_run(s, i, &n))
		return i + 1;
	if (scan_marker(s, n.end, &plain))
		return scan_refang(s, n.end);
	/* Somebody's name, and the @ is a trigger too. */
	if (n.after == '@')
		return n.run_end;
	while (n.end > i && !scan_is(p[n.end - 1], SCAN_ALNUM))
		n.end--;
	skip_lead(s, &n);
	next = scan_is_digit(p[n.at]) ? scan_ipv4(s, n.at, n.run_end) : 0;
	if (next)
		return next;
	if (!can_be_name(s, &n) || !judge_before(s, &n) || !judge_after(s, &n))
		return n.run_end;
	b = (struct bytes){ p + n.at, n.end - n.at };
	kind = scan_name_kind(s, b);
	if (!kind || !is_host_here(s, &n, kind, b))
		return n.run_end;
	scan_name_found(s, n.at, kind, b);
	s->floor = n.end;
	return n.run_end;
}
