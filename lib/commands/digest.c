// SPDX-License-Identifier: GPL-3.0-or-later
/* md5sum and its like: letters are cut out of digests, too. */
#include "command.h"

#include <stddef.h>

#include <nettle/nettle-meta.h>

#include "invocation.h"

static const struct {
	const char *name;
	const struct nettle_hash *hash;
} rows[] = { { "md5sum", &nettle_md5 }, { "sha1sum", &nettle_sha1 },
	{ "sha224sum", &nettle_sha224 }, { "sha256sum", &nettle_sha256 },
	{ "sha384sum", &nettle_sha384 }, { "sha512sum", &nettle_sha512 } };

#define CONTEXT_MAX 512
#define DIGEST_MAX  64

static bool digest(struct command_call *call, struct str *out)
{
	static const char digits[] = "0123456789abcdef";
	struct bytes name = invocation_base(call->argv[0]);
	uint8_t sum[DIGEST_MAX];
	_Alignas(max_align_t) uint8_t context[CONTEXT_MAX];
	size_t i = 0;

	while (!bytes_equal(name, bytes_of(rows[i].name)))
		if (++i == sizeof(rows) / sizeof(rows[0]))
			return false;
	if (!call->in.p || rows[i].hash->context_size > sizeof(context))
		return false;
	for (size_t k = 1; k < call->argc; k++)
		if (!command_is_stdin(call->argv[k]))
			return false;
	rows[i].hash->init(context);
	rows[i].hash->update(
		context, call->in.len, (const uint8_t *)call->in.p);
	if (call->has_newline)
		rows[i].hash->update(context, 1, (const uint8_t *)"\n");
	rows[i].hash->digest(context, rows[i].hash->digest_size, sum);
	for (size_t k = 0; k < rows[i].hash->digest_size; k++) {
		str_addc(out, digits[sum[k] >> 4]);
		str_addc(out, digits[sum[k] & 15]);
	}
	str_addz(out, "  -");
	call->ends_line = true;
	return true;
}

const struct command command_digest = {
	.names = "md5sum sha1sum sha224sum sha256sum sha384sum sha512sum",
	.run = digest
};
