// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * An event of which every part is what somebody else wrote, in every format.
 * Parts are taken from the input one by one, a NUL between two; its first bytes
 * say which are there.
 *
 * seeds: argv line
 * dict: format
 */
#include "format.h"

#include "ioc.h"
#include "lines.h"

#define PATHS_MAX  8
#define LAYERS_MAX 8
#define IOCS_MAX   8

struct made {
	struct event *ev;
	struct bytes rest;
	struct bytes args[FUZZ_ARGS_MAX];
	struct event_layer layers[LAYERS_MAX];
	struct event_path paths[PATHS_MAX];
	struct event_ioc iocs[IOCS_MAX];
	struct event_verdict verdicts[IOCS_MAX];
	struct event_bin bins[2];
	struct bytes tags[2];
};

static uint32_t number(struct made *m)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 8 | fuzz_byte(&m->rest);
	return v;
}

/* The next part, as the event's own; absent at the end. */
static struct bytes part(struct made *m)
{
	struct bytes b = { NULL, 0 };

	(void)fuzz_next(&m->rest, '\0', &b);
	return event_copy(m->ev, b);
}

static struct event_user user(struct made *m, unsigned int has)
{
	struct event_user u = { .has = has & 1 };

	if (u.has)
		u.id = has & 2 ? number(m) : EVENT_UNSET;
	if (has & 4)
		u.name = part(m);
	return u;
}

static void make_process(struct made *m)
{
	struct event *ev = m->ev;
	unsigned int has = number(m);

	ev->serial = number(m);
	ev->time_ms = (int64_t)number(m) * (has & 1 ? 1000 : 1);
	ev->flaws = has >> 1 & 511;
	ev->has_syscall = has >> 10 & 1;
	ev->arch = 0xc000003e;
	ev->arch_name = has >> 11 & 1 ? "x86_64" : NULL;
	ev->syscall_name = has >> 12 & 1 ? "execve" : NULL;
	ev->has_success = has >> 13 & 1;
	ev->success = has >> 14 & 1;
	ev->has_exit = has >> 15 & 1;
	ev->exit = -(int64_t)number(m);
	ev->has_ppid = ev->has_pid = has >> 16 & 1;
	ev->ppid = ev->serial ^ 77;
	ev->pid = number(m);
	ev->has_ses = has >> 17 & 1;
	ev->ses = has >> 18 & 1 ? EVENT_UNSET : ev->pid;
	ev->auid = user(m, has >> 19);
	ev->uid = user(m, has >> 21);
	ev->gid = user(m, has >> 23);
	ev->euid = user(m, has >> 25);
	ev->is_capped = has >> 28 & 1;
	ev->has_execve = has >> 29 & 1;
	ev->frequency.has = has >> 30 & 1;
	ev->frequency.on_host = ev->frequency.in_workspace = ev->pid;
	ev->score.total = has % 1000 / 8.0;
	ev->score.parts[has % SCORE_N_PARTS] = ev->score.total;
}

static void make_texts(struct made *m)
{
	struct event *ev = m->ev;

	ev->node = part(m);
	ev->tty = part(m);
	ev->comm = part(m);
	ev->exe = part(m);
	ev->key = part(m);
	ev->cwd = part(m);
	ev->proctitle = part(m);
	ev->syscall_record = part(m);
	ev->syscall_enriched = part(m);
	ev->path_enriched = part(m);
	str_addb(&ev->score.why, part(m));
	ev->tags.heaviest = part(m);
	ev->alerts.worst = part(m);
}

static void make_lists(struct made *m)
{
	struct event *ev = m->ev;
	unsigned int n = fuzz_byte(&m->rest);

	ev->argv = m->args;
	ev->paths = m->paths;
	ev->layers = m->layers;
	ev->iocs = m->iocs;
	ev->verdicts = n & 1 ? m->verdicts : NULL;
	ev->tags.categories = ev->tags.attack = m->tags;
	ev->tags.bins = m->bins;
	for (size_t i = 0; i < 2 && n & 2; i++) {
		m->tags[i] = part(m);
		m->bins[i] = (struct event_bin){ part(m), part(m) };
		ev->tags.n_categories = ev->tags.n_attack = ev->tags.n_bins =
			i + 1;
	}
	for (; ev->n_paths < (n >> 2 & 3); ev->n_paths++)
		m->paths[ev->n_paths] =
			(struct event_path){ (uint32_t)ev->n_paths, part(m),
				part(m) };
	for (; ev->n_iocs < (n >> 4 & 3); ev->n_iocs++)
		m->iocs[ev->n_iocs] = (struct event_ioc){ .type_name = part(m),
			.value = part(m),
			.layer = EVENT_IN_ARGV };
	for (; ev->n_layers < (n >> 6 & 3); ev->n_layers++)
		m->layers[ev->n_layers] = (struct event_layer){ .depth = 1,
			.chain = part(m),
			.text = part(m),
			.is_text = fuzz_byte(&m->rest) & 1 };
	for (; ev->argc < FUZZ_ARGS_MAX && m->rest.len; ev->argc++)
		m->args[ev->argc] = part(m);
	/* One whose records never came. */
	if (ev->argc > 2 && n & 128)
		m->args[ev->argc / 2] = (struct bytes){ NULL, 0 };
}

/* decode promises text where it says so. */
static void mend(struct made *m)
{
	for (size_t i = 0; i < m->ev->n_layers; i++)
		if (!m->layers[i].chain.p || !m->layers[i].text.p)
			m->layers[i].chain = m->layers[i].text = BYTES("x");
	for (size_t i = 0; i < m->ev->n_iocs; i++)
		if (!m->iocs[i].value.p || !m->iocs[i].type_name.p)
			m->iocs[i].value = m->iocs[i].type_name = BYTES("x");
	for (size_t i = 0; i < m->ev->tags.n_bins; i++) {
		if (!m->tags[i].p)
			m->tags[i] = BYTES("x");
		if (!m->bins[i].name.p || !m->bins[i].functions.p)
			m->bins[i].name = m->bins[i].functions = BYTES("x");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const size_t maxima[] = { FORMAT_LINE_MIN, 6000, 7500,
		FORMAT_LINE_MAX };
	struct made m = { .ev = event_create(), .rest = fuzz_bytes(data, len) };
	size_t line_max = maxima[fuzz_byte(&m.rest) % 4];

	MUST(m.ev);
	make_process(&m);
	make_texts(&m);
	make_lists(&m);
	mend(&m);
	lines_run(m.ev, line_max);
	event_destroy(m.ev);
	return 0;
}
