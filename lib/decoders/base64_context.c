// SPDX-License-Identifier: GPL-3.0-or-later
#include "base64_context.h"

#include <ctype.h>

#include "operand.h"
#include "text.h"

/* How far an option may stand behind its command. */
#define LOOK_AHEAD 64
/* base64, b64 and FromBase64String are in what these find. */
const char *const base64_words[] = { "base64", "b64", "basenc", "openssl",
	"atob(", "unpack", "decode64", "decodebytes", "decodestring", NULL };

/* How long the blank at the start of s is; a shell's variable stands for one
 * as well. */
static size_t blank(struct bytes s)
{
	static const struct bytes blanks[] = { BYTES("${IFS}"), BYTES("$IFS"),
		BYTES(" "), BYTES("\t"), BYTES(","), BYTES("\\\n"), BYTES("'"),
		BYTES("\"") };

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		if (s.len >= blanks[i].len &&
			!memcmp(s.p, blanks[i].p, blanks[i].len))
			return blanks[i].len;
	return 0;
}

/* An option that makes base64(1) decode: -d, -di, -D, --decode, --d. */
static bool has_decode_option(struct bytes s)
{
	bool is_start = false;

	if (s.len > LOOK_AHEAD)
		s.len = LOOK_AHEAD;
	while (s.len && !memchr("|;&\n}", s.p[0], 5)) {
		size_t n = blank(s), j = 1;

		if (is_start && s.p[0] == '-') {
			while (j < s.len && (s.p[j] == '-' || s.p[j] == 'i'))
				j++;
			if (j < s.len && (s.p[j] == 'd' || s.p[j] == 'D'))
				return true;
		}
		is_start = n > 0;
		n += n == 0;
		s.p += n;
		s.len -= n;
	}
	return false;
}

static bool has_tool(struct bytes text)
{
	static const struct bytes tools[] = { BYTES("base64"), BYTES("basenc"),
		BYTES("openssl enc"), BYTES("openssl,enc") };

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		struct bytes rest = text;
		const char *p;

		while ((p = text_find(rest, tools[i]))) {
			rest.len -= (size_t)(p - rest.p) + tools[i].len;
			rest.p = p + tools[i].len;
			if (has_decode_option(rest))
				return true;
		}
	}
	return false;
}

static bool has_call(struct bytes text)
{
	static const struct bytes calls[] = { BYTES("b64decode"), BYTES("b64d"),
		BYTES("decodebytes"), BYTES("decodestring"),
		BYTES("a2b_base64"), BYTES("base64_decode"),
		BYTES("decode_base64"), BYTES("decode64"), BYTES("atob("),
		BYTES("MIME::Base64"), BYTES("'base64'"), BYTES("\"base64\""),
		BYTES("Base64/"), BYTES("unpack(\"m"), BYTES("unpack('m"),
		BYTES("unpack1("), BYTES("decodeBase64"), BYTES("getDecoder()"),
		BYTES("getUrlDecoder()"), BYTES("getMimeDecoder()"),
		BYTES("parseBase64Binary"), BYTES("BASE64Decoder()") };

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (text_find(text, calls[i]))
			return true;
	return text_has_folded(text, BYTES("frombase64string"));
}

bool base64_has_context(struct bytes text)
{
	/* The most usual first. */
	return has_tool(text) || has_call(text);
}

/* Of programs; those of a shell's commands need more to be told. */
static const struct bytes functions[] = { BYTES("b64decode("),
	BYTES("base64_decode("), BYTES("decode_base64("), BYTES("decode64("),
	BYTES("atob("), BYTES("a2b_base64("), BYTES("decodebytes("),
	BYTES("decodestring("), BYTES("decode_base64"),
	BYTES("Decoder().decode("), BYTES("decodeBase64("),
	BYTES("parseBase64Binary("), BYTES("decodeBuffer(") };
#define N_FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

