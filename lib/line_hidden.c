// SPDX-License-Identifier: GPL-3.0-or-later
/* What was hidden, and how. */
#include "event.h"
#include "line_walk.h"

void line_decoded(struct line_walk *k, const struct event *ev)
{
	struct str *all = k->job->scratch;

	if (ev->n_layers == 1)
		line_write_text(k, "decoded", ev->layers[0].text);
	if (ev->n_layers < 2)
		return;
	str_reset(all);
	for (size_t i = 0; i < ev->n_layers; i++) {
		if (i)
			str_addc(all, '\n');
		str_addb(all, ev->layers[i].text);
	}
	line_write_text(k, "decoded", str_bytes(all));
}

void line_layers(struct line_walk *k, const struct event *ev)
{
	struct str *list = k->job->scratch;

	if (!ev->n_layers || ev->repeat.count)
		return;
	str_reset(list);
	for (size_t i = 0; i < ev->n_layers; i++) {
		if (i)
			str_addc(list, ',');
		str_addb(list, ev->layers[i].chain);
	}
	line_write_text(k, "chain", str_bytes(list));
	str_reset(list);
	for (size_t i = 0; i < ev->n_layers; i++) {
		if (i)
			str_addc(list, ',');
		str_addx(list, ev->layers[i].sha256,
			sizeof(ev->layers[i].sha256));
	}
	line_write_text(k, "sha256", str_bytes(list));
	line_write_flag(k, "capped", ev->is_capped);
}
