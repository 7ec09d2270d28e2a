// SPDX-License-Identifier: GPL-3.0-or-later
#include "shelf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "baseline.h"
#include "config.h"
#include "listmap.h"
#include "log.h"
#include "map.h"
#include "rowfile.h"
#include "stamp.h"
#include "tables.h"

#define LOOK_MS 60000
/* A builder is looked after this often. */
#define REAP_MS 200
#define FDS_MAX 64
#define WHY_MAX 8192
/* As JSON it takes many times as much. */
#define BASELINE_BYTES_MAX LIST_JSON_MAX

/* How a builder ends. */
enum { BUILT, BUILT_PARTLY, FAILED };

/* What lies in a builder's room: the map, and the baseline behind it. */
struct head {
	uint64_t map_len, baseline_len;
};

#define BASELINE_AT(map_len)                                                   \
	((sizeof(struct head) + (map_len) + 7) & ~(size_t)7)

struct shelf {
	struct listmap map;
	struct baseline baseline;
	void *room; /* what they lie in; NULL: they are empty */
	size_t len;
	uint64_t signature; /* of the files that were read last */
	uint64_t going; /* of those that are being read */
	pid_t child; /* reads and packs; 0: none does */
	int fd; /* what it packs into */
	int64_t look_ms, due_ms;
};

struct shelf *shelf_new(void)
{
	struct shelf *s = calloc(1, sizeof(*s));

	if (s)
		s->fd = -1;
	return s;
}

static void forget(struct shelf *s)
{
	if (s->room)
		munmap(s->room, s->len);
	s->room = NULL;
	s->map = (struct listmap){ 0 };
	s->baseline = (struct baseline){ 0 };
}

/* A child that still reads ends when it is done: an engine may send no
 * signals. */
static void drop_builder(struct shelf *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->child = 0;
	s->fd = -1;
}

void shelf_free(struct shelf *s)
{
	if (!s)
		return;
	drop_builder(s);
	forget(s);
	free(s);
}

const struct listmap *shelf_map(const struct shelf *s)
{
	return s ? &s->map : NULL;
}

const struct baseline *shelf_baseline(const struct shelf *s)
{
	return s ? &s->baseline : NULL;
}

static bool has_files(const struct config *cf)
{
	struct config_file file;
	struct list_conf list;

	return config_list(cf, 0, &list) || config_baseline(cf, 0, &file);
}

/* Of a sum of files before and the state of this one. */
static uint64_t sign_file(
	uint64_t sum, const char *path, const char *name, unsigned int severity)
{
	static const uint64_t seed[2] = { 0, 0 };
	struct {
		uint64_t sum, name, ino, size, s, ns, severity;
	} key = { .sum = sum, .severity = severity };
	struct stat st;

	key.name = map_siphash(seed, path, strlen(path)) ^
		   map_siphash(seed, name, strlen(name));
	if (stat(path, &st) == 0) {
		key.ino = (uint64_t)st.st_ino;
		key.size = (uint64_t)st.st_size;
		key.s = (uint64_t)st.st_mtim.tv_sec;
		key.ns = (uint64_t)st.st_mtim.tv_nsec;
	}
	return map_siphash(seed, &key, sizeof(key)) | 1;
}

/* Of what tells one state of the files from another; 0: there are none. */
static uint64_t sign(const struct config *cf)
{
	struct config_file file;
	struct list_conf list;
	uint64_t sum = 0;

	for (size_t i = 0; config_list(cf, i, &list); i++)
		sum = sign_file(sum, list.path, list.name, list.severity);
	for (size_t i = 0; config_baseline(cf, i, &file); i++)
		sum = sign_file(sum, file.path, "", 0);
	return sum;
}

/* --- building ---------------------------------------------------------------
 */

struct drafts {
	struct listmap_draft *lists; /* NULL: out of memory, as is the other */
	struct baseline_draft *baseline;
	bool is_partly; /* one could not be read */
};

/* A feed that never came is no file that cannot be read. */
static bool is_to_come(const char *path, bool is_fetched)
{
	return is_fetched && access(path, F_OK) < 0 && errno == ENOENT;
}

static int read_baseline(const struct config_file *file,
	struct baseline_draft *d, struct str *why)
{
	struct str text;
	int rc;

	str_init(&text, BASELINE_BYTES_MAX + ROWFILE_GROWTH);
	rc = file->is_fetched ? rowfile_slurp_beside(file->path,
					BASELINE_BYTES_MAX, &text, why)
			      : rowfile_slurp(file->path, BASELINE_BYTES_MAX,
					&text, why);
	if (rc == 0 && tables_take_baseline(
			       d, str_bytes(&text), file->path, why) < 0) {
		str_addc(why, '\n');
		rc = -1;
	}
	str_fini(&text);
	return rc;
}

/* All files. -1: out of memory. */
static int read_all(const struct config *cf, int64_t wall_ms, struct drafts *d,
	struct str *why)
{
	struct config_file file;
	struct list_conf list;
	uint64_t seed[2];

	*d = (struct drafts){ 0 };
	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		return -1;
	d->lists = listmap_draft_new(seed);
	d->baseline = baseline_draft_new();
	if (!d->lists || !d->baseline)
		return -1;
	for (size_t i = 0; config_list(cf, i, &list); i++)
		if (!is_to_come(list.path, list.is_fetched) &&
			list_read(&list, d->lists, wall_ms, why) < 0)
			d->is_partly = true;
	for (size_t i = 0; config_baseline(cf, i, &file); i++)
		if (!is_to_come(file.path, file.is_fetched) &&
			read_baseline(&file, d->baseline, why) < 0)
			d->is_partly = true;
	return 0;
}

