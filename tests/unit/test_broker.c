// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A broker among providers that are played here, in a time that is played, too.
 */
#include "broker.h"
#include "broker_gate.h"
#include "kept.h"

#define S_MS   1000LL
#define DAY_MS (24 * 3600 * S_MS)
#define START  (20000 * DAY_MS)
#define MAX    100000

static struct provider_conf providers[3];
static struct bytes keys[3];

/* What went over the wire, and what came back to whom asked. */
static struct {
	struct broker *broker;
	struct broker_time now;
	struct sent {
		uint32_t ticket;
		size_t provider;
		int64_t at_ms;
		char url[200];
		bool is_answered;
	} sent[MAX];
	size_t n_sent;
	struct told {
		char value[80], provider[24], why[120];
		enum intel_severity severity;
		bool is_final;
	} told[MAX];
	size_t n_told;
	size_t n_said, n_saved;
	struct state *state; /* NULL: nothing is kept */
	bool is_unsendable, is_unsavable;
} p;

static int on_send(void *arg, uint32_t ticket, size_t provider,
	const struct provider_request *rq)
{
	struct sent *s = &p.sent[p.n_sent];

	(void)arg;
	if (p.is_unsendable || p.n_sent == MAX)
		return -1;
	/* What is spent is noted before. */
	CHECK(p.n_saved == p.n_sent + 1);
	*s = (struct sent){
		.ticket = ticket, .provider = provider, .at_ms = p.now.mono_ms
	};
	snprintf(s->url, sizeof(s->url), "%s", str_z(&rq->url));
	p.n_sent++;
	return 0;
}

static int on_save(void *arg)
{
	(void)arg;
	if (p.is_unsavable)
		return -1;
	p.n_saved++;
	return p.state ? state_save(p.state) : 0;
}

static void on_tell(void *arg, const struct broker_verdict *v)
{
	struct told *t = &p.told[p.n_told++];

	(void)arg;
	snprintf(t->value, sizeof(t->value), "%.*s", (int)v->value.len,
		v->value.p);
	snprintf(t->provider, sizeof(t->provider), "%s", v->provider);
	snprintf(t->why, sizeof(t->why), "%s", v->why);
	t->severity = v->severity;
	t->is_final = v->is_final;
}

static void on_say(void *arg, const char *text)
{
	(void)arg;
	(void)text;
	p.n_said++;
}

static struct broker *open_broker(size_t n)
{
	struct broker_conf cf = { .providers = providers,
		.keys = keys,
		.n = n,
		.seed = { 1, 2 },
		.send = on_send,
		.save = on_save,
		.tell = on_tell,
		.say = on_say };

	return broker_new(&cf);
}

static void setup(size_t n, const char *const *lines)
{
	struct str why;

	str_init(&why, 1000);
	memset(&p, 0, sizeof(p));
	for (size_t i = 0; i < n; i++) {
		keys[i] = BYTES("k");
		if (!CHECK(provider_parse(&providers[i], bytes_of(lines[i]),
				   &why) == 0))
			abort();
	}
	p.now = (struct broker_time){ 1000, START };
	p.broker = open_broker(n);
	str_fini(&why);
}

static void setup_one(const char *line)
{
	setup(1, &line);
}

static void end(void)
{
	broker_free(p.broker);
}

static void ask(const char *value)
{
	broker_ask(p.broker, IOC_IPV4, bytes_of(value), p.now);
}

static void reply(size_t i, long status, const char *body, int64_t retry_ms)
{
	struct broker_reply r = { .status = status,
		.body = bytes_of(body),
		.retry_after_ms = retry_ms,
		.error = "timed out" };

	p.sent[i].is_answered = true;
	broker_reply(p.broker, p.sent[i].ticket, &r, p.now);
}

/* Time goes on in the steps that the broker asks for. */
static void pass(int64_t ms)
{
	int64_t end_ms = p.now.mono_ms + ms;

	while (p.now.mono_ms < end_ms) {
		int due = broker_due_ms(p.broker, p.now);
		int64_t step = end_ms - p.now.mono_ms;

		if (due >= 0 && due < step)
			step = due > 0 ? due : 1;
		p.now.mono_ms += step;
		p.now.wall_ms += step;
		broker_tick(p.broker, p.now);
	}
}

