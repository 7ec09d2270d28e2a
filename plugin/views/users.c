// SPDX-License-Identifier: GPL-3.0-or-later
/* Who was there: the sessions of each user added up, and the logons that
 * failed, by the names that were tried. */
#include <stdlib.h>
#include <sys/random.h>

#include "event.h"
#include "format.h"
#include "json.h"
#include "log.h"
#include "map.h"
#include "session.h"
#include "view_session.h"
#include "views.h"

/* Names tried in a brute force are many; the oldest go, and it is told. */
#define USERS_MAX 65536
#define ADDRS_MAX 8

struct user {
	struct bytes node, name; /* own */
	bool has_auid;
	uint32_t auid;
	uint64_t sessions, logins, failed;
	uint64_t processes, sudo, accounts, payloads;
	double score;
	bool is_root;
	int64_t first_ms, last_ms;
	struct bytes addrs[ADDRS_MAX]; /* own */
	size_t n_addrs, more_addrs;
};

struct key {
	uint64_t node, name;
};

struct users {
	struct map *map; /* to struct user * */
	uint64_t seed[2];
};

static struct bytes copy_of(struct bytes b)
{
	char *copy = b.p ? malloc(b.len + 1) : NULL;

	if (!copy)
		return (struct bytes){ NULL, 0 };
	memcpy(copy, b.p, b.len);
	copy[b.len] = '\0';
	return (struct bytes){ copy, b.len };
}

static void drop(struct bytes b)
{
	free((void *)(uintptr_t)b.p);
}

static void user_free(struct user *u)
{
	drop(u->node);
	drop(u->name);
	for (size_t i = 0; i < u->n_addrs; i++)
		drop(u->addrs[i]);
	free(u);
}

static int start(struct view_run *run)
{
	struct users *us = calloc(1, sizeof(*us));
	struct map_conf cf = { .key_len = sizeof(struct key),
		.value_len = sizeof(struct user *),
		.max = USERS_MAX + 1 };

	if (us && getrandom(us->seed, sizeof(us->seed), 0) > 0) {
		memcpy(cf.seed, us->seed, sizeof(cf.seed));
		us->map = map_new(&cf);
	}
	if (!us || !us->map) {
		free(us);
		log_warn("out of memory");
		return -1;
	}
	run->state = us;
	return 0;
}

static uint64_t hash(const struct users *us, struct bytes b)
{
	return map_siphash(us->seed, b.p ? b.p : "", b.len);
}

static void drop_oldest(struct users *us)
{
	const void *found;
	struct key key;
	uint32_t i = 0;
	struct user **u = map_next(us->map, &i, &found);

	memcpy(&key, found, sizeof(key));
	user_free(*u);
	map_drop(us->map, &key);
}

/* NULL: out of memory. */
static struct user *user_of(
	struct users *us, struct bytes node, struct bytes name)
{
	struct key key = { hash(us, node), hash(us, name) };
	struct user **to = map_touch(us->map, &key);

	if (to)
		return *to;
	if (map_count(us->map) == USERS_MAX)
		drop_oldest(us);
	to = map_note(us->map, &key);
	if (!to)
		return NULL;
	*to = calloc(1, sizeof(**to));
	if (!*to) {
		map_drop(us->map, &key);
		return NULL;
	}
	(*to)->node = copy_of(node);
	(*to)->name = copy_of(name);
	return *to;
}

static void note_time(struct user *u, int64_t time_ms)
{
	if (!u->first_ms || time_ms < u->first_ms)
		u->first_ms = time_ms;
	if (time_ms > u->last_ms)
		u->last_ms = time_ms;
}

static void note_addr(struct user *u, struct bytes addr)
{
	if (!addr.p)
		return;
	for (size_t i = 0; i < u->n_addrs; i++)
		if (bytes_equal(u->addrs[i], addr))
			return;
	if (u->n_addrs == ADDRS_MAX)
		u->more_addrs++;
	else
		u->addrs[u->n_addrs++] = copy_of(addr);
}

static void event(struct view_run *run, const struct event *ev)
{
	(void)run;
	(void)ev;
}

static void message(struct view_run *run, const struct event *ev)
{
	const struct event_message *m = &ev->message;
	struct user *u;

	if (m->is_success || !m->acct.p || !ev->session.evt ||
		strcmp(ev->session.evt, "logon") != 0)
		return;
	u = user_of(run->state, ev->node, m->acct);
	if (!u)
		return;
	u->failed++;
	note_time(u, ev->time_ms);
	note_addr(u, m->addr);
}

