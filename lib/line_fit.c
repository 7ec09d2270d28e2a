// SPDX-License-Identifier: GPL-3.0-or-later
#include "line_fit.h"

#include "line.h"

size_t line_fit(const struct line_writer *w, struct bytes b, size_t budget)
{
	size_t i = 0, n;

	while (i < b.len) {
		size_t cost = w->cost(b.p + i, b.len - i, &n);

		if (cost > budget)
			break;
		budget -= cost;
		i += n;
	}
	return i;
}

/* Length of the character that ends at p + end. */
static size_t last_char(const struct line_writer *w, const char *p, size_t end)
{
	size_t n;

	if (end && (unsigned char)p[end - 1] < 0x80)
		return 1;
	for (size_t len = end < 4 ? end : 4; len > 1; len--) {
		w->cost(p + end - len, len, &n);
		if (n == len)
			return len;
	}
	return 1;
}

size_t line_fit_tail(const struct line_writer *w, struct bytes b, size_t budget)
{
	size_t i = b.len, n;

	while (i > 0) {
		size_t len = last_char(w, b.p, i);
		size_t cost = w->cost(b.p + i - len, len, &n);

		if (cost > budget)
			break;
		budget -= cost;
		i -= len;
	}
	return b.len - i;
}