#define PULSES(n) "{\"pulse_info\":{\"count\":" #n "}}"

static void check_told(int line, size_t i, const char *value,
	enum intel_severity severity, const char *provider, bool is_final,
	const char *why)
{
	if (i >= p.n_told) {
		check_fail(line, "only %zu verdicts", p.n_told);
		return;
	}
	check_bytes(line, "value", bytes_of(p.told[i].value), bytes_of(value));
	check_eq(line, "severity", p.told[i].severity, severity);
	check_bytes(line, "provider", bytes_of(p.told[i].provider),
		bytes_of(provider));
	check_eq(line, "is_final", p.told[i].is_final, is_final);
	check_bytes(line, "why", bytes_of(p.told[i].why), bytes_of(why));
}

#define CHECK_TOLD(...) check_told(__LINE__, __VA_ARGS__)

static void check_single_flight(void)
{
	check_start("a thousand events, one request");
	setup_one("otx");
	for (int i = 0; i < 1000; i++)
		ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 1);
	CHECK_EQ(p.n_told, 0);
	CHECK_EQ(broker_waiting(p.broker), 1);
	reply(0, 200, PULSES(7), -1);
	CHECK_EQ(p.n_told, 1);
	CHECK_TOLD(0, "1.1.1.1", INTEL_HIGH, "otx", true, "");
	for (int i = 0; i < 1000; i++)
		ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 1);
	CHECK_EQ(p.n_told, 1001);
	CHECK_TOLD(1000, "1.1.1.1", INTEL_HIGH, "otx", true, "");
	end();
}

static void check_memory(void)
{
	static const struct {
		long status;
		const char *body;
		int64_t ms;
	} rows[] = { { 200, PULSES(1), BROKER_KNOWN_MS },
		{ 404, "{}", BROKER_NOTHING_MS } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_start("status %ld is remembered", rows[i].status);
		setup_one("otx");
		ask("1.1.1.1");
		reply(0, rows[i].status, rows[i].body, -1);
		pass(rows[i].ms - 1);
		ask("1.1.1.1");
		CHECK_EQ(p.n_sent, 1);
		pass(1);
		ask("1.1.1.1");
		CHECK_EQ(p.n_sent, 2);
		end();
	}
	check_start("what was said in a future that is no more");
	setup_one("otx");
	ask("1.1.1.1");
	reply(0, 200, PULSES(1), -1);
	p.now.wall_ms -= 2 * BROKER_KNOWN_MS;
	ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 2);
	end();

	check_start("a failure is remembered for a while");
	setup_one("otx");
	ask("1.1.1.1");
	reply(0, 500, "", -1);
	pass(2 * S_MS);
	reply(1, 500, "", -1);
	CHECK_TOLD(0, "1.1.1.1", INTEL_NOT_ASKED, "", true,
		"otx: HTTP status 500");
	pass(BROKER_FAILED_MS - 1);
	ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 2);
	CHECK_TOLD(1, "1.1.1.1", INTEL_NOT_ASKED, "", true,
		"otx: failed a short while ago");
	pass(1);
	ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 3);
	end();
}

static void open_state(void)
{
	struct state_conf cf = { .file = kept_file,
		.boot_id = "boot",
		.started_ms = KEPT_NOW,
		.max_age_ms = INT64_MAX / 2 };

	p.state = state_new(&cf);
	if (!p.state || broker_keep(p.broker, p.state) < 0)
		abort();
	CHECK_EQ(kept_load(p.state, NULL), 0);
}

/* As if it had been killed: nothing is saved at its end. */
static void kill_broker(void)
{
	state_free(p.state);
	broker_free(p.broker);
	p.broker = open_broker(1);
	open_state();
}

static void end_kept(void)
{
	state_free(p.state);
	end();
	kept_clear();
}

