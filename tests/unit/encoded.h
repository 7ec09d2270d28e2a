// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <stdint.h>

#include "check.h"
#include "decode.h"
#include "event.h"

/*
 * Command lines with something hidden in them, for the tests of decode: an
 * encoder, and templates in which
 *   @s @u @n @v  the secret in Base64: standard, URL-safe, either unpadded
 *   @6 @7 @r @i @b  wrapped at 64, at 76, at 76 with CR LF, indented, with a
 *                backslash before each line break
 *   @l @g        as UTF-16, little or big endian, in Base64
 *   @@           an @
 */

#define PAYLOAD_ARGS_MAX 8

static const struct decode_conf payload_conf = { .depth_max = 64,
	.layer_max = 1 << 20,
	.event_max = 4 << 20,
	.len_min = 20,
	.len_min_context = 8 };

static inline void payload_encode(struct str *out, struct bytes b, bool is_url,
	bool is_padded, size_t width, const char *brk)
{
	const char *set = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			  "0123456789+/";
	size_t col = 0;

	for (size_t i = 0; i < b.len; i += 3) {
		uint32_t v = 0;

		for (size_t j = i; j < i + 3; j++)
			v = v << 8 | (j < b.len ? (unsigned char)b.p[j] : 0);
		for (unsigned int j = 0; j < 4; j++) {
			char c = set[v >> (18 - 6 * j) & 63];
			bool is_pad = i + j > b.len;

			if (is_pad && !is_padded)
				continue;
			if (width && col == width) {
				str_addz(out, brk);
				col = 0;
			}
			if (is_url && (c == '+' || c == '/'))
				c = c == '+' ? '-' : '_';
			str_addc(out, is_pad ? '=' : c);
			col++;
		}
	}
}

/* ASCII, or code points up to U+FFFF. */
static inline void payload_utf16(struct str *out, struct bytes b, bool is_big)
{
	struct str wide;

	str_init(&wide, 1 << 20);
	for (size_t i = 0; i < b.len; i++) {
		unsigned char c = (unsigned char)b.p[i];
		unsigned int u = c;

		if (c >= 0xe0) {
			u = (c & 15u) << 12 | (b.p[i + 1] & 63u) << 6 |
			    (b.p[i + 2] & 63u);
			i += 2;
		} else if (c >= 0xc0) {
			u = (c & 31u) << 6 | (b.p[i + 1] & 63u);
			i++;
		}
		str_addc(&wide, (char)(is_big ? u >> 8 : u));
		str_addc(&wide, (char)(is_big ? u : u >> 8));
	}
	payload_encode(out, str_bytes(&wide), false, true, 0, "");
	str_fini(&wide);
}

static inline void payload_token(struct str *out, char token, struct bytes b)
{
	switch (token) {
	case 's':
		payload_encode(out, b, false, true, 0, "");
		return;
	case 'u':
		payload_encode(out, b, true, true, 0, "");
		return;
	case 'n':
	case 'v':
		payload_encode(out, b, token == 'v', false, 0, "");
		return;
	case '6':
		payload_encode(out, b, false, true, 64, "\n");
		return;
	case '7':
		payload_encode(out, b, false, true, 76, "\n");
		return;
	case 'r':
		payload_encode(out, b, false, true, 76, "\r\n");
		return;
	case 'i':
		payload_encode(out, b, false, true, 76, "\n\t    ");
		return;
	case 'b':
		payload_encode(out, b, false, true, 76, "\\\n");
		return;
	case 'l':
	case 'g':
		payload_utf16(out, b, token == 'g');
		return;
	default:
		str_addc(out, token);
	}
}

static inline void payload_fill(
	struct str *out, const char *template, struct bytes secret)
{
	for (const char *p = template; *p; p++) {
		if (*p == '@' && p[1])
			payload_token(out, *++p, secret);
		else
			str_addc(out, *p);
	}
}

/* An event of that argv, decoded, by memory that has been used. The caller
 * destroys it. */
static inline struct event *payload_run(
	const struct bytes *argv, size_t argc, const struct decode_conf *cf)
{
	static struct decode *d;
	struct event *ev = event_create();

	if (!d)
		d = decode_new();
	if (!d || !ev)
		abort();
	ev->argv = event_alloc(ev, argc * sizeof(*argv) + 1);
	if (!ev->argv)
		abort();
	for (size_t i = 0; i < argc; i++)
		ev->argv[i] = event_copy(ev, argv[i]);
	ev->argc = argc;
	ev->has_execve = true;
	decode_run(d, ev, cf);
	return ev;
}

/* The same from templates, up to the first NULL. */
static inline struct event *payload_run_rows(
	const char *const *templates, struct bytes secret)
{
	struct bytes argv[PAYLOAD_ARGS_MAX];
	struct str args[PAYLOAD_ARGS_MAX];
	struct event *ev;
	size_t n = 0;

	for (; n < PAYLOAD_ARGS_MAX && templates[n]; n++) {
		str_init(&args[n], 1 << 20);
		payload_fill(&args[n], templates[n], secret);
		argv[n] = str_bytes(&args[n]);
	}
	ev = payload_run(argv, n, &payload_conf);
	while (n)
		str_fini(&args[--n]);
	return ev;
}

#endif
