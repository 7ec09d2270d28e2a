// SPDX-License-Identifier: GPL-3.0-or-later
/* The masked copies in the places of an event's texts. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "record.h"
#include "redact_state.h"
#include "text.h"

/* Memory kept between events. */
#define KEEP_BYTES (256 * 1024)
#define KEEP_SPANS 4096

/* A copy that lives as long as the event: one that can't be had is no reason
 * to tell the secret. */
static struct bytes copy_of(struct event *ev, struct bytes b)
{
	struct bytes copy = event_copy(ev, b);

	return copy.p ? copy : BYTES(REDACT_MARK);
}

static void put_arg_or_layer(void *arg, uint32_t text, struct bytes masked)
{
	struct event *ev = arg;
	struct event_layer *layer;

	if (text < ev->argc) {
		ev->argv[text] = copy_of(ev, masked);
		return;
	}
	layer = ev->layers;
	if (!ev->redacted.layers) {
		layer = event_alloc(ev, ev->n_layers * sizeof(*layer));
		if (layer) {
			memcpy(layer, ev->layers,
				ev->n_layers * sizeof(*layer));
			ev->redacted.layers = ev->layers;
			ev->layers = layer;
		} else {
			layer = ev->layers;
		}
	}
	layer += text - ev->argc;
	layer->text = copy_of(ev, masked);
	/* The digest of a text that is known but for a password tells it. */
	layer_digest(layer);
}

static void run_args(struct redact *rd, struct event *ev)
{
	redact_begin(rd, ev->argv, ev->argc);
	rd->all = ev->args;
	rd->invocation = event_invocation(ev);
	redact_look(rd, ev->layers, ev->n_layers);
	if (rd->n_spans || rd->is_short)
		redact_apply(rd, put_arg_or_layer, ev);
}

typedef uint8_t eight __attribute__((vector_size(8)));
typedef uint16_t wide __attribute__((vector_size(16)));

static wide digit_of(wide half)
{
	return half + '0' + ((wide)(half > 9) & ('A' - '9' - 1));
}

/* Whether 16 digits of upper-case hex, as they stand there, are the bytes. */
static bool is_same_eight(const char *digits, const char *p)
{
	wide b, want, first, second;
	eight bytes;

	memcpy(&bytes, p, sizeof(bytes));
	memcpy(&want, digits, sizeof(want));
	b = __builtin_convertvector(bytes, wide);
	first = digit_of(b >> 4);
	second = digit_of(b & 15);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	b = first | second << 8;
#else
	b = first << 8 | second;
#endif
	b ^= want;
	return !memcmp(&b, &(wide){ 0 }, sizeof(b));
}

/* The byte that two digits of upper-case hex stand for, as it stands there. */
#define H(n)                                                                   \
#n "0" #n "1" #n "2" #n "3" #n "4" #n "5" #n "6" #n "7" #n "8" #n      \
	   "9" #n "A" #n "B" #n "C" #n "D" #n "E" #n "F"
static const char hex[] = H(0) H(1) H(2) H(3) H(4) H(5) H(6) H(7) H(8) H(9) H(A)
	H(B) H(C) H(D) H(E) H(F);
#undef H

/* How many of value's digits are the beginning of b in hex. */
static size_t same_hex(struct bytes value, struct bytes b)
{
	size_t n = value.len / 2 < b.len ? value.len / 2 : b.len, i = 0;

	while (n - i >= sizeof(eight) &&
		is_same_eight(value.p + 2 * i, b.p + i))
		i += sizeof(eight);
	for (; i < n; i++)
		if (memcmp(value.p + 2 * i, hex + 2 * (unsigned char)b.p[i], 2))
			break;
	return 2 * i;
}

/* Whether a proctitle as written is the beginning of argv: then it has what
 * that has, and nothing else. */
