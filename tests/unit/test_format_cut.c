// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Lines that are too long: every text is made long in turn, of every kind of
 * byte. The line must stay within its limit and its alphabet, be readable, and
 * tell what was cut: it is compared with the line without a limit.
 */
#include "readjson.h"
#include "sample.h"

static struct sample sample, whole;

enum {
	DECODED,
	MANY,
	AUSER,
	USER,
	TTY,
	NODE,
	COMM,
	EXE,
	CWD,
	KEY,
	CMD,
	ARGS,
	PATHNAME,
	TITLE,
	ALL,
	N_WHERE
};

static const char *const keys[] = { "decoded", "decoded", "auser", "user",
	"tty", "node", "comm", "exe", "cwd", "key", "cmd", "cmd", "path",
	"proctitle", "all" };

static struct bytes args[5000];
static struct event_layer layers[256];

static void put(struct event *ev, int where, struct bytes b)
{
	struct bytes *texts[] = { [AUSER] = &ev->auid.name,
		[USER] = &ev->uid.name,
		[TTY] = &ev->tty,
		[NODE] = &ev->node,
		[COMM] = &ev->comm,
		[EXE] = &ev->exe,
		[CWD] = &ev->cwd,
		[KEY] = &ev->key,
		[CMD] = &ev->argv[2],
		[PATHNAME] = &ev->paths[0].name,
		[TITLE] = &ev->proctitle };

	switch (where) {
	case DECODED:
		ev->layers[0].text = b;
		ev->n_layers = 1;
		return;
	case MANY:
		for (size_t i = 0; i < 256; i++) {
			layers[i] = ev->layers[0];
			layers[i].text.p = b.p + b.len / 256 * i;
			layers[i].text.len = b.len / 256;
		}
		ev->layers = layers;
		ev->n_layers = 256;
		return;
	case ARGS:
		for (size_t i = 0; i < 5000; i++)
			args[i] = (struct bytes){ b.p + b.len / 5000 * i,
				b.len / 5000 };
		ev->argv = args;
		ev->argc = 5000;
		return;
	case ALL:
		for (int i = 0; i <= CMD; i++)
			if (i != MANY)
				put(ev, i, b);
		return;
	case PATHNAME:
	case TITLE:
		ev->has_execve = false;
	}
	*texts[where] = b;
}

static bool is_clean(struct bytes line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] < 0x20 || line.p[i] > 0x7e)
			return false;
	return line.len > 0;
}

/* Looks for the marker in a text that was cut: what is before and after. */
static bool split(struct bytes v, struct bytes *head, struct bytes *tail,
	unsigned long long *lost)
{
	for (size_t i = 0; i + 5 < v.len; i++) {
		char *end;

		if (memcmp(v.p + i, "[...", 4) != 0)
			continue;
		*lost = strtoull(v.p + i + 4, &end, 10);
		if (end == v.p + i + 4 || strncmp(end, " bytes...]", 10) != 0)
			continue;
		*head = (struct bytes){ v.p, i };
		*tail = (struct bytes){ end + 10,
			v.len - (size_t)(end + 10 - v.p) };
		return true;
	}
	return false;
}

/* One text of the cut line against the whole one. */
static void check_text(struct bytes got, struct bytes want, struct bytes cut,
	const char *key, bool is_exact)
{
	struct bytes head, tail;
	unsigned long long lost;
	char said[64];

	if (bytes_equal(got, want))
		return;
	if (!split(got, &head, &tail, &lost)) {
		check_fail(__LINE__, "%s is neither whole nor cut", key);
		return;
	}
	snprintf(said, sizeof(said), "%s:%llu", key, lost);
	if (!cut.p || !memmem(cut.p, cut.len, said, strlen(said)))
		check_fail(__LINE__, "\"cut\" does not tell %s", said);
	if (head.len + tail.len > want.len ||
		memcmp(head.p, want.p, head.len) != 0 ||
		(is_exact &&
			memcmp(tail.p, want.p + want.len - tail.len, tail.len)))
		check_fail(__LINE__, "%s is not what was there", key);
	else if (is_exact && lost != want.len - head.len - tail.len)
		check_fail(__LINE__, "%s lost %zu, not %llu", key,
			want.len - head.len - tail.len, lost);
}