static void check_restart(void)
{
	check_start("what was known and spent outlives a process");
	setup_one("otx per_day=3");
	open_state();
	ask("1.1.1.1");
	reply(0, 200, PULSES(1), -1);
	ask("1.1.1.2");
	/* Killed while that is under way. */
	kill_broker();
	ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 2);
	CHECK_TOLD(1, "1.1.1.1", INTEL_MEDIUM, "otx", true, "");
	ask("1.1.1.2");
	CHECK_EQ(p.n_sent, 3);
	ask("1.1.1.3");
	CHECK_EQ(p.n_sent, 3);
	CHECK_TOLD(2, "1.1.1.3", INTEL_NOT_ASKED, "", true,
		"otx: its daily quota is used up");
	/* A ticket of the process before is nobody's. */
	reply(1, 200, PULSES(1), -1);
	/* A clock that is set back gives no second day. */
	p.now.wall_ms -= 2 * DAY_MS;
	ask("1.1.1.4");
	CHECK_EQ(p.n_sent, 3);
	p.now.wall_ms += 3 * DAY_MS;
	ask("1.1.1.5");
	CHECK_EQ(p.n_sent, 4);
	end_kept();

	check_start("of another provider's quota nothing is taken over");
	setup_one("otx per_day=1");
	open_state();
	ask("1.1.1.1");
	broker_free(p.broker);
	state_free(p.state);
	snprintf(providers[0].name, sizeof(providers[0].name), "other");
	p.broker = open_broker(1);
	open_state();
	ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 2);
	end_kept();
}

static void check_rates(void)
{
	char value[20];

	check_start("four a minute");
	setup_one("virustotal key=/k");
	for (int i = 0; i < 20; i++) {
		snprintf(value, sizeof(value), "1.1.1.%d", i);
		ask(value);
	}
	CHECK_EQ(p.n_sent, 4);
	for (int second = 0; second < 300; second++) {
		for (size_t i = 0; i < p.n_sent; i++)
			if (!p.sent[i].is_answered)
				reply(i, 404, "{}", -1);
		pass(S_MS);
	}
	CHECK_EQ(p.n_sent, 20);
	for (size_t i = 4; i < p.n_sent; i++)
		CHECK(p.sent[i].at_ms - p.sent[i - 4].at_ms >= 15 * S_MS);
	CHECK_EQ(p.n_told, 20);
	end();

	check_start("no more at one time than a few");
	setup_one("otx per_minute=0");
	for (int i = 0; i < 20; i++) {
		snprintf(value, sizeof(value), "1.1.1.%d", i);
		ask(value);
	}
	CHECK_EQ(p.n_sent, 4);
	reply(1, 404, "{}", -1);
	CHECK_EQ(p.n_sent, 5);
	end();
}

static void check_limits(void)
{
	check_start("429 with Retry-After");
	setup_one("otx");
	ask("1.1.1.1");
	reply(0, 429, "", 90 * S_MS);
	pass(89 * S_MS);
	CHECK_EQ(p.n_sent, 1);
	CHECK_EQ(p.n_told, 0);
	pass(2 * S_MS);
	CHECK_EQ(p.n_sent, 2);
	reply(1, 200, PULSES(2), -1);
	CHECK_TOLD(0, "1.1.1.1", INTEL_HIGH, "otx", true, "");
	end();

	check_start("429 without it");
	setup_one("otx");
	ask("1.1.1.1");
	reply(0, 429, "", -1);
	pass(59 * S_MS);
	CHECK_EQ(p.n_sent, 1);
	pass(17 * S_MS);
	CHECK_EQ(p.n_sent, 2);
	reply(1, 429, "", -1);
	CHECK_TOLD(0, "1.1.1.1", INTEL_NOT_ASKED, "", true,
		"otx: HTTP status 429");
	/* Twice as long the second time. */
	ask("1.1.1.2");
	pass(119 * S_MS);
	CHECK_EQ(p.n_sent, 2);
	pass(32 * S_MS);
	CHECK_EQ(p.n_sent, 3);
	end();

	check_start(
		"a Retry-After of a day is one of an hour, and nobody waits");
	setup_one("otx");
	ask("1.1.1.1");
	reply(0, 429, "", DAY_MS);
	CHECK_EQ(p.n_told, 1);
	ask("1.1.1.2");
	CHECK_EQ(p.n_told, 2);
	pass(3600 * S_MS);
	ask("1.1.1.3");
	CHECK_EQ(p.n_sent, 2);
	end();
}

