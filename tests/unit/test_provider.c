// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What each provider is asked, byte for byte, and what its documented answers
 * mean; the documents are named in plugin/providers/.
 */
#include "check.h"
#include "provider.h"

#define MD5  "44d88612fea8a8f36de82e1278abb02f"
#define SHA1 "3395856ce81f2b7382dee72602f798b642f14140"
#define SHA256                                                                 \
	"275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
#define URL  "http://bad.example.net/a b?c=d&e#f"
#define HEAD "Accept: application/json\n"
#define JSON HEAD "Content-Type: application/json\n"

static const struct question {
	const char *conf;
	enum ioc_type type;
	const char *value, *key;
	const char *url, *body, *headers, *login; /* NULL url: no such one */
} questions[] = {
	{ "otx key=/k", IOC_IPV4, "203.0.114.9", "K1",
		"https://otx.alienvault.com/api/v1/indicators/IPv4/203.0.114.9/"
		"general",
		"", HEAD "X-OTX-API-KEY: K1\n", "" },
	{ "otx", IOC_URL, URL, "",
		"https://otx.alienvault.com/api/v1/indicators/url/"
		"http%3A%2F%2Fbad.example.net%2Fa%20b%3Fc%3Dd%26e%23f/general",
		"", HEAD, "" },
	{ "otx", IOC_DNS, "a.example.net", "",
		"https://otx.alienvault.com/api/v1/indicators/hostname/"
		"a.example.net/general",
		"", HEAD, "" },
	{ "otx", IOC_SHA1, SHA1, "",
		"https://otx.alienvault.com/api/v1/indicators/file/" SHA1
		"/general",
		"", HEAD, "" },
	{ "otx", IOC_WALLET, "x", "", NULL, NULL, NULL, NULL },
	{ "xforce key=/k", IOC_IPV6, "2a00:1450::1", "id:pass",
		"https://api.xforce.ibmcloud.com/ipr/2a00%3A1450%3A%3A1", "",
		HEAD, "id:pass" },
	{ "xforce key=/k", IOC_DNS, "a.example.net", "id:pass",
		"https://api.xforce.ibmcloud.com/url/a.example.net", "", HEAD,
		"id:pass" },
	{ "xforce key=/k", IOC_MD5, MD5, "id:pass",
		"https://api.xforce.ibmcloud.com/malware/" MD5, "", HEAD,
		"id:pass" },
	{ "virustotal key=/k", IOC_IPV4, "203.0.114.9", "K",
		"https://www.virustotal.com/api/v3/ip_addresses/203.0.114.9",
		"", HEAD "x-apikey: K\n", "" },
	{ "virustotal key=/k", IOC_DNS, "a.example.net", "K",
		"https://www.virustotal.com/api/v3/domains/a.example.net", "",
		HEAD "x-apikey: K\n", "" },
	/* Their own example. */
	{ "virustotal key=/k", IOC_URL,
		"http://www.somedomain.com/this/is/my/url", "K",
		"https://www.virustotal.com/api/v3/urls/"
		"aHR0cDovL3d3dy5zb21lZG9tYWluLmNvbS90aGlzL2lzL215L3VybA",
		"", HEAD "x-apikey: K\n", "" },
	{ "virustotal key=/k", IOC_URL, "http://a.b/?~>", "K",
		"https://www.virustotal.com/api/v3/urls/aHR0cDovL2EuYi8_fj4",
		"", HEAD "x-apikey: K\n", "" },
	{ "virustotal key=/k", IOC_SHA256, SHA256, "K",
		"https://www.virustotal.com/api/v3/files/" SHA256, "",
		HEAD "x-apikey: K\n", "" },
	{ "abuseipdb key=/k", IOC_IPV4, "203.0.114.9", "K",
		"https://api.abuseipdb.com/api/v2/check?ipAddress=203.0.114.9"
		"&maxAgeInDays=90",
		"", HEAD "Key: K\n", "" },
	{ "abuseipdb key=/k", IOC_DNS, "a.example.net", "K", NULL, NULL, NULL,
		NULL },
	{ "greynoise", IOC_IPV4, "203.0.114.9", "",
		"https://api.greynoise.io/v3/community/203.0.114.9", "", HEAD,
		"" },
	{ "urlhaus key=/k", IOC_URL, URL, "K",
		"https://urlhaus-api.abuse.ch/v1/url/",
		"url=http%3A%2F%2Fbad.example.net%2Fa%20b%3Fc%3Dd%26e%23f",
		HEAD "Auth-Key: K\n", "" },
	{ "urlhaus key=/k", IOC_IPV4, "203.0.114.9", "K",
		"https://urlhaus-api.abuse.ch/v1/host/", "host=203.0.114.9",
		HEAD "Auth-Key: K\n", "" },
	{ "urlhaus key=/k", IOC_SHA256, SHA256, "K",
		"https://urlhaus-api.abuse.ch/v1/payload/",
		"sha256_hash=" SHA256, HEAD "Auth-Key: K\n", "" },
	{ "threatfox key=/k", IOC_DNS, "a.example.net", "K",
		"https://threatfox-api.abuse.ch/api/v1/",
		"{\"query\":\"search_ioc\",\"search_term\":\"a.example.net\"}",
		JSON "Auth-Key: K\n", "" },
	{ "threatfox key=/k", IOC_MD5, MD5, "K",
		"https://threatfox-api.abuse.ch/api/v1/",
		"{\"query\":\"search_hash\",\"hash\":\"" MD5 "\"}",
		JSON "Auth-Key: K\n", "" },
	{ "malwarebazaar key=/k", IOC_SHA1, SHA1, "K",
		"https://mb-api.abuse.ch/api/v1/", "query=get_info&hash=" SHA1,
		HEAD "Auth-Key: K\n", "" },
	{ "crowdsec key=/k", IOC_IPV4, "203.0.114.9", "K",
		"https://cti.api.crowdsec.net/v2/smoke/203.0.114.9", "",
		HEAD "x-api-key: K\n", "" },
	{ "pulsedive key=/k", IOC_DNS, "a.example.net", "K&1",
		"https://pulsedive.com/api/info.php?indicator=a.example.net"
		"&key=K%261",
		"", HEAD, "" },
	{ "misp key=/k url=https://misp.example.net/", IOC_URL, "http://a/\"",
		"K", "https://misp.example.net/attributes/restSearch",
		"{\"returnFormat\":\"json\",\"value\":\"http://a/\\\"\","
		"\"to_ids\":1,\"enforceWarninglist\":1,\"includeEventTags\":0,"
		"\"limit\":10}",
		JSON "Authorization: K\n", "" },
	{ "http url=https://ti.example.net/{type}/{value} key=/k "
	  "\"header=Authorization: Bearer {key}\" severity=score high=80",
		IOC_DNS, "a.example.net", "K",
		"https://ti.example.net/dns/a.example.net", "",
		HEAD "Authorization: Bearer K\n", "" },
	{ "http url=https://ti.example.net/?q={value}&k={key} key=/k "
	  "severity=score high=80 types=ipv4",
		IOC_IPV4, "203.0.114.9", "K 1",
		"https://ti.example.net/?q=203.0.114.9&k=K%201", "", HEAD, "" },
};

