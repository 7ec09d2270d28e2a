// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "config.h"
#include "format.h"

static const struct option {
	const char *name, *type, *fallback, *least, *most;
} options[] = {
#define OPTION(name, type, member, fallback, least, most, help)                \
	{ name, #type, fallback, least, most },
#include "options.def"
#undef OPTION
};

#define N_OPTIONS (sizeof(options) / sizeof(options[0]))

static char dir[] = "/tmp/hunt-config-XXXXXX";
static char path[64];
static struct str why;
static struct config config;

static void write_file(struct bytes text)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text.p, 1, text.len, f) != text.len ||
		fclose(f) != 0 || chmod(path, 0644) < 0)
		abort();
}

static int load(const char *text)
{
	write_file(bytes_of(text));
	str_reset(&why);
	return config_load(&config, path, false, &why);
}

/* Whether a line of *why is "PATH:LINE: ... what ...". */
static bool has_why(unsigned int line, const char *what)
{
	char head[80];
	const char *p = str_z(&why);
	size_t len =
		(size_t)snprintf(head, sizeof(head), "%s:%u: ", path, line);

	for (; p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
		const char *end = strchr(p, '\n');

		if (strncmp(p, head, len) == 0 && end &&
			memmem(p, (size_t)(end - p), what, strlen(what)))
			return true;
	}
	return false;
}

static int set(const char *assignment)
{
	bool is_first = true;

	str_reset(&why);
	return config_set(&config, assignment, &is_first, &why);
}

/* The value that --print-config shows for an option. */
static void printed(const char *name, struct str *value)
{
	struct str all;
	char head[64];
	const char *p;

	str_init(&all, 10000);
	config_print(&config, &all);
	snprintf(head, sizeof(head), "%s = ", name);
	p = strstr(str_z(&all), head);
	str_reset(value);
	if (p && (p == all.p || p[-1] == '\n'))
		str_add(value, p + strlen(head),
			strcspn(p, "\n") - strlen(head));
	str_fini(&all);
}

static void test_defaults(void)
{
	struct str value;

	str_init(&value, 100);
	check_start("defaults");
	config_init(&config);
	CHECK_EQ(config.n_outputs, 1);
	CHECK_EQ(config.outputs[0].kind, OUTPUT_SYSLOG);
	CHECK_Z(bytes_of(config.outputs[0].path), "/run/audisp-hunt/log.sock");
	CHECK_Z(bytes_of(config.outputs[0].fallback), "/dev/log");
	CHECK_EQ(config.outputs[0].facility, 21);
	CHECK_Z(bytes_of(config.outputs[0].format->name), "json");
	CHECK_EQ(config.line_max, 6000);
	CHECK_EQ(config.auoms_line_max, 7500);
	for (size_t i = 0; i < N_OPTIONS; i++) {
		printed(options[i].name, &value);
		CHECK_Z(str_bytes(&value), options[i].fallback);
	}
	str_fini(&value);
}

/* One more, or one less: a number next to a bound and outside it. */
static void beside(char *to, size_t size, const char *bound, int by)
{
	size_t digits = strspn(bound, "0123456789");
	long long n = strtoll(bound, NULL, 10);

	if (bound[digits] == 'K')
		n <<= 10;
	else if (bound[digits] == 'M')
		n <<= 20;
	else if (bound[digits] == 'G')
		n <<= 30;
	snprintf(to, size, "%lld", n + by);
}

static void test_names(void)
{
	static const char *const bad[] = { "", ",", "a,", ",a", "a,,b", "A",
		"a b", "a;b" };
	char text[256];

	check_start("lists of names");
	config_init(&config);
	CHECK_EQ(set("redact.sets=basic,corp-2.x_y"), 0);
	CHECK(!strcmp(config.redact_sets, "basic,corp-2.x_y"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "redact.sets=%s", bad[i]);
		CHECK_EQ(set(text), -1);
	}
	memset(text, 'a', sizeof(text));
	memcpy(text, "redact.sets=", 12);
	text[12 + CONFIG_PATH_MAX] = '\0';
	CHECK_EQ(set(text), -1);
	CHECK(strstr(str_z(&why), "at most 107 bytes"));
}