static void check_json(struct bytes line, struct bytes full, size_t line_max,
	bool was_cut, bool is_exact)
{
	struct bytes cut = rj_member(line, "cut"), text;
	struct str a, b;

	CHECK_EQ(was_cut, full.len > line_max);
	CHECK_EQ(cut.p != NULL, was_cut);
	if (!CHECK(rj_is_json(line)) || !CHECK(rj_is_json(full)))
		return;
	str_init(&a, 4 << 20);
	str_init(&b, 4 << 20);
	for (size_t i = 0; i < ALL; i++) {
		text = rj_member(full, keys[i]);
		if (!text.p)
			continue;
		if (!rj_text(line, keys[i], &a) ||
			!rj_text(full, keys[i], &b)) {
			check_fail(__LINE__, "%s is gone", keys[i]);
			continue;
		}
		check_text(str_bytes(&a), str_bytes(&b), cut, keys[i],
			is_exact && strcmp(keys[i], "cmd") != 0);
	}
	if (was_cut)
		CHECK(line.len > line_max * 3 / 4);
	str_fini(&a);
	str_fini(&b);
}

static void check_hunt(
	struct bytes line, size_t line_max, struct bytes full, bool was_cut)
{
	size_t n_quotes = 0;

	CHECK_EQ(was_cut, full.len > line_max);
	CHECK_EQ(memmem(line.p, line.len, " cut=", 5) != NULL, was_cut);
	for (size_t i = 0; i < line.len; i++) {
		if (line.p[i] == '\\' && i + 1 < line.len)
			i++;
		else
			n_quotes += line.p[i] == '"';
	}
	CHECK(n_quotes % 2 == 0);
}

static void check_auoms(struct bytes line)
{
	static const struct bytes last = BYTES(" containerid=");
	static const char *const once[] = { "containerid=", "cmdline=\"",
		"key_r=", "path_name=[", "exe=\"" };

	CHECK(line.len > last.len &&
		!memcmp(line.p + line.len - last.len, last.p, last.len));
	for (size_t i = 0; i < 5; i++) {
		size_t n = 0, len = strlen(once[i]);
		const char *p = line.p, *end = line.p + line.len;

		for (; (p = memmem(p, (size_t)(end - p), once[i], len)); n++)
			p += len;
		if (n > 1)
			check_fail(__LINE__, "%s stands %zu times", once[i], n);
	}
}

static void check_case(const char *format, int where, struct bytes b,
	size_t line_max, bool is_exact)
{
	bool was_cut;
	struct bytes line, full;

	sample_init(&sample);
	sample_init(&whole);
	put(&sample.ev, where, b);
	put(&whole.ev, where, b);
	sample.job.line_max = line_max;
	whole.job.line_max = 8 << 20;
	whole.out.max = 16 << 20;
	was_cut = sample_line(&sample, format);
	line = str_bytes(&sample.out);
	CHECK(is_clean(line));
	if (line.len > line_max)
		check_fail(__LINE__, "%s of %zu bytes: %zu, limit %zu",
			keys[where], b.len, line.len, line_max);
	CHECK(!sample_line(&whole, format));
	full = str_bytes(&whole.out);
	if (!strcmp(format, "json"))
		check_json(line, full, line_max, was_cut, is_exact);
	else if (!strcmp(format, "hunt"))
		check_hunt(line, line_max, full, was_cut);
	else if (!strcmp(format, "auoms"))
		check_auoms(line);
	sample_fini(&sample);
	sample_fini(&whole);
}

static const struct fill {
	const char *name;
	struct bytes piece;
	bool is_exact; /* the text reads back byte for byte */
} fills[] = {
	{ "letters", BYTES("a"), true },
	{ "quotes", BYTES("\""), true },
	{ "single quotes", BYTES("'"), true },
	{ "backslashes", BYTES("\\"), true },
	{ "controls", BYTES("\x01"), true },
	{ "lines", BYTES("a line\n"), true },
	{ "umlauts", BYTES("\xc3\xa4"), true },
	{ "faces", BYTES("\xf0\x9f\x98\x80"), true },
	{ "no UTF-8", BYTES("\xff"), false },
	{ "half UTF-8", BYTES("\xf0\x9f\xc3"), false },
	{ "fields", BYTES(" containerid=\" cmdline=\"x\" exe=\"y\" "), true },
	{ "brackets", BYTES("],[\"\"],"), true },
	{ "markers", BYTES("[...5 bytes..."), true },
};

/* No kernel gives more; AUOMS cuts nothing else. 0: is in no AUOMS line. */
static const size_t kernel_max[N_WHERE] = { [TTY] = 64,
	[COMM] = 15,
	[EXE] = 4096,
	[CWD] = 4096,
	[KEY] = 255,
	[CMD] = 20000,
	[ARGS] = 20000,
	[PATHNAME] = 4096,
	[TITLE] = 256 };

