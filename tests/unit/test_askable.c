// SPDX-License-Identifier: GPL-3.0-or-later
#include "askable.h"
#include "check.h"

#define HASH "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"

static const unsigned long long seed[2] = { 1, 2 };

static const char *const listed[] = { "never corp-example.com",
	"never .dotted.io", "never 8.8.8.0/24", "never 2a00:1450::/32",
	"never 9.9.9.9", "never " HASH, "never http://paste.example.co/raw",
	"# a comment", "" };

static const struct row {
	enum ioc_type type;
	const char *value;
	const char *as; /* NULL: never */
} rows[] = {
	{ IOC_IPV4, "1.1.1.1", "1.1.1.1" },
	{ IOC_IPV4, "0.1.2.3", NULL },
	{ IOC_IPV4, "10.1.2.3", NULL },
	{ IOC_IPV4, "11.0.0.0", "11.0.0.0" },
	{ IOC_IPV4, "100.63.255.255", "100.63.255.255" },
	{ IOC_IPV4, "100.64.0.1", NULL },
	{ IOC_IPV4, "100.127.255.255", NULL },
	{ IOC_IPV4, "100.128.0.0", "100.128.0.0" },
	{ IOC_IPV4, "127.0.0.53", NULL },
	{ IOC_IPV4, "169.254.169.254", NULL },
	{ IOC_IPV4, "172.15.255.255", "172.15.255.255" },
	{ IOC_IPV4, "172.16.0.1", NULL },
	{ IOC_IPV4, "172.31.255.255", NULL },
	{ IOC_IPV4, "172.32.0.0", "172.32.0.0" },
	{ IOC_IPV4, "192.0.2.7", NULL },
	{ IOC_IPV4, "192.168.255.1", NULL },
	{ IOC_IPV4, "198.51.100.7", NULL },
	{ IOC_IPV4, "203.0.113.7", NULL },
	{ IOC_IPV4, "203.0.114.7", "203.0.114.7" },
	{ IOC_IPV4, "198.19.255.255", NULL },
	{ IOC_IPV4, "224.0.0.1", NULL },
	{ IOC_IPV4, "255.255.255.255", NULL },
	{ IOC_IPV4, "8.8.8.8", NULL },
	{ IOC_IPV4, "8.8.9.8", "8.8.9.8" },
	{ IOC_IPV4, "9.9.9.9", NULL },
	{ IOC_IPV4, "9.9.9.90", "9.9.9.90" },
	{ IOC_IPV4, "1.2.3", NULL },
	{ IOC_IPV6, "2606:4700::1111", "2606:4700::1111" },
	{ IOC_IPV6, "::1", NULL },
	{ IOC_IPV6, "::", NULL },
	{ IOC_IPV6, "fe80::1", NULL },
	{ IOC_IPV6, "fd00::1", NULL },
	{ IOC_IPV6, "ff02::1", NULL },
	{ IOC_IPV6, "2001:db8::1", NULL },
	{ IOC_IPV6, "2001:0:1::1", NULL },
	{ IOC_IPV6, "2002:c0a8:1::", NULL },
	{ IOC_IPV6, "64:ff9b::1.1.1.1", NULL },
	{ IOC_IPV6, "::ffff:10.0.0.1", NULL },
	{ IOC_IPV6, "3fff:1::", NULL },
	{ IOC_IPV6, "2a00:1450:4001::1", NULL },
	{ IOC_IPV6, "2a00:1451::1", "2a00:1451::1" },
	{ IOC_DNS, "evil.com", "evil.com" },
	{ IOC_DNS, "a.b.evil.co.uk", "a.b.evil.co.uk" },
	{ IOC_DNS, "a.github.io", "a.github.io" },
	{ IOC_DNS, "co.uk", NULL },
	{ IOC_DNS, "com", NULL },
	{ IOC_DNS, "web1", NULL },
	{ IOC_DNS, "db.prod.internal", NULL },
	{ IOC_DNS, "printer.local", NULL },
	{ IOC_DNS, "a.corp", NULL },
	{ IOC_DNS, "a.lan", NULL },
	{ IOC_DNS, "x.svc.cluster.local", NULL },
	{ IOC_DNS, "a.test", NULL },
	{ IOC_DNS, "a.invalid", NULL },
	{ IOC_DNS, "a.localhost", NULL },
	{ IOC_DNS, "a.example.com", NULL },
	{ IOC_DNS, "notexample.com", "notexample.com" },
	{ IOC_DNS, "1.0.0.127.in-addr.arpa", NULL },
	{ IOC_DNS, "corp-example.com", NULL },
	{ IOC_DNS, "vpn.Corp-Example.com", NULL },
	{ IOC_DNS, "xcorp-example.com", "xcorp-example.com" },
	{ IOC_DNS, "a.dotted.io", NULL },
	{ IOC_DNS, "dotted.io", NULL },
	{ IOC_DNS, "", NULL },
	{ IOC_URL, "http://evil.com", "http://evil.com" },
	{ IOC_URL, "http://evil.com/a/b.sh?token=s3cret#x",
		"http://evil.com/a/b.sh" },
	{ IOC_URL, "https://user:pa:ss@evil.com:8443/a",
		"https://evil.com:8443/a" },
	{ IOC_URL, "https://u@v@evil.com/a@b", "https://evil.com/a@b" },
	{ IOC_URL, "http://evil.com?x=1", "http://evil.com" },
	{ IOC_URL, "http://evil.com#x", "http://evil.com" },
	{ IOC_URL, "ftp://1.1.1.1/x", "ftp://1.1.1.1/x" },
	{ IOC_URL, "http://[2606:4700::1111]:80/x",
		"http://[2606:4700::1111]:80/x" },
	{ IOC_URL, "http://[fd00::1]/x", NULL },
	{ IOC_URL, "http://[2606:4700::1111", NULL },
	{ IOC_URL, "http://10.0.0.1/x", NULL },
	{ IOC_URL, "http://evil.com@10.0.0.1/x", NULL },
	{ IOC_URL, "http://10.0.0.1\\@evil.com/x", NULL },
	{ IOC_URL, "http://build.internal/x", NULL },
	{ IOC_URL, "http://web1:8080/x", NULL },
	{ IOC_URL, "http://git.corp-example.com/x", NULL },
	{ IOC_URL, "http://paste.example.co/raw?id=3", NULL },
	{ IOC_URL, "http://paste.example.co/raw2",
		"http://paste.example.co/raw2" },
	{ IOC_URL, "file:///etc/passwd", NULL },
	{ IOC_URL, "ldap://evil.com/a", NULL },
	{ IOC_URL, "http://", NULL },
	{ IOC_URL, "http:///x", NULL },
	{ IOC_URL, "http://evil.com:/x", "http://evil.com:/x" },
	{ IOC_URL, "http://evil.com:secret/x", "http://evil.com:/x" },
	{ IOC_SHA256, HASH, NULL },
	{ IOC_MD5, "44d88612fea8a8f36de82e1278abb02f",
		"44d88612fea8a8f36de82e1278abb02f" },
	{ IOC_EMAIL, "a@evil.com", NULL },
	{ IOC_ONION, "abc.onion", NULL },
	{ IOC_LINUX_PATH, "/etc/passwd", NULL },
	{ IOC_WALLET, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", NULL },
	{ IOC_CVE, "CVE-2021-44228", NULL },
};

static const struct bad {
	const char *line, *why;
} bads[] = { { "never", "never what?" }, { "never a b", "'b' is one too many" },
	{ "never 10.0.0.0/33", "no net has /33" },
	{ "never ::/129", "no net has /129" },
	{ "never 10.0.0.0/x", "no net has /x" },
	{ "ever a", "no 'ever'; there are: never" } };

static struct askable_rules *rules;

static void check_rules(void)
{
	struct str why;

	check_start("rows");
	str_init(&why, 1000);
	rules = askable_rules_new(seed);
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
		CHECK(askable_rules_line(rules, bytes_of(listed[i]), &why) ==
			0);
	CHECK_Z(str_bytes(&why), "");
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		str_reset(&why);
		CHECK(askable_rules_line(rules, bytes_of(bads[i].line), &why) <
			0);
		CHECK_Z(str_bytes(&why), bads[i].why);
	}
	str_fini(&why);
}

