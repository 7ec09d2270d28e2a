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

#include "config.h"
#include "listmap.h"
#include "log.h"
#include "map.h"
#include "stamp.h"

#define LOOK_MS 60000
/* A builder is looked after this often. */
#define REAP_MS 200
#define FDS_MAX 64
#define WHY_MAX 8192

/* How a builder ends. */
enum { BUILT, BUILT_PARTLY, FAILED };

struct shelf {
	struct listmap map;
	void *room; /* what map lies in; NULL: it is empty */
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
	return &s->map;
}

static bool has_lists(const struct config *cf)
{
	struct list_conf list;

	return config_list(cf, 0, &list);
}

/* Of what tells one state of the files from another; 0: there are no lists. */
static uint64_t sign(const struct config *cf)
{
	static const uint64_t seed[2] = { 0, 0 };
	uint64_t sum = 0;

	struct list_conf list;

	for (size_t i = 0; config_list(cf, i, &list); i++) {
		struct {
			uint64_t sum, name, ino, size, s, ns, severity;
		} key = { .sum = sum, .severity = list.severity };
		struct stat st;

		key.name = map_siphash(seed, list.path, strlen(list.path)) ^
			   map_siphash(seed, list.name, strlen(list.name));
		if (stat(list.path, &st) == 0) {
			key.ino = (uint64_t)st.st_ino;
			key.size = (uint64_t)st.st_size;
			key.s = (uint64_t)st.st_mtim.tv_sec;
			key.ns = (uint64_t)st.st_mtim.tv_nsec;
		}
		sum = map_siphash(seed, &key, sizeof(key)) | 1;
	}
	return sum;
}

/* --- building ---------------------------------------------------------------
 */

/* A feed that never came is no list that cannot be read. */
static bool is_to_come(const struct list_conf *list)
{
	return list->is_fetched && access(list->path, F_OK) < 0 &&
	       errno == ENOENT;
}

/* All lists into a draft; NULL when out of memory. */
static struct listmap_draft *read_all(const struct config *cf, int64_t wall_ms,
	bool *is_partly, struct str *why)
{
	struct listmap_draft *d;
	struct list_conf list;
	uint64_t seed[2];

	*is_partly = false;
	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		return NULL;
	d = listmap_draft_new(seed);
	for (size_t i = 0; d && config_list(cf, i, &list); i++)
		if (!is_to_come(&list) && list_read(&list, d, wall_ms, why) < 0)
			*is_partly = true;
	return d;
}

static int pack(struct listmap_draft *d, int fd)
{
	size_t len = listmap_draft_len(d);
	void *to;

	if (ftruncate(fd, (off_t)len) < 0)
		return -1;
	to = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (to == MAP_FAILED)
		return -1;
	listmap_draft_pack(d, to);
	return munmap(to, len);
}

static int build(const struct config *cf, int64_t wall_ms, int fd)
{
	struct listmap_draft *d;
	bool is_partly;
	struct str why;
	int rc = -1;

	str_init(&why, WHY_MAX);
	d = read_all(cf, wall_ms, &is_partly, &why);
	if (d)
		rc = pack(d, fd);
	log_warn_lines(str_z(&why));
	str_fini(&why);
	listmap_draft_free(d);
	if (rc < 0)
		return FAILED;
	return is_partly ? BUILT_PARTLY : BUILT;
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

/* Takes over what lies in fd. -1: it is no map. */
static int take(struct shelf *s, int fd)
{
	struct listmap map;
	struct stat st;
	void *room;

	if (fstat(fd, &st) < 0 || st.st_size <= 0)
		return -1;
	room = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (room == MAP_FAILED)
		return -1;
	if (listmap_open(&map, (struct bytes){ room, (size_t)st.st_size }) <
		0) {
		munmap(room, (size_t)st.st_size);
		return -1;
	}
	forget(s);
	s->map = map;
	s->room = room;
	s->len = (size_t)st.st_size;
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
		log_info("%zu entries of lists", listmap_count(&s->map));
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
		    : has_lists(cf) ? s->look_ms
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
	struct listmap_draft *d;
	bool is_partly;
	int fd, rc;

	if (!has_lists(cf))
		return 0;
	fd = open_room();
	d = fd < 0 ? NULL : read_all(cf, now_ms, &is_partly, why);
	rc = d && pack(d, fd) == 0 ? take(s, fd) : -1;
	listmap_draft_free(d);
	if (fd >= 0)
		close(fd);
	if (rc < 0)
		str_addz(why, "lists cannot be packed\n");
	return rc < 0 || is_partly ? -1 : 0;
}