static void free_drafts(struct drafts *d)
{
	listmap_draft_free(d->lists);
	baseline_draft_free(d->baseline);
}

static int pack(struct drafts *d, int fd)
{
	struct bytes baseline = baseline_draft_rows(d->baseline);
	struct head head = { .map_len = listmap_draft_len(d->lists),
		.baseline_len = baseline.len };
	size_t at = BASELINE_AT(head.map_len), len = at + baseline.len;
	char *to;

	if (ftruncate(fd, (off_t)len) < 0)
		return -1;
	to = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (to == MAP_FAILED)
		return -1;
	memcpy(to, &head, sizeof(head));
	listmap_draft_pack(d->lists, to + sizeof(head));
	if (baseline.len)
		memcpy(to + at, baseline.p, baseline.len);
	return munmap(to, len);
}

static int build(const struct config *cf, int64_t wall_ms, int fd)
{
	struct drafts d;
	struct str why;
	int rc;

	str_init(&why, WHY_MAX);
	rc = read_all(cf, wall_ms, &d, &why);
	if (rc == 0)
		rc = pack(&d, fd);
	log_warn_lines(str_z(&why));
	str_fini(&why);
	free_drafts(&d);
	if (rc < 0)
		return FAILED;
	return d.is_partly ? BUILT_PARTLY : BUILT;
}

static int open_room(void)
{
	return memfd_create("audisp-hunt-lists", MFD_CLOEXEC);
}

static void start(struct shelf *s, const struct config *cf)
{
	s->fd = open_room();
	s->child = s->fd < 0 ? -1 : fork();
	if (s->child == 0) {
		/* It may outlive us, and is to keep no socket open. */
		for (int fd = 0; fd < FDS_MAX; fd++)
			if (fd != STDERR_FILENO && fd != s->fd)
				close(fd);
		_exit(build(cf, stamp_now_ms(), s->fd));
	}
	if (s->child > 0)
		return;
	log_warn("lists cannot be read: %s", strerror(errno));
	s->child = 0;
	drop_builder(s);
}

/* -1: these bytes are not what a builder leaves. */
static int open_both(
	struct bytes room, struct listmap *map, struct baseline *baseline)
{
	struct head head;
	size_t at;

	if (room.len < sizeof(head))
		return -1;
	memcpy(&head, room.p, sizeof(head));
	if (head.map_len > room.len || head.baseline_len > room.len)
		return -1;
	at = BASELINE_AT((size_t)head.map_len);
	if (at > room.len || head.baseline_len != room.len - at)
		return -1;
	if (listmap_open(map, (struct bytes){ room.p + sizeof(head),
				      (size_t)head.map_len }) < 0)
		return -1;
	return baseline_open(baseline,
		(struct bytes){ room.p + at, (size_t)head.baseline_len });
}

/* Takes over what lies in fd. -1: it is nothing. */
static int take(struct shelf *s, int fd)
{
	struct baseline baseline;
	struct listmap map;
	struct stat st;
	size_t len;
	void *room;

	if (fstat(fd, &st) < 0 || st.st_size <= 0)
		return -1;
	len = (size_t)st.st_size;
	room = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	if (room == MAP_FAILED)
		return -1;
	if (open_both((struct bytes){ room, len }, &map, &baseline) < 0) {
		munmap(room, len);
		return -1;
	}
	forget(s);
	s->map = map;
	s->baseline = baseline;
	s->room = room;
	s->len = len;
	return 0;
}

static void reap(struct shelf *s)
{
	int status, how;
	pid_t pid = waitpid(s->child, &status, WNOHANG);

	if (pid == 0 || (pid < 0 && errno == EINTR))
		return;
	how = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
	s->child = 0;
	if (how == FAILED)
		log_warn("lists cannot be packed; those before stay");
	else if ((how == BUILT || !s->room) && take(s, s->fd) == 0)
		log_info("%zu entries of lists, %zu of baselines",
			listmap_count(&s->map), s->baseline.n);
	s->signature = s->going;
	drop_builder(s);
}

static void look(struct shelf *s, const struct config *cf, int64_t now_ms)
{
	s->look_ms = now_ms + LOOK_MS;
	s->going = sign(cf);
	if (s->going == s->signature)
		return;
	if (s->going) {
		start(s, cf);
		return;
	}
	forget(s);
	s->signature = 0;
}

void shelf_tick(struct shelf *s, const struct config *cf, int64_t now_ms)
{
	if (s->child)
		reap(s);
	if (!s->child && now_ms >= s->look_ms)
		look(s, cf, now_ms);
	s->due_ms = s->child        ? now_ms + REAP_MS
		    : has_files(cf) ? s->look_ms
				    : INT64_MAX;
}

int64_t shelf_due_ms(const struct shelf *s)
{
	return s->due_ms;
}

void shelf_reload(struct shelf *s)
{
	s->look_ms = s->due_ms = 0;
}

int shelf_load(struct shelf *s, const struct config *cf, int64_t now_ms,
	struct str *why)
{
	struct drafts d;
	int fd, rc;

	if (!has_files(cf))
		return 0;
	fd = open_room();
	rc = read_all(cf, now_ms, &d, why);
	rc = fd >= 0 && rc == 0 && pack(&d, fd) == 0 ? take(s, fd) : -1;
	free_drafts(&d);
	if (fd >= 0)
		close(fd);
	if (rc < 0)
		str_addz(why, "lists cannot be packed\n");
	return rc < 0 || d.is_partly ? -1 : 0;
}