static void check_row(const struct row *t)
{
	struct str as;

	check_start("%s %s", ioc_type_name(t->type), t->value);
	str_init(&as, IOC_VALUE_MAX);
	CHECK_EQ(askable(rules, t->type, bytes_of(t->value), &as),
		t->as != NULL);
	if (t->as)
		CHECK_Z(str_bytes(&as), t->as);
	str_fini(&as);
}

static void check_full(void)
{
	struct str line, why;
	size_t n = 0;

	check_start("as many nets as there may be");
	str_init(&line, 1000);
	str_init(&why, 1000);
	rules = askable_rules_new(seed);
	do {
		str_reset(&line);
		str_addf(&line, "never 20.%zu.%zu.0/24", n / 256, n % 256);
	} while (askable_rules_line(rules, str_bytes(&line), &why) == 0 &&
		 ++n < 10000);
	CHECK_EQ(n, ASKABLE_NETS_MAX);
	str_reset(&line);
	CHECK(!askable(rules, IOC_IPV4, BYTES("20.3.255.1"), &line));
	CHECK(askable(rules, IOC_IPV4, BYTES("20.4.0.1"), &line));
	CHECK(askable(NULL, IOC_IPV4, BYTES("20.3.255.1"), &line));
	str_fini(&line);
	str_fini(&why);
	askable_rules_free(rules);
}

int main(void)
{
	check.module = "askable";
	check_rules();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
	askable_rules_free(rules);
	check_full();
	return check_end();
}
