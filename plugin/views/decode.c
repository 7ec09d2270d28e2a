// SPDX-License-Identifier: GPL-3.0-or-later
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "event.h"
#include "json.h"
#include "views.h"

static struct event *event_of(size_t argc)
{
	struct event *ev = event_create();

	if (!ev)
		return NULL;
	ev->has_execve = true;
	ev->argc = argc;
	ev->argv = event_alloc(ev, (argc + 1) * sizeof(*ev->argv));
	if (ev->argv)
		return ev;
	event_destroy(ev);
	return NULL;
}

static struct event *from_args(const struct view_options *o)
{
	struct event *ev = event_of((size_t)o->n_args);

	for (int i = 0; ev && i < o->n_args; i++)
		ev->argv[i] = event_copy(ev, bytes_of(o->args[i]));
	return ev;
}

/* NULL: not a JSON array of strings. */
static struct event *from_json(const char *line, size_t len)
{
	cJSON *array = cJSON_ParseWithLength(line, len);
	const cJSON *item;
	struct event *ev = NULL;
	size_t i = 0;

	if (cJSON_IsArray(array))
		ev = event_of((size_t)cJSON_GetArraySize(array));
	if (ev) {
		cJSON_ArrayForEach(item, array)
		{
			if (!cJSON_IsString(item))
				break;
			ev->argv[i++] =
				event_copy(ev, bytes_of(item->valuestring));
		}
		if (i < ev->argc) {
			event_destroy(ev);
			ev = NULL;
		}
	}
	cJSON_Delete(array);
	return ev;
}

static void error(struct view_run *run, unsigned long line)
{
	json_open(&run->out, '{');
	json_key(&run->out, "error");
	str_addf(&run->out, "\"line %lu: not a JSON array of strings\"", line);
	json_close(&run->out, '}');
	view_print(run);
}

static int feed(struct view_run *run, void (*take)(void *arg, struct event *ev),
	void *arg)
{
	const struct view_options *o = run->options;
	unsigned long n = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int rc = EXIT_SUCCESS;

	if (o->n_args || o->has_dashes) {
		struct event *ev = from_args(o);

		if (ev)
			take(arg, ev);
		return ev ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	while ((len = getline(&line, &size, stdin)) > 0) {
		struct event *ev = from_json(line, (size_t)len);

		n++;
		if (ev) {
			take(arg, ev);
			continue;
		}
		error(run, n);
		rc = EXIT_FAILURE;
	}
	free(line);
	return rc;
}

static void layer(struct str *out, const struct event_layer *l)
{
	json_open(out, '{');
	json_field_int(out, "depth", l->depth);
	json_field_int(out, "arg", (long long)l->arg);
	json_field(out, "chain", l->chain);
	json_field(out, "text", l->text);
	json_field_int(out, "bytes", (long long)l->text.len);
	json_key(out, "sha256");
	str_addc(out, '"');
	for (size_t i = 0; i < sizeof(l->sha256); i++)
		str_addf(out, "%02x", l->sha256[i]);
	str_addc(out, '"');
	if (l->is_cut) {
		json_key(out, "cut");
		json_bool(out, true);
	}
	json_close(out, '}');
}

static void event(struct view_run *run, const struct event *ev)
{
	struct str *out = &run->out;

	json_open(out, '{');
	json_field_array(out, "argv", ev->argv, ev->argc, sizeof(ev->argv[0]));
	json_key(out, "layers");
	json_open(out, '[');
	for (size_t i = 0; i < ev->n_layers; i++)
		layer(out, &ev->layers[i]);
	json_close(out, ']');
	view_json_tags(out, ev);
	view_json_iocs(out, ev);
	view_json_score(out, ev);
	view_json_redacted(out, ev);
	json_close(out, '}');
	view_print(run);
}

const struct view view_decode = {
	.name = "decode",
	.help = "decodes command lines: -- ARG..., or JSON arrays from stdin",
	.event = event,
	.feed = feed,
};
