// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "map.h"
#include "mark.h"
#include "metrics.h"
#include "record.h"
#include "serial.h"

/* Holds what a full socket of auditd's does, and a line begun before it. */
#define BUFFER_SIZE (80 * 1024)
#define NODE_MAX    256

struct host {
	struct serial_window serials;
};

struct feed {
	struct feed_conf cf;
	size_t len; /* bytes in buffer */
	size_t scanned; /* of them known to hold no newline */
	size_t nul; /* where the first one is from the last line on, or len */
	uint64_t pos; /* in the input, of the buffer's first byte */
	int is_skipping; /* inside a line that is too long */
	struct record_memo memo;
	uint64_t missing; /* of hosts that are followed no longer */
	struct map *hosts;
	/* The host of the last record: streams seldom change it. */
	char node[NODE_MAX];
	struct host *host;
	char buffer[BUFFER_SIZE];
};

struct feed *feed_new(const struct feed_conf *cf)
{
	struct feed *f = malloc(sizeof(*f));
	struct map_conf hosts = { .key_len = NODE_MAX,
		.value_len = sizeof(struct host),
		.max = FEED_NODES_MAX };

	if (!f)
		return NULL;
	memset(f, 0, offsetof(struct feed, buffer));
	f->cf = *cf;
	f->hosts = map_new(&hosts);
	if (!f->hosts) {
		free(f);
		return NULL;
	}
	return f;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	map_free(f->hosts);
	free(f);
}

/* The table is full and the oldest host goes: what it missed stays missing. */
static void forget_oldest(struct feed *f)
{
	const struct host *h;
	const void *key;
	uint32_t i = 0;

	h = map_next(f->hosts, &i, &key);
	f->missing += h ? serial_missing(&h->serials) : 0;
}

static struct host *host_of(struct feed *f, struct bytes node)
{
	size_t len = node.len < NODE_MAX - 1 ? node.len : NODE_MAX - 1;

	if (f->host && !strncmp(f->node, node.p ? node.p : "", len) &&
		!f->node[len])
		return f->host;
	memset(f->node, 0, sizeof(f->node));
	if (len)
		memcpy(f->node, node.p, len);
	f->host = map_touch(f->hosts, f->node);
	if (f->host)
		return f->host;
	if (map_count(f->hosts) == FEED_NODES_MAX)
		forget_oldest(f);
	f->host = map_note(f->hosts, f->node);
	return f->host;
}

/* auditd numbers its own DAEMON_* records apart from the kernel's. */
static void note_serial(struct feed *f, const struct record *rec)
{
	struct host *h;

	if (rec->type_name.len > 7 && !memcmp(rec->type_name.p, "DAEMON_", 7))
		return;
	h = host_of(f, rec->node);
	if (!h)
		return;
	if (serial_note(&h->serials, rec->serial))
		f->cf.metrics->serial_restarts++;
}

/* The last that the kernel says. Nobody but the kernel can write records of
 * this type. */
static bool is_switch_off(const struct record *rec)
{
	return rec->type == RECORD_CONFIG_CHANGE &&
	       bytes_equal(record_field(rec->body, BYTES("audit_enabled")),
		       BYTES("0")) &&
	       bytes_equal(record_field(rec->body, BYTES("res")), BYTES("1"));
}

/* All that was read is looked at once, not line by line. */
static bool has_nul(struct feed *f, size_t at, size_t len)
{
	const char *nul;

	if (f->nul < at || !at) {
		nul = memchr(f->buffer + at, '\0', f->len - at);
		f->nul = nul ? (size_t)(nul - f->buffer) : f->len;
	}
	return f->nul < at + len;
}

static void take_line(struct feed *f, const char *line, size_t len)
{
	uint64_t pos = f->pos + (uint64_t)(line - f->buffer);
	struct record rec;

	f->cf.metrics->lines++;
	if (f->cf.mark && !mark_set(f->cf.mark, mark_line(pos))) {
		f->cf.metrics->lines_poisoned++;
		return;
	}
	if (len > FEED_LINE_MAX) {
		f->cf.metrics->lines_long++;
		return;
	}
	if (has_nul(f, (size_t)(line - f->buffer), len) ||
		record_parse(line, len, &f->memo, &rec) < 0) {
		f->cf.metrics->lines_malformed++;
		return;
	}
	rec.input_pos = pos;
	note_serial(f, &rec);
	f->cf.metrics->audit_off += is_switch_off(&rec);
	if (rec.type == RECORD_OTHER) {
		f->cf.metrics->records_other++;
		return;
	}
	f->cf.take(f->cf.arg, &rec);
}

/* Hands on the whole lines of the buffer and keeps the rest. */
static void cut_lines(struct feed *f)
{
	char *line = f->buffer, *end = f->buffer + f->len;
	char *from = f->buffer + f->scanned;

	f->nul = 0;
	for (;;) {
		char *nl = memchr(from, '\n', (size_t)(end - from));

		if (!nl)
			break;
		if (f->is_skipping)
			f->is_skipping = 0;
		else
			take_line(f, line, (size_t)(nl - line));
		line = from = nl + 1;
	}
	f->len = (size_t)(end - line);
	f->pos += (uint64_t)(line - f->buffer);
	if (f->is_skipping) {
		f->pos += f->len;
		f->len = 0;
	}
	if (f->len > FEED_LINE_MAX) {
		/* Counted now; what is left of it goes unread. */
		take_line(f, line, f->len);
		f->is_skipping = 1;
		f->pos += f->len;
		f->len = 0;
	}
	if (f->len && line != f->buffer)
		memmove(f->buffer, line, f->len);
	f->scanned = f->len;
}

ssize_t feed_read(struct feed *f, int fd)
{
	ssize_t n = read(fd, f->buffer + f->len, sizeof(f->buffer) - f->len);

	if (n <= 0)
		return n;
	f->len += (size_t)n;
	cut_lines(f);
	return n;
}

void feed_push(struct feed *f, const char *p, size_t n)
{
	while (n) {
		size_t room = sizeof(f->buffer) - f->len;
		size_t part = n < room ? n : room;

		memcpy(f->buffer + f->len, p, part);
		f->len += part;
		p += part;
		n -= part;
		cut_lines(f);
	}
}

void feed_end(struct feed *f)
{
	if (f->len)
		take_line(f, f->buffer, f->len);
	f->pos += f->len;
	f->len = f->scanned = 0;
	f->is_skipping = 0;
}

void feed_seek(struct feed *f, uint64_t pos)
{
	f->pos = pos;
}

uint64_t feed_pos(const struct feed *f)
{
	return f->pos;
}

uint64_t feed_missing(const struct feed *f)
{
	const struct host *h;
	const void *key;
	uint64_t sum = f->missing;
	uint32_t i = 0;

	while ((h = map_next(f->hosts, &i, &key)))
		sum += serial_missing(&h->serials);
	return sum;
}
