// SPDX-License-Identifier: GPL-3.0-or-later
#include "lookup.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "askable.h"
#include "config.h"
#include "http.h"
#include "log.h"
#include "loop.h"
#include "rowfile.h"
#include "rules.h"
#include "stamp.h"
#include "state.h"
#include "text.h"

#define BODY_MAX (256u << 10)
/* Answers go to the disk this often; quotas before each question. */
#define SAVE_MS   (30 * 1000LL)
#define FINISH_MS 2000

struct lookup {
	struct lookup_conf cf;
	struct str keys[CONFIG_PROVIDERS_MAX];
	struct bytes key_bytes[CONFIG_PROVIDERS_MAX];
	/* Those of the configuration that can be asked. */
	struct provider_conf providers[CONFIG_PROVIDERS_MAX];
	size_t n;
	struct askable_rules *rules;
	struct broker *broker;
	struct http *http;
	struct state *state;
	struct str room; /* for the question */
};

struct broker_time lookup_now(void)
{
	return (struct broker_time){ .mono_ms = loop_now_ms(),
		.wall_ms = stamp_now_ms() };
}

/* --- what is read at the start ----------------------------------------------
 */

static void read_providers(struct lookup *l, struct str *why)
{
	const struct config *cf = l->cf.config;

	for (size_t i = 0; i < cf->n_providers; i++) {
		const struct provider_conf *p = &cf->providers[i];

		str_init(&l->keys[l->n], ROWFILE_KEY_MAX + ROWFILE_GROWTH);
		if (p->key_file[0] && rowfile_slurp_key(p->key_file,
					      &l->keys[l->n], why) < 0) {
			str_addf(why, "provider %s is not asked\n", p->name);
			str_fini(&l->keys[l->n]);
			continue;
		}
		l->key_bytes[l->n] = str_bytes(&l->keys[l->n]);
		l->providers[l->n++] = *p;
	}
}

/* This host is nobody else's business. */
static void add_own(struct askable_rules *rules, struct str *why)
{
	char host[HOST_NAME_MAX + 1] = "", address[INET6_ADDRSTRLEN];
	struct ifaddrs *all = NULL;
	struct str line;

	str_init(&line, 512);
	if (gethostname(host, sizeof(host) - 1) == 0 && host[0]) {
		str_addf(&line, "never %s", host);
		(void)!askable_rules_line(rules, str_bytes(&line), why);
	}
	if (getifaddrs(&all) < 0)
		str_addz(why, "this host's addresses cannot be read\n");
	for (struct ifaddrs *one = all; one; one = one->ifa_next) {
		const struct sockaddr *sa = one->ifa_addr;
		const void *at = NULL;

		if (sa && sa->sa_family == AF_INET)
			at = &((const struct sockaddr_in *)(const void *)sa)
				      ->sin_addr;
		if (sa && sa->sa_family == AF_INET6)
			at = &((const struct sockaddr_in6 *)(const void *)sa)
				      ->sin6_addr;
		if (!at ||
			!inet_ntop(sa->sa_family, at, address, sizeof(address)))
			continue;
		str_reset(&line);
		str_addf(&line, "never %s", address);
		(void)!askable_rules_line(rules, str_bytes(&line), why);
	}
	freeifaddrs(all);
	str_fini(&line);
}

static int read_never(struct lookup *l, struct str *why)
{
	const char *dir = l->cf.config->hunt_dir;
	unsigned long long seed[2];

	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		return -1;
	l->rules = askable_rules_new(seed);
	if (!l->rules)
		return -1;
	add_own(l->rules, why);
	return access(dir, F_OK) == 0 ? rules_load_never(l->rules, dir, why)
				      : 0;
}

/* --- between broker, network and disk ---------------------------------------
 */

static int on_send(void *arg, uint32_t ticket, size_t provider,
	const struct provider_request *rq)
{
	struct lookup *l = arg;
	const struct provider_conf *p = &l->providers[provider];
	struct http_request to = { .is_post = rq->is_post,
		.url = str_z(&rq->url),
		.body = str_bytes(&rq->body),
		.headers = str_z(&rq->headers),
		.login = str_z(&rq->login),
		.timeout_ms = p->timeout_s * 1000,
		.body_max = BODY_MAX,
		.may_be_inside = p->is_inside };

	return http_start(l->http, ticket, &to);
}

static int on_save(void *arg)
{
	struct lookup *l = arg;

	return l->state ? state_save(l->state) : 0;
}

static void on_tell(void *arg, const struct broker_verdict *v)
{
	struct lookup *l = arg;

	l->cf.tell(l->cf.arg, v);
}

static void on_say(void *arg, const char *text)
{
	(void)arg;
	log_warn("%s", text);
}

