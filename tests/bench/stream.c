// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream.h"

#define EVENT_US      200 /* 5,000 events a second */
#define TICK_MS       4 /* the kernel's times are those of HZ=250 */
#define LATE_PERCENT  2 /* events that end inside the next one */
#define LOST_PERCENT  1 /* events without end, where there are any */
#define STALE_PERCENT 10 /* PROCTITLE still that of the parent */
#define PID_FIRST     300
#define PID_MAX       4194303
#define EXECVE_ROOM   7500 /* bytes of arguments the kernel puts in a record */
#define PREFIX_ROOM   96 /* of them it sets aside for " aN_len=N aN[N]=" */
#define PROCTITLE_MAX 128 /* bytes of the command line it copies */

unsigned int random_below(uint64_t *state, unsigned int n)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u); /* splitmix64 */

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return (unsigned int)((z >> 32) * n >> 32);
}

static void stamp(struct stream *s)
{
	uint64_t ms = s->clock_us / 1000 / TICK_MS * TICK_MS;

	snprintf(s->stamp, sizeof(s->stamp), "%llu.%03u:%lu",
		(unsigned long long)(ms / 1000), (unsigned int)(ms % 1000),
		s->serial++);
}

void stream_begin(struct stream *s, const struct session *session)
{
	s->session = session;
	s->pid += 1 + random_below(&s->content, 3);
	if (s->pid > PID_MAX)
		s->pid = PID_FIRST;
	s->clock_us += EVENT_US;
	s->event.len = s->first_end = s->tail = 0;
	stamp(s);
}

void stream_end(struct stream *s, bool can_be_lossy)
{
	bool is_late = random_below(&s->fault, 100) < LATE_PERCENT;
	bool is_lossy = random_below(&s->fault, 100) < LOST_PERCENT;
	size_t end = s->event.len;

	if (s->tail == 0)
		s->tail = end;
	if (can_be_lossy && is_lossy)
		end = s->tail;
	if (!is_late)
		s->tail = end;
	fwrite(s->event.p, 1, s->first_end, stdout);
	stream_flush(s);
	fwrite(s->event.p + s->first_end, 1, s->tail - s->first_end, stdout);
	buf_add(&s->held, s->event.p + s->tail, end - s->tail);
}

void stream_flush(struct stream *s)
{
	if (s->held.len > 0)
		fwrite(s->held.p, 1, s->held.len, stdout);
	s->held.len = 0;
}

void stream_open(struct stream *s, const char *type)
{
	buf_addf(&s->event, "type=%s msg=audit(%s): ", type, s->stamp);
}

void stream_close(struct stream *s)
{
	buf_adds(&s->event, "\n");
	if (s->first_end == 0)
		s->first_end = s->event.len;
}

void stream_name(struct buf *b, const struct session *session, const char *tag,
	unsigned int id)
{
	if (id == ID_UNSET)
		buf_addf(b, "%s=\"unset\"", tag);
	else if (id == 0)
		buf_addf(b, "%s=\"root\"", tag);
	else if (session->is_unknown)
		buf_addf(b, "%s=\"unknown(%u)\"", tag, id);
	else
		buf_addf(b, "%s=\"%s\"", tag, session->name);
}

void stream_crash(struct stream *s, const struct session *session)
{
	unsigned int uid = session->uid;

	stamp(s);
	buf_addf(&s->held,
		"type=ANOM_ABEND msg=audit(%s): auid=%u uid=%u gid=%u ses=%u "
		"pid=%u comm=\"crash\" exe=\"/srv/www/bin/crash\" sig=11 res=1",
		s->stamp, session->auid, uid, uid, session->ses,
		PID_FIRST + random_below(&s->fault, PID_MAX - PID_FIRST));
	if (s->is_enriched) {
		stream_name(&s->held, session, "\035AUID", session->auid);
		stream_name(&s->held, session, " UID", uid);
		stream_name(&s->held, session, " GID", uid);
	}
	buf_adds(&s->held, "\n");
}

