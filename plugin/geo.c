// SPDX-License-Identifier: GPL-3.0-or-later
#include "geo.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"
#include "event.h"
#include "geodata.h"
#include "log.h"
#include "rowfile.h"

/* GeoIP2 Enterprise has a third of it. */
#define FILE_MAX_BYTES (1u << 30)
/* Codes of countries have two letters, names of companies rarely more. */
#define COUNTRY_MAX 8
#define AS_ORG_MAX  128

enum { GEO_COUNTRY, GEO_ASN, GEO_N };

static const char *const options[GEO_N] = { "geoip.country", "geoip.asn" };

struct geo {
	struct geo_file {
		MMDB_s db;
		struct stat st; /* as it was when it was opened */
		int fd; /* -1: there is none */
	} files[GEO_N];
};

static void close_file(struct geo_file *f)
{
	if (f->fd < 0)
		return;
	MMDB_close(&f->db);
	close(f->fd);
	f->fd = -1;
}

/* Before the library sees it. */
static int check(int fd, size_t len, struct str *why)
{
	void *p = len ? mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0)
		      : MAP_FAILED;
	int rc;

	if (p == MAP_FAILED) {
		str_addz(why, len ? "cannot be mapped" : "empty");
		return -1;
	}
	rc = geodata_check((struct bytes){ p, len }, why);
	munmap(p, len);
	return rc;
}

static int open_database(struct geo_file *f, int fd, struct str *why)
{
	char path[32];
	int rc;

	if (fstat(fd, &f->st) < 0) {
		str_addz(why, "cannot be looked at");
		return -1;
	}
	if (check(fd, (size_t)f->st.st_size, why) < 0)
		return -1;
	/* The very file that was checked. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rc = MMDB_open(path, MMDB_MODE_MMAP, &f->db);
	if (rc == MMDB_SUCCESS)
		return 0;
	str_addz(why, access("/proc/self/fd", F_OK) < 0
			      ? "cannot be opened without /proc"
			      : MMDB_strerror(rc));
	return -1;
}

static int open_file(struct geo_file *f, const char *file, struct str *why)
{
	int fd = rowfile_open(file, FILE_MAX_BYTES, why);

	if (fd < 0)
		return -1;
	str_addf(why, "%s: ", file);
	if (open_database(f, fd, why) == 0) {
		f->fd = fd;
		return 0;
	}
	str_addc(why, '\n');
	close(fd);
	return -1;
}

int geo_open(
	struct geo **g, const char *country, const char *asn, struct str *why)
{
	const char *const names[GEO_N] = { country, asn };
	struct geo *new = calloc(1, sizeof(*new));
	bool is_open = false;
	int rc = new ? 0 : -1;

	*g = NULL;
	if (!new)
		str_addz(why, "out of memory\n");
	for (size_t i = 0; new &&i < GEO_N; i++) {
		size_t before = why->len;

		new->files[i].fd = -1;
		if (!strcmp(names[i], "none"))
			continue;
		str_addf(why, "%s: ", options[i]);
		if (open_file(&new->files[i], names[i], why) == 0) {
			str_cut(why, before);
			is_open = true;
		} else {
			rc = -1;
		}
	}
	if (is_open)
		*g = new;
	else
		geo_free(new);
	return rc;
}

void geo_free(struct geo *g)
{
	for (size_t i = 0; g && i < GEO_N; i++)
		close_file(&g->files[i]);
	free(g);
}

/* Pages of a file that was cut cannot be read any more: whoever does it dies
 * by SIGBUS. */
static bool is_whole(struct geo *g, size_t i)
{
	struct geo_file *f = &g->files[i];
	struct stat st;

	if (f->fd < 0)
		return false;
	if (fstat(f->fd, &st) == 0 && st.st_size == f->st.st_size &&
		st.st_mtim.tv_sec == f->st.st_mtim.tv_sec &&
		st.st_mtim.tv_nsec == f->st.st_mtim.tv_nsec)
		return true;
	close_file(f);
	log_warn("%s: the file was written over; it is not used until the next "
		 "reload",
		options[i]);
	return false;
}

static bool search(
	struct geo *g, size_t i, const unsigned char address[16], size_t *at)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	bool is_ipv4 = address_is_ipv4(address);
	MMDB_lookup_result_s found;
	int error = MMDB_SUCCESS;

	if (!is_whole(g, i))
		return false;
	memcpy(&in6.sin6_addr, address, 16);
	memcpy(&in.sin_addr, address + 12, 4);
	found = MMDB_lookup_sockaddr(&g->files[i].db,
		is_ipv4 ? (const void *)&in : (const void *)&in6, &error);
	*at = found.entry.offset;
	return error == MMDB_SUCCESS && found.found_entry;
}

static struct bytes section(const struct geo *g, size_t i)
{
	const MMDB_s *db = &g->files[i].db;

	return (struct bytes){ (const char *)db->data_section,
		db->data_section_size };
}

/* What is longer is no such text. */
static struct bytes get_text(
	const struct geo *g, size_t i, size_t at, const char *path, size_t max)
{
	struct bytes text;

	if (geodata_text(section(g, i), at, path, &text) && text.len <= max)
		return text;
	return (struct bytes){ NULL, 0 };
}

static void find_network(const struct geo *g, size_t at, struct event_place *to)
{
	uint64_t number;

	to->as_org = get_text(
		g, GEO_ASN, at, "autonomous_system_organization", AS_ORG_MAX);
	to->has_asn = geodata_number(section(g, GEO_ASN), at,
			      "autonomous_system_number", &number) &&
		      number <= UINT32_MAX;
	if (to->has_asn)
		to->asn = (uint32_t)number;
}

void geo_find(struct geo *g, struct bytes address, struct event_place *to)
{
	unsigned char bits[16];
	size_t at;

	*to = (struct event_place){ .has_asn = false };
	if (!g || !address_is(address, "public") ||
		!address_parse(address, bits))
		return;
	if (search(g, GEO_COUNTRY, bits, &at)) {
		to->country = get_text(
			g, GEO_COUNTRY, at, "country/iso_code", COUNTRY_MAX);
		if (!to->country.p)
			to->country = get_text(g, GEO_COUNTRY, at,
				"registered_country/iso_code", COUNTRY_MAX);
	}
	if (search(g, GEO_ASN, bits, &at))
		find_network(g, at, to);
}