static void test_bounds(void)
{
	char text[128], bound[32];

	for (size_t i = 0; i < N_OPTIONS; i++) {
		const struct option *o = &options[i];
		const char *good[] = { o->fallback, o->least, o->most };

		if (!strcmp(o->type, "CHOICE") || !strcmp(o->type, "PATH") ||
			!strcmp(o->type, "NAME") || !strcmp(o->type, "NAMES"))
			continue;
		check_start("bounds of %s", o->name);
		config_init(&config);
		for (int k = 0; k < 3; k++) {
			snprintf(text, sizeof(text), "%s=%s", o->name, good[k]);
			if (!CHECK_EQ(set(text), 0))
				puts(str_z(&why));
			CHECK_EQ(why.len, 0);
		}
		beside(bound, sizeof(bound), o->most, 1);
		snprintf(text, sizeof(text), "%s=%s", o->name, bound);
		CHECK_EQ(set(text), -1);
		CHECK(strstr(str_z(&why), o->name));
		CHECK(strstr(str_z(&why), o->most));
		beside(bound, sizeof(bound), o->least, -1);
		snprintf(text, sizeof(text), "%s=%s", o->name, bound);
		CHECK_EQ(set(text), -1);
		snprintf(text, sizeof(text), "%s=", o->name);
		CHECK_EQ(set(text), -1);
	}
}

static void test_values(void)
{
	static const char *const bad[] = { "line_max=", "line_max=x",
		"line_max=3000x", "line_max=-3000", "line_max=+3000",
		"line_max=0x1000", "line_max=3e3", "line_max=3000.5",
		"line_max=18446744073709551616", "line_max=99999999999999999G",
		"line_max=k", "line_max=K", "line_max=6k", "line_max=3000 4000",
		"min_score=nan", "min_score=inf", "min_score=-1",
		"min_score=1e3", "min_score=0x1", "min_score=1,5",
		"min_score=.", "min_score=1.2.3", "min_score=1001",
		"drain_ms=1001", "drain_ms=4294967296", "frequency=BLOG",
		"frequency=blo", "frequency=blog|notebook", "frequency=", "",
		"=", "=5", "line_max", " = ", "no_such=1" };
	static const char *const good[] = { "line_max=6000", "line_max=6K",
		" line_max = 6000 ", "line_max=06000", "queue_max=1G",
		"queue_max=1024M", "min_score=0.5", "min_score=.5",
		"min_score=5.", "frequency=notebook", "drain_ms=0",
		"output=stdout" };

	check_start("values that are none");
	config_init(&config);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!CHECK(set(bad[i]) == -1 && why.len))
			puts(bad[i]);
	check_start("values");
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!CHECK(set(good[i]) == 0 && !why.len))
			puts(str_z(&why));
	CHECK_EQ(config.line_max, 6000);
	CHECK_EQ(config.queue_max, 1 << 30);
	CHECK(config.min_score == 5.0);
	CHECK_EQ(config.frequency, FREQUENCY_NOTEBOOK);
}

static void test_errors(void)
{
	check_start("all errors at once");
	CHECK_EQ(load("# a comment\n"
		      "\n"
		      "line_max = 1\n"
		      "no_such = 5\n"
		      "min_score = 0.5\n"
		      "just words\n"
		      "drain_ms = 10\n"
		      "  drain_ms = 20\r\n"
		      "output = tcp:1.2.3.4\n"
		      "frequency = never\n"
		      "line_max"),
		-1);
	CHECK(has_why(3, "line_max"));
	CHECK(has_why(4, "no option 'no_such'"));
	CHECK(has_why(6, "NAME = VALUE"));
	CHECK(has_why(8, "line 7"));
	CHECK(has_why(9, "tcp"));
	CHECK(has_why(10, "blog|notebook"));
	CHECK(has_why(11, "NAME = VALUE"));
	for (unsigned int i = 1; i < 12; i++)
		if (i < 3 || i == 5 || i == 7)
			CHECK(!has_why(i, ""));

	check_start("an unknown name is told the known ones");
	CHECK_EQ(load("x = 1\n"), -1);
	for (size_t i = 0; i < N_OPTIONS; i++)
		CHECK(has_why(1, options[i].name));
	CHECK(has_why(1, "output"));

	check_start("options that do not go together");
	CHECK_EQ(load("decode.layer_max = 8M\ndecode.event_max = 4M\n"), 0);
	CHECK_EQ(config_check(&config, "here", &why), -1);
	CHECK(strstr(str_z(&why), "here: decode.layer_max"));
	CHECK_EQ(load("severity.warning = 4\n"), 0);
	CHECK_EQ(config_check(&config, "here", &why), -1);
	CHECK(strstr(str_z(&why), "here: the severity"));
	CHECK_EQ(load("severity.warning = 3\n"), 0);
	CHECK_EQ(config_check(&config, "here", &why), 0);
	CHECK_EQ(why.len, 0);

	check_start("a NUL in a line");
	write_file(BYTES("line_max = 6000\0\n"));
	str_reset(&why);
	CHECK_EQ(config_load(&config, path, false, &why), -1);
	CHECK(has_why(1, ""));
}