static void check_question(const struct question *t)
{
	struct provider_query q = { .type = t->type,
		.value = bytes_of(t->value),
		.key = bytes_of(t->key) };
	struct provider_conf cf;
	struct provider_request rq;
	struct str why;

	check_start("ask %.30s %s", t->conf, ioc_type_name(t->type));
	str_init(&why, 1000);
	provider_request_init(&rq);
	if (provider_parse(&cf, bytes_of(t->conf), &why) < 0) {
		check_fail(__LINE__, "%s", str_z(&why));
	} else if (!t->url) {
		CHECK(provider_ask(&cf, &q, &rq) < 0);
	} else if (CHECK(provider_ask(&cf, &q, &rq) == 0)) {
		CHECK_Z(str_bytes(&rq.url), t->url);
		CHECK_Z(str_bytes(&rq.body), t->body);
		CHECK_Z(str_bytes(&rq.headers), t->headers);
		CHECK_Z(str_bytes(&rq.login), t->login);
		CHECK_EQ(rq.is_post, t->body[0] != '\0');
	}
	provider_request_fini(&rq);
	str_fini(&why);
}

#define VT(n)                                                                  \
	"{\"data\":{\"attributes\":{\"last_analysis_stats\":{"                 \
	"\"malicious\":" #n                                                    \
	",\"suspicious\":3,\"harmless\":60,\"undetected\":9,\"timeout\":0},"   \
	"\"reputation\":-9}}}"
