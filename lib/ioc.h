// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef IOC_H
#define IOC_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

struct event;

/* The second column is the name in every output. */
#define IOC_TYPES(X)                                                           \
	X(IPV4, ipv4)                                                          \
	X(IPV6, ipv6)                                                          \
	X(URL, url)                                                            \
	X(DNS, dns)                                                            \
	X(EMAIL, email)                                                        \
	X(MD5, md5)                                                            \
	X(SHA1, sha1)                                                          \
	X(SHA256, sha256)                                                      \
	X(ONION, onion)                                                        \
	X(WALLET, wallet)                                                      \
	X(CVE, cve)                                                            \
	X(WINDOWS_PATH, windows_path)                                          \
	X(LINUX_PATH, linux_path)

enum ioc_type {
#define X(upper, lower) IOC_##upper,
	IOC_TYPES(X)
#undef X
		IOC_N_TYPES
};

/* Paths on Linux are in every command line, and tell nothing. */
#define IOC_TYPES_DEFAULT (((1u << IOC_N_TYPES) - 1) & ~(1u << IOC_LINUX_PATH))

/* A command can list thousands of addresses; the first of them tell enough. */
#define IOC_EVENT_MAX 256
/* Servers take URLs of 2,000 bytes at least; what is longer is cut here. */
#define IOC_VALUE_MAX 2048

/* Longer values of an operator's own types are none. */
#define IOC_OWN_LEN_MAX 256

/*
 * Types of an operator's own, and the memory to look for them. A row:
 *
 *   ioc TYPE [severity=NAME] [weight=N] REGEX
 *
 * PCRE2 to the end of the line; the value is what its first group matched, or
 * all of it. TYPE may be one of the above: the row adds to it. severity is
 * what a provider would say of each, weight the points that it has at least.
 */
struct ioc_rules;

/* NULL when out of memory. */
struct ioc_rules *ioc_rules_new(void) __attribute__((warn_unused_result));
void ioc_rules_free(struct ioc_rules *r);
/* Takes one line of a file. -1: *why says what is wrong with it. */
int ioc_rules_line(struct ioc_rules *r, struct bytes line, struct str *why)
	__attribute__((warn_unused_result));
/* Once, after the last line. */
int ioc_rules_done(struct ioc_rules *r, struct str *why)
	__attribute__((warn_unused_result));
const char *ioc_rules_type_name(const struct ioc_rules *r, unsigned int type);

struct ioc_conf {
	unsigned int types; /* bit set of 1 << enum ioc_type */
	struct ioc_rules *rules; /* NULL: there are none */
};

/* "ipv4" for IOC_IPV4. */
const char *ioc_type_name(enum ioc_type type);

/* Takes one indicator; value (1..IOC_VALUE_MAX bytes, all of them 0x20-0x7e)
 * lives until it returns. False: enough, the scan ends. */
typedef bool ioc_take(void *arg, enum ioc_type type, struct bytes value);

/*
 * Finds the indicators of one text, a shell's or any other, in time linear to
 * its length; the same one comes as often as it is there. Values are in their
 * plain form: hosts in lower case and without the last dot, hxxp, [.], (dot),
 * [at] and [:] undone, hashes in lower case. The host of a URL follows it.
 */
void ioc_scan(struct bytes text, const struct ioc_conf *cf, ioc_take *take,
	void *arg);

/* Fills ev->iocs from argv and every layer of text, each indicator once: those
 * of the rules, then the others, the one seen first first. */
void ioc_run(struct event *ev, const struct ioc_conf *cf);

#endif