void stream_syscall(struct stream *s, unsigned int number, const char *name,
	const char *a, unsigned int items, const char *key)
{
	static const char *const tags[] = { " UID", " GID", " EUID", " SUID",
		" FSUID", " EGID", " SGID", " FSGID" };
	const struct session *who = s->session;
	const char *slash = strrchr(s->args.text.p, '/');
	const char *comm = slash ? slash + 1 : s->args.text.p;
	unsigned int uid = who->uid;

	stream_open(s, "SYSCALL");
	buf_addf(&s->event,
		"arch=c000003e syscall=%u %s a3=%x items=%u ppid=%u pid=%u "
		"auid=%u uid=%u gid=%u euid=%u suid=%u fsuid=%u egid=%u "
		"sgid=%u fsgid=%u tty=%s ses=%u comm=\"%.15s\" exe=\"%s\" "
		"key=\"%s\"",
		number, a, random_below(&s->content, 4096), items, who->ppid,
		s->pid, who->auid, uid, uid, uid, uid, uid, uid, uid, uid,
		who->tty, who->ses, comm, s->exe, key);
	if (s->is_enriched) {
		buf_addf(&s->event, "\035ARCH=x86_64 SYSCALL=%s ", name);
		stream_name(&s->event, who, "AUID", who->auid);
		for (size_t i = 0; i < ARRAY_LEN(tags); i++)
			stream_name(&s->event, who, tags[i], uid);
	}
	stream_close(s);
}

/* The kernel's packing: what may not fit is split into numbered pieces. */
static void add_arg(
	struct stream *s, unsigned int n, const char *p, size_t *room)
{
	size_t len = strlen(p);
	bool is_hex = len >= EXECVE_ROOM || needs_hex(p, len);
	size_t unit = is_hex ? 2 : 1;
	size_t quotes = is_hex ? 0 : 2;
	size_t done = 0, take, fits, before;
	unsigned int piece = 0;

	do {
		if (*room < PREFIX_ROOM + 8) {
			stream_close(s);
			stream_open(s, "EXECVE");
			*room = EXECVE_ROOM;
		}
		before = s->event.len;
		take = len - done;
		if (piece == 0 && take * unit + quotes + PREFIX_ROOM <= *room) {
			buf_addf(&s->event, " a%u=", n);
		} else {
			if (piece == 0)
				buf_addf(&s->event, " a%u_len=%zu", n,
					len * unit);
			buf_addf(&s->event, " a%u[%u]=", n, piece++);
		}
		fits = (*room - (s->event.len - before) - quotes) / unit;
		if (take > fits)
			take = fits;
		if (is_hex)
			buf_add_hex(&s->event, p + done, take);
		else
			buf_add_quoted(&s->event, p + done, take);
		*room -= s->event.len - before;
		done += take;
	} while (done < len);
}

void stream_execve(struct stream *s)
{
	const char *p = s->args.text.p;
	size_t room = EXECVE_ROOM;

	stream_open(s, "EXECVE");
	buf_addf(&s->event, "argc=%u", s->args.count);
	for (unsigned int n = 0; n < s->args.count; n++) {
		add_arg(s, n, p, &room);
		p += strlen(p) + 1;
	}
	stream_close(s);
}

void stream_cwd(struct stream *s, const char *dir)
{
	stream_open(s, "CWD");
	buf_addf(&s->event, "cwd=\"%s\"", dir);
	stream_close(s);
}

static unsigned int inode_of(const char *name)
{
	unsigned int h = 2166136261u; /* FNV-1a */

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return 131072 + h % 900000;
}

void stream_path(struct stream *s, unsigned int item, const char *name,
	unsigned int mode, unsigned int owner)
{
	stream_open(s, "PATH");
	buf_addf(&s->event,
		"item=%u name=\"%s\" inode=%u dev=fe:00 mode=0%o ouid=%u "
		"ogid=%u rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 "
		"cap_fe=0 cap_fver=0 cap_frootid=0",
		item, name, inode_of(name), mode, owner, owner);
	if (s->is_enriched) {
		stream_name(&s->event, s->session, "\035OUID", owner);
		stream_name(&s->event, s->session, " OGID", owner);
	}
	stream_close(s);
}

void stream_proctitle_eoe(struct stream *s)
{
	const char *p = s->args.text.p;
	size_t len = s->args.text.len;

	s->tail = s->event.len;
	if (random_below(&s->content, 100) < STALE_PERCENT) {
		p = "-bash";
		len = strlen(p);
	}
	if (len > PROCTITLE_MAX)
		len = PROCTITLE_MAX;
	while (len > 0 && p[len - 1] < 0x20)
		len--;
	stream_open(s, "PROCTITLE");
	buf_adds(&s->event, "proctitle=");
	if (needs_hex(p, len))
		buf_add_hex(&s->event, p, len);
	else
		buf_add_quoted(&s->event, p, len);
	stream_close(s);
	stream_open(s, "EOE");
	if (s->is_enriched)
		s->event.len--; /* ENRICHED has no blank there */
	stream_close(s);
}
