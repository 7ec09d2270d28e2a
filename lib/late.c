// SPDX-License-Identifier: GPL-3.0-or-later
#include "late.h"

#include "event.h"
#include "ioc.h"
#include "score.h"

static bool is_open(const struct event *ev, size_t i)
{
	return ev->iocs[i].type < IOC_N_TYPES && ev->iocs[i].value.len &&
	       (!ev->verdicts || ev->verdicts[i].severity == INTEL_NOT_ASKED) &&
	       !ev->iocs[i].is_masked;
}

size_t late_count(const struct event *ev)
{
	size_t n = 0;

	for (size_t i = 0; i < ev->n_iocs; i++)
		n += is_open(ev, i);
	return n < LATE_IOCS_MAX ? n : LATE_IOCS_MAX;
}

static struct event_user copy_user(struct event *to, struct event_user u)
{
	u.name = event_copy(to, u.name);
	return u;
}

static void copy_process(struct event *to, const struct event *ev)
{
	to->node = event_copy(to, ev->node);
	to->time_ms = ev->time_ms;
	to->serial = ev->serial;
	to->has_pid = ev->has_pid;
	to->pid = ev->pid;
	to->has_ppid = ev->has_ppid;
	to->ppid = ev->ppid;
	to->has_ses = ev->has_ses;
	to->ses = ev->ses;
	to->auid = copy_user(to, ev->auid);
	to->uid = copy_user(to, ev->uid);
	to->comm = event_copy(to, ev->comm);
	to->exe = event_copy(to, ev->exe);
	to->filters = ev->filters;
}

static void copy_iocs(struct event *to, const struct event *ev, size_t n)
{
	to->iocs = event_alloc(to, n * sizeof(*to->iocs));
	to->verdicts = event_alloc(to, n * sizeof(*to->verdicts));
	if (!to->iocs || !to->verdicts)
		return;
	for (size_t i = 0; i < ev->n_iocs && to->n_iocs < n; i++) {
		struct event_ioc *ioc = &to->iocs[to->n_iocs];

		if (!is_open(ev, i))
			continue;
		*ioc = ev->iocs[i];
		ioc->type_name = event_copy(to, ioc->type_name);
		ioc->value = event_copy(to, ioc->value);
		to->verdicts[to->n_iocs] = (struct event_verdict){ 0 };
		to->n_iocs += ioc->value.p != NULL;
	}
}

struct event *late_new(const struct event *ev)
{
	size_t n = late_count(ev);
	struct event *to = n ? event_create() : NULL;

	if (!to)
		return NULL;
	to->is_late = true;
	copy_process(to, ev);
	copy_iocs(to, ev, n);
	to->score.total = ev->score.total;
	memcpy(to->score.parts, ev->score.parts, sizeof(to->score.parts));
	if (to->n_iocs)
		return to;
	event_destroy(to);
	return NULL;
}

bool late_amend(struct event *ev, size_t i, enum intel_severity severity,
	struct bytes provider, const struct intel_conf *cf, double weight)
{
	struct event_verdict *v = &ev->verdicts[i];
	double more;

	if (severity <= (enum intel_severity)v->severity)
		return false;
	more = (intel_points(&ev->iocs[i], severity, cf) -
		       intel_points(&ev->iocs[i],
			       (enum intel_severity)v->severity, cf)) *
	       weight;
	*v = (struct event_verdict){ .severity = severity,
		.provider = event_copy(ev, provider) };
	ev->score.parts[SCORE_intel] += more;
	ev->score.total += more;
	str_reset(&ev->score.why);
	str_addb(&ev->score.why, ev->iocs[i].value);
	str_addf(&ev->score.why, " is %s", intel_severity_name(severity));
	if (provider.len) {
		str_addz(&ev->score.why, " to ");
		str_addb(&ev->score.why, provider);
	}
	return true;
}
