// SPDX-License-Identifier: GPL-3.0-or-later
#include "alertfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alert.h"
#include "config.h"
#include "log.h"
#include "tables.h"

#define LOOK_MS 60000
/* A reader is looked after this often. */
#define REAP_MS 200
#define FDS_MAX 64
#define WHY_MAX 8192

/* What tells one state of the file from another. */
struct signature {
	ino_t ino;
	off_t size;
	struct timespec changed;
	char path[LIST_PATH_MAX];
};

/* An alert on its way from the reader. */
struct packed {
	int64_t time_ms;
	uint32_t severity;
	unsigned char host_len, name_len;
	char host[ALERT_NAME_MAX], name[ALERT_NAME_MAX];
};

struct alertfile {
	struct alert_table *table;
	struct signature read, going;
	pid_t child; /* 0: none reads */
	int fd; /* what it packs into */
	int64_t look_ms, due_ms;
};

struct alertfile *alertfile_new(struct alert_table *table)
{
	struct alertfile *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->table = table;
	f->fd = -1;
	return f;
}

/* A child that still reads ends when it is done: an engine may send no
 * signals. */
static void drop_reader(struct alertfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->child = 0;
	f->fd = -1;
}

void alertfile_free(struct alertfile *f)
{
	if (!f)
		return;
	drop_reader(f);
	free(f);
}

/* A feed that never came is none. */
static bool has_file(const struct config *cf, struct config_file *file)
{
	return config_alerts(cf, file) &&
	       !(file->is_fetched && access(file->path, F_OK) < 0 &&
		       errno == ENOENT);
}

int alertfile_load(
	struct alert_table *table, const struct config *cf, struct str *why)
{
	struct config_file file;

	if (!has_file(cf, &file))
		return 0;
	return tables_load_alerts(table, file.path, why);
}

static struct signature sign(const struct config *cf)
{
	struct config_file file;
	struct signature s;
	struct stat st;

	memset(&s, 0, sizeof(s));
	if (!has_file(cf, &file))
		return s;
	memcpy(s.path, file.path, sizeof(s.path));
	if (stat(s.path, &st) < 0)
		return s;
	s.ino = st.st_ino;
	s.size = st.st_size;
	s.changed = st.st_mtim;
	return s;
}

static bool is_same(const struct signature *a, const struct signature *b)
{
	return a->ino == b->ino && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec &&
	       !strcmp(a->path, b->path);
}

/* --- the reader -------------------------------------------------------------
 */

static void put_name(char *to, unsigned char *len, struct bytes name)
{
	*len = (unsigned char)(name.len < ALERT_NAME_MAX ? name.len
							 : ALERT_NAME_MAX);
	memcpy(to, name.p, *len);
}

static int pack(const struct alert_table *t, int fd)
{
	const void *at = NULL;
	struct alert_seen a;

	while (alert_next(t, &at, &a)) {
		struct packed p;

		memset(&p, 0, sizeof(p));
		p.time_ms = a.time_ms;
		p.severity = (uint32_t)a.severity;
		put_name(p.host, &p.host_len, a.host);
		put_name(p.name, &p.name_len, a.name);
		if (write(fd, &p, sizeof(p)) != (ssize_t)sizeof(p))
			return -1;
	}
	return 0;
}

static int read_and_pack(const char *file, int fd)
{
	struct alert_table *t = alert_table_new();
	struct str why;
	int rc = -1;

	str_init(&why, WHY_MAX);
	if (t)
		rc = tables_load_alerts(t, file, &why);
	if (rc == 0)
		rc = pack(t, fd);
	if (why.len)
		str_addc(&why, '\n');
	log_warn_lines(str_z(&why));
	str_fini(&why);
	alert_table_free(t);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* --- who waits for it, and does not -----------------------------------------
 */

static void start(struct alertfile *f)
{
	f->fd = memfd_create("audisp-hunt-alerts", MFD_CLOEXEC);
	f->child = f->fd < 0 ? -1 : fork();
	if (f->child == 0) {
		/* It may outlive us, and is to keep no socket open. */
		for (int fd = 0; fd < FDS_MAX; fd++)
			if (fd != STDERR_FILENO && fd != f->fd)
				close(fd);
		_exit(read_and_pack(f->going.path, f->fd));
	}
	if (f->child > 0)
		return;
	log_warn("alerts cannot be read: %s", strerror(errno));
	f->child = 0;
	drop_reader(f);
}

/* At most ALERT_MAX of them, in memory. */
static void take(struct alertfile *f)
{
	struct packed p;
	size_t n = 0;

	alert_table_clear_file(f->table);
	while (n < ALERT_MAX &&
		pread(f->fd, &p, sizeof(p), (off_t)(n * sizeof(p))) ==
			(ssize_t)sizeof(p)) {
		n++;
		if (p.severity > ALERT_HIGH)
			continue;
		(void)!alert_table_add(f->table,
			(struct bytes){ p.host, p.host_len },
			(struct bytes){ p.name, p.name_len },
			(enum alert_severity)p.severity, p.time_ms);
	}
	log_info("%zu alerts of others", n);
}

static void reap(struct alertfile *f)
{
	int status;
	pid_t pid = waitpid(f->child, &status, WNOHANG);

	if (pid == 0 || (pid < 0 && errno == EINTR))
		return;
	f->child = 0;
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
		take(f);
	else
		log_warn("alerts cannot be read; those before stay");
	f->read = f->going;
	drop_reader(f);
}

static void look(struct alertfile *f, const struct config *cf, int64_t now_ms)
{
	f->look_ms = now_ms + LOOK_MS;
	f->going = sign(cf);
	if (is_same(&f->going, &f->read))
		return;
	if (f->going.path[0]) {
		start(f);
		return;
	}
	alert_table_clear_file(f->table);
	f->read = f->going;
}

void alertfile_tick(
	struct alertfile *f, const struct config *cf, int64_t now_ms)
{
	if (f->child)
		reap(f);
	if (!f->child && now_ms >= f->look_ms)
		look(f, cf, now_ms);
	f->due_ms = f->child ? now_ms + REAP_MS : f->look_ms;
}

int64_t alertfile_due_ms(const struct alertfile *f)
{
	return f->due_ms;
}

void alertfile_reload(struct alertfile *f)
{
	f->look_ms = f->due_ms = 0;
}
