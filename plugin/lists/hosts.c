// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "list.h"

/* As hosts(5): an address, which says nothing, and the names it blocks. */
static bool is_own(struct bytes name)
{
	static const char *const names[] = { "localhost",
		"localhost.localdomain", "local", "broadcasthost",
		"ip6-localhost", "ip6-loopback", "ip6-localnet",
		"ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters",
		"ip6-allhosts", "0.0.0.0" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_equal(bytes_of(names[i]), name))
			return true;
	return false;
}

static int text(struct list_reader *r, struct bytes rest)
{
	while (rest.len) {
		struct bytes line = list_line(&rest), word;
		const char *comment = memchr(line.p, '#', line.len);

		if (comment)
			line.len = (size_t)(comment - line.p);
		if (!list_word(&line).len)
			continue;
		while ((word = list_word(&line)).len)
			if (!is_own(word) && list_take(r, word) < 0)
				return -1;
	}
	return 0;
}

const struct list list_hosts = {
	.name = "hosts",
	.text = text,
	.bytes_max = LIST_BYTES_MAX,
};