static void check_denied(void)
{
	char value[20];

	check_start("a key that is refused is refused once");
	setup_one("abuseipdb key=/k");
	for (int i = 0; i < 10; i++) {
		snprintf(value, sizeof(value), "1.1.1.%d", i);
		ask(value);
	}
	reply(0, 401, "{}", -1);
	CHECK_EQ(p.n_told, 7); /* three are still under way */
	for (size_t i = 1; i < 4; i++)
		reply(i, 401, "{}", -1);
	CHECK_EQ(p.n_told, 10);
	CHECK_TOLD(9, p.told[9].value, INTEL_NOT_ASKED, "", true,
		"abuseipdb: HTTP status 401");
	pass(DAY_MS);
	ask("1.1.1.99");
	CHECK_EQ(p.n_sent, 4);
	CHECK_EQ(p.n_said, 1);
	end();
}

static void check_breaker(void)
{
	struct broker_state state;
	char value[20];

	check_start("five failures in a row");
	setup_one("otx per_minute=0");
	for (int i = 0; i < 10; i++) {
		snprintf(value, sizeof(value), "1.1.1.%d", i);
		ask(value);
	}
	for (size_t i = 0; i < 5; i++) {
		CHECK(i < p.n_sent);
		reply(i, 0, "", -1);
		pass(20 * S_MS);
	}
	CHECK_EQ(p.n_said, 1);
	broker_state(p.broker, 0, p.now, &state);
	CHECK_EQ(state.failures, 5);
	CHECK(state.open_ms > 30 * S_MS);
	CHECK_Z(bytes_of(state.why), "timed out");
	for (size_t i = 5; i < p.n_sent; i++)
		if (!p.sent[i].is_answered)
			reply(i, 0, "", -1);
	/* One probe, not four. */
	size_t before = p.n_sent;
	pass(80 * S_MS);
	CHECK_EQ(p.n_sent, before + 1);
	reply(before, 404, "{}", -1);
	CHECK_EQ(p.n_sent, before + 5);
	broker_state(p.broker, 0, p.now, &state);
	CHECK_EQ(state.failures, 0);
	end();
}

static void check_several(void)
{
	static const char *const lines[] = { "otx", "abuseipdb key=/k",
		"malwarebazaar key=/k" };

	check_start("the worst of several");
	setup(3, lines);
	ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 2);
	reply(0, 200, PULSES(1), -1);
	CHECK_TOLD(0, "1.1.1.1", INTEL_MEDIUM, "otx", false, "");
	reply(1, 200, "{\"data\":{\"abuseConfidenceScore\":99}}", -1);
	CHECK_TOLD(1, "1.1.1.1", INTEL_HIGH, "abuseipdb", true, "");
	end();

	check_start("one fails, one knows");
	setup(3, lines);
	ask("1.1.1.1");
	reply(0, 403, "", -1);
	CHECK_EQ(p.n_told, 0);
	reply(1, 200, "{\"data\":{\"abuseConfidenceScore\":9}}", -1);
	CHECK_TOLD(0, "1.1.1.1", INTEL_MEDIUM, "abuseipdb", true,
		"otx: HTTP status 403");
	end();

	check_start("nobody is waited for");
	setup(3, lines);
	ask("1.1.1.1");
	ask("1.1.1.2");
	reply(0, 200, PULSES(1), -1);
	reply(3, 429, "", 100 * S_MS);
	broker_end(p.broker);
	CHECK_EQ(broker_waiting(p.broker), 0);
	CHECK_EQ(p.n_told, 3);
	CHECK_TOLD(1, "1.1.1.1", INTEL_MEDIUM, "otx", true,
		"abuseipdb: HTTP status 429");
	CHECK_TOLD(2, "1.1.1.2", INTEL_NOT_ASKED, "", true,
		"otx: no answer in time");
	/* Late answers are nobody's. */
	reply(1, 200, PULSES(1), -1);
	CHECK_EQ(p.n_told, 3);
	end();

	check_start("nobody knows of its type");
	setup(3, lines);
	broker_ask(p.broker, IOC_EMAIL, BYTES("a@b.c"), p.now);
	CHECK_TOLD(0, "a@b.c", INTEL_NOT_ASKED, "", true, "");
	end();

	check_start("a word that is not worse is not told");
	setup(3, lines);
	ask("1.1.1.1");
	reply(1, 200, "{\"data\":{\"abuseConfidenceScore\":99}}", -1);
	CHECK_EQ(p.n_told, 1);
	reply(0, 200, PULSES(0), -1);
	CHECK_EQ(p.n_told, 2);
	CHECK_TOLD(1, "1.1.1.1", INTEL_HIGH, "abuseipdb", true, "");
	end();
}

