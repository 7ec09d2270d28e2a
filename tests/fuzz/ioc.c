// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Any text: what is found keeps the header's promises, and is found again when
 * it stands alone. Names that could be a file's need their place for that.
 *
 * seeds: text
 * dict: ioc
 */
#include "ioc.h"

#include "fuzz.h"

struct again {
	enum ioc_type type;
	struct bytes value;
	bool is_found;
};

static const struct ioc_conf all = { .types = (1u << IOC_N_TYPES) - 1 };

static bool compare(void *arg, enum ioc_type type, struct bytes value)
{
	struct again *a = arg;

	a->is_found |= type == a->type && bytes_equal(value, a->value);
	return true;
}

static bool take(void *arg, enum ioc_type type, struct bytes value)
{
	struct again a = { type, value, false };
	char text[IOC_VALUE_MAX + 8] = "";
	size_t n = 0;

	(void)arg;
	MUST(type < IOC_N_TYPES && *ioc_type_name(type));
	MUST(value.len >= 1 && value.len <= IOC_VALUE_MAX);
	for (size_t i = 0; i < value.len; i++)
		MUST(value.p[i] >= 0x20 && value.p[i] <= 0x7e);
	if (type == IOC_DNS || type == IOC_IPV4) {
		memcpy(text, "dns://", n = 6);
	} else if (type == IOC_IPV6) {
		text[n++] = '[';
	} else if (type == IOC_EMAIL) {
		/* 192.0.2.1%a@b.com begins with an address. */
		text[n++] = '~';
	} else if (type == IOC_WINDOWS_PATH) {
		text[n++] = '"';
	}
	memcpy(text + n, value.p, value.len);
	n += value.len;
	if (type == IOC_IPV6)
		text[n++] = ']';
	ioc_scan((struct bytes){ text, n }, &all, compare, &a);
	MUST(a.is_found);
	return true;
}

/* The same text as two arguments and a layer. */
static void run(struct bytes text)
{
	struct event *ev = event_create();
	struct bytes argv[] = { BYTES("curl"), text, text };
	struct event_layer layer = { .text = text, .is_text = true };

	if (!ev)
		return;
	ev->argv = argv;
	ev->argc = 3;
	ev->layers = &layer;
	ev->n_layers = 1;
	ioc_run(ev, &all);
	MUST(ev->n_iocs <= IOC_EVENT_MAX);
	for (size_t i = 0; i < ev->n_iocs; i++)
		for (size_t k = 0; k < i; k++)
			MUST(ev->iocs[i].type != ev->iocs[k].type ||
				!bytes_equal(
					ev->iocs[i].value, ev->iocs[k].value));
	event_destroy(ev);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes text = fuzz_bytes(data, len);

	ioc_scan(text, &all, take, NULL);
	run(text);
	return 0;
}