/* Behind the string. */
static const struct bytes methods[] = { BYTES(",'base64')"),
	BYTES(",\"base64\")"), BYTES(", 'base64')"), BYTES(", \"base64\")"),
	BYTES(".unpack('m"), BYTES(".unpack(\"m"), BYTES(".unpack1('m"),
	BYTES(".unpack1(\"m"), BYTES(".decode('base64')"),
	BYTES(".decodeBase64()") };
#define N_METHODS (sizeof(methods) / sizeof(methods[0]))

/* PowerShell does not mind the case. */
static bool is_from_base64(struct bytes lead)
{
	struct bytes name = BYTES("frombase64string(");

	if (lead.len < name.len)
		return false;
	lead.p += lead.len - name.len;
	lead.len = name.len;
	return text_has_folded(lead, name);
}

bool base64_is_argument(struct bytes text, size_t at, size_t end)
{
	/* JNDI servers run what is behind that. */
	static const struct bytes paths[] = { BYTES("/Command/Base64/") };
	static const char quotes[] = "\"'`\2";
	struct bytes lead = operand_lead(text, at);

	if (operand_ends_with(lead, paths, 1))
		return true;
	if (!at || !memchr(quotes, text.p[at - 1], 4))
		return false;
	if (lead.len > 1 && !memcmp(lead.p + lead.len - 2, "(b", 2))
		lead.len--;
	if (operand_ends_with(lead, functions, N_FUNCTIONS) ||
		is_from_base64(lead))
		return true;
	while (end < text.len && memchr(quotes, text.p[end], 4))
		end++;
	for (size_t i = 0; i < N_METHODS; i++)
		if (text.len - end >= methods[i].len &&
			!memcmp(text.p + end, methods[i].p, methods[i].len))
			return true;
	return false;
}

bool base64_is_option(struct bytes arg)
{
	static const struct bytes options[] = { BYTES("-enc"), BYTES("-ec"),
		BYTES("-e"), BYTES("-en"), BYTES("-enco"), BYTES("-encod"),
		BYTES("-encodedcommand") };
	char lower[24];

	if (!arg.p || arg.len < 2 || arg.len > sizeof(lower) ||
		arg.p[0] != '-' || (arg.p[1] | 0x20) != 'e')
		return false;
	for (size_t i = 0; i < arg.len; i++)
		lower[i] = (char)tolower((unsigned char)arg.p[i]);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (bytes_equal((struct bytes){ lower, arg.len }, options[i]))
			return true;
	return false;
}

bool base64_is_transport(struct bytes text, size_t at, size_t end)
{
	static const struct bytes leads[] = { BYTES("Basic"), BYTES("basic"),
		BYTES(";base64"), BYTES("Bearer"), BYTES("integrity=") };
	bool is_jws = end - at > 3 && !memcmp(text.p + at, "eyJ", 3);
	char after = end < text.len ? text.p[end] : '\0';
	char ahead = at ? text.p[at - 1] : '\0';

	/* PHP's data://, which is read as a file. */
	if (text_find(operand_lead(text, at), BYTES("data://")))
		return false;
	if (is_jws && (after == '.' || ahead == '.'))
		return true;
	return operand_ends_with(operand_lead(text, at), leads,
		sizeof(leads) / sizeof(leads[0]));
}

bool base64_is_file(const char *p, size_t len, bool with_context)
{
	static const struct bytes heads[] = { BYTES("\x7f"
						    "ELF"),
		BYTES("\x1f\x8b\x08"), BYTES("PK\x03\x04"),
		BYTES("\xfd"
		      "7zXZ"),
		BYTES("7z\xbc\xaf\x27\x1c"), BYTES("\x28\xb5\x2f\xfd"),
		BYTES("BZh9"), BYTES("BZh1") };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (len >= heads[i].len && !memcmp(p, heads[i].p, heads[i].len))
			return true;
	if (!with_context || len < 2)
		return false;
	return (p[0] == 'x' && strchr("\x01\x5e\x9c\xda", p[1]) && p[1]) ||
	       (p[0] == 'M' && p[1] == 'Z');
}