static void test_fields(const char *format)
{
	static const size_t lens[] = { 300, 1500, 5900, 12000 };
	bool is_auoms = !strcmp(format, "auoms");
	size_t one_in = check_is_slow() ? 5 : 1;
	struct str text;

	str_init(&text, 30000);
	for (size_t f = 0; f < sizeof(fills) / sizeof(fills[0]); f++) {
		check_start("%s: %s", format, fills[f].name);
		for (size_t i = 0; i < 4 * 2 * N_WHERE; i += one_in) {
			int where = (int)(i / 8);
			size_t len = lens[i % 4];

			if (is_auoms && len > kernel_max[where])
				len = kernel_max[where];
			str_reset(&text);
			while (text.len + fills[f].piece.len <= len)
				str_addb(&text, fills[f].piece);
			check_case(format, where, str_bytes(&text),
				i / 4 % 2 ? is_auoms ? 7500 : 6000 : 2048,
				fills[f].is_exact && where != KEY &&
					where != TITLE && where != MANY);
		}
	}
	str_fini(&text);
}

/* Every name as long and as bad as a kernel lets it be. */
static void test_worst(size_t line_max)
{
	static char bad[4096], name[64];

	check_start("auoms: all names at their longest, limit %zu", line_max);
	memset(bad, 0xff, sizeof(bad));
	memset(name, 'n', sizeof(name));
	sample_init(&sample);
	sample.ev.exe = sample.ev.cwd = (struct bytes){ bad, 4096 };
	sample.ev.paths[0].name = sample.ev.exe;
	sample.ev.paths[1].name = sample.ev.exe;
	sample.ev.comm = (struct bytes){ bad, 15 };
	sample.ev.key = (struct bytes){ bad, 255 };
	sample.ev.tty = (struct bytes){ name, 64 };
	sample.ev.argv[2] = (struct bytes){ bad, 4096 };
	sample.job.line_max = line_max;
	CHECK(sample_line(&sample, "auoms"));
	CHECK(sample.out.len <= line_max);
	CHECK(is_clean(str_bytes(&sample.out)));
	check_auoms(str_bytes(&sample.out));
	sample_fini(&sample);
}

/* Lists are as long as an attacker wants, too, and so is everything else. */
static void test_lists(const char *format, size_t line_max, const char *piece)
{
	static struct event_ioc iocs[256];
	static struct event_bin bins[256];
	static struct bytes tags[256];
	static char text[400];

	check_start(
		"%s: long lists of '%s', limit %zu", format, piece, line_max);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = piece[i % strlen(piece)];
	sample_init(&sample);
	put(&sample.ev, ALL, (struct bytes){ text, sizeof(text) });
	for (size_t i = 0; i < 256; i++) {
		tags[i] = (struct bytes){ text, i % sizeof(text) };
		iocs[i].value = bins[i].name = tags[i];
	}
	sample.ev.iocs = iocs;
	sample.ev.tags.bins = bins;
	sample.ev.tags.categories = sample.ev.tags.attack = tags;
	sample.ev.n_iocs = sample.ev.tags.n_bins = 256;
	sample.ev.tags.n_categories = sample.ev.tags.n_attack = 256;
	sample.job.line_max = line_max;
	/* AUOMS has none. */
	CHECK(sample_line(&sample, format) || !strcmp(format, "auoms"));
	CHECK(sample.out.len <= line_max);
	CHECK(is_clean(str_bytes(&sample.out)));
	if (!strcmp(format, "json"))
		CHECK(rj_is_json(str_bytes(&sample.out)));
	sample_fini(&sample);
}

/* Every length around the limit: nothing is cut that would have fitted. */
static void test_edge(const char *format)
{
	struct str text;
	size_t step;

	check_start("%s: every length around the limit", format);
	str_init(&text, 30000);
	for (size_t len = 800; len < 6100; len += step) {
		step = len < 1300 || len > 5000 ? 1 : 50;
		step = check_is_slow() ? 53 : step;
		str_reset(&text);
		while (text.len < len)
			str_addc(&text, text.len % 7 ? 'x' : ' ');
		check_case(format, CMD, str_bytes(&text),
			len < 2000 ? 2048 : 6000, true);
		check_case(format, CWD, str_bytes(&text),
			len < 2000 ? 2048 : 6000, true);
	}
	str_fini(&text);
}

int main(void)
{
	static const char *const formats[] = { "json", "cee", "hunt", "auoms" };

	check.module = "format cut";
	for (int i = 0; i < 4; i++) {
		test_fields(formats[i]);
		test_edge(formats[i]);
		for (int k = 0; k < 4; k++)
			test_lists(formats[i], k % 2 ? 6000 : FORMAT_LINE_MIN,
				k / 2 ? "\\" : "\xff");
	}
	test_worst(7500);
	test_worst(FORMAT_LINE_MIN);
	return check_end();
}