static void on_done(void *arg, uint32_t ticket, const struct http_reply *reply)
{
	struct broker_reply to = { .status = reply->status,
		.body = reply->body,
		.retry_after_ms = reply->retry_after_ms,
		.error = reply->error };
	struct lookup *l = arg;

	broker_reply(l->broker, ticket, &to, lookup_now());
}

static void on_watch(void *arg, int fd, unsigned int what)
{
	struct lookup *l = arg;

	l->cf.watch(l->cf.arg, fd, what);
}

static struct broker *open_broker(struct lookup *l)
{
	struct broker_conf cf = { .providers = l->providers,
		.keys = l->key_bytes,
		.n = l->n,
		.send = on_send,
		.save = on_save,
		.tell = on_tell,
		.say = on_say,
		.arg = l };

	if (getrandom(cf.seed, sizeof(cf.seed), 0) != sizeof(cf.seed))
		return NULL;
	return broker_new(&cf);
}

/* Without a file of its own nobody is asked: a quota that is forgotten is one
 * that is exceeded. */
static int open_state(struct lookup *l, struct str *why)
{
	struct state_conf cf = { .file = l->cf.state,
		.started_ms = lookup_now().wall_ms,
		.max_age_ms = INT64_MAX / 2,
		.wait_ms = FINISH_MS };

	if (!l->cf.state)
		return 0;
	l->state = state_new(&cf);
	if (!l->state || broker_keep(l->broker, l->state) < 0)
		return -1;
	return state_load(l->state, cf.started_ms, why);
}

struct lookup *lookup_new(const struct lookup_conf *cf, struct str *why)
{
	struct lookup *l = calloc(1, sizeof(*l));
	struct http_conf http = { .proxy = cf->config->intel_proxy,
		.ca_file = cf->config->intel_ca,
		.watch = on_watch,
		.done = on_done,
		.arg = l };

	if (!l)
		return NULL;
	l->cf = *cf;
	str_init(&l->room, IOC_VALUE_MAX);
	read_providers(l, why);
	if (read_never(l, why) < 0)
		goto fail;
	l->broker = open_broker(l);
	if (!l->broker || open_state(l, why) < 0)
		goto fail;
	l->http = http_new(&http, why);
	if (l->http)
		return l;
fail:
	lookup_free(l);
	return NULL;
}

void lookup_free(struct lookup *l)
{
	if (!l)
		return;
	http_free(l->http);
	if (l->state && l->http)
		(void)!state_finish(l->state, FINISH_MS);
	state_free(l->state);
	broker_free(l->broker);
	askable_rules_free(l->rules);
	for (size_t i = 0; i < l->n; i++) {
		if (l->keys[i].p)
			explicit_bzero(l->keys[i].p, l->keys[i].size);
		str_fini(&l->keys[i]);
	}
	str_fini(&l->room);
	free(l);
}

bool lookup_may(struct lookup *l, enum ioc_type type, struct bytes value,
	struct str *as)
{
	return askable(l->rules, type, value, as);
}

void lookup_ask(struct lookup *l, enum ioc_type type, struct bytes value)
{
	struct broker_verdict v = { .type = type,
		.value = value,
		.provider = "",
		.is_final = true,
		.why = "nobody outside is asked about it" };

	if (askable(l->rules, type, value, &l->room))
		broker_ask(l->broker, type, str_bytes(&l->room), lookup_now());
	else
		l->cf.tell(l->cf.arg, &v);
}

void lookup_ready(struct lookup *l, int fd, unsigned int what)
{
	http_ready(l->http, fd, what);
}

void lookup_tick(struct lookup *l)
{
	struct broker_time now = lookup_now();

	http_tick(l->http);
	broker_tick(l->broker, now);
	if (l->state && now.mono_ms >= state_due_ms(l->state))
		state_tick(l->state, now.mono_ms, SAVE_MS);
}

void lookup_end(struct lookup *l)
{
	broker_end(l->broker);
}

static int sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

int lookup_due_ms(const struct lookup *l)
{
	int ms = sooner(
		http_due_ms(l->http), broker_due_ms(l->broker, lookup_now()));
	int64_t save;

	if (!l->state)
		return ms;
	save = state_due_ms(l->state) - loop_now_ms();
	return sooner(ms, save < 0 ? 0 : save > SAVE_MS ? SAVE_MS : (int)save);
}

const struct broker *lookup_broker(const struct lookup *l)
{
	return l->broker;
}

bool lookup_provider(const struct lookup *l, size_t i, struct provider_conf *to)
{
	if (i >= l->n)
		return false;
	*to = l->providers[i];
	return true;
}
