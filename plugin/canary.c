// SPDX-License-Identifier: GPL-3.0-or-later
#include "canary.h"

#include <stdio.h>

#include "event.h"
#include "text.h"

static const char *const names[CANARY_N] = {
#define X(name) #name,
	CANARY_FIGURES(X)
#undef X
};

static void take(struct canary *c, struct bytes arg)
{
	for (size_t i = 0; i < CANARY_N; i++) {
		struct bytes name = bytes_of(names[i]), value = arg;
		uint64_t n;

		if (arg.len <= name.len || memcmp(arg.p, name.p, name.len) ||
			arg.p[name.len] != '=')
			continue;
		value.p += name.len + 1;
		value.len -= name.len + 1;
		if (text_u64(value, 10, &n) < 0 || n > UINT32_MAX)
			return;
		c->has[i] = true;
		c->value[i] = (uint32_t)n;
	}
}

static bool is_root(const struct event_user *user)
{
	return user->has && user->id == 0;
}

bool canary_read(const struct event *ev, const char *tool, struct canary *c)
{
	static const struct bytes word = BYTES(CANARY_WORD);

	*c = (struct canary){ 0 };
	/* A program that is setuid root has the uid of who called it. */
	if (ev->argc < 2 || !ev->has_success || !ev->success ||
		!is_root(&ev->uid) || !is_root(&ev->euid) || !ev->auid.has ||
		ev->auid.id != EVENT_UNSET)
		return false;
	if (ev->argc == 2)
		return bytes_equal(ev->argv[1], word);
	if (!bytes_equal(ev->exe, bytes_of(tool)) ||
		!bytes_equal(ev->argv[1], BYTES("canary")) ||
		!bytes_equal(ev->argv[2], word))
		return false;
	for (size_t i = 3; i < ev->argc; i++)
		take(c, ev->argv[i]);
	return true;
}

bool canary_next(const struct canary *c, size_t *i, char to[CANARY_TEXT_MAX])
{
	while (*i < CANARY_N && !c->has[*i])
		++*i;
	if (*i == CANARY_N)
		return false;
	(void)snprintf(to, CANARY_TEXT_MAX, "%s=%u", names[*i], c->value[*i]);
	++*i;
	return true;
}
