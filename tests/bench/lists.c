// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * lists N: N entries of all kinds as a list of lines, read and packed, and
 * looked up in: how long each takes, and what an entry weighs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "list.h"

#define LOOKUPS 2001 /* each a hundred of them, by turns there and not */

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum ioc_type entry(char *to, size_t size, unsigned long i)
{
	unsigned long long r = i * 0x9e3779b97f4a7c15ULL;

	switch (i % 4) {
	case 0:
		snprintf(to, size, "%llu.%llu.%llu.%llu", 1 + (r >> 56) % 200,
			r >> 48 & 255, r >> 40 & 255, r >> 32 & 255);
		return IOC_IPV4;
	case 1:
		snprintf(to, size, "h%lu.%llx.example", i, r >> 40);
		return IOC_DNS;
	case 2:
		snprintf(to, size, "http://h%llx.example/%lu/x.sh", r >> 44, i);
		return IOC_URL;
	default:
		snprintf(to, size, "%016llx%016llx", r, r ^ i);
		return IOC_MD5;
	}
}

static void write_list(const char *path, unsigned long n)
{
	FILE *f = fopen(path, "w");
	char text[80];

	for (unsigned long i = 0; f && i < n; i++) {
		(void)entry(text, sizeof(text), i);
		fprintf(f, "%s\n", text);
	}
	if (!f || fclose(f) != 0 || chmod(path, 0644) < 0)
		abort();
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void look_up(const struct listmap *m, unsigned long n)
{
	static double ns[LOOKUPS];
	unsigned long found = 0;
	char text[100][80];
	enum ioc_type types[100];

	for (int i = 0; i < LOOKUPS; i++) {
		const char *list;
		double at;

		for (unsigned long k = 0; k < 100; k++) {
			unsigned long r = (unsigned long)i * 7919 + k * 104729;

			types[k] = entry(text[k], sizeof(text[k]),
				i % 2 ? r % n : n + r);
		}
		at = now_s();
		for (unsigned long k = 0; k < 100; k++)
			found += listmap_get(m, types[k], bytes_of(text[k]),
					 &list) != INTEL_NOT_ASKED;
		ns[i] = (now_s() - at) * 1e9 / 100;
	}
	qsort(ns, LOOKUPS, sizeof(ns[0]), compare);
	printf("lookup: median %.0f ns, 99 %% below %.0f ns; %lu found\n",
		ns[LOOKUPS / 2], ns[LOOKUPS * 99 / 100], found);
}

int main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : 5000000;
	const uint64_t seed[2] = { 1, 2 };
	struct listmap_draft *d = listmap_draft_new(seed);
	char path[] = "/tmp/hunt-lists-XXXXXX", line[80];
	int fd = mkstemp(path);
	struct list_conf cf;
	struct listmap m;
	struct str why;
	size_t len;
	double at;
	void *p;

	str_init(&why, 10000);
	snprintf(line, sizeof(line), "plain %s name=bench", path);
	if (fd < 0 || !d || list_parse(&cf, bytes_of(line), &why) < 0)
		return 1;
	write_list(path, n);
	at = now_s();
	if (list_read(&cf, d, 0, &why) < 0) {
		fprintf(stderr, "%s\n", str_z(&why));
		return 1;
	}
	len = listmap_draft_len(d);
	p = malloc(len);
	if (!p)
		return 1;
	listmap_draft_pack(d, p);
	listmap_draft_free(d);
	printf("load: %lu entries in %.2f s of CPU\n", n, now_s() - at);
	if (listmap_open(&m, (struct bytes){ p, len }) < 0)
		return 1;
	printf("memory: %zu bytes, %.1f an entry\n", len,
		(double)len / (double)listmap_count(&m));
	look_up(&m, n);
	unlink(path);
	close(fd);
	free(p);
	str_fini(&why);
	return 0;
}