static bool is_title_of(const struct event *ev, struct bytes value)
{
	if (!ev->argc)
		return false;
	if (value.len >= 2 && value.p[0] == '"')
		return bytes_equal((struct bytes){ value.p + 1, value.len - 2 },
			ev->argv[0]);
	for (size_t i = 0; i < ev->argc; i++) {
		size_t n = same_hex(value, ev->argv[i]);

		value.p += n;
		value.len -= n;
		if (!value.len)
			return true;
		if (n < 2 * ev->argv[i].len || value.len < 2 ||
			value.p[0] != '0' || value.p[1] != '0')
			return false;
		value.p += 2;
		value.len -= 2;
	}
	return !value.len;
}

static void put_other(void *arg, uint32_t text, struct bytes masked)
{
	struct redact *rd = arg;
	struct bytes copy;
	size_t from = rd->queue.len;

	if (REDACT_QUEUE_MAX - from < masked.len) {
		rd->others[text] = BYTES(REDACT_MARK);
		return;
	}
	str_addb(&rd->queue, masked);
	copy = str_tail(&rd->queue, from);
	rd->others[text] = copy;
}

static size_t split_title(struct redact *rd)
{
	struct bytes rest = str_bytes(&rd->title);
	size_t n = 0;

	while (n < REDACT_TITLE_MAX) {
		const char *nul =
			rest.len ? memchr(rest.p, '\0', rest.len) : NULL;

		rd->others[n++] = rest;
		if (!nul || n == REDACT_TITLE_MAX)
			break;
		rd->others[n - 1].len = (size_t)(nul - rest.p);
		rest.len -= rd->others[n - 1].len + 1;
		rest.p = nul + 1;
	}
	return n;
}

/* Back to how the kernel writes it: hex, a NUL between the arguments. */
static void join_title(struct redact *rd, struct event *ev, size_t n)
{
	str_reset(&rd->scratch);
	for (size_t i = 0; i < n; i++) {
		if (i)
			str_addz(&rd->scratch, "00");
		for (size_t j = 0; j < rd->others[i].len; j++)
			str_addf(&rd->scratch, "%02X",
				(unsigned char)rd->others[i].p[j]);
	}
	ev->proctitle = copy_of(ev, str_bytes(&rd->scratch));
}