static void test_files(void)
{
	char link[64], missing[64];

	check_start("permissions");
	CHECK_EQ(load("line_max = 5000\n"), 0);
	CHECK_EQ(config.line_max, 5000);
	CHECK_EQ(chmod(path, 0664), 0);
	CHECK_EQ(config_load(&config, path, false, &why), -1);
	CHECK_EQ(chmod(path, 0646), 0);
	CHECK_EQ(config_load(&config, path, false, &why), -1);
	CHECK_EQ(chmod(path, 0600), 0);
	CHECK_EQ(config_load(&config, path, false, &why), 0);

	check_start("what is no file");
	snprintf(link, sizeof(link), "%s/link", dir);
	snprintf(missing, sizeof(missing), "%s/missing", dir);
	CHECK_EQ(symlink(path, link), 0);
	str_reset(&why);
	CHECK_EQ(config_load(&config, link, false, &why), -1);
	CHECK(strstr(str_z(&why), "symbolic link"));
	CHECK_EQ(config_load(&config, link, true, &why), -1);
	CHECK_EQ(config_load(&config, dir, false, &why), -1);
	CHECK_EQ(config_load(&config, "/dev/null", false, &why), -1);
	CHECK_EQ(config_load(&config, missing, false, &why), -1);
	str_reset(&why);
	CHECK_EQ(config_load(&config, missing, true, &why), 0);
	CHECK_EQ(why.len, 0);
	CHECK_EQ(config.line_max, 6000);
	unlink(link);
	CHECK_EQ(mkfifo(link, 0600), 0);
	CHECK_EQ(config_load(&config, link, false, &why), -1);
	unlink(link);

	check_start("a file that is too large");
	{
		struct str big;

		str_init(&big, 4 << 20);
		while (big.len <= CONFIG_FILE_MAX)
			str_addz(&big, "# a comment\n");
		CHECK_EQ(load(str_z(&big)), -1);
		str_fini(&big);
	}
}

