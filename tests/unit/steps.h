// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef STEPS_H
#define STEPS_H

#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * SQLite's files, where each write, truncation, sync, deletion and opening is
 * a step at which the process can end, stop, or fail.
 */
enum moment { BEFORE, AFTER, HALFWAY, N_MOMENTS, STOP };

/* Counts in whichever process has it set: a checkpoint's child is one. */
static struct {
	int left; /* steps until the end; 0: there is none */
	enum moment moment;
	int error; /* fail the step and all later ones, in place of an end */
} plan;

struct steps_file {
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_vfs ours, *theirs;
static sqlite3_io_methods methods;

static bool is_time(void)
{
	if (plan.error && plan.left == 1)
		return true;
	return plan.left && !--plan.left;
}

/* What a step does: SQLITE_OK lets it happen. */
static int begin(void)
{
	if (!is_time())
		return SQLITE_OK;
	if (plan.error)
		return plan.error;
	if (plan.moment == BEFORE)
		_exit(99);
	if (plan.moment == STOP)
		raise(SIGSTOP);
	return SQLITE_OK;
}

static bool is_last(void)
{
	return plan.left == 0 && plan.moment != BEFORE && plan.moment != STOP &&
	       !plan.error;
}

static bool has_plan;

static int end(int rc)
{
	if (has_plan && is_last())
		_exit(99);
	return rc;
}

static sqlite3_file *real(sqlite3_file *f)
{
	return ((struct steps_file *)(void *)f)->real;
}

/* What SQLite hands to a callback is unknown to MemorySanitizer. */
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#pragma clang attribute push(                                                  \
	__attribute__((no_sanitize("memory"))), apply_to = function)
#define STEPS_ARE_CALLED
#endif
#endif

static int on_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	int rc = begin();

	if (rc != SQLITE_OK)
		return rc;
	if (has_plan && is_last() && plan.moment == HALFWAY)
		n /= 2;
	return end(real(f)->pMethods->xWrite(real(f), p, n, at));
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = begin();

	return rc == SQLITE_OK
		       ? end(real(f)->pMethods->xTruncate(real(f), size))
		       : rc;
}

static int on_sync(sqlite3_file *f, int flags)
{
	int rc = begin();

	return rc == SQLITE_OK ? end(real(f)->pMethods->xSync(real(f), flags))
			       : rc;
}

static int on_close(sqlite3_file *f)
{
	int rc = real(f)->pMethods->xClose(real(f));

	free(real(f));
	return rc;
}

static int on_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real(f)->pMethods->xRead(real(f), p, n, at);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real(f)->pMethods->xFileSize(real(f), size);
}

static int on_lock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xLock(real(f), level);
}

static int on_unlock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xUnlock(real(f), level);
}

static int on_reserved(sqlite3_file *f, int *is)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), is);
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
	return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int on_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int on_device(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
	int flags, int *got)
{
	struct steps_file *file = (struct steps_file *)(void *)f;
	int rc = flags & SQLITE_OPEN_CREATE ? begin() : SQLITE_OK;

	(void)vfs;
	file->base.pMethods = NULL;
	if (rc != SQLITE_OK)
		return rc;
	file->real = calloc(1, (size_t)theirs->szOsFile);
	if (!file->real)
		return SQLITE_NOMEM;
	rc = theirs->xOpen(theirs, name, file->real, flags, got);
	if (file->real->pMethods)
		file->base.pMethods = &methods;
	else
		free(file->real);
	return flags & SQLITE_OPEN_CREATE ? end(rc) : rc;
}

static int on_delete(sqlite3_vfs *vfs, const char *name, int is_synced)
{
	int rc = begin();

	(void)vfs;
	return rc == SQLITE_OK ? end(theirs->xDelete(theirs, name, is_synced))
			       : rc;
}

#ifdef STEPS_ARE_CALLED
#pragma clang attribute pop
#endif

static inline void steps_install(void)
{
	theirs = sqlite3_vfs_find(NULL);
	ours = *theirs;
	ours.zName = "crash";
	ours.szOsFile = sizeof(struct steps_file);
	ours.xOpen = on_open;
	ours.xDelete = on_delete;
	methods = (sqlite3_io_methods){ .iVersion = 1,
		.xClose = on_close,
		.xRead = on_read,
		.xWrite = on_write,
		.xTruncate = on_truncate,
		.xSync = on_sync,
		.xFileSize = on_size,
		.xLock = on_lock,
		.xUnlock = on_unlock,
		.xCheckReservedLock = on_reserved,
		.xFileControl = on_control,
		.xSectorSize = on_sector,
		.xDeviceCharacteristics = on_device };
	if (sqlite3_vfs_register(&ours, 1) != SQLITE_OK)
		abort();
}

static inline void steps_plan(int left, enum moment moment, int error)
{
	plan.left = left;
	plan.moment = moment;
	plan.error = error;
	has_plan = left > 0;
}

#endif
