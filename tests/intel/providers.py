# SPDX-License-Identifier: GPL-3.0-or-later
"""Each provider is asked as its documents say, and its documented answers are
understood: over TLS, with a real server between."""

from asking import KEY, ask
from server import Proxy

IP, NAME = "8.8.4.4", "bad.evil-site.com"
URL = "http://bad.evil-site.com/x.sh"
MD5 = "44d88612fea8a8f36de82e1278abb02f"
SHA256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
BASE64URL = "aHR0cDovL2JhZC5ldmlsLXNpdGUuY29tL3guc2g"


def vt(malicious):
    return '{"data":{"attributes":{"last_analysis_stats":' \
        '{"malicious":%d,"suspicious":0,"harmless":70}}}}' % malicious


# provider, indicator, request (method, URI, body, header and value), answer
# (status, headers, body), severity, part of why
ROWS = [
    ("otx key={file}", IP,
     ("GET", "/api/v1/indicators/IPv4/8.8.4.4/general", "",
      "x-otx-api-key", KEY),
     (200, (), '{"pulse_info":{"count":3}}'), "high", None),
    ("otx", NAME,
     ("GET", "/api/v1/indicators/hostname/bad.evil-site.com/general", "",
      "x-otx-api-key", ""),
     (200, (), '{"pulse_info":{"count":1}}'), "medium", None),
    ("otx", MD5,
     ("GET", "/api/v1/indicators/file/%s/general" % MD5, "", "accept",
      "application/json"),
     (200, (), '{"pulse_info":{"count":0}}'), "information", None),
    ("otx", URL,
     ("GET", "/api/v1/indicators/url/http%3A%2F%2Fbad.evil-site.com%2Fx.sh"
      "/general", "", "accept", "application/json"),
     (404, (), "{}"), "information", None),
    ("xforce key={file}", IP,
     ("GET", "/ipr/8.8.4.4", "", "authorization",
      "Basic Q0FOQVJZLTAxMjM0NTY3ODlhYmNkZWY6"),
     (200, (), '{"score":4.3}'), "medium", None),
    ("xforce key={file}", SHA256,
     ("GET", "/malware/" + SHA256, "", "accept", "application/json"),
     (200, (), '{"malware":{"risk":"high"}}'), "high", None),
    ("virustotal key={file}", URL,
     ("GET", "/api/v3/urls/" + BASE64URL, "", "x-apikey", KEY),
     (200, (), vt(5)), "high", None),
    ("virustotal key={file}", SHA256,
     ("GET", "/api/v3/files/" + SHA256, "", "x-apikey", KEY),
     (200, (), vt(1)), "medium", None),
    ("virustotal key={file}", NAME,
     ("GET", "/api/v3/domains/" + NAME, "", "x-apikey", KEY),
     (404, (), '{"error":{"code":"NotFoundError"}}'), "information", None),
    ("virustotal key={file}", IP,
     ("GET", "/api/v3/ip_addresses/" + IP, "", "x-apikey", KEY),
     (401, (), '{"error":{"code":"WrongCredentialsError"}}'), None,
     "WrongCredentialsError"),
    ("abuseipdb key={file}", IP,
     ("GET", "/api/v2/check?ipAddress=8.8.4.4&maxAgeInDays=90", "", "key",
      KEY),
     (200, (), '{"data":{"abuseConfidenceScore":100}}'), "high", None),
    ("greynoise key={file}", IP,
     ("GET", "/v3/community/8.8.4.4", "", "key", KEY),
     (404, (), '{"message":"IP not observed scanning the internet"}'),
     "information", None),
    ("greynoise key={file}", IP,
     ("GET", "/v3/community/8.8.4.4", "", "key", KEY),
     (200, (), '{"classification":"malicious"}'), "high", None),
    ("urlhaus key={file}", URL,
     ("POST", "/v1/url/", "url=http%3A%2F%2Fbad.evil-site.com%2Fx.sh",
      "auth-key", KEY),
     (200, (), '{"query_status":"ok","url_status":"online"}'), "high", None),
    ("urlhaus key={file}", NAME,
     ("POST", "/v1/host/", "host=" + NAME, "auth-key", KEY),
     (200, (), '{"query_status":"unknown_auth_key"}'), None,
     "unknown_auth_key"),
    ("urlhaus key={file}", SHA256,
     ("POST", "/v1/payload/", "sha256_hash=" + SHA256, "type",
      "application/x-www-form-urlencoded"),
     (200, (), '{"query_status":"no_results"}'), "information", None),
    ("threatfox key={file}", IP,
     ("POST", "/api/v1/", '{"query":"search_ioc","search_term":"8.8.4.4"}',
      "type", "application/json"),
     (200, (), '{"query_status":"ok","data":[{"ioc":"8.8.4.4:443",'
      '"confidence_level":50}]}'), "medium", None),
    ("malwarebazaar key={file}", MD5,
     ("POST", "/api/v1/", "query=get_info&hash=" + MD5, "auth-key", KEY),
     (200, (), '{"query_status":"ok"}'), "high", None),
    ("crowdsec key={file}", IP,
     ("GET", "/v2/smoke/8.8.4.4", "", "x-api-key", KEY),
     (200, (), '{"scores":{"overall":{"total":3}}}'), "medium", None),
    ("pulsedive", NAME,
     ("GET", "/api/info.php?indicator=" + NAME, "", "accept",
      "application/json"),
     (200, (), '{"risk":"high"}'), "high", None),
    ("misp key={file}", SHA256,
     ("POST", "/attributes/restSearch",
      '{"returnFormat":"json","value":"%s","to_ids":1,"enforceWarninglist":1,'
      '"includeEventTags":0,"limit":10}' % SHA256, "authorization", KEY),
     (200, (), '{"response":{"Attribute":[{"value":"%s",'
      '"Event":{"threat_level_id":"3"}}]}}' % SHA256), "low", None),
    ('http key={file} severity=a/b high=9 "header=X-Api-Key: {key}"', IP,
     ("GET", "/get/ipv4/8.8.4.4", "", "x-api-key", KEY),
     (200, (), '{"a":{"b":9.5}}'), "high", None),
]
# Where a provider of kind http is asked.
TEMPLATE = "/get/{type}/{value}"


