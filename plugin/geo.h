// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef GEO_H
#define GEO_H

#include <stdbool.h>

#include "str.h"

struct event_place;

/*
 * Where public addresses are, and whose network they are in, by databases in
 * MaxMind's format (GeoLite2, GeoIP2, DB-IP and the like). They are mapped, not
 * read. One that is written over in its place is let go of until the next
 * reload; put a new one there by rename, as geoipupdate does.
 */
struct geo;

/* Opens the databases of countries and of networks; "none" is no file. *g is
 * NULL if neither is one. -1: one cannot be used, *why has a line for each;
 * *g has the other, if there is one. */
int geo_open(struct geo **g, const char *country, const char *asn,
	struct str *why) __attribute__((warn_unused_result));
void geo_free(struct geo *g);

/* What is known of an address: nothing where it is none, or not public. The
 * texts are borrowed until geo_free, or the next call. g may be NULL. */
void geo_find(struct geo *g, struct bytes address, struct event_place *to);

#endif
