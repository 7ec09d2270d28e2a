// SPDX-License-Identifier: GPL-3.0-or-later
/* What several views write alike. */
#include "cmdline.h"
#include "event.h"
#include "format.h"
#include "geo.h"
#include "ioc.h"
#include "json.h"
#include "score.h"
#include "views.h"

void view_json_time(struct str *out, const char *key, int64_t time_ms)
{
	json_key(out, key);
	str_addf(out, "%lld.%03u", (long long)(time_ms / 1000),
		(unsigned int)(time_ms % 1000));
}

void view_json_parts(struct str *out, const struct event *ev)
{
	json_key(out, "parts");
	json_open(out, '{');
	for (size_t i = 0; i < score_n_scorers; i++)
		if (ev->score.parts[i] != 0)
			json_field_num(out, score_scorers[i]->name,
				ev->score.parts[i]);
	json_close(out, '}');
}

void view_json_score(struct str *out, const struct event *ev)
{
	json_key(out, "score");
	json_open(out, '{');
	json_field_num(out, "total", ev->score.total);
	view_json_parts(out, ev);
	json_close(out, '}');
}

/* One of the names in a list with commas, off its front. */
static struct bytes next_name(struct bytes *list)
{
	const char *comma = memchr(list->p, ',', list->len);
	struct bytes name = { list->p,
		comma ? (size_t)(comma - list->p) : list->len };

	list->p += name.len + (comma ? 1 : 0);
	list->len -= name.len + (comma ? 1 : 0);
	return name;
}

static void json_bin(struct str *out, const struct event_bin *bin)
{
	struct bytes list = bin->functions;

	json_open(out, '{');
	json_field(out, "name", bin->name);
	json_key(out, "functions");
	json_open(out, '[');
	while (list.len)
		json_bytes(out, next_name(&list));
	json_close(out, ']');
	json_close(out, '}');
}

void view_json_tags(struct str *out, const struct event *ev)
{
	const struct event_tags *t = &ev->tags;

	json_field_array(out, "categories", t->categories, t->n_categories,
		sizeof(t->categories[0]));
	json_key(out, "gtfobins");
	json_open(out, '[');
	for (size_t i = 0; i < t->n_bins; i++)
		json_bin(out, &t->bins[i]);
	json_close(out, ']');
	json_field_array(
		out, "attack", t->attack, t->n_attack, sizeof(t->attack[0]));
}

static bool is_listed(const struct event *ev, size_t bin, struct bytes name)
{
	for (size_t i = 0; i < bin; i++) {
		struct bytes list = ev->tags.bins[i].functions;

		while (list.len)
			if (bytes_equal(next_name(&list), name))
				return true;
	}
	return false;
}

void view_json_functions(struct str *out, const struct event *ev)
{
	json_key(out, "functions");
	json_open(out, '[');
	for (size_t i = 0; i < ev->tags.n_bins; i++) {
		struct bytes list = ev->tags.bins[i].functions;

		while (list.len) {
			struct bytes name = next_name(&list);

			if (!is_listed(ev, i, name))
				json_bytes(out, name);
		}
	}
	json_close(out, ']');
}

void view_json_redacted(struct str *out, const struct event *ev)
{
	const struct event_redacted *r = &ev->redacted;

	if (r->n_rules)
		json_field_array(out, "redacted", r->rules, r->n_rules,
			sizeof(r->rules[0]));
}

void view_json_iocs(struct str *out, const struct event *ev)
{
	json_key(out, "iocs");
	json_open(out, '[');
	for (size_t i = 0; i < ev->n_iocs; i++) {
		json_open(out, '{');
		json_field(out, "type", ev->iocs[i].type_name);
		json_field(out, "value", ev->iocs[i].value);
		json_close(out, '}');
	}
	json_close(out, ']');
}

void view_add_time(struct str *out, int64_t time_ms)
{
	char text[FORMAT_TIME_MAX];

	format_time(text, time_ms);
	str_addf(out, "%.10s %.8s", text, text + 11);
}

void view_add_command(struct str *out, const struct event *ev)
{
	struct str cmd;

	str_init(&cmd, EVENT_BYTES_MAX);
	if (ev->has_execve)
		cmdline_shell(&cmd, ev);
	else if (ev->n_paths && ev->paths[0].name.p)
		cmdline_shell_arg(&cmd, ev->paths[0].name);
	json_escape(out, str_bytes(&cmd));
	str_fini(&cmd);
}

void view_json_place(
	struct str *out, const struct view_run *run, struct bytes address)
{
	struct event_place at;

	geo_find(run->geo, address, &at);
	json_field(out, "country", at.country);
	if (at.has_asn)
		json_field_int(out, "asn", at.asn);
	json_field(out, "as_org", at.as_org);
}

void view_add_place(
	struct str *out, const struct view_run *run, struct bytes address)
{
	struct event_place at;

	geo_find(run->geo, address, &at);
	if (at.country.p) {
		str_addc(out, ' ');
		json_escape(out, at.country);
	}
	if (at.has_asn)
		str_addf(out, " AS%u", at.asn);
	if (at.as_org.p) {
		str_addc(out, ' ');
		json_escape(out, at.as_org);
	}
}
