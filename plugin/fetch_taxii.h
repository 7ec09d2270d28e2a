// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FETCH_TAXII_H
#define FETCH_TAXII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * The indicators of a TAXII 2.1 collection, page by page, as a STIX bundle of
 * one object a line: of each only what a list is read from. What came before
 * stays unless it is revoked, over, or comes anew.
 */
struct fetch_taxii;

/* Of a page. */
#define FETCH_PAGE_MAX (1u << 20)

/* after: when the last object was added that is there already; "" for none.
 * NULL when out of memory. */
struct fetch_taxii *fetch_taxii_new(const char *after)
	__attribute__((warn_unused_result));
void fetch_taxii_free(struct fetch_taxii *t);
/* Where the next page is. */
void fetch_taxii_url(
	const struct fetch_taxii *t, const char *collection, struct str *url);
/* Takes a page, with its X-TAXII-Date-Added-Last, and appends what is to stand
 * in the bundle. -1: *why says what is wrong with it. */
int fetch_taxii_page(struct fetch_taxii *t, struct bytes body, const char *last,
	struct str *out, struct str *why) __attribute__((warn_unused_result));
bool fetch_taxii_has_more(const struct fetch_taxii *t);
/* Whether there was any object on the pages. */
bool fetch_taxii_has_news(const struct fetch_taxii *t);
/* How many objects stand in the bundle. */
size_t fetch_taxii_count(const struct fetch_taxii *t);
/* For the next time. */
const char *fetch_taxii_after(const struct fetch_taxii *t);
/* A line of the bundle before, once all pages are there. */
void fetch_taxii_line(struct fetch_taxii *t, struct bytes line, int64_t now_ms,
	struct str *out);
void fetch_taxii_begin(struct str *out);
void fetch_taxii_end(struct str *out);

#endif
