// SPDX-License-Identifier: GPL-3.0-or-later
#include "view_form.h"

#include <stdbool.h>

#include "views.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

void view_form_add(struct str *form, struct bytes text, size_t max)
{
	for (size_t i = 0; i < text.len && form->len < max; i++) {
		if (!is_digit(text.p[i]))
			str_addc(form, text.p[i]);
		else if (!i || !is_digit(text.p[i - 1]))
			str_addc(form, '#');
	}
}

void view_form_count(struct str *out, uint64_t count, int64_t last_ms)
{
	if (count < 2)
		return;
	str_addf(out, " (%llu times, until ", (unsigned long long)count);
	view_add_time(out, last_ms);
	str_addc(out, ')');
}
