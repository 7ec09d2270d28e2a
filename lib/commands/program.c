// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Interpreters as filters: perl -pe, python3 -c on its standard input, jq's
 * @base64d. The functions that a program names tell what it does, the last
 * one in its text first: print(b64decode(reverse(<STDIN>))).
 */
#include "command.h"

#include <ctype.h>

#include "invocation.h"
#include "script_filter.h"
#include "text.h"
#include "undo.h"

/* Functions told apart in one program. */
#define STEPS_MAX 4

enum what { BASE64, BASE32, HEX, REVERSE, ROT13, PERCENT };

static const char *const names[] = { "base64", "base32", "hex", "reverse",
	"rot13", "percent" };

static const struct {
	struct bytes call;
	enum what what;
} calls[] = { { BYTES("decode_base64"), BASE64 },
	{ BYTES("b64decode"), BASE64 }, { BYTES("b64d"), BASE64 },
	{ BYTES("base64_decode"), BASE64 }, { BYTES("a2b_base64"), BASE64 },
	{ BYTES("decode64"), BASE64 }, { BYTES("unpack('m"), BASE64 },
	{ BYTES("unpack(\"m"), BASE64 }, { BYTES("unpack1('m"), BASE64 },
	{ BYTES("unpack1(\"m"), BASE64 }, { BYTES("'base64'"), BASE64 },
	{ BYTES("\"base64\""), BASE64 }, { BYTES("@base64d"), BASE64 },
	{ BYTES("atob("), BASE64 }, { BYTES("b32decode"), BASE32 },
	{ BYTES("unhexlify"), HEX }, { BYTES("fromhex"), HEX },
	{ BYTES("hex2bin"), HEX }, { BYTES("'hex'"), HEX },
	{ BYTES("\"hex\""), HEX }, { BYTES("chr hex"), HEX },
	{ BYTES("chr(hex"), HEX }, { BYTES("pack(\"H*"), HEX },
	{ BYTES("pack('H*"), HEX }, { BYTES("pack \"H*"), HEX },
	{ BYTES("pack 'H*"), HEX }, { BYTES("pack(q(H*"), HEX },
	{ BYTES("pack(\"H2"), HEX }, { BYTES("pack('H2"), HEX },
	{ BYTES("reverse"), REVERSE }, { BYTES("[::-1]"), REVERSE },
	{ BYTES("strrev"), REVERSE }, { BYTES("rot13"), ROT13 },
	{ BYTES("rot_13"), ROT13 }, { BYTES("N-ZA-Mn-za-m"), ROT13 },
	{ BYTES("n-za-mN-ZA-M"), ROT13 }, { BYTES("unquote"), PERCENT },
	{ BYTES("uri_unescape"), PERCENT }, { BYTES("urldecode"), PERCENT },
	{ BYTES("%([0-9"), PERCENT }, { BYTES("decodeURI"), PERCENT } };

#define N_CALLS (sizeof(calls) / sizeof(calls[0]))

struct steps {
	struct {
		enum what what;
		const char *at;
	} s[STEPS_MAX];
	size_t n;
};

/* Sorted by places, a kind once. False: too many to tell. */
static bool note(struct steps *t, enum what what, const char *at)
{
	size_t i = t->n;

	for (size_t k = 0; k < t->n; k++)
		if (t->s[k].what == what)
			return true;
	if (t->n == STEPS_MAX)
		return false;
	for (; i && t->s[i - 1].at > at; i--)
		t->s[i] = t->s[i - 1];
	t->s[i].what = what;
	t->s[i].at = at;
	t->n++;
	return true;
}

static void undo(enum what what, struct bytes in, struct str *out)
{
	switch (what) {
	case BASE64:
		undo_base(UNDO_BASE64, in, true, out);
		break;
	case BASE32:
		undo_base(UNDO_BASE32, in, true, out);
		break;
	case HEX:
		undo_base(UNDO_BASE16, in, true, out);
		break;
	case REVERSE:
		undo_reverse_lines(in, out);
		break;
	case ROT13:
		undo_rotate(in, 13, out);
		break;
	case PERCENT:
		undo_percent(in, false, out);
		break;
	}
}

/* Whether the program is about its input: by an option, or in its text. */
static bool reads_input(const struct command_call *call, struct bytes program)
{
	static const struct bytes marks[] = { BYTES("stdin"), BYTES("STDIN"),
		BYTES("<>"), BYTES("gets"), BYTES("ARGF"), BYTES("input("),
		BYTES("/dev/fd/0"), BYTES("open(0)"), BYTES("readFileSync(0"),
		BYTES("@base64d") };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (text_find(program, marks[i]))
			return true;
	for (size_t i = 1; i < call->argc; i++) {
		struct bytes word = call->argv[i];

		if (word.len > 1 && word.len < 9 && word.p[0] == '-' &&
			(memchr(word.p, 'n', word.len) ||
				memchr(word.p, 'p', word.len)))
			return true;
	}
	return false;
}

/* python3 -m base64 -d */
static bool is_module(const struct command_call *call)
{
	for (size_t i = 1; i + 2 < call->argc; i++)
		if (bytes_equal(call->argv[i], BYTES("-m")) &&
			bytes_equal(call->argv[i + 1], BYTES("base64")))
			return bytes_equal(call->argv[i + 2], BYTES("-d")) ||
			       bytes_equal(call->argv[i + 2], BYTES("-u"));
	return false;
}