#define TF(ioc, level)                                                         \
	"{\"query_status\":\"ok\",\"data\":[{\"ioc\":\"" ioc                   \
	"\",\"confidence_level\":" #level "}]}"
#define MISP(level, value)                                                     \
	"{\"response\":{\"Attribute\":[{\"to_ids\":true,\"value\":\"" value    \
	"\",\"Event\":{\"threat_level_id\":\"" level "\"}}]}}"
#define OWN                                                                    \
	"http url=https://t.example.net/{value} severity=a/0/s high=80 "       \
	"medium=50 low=1"
#define WORDS                                                                  \
	"http url=https://t.example.net/{value} severity=verdict "             \
	"high=malicious,bad medium=odd low=grey"

static const struct answer {
	const char *conf;
	enum ioc_type type;
	const char *value;
	long status;
	const char *body;
	enum provider_say say;
	enum intel_severity severity;
	const char *why;
} answers[] = {
#define KNOWN(severity) PROVIDER_KNOWN, INTEL_##severity, ""
#define NOTHING         PROVIDER_NOTHING, INTEL_NOT_ASKED, ""
#define DENIED(why)     PROVIDER_DENIED, INTEL_NOT_ASKED, why
#define LIMITED(why)    PROVIDER_LIMITED, INTEL_NOT_ASKED, why
#define FAILED(why)     PROVIDER_FAILED, INTEL_NOT_ASKED, why
	{ "otx", IOC_IPV4, "203.0.114.9", 200,
		"{\"pulse_info\":{\"count\":0,\"pulses\":[]}}",
		KNOWN(INFORMATION) },
	{ "otx", IOC_IPV4, "203.0.114.9", 200, "{\"pulse_info\":{\"count\":1}}",
		KNOWN(MEDIUM) },
	{ "otx", IOC_IPV4, "203.0.114.9", 200,
		"{\"pulse_info\":{\"count\":50}}", KNOWN(HIGH) },
	{ "otx", IOC_IPV4, "203.0.114.9", 200, "{}", KNOWN(INFORMATION) },
	{ "otx", IOC_IPV4, "203.0.114.9", 404, "{\"detail\":\"x\"}", NOTHING },
	{ "otx", IOC_IPV4, "203.0.114.9", 403, "", DENIED("HTTP status 403") },
	{ "otx", IOC_IPV4, "203.0.114.9", 429, "", LIMITED("HTTP status 429") },
	{ "otx", IOC_IPV4, "203.0.114.9", 504, "<html>",
		FAILED("HTTP status 504") },
	{ "otx", IOC_IPV4, "203.0.114.9", 200, "<html>", FAILED("not JSON") },
	{ "otx", IOC_IPV4, "203.0.114.9", 200, "", FAILED("not JSON") },
	{ "otx", IOC_IPV4, "203.0.114.9", 200, "[]", KNOWN(INFORMATION) },
	{ "xforce key=/k", IOC_IPV4, "203.0.114.9", 200, "{\"score\":1}",
		KNOWN(INFORMATION) },
	{ "xforce key=/k", IOC_IPV4, "203.0.114.9", 200, "{\"score\":1.9}",
		KNOWN(INFORMATION) },
	{ "xforce key=/k", IOC_IPV4, "203.0.114.9", 200, "{\"score\":2}",
		KNOWN(MEDIUM) },
	{ "xforce key=/k", IOC_IPV4, "203.0.114.9", 200, "{\"score\":4.9}",
		KNOWN(MEDIUM) },
	{ "xforce key=/k", IOC_IPV4, "203.0.114.9", 200, "{\"score\":5}",
		KNOWN(HIGH) },
	{ "xforce key=/k", IOC_IPV4, "203.0.114.9", 200, "{\"score\":null}",
		KNOWN(INFORMATION) },
	{ "xforce key=/k", IOC_URL, "http://a.example.net/", 200,
		"{\"score\":1,\"result\":{\"score\":10}}", KNOWN(HIGH) },
	{ "xforce key=/k", IOC_SHA256, SHA256, 200,
		"{\"malware\":{\"risk\":\"high\"}}", KNOWN(HIGH) },
	{ "xforce key=/k", IOC_SHA256, SHA256, 200, "{}", KNOWN(INFORMATION) },
	{ "xforce key=/k", IOC_SHA256, SHA256, 404,
		"{\"error\":\"Not found.\"}", NOTHING },
	{ "xforce key=/k", IOC_SHA256, SHA256, 402, "{}",
		LIMITED("HTTP status 402") },
	{ "xforce key=/k", IOC_SHA256, SHA256, 401, "{}",
		DENIED("HTTP status 401") },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 200, VT(0),
		KNOWN(INFORMATION) },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 200, VT(1), KNOWN(MEDIUM) },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 200, VT(2), KNOWN(HIGH) },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 200, "{\"data\":{}}",
		FAILED("no analysis in the answer") },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 404,
		"{\"error\":{\"code\":\"NotFoundError\",\"message\":\"x\"}}",
		NOTHING },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 401,
		"{\"error\":{\"code\":\"WrongCredentialsError\"}}",
		DENIED("WrongCredentialsError") },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 429,
		"{\"error\":{\"code\":\"QuotaExceededError\"}}",
		LIMITED("QuotaExceededError") },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 400,
		"{\"error\":{\"code\":\"NotAvailableYet\"}}",
		FAILED("NotAvailableYet") },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 503,
		"{\"error\":{\"code\":\"TransientError\\n\\u001b[31m\"}}",
		FAILED("TransientError??[31m") },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 500, "",
		FAILED("HTTP status 500") },
	{ "virustotal key=/k", IOC_SHA256, SHA256, 204, "",
		FAILED("not JSON") },
	{ "abuseipdb key=/k", IOC_IPV4, "203.0.114.9", 200,
		"{\"data\":{\"abuseConfidenceScore\":0}}", KNOWN(INFORMATION) },
	{ "abuseipdb key=/k", IOC_IPV4, "203.0.114.9", 200,
		"{\"data\":{\"abuseConfidenceScore\":1}}", KNOWN(MEDIUM) },
	{ "abuseipdb key=/k", IOC_IPV4, "203.0.114.9", 200,
		"{\"data\":{\"abuseConfidenceScore\":50}}", KNOWN(MEDIUM) },
	{ "abuseipdb key=/k", IOC_IPV4, "203.0.114.9", 200,
		"{\"data\":{\"abuseConfidenceScore\":51}}", KNOWN(HIGH) },
	{ "abuseipdb key=/k", IOC_IPV4, "203.0.114.9", 200, "{\"data\":[]}",
		FAILED("no score in the answer") },
	{ "abuseipdb key=/k", IOC_IPV4, "203.0.114.9", 422,
		"{\"errors\":[{\"detail\":\"x\",\"status\":422}]}",
		FAILED("HTTP status 422") },
	{ "greynoise", IOC_IPV4, "203.0.114.9", 200,
		"{\"noise\":true,\"riot\":false,"
		"\"classification\":\"malicious\"}",
		KNOWN(HIGH) },
	{ "greynoise", IOC_IPV4, "203.0.114.9", 200,
		"{\"noise\":false,\"riot\":true,\"classification\":\"benign\"}",
		KNOWN(INFORMATION) },
	{ "greynoise", IOC_IPV4, "203.0.114.9", 404,
		"{\"noise\":false,\"riot\":false,\"message\":\"IP not "
		"observed\"}",
		NOTHING },
	{ "urlhaus key=/k", IOC_URL, "http://a.example.net/", 200,
		"{\"query_status\":\"ok\",\"url_status\":\"online\"}",
		KNOWN(HIGH) },
	{ "urlhaus key=/k", IOC_URL, "http://a.example.net/", 200,
		"{\"query_status\":\"ok\",\"url_status\":\"offline\"}",
		KNOWN(MEDIUM) },
	{ "urlhaus key=/k", IOC_DNS, "a.example.net", 200,
		"{\"query_status\":\"ok\",\"urls\":[{\"url_status\":"
		"\"offline\"},{\"url_status\":\"online\"}]}",
		KNOWN(HIGH) },
	{ "urlhaus key=/k", IOC_MD5, MD5, 200,
		"{\"query_status\":\"ok\",\"signature\":null}", KNOWN(HIGH) },
	{ "urlhaus key=/k", IOC_MD5, MD5, 200,
		"{\"query_status\":\"no_results\"}", NOTHING },
	{ "urlhaus key=/k", IOC_MD5, MD5, 200,
		"{\"query_status\":\"unknown_auth_key\"}",
		DENIED("unknown_auth_key") },
	{ "urlhaus key=/k", IOC_MD5, MD5, 200,
		"{\"query_status\":\"invalid_url\"}", FAILED("invalid_url") },
	{ "threatfox key=/k", IOC_IPV4, "203.0.114.9", 200,
		TF("203.0.114.9:4444", 100), KNOWN(HIGH) },
	{ "threatfox key=/k", IOC_IPV4, "203.0.114.9", 200,
		TF("203.0.114.9:4444", 50), KNOWN(MEDIUM) },
	{ "threatfox key=/k", IOC_IPV4, "203.0.114.9", 200,
		TF("203.0.114.9:4444", "25"), KNOWN(LOW) },
	/* What its search for substrings finds besides. */
	{ "threatfox key=/k", IOC_IPV4, "203.0.114.9", 200,
		TF("203.0.114.99:80", 100), NOTHING },
	{ "threatfox key=/k", IOC_DNS, "a.example.net", 200,
		TF("aa.example.net", 100), NOTHING },
	{ "threatfox key=/k", IOC_DNS, "a.example.net", 200,
		"{\"query_status\":\"no_result\",\"data\":\"nothing\"}",
		NOTHING },
	{ "threatfox key=/k", IOC_SHA256, SHA256, 200,
		TF("203.0.114.99:80", 75), KNOWN(HIGH) },
	{ "malwarebazaar key=/k", IOC_SHA1, SHA1, 200,
		"{\"query_status\":\"ok\",\"data\":[{}]}", KNOWN(HIGH) },
	{ "malwarebazaar key=/k", IOC_SHA1, SHA1, 200,
		"{\"query_status\":\"hash_not_found\"}", NOTHING },
	{ "crowdsec key=/k", IOC_IPV4, "203.0.114.9", 200,
		"{\"scores\":{\"overall\":{\"total\":2}}}",
		KNOWN(INFORMATION) },
	{ "crowdsec key=/k", IOC_IPV4, "203.0.114.9", 200,
		"{\"scores\":{\"overall\":{\"total\":3}}}", KNOWN(MEDIUM) },
	{ "crowdsec key=/k", IOC_IPV4, "203.0.114.9", 200,
		"{\"scores\":{\"overall\":{\"total\":4}}}", KNOWN(HIGH) },
	{ "crowdsec key=/k", IOC_IPV4, "203.0.114.9", 404,
		"{\"message\":\"IP not found\"}", NOTHING },
	{ "pulsedive", IOC_DNS, "a.example.net", 200, "{\"risk\":\"high\"}",
		KNOWN(HIGH) },
	{ "pulsedive", IOC_DNS, "a.example.net", 200, "{\"risk\":\"medium\"}",
		KNOWN(MEDIUM) },
	{ "pulsedive", IOC_DNS, "a.example.net", 200, "{\"risk\":\"low\"}",
		KNOWN(INFORMATION) },
	{ "pulsedive", IOC_DNS, "a.example.net", 200, "{\"risk\":\"none\"}",
		KNOWN(UNKNOWN) },
	{ "pulsedive", IOC_DNS, "a.example.net", 404,
		"{\"error\":\"Indicator not found.\"}", NOTHING },
	{ "pulsedive", IOC_DNS, "a.example.net", 429,
		"{\"error\":\"Request limit reached.\"}",
		LIMITED("Request limit reached.") },
	{ "misp key=/k url=https://m.example.net", IOC_SHA256, SHA256, 200,
		MISP("1", SHA256), KNOWN(HIGH) },
	{ "misp key=/k url=https://m.example.net", IOC_SHA256, SHA256, 200,
		MISP("2", "a.exe|" SHA256), KNOWN(MEDIUM) },
	{ "misp key=/k url=https://m.example.net", IOC_SHA256, SHA256, 200,
		MISP("3", SHA256), KNOWN(LOW) },
	{ "misp key=/k url=https://m.example.net", IOC_SHA256, SHA256, 200,
		MISP("4", SHA256), KNOWN(MEDIUM) },
	{ "misp key=/k url=https://m.example.net", IOC_SHA256, SHA256, 200,
		MISP("1", MD5), NOTHING },
	{ "misp key=/k url=https://m.example.net", IOC_SHA256, SHA256, 200,
		"{\"response\":{\"Attribute\":[]}}", NOTHING },
	{ "misp key=/k url=https://m.example.net", IOC_SHA256, SHA256, 403,
		"{\"name\":\"Authentication failed\"}",
		DENIED("HTTP status 403") },
	{ OWN, IOC_DNS, "a.example.net", 200, "{\"a\":[{\"s\":80}]}",
		KNOWN(HIGH) },
	{ OWN, IOC_DNS, "a.example.net", 200, "{\"a\":[{\"s\":\"79.5\"}]}",
		KNOWN(MEDIUM) },
	{ OWN, IOC_DNS, "a.example.net", 200, "{\"a\":[{\"s\":1}]}",
		KNOWN(LOW) },
	{ OWN, IOC_DNS, "a.example.net", 200, "{\"a\":[{\"s\":0}]}",
		KNOWN(INFORMATION) },
	{ OWN, IOC_DNS, "a.example.net", 200, "{\"a\":[]}", NOTHING },
	{ WORDS, IOC_DNS, "a.example.net", 200, "{\"verdict\":\"bad\"}",
		KNOWN(HIGH) },
	{ WORDS, IOC_DNS, "a.example.net", 200, "{\"verdict\":\"odd\"}",
		KNOWN(MEDIUM) },
	{ WORDS, IOC_DNS, "a.example.net", 200, "{\"verdict\":\"ba\"}",
		KNOWN(INFORMATION) },
};

