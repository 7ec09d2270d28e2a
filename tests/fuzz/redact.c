// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A file of redaction rows, a NUL, an argv to run them on; the shipped rows
 * where there is none, or where it has a mistake. What is masked can be read,
 * its rules have names, and a secret that a row has told is gone.
 *
 * seeds: redact
 * dict: rows
 */
#include "decode.h"
#include "fuzz.h"
#include "record.h"
#include "redact.h"

static bool read_rows(struct redact_rules *r, struct bytes file)
{
	bool is_good = true;
	struct bytes line;
	struct str why;

	str_init(&why, 2048);
	while (fuzz_next(&file, '\n', &line)) {
		struct bytes copy = fuzz_copy(line);

		str_reset(&why);
		if (redact_rules_line(r, copy, &why) < 0) {
			MUST(why.len || !str_ok(&why));
			is_good = false;
		}
		fuzz_free(copy);
	}
	str_reset(&why);
	if (is_good && redact_rules_done(r, &why) < 0) {
		MUST(why.len);
		is_good = false;
	}
	str_fini(&why);
	return is_good;
}

static struct redact_rules *shipped(void)
{
	static struct redact_rules *r;

	if (r)
		return r;
	r = redact_rules_new();
	MUST(r && read_rows(r, bytes_of(redact_shipped)));
	return r;
}

/* The argv as a proctitle, cut somewhere. */
static void set_title(struct event *ev)
{
	struct str hex;

	str_init(&hex, 4096);
	for (size_t i = 0; i < ev->argc && hex.len < 256; i++) {
		for (size_t j = 0; j < ev->argv[i].len && hex.len < 250; j++)
			str_addf(&hex, "%02X", (unsigned char)ev->argv[i].p[j]);
		str_addz(&hex, "00");
	}
	if (hex.len)
		ev->proctitle = event_copy(ev, str_bytes(&hex));
	str_fini(&hex);
}

static void check(const struct event *ev)
{
	struct str title;

	for (size_t i = 0; i < ev->argc; i++)
		fuzz_touch(ev->argv[i]);
	for (size_t i = 0; i < ev->n_layers; i++)
		fuzz_touch(ev->layers[i].text);
	for (size_t i = 0; i < ev->redacted.n_rules; i++)
		MUST(ev->redacted.rules[i].len);
	str_init(&title, 1 << 16);
	record_add_text(&title, ev->proctitle);
	fuzz_touch(str_bytes(&title));
	str_fini(&title);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct decode_conf decode_cf = { 64, 1 << 20, 4 << 20, 20,
		8 };
	static struct decode *decode;
	static struct redact *redact;
	struct bytes rest = fuzz_bytes(data, len), rows = { NULL, 0 };
	struct redact_rules *r = redact_rules_new();
	struct bytes argv[FUZZ_ARGS_MAX];
	struct fuzz_args args;
	struct event *ev;
	bool is_own;

	decode = decode ? decode : decode_new();
	redact = redact ? redact : redact_new();
	MUST(r && decode && redact);
	(void)fuzz_next(&rest, '\0', &rows);
	is_own = rows.len && read_rows(r, rows);
	fuzz_args_init(&args, rest);
	ev = fuzz_event(&args);
	memcpy(argv, args.v, sizeof(argv));
	ev->argv = argv;
	set_title(ev);
	decode_run(decode, ev, &decode_cf);
	redact_run(redact, ev, is_own ? r : shipped());
	check(ev);
	event_destroy(ev);
	fuzz_args_fini(&args);
	redact_rules_free(r);
	return 0;
}
