// SPDX-License-Identifier: GPL-3.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "spool_state.h"

/* Beyond this the directory is not of our making. */
#define FILES_MAX 65536

struct found {
	struct spool_segment **files;
	size_t n, size;
};

static int find(struct spool *s, struct found *f, const char *file)
{
	struct spool_segment **files, *g;
	unsigned int class;
	uint64_t first;

	if (!spool_file_is_ours(&s->place, file, &class, &first))
		return 0;
	if (f->n == f->size) {
		f->size = f->size ? 2 * f->size : 64;
		files = realloc(f->files, f->size * sizeof(*files));
		if (!files)
			return -1;
		f->files = files;
	}
	g = calloc(1, sizeof(*g));
	if (!g)
		return -1;
	g->class = class;
	g->first = first;
	f->files[f->n++] = g;
	if (f->n < FILES_MAX)
		return 0;
	errno = E2BIG;
	return -1;
}

static int find_all(struct spool *s, struct found *f)
{
	int fd = openat(s->place.dir, ".", O_RDONLY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *d;
	int rc = 0;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (rc == 0 && (d = readdir(dir)))
		rc = find(s, f, d->d_name);
	closedir(dir);
	return rc;
}

static int by_first(const void *a, const void *b)
{
	uint64_t x = (*(struct spool_segment *const *)a)->first;
	uint64_t y = (*(struct spool_segment *const *)b)->first;

	return x < y ? -1 : x > y;
}

/* Takes g over: into its chain if there are lines to send. */
static void load_file(struct spool *s, struct spool_segment *g, char *buf)
{
	struct metrics *m = s->cf.metrics;
	uint64_t size = 0;
	uint32_t torn = 0;
	int fd, rc;

	fd = spool_file_open(&s->place, g, O_RDWR, &size);
	if (fd < 0) {
		m->spool_refused++;
		spool_complain_of(s, g, "not a file of ours; left alone");
		free(g);
		return;
	}
	rc = spool_file_load(fd, size, s->sent, buf, g, &torn);
	close(fd);
	if (rc < 0 || torn) {
		m->spool_torn++;
		spool_complain_of(s, g, "its end is damaged and was cut off");
	}
	if (g->last > s->order)
		s->order = g->last;
	s->bytes += g->len;
	if (!g->n) {
		spool_remove(s, g);
		return;
	}
	spool_append(&s->chains[g->class], g);
	s->n += g->n;
	m->lines_restored += g->n;
	m->lines_spooled += g->n;
}

int spool_load(struct spool *s)
{
	char *buf = malloc(SPOOL_FILE_MAX);
	struct found f = { 0 };
	int rc = -1;

	if (!buf || find_all(s, &f) < 0)
		goto out;
	if (f.n)
		qsort(f.files, f.n, sizeof(*f.files), by_first);
	spool_place_sent(&s->place, &s->sent, &s->unsure);
	s->order = s->sent;
	for (size_t i = 0; i < f.n; i++)
		load_file(s, f.files[i], buf);
	f.n = 0;
	rc = 0;
out:
	for (size_t i = 0; i < f.n; i++)
		free(f.files[i]);
	free(f.files);
	free(buf);
	return rc;
}