static void check_answer(const struct answer *t, size_t i)
{
	struct provider_query q = { .type = t->type,
		.value = bytes_of(t->value) };
	struct provider_answer to;
	struct provider_conf cf;
	struct str why;

	check_start("judge %zu %.20s %ld", i, t->conf, t->status);
	str_init(&why, 1000);
	if (provider_parse(&cf, bytes_of(t->conf), &why) < 0) {
		check_fail(__LINE__, "%s", str_z(&why));
	} else {
		provider_judge(&cf, &q, t->status, bytes_of(t->body), &to);
		CHECK_EQ(to.say, t->say);
		CHECK_EQ(to.severity, t->severity);
		CHECK_Z(bytes_of(to.why), t->why);
	}
	str_fini(&why);
}

/* A million brackets, and as many numbers: no answer, and no harm. */
static void check_hostile(void)
{
	static const char *const pieces[] = { "[", "{\"a\":", "[1,", "\"\\",
		"1e", "\xff" };
	struct provider_query q = { .type = IOC_IPV4,
		.value = BYTES("203.0.114.9") };
	struct str text;

	str_init(&text, 1 << 22);
	for (size_t p = 0; p < provider_n; p++) {
		struct provider_conf cf = { .kind = provider_all[p] };

		check_start("hostile %s", provider_all[p]->name);
		for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]);
			i++) {
			struct provider_answer to = { 0 };

			str_reset(&text);
			while (text.len < 1000000)
				str_addz(&text, pieces[i]);
			provider_judge(&cf, &q, 200, str_bytes(&text), &to);
			CHECK_EQ(to.say, PROVIDER_FAILED);
		}
	}
	str_fini(&text);
}

