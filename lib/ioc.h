// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef IOC_H
#define IOC_H

#include <stddef.h>

#include "str.h"

struct event;

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

/* A command can list thousands of addresses; the first of them tell enough. */
#define IOC_EVENT_MAX 256

struct ioc_conf {
	unsigned int types; /* bit set of 1 << enum ioc_type */
};

/* "ipv4" for IOC_IPV4. */
const char *ioc_type_name(enum ioc_type type);

/* Takes one indicator; value lives until it returns. */
typedef void ioc_take(void *arg, enum ioc_type type, struct bytes value);

/* Finds the indicators of one text, in time linear to its length. */
void ioc_scan(struct bytes text, const struct ioc_conf *cf, ioc_take *take,
	void *arg);

/* Fills ev->iocs from argv and every layer of text, each indicator once. */
void ioc_run(struct event *ev, const struct ioc_conf *cf);

#endif