def question(kind, ioc, request, answer, severity, why):
    def case(nginx):
        path = request[1].partition("?")[0]
        # nginx compares what it has decoded.
        path = path.replace("%3A", ":").replace("%2F", "/").replace(
            "//", "/")
        nginx.start([(path, *answer)])
        base = "https://localhost:%d" % nginx.port
        if kind.startswith("http "):
            base += TEMPLATE
        line = "%s url=%s" % (kind, base)
        answers, _ = ask(nginx, [line], [ioc])
        asked = nginx.asked(1)
        if not asked:
            yield "nothing was asked"
            return
        one = asked[0]
        got = (one["method"], one["uri"], one["body"])
        if got != request[:3]:
            yield "asked %s, want %s" % (got, request[:3])
        if one[request[3]] != request[4]:
            yield "%s: %s" % (request[3], one[request[3]])
        if one["protocol"] != "HTTP/2.0":
            yield one["protocol"]
        if answers[0].get("severity") != severity:
            yield "severity %s, want %s" % (answers[0], severity)
        if why and why not in answers[0].get("why", ""):
            yield "why: %s" % answers[0].get("why")
        if why is None and "why" in answers[0]:
            yield "why: %s" % answers[0]["why"]
    return case


def worst(nginx):
    """Of several providers the worst counts, and one that fails is told."""
    nginx.start([("/api/v1/indicators/IPv4/8.8.4.4/general", 200, (),
                  '{"pulse_info":{"count":1}}'),
                 ("/v2/smoke/8.8.4.4", 200, (),
                  '{"scores":{"overall":{"total":5}}}'),
                 ("/v3/community/8.8.4.4", 403, (), "{}")])
    base = " url=https://localhost:%d" % nginx.port
    answers, said = ask(nginx, [
        "otx" + base, "crowdsec key={file}" + base, "greynoise" + base], [IP])
    want = {"ioc": IP, "type": "ipv4", "severity": "high",
            "provider": "crowdsec", "why": "greynoise: HTTP status 403"}
    if answers != [want]:
        yield "%s, want %s" % (answers, want)
    if said.count("refuses its key") != 1:
        yield "it said: %s" % said


def once(nginx):
    """The same indicator many times is asked about once."""
    nginx.start([("/v2/smoke/8.8.4.4", 200, (),
                  '{"scores":{"overall":{"total":5}}}')])
    answers, _ = ask(nginx, ["crowdsec key={file} url=https://localhost:%d"
                             % nginx.port], [IP] * 900)
    if len(nginx.asked()) != 1:
        yield "%d requests" % len(nginx.asked())
    if any(one["severity"] != "high" for one in answers):
        yield "not all have the answer"


def quota(nginx):
    """A quota holds over processes, and answers outlive them."""
    state = nginx.path("intel.db")
    ips = ["8.8.%d.4" % n for n in range(8)]
    nginx.start([("/v2/smoke/" + ip, 200, (),
                  '{"scores":{"overall":{"total":5}}}') for ip in ips])
    line = "crowdsec key={file} per_day=5 url=https://localhost:%d" % nginx.port
    for round_of in (ips[:3], ips[:4], ips, ips):
        answers, _ = ask(nginx, [line], round_of, state=state)
        for one in answers:
            is_known = one["ioc"] in ips[:5]
            if is_known != (one.get("severity") == "high") or is_known == (
                    "daily quota" in one.get("why", "")):
                yield "%s" % one
    asked = [one["uri"] for one in nginx.asked()]
    if sorted(asked) != sorted("/v2/smoke/" + ip for ip in ips[:5]):
        yield "asked: %s" % asked


def proxy(nginx):
    """Whoever is to be asked through a proxy is asked through it alone, and the
    environment names none."""
    nginx.start([("/v2/smoke/8.8.4.4", 200, (),
                  '{"scores":{"overall":{"total":5}}}')])
    line = "crowdsec key={file} url=https://localhost:%d" % nginx.port
    want = ["CONNECT localhost:%d HTTP/1.1" % nginx.port]
    good, closed = Proxy(), Proxy(403)
    named = "https_proxy=http://127.0.0.1:%d" % closed.port
    try:
        for through, severity, asked in ((None, "high", 1), (good, "high", 2),
                                         (closed, None, 2)):
            settings = []
            if through:
                settings = ["intel.proxy = http://127.0.0.1:%d" % through.port]
            if closed.asked:
                yield "the environment's proxy was asked"
            answers, _ = ask(nginx, [line], [IP], settings=settings,
                             wrap=lambda argv: ["env", named, *argv])
            if answers[0].get("severity") != severity:
                yield "through %s: %s" % (through, answers[0])
            if severity is None and "why" not in answers[0]:
                yield "why: %s" % answers[0]
            if len(nginx.asked(asked)) != asked:
                yield "%d requests" % len(nginx.asked())
        if good.asked != want or set(closed.asked) != set(want):
            yield "asked: %s, %s" % (good.asked, closed.asked)
    finally:
        good.stop()
        closed.stop()


def cases():
    for n, row in enumerate(ROWS):
        yield "provider/%d-%s" % (n, row[0].split()[0]), question(*row)
    yield "provider/worst", worst
    yield "provider/once", once
    yield "provider/quota", quota
    yield "provider/proxy", proxy