static const struct line {
	const char *text, *printed, *why;
} lines[] = {
	{ "greynoise",
		"greynoise name=greynoise url=https://api.greynoise.io "
		"types=ipv4 per_minute=10 per_day=50 timeout_s=10",
		NULL },
	{ "virustotal key=/etc/k types=url,sha256 per_minute=0 name=vt",
		"virustotal name=vt url=https://www.virustotal.com key=/etc/k "
		"types=url,sha256 per_minute=0 per_day=500 timeout_s=10",
		NULL },
	{ "http  url=https://t.example.net/{value}/ severity=a high=1 "
	  "\"header=X-A: b c\"",
		"http name=http url=https://t.example.net/{value} "
		"types=ipv4,ipv6,url,dns,email,md5,sha1,sha256 per_minute=60 "
		"per_day=0 timeout_s=10 header=\"X-A: b c\" severity=a high=1",
		NULL },
	{ "greynoise inside=yes",
		"greynoise name=greynoise url=https://api.greynoise.io "
		"types=ipv4 per_minute=10 per_day=50 timeout_s=10 inside=yes",
		NULL },
	{ "", NULL, "no provider ''; there are: otx, xforce," },
	{ "vt", NULL, "no provider 'vt'" },
	{ "virustotal", NULL, "virustotal needs key=FILE" },
	{ "virustotal key=k", NULL, "key takes an absolute path" },
	{ "otx types=wallet", NULL, "otx knows nothing of type 'wallet'" },
	{ "otx types=", NULL, "types is empty" },
	{ "otx per_day=x", NULL, "per_day takes a number, not 'x'" },
	{ "otx url=http://a.example.net", NULL, "otx needs url=https://..." },
	{ "otx high=3", NULL, "'high=3' is none of name=, url=, key=, types=" },
	{ "otx inside=maybe", NULL, "inside takes yes or no" },
	{ "otx timeout_s=0", NULL, "timeout_s is from 1 to 120" },
	{ "otx name=a/b", NULL, "name takes letters, digits" },
	{ "otx \"name=a", NULL, "a \" without its end" },
	{ "misp key=/k", NULL, "misp needs url=https://..." },
	{ "http url=https://a.example.net severity=a high=1", NULL,
		"url has no {value}" },
	{ "http url=https://a.example.net/{value}", NULL,
		"http needs severity=PATH and high=" },
};

static void check_line(const struct line *t)
{
	struct provider_conf cf;
	struct str out, why;

	check_start("line %.60s", t->text);
	str_init(&out, 4096);
	str_init(&why, 4096);
	if (t->printed) {
		if (provider_parse(&cf, bytes_of(t->text), &why) < 0)
			check_fail(__LINE__, "%s", str_z(&why));
		provider_print(&cf, &out);
		CHECK_Z(str_bytes(&out), t->printed);
		/* What was printed says the same. */
		CHECK(provider_parse(&cf, bytes_of(t->printed), &why) == 0);
		str_reset(&out);
		provider_print(&cf, &out);
		CHECK_Z(str_bytes(&out), t->printed);
	} else {
		CHECK(provider_parse(&cf, bytes_of(t->text), &why) < 0);
		if (strncmp(str_z(&why), t->why, strlen(t->why)))
			CHECK_Z(str_bytes(&why), t->why);
	}
	str_fini(&out);
	str_fini(&why);
}

int main(void)
{
	check.module = "provider";
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		check_question(&questions[i]);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		check_answer(&answers[i], i);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		check_line(&lines[i]);
	check_hostile();
	return check_end();
}