static void add_session(struct users *us, const struct session *s)
{
	struct str digits;
	struct user *u;

	str_init(&digits, 16);
	str_addu(&digits, s->auid);
	u = user_of(us, s->node, s->user.p ? s->user : str_bytes(&digits));
	str_fini(&digits);
	if (!u)
		return;
	u->has_auid = true;
	u->auid = s->auid;
	u->sessions++;
	u->logins += s->kind == SESSION_LOGIN;
	u->processes += s->processes;
	u->sudo += s->all_sudo;
	u->accounts += s->all_accounts;
	u->payloads += s->payloads;
	u->score += s->score;
	u->is_root |= s->is_root;
	note_time(u, s->start_ms);
	note_time(u, s->has_end ? s->end_ms : s->seen_ms);
	note_addr(u, s->addr);
}

static void print_json(struct view_run *run, const struct user *u)
{
	struct str *out = &run->out;

	json_open(out, '{');
	json_field(out, "user", u->name);
	json_field(out, "node", u->node.p ? u->node : BYTES(""));
	if (u->has_auid)
		json_field_int(out, "auid", u->auid);
	json_field_int(out, "sessions", (long long)u->sessions);
	json_field_int(out, "logins", (long long)u->logins);
	if (!run->options->is_live) /* which has no names that failed */
		json_field_int(out, "failed", (long long)u->failed);
	json_field_array(
		out, "addrs", u->addrs, u->n_addrs, sizeof(u->addrs[0]));
	json_field_int(out, "processes", (long long)u->processes);
	json_field_int(out, "sudo", (long long)u->sudo);
	json_field_int(out, "accounts", (long long)u->accounts);
	json_field_int(out, "payloads", (long long)u->payloads);
	json_key(out, "root");
	json_bool(out, u->is_root);
	view_json_time(out, "first", u->first_ms);
	view_json_time(out, "last", u->last_ms);
	json_field_num(out, "score", u->score);
	json_close(out, '}');
}

static void add_count(struct str *out, uint64_t n, const char *what)
{
	if (n)
		str_addf(out, ", %llu %s", (unsigned long long)n, what);
}

/* [NODE] USER: COUNTS, from ADDRS, FIRST - LAST */
static void print_text(struct view_run *run, const struct user *u)
{
	char first[FORMAT_TIME_MAX], last[FORMAT_TIME_MAX];
	struct str *out = &run->out;

	format_time(first, u->first_ms);
	format_time(last, u->last_ms);
	if (u->node.p) {
		json_escape(out, u->node);
		str_addc(out, ' ');
	}
	json_escape(out, u->name);
	str_addf(out, ": %llu sessions", (unsigned long long)u->sessions);
	add_count(out, u->logins, "of them logins");
	add_count(out, u->failed, "failed logons");
	add_count(out, u->processes, "commands");
	add_count(out, u->sudo, "by sudo");
	add_count(out, u->accounts, "changes of accounts");
	add_count(out, u->payloads, "with hidden text");
	if (u->is_root)
		str_addz(out, ", root");
	for (size_t i = 0; i < u->n_addrs; i++) {
		str_addz(out, i ? " " : ", from ");
		json_escape(out, u->addrs[i]);
	}
	if (u->more_addrs)
		str_addz(out, " ...");
	str_addz(out, ", score ");
	str_addd(out, u->score);
	str_addf(out, ", %.10s %.8s to %.10s %.8s", first, first + 11, last,
		last + 11);
}

static int by_score(const void *a, const void *b)
{
	const struct user *x = *(const struct user *const *)a;
	const struct user *y = *(const struct user *const *)b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->failed != y->failed)
		return x->failed > y->failed ? -1 : 1;
	return x->first_ms < y->first_ms ? -1 : x->first_ms > y->first_ms;
}

static void print_all(struct view_run *run, struct user **list, size_t n)
{
	if (n)
		qsort(list, n, sizeof(*list), by_score);
	if (run->options->top && n > run->options->top)
		n = run->options->top;
	for (size_t i = 0; i < n; i++) {
		if (run->options->is_json)
			print_json(run, list[i]);
		else
			print_text(run, list[i]);
		view_print(run);
	}
}

static void finish(struct view_run *run)
{
	struct users *us = run->state;
	const struct session **sessions;
	size_t n_sessions = view_session_list(run, &sessions), n = 0;
	struct user **list, **u;
	const void *key;
	uint32_t i = 0;

	for (size_t k = 0; k < n_sessions; k++)
		add_session(us, sessions[k]);
	free(sessions);
	list = malloc((map_count(us->map) + (size_t)1) * sizeof(*list));
	while ((u = map_next(us->map, &i, &key))) {
		if (list)
			list[n++] = *u;
		else
			user_free(*u);
	}
	if (list)
		print_all(run, list, n);
	else
		log_warn("out of memory");
	while (n)
		user_free(list[--n]);
	free(list);
	map_free(us->map);
	free(us);
}

const struct view view_users = {
	.name = "users",
	.help = "who was there: sessions, failed logons, commands by user",
	.has_totals = true,
	.has_live = true,
	.start = start,
	.event = event,
	.message = message,
	.finish = finish,
};
