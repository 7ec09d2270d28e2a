// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The records of an audit stream, byte for byte as auditd hands them to a
 * plugin. An event is what is added between stream_begin() and stream_end();
 * it then goes to stdout.
 */
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define ID_UNSET     4294967295u

struct session {
	const char *name; /* the user's */
	bool is_person; /* logged in, not a service */
	bool is_unknown; /* no passwd has the id */
	unsigned int auid, uid, ses, ppid, addr;
	char tty[12];
};

/* Arguments one after the other, each ended by a NUL. */
struct args {
	struct buf text;
	unsigned int count;
};

struct stream {
	uint64_t content; /* random state of what the events say */
	uint64_t fault; /* and of what becomes of them on the way */
	uint64_t clock_us;
	unsigned long serial;
	bool is_enriched;
	/* the event being written */
	const struct session *session;
	const char *exe;
	struct args args;
	unsigned int pid;
	char stamp[64]; /* SEC.MSEC:SERIAL */
	struct buf event;
	size_t first_end; /* where its first record ends */
	size_t tail; /* where its PROCTITLE begins */
	/* records that go out after the next event's first */
	struct buf held;
};

/* A number below n from one of the two random states. */
unsigned int random_below(uint64_t *state, unsigned int n);

void stream_begin(struct stream *s, const struct session *session);
void stream_end(struct stream *s, bool can_be_lossy);
void stream_flush(struct stream *s);

/* One record in free form. */
void stream_open(struct stream *s, const char *type);
void stream_close(struct stream *s);

/* The record of a crash, alone, in the middle of the next event. */
void stream_crash(struct stream *s, const struct session *session);

/* 'a' is the text from success= to a2=. */
void stream_syscall(struct stream *s, unsigned int number, const char *name,
	const char *a, unsigned int items, const char *key);
void stream_execve(struct stream *s);
void stream_cwd(struct stream *s, const char *dir);
void stream_path(struct stream *s, unsigned int item, const char *name,
	unsigned int mode, unsigned int owner);
void stream_proctitle_eoe(struct stream *s);

/* TAG="name" as ENRICHED records end. */
void stream_name(struct buf *b, const struct session *session, const char *tag,
	unsigned int id);

#endif
