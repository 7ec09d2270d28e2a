// SPDX-License-Identifier: GPL-3.0-or-later
/* Functions and methods that a language has, by their names. */
#include "script_state.h"

#include <ctype.h>

#include "script_calls.h"
#include "text.h"

#define NAME_LEN 32

/* W: it may be given words without brackets; U: one of them; A: without, it is
 * about $_; P: it needs no brackets; M: Perl's map. */
static const struct row {
	unsigned short call;
	const char *how, *names;
} rows[] = {
	{ CALL_RUN, "W",
		"exec eval system popen popen2 popen3 check_output "
		"check_call getoutput run execsync shell_exec passthru "
		"proc_open assert create_function function iex "
		"invoke-expression load loadstring dostring execute "
		"instance_eval class_eval runincontext spawn "
		"runinthiscontext runinnewcontext settimeout spawnsync "
		"execfile execfilesync invokescript syscall capture2 "
		"capture3 posix_spawn call create execv execvp execl "
		"pcntl_exec set-alias start-process backtick" },
	{ CALL_COMPILE, "W", "compile" },
	{ CALL_SEND, "W", "send public_send __send__" },
	{ CALL_INVOKE, "",
		"call_user_func call_user_func_array apply "
		"register_shutdown_function forward_static_call" },
	{ CALL_PRINT, "W", "print" },
	{ CALL_LINE, "W",
		"puts log say writeline write-output write-host println p pp "
		"console.log" },
	{ CALL_OUT, "W", "echo write" },
	{ CALL_PRINTF, "W", "printf" },
	{ CALL_WRITE, "W", "warn file_put_contents writefilesync set-content" },
	{ CALL_SAME, "WP",
		"encode tostring to_s readtoend memorystream streamreader "
		"toarray freeze dup getbytes tobytes iter tuple strval "
		"scalar array_values ipairs pairs unpack_table tolist "
		"force_encoding copy lazy to_a entries out-string "
		"new-object new read getvalue asarray writer stringio "
		"bytesio value staticmethod classmethod buffer" },
	{ CALL_GROUP, "P", "group" },
	{ CALL_READ, "",
		"input raw_input gets fgets readline file_get_contents "
		"stream_get_contents readfilesync" },
	{ CALL_CHR, "WUA",
		"chr fromcharcode fromcodepoint char mb_chr unichr chrw" },
	{ CALL_ORD, "WUA",
		"ord charcodeat codepointat byte mb_ord codepoint asc" },
	{ CALL_HEXNUM, "WUA", "hex hexdec" },
	{ CALL_OCTNUM, "WUA", "oct octdec" },
	{ CALL_BINNUM, "U", "bindec" },
	{ CALL_INT, "U",
		"int parseint tonumber intval toint32 toint16 tobyte to_i "
		"strtonum number toint64 tochar bigint" },
	{ CALL_STR, "", "str string String" },
	{ CALL_BYTES, "P", "bytes bytearray uint8array each_byte" },
	{ CALL_TO_BYTES, "", "to_bytes long_to_bytes n2s" },
	{ CALL_BIT_LENGTH, "P", "bit_length" },
	{ CALL_LEN, "WUP", "len strlen length size count" },
	{ CALL_UPPER, "WU", "upper uc strtoupper upcase toupper touppercase" },
	{ CALL_LOWER, "WU",
		"lower lc strtolower downcase tolower tolowercase" },
	{ CALL_STRIP, "WU", "strip trim chomp rtrim ltrim rstrip lstrip" },
	{ CALL_REVERSE, "WP", "reverse strrev reversed array_reverse" },
	{ CALL_JOIN, "WP", "join implode" },
	{ CALL_SPLIT, "WP", "split" },
	{ CALL_EXPLODE, "", "explode" },
	{ CALL_PREG_SPLIT, "", "preg_split" },
	{ CALL_CHARS, "P", "chars tochararray each_char" },
	{ CALL_CHUNKS, "", "str_split wrap chunk mb_str_split" },
	{ CALL_SLICES, "", "each_slice array_chunk" },
	{ CALL_REPLACE, "", "replace replaceall" },
	{ CALL_GSUB, "", "gsub sub gensub" },
	{ CALL_STR_REPLACE, "", "str_replace str_ireplace" },
	{ CALL_PREG_REPLACE, "", "preg_replace preg_replace_callback" },
	{ CALL_TR, "", "tr" },
	{ CALL_STRTR, "", "strtr" },
	{ CALL_MAKETRANS, "", "maketrans" },
	{ CALL_TRANSLATE, "", "translate" },
	{ CALL_DELETE, "", "delete remove" },
	{ CALL_SUBSTR, "W", "substr mb_substr" },
	{ CALL_SUBSTRING, "", "substring" },
	{ CALL_SLICE, "", "slice array_slice subarray" },
	{ CALL_CHARAT, "", "charat at" },
	{ CALL_FIND, "W", "find indexof index strpos" },
	{ CALL_CONCAT, "", "concat array_merge" },
	{ CALL_REPEAT, "", "repeat str_repeat rep" },
	{ CALL_FORMAT, "", "format" },
	{ CALL_SPRINTF, "W", "sprintf vsprintf" },
	{ CALL_MATCHES, "", "scan findall finditer gmatch matches matchall" },
	{ CALL_MATCH, "", "match search fullmatch" },
	{ CALL_MAP, "WPM", "map array_map collect flat_map select" },
	{ CALL_MAPIDX, "P", "with_index each_with_index" },
	{ CALL_EACH, "P", "each foreach array_walk" },
	{ CALL_FILTER, "WM", "filter grep" },
	{ CALL_REDUCE, "", "reduce inject array_reduce" },
	{ CALL_ZIP, "", "zip" },
	{ CALL_CYCLE, "P", "cycle" },
	{ CALL_RANGE, "", "range xrange" },
	{ CALL_ENUMERATE, "", "enumerate" },
	{ CALL_LIST, "", "list array" },
	{ CALL_CLASS, "", "type" },
	{ CALL_DICT, "", "dict fromentries to_h" },
	{ CALL_GET, "", "get fetch dig" },
	{ CALL_SORTED, "WP", "sorted sort keys sort_by ksort" },
	{ CALL_VALUES, "P", "values" },
	{ CALL_PAIRS, "P", "items" },
	{ CALL_ISALPHA, "", "isalpha ctype_alpha isletter" },
	{ CALL_ISUPPER, "", "isupper ctype_upper" },
	{ CALL_ISLOWER, "", "islower ctype_lower" },
	{ CALL_ISDIGIT, "", "isdigit ctype_digit isnumeric" },
	{ CALL_ISALNUM, "", "isalnum ctype_alnum" },
	{ CALL_APPEND, "W", "append push array_push extend" },
	{ CALL_SHIFT, "WUA", "shift array_shift" },
	{ CALL_POP, "", "pop array_pop" },
	{ CALL_FIRST, "P", "first next current" },
	{ CALL_LAST, "P", "last end_of" },
	{ CALL_XOR, "", "bxor xor" },
	{ CALL_PACK, "W", "pack" },
	{ CALL_UNPACK, "W", "unpack" },
	{ CALL_UNPACK1, "", "unpack1" },
	{ CALL_GETATTR, "", "getattr __import__ require import_module" },
	{ CALL_FROM, "", "from" },
	{ CALL_DECODE, "P", "decode" },
	{ CALL_LOADS, "", "loads" },
	{ CALL_GETSTRING, "", "getstring" },
	{ CALL_BASE64, "W",
		"b64decode base64_decode decode_base64 decode64 atob "
		"strict_decode64 urlsafe_decode64 urlsafe_b64decode "
		"standard_b64decode frombase64string a2b_base64 "
		"decodebytes decodestring decodebase64 base64decode" },
	{ CALL_BASE32, "W", "b32decode base32decode decode_base32" },
	{ CALL_BASE85, "", "b85decode" },
	{ CALL_ASCII85, "", "a85decode" },
	{ CALL_HEX, "W",
		"fromhex unhexlify hex2bin a2b_hex fromhexstring b16decode" },
	{ CALL_ROT13, "", "str_rot13 rot13" },
	{ CALL_PERCENT, "W",
		"unquote unquote_plus urldecode rawurldecode unescape "
		"decodeuricomponent decodeuri uri_unescape "
		"decode_www_form_component unescape_uri_component "
		"unquote_to_bytes" },
	{ CALL_UU, "", "a2b_uu convert_uudecode" },
	{ CALL_INFLATE, "W",
		"decompress inflate inflatesync unzip unzipsync gunzip "
		"gunzipsync gzdecode gzuncompress uncompress memgunzip "
		"gzipstream memunzip decompressobj gunzip_data bunzip2 "
		"memunlzma bzdecompress zlib_decode" },
	{ CALL_RAW, "", "gzinflate inflaterawsync inflateraw deflatestream" },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

void script_call_names(struct script_dictionary *d)
{
	for (size_t i = 0; i < N_ROWS; i++)
		script_dictionary_add(d, rows[i].names, (uint16_t)(i + 1));
}

/* The row of a name, in any case, and 1; 0: none. */
unsigned short script_call_of(const struct script *s, struct bytes name)
{
	char lower[NAME_LEN];

	if (!name.len || name.len > sizeof(lower))
		return 0;
	for (size_t i = 0; i < name.len; i++)
		lower[i] = (char)tolower((unsigned char)name.p[i]);
	return (unsigned short)script_dictionary_get(
		&s->calls, (struct bytes){ lower, name.len });
}

static bool is_how(unsigned short call, char how)
{
	return call && call <= N_ROWS && strchr(rows[call - 1].how, how);
}

bool script_is_runner(unsigned short call)
{
	unsigned int id = script_call_id(call);

	return id == CALL_RUN || id == CALL_COMPILE;
}

bool script_is_write(unsigned short call)
{
	unsigned int id = script_call_id(call);

	return id >= CALL_WRITE && id <= CALL_PRINTF;
}

bool script_is_word_call(unsigned short call)
{
	return is_how(call, 'W');
}

bool script_is_unary(unsigned short call)
{
	return is_how(call, 'U');
}

bool script_is_about(unsigned short call)
{
	return is_how(call, 'A');
}

bool script_is_property(unsigned short call)
{
	return is_how(call, 'P');
}

bool script_is_mapping(unsigned short call)
{
	return is_how(call, 'M');
}

unsigned int script_call_id(unsigned short call)
{
	return call && call <= N_ROWS ? rows[call - 1].call : CALL_NONE;
}

static void tell(struct script *s, const struct script_value *v, bool is_run,
	unsigned int depth)
{
	script_tell(s, v, is_run);
	if ((v->type != SCRIPT_LIST && v->type != SCRIPT_MAP) || !depth)
		return;
	for (uint32_t i = 0; i < v->len && i < ARGS_MAX; i++)
		tell(s, &s->items[v->at + i], is_run, depth - 1);
}

/* Of more arguments than are told apart. */
static struct script_value many(
	struct script *s, unsigned int id, struct script_value *a, size_t n)
{
	size_t first =
		id == CALL_PACK || id == CALL_SPRINTF || id == CALL_FORMAT;
	struct script_value list = script_list(s, a + first, n - 1 - first);
	struct script_value rest = a[n - 1];

	if (id != CALL_CHR && id != CALL_LIST && id != CALL_CONCAT && !first)
		return (struct script_value){ .type = SCRIPT_UNKNOWN };
	for (uint32_t i = 0; i < rest.len && script_step(s); i++)
		script_append(s, &list, &s->items[rest.at + i]);
	if (id == CALL_LIST || list.type != SCRIPT_LIST)
		return list;
	if (id == CALL_CHR)
		return script_bytes(s, &list, false);
	if (id == CALL_CONCAT)
		return script_join(s, &list, BYTES(""));
	if (id != CALL_PACK) {
		a[1] = list;
		(void)script_cut(s, id, a, 2, false, &list);
		return list;
	}
	return script_unpack(
		s, script_text(s, &a[0]), s->items + list.at, list.len, true);
}

/* Whether the first of the arguments is a function that is given the others.
 */
static bool invokes(const struct script *s, unsigned int id,
	const struct script_value *f, size_t n)
{
	if (!n || (id == CALL_SEND && !script_is(s, INVOCATION_RUBY)))
		return false;
	return f->type == SCRIPT_FUNCTION || f->type == SCRIPT_BUILTIN ||
	       (f->type == SCRIPT_TEXT && f->len && f->len < NAME_LEN);
}

/* call_user_func(f, a), Reflect.apply(f, this, [a]), send(:f, a) */
static struct script_value invoked(
	struct script *s, struct script_value *a, size_t n)
{
	struct script_value f = a[0], list = a[n - 1], args[ARGS_MAX];
	size_t m = 0;

	if (n > 1 && list.type == SCRIPT_LIST) {
		m = script_spread(s, &list, args, 0);
		return script_call_value(s, &f, args, m);
	}
	return script_call_value(s, &f, a + 1, n - 1);
}

/* eval('exec') is a function. */
static struct script_value name_of(
	struct script *s, const struct script_value *v)
{
	struct bytes b = script_text(s, v);

	if (b.len > NAME_LEN || !script_call_of(s, b))
		return (struct script_value){ .type = SCRIPT_UNKNOWN };
	return (struct script_value){ .type = SCRIPT_BUILTIN,
		.at = script_name(s, b) };
}

struct script_value script_call(struct script *s, unsigned short call,
	const struct script_value *self, struct script_value *args, size_t n)
{
	struct script_value a[ARGS_MAX + 3], v = { .type = SCRIPT_UNKNOWN };
	unsigned int id = script_call_id(call);
	bool is_run = script_is_runner(call);
	size_t m = 0;

	if (s->skip || s->depth >= DEPTH_MAX || !script_step(s))
		return v;
	if (self)
		a[m++] = *self;
	for (size_t i = 0; i < n && m < ARGS_MAX; i++)
		a[m++] = args[i];
	/* Nobody looks at these but to see that they are not there. */
	for (size_t i = m; i < m + 3 && i < ARGS_MAX + 3; i++)
		a[i] = v;
	if ((id == CALL_INVOKE || id == CALL_SEND) && invokes(s, id, &a[0], m))
		return invoked(s, a, m);
	if (id <= CALL_INVOKE) {
		script_write(s, call, args, n, false);
		/* x.call(y), f.exec(s) */
		for (size_t i = 0; i < m; i++)
			tell(s, &a[i], is_run, 2);
		/* In s/(..)/print chr hex $1/ge, it is put there. */
		if (script_is_write(call) && script_is(s, INVOCATION_PERL))
			return script_int(1);
		if (id == CALL_COMPILE && m && m < 3 &&
			script_is(s, INVOCATION_PYTHON))
			return script_pattern_made(s, a, m);
		return is_run ? name_of(s, &a[0]) : v;
	}
	if (m && a[m - 1].flags & IS_REST) {
		/* Only what takes a list of any length. */
		v = many(s, id, a, m);
		return v;
	}
	s->depth++;
	if (id >= CALL_BASE64)
		v = script_decoder(s, id, a, m);
	else if (id >= CALL_JOIN && id != CALL_XOR && id < CALL_PACK &&
		 !script_cut(s, id, a, m, self != NULL, &v))
		v = script_about_lists(s, id, a, m, self != NULL);
	else if (id < CALL_JOIN || id >= CALL_PACK || id == CALL_XOR)
		v = script_about_texts(s, id, a, m, self != NULL);
	s->depth--;
	return v;
}
