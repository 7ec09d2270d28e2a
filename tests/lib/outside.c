// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What MemorySanitizer cannot see: memory that libraries write which it has not
 * compiled. Linked into programs that are built with SAN=memory.
 *
 * What a library allocates counts as written (poison_in_malloc=0), what this
 * project does as not, and what a library writes into that is told here, call
 * by call.
 */
#include <bzlib.h>
#include <lzma.h>
#include <malloc.h>
#include <maxminddb.h>
#include <nettle/cbc.h>
#include <nettle/pbkdf2.h>
#include <nettle/sha2.h>
#include <sanitizer/allocator_interface.h>
#include <sanitizer/msan_interface.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#define WRAP(type, name, ...)                                                  \
	type __real_##name(__VA_ARGS__);                                       \
	type __wrap_##name(__VA_ARGS__);                                       \
	type __wrap_##name(__VA_ARGS__)

const char *__msan_default_options(void);
const char *__msan_default_options(void)
{
	return "poison_in_malloc=0:poison_in_free=0";
}

WRAP(void *, malloc, size_t n)
{
	void *p = __real_malloc(n);

	if (p)
		__msan_allocated_memory(p, n);
	return p;
}

WRAP(void *, realloc, void *p, size_t n)
{
	size_t old = p ? __sanitizer_get_allocated_size(p) : 0;
	char *q = __real_realloc(p, n);

	if (q && n > old)
		__msan_allocated_memory(q + old, n - old);
	return q;
}

WRAP(struct mallinfo2, mallinfo2, void)
{
	struct mallinfo2 m = __real_mallinfo2();

	__msan_unpoison(&m, sizeof(m));
	return m;
}

static int told(int rc, struct stat *st)
{
	if (!rc)
		__msan_unpoison(st, sizeof(*st));
	return rc;
}

WRAP(int, stat64, const char *path, struct stat *st)
{
	return told(__real_stat64(path, st), st);
}

WRAP(int, lstat64, const char *path, struct stat *st)
{
	return told(__real_lstat64(path, st), st);
}

WRAP(int, fstat64, int fd, struct stat *st)
{
	return told(__real_fstat64(fd, st), st);
}

WRAP(int, fstatat64, int fd, const char *path, struct stat *st, int flags)
{
	return told(__real_fstatat64(fd, path, st, flags), st);
}

/* What z->next_out was moved over. */
#define STREAMED(type, call)                                                   \
	char *from = (char *)z->next_out;                                      \
	type rc = call;                                                        \
	__msan_unpoison(z, sizeof(*z));                                        \
	__msan_unpoison(from, (size_t)((char *)z->next_out - from));           \
	return rc

WRAP(int, inflate, z_stream *z, int flush)
{
	STREAMED(int, __real_inflate(z, flush));
}

WRAP(int, deflate, z_stream *z, int flush)
{
	STREAMED(int, __real_deflate(z, flush));
}

WRAP(lzma_ret, lzma_code, lzma_stream *z, lzma_action action)
{
	STREAMED(lzma_ret, __real_lzma_code(z, action));
}

WRAP(int, BZ2_bzDecompress, bz_stream *z)
{
	STREAMED(int, __real_BZ2_bzDecompress(z));
}

WRAP(size_t, ZSTD_decompressStream, ZSTD_DStream *z, ZSTD_outBuffer *to,
	ZSTD_inBuffer *from)
{
	size_t rc = __real_ZSTD_decompressStream(z, to, from);

	__msan_unpoison(to->dst, to->pos);
	return rc;
}

WRAP(void, nettle_sha256_digest, struct sha256_ctx *ctx, size_t n, uint8_t *to)
{
	__real_nettle_sha256_digest(ctx, n, to);
	__msan_unpoison(to, n);
}

WRAP(void, nettle_pbkdf2_hmac_sha256, size_t key_len, const uint8_t *key,
	unsigned int rounds, size_t salt_len, const uint8_t *salt, size_t n,
	uint8_t *to)
{
	__real_nettle_pbkdf2_hmac_sha256(
		key_len, key, rounds, salt_len, salt, n, to);
	__msan_unpoison(to, n);
}

WRAP(void, nettle_cbc_decrypt, const void *ctx, nettle_cipher_func *f,
	size_t block, uint8_t *iv, size_t n, uint8_t *to, const uint8_t *from)
{
	__real_nettle_cbc_decrypt(ctx, f, block, iv, n, to, from);
	__msan_unpoison(to, n);
}

/* A library's stack lies where ours was before: what it gives to functions of
 * libc is not looked at. */
#define QUIETLY(call)                                                          \
	int rc;                                                                \
	__msan_scoped_disable_interceptor_checks();                            \
	rc = call;                                                             \
	__msan_scoped_enable_interceptor_checks();                             \
	return rc

WRAP(int, sqlite3_exec, sqlite3 *db, const char *sql,
	int (*take)(void *, int, char **, char **), void *context, char **why)
{
	QUIETLY(__real_sqlite3_exec(db, sql, take, context, why));
}

WRAP(int, sqlite3_open_v2, const char *path, sqlite3 **db, int flags,
	const char *vfs)
{
	QUIETLY(__real_sqlite3_open_v2(path, db, flags, vfs));
}

WRAP(int, sqlite3_prepare_v2, sqlite3 *db, const char *sql, int n,
	sqlite3_stmt **to, const char **rest)
{
	QUIETLY(__real_sqlite3_prepare_v2(db, sql, n, to, rest));
}

WRAP(int, sqlite3_step, sqlite3_stmt *statement)
{
	QUIETLY(__real_sqlite3_step(statement));
}

WRAP(int, sqlite3_finalize, sqlite3_stmt *statement)
{
	QUIETLY(__real_sqlite3_finalize(statement));
}

WRAP(int, sqlite3_reset, sqlite3_stmt *statement)
{
	QUIETLY(__real_sqlite3_reset(statement));
}

WRAP(int, sqlite3_close, sqlite3 *db)
{
	QUIETLY(__real_sqlite3_close(db));
}

WRAP(int, MMDB_open, const char *path, uint32_t flags, MMDB_s *to)
{
	int rc = __real_MMDB_open(path, flags, to);

	__msan_unpoison(to, sizeof(*to));
	return rc;
}

WRAP(MMDB_lookup_result_s, MMDB_lookup_sockaddr, const MMDB_s *db,
	const struct sockaddr *address, int *rc)
{
	MMDB_lookup_result_s found =
		__real_MMDB_lookup_sockaddr(db, address, rc);

	__msan_unpoison(&found, sizeof(found));
	__msan_unpoison(rc, sizeof(*rc));
	return found;
}
