# SPDX-License-Identifier: GPL-3.0-or-later
"""What each provider's documented answers and errors come to, over TLS. How
each is asked is providers.py's."""

import time

from asking import ask

IP, NAME = "8.8.4.4", "bad.evil-site.com"
URL = "http://bad.evil-site.com/x.sh"
MD5 = "44d88612fea8a8f36de82e1278abb02f"
SHA1 = "3395856ce81f2b7382dee72602f798b642f14140"
SHA256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
NOTHING = "information"     # nobody has heard of it


def vt(malicious):
    return '{"data":{"attributes":{"last_analysis_stats":' \
        '{"malicious":%d,"suspicious":0,"harmless":70}}}}' % malicious


def vt_error(code):
    return '{"error":{"code":"%s","message":"x"}}' % code


def status(word, more=""):
    return '{"query_status":"%s"%s}' % (word, more)


def found(ioc, confidence):
    return status("ok", ',"data":[{"ioc":"%s","confidence_level":%s}]' % (
        ioc, confidence))


def crowdsec(total):
    return '{"scores":{"overall":{"total":%d}}}' % total


def misp(level, value):
    return '{"response":{"Attribute":[{"value":"%s","Event":' \
        '{"threat_level_id":"%s"}}]}}' % (value, level)


def abuse(score):
    return '{"data":{"abuseConfidenceScore":%d}}' % score


# provider, indicator, then of each answer: status, body, severity (None: there
# is none), part of why
PROVIDERS = [
    ("otx", IP, [
        (200, '{"pulse_info":{"count":0,"pulses":[]}}', "information", None),
        (200, '{"pulse_info":{"count":1}}', "medium", None),
        (200, '{"pulse_info":{"count":2}}', "high", None),
        (200, "{}", "information", None),
        (404, '{"detail":"x"}', NOTHING, None),
        (403, "", None, "HTTP status 403"),
        (504, "<html>", None, "HTTP status 504"),
        (200, "<html>", None, "not JSON")]),
    ("xforce key={file}", IP, [
        (200, '{"score":1.9}', "information", None),
        (200, '{"score":2}', "medium", None),
        (200, '{"score":4.9}', "medium", None),
        (200, '{"score":5}', "high", None),
        (200, '{"score":null}', "information", None),
        (401, "{}", None, "HTTP status 401"),
        (403, "{}", None, "HTTP status 403"),
        (404, '{"error":"Not found."}', NOTHING, None)]),
    ("xforce key={file}", URL, [
        (200, '{"result":{"score":10}}', "high", None)]),
    ("xforce key={file}", SHA256, [
        (200, '{"malware":{"risk":"high"}}', "high", None),
        (200, "{}", "information", None)]),
    ("virustotal key={file}", SHA256, [
        (200, vt(0), "information", None), (200, vt(1), "medium", None),
        (200, vt(2), "high", None),
        (200, '{"data":{}}', None, "no analysis in the answer"),
        (400, vt_error("NotAvailableYet"), None, "NotAvailableYet"),
        (401, vt_error("AuthenticationRequiredError"), None,
         "AuthenticationRequiredError"),
        (404, vt_error("NotFoundError"), NOTHING, None),
        (503, vt_error("TransientError"), None, "TransientError")]),
    ("abuseipdb key={file}", IP, [
        (200, abuse(0), "information", None), (200, abuse(1), "medium", None),
        (200, abuse(50), "medium", None), (200, abuse(51), "high", None),
        (422, '{"errors":[{"detail":"x","status":422}]}', None,
         "HTTP status 422")]),
    ("greynoise", IP, [
        (200, '{"noise":true,"riot":false,"classification":"malicious"}',
         "high", None),
        (200, '{"noise":false,"riot":true,"classification":"benign"}',
         "information", None),
        (200, '{"noise":true,"riot":false,"classification":"unknown"}',
         "information", None),
        (404, '{"noise":false,"riot":false,"message":"IP not observed"}',
         NOTHING, None)]),
    ("urlhaus key={file}", URL, [
        (200, status("ok", ',"url_status":"online"'), "high", None),
        (200, status("ok", ',"url_status":"offline"'), "medium", None),
        (200, status("no_results"), NOTHING, None),
        (200, status("invalid_url"), None, "invalid_url"),
        (200, status("unknown_auth_key"), None, "unknown_auth_key")]),
    ("urlhaus key={file}", NAME, [
        (200, status("ok", ',"urls":[{"url_status":"offline"},'
                     '{"url_status":"online"}]'), "high", None)]),
    ("urlhaus key={file}", MD5, [
        (200, status("ok", ',"signature":null'), "high", None)]),
    ("threatfox key={file}", IP, [
        (200, found("8.8.4.4:4444", 100), "high", None),
        (200, found("8.8.4.4:4444", 50), "medium", None),
        (200, found("8.8.4.4:4444", '"25"'), "low", None),
        (200, found("8.8.4.44:80", 100), NOTHING, None),
        (200, status("no_result", ',"data":"nothing"'), NOTHING, None)]),
    ("threatfox key={file}", SHA256, [
        (200, found("8.8.4.44:80", 75), "high", None)]),
    ("malwarebazaar key={file}", SHA1, [
        (200, status("ok", ',"data":[{}]'), "high", None),
        (200, status("hash_not_found"), NOTHING, None)]),
    ("crowdsec key={file}", IP, [
        (200, crowdsec(2), "information", None),
        (200, crowdsec(3), "medium", None), (200, crowdsec(4), "high", None),
        (403, '{"message":"Forbidden"}', None, "HTTP status 403"),
        (404, '{"message":"IP not found"}', NOTHING, None)]),
    ("pulsedive", NAME, [
        (200, '{"risk":"high"}', "high", None),
        (200, '{"risk":"medium"}', "medium", None),
        (200, '{"risk":"low"}', "information", None),
        (200, '{"risk":"none"}', "unknown", None),
        (404, '{"error":"Indicator not found."}', NOTHING, None)]),
    ("misp key={file}", SHA256, [
        (200, misp(1, SHA256), "high", None),
        (200, misp(2, "a.exe|" + SHA256), "medium", None),
        (200, misp(3, SHA256), "low", None),
        (200, misp(4, SHA256), "medium", None),
        (200, misp(1, MD5), NOTHING, None),
        (200, '{"response":{"Attribute":[]}}', NOTHING, None),
        (403, '{"name":"Authentication failed"}', None, "HTTP status 403")]),
    ("http severity=a/0/s high=80 medium=50 low=1", NAME, [
        (200, '{"a":[{"s":80}]}', "high", None),
        (200, '{"a":[{"s":"79.5"}]}', "medium", None),
        (200, '{"a":[{"s":1}]}', "low", None),
        (200, '{"a":[{"s":0}]}', "information", None),
        (200, '{"a":[]}', NOTHING, None)]),
    ("http severity=verdict high=bad medium=odd", NAME, [
        (200, '{"verdict":"bad"}', "high", None),
        (200, '{"verdict":"odd"}', "medium", None),
        (200, '{"verdict":"ba"}', "information", None)]),
]

