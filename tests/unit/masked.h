// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef MASKED_H
#define MASKED_H

#include "check.h"
#include "decode.h"
#include "event.h"
#include "redact.h"

/* Rows, an event and what is left of it, for the tests of redact. */

#define MASKED_ARGS_MAX 16

struct masked {
	struct redact_rules *rules;
	struct redact *redact;
	struct decode *decode;
	struct decode_conf decode_cf;
	struct event *ev;
	struct bytes argv[MASKED_ARGS_MAX];
	struct str why, said;
};

/* Takes rows, lines of them; NULL: the shipped ones. -1: m->why says why. */
static inline int masked_take(struct masked *m, const char *rows)
{
	const char *p = rows ? rows : redact_shipped;
	int rc = 0;

	while (rc == 0 && *p) {
		size_t len = strcspn(p, "\n");

		rc = redact_rules_line(
			m->rules, (struct bytes){ p, len }, &m->why);
		p += len + (p[len] != '\0');
	}
	return rc < 0 ? rc : redact_rules_done(m->rules, &m->why);
}

static inline void masked_open(struct masked *m)
{
	*m = (struct masked){ .rules = redact_rules_new(),
		.redact = redact_new(),
		.decode = decode_new(),
		.decode_cf = { 64, 1 << 20, 4 << 20, 20, 8 } };
	str_init(&m->why, 4096);
	str_init(&m->said, 1 << 20);
	if (!m->rules || !m->redact || !m->decode)
		abort();
}

static inline void masked_init(struct masked *m, const char *rows)
{
	masked_open(m);
	if (masked_take(m, rows) == 0)
		return;
	printf("# %s\n", str_z(&m->why));
	abort();
}

static inline void masked_fini(struct masked *m)
{
	event_destroy(m->ev);
	redact_rules_free(m->rules);
	redact_free(m->redact);
	decode_free(m->decode);
	str_fini(&m->why);
	str_fini(&m->said);
}

/* A new event of these arguments, decoded. */
static inline struct event *masked_event(
	struct masked *m, const char *const *argv)
{
	size_t n = 0;

	event_destroy(m->ev);
	m->ev = event_create();
	if (!m->ev)
		abort();
	while (argv[n])
		n++;
	m->ev->has_execve = true;
	m->ev->argv = m->argv;
	m->ev->argc = n;
	for (size_t i = 0; i < n; i++)
		m->argv[i] = bytes_of(argv[i]);
	decode_run(m->decode, m->ev, &m->decode_cf);
	return m->ev;
}

/* The arguments of an event once it was redacted, a bar between them. */
static inline const char *masked_argv(struct masked *m, const char *const *argv)
{
	struct event *ev = masked_event(m, argv);

	redact_run(m->redact, ev, m->rules);
	str_reset(&m->said);
	for (size_t i = 0; i < ev->argc; i++) {
		if (i)
			str_addc(&m->said, '|');
		str_addb(&m->said, ev->argv[i]);
	}
	return str_z(&m->said);
}

static inline const char *masked_shell(struct masked *m, const char *text)
{
	return masked_argv(m, (const char *const[]){ "sh", "-c", text, NULL }) +
	       sizeof("sh|-c|") - 1;
}

/* The rules that masked something, a comma between them. */
static inline const char *masked_rules(struct masked *m)
{
	str_reset(&m->said);
	for (size_t i = 0; i < m->ev->redacted.n_rules; i++) {
		if (i)
			str_addc(&m->said, ',');
		str_addb(&m->said, m->ev->redacted.rules[i]);
	}
	return str_z(&m->said);
}

#endif