static void test_outputs(void)
{
	static const struct {
		const char *value;
		int rc;
		enum output_kind kind;
		const char *path, *format;
		int facility;
		double min_score; /* -1: none */
	} rows[] = {
		{ "stdout", 0, OUTPUT_STDOUT, "", "json", 21, -1 },
		{ "syslog:/dev/log", 0, OUTPUT_SYSLOG, "/dev/log", "json", 21,
			-1 },
		{ "stream:/run/x format=cee", 0, OUTPUT_STREAM, "/run/x", "cee",
			21, -1 },
		{ "file:/var/log/a  facility=kern   min_score=2.5", 0,
			OUTPUT_FILE, "/var/log/a", "json", 0, 2.5 },
		{ "syslog:/a facility=local7 format=auoms min_score=0", 0,
			OUTPUT_SYSLOG, "/a", "auoms", 23, 0 },
		{ "stdout format=hunt facility=authpriv", 0, OUTPUT_STDOUT, "",
			"hunt", 10, -1 },
		{ "syslog", -1, 0, "", "", 0, 0 },
		{ "syslog:", -1, 0, "", "", 0, 0 },
		{ "syslog:relative", -1, 0, "", "", 0, 0 },
		{ "stdout:/x", -1, 0, "", "", 0, 0 },
		{ "stdout:", -1, 0, "", "", 0, 0 },
		{ "Stdout", -1, 0, "", "", 0, 0 },
		{ "/dev/log", -1, 0, "", "", 0, 0 },
		{ "format=json", -1, 0, "", "", 0, 0 },
		{ "stdout json", -1, 0, "", "", 0, 0 },
		{ "stdout format=", -1, 0, "", "", 0, 0 },
		{ "stdout format=xml", -1, 0, "", "", 0, 0 },
		{ "stdout facility=local8", -1, 0, "", "", 0, 0 },
		{ "stdout facility=21", -1, 0, "", "", 0, 0 },
		{ "stdout min_score=", -1, 0, "", "", 0, 0 },
		{ "stdout min_score=x", -1, 0, "", "", 0, 0 },
		{ "stdout min_score=-1", -1, 0, "", "", 0, 0 },
		{ "stdout min_score=nan", -1, 0, "", "", 0, 0 },
		{ "stdout min_score=inf", -1, 0, "", "", 0, 0 },
		{ "stdout min_score=1 min_score=", -1, 0, "", "", 0, 0 },
		{ "stdout color=red", -1, 0, "", "", 0, 0 },
		{ "syslog:/a\tformat=json", -1, 0, "", "", 0, 0 },
		{ "syslog:/a stream:/b", -1, 0, "", "", 0, 0 },
		{ "stdout fallback=/dev/log", -1, 0, "", "", 0, 0 },
		{ "syslog:/a fallback=dev", -1, 0, "", "", 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct output_conf *o = &config.outputs[0];
		char text[128];

		check_start("output = %s", rows[i].value);
		snprintf(text, sizeof(text), "output = %s\n", rows[i].value);
		if (!CHECK_EQ(load(text), rows[i].rc) || rows[i].rc < 0) {
			CHECK(rows[i].rc == 0 || has_why(1, ""));
			continue;
		}
		CHECK_EQ(config.n_outputs, 1);
		CHECK_EQ(o->kind, rows[i].kind);
		CHECK_Z(bytes_of(o->path), rows[i].path);
		CHECK_Z(bytes_of(o->fallback), "");
		CHECK_Z(bytes_of(o->format->name), rows[i].format);
		CHECK_EQ(o->facility, rows[i].facility);
		CHECK_EQ(o->has_min_score, rows[i].min_score >= 0);
		config.min_score = 7;
		CHECK(config_min_score(&config, o) ==
			(rows[i].min_score >= 0 ? rows[i].min_score : 7));
	}
}

static void test_many_outputs(void)
{
	struct str text;

	check_start("as many outputs as there may be");
	str_init(&text, 4096);
	for (int i = 0; i < CONFIG_OUTPUTS_MAX; i++)
		str_addf(&text, "output = file:/log%d\n", i);
	CHECK_EQ(load(str_z(&text)), 0);
	CHECK_EQ(config.n_outputs, CONFIG_OUTPUTS_MAX);
	CHECK_Z(bytes_of(config.outputs[0].path), "/log0");
	CHECK_Z(bytes_of(config.outputs[CONFIG_OUTPUTS_MAX - 1].path), "/log7");
	check_start("one more");
	str_addz(&text, "output = stdout\n");
	CHECK_EQ(load(str_z(&text)), -1);
	CHECK(has_why(CONFIG_OUTPUTS_MAX + 1, "outputs"));

	check_start("the longest path");
	str_reset(&text);
	str_addf(&text, "output = file:/%0*d\n", CONFIG_PATH_MAX - 2, 0);
	CHECK_EQ(load(str_z(&text)), 0);
	str_reset(&text);
	str_addf(&text, "output = file:/%0*d\n", CONFIG_PATH_MAX - 1, 0);
	CHECK_EQ(load(str_z(&text)), -1);
	str_fini(&text);

	check_start("outputs of the command line");
	{
		bool is_first = true;

		config_init(&config);
		str_reset(&why);
		CHECK_EQ(config_set(&config, "output=file:/a", &is_first, &why),
			0);
		CHECK_EQ(config_set(&config, "output=file:/b", &is_first, &why),
			0);
		CHECK_EQ(config.n_outputs, 2);
		CHECK_Z(bytes_of(config.outputs[1].path), "/b");
	}
}

/* What is printed is read back to the same, and prints the same again. */
static void test_round_trip(void)
{
	static const char *const files[] = { "",
		"line_max = 2049\nqueue_max = 65537\n",
		"min_score = 0.1\nseverity.notice = 0.000001\n",
		"min_score = 12.3456789\nseverity.crit = 999.999999\n",
		"output = stdout min_score=0.123456789\n",
		"frequency = notebook\ndecode.layer_max = 4097\n",
		"output = syslog:/a format=auoms facility=ftp min_score=3\n"
		"output = stream:/b format=hunt\noutput = stdout\n",
		"output = syslog:/a fallback=/b\n" };
	struct str a, b;

	str_init(&a, 10000);
	str_init(&b, 10000);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct config before;

		check_start("print and load, row %zu", i);
		CHECK_EQ(load(files[i]), 0);
		before = config;
		str_reset(&a);
		str_reset(&b);
		config_print(&config, &a);
		if (!CHECK_EQ(load(str_z(&a)), 0))
			puts(str_z(&why));
		config_print(&config, &b);
		CHECK_BYTES(str_bytes(&b), str_bytes(&a));
		CHECK(before.min_score == config.min_score);
		CHECK(before.score.crit == config.score.crit);
		CHECK(before.outputs[0].min_score ==
			config.outputs[0].min_score);
		CHECK_EQ(before.line_max, config.line_max);
		CHECK_EQ(before.queue_max, config.queue_max);
		CHECK_EQ(before.decode.layer_max, config.decode.layer_max);
	}
	str_fini(&a);
	str_fini(&b);
}

int main(void)
{
	check.module = "config";
	if (!mkdtemp(dir))
		abort();
	snprintf(path, sizeof(path), "%s/hunt.conf", dir);
	str_init(&why, 64 * 1024);
	test_defaults();
	test_bounds();
	test_names();
	test_values();
	test_errors();
	test_files();
	test_outputs();
	test_many_outputs();
	test_round_trip();
	str_fini(&why);
	unlink(path);
	rmdir(dir);
	return check_end();
}