# Those that say "not now": provider, indicator, path, status, body, why.
LATER = [
    ("otx types=ipv4", IP, "/api/v1/indicators/IPv4/%s/general" % IP, 429, "",
     "HTTP status 429"),
    ("xforce key={file} types=md5", MD5, "/malware/" + MD5, 402, "{}",
     "HTTP status 402"),
    ("virustotal key={file} types=sha256", SHA256, "/api/v3/files/" + SHA256,
     429, vt_error("QuotaExceededError"), "QuotaExceededError"),
    ("pulsedive types=dns", NAME, "/api/info.php", 429,
     '{"error":"Request limit reached."}', "Request limit reached."),
]
# As long as auhunt waits for answers; they are left alone for longer.
WAIT_S = 60


def answers(line, ioc, rows):
    def case(nginx):
        template = "/{value}" if line.startswith("http ") else ""
        for code, body, severity, why in rows:
            nginx.start([], (code, body))
            got, _ = ask(nginx, ["%s url=https://localhost:%d%s" % (
                line, nginx.port, template)], [ioc])
            if got[0].get("severity") != severity:
                yield "%d %s: %s, want %s" % (code, body, got[0], severity)
            if (why or "") not in got[0].get("why", "") or \
                    bool(why) != ("why" in got[0]):
                yield "%d %s: why %s" % (code, body, got[0].get("why"))
            if not nginx.asked(1):
                yield "%d %s: nothing was asked" % (code, body)
    return case


def later(nginx):
    """Each is asked once, waited for in vain, and then says why."""
    nginx.start([(path, code, (), body)
                 for _, _, path, code, body, _ in LATER])
    start = time.monotonic()
    got, _ = ask(nginx, ["%s url=https://localhost:%d" % (
        row[0], nginx.port) for row in LATER], [row[1] for row in LATER],
        timeout=WAIT_S * 2)
    took = time.monotonic() - start
    if not WAIT_S <= took <= WAIT_S + 5:
        yield "it took %.1f s" % took
    for (line, *_, why), one in zip(LATER, got):
        if "severity" in one or one.get("why") != "%s: %s" % (
                line.split()[0], why):
            yield "%s: %s" % (line, one)
    uris = [one["uri"].partition("?")[0] for one in nginx.asked(len(LATER))]
    if sorted(uris) != sorted(row[2] for row in LATER):
        yield "asked: %s" % uris


def cases():
    for n, (line, ioc, rows) in enumerate(PROVIDERS):
        yield "verdict/%d-%s" % (n, line.split()[0]), answers(line, ioc, rows)
    yield "verdict/later", later
