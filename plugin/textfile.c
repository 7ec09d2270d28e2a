// SPDX-License-Identifier: GPL-3.0-or-later
#include "textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "format.h"
#include "log.h"
#include "metrics.h"
#include "str.h"

/* All counters take some 8 KiB. */
#define TEXT_MAX (256 * 1024)

static const struct {
	const char *name, *help;
} rows[] = {
#define METRIC(name, help) { #name, help },
#include "metrics.def"
#undef METRIC
	{ NULL, NULL }
};

struct page {
	struct str text;
	size_t i; /* the next of the rows */
};

static void add(void *arg, const char *name, uint64_t value)
{
	struct page *p = arg;
	const char *help = rows[p->i++].help;
	const char *gauge = strstr(help, " (gauge");
	const char *tail = gauge ? "" : "_total";

	str_addf(&p->text, "# HELP audisp_hunt_%s%s %.*s\n", name, tail,
		(int)(gauge ? (size_t)(gauge - help) : strlen(help)), help);
	str_addf(&p->text, "# TYPE audisp_hunt_%s%s %s\n", name, tail,
		gauge ? "gauge" : "counter");
	str_addf(&p->text, "audisp_hunt_%s%s %llu\n", name, tail,
		(unsigned long long)value);
}

static int put(const char *path, struct bytes text)
{
	char temporary[PATH_MAX];
	ssize_t n = -1;
	int fd;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >=
		(int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(temporary,
		O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	n = write(fd, text.p, text.len);
	close(fd);
	if (n == (ssize_t)text.len && rename(temporary, path) == 0)
		return 0;
	unlink(temporary);
	return -1;
}

/* Names are of a-z, 0-9 and _: nothing to escape. */
static void add_filters(
	struct str *out, const struct format_counter *filters, size_t n)
{
	if (n)
		str_addz(out,
			"# HELP audisp_hunt_filter_events_total events that a "
			"filter kept from some output\n"
			"# TYPE audisp_hunt_filter_events_total counter\n");
	for (size_t i = 0; i < n; i++)
		str_addf(out,
			"audisp_hunt_filter_events_total{name=\"%s\"} %llu\n",
			filters[i].name, (unsigned long long)filters[i].value);
}

void textfile_write(const char *path, const struct metrics *m,
	const struct format_counter *filters, size_t n)
{
	static struct log_limit limit;
	struct page p = { .i = 0 };

	str_init(&p.text, TEXT_MAX);
	metrics_walk(m, add, &p);
	add_filters(&p.text, filters, n);
	str_addf(&p.text,
		"# HELP audisp_hunt_residual what the conservation laws leave "
		"over\n# TYPE audisp_hunt_residual gauge\n"
		"audisp_hunt_residual %llu\n",
		(unsigned long long)metrics_residual(m));
	if (put(path, str_bytes(&p.text)) < 0)
		log_warn_limited(
			&limit, "cannot write %s: %s", path, strerror(errno));
	str_fini(&p.text);
}
