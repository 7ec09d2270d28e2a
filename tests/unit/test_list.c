// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "list.h"

#define NOW  1790000000000LL
#define UUID "5a1f6b0c-0000-4000-8000-000000000001"
#define SHA256                                                                 \
	"275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
#define MD5 "44d88612fea8a8f36de82e1278abb02f"

static char dir[] = "/tmp/hunt-list-XXXXXX";

/* Entries as TYPE VALUE, each that has to be there; after | what must not. */
static const struct row {
	const char *conf, *text;
	const char *has[12], *has_not[8];
	const char *why; /* NULL: it can be read */
} rows[] = {
	{ "plain ",
		"# Tor\r\n203.0.113.1\r\n\r\n 203.0.113.2 # x\n"
		"198.51.100.0/24 ; SBL1\nevil.example,\n203.0.113.3:4444\n"
		"hxxps://bad[.]example/x\n;c",
		{ "203.0.113.1", "203.0.113.2", "198.51.100.77", "evil.example",
			"203.0.113.3", "https://bad.example/x" },
		{ "203.0.113.4", "c", "SBL1" }, NULL },
	{ "plain ", "# nothing\n\n", { NULL }, { NULL }, "no indicator in it" },
	{ "plain severity=low", "a\xff.example\nb.example\n", { "b.example" },
		{ "a.example" }, NULL },
	{ "hosts ",
		"127.0.0.1 localhost\n0.0.0.0 ads.example track.example # x\n"
		"0.0.0.0 0.0.0.0\n::1 ip6-localhost\n0.0.0.0\tother.example\n",
		{ "ads.example", "track.example", "other.example" },
		{ "localhost", "0.0.0.0", "x", "127.0.0.1" }, NULL },
	{ "csv column=3",
		"# abuse.ch\n# \"first\",\"id\",\"ioc\"\n"
		"\"2026-01-01\", \"7\", \"203.0.113.9:80\", \"x, \"\"y\"\"\"\n"
		"\"2026-01-01\", \"8\", \"evil.example\"\n\"short\"\n",
		{ "203.0.113.9", "evil.example" }, { "ioc", "7", "2026-01-01" },
		NULL },
	{ "csv column=ioc",
		"# abuse.ch\n# \"first\",\"id\",\"ioc\"\n1,2,evil.example\n",
		{ "evil.example" }, { "1", "2", "ioc" }, NULL },
	{ "csv column=url", "id,url\n1,http://bad.example/a,b\n",
		{ "http://bad.example/a" }, { "1", "url", "b" }, NULL },
	{ "csv column=host", "id,url\n1,2\n", { NULL }, { NULL },
		"no column 'host'" },
	{ "csv ", "evil.example,1\n", { "evil.example" }, { "1" }, NULL },
	{ "stix ",
		"{\"type\":\"bundle\",\"objects\":["
		"{\"type\":\"indicator\",\"pattern_type\":\"stix\",\"pattern\":"
		"\"[ipv4-addr:value = '203.0.113.9']\"},"
		"{\"type\":\"indicator\",\"pattern\":\"[domain-name:value = "
		"'evil.example' OR url:value='http://bad.example/a\\\\'b'] OR "
		"[ file:hashes.'SHA-256' = '" SHA256 "' ]\"},"
		"{\"type\":\"indicator\",\"pattern\":\"[domain-name:value = "
		"'both.example' AND ipv4-addr:value = '203.0.113.10']\"},"
		"{\"type\":\"indicator\",\"pattern\":\"[domain-name:value = "
		"'then.example'] FOLLOWEDBY [url:value = 'http://c.example']"
		"\"},"
		"{\"type\":\"indicator\",\"pattern\":\"[domain-name:value != "
		"'not.example']\"},"
		"{\"type\":\"indicator\",\"revoked\":true,\"pattern\":"
		"\"[domain-name:value = 'revoked.example']\"},"
		"{\"type\":\"indicator\",\"valid_until\":"
		"\"2020-01-01T00:00:00Z\",\"pattern\":\"[domain-name:value = "
		"'old.example']\"},"
		"{\"type\":\"indicator\",\"valid_until\":"
		"\"2999-01-01T00:00:00Z\",\"pattern\":\"[domain-name:value = "
		"'good.example']\"},"
		"{\"type\":\"malware\",\"name\":\"x\"}]}",
		{ "203.0.113.9", "evil.example", "http://bad.example/a'b",
			SHA256, "good.example" },
		{ "both.example", "203.0.113.10", "then.example", "not.example",
			"revoked.example", "old.example", "x" },
		NULL },
	{ "stix ", "{\"objects\":{}}", { NULL }, { NULL },
		"not a STIX bundle" },
	{ "stix ", "[[[[", { NULL }, { NULL }, "not a STIX bundle" },
};

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text, 1, strlen(text), f) != strlen(text) ||
		fclose(f) != 0 || chmod(path, 0644) < 0)
		abort();
}

static enum ioc_type type_of(const char *value)
{
	if (strstr(value, "://"))
		return IOC_URL;
	if (strspn(value, "0123456789.") == strlen(value))
		return IOC_IPV4;
	return strlen(value) == 64   ? IOC_SHA256
	       : strlen(value) == 32 ? IOC_MD5
				     : IOC_DNS;
}

