// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A database of places, as the library and we read it. What is known of an
 * address stands in the file.
 *
 * seeds: mmdb
 */
#include "geo.h"

#include "address.h"
#include "event.h"
#include "fuzz.h"

static void check(struct bytes text, struct bytes file)
{
	MUST(!text.p ||
		(text.len && memmem(file.p, file.len, text.p, text.len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const addresses[] = { "8.8.8.8", "9.9.9.9",
		"185.0.0.1", "223.255.255.255", "2001:4860:4860::8888",
		"2606:4700::1111", "10.0.0.1" };
	struct bytes in = fuzz_bytes(data, len);
	const char *file = fuzz_file(in);
	struct event_place at;
	struct geo *g;
	struct str why;
	int rc;

	str_init(&why, 4096);
	rc = geo_open(&g, file, file, &why);
	MUST((rc < 0) == (why.len > 0) && (rc < 0) == !g);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		geo_find(g, bytes_of(addresses[i]), &at);
		check(at.country, in);
		check(at.as_org, in);
		MUST(address_is(bytes_of(addresses[i]), "public") ||
			(!at.country.p && !at.as_org.p && !at.has_asn));
	}
	geo_free(g);
	str_fini(&why);
	return 0;
}