static bool find_steps(struct steps *t, struct bytes program)
{
	for (size_t i = 0; i < N_CALLS; i++) {
		const char *at = text_find(program, calls[i].call);

		if (at && !note(t, calls[i].what, at))
			return false;
	}
	return true;
}

static void note_kind(struct command_call *call, enum what what)
{
	if (what == ROT13 && call->kind == COMMAND_RESHAPED)
		call->kind = COMMAND_CIPHER;
	else if (what != ROT13 && what != REVERSE)
		call->kind = COMMAND_DECODED;
}

/* The last step in the text first, over and over in two buffers. */
static void undo_steps(
	struct command_call *call, const struct steps *t, struct str *out)
{
	struct str a, b;

	str_init(&a, out->max - out->len);
	str_init(&b, out->max - out->len);
	str_addb(&a, call->in);
	for (size_t i = t->n; i--;) {
		struct str c = b;

		str_reset(&c);
		undo(t->s[i].what, str_bytes(&a), &c);
		b = a;
		a = c;
		call->undone = names[t->s[i].what];
		note_kind(call, t->s[i].what);
	}
	str_addb(out, str_bytes(&a));
	str_fini(&a);
	str_fini(&b);
}

/* Perl's -F, and -F/,/: what parts the fields. */
static struct bytes delimiter(struct bytes w)
{
	w.p += 2;
	w.len -= 2;
	if (w.len > 2 && w.p[0] == '/' && w.p[w.len - 1] == '/') {
		w.p++;
		w.len -= 2;
	}
	return w;
}

/* awk's -F and Perl's and Ruby's letters, in the words before the program.
 * False: there is something else that matters. */
static bool read_options(
	const struct command_call *call, size_t n, struct script_filter *how)
{
	bool is_awk =
		call->argv[0].len >= 3 &&
		!memcmp(call->argv[0].p + call->argv[0].len - 3, "awk", 3);

	for (size_t i = 1; i < n; i++) {
		struct bytes w = call->argv[i];

		if (is_awk && (!command_starts(w, "-F") || w.len > 3))
			return false;
		if (is_awk) {
			how->separator = w.len == 3
						 ? (struct bytes){ w.p + 2, 1 }
						 : call->argv[++i];
			continue;
		}
		if (w.len < 2 || w.p[0] != '-' || w.p[1] == '-')
			continue;
		how->is_whole |= command_starts(w, "-0");
		for (size_t k = 1; k < w.len && islower((unsigned char)w.p[k]);
			k++) {
			if (w.p[k] == 'n' || w.p[k] == 'p')
				how->mode = w.p[k];
			how->is_chomped |= w.p[k] == 'l';
			how->is_split |= w.p[k] == 'a';
		}
		if (w.p[1] == 'F') {
			how->separator = delimiter(w);
			how->is_split = true;
			how->mode = how->mode ? how->mode : 'n';
		}
	}
	return true;
}

/* perl -ne a -e b: its lines are one program. */
static struct bytes text_of(const struct command_call *call,
	const struct invocation *inv, struct str *lines)
{
	struct bytes text = call->argv[inv->program];
	size_t n = invocation_lines(call->argv, call->argc, inv->program);

	text.p += inv->program_at;
	text.len -= inv->program_at;
	if (n == 1)
		return text;
	for (size_t i = 0; i < n; i++) {
		str_addb(lines, call->argv[inv->program + 2 * i]);
		str_addc(lines, '\n');
	}
	return str_bytes(lines);
}

/* Worked out, where nothing in it is unknown. */
static bool filter(struct command_call *call, struct str *out)
{
	struct script_filter how = { .separator = BYTES("") };
	struct invocation inv;
	struct str lines;
	bool is_known;

	if (!call->script)
		return false;
	invocation_read(call->argv, call->argc, &inv);
	if (inv.program >= call->argc || inv.program_n != 1 || inv.command ||
		inv.is_encoded || !read_options(call, inv.program, &how))
		return false;
	str_init(&lines, out->max);
	is_known = script_filter(call->script, text_of(call, &inv, &lines),
		inv.language, call->in, &how, out);
	str_fini(&lines);
	if (!is_known)
		return false;
	call->ends_line = how.ends_line;
	call->undone = how.undone;
	call->kind = how.is_decoded  ? COMMAND_DECODED
		     : how.is_cipher ? COMMAND_CIPHER
				     : COMMAND_RESHAPED;
	return true;
}

static bool program(struct command_call *call, struct str *out)
{
	struct steps t = { .n = 0 };
	size_t longest = 0;

	if (filter(call, out))
		return true;
	if (!call->in.p)
		return false;
	if (is_module(call)) {
		t.n = 1;
		t.s[0].what = BASE64;
	}
	/* The program is the longest of the words. */
	for (size_t i = 1; i < call->argc; i++)
		if (call->argv[i].len > call->argv[longest].len || !longest)
			longest = i;
	if (!t.n && longest && reads_input(call, call->argv[longest]) &&
		!find_steps(&t, call->argv[longest]))
		return false;
	if (!t.n)
		return false;
	undo_steps(call, &t, out);
	call->ends_line = call->has_newline && call->kind != COMMAND_DECODED;
	return true;
}

const struct command command_program = {
	.names = "perl python python2 python3 ruby php node nodejs jq awk gawk "
		 "mawk nawk",
	.use = COMMAND_MAKES,
	.run = program
};
