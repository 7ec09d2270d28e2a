// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef IOC_SCAN_H
#define IOC_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ioc.h"
#include "str.h"
#include "str_block.h"

/*
 * Inside the ioc stage. One pass goes over the text and stops at the bytes
 * that no address, name or URL is without. Each such byte has a function that
 * looks around it and says where to go on. A second pass, interleaved with it,
 * takes the long runs of letters and digits: hashes and wallets.
 */

/* Texts inside a text: what a URL or a defanged word holds. */
#define SCAN_DEPTH_MAX 2
#define SCAN_INNER_MAX 4096
/* RFC 1035, section 2.3.4. */
#define SCAN_HOST_MAX  253
#define SCAN_LABEL_MAX 63

enum scan_class {
	SCAN_TRIGGER = 1 << 0,
	SCAN_SLASH = 1 << 1, /* a trigger when Linux paths are wanted */
	SCAN_ALNUM = 1 << 2,
	SCAN_HOST = 1 << 3, /* letters, digits, . - _ */
	SCAN_MAIL = 1 << 4, /* of an address before its @ */
	SCAN_URL_END = 1 << 5, /* in no URL */
	SCAN_BREAK = 1 << 6, /* ends a word: blanks, quotes, < > | */
	SCAN_HEX = 1 << 7,
};

extern const uint8_t scan_class[256];

static inline bool scan_is(char c, unsigned int classes)
{
	return scan_class[(unsigned char)c] & classes;
}

static inline bool scan_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool scan_is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Whether c is one of set, and not the NUL that ends it. */
static inline bool scan_in(const char *set, char c)
{
	return c && strchr(set, c);
}

static inline char scan_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* Marks the bytes that may be triggers; no trigger is without. The bit 0x20
 * tells only @ from `, \ from | and capitals from small letters.
 * A v is one before an e, or where a half ends. */
static inline struct block_marks scan_marks(block b)
{
	block low = b | 0x20;
	block_halves any =
		(block_halves)((low == '.') | (low == ':') | (low == '(') |
			       (low == '`') | (low == '{') | (low == '|'));
	block_halves e = (block_halves)(low == 'e');

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	e = e >> 8 | (uint64_t)0xff << 56;
#else
	e = e << 8 | (uint64_t)0xff;
#endif
	any |= (block_halves)(low == 'v') & e;
	return block_marks((block)any);
}

/* What the words around a place say about it: ioc_sense.c. */
struct sense {
	const struct bytes *argv; /* NULL: the text is no argument */
	size_t argc, arg;
	size_t seen; /* the text's bytes looked at */
	size_t start; /* of the simple command that seen is in */
	size_t word; /* + 1: the end of the text's first word */
	size_t known; /* the command whose kind this is, + 1 */
	size_t behind; /* what follows its name */
	unsigned int kind;
	/* The same of argv's command, once no later argument can change it. */
	bool is_argv_known;
	unsigned int argv_kind;
	size_t argv_behind;
};

#define SUFFIX_SLOTS 64
#define SUFFIX_LEN   16

/* What the list said of the last short names: it takes its time. */
struct suffixes {
	bool is_ready; /* the slots are */
	struct {
		char name[SUFFIX_LEN];
		bool is_suffix;
	} slots[SUFFIX_SLOTS];
};

struct scan {
	struct bytes text;
	size_t floor; /* nothing that starts before it is left to find */
	size_t file; /* the host bytes before it are a file's name */
	size_t runs; /* long runs are taken up to here */
	size_t paths; /* Linux paths are taken up to here */
	unsigned int types;
	unsigned int depth;
	bool is_full;
	bool is_sure; /* somebody defanged it: names are hosts */
	ioc_take *take;
	void *arg;
	struct suffixes *suffixes;
	struct sense sense;
};

/* The byte at i, NUL beyond the text's end. */
static inline char scan_at(const struct scan *s, size_t i)
{
	return i < s->text.len ? s->text.p[i] : '\0';
}

/* The byte before i, NUL at the text's start. */
static inline char scan_before(const struct scan *s, size_t i)
{
	return i ? s->text.p[i - 1] : '\0';
}

void scan_run(struct scan *s);
/* Hands over what was found at at. */
void scan_found(
	struct scan *s, size_t at, enum ioc_type type, struct bytes value);
/* Scans a text that stands at at of this one. */
void scan_inner(struct scan *s, size_t at, struct bytes inner,
	unsigned int types, bool is_sure);
/* Length of a defanged byte's form at i, such as [.] or (at); 0: none. */
size_t scan_marker(const struct scan *s, size_t i, char *plain);
/* Undoes the word around i and scans what that gives. Where to go on. */
size_t scan_refang(struct scan *s, size_t i);

/* Each looks around its trigger at i and says where to go on, past i. */
size_t scan_name_dot(struct scan *s, size_t i);
size_t scan_mail_at(struct scan *s, size_t i);
size_t scan_url_colon(struct scan *s, size_t i);
size_t scan_ipv6_colon(struct scan *s, size_t i);
size_t scan_path_backslash(struct scan *s, size_t i);
size_t scan_path_drive(struct scan *s, size_t i);
size_t scan_path_slash(struct scan *s, size_t i);
/* The shortest address of Bitcoin. */
#define SCAN_RUN_MIN 26
/* Takes the long runs that start before to. */
void scan_runs(struct scan *s, size_t to);

/* Length of the address in dotted decimal that b starts with; 0: none. */
size_t scan_ipv4_len(struct bytes b);
/* The address that stands in the run of host bytes at..end, if it is one. The
 * place to go on, 0 when it is none. */
size_t scan_ipv4(struct scan *s, size_t at, size_t end);

enum ipv6_kind { IPV6_NOT, IPV6_NO_PEER, IPV6_PEER };

/* What b is, all of it. */
enum ipv6_kind scan_ipv6_kind(struct bytes b, bool is_bracketed);
/* Hands over an IPv6 address, and the IPv4 address mapped into it. */
void scan_ipv6_found(struct scan *s, size_t at, struct bytes b);

enum name_kind {
	NAME_NOT,
	NAME_DNS,
	NAME_ONION,
	NAME_FILE, /* a name, that more often is a file's */
	NAME_CODE, /* a name, that more often is a program's member */
};

/* Whether b is labels with dots between them, as host names are. */
bool scan_is_labels(struct bytes b);
/* What b is by its labels and the list of public suffixes. */
enum name_kind scan_name_kind(struct scan *s, struct bytes b);
/* Hands over the host name b, whatever its kind, in lower case. */
void scan_name_found(
	struct scan *s, size_t at, enum name_kind kind, struct bytes b);

/* Whether the base58check or bech32 address, or another wallet, is all of b. */
bool scan_is_wallet(struct bytes b);

/* Whether the word at..end is what a network tool connects to. */
bool sense_is_host(struct scan *s, size_t at, size_t end);
/* Whether the word at at is given to ssh or one of its like. */
bool sense_is_ssh(struct scan *s, size_t at);
/* Whether the word at at is given to what installs packages. */
bool sense_is_package(struct scan *s, size_t at);
/* Whether the word at at is given to what names its things by hashes. */
bool sense_is_ids(struct scan *s, size_t at);
/* Whether the text says version, or the like, before at. */
bool sense_is_version(const struct scan *s, size_t at);

#endif