static void check_map(struct listmap_draft *d, const char *const *has,
	const char *const *has_not, const struct list_conf *cf)
{
	size_t len = listmap_draft_len(d);
	void *p = malloc(len);
	struct listmap m;
	const char *list;

	if (!p)
		abort();
	listmap_draft_pack(d, p);
	CHECK_EQ(listmap_open(&m, (struct bytes){ p, len }), 0);
	for (; *has; has++) {
		list = NULL;
		if (listmap_get(&m, type_of(*has), bytes_of(*has), &list) !=
			cf->severity)
			check_fail(__LINE__, "%s is not there", *has);
		CHECK_Z(bytes_of(list), cf->name);
	}
	for (; *has_not; has_not++)
		if (listmap_get(&m, type_of(*has_not), bytes_of(*has_not),
			    &list) != INTEL_NOT_ASKED)
			check_fail(__LINE__, "%s is there", *has_not);
	free(p);
}

static void check_list(const char *line, const char *const *has,
	const char *const *has_not, const char *want)
{
	const uint64_t seed[2] = { 1, 2 };
	struct listmap_draft *d = listmap_draft_new(seed);
	struct list_conf cf;
	struct str why;

	str_init(&why, 10000);
	if (list_parse(&cf, bytes_of(line), &why) < 0)
		check_fail(__LINE__, "%s", str_z(&why));
	else if (list_read(&cf, d, NOW, &why) == 0 && !want)
		check_map(d, has, has_not, &cf);
	else if (!want || !strstr(str_z(&why), want))
		check_fail(__LINE__, "it said '%s'", str_z(&why));
	listmap_draft_free(d);
	str_fini(&why);
}

static void check_row(const struct row *t, size_t i)
{
	char path[64], line[200];

	check_start("%zu %s", i, t->conf);
	snprintf(path, sizeof(path), "%s/some.txt", dir);
	write_file(path, t->text);
	/* The path stands after the kind. */
	snprintf(line, sizeof(line), "%.*s %s %s", (int)strcspn(t->conf, " "),
		t->conf, path, strchr(t->conf, ' '));
	check_list(line, t->has, t->has_not, t->why);
	unlink(path);
}

#define ATTRIBUTE(type, value, ids)                                            \
	"{\"type\":\"" type "\",\"value\":\"" value "\",\"to_ids\":" ids "}"

static void check_misp(void)
{
	static const char *const has[] = { "203.0.113.9", "203.0.113.10",
		"evil.example", SHA256, MD5, NULL };
	static const char *const has_not[] = { "no.example", "a.exe", "80",
		"comment", NULL };
	char path[120], line[120];

	check_start("misp");
	snprintf(path, sizeof(path), "%s/manifest.json", dir);
	write_file(path, "{\"" UUID "\":{}}");
	unlink(path);
	snprintf(path, sizeof(path), "%s/" UUID ".json", dir);
	write_file(path,
		"{\"Event\":{\"info\":\"x\",\"Attribute\":[" ATTRIBUTE("ip-dst",
			"203.0.113.9", "true") "," ATTRIBUTE("ip-dst|port",
			"203.0.113.10|80", "true") "," ATTRIBUTE("domain",
			"no.example", "false") "," ATTRIBUTE("comment",
			"comment", "true") "," ATTRIBUTE("filename|sha256",
			"a.exe|" SHA256,
			"true") "],\"Object\":[{\"Attribute\":"
				"[" ATTRIBUTE("domain|ip",
					"evil.example|1.2.3.4",
					"true") "," ATTRIBUTE("md5", MD5,
					"true") "]}]}}");
	snprintf(line, sizeof(line), "misp %s name=feed severity=medium", dir);
	check_list(line, has, has_not, NULL);
	write_file(path, "{");
	check_list(line, has, has_not, "not JSON");
	chmod(path, 0666);
	check_list(line, has, has_not, UUID);
	unlink(path);
	check_list("misp /nonexistent", has, has_not, "No such file");
}

static const struct line {
	const char *text, *printed, *why;
} lines[] = {
	{ "plain /a/tor-exits.txt",
		"plain /a/tor-exits.txt name=tor-exits severity=high", NULL },
	{ "csv /a/b.csv  column=url severity=warning name=x",
		"csv /a/b.csv name=x severity=medium column=url", NULL },
	{ "misp /a/feed/", "misp /a/feed name=feed severity=high", NULL },
	{ "", NULL, "no list ''; there are: plain, csv, hosts, misp, stix" },
	{ "plain", NULL, "plain takes an absolute path" },
	{ "plain a", NULL, "plain takes an absolute path" },
	{ "plain /a column=2", NULL, "'column=2' is none of name=NAME," },
	{ "plain /a severity=bad", NULL, "'severity=bad' is none of" },
	{ "plain /a name=", NULL, "name takes 1 to 23 bytes of text" },
};

static void check_line(const struct line *t)
{
	struct list_conf cf;
	struct str out, why;

	check_start("line %s", t->text);
	str_init(&out, 1000);
	str_init(&why, 1000);
	if (t->printed) {
		CHECK_EQ(list_parse(&cf, bytes_of(t->text), &why), 0);
		list_print(&cf, &out);
		CHECK_Z(str_bytes(&out), t->printed);
	} else {
		CHECK(list_parse(&cf, bytes_of(t->text), &why) < 0);
		if (strncmp(str_z(&why), t->why, strlen(t->why)))
			CHECK_Z(str_bytes(&why), t->why);
	}
	str_fini(&out);
	str_fini(&why);
}

int main(void)
{
	check.module = "list";
	if (!mkdtemp(dir) || chmod(dir, 0755) < 0)
		return 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i], i);
	check_misp();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		check_line(&lines[i]);
	rmdir(dir);
	return check_end();
}
