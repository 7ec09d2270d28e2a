// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SPOOL_FILE_H
#define SPOOL_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "format.h"
#include "str.h"

struct queue_line;

/*
 * The files of a spool, in the byte order of the machine:
 *
 *   file    header, records in ascending order, and at last the seal
 *   header  "hspool" 0 1, u64 order of the first record, u32 class, u32 CRC
 *   record  u32 CRC of the rest, u32 length, u64 order, u64 input position,
 *           f32 score, u32 place of the mark for duplicates, the line with
 *           its newline
 *   seal    a record of length 0: the last record's order, and in place of
 *           the position how many there are
 *   NAME.sent   u64 order of the last record that is dealt with, u64 order
 *           of the last one that was to be sent, and the complement of their
 *           sum
 *
 * A file without a seal was still being written to when its writer died, and
 * may end in the midst of a record.
 */

struct spool_record {
	uint32_t crc, len;
	uint64_t order, pos;
	float score;
	uint32_t dup_at;
};

#define SPOOL_HEADER_LEN 24
#define SPOOL_RECORD_LEN sizeof(struct spool_record)
/* A line at its limit and its syslog header. */
#define SPOOL_LINE_MAX (FORMAT_LINE_MAX + 256)
/* No file is longer than this, whatever the configuration says. */
#define SPOOL_FILE_MAX (2u << 20)
/* "NAME-CLASS-ORDER" */
#define SPOOL_NAME_MAX 64
#define SPOOL_PATH_MAX (SPOOL_NAME_MAX + 24)

/* One file's worth of lines that have not been taken. */
struct spool_segment {
	struct spool_segment *next;
	uint64_t first, last; /* orders */
	uint64_t n; /* records from at on */
	uint32_t at, len; /* bytes: what was taken, and what is whole */
	unsigned int class;
	uint32_t n_all; /* records in the file */
};

/* A directory and the files of one name in it. */
struct spool_place {
	int dir; /* -1: closed */
	int sent; /* NAME.sent, locked; -1: closed */
	char name[SPOOL_NAME_MAX];
};

/* Opens the directory and locks the name; is_new: makes it if it is missing.
 * -1: errno says why, EAGAIN that another process has it; is_untrusted, that
 * others could have put something there. */
int spool_place_open(struct spool_place *p, const char *dir, bool is_new,
	bool *is_untrusted) __attribute__((warn_unused_result));
void spool_place_close(struct spool_place *p);
/* Both 0 where nothing is known of it. */
void spool_place_sent(
	const struct spool_place *p, uint64_t *sent, uint64_t *begun);
int spool_place_set_sent(const struct spool_place *p, uint64_t sent,
	uint64_t begun) __attribute__((warn_unused_result));

/* Whether a file's name is one of a segment of this spool, and which. */
bool spool_file_is_ours(const struct spool_place *p, const char *file,
	unsigned int *class, uint64_t *first);
/* Makes the file of a new segment; its descriptor, or -1. */
int spool_file_create(const struct spool_place *p, struct spool_segment *g)
	__attribute__((warn_unused_result));
/* Appends whole records; -1: the file is as it was, and errno says why. */
int spool_file_append(int fd, struct spool_segment *g, struct bytes records)
	__attribute__((warn_unused_result));
/* Says in the file that it is complete. */
int spool_file_seal(int fd, struct spool_segment *g)
	__attribute__((warn_unused_result));
/* Opens a segment's file; -1 with EPERM: it is not as we make them. */
int spool_file_open(const struct spool_place *p, const struct spool_segment *g,
	int flags, uint64_t *size) __attribute__((warn_unused_result));
/* How much of len bytes there is, whatever interrupts it. -1: errno. */
ssize_t spool_file_read(int fd, void *p, size_t len, off_t at)
	__attribute__((warn_unused_result));
int spool_file_remove(const struct spool_place *p,
	const struct spool_segment *g) __attribute__((warn_unused_result));
/*
 * Finds out what a file of size bytes holds beyond the order sent: fills g,
 * whose class and first are known. buf has SPOOL_FILE_MAX bytes. -1: it is no
 * segment. *torn is how many bytes at its end are no whole record; they are
 * cut off.
 */
int spool_file_load(int fd, uint64_t size, uint64_t sent, char *buf,
	struct spool_segment *g, uint32_t *torn)
	__attribute__((warn_unused_result));

/* A record for the line, added to out. */
void spool_record_add(struct str *out, const struct queue_line *line,
	const char *text, uint64_t order);
/* The record at the start of from: how many bytes it has, 0 when there is no
 * whole and undamaged one of length > 0. */
uint32_t spool_record_read(struct bytes from, struct spool_record *r);

#endif