static void run_title(struct redact *rd, struct event *ev, bool is_masked)
{
	struct bytes words[REDACT_TITLE_MAX];
	size_t n;

	if (!ev->proctitle.p || (!is_masked && is_title_of(ev, ev->proctitle)))
		return;
	str_reset(&rd->title);
	record_add_text(&rd->title, ev->proctitle);
	n = split_title(rd);
	memcpy(words, rd->others, n * sizeof(words[0]));
	redact_begin(rd, words, n);
	redact_look(rd, NULL, 0);
	for (size_t i = 0; i < n; i++)
		redact_repeat(rd, (uint32_t)i, i + 1 == n);
	if (!rd->n_spans && !rd->is_short)
		return;
	redact_apply(rd, put_other, rd);
	join_title(rd, ev, n);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Indicators are in lower case where that makes no difference. */
static bool is_alike(struct bytes a, struct bytes b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

/* A secret taken for an indicator: a token of hex for a digest, the password
 * before @ for somebody's mailbox. */
static void mask_mistaken(struct redact *rd, uint32_t number)
{
	struct bytes value = redact_text(rd, number), front = value;
	const char *sign = value.len ? memchr(value.p, '@', value.len) : NULL;

	if (sign)
		front.len = (size_t)(sign - value.p);
	for (size_t i = 0; i < rd->n_secrets; i++) {
		if (is_alike(rd->secrets[i], value))
			redact_mask(rd, number, 0, value.len, REDACT_REPEATED);
		if (sign && is_alike(rd->secrets[i], front))
			redact_mask(rd, number, 0, front.len, REDACT_REPEATED);
	}
}

/* What the indicators and the reasons quote of it. */
static void run_others(struct redact *rd, struct event *ev)
{
	size_t n = ev->n_iocs < IOC_EVENT_MAX ? ev->n_iocs : IOC_EVENT_MAX;
	struct bytes texts[REDACT_OTHERS_MAX];

	if (!n && !ev->score.why.len)
		return;
	for (size_t i = 0; i < n; i++)
		rd->others[i] = ev->iocs[i].value;
	rd->others[n] = str_bytes(&ev->score.why);
	memcpy(texts, rd->others, (n + 1) * sizeof(texts[0]));
	redact_begin(rd, texts, n + 1);
	for (size_t i = 0; i <= n; i++) {
		if (i == n || ev->iocs[i].type == IOC_URL)
			redact_search(rd, (uint32_t)i);
		redact_repeat(rd, (uint32_t)i, false);
		if (i < n)
			mask_mistaken(rd, (uint32_t)i);
	}
	if (!rd->n_spans && !rd->is_short)
		return;
	redact_apply(rd, put_other, rd);
	for (size_t i = 0; i < n; i++)
		if (rd->others[i].p != ev->iocs[i].value.p) {
			ev->iocs[i].value = copy_of(ev, rd->others[i]);
			ev->iocs[i].is_masked = true;
		}
	if (rd->others[n].p != ev->score.why.p) {
		str_reset(&ev->score.why);
		str_addb(&ev->score.why, rd->others[n]);
	}
}

static void set_rules(struct redact *rd, struct event *ev)
{
	struct event_redacted *to = &ev->redacted;
	size_t n = 0;

	for (size_t i = 0; i < rd->r->n_rules; i++)
		n += rd->is_used[i];
	to->rules = n ? event_alloc(ev, n * sizeof(to->rules[0])) : NULL;
	for (size_t i = 0; to->rules && i < rd->r->n_rules; i++)
		if (rd->is_used[i])
			to->rules[to->n_rules++] = copy_of(ev, rd->r->rules[i]);
}

#define SH_COMMAND 2

static void put_command(void *arg, uint32_t text, struct bytes masked)
{
	struct event *ev = arg;

	if (text == SH_COMMAND)
		ev->message.command = copy_of(ev, masked);
}

/* sudo writes an argv with blanks between, which is read as a shell would. */
static bool run_command(struct redact *rd, struct event *ev)
{
	const struct bytes sh[] = { BYTES("sh"), BYTES("-c"),
		ev->message.command };

	if (!ev->message.command.p)
		return false;
	redact_begin(rd, sh, SH_COMMAND + 1);
	redact_look(rd, NULL, 0);
	if (!rd->n_spans && !rd->is_short)
		return false;
	redact_apply(rd, put_command, ev);
	return true;
}

static void begin(struct redact *rd, const struct redact_rules *r)
{
	rd->r = r;
	rd->is_short = false;
	rd->n_secrets = 0;
	if (rd->queue.len)
		str_reset(&rd->queue);
}

static void finish(struct redact *rd, struct event *ev)
{
	set_rules(rd, ev);
	memset(rd->is_used, 0, sizeof(rd->is_used));
	str_shrink(&rd->scratch, KEEP_BYTES);
	str_shrink(&rd->title, KEEP_BYTES);
	if (rd->size_spans > KEEP_SPANS) {
		free(rd->spans);
		rd->spans = NULL;
		rd->size_spans = 0;
	}
}

void redact_run(
	struct redact *rd, struct event *ev, const struct redact_rules *r)
{
	bool is_masked, is_repeated;

	ev->redacted = (struct event_redacted){ 0 };
	begin(rd, r);
	if (ev->kind == EVENT_MESSAGE) {
		if (run_command(rd, ev))
			finish(rd, ev);
		return;
	}
	run_args(rd, ev);
	is_masked = rd->n_spans || rd->is_short;
	/* That the indicators quote what was masked goes without saying. */
	is_repeated = rd->is_used[REDACT_REPEATED];
	run_title(rd, ev, is_masked);
	is_masked |= rd->n_spans || rd->is_short;
	run_others(rd, ev);
	is_masked |= rd->n_spans || rd->is_short;
	if (!is_masked)
		return;
	rd->is_used[REDACT_REPEATED] = is_repeated;
	finish(rd, ev);
}
