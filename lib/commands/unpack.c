// SPDX-License-Identifier: GPL-3.0-or-later
/* gunzip and its like, by the unpackers that there are. */
#include "command.h"

#include "decode.h"
#include "invocation.h"

#define UNPACKER(name) extern const struct unpacker unpacker_##name;
#include "unpackers.def"
#undef UNPACKER

static const struct unpacker *const by_content[] = { &unpacker_gzip,
	&unpacker_zlib, &unpacker_bzip2, &unpacker_xz, &unpacker_lzma,
	&unpacker_zstd };

static bool is_unpacking(const struct command_call *call)
{
	static const char always[] = "gunzip zcat gzcat bunzip2 bzcat unxz "
				     "xzcat unlzma lzcat unpigz unzstd zstdcat";
	struct command_opts o = { .call = call, .values = "S" };
	bool is_it =
		invocation_is_listed(always, invocation_base(call->argv[0]));
	char c;

	while ((c = command_next(&o))) {
		is_it |= c == 'd';
		is_it |= c == '-' && (command_starts(o.word, "--d") ||
					     command_starts(o.word, "--unc"));
		if (c == '.' && !command_is_stdin(o.word) &&
			!bytes_equal(o.word, BYTES("zlib")))
			return false;
	}
	return is_it;
}

/* The bytes tell which one it is. */
static bool unpack(struct command_call *call, struct str *out)
{
	struct decode_packed packed = { .bytes = call->in };
	size_t pos = 0;

	if (!call->in.p || !is_unpacking(call))
		return false;
	for (size_t i = 0; i < sizeof(by_content) / sizeof(by_content[0]);
		i++) {
		if (!by_content[i]->is_it(&packed))
			continue;
		call->kind = COMMAND_DECODED;
		call->undone = by_content[i]->name;
		return by_content[i]->unpack(&packed, &pos, out);
	}
	return false;
}

const struct command command_unpack = {
	.names =
		"gunzip zcat gzcat gzip pigz unpigz bunzip2 bzcat bzip2 pbzip2 "
		"unxz xzcat xz unlzma lzcat lzma zstd unzstd zstdcat "
		"zlib-flate",
	.run = unpack
};