static void check_full(void)
{
	char value[20];

	check_start("the queue is full");
	setup_one("virustotal key=/k");
	for (int i = 0; i < BROKER_WAITING_MAX + 10; i++) {
		snprintf(value, sizeof(value), "1.1.%d.%d", i / 256, i % 256);
		ask(value);
	}
	CHECK_EQ(p.n_told, 10);
	CHECK_TOLD(9, value, INTEL_NOT_ASKED, "", true,
		"too many indicators wait for an answer");
	CHECK_EQ(broker_waiting(p.broker), BROKER_WAITING_MAX);
	end();

	check_start("what cannot be noted is not sent");
	setup_one("otx");
	p.is_unsavable = true;
	ask("1.1.1.1");
	CHECK_EQ(p.n_sent, 0);
	CHECK_TOLD(0, "1.1.1.1", INTEL_NOT_ASKED, "", true,
		"otx: its quota cannot be noted");
	p.is_unsavable = false;
	p.is_unsendable = true;
	ask("1.1.1.2");
	CHECK_TOLD(1, "1.1.1.2", INTEL_NOT_ASKED, "", true,
		"otx: it cannot be sent");
	end();
}

/* Random answers, kills and days: no provider is asked more often than it
 * allows, and every question is ended once. */
static void check_random_run(void)
{
	static const long statuses[] = { 200, 200, 200, 404, 429, 500, 0 };
	unsigned long long random = 7;
	unsigned int asked = 0, finals = 0, used = 0;
	int64_t day = 0;

	check_start("never more than the quota");
	setup_one("otx per_minute=7 per_day=90");
	open_state();
	for (int step = 0; step < 20000; step++) {
		unsigned long long r = check_random(&random);
		char value[32];

		snprintf(value, sizeof(value), "1.1.%llu.%llu", r % 200,
			r / 200 % 200);
		if (r >> 32 & 1 && broker_waiting(p.broker) < 500) {
			ask(value);
			asked++;
		}
		for (size_t i = p.n_sent > 8 ? p.n_sent - 8 : 0; i < p.n_sent;
			i++)
			if (!p.sent[i].is_answered && r >> 40 & 3)
				reply(i, statuses[(r >> 44) % 7], PULSES(1),
					r >> 50 & 1 ? -1 : 20 * S_MS);
		pass((int64_t)(r >> 56) * 100);
		if ((r >> 20 & 1023) == 0) {
			finals += (unsigned int)broker_waiting(p.broker);
			kill_broker();
		}
	}
	for (size_t i = 0; i < p.n_sent; i++) {
		int64_t on = (p.sent[i].at_ms - 1000) / DAY_MS;

		used = on == day ? used + 1 : 1;
		day = on;
		CHECK(used <= 90);
	}
	for (size_t i = 0; i < p.n_told; i++)
		finals += p.told[i].is_final;
	finals += (unsigned int)broker_waiting(p.broker);
	CHECK(p.n_sent > 100);
	/* What waited already was asked about with it. */
	CHECK(finals <= asked && finals > asked / 2);
	end_kept();
}

/* A broker's gates have neighbouring seeds, a fleet's any. */
static void check_spread(void)
{
	int64_t closed_ms[32];
	struct gate g;

	check_start("none comes back together with another");
	for (size_t i = 0; i < 32; i++) {
		gate_init(&g, 0, 0, 1000 + i);
		gate_limit(&g, START, -1, "too many");
		closed_ms[i] = gate_closed_ms(&g, START);
		CHECK(closed_ms[i] >= 60 * S_MS && closed_ms[i] <= 75 * S_MS);
		for (size_t j = 0; j < i; j++)
			CHECK(closed_ms[i] != closed_ms[j]);
	}
}

int main(void)
{
	check.module = "broker";
	kept_begin();
	check_single_flight();
	check_memory();
	check_restart();
	check_rates();
	check_limits();
	check_denied();
	check_breaker();
	check_several();
	check_spread();
	check_full();
	check_random_run();
	kept_end();
	return check_end();
}
