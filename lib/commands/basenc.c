// SPDX-License-Identifier: GPL-3.0-or-later
/* base64, base32, basenc and uudecode, where they decode. */
#include "command.h"

#include "undo.h"

static const struct {
	const char *name;
	enum undo_base base;
	const char *undone;
} bases[] = { { "base64url", UNDO_BASE64, "base64url" },
	{ "base64", UNDO_BASE64, "base64" },
	{ "base32hex", UNDO_BASE32HEX, "base32" },
	{ "base32", UNDO_BASE32, "base32" }, { "base16", UNDO_BASE16, "hex" },
	{ "base2msbf", UNDO_BASE2, "binary" },
	{ "base2lsbf", UNDO_BASE2LSBF, "binary" } };

#define N_BASES (sizeof(bases) / sizeof(bases[0]))

static bool undo(
	struct command_call *call, size_t i, bool with_garbage, struct str *out)
{
	call->kind = COMMAND_DECODED;
	call->undone = bases[i].undone;
	if (bases[i].base == UNDO_BASE64 && undo_is_url(call->in))
		call->undone = "base64url";
	undo_base(bases[i].base, call->in, with_garbage, out);
	return true;
}

/* The row whose name word starts with, N_BASES if none. */
static size_t base_of(struct bytes word)
{
	size_t i = 0;

	while (i < N_BASES && !command_starts(word, bases[i].name))
		i++;
	return i;
}

static size_t own_base(const struct command_call *call)
{
	struct bytes name = call->argv[0];
	const char *slash = memrchr(name.p, '/', name.len);

	if (slash) {
		name.len -= (size_t)(slash + 1 - name.p);
		name.p = slash + 1;
	}
	if (name.len && name.p[0] == 'g')
		name.p++, name.len--;
	return base_of(name);
}

/* base64 -d: what GNU, BusyBox and BSD take for that. */
static bool decode(struct command_call *call, struct str *out)
{
	struct command_opts o = { .call = call, .values = "wb" };
	bool is_decoding = false, with_garbage = false, is_z85 = false;
	size_t base = own_base(call);
	char c;

	while ((c = command_next(&o))) {
		struct bytes word = o.word;

		is_decoding |= c == 'd' || c == 'D';
		with_garbage |= c == 'i';
		if (c == '.' && !command_is_stdin(word))
			return false;
		if (c != '-')
			continue;
		word.p += 2;
		word.len -= 2;
		is_decoding |= command_starts(word, "d");
		with_garbage |= command_starts(word, "i");
		is_z85 |= bytes_equal(word, BYTES("z85"));
		if (base_of(word) < N_BASES)
			base = base_of(word);
	}
	if (!is_decoding || (base == N_BASES && !is_z85) || !call->in.p)
		return false;
	if (is_z85) {
		call->kind = COMMAND_DECODED;
		call->undone = "ascii85";
		undo_base85(UNDO_Z85, call->in, out);
		return true;
	}
	return undo(call, base, with_garbage, out);
}

const struct command command_basenc = {
	.names = "base64 base32 basenc base16 gbase64 gbase32 gbasenc",
	.run = decode
};

/* Behind the first line that starts with head; false: there is none. */
static bool skip_line(struct bytes *in, const char *head)
{
	while (in->len) {
		const char *end = memchr(in->p, '\n', in->len);
		bool is_it = command_starts(*in, head);

		if (!end)
			return false;
		in->len -= (size_t)(end + 1 - in->p);
		in->p = end + 1;
		if (is_it)
			return true;
	}
	return false;
}

/* Its lines: a length, then characters of six bits. */
static void undo_uu(struct bytes in, struct str *out)
{
	while (in.len) {
		const char *end = memchr(in.p, '\n', in.len);
		size_t n = end ? (size_t)(end - in.p) : in.len;
		size_t left = (size_t)((in.p[0] - ' ') & 63);
		unsigned int bits = 0, n_bits = 0;

		if (!left || !n)
			return;
		for (size_t i = 1; i < n && left; i++) {
			bits = (bits << 6 |
				       ((unsigned int)(in.p[i] - ' ') & 63)) &
			       0xffff;
			n_bits += 6;
			if (n_bits < 8)
				continue;
			n_bits -= 8;
			str_addc(out, (char)(bits >> n_bits));
			left--;
		}
		n += end != NULL;
		in.p += n;
		in.len -= n;
	}
}

static bool uudecode(struct command_call *call, struct str *out)
{
	struct command_opts o = { .call = call, .values = "o" };
	struct bytes in = call->in;
	char c;

	while ((c = command_next(&o)))
		if (c == '.' && !command_is_stdin(o.word))
			return false;
	if (!in.p)
		return false;
	call->kind = COMMAND_DECODED;
	if (skip_line(&in, "begin-base64 ")) {
		call->undone = "base64";
		undo_base(UNDO_BASE64, in, false, out);
		return true;
	}
	in = call->in;
	call->undone = "uuencode";
	if (!skip_line(&in, "begin "))
		return false;
	undo_uu(in, out);
	return true;
}

const struct command command_uudecode = { .names = "uudecode",
	.run = uudecode };
