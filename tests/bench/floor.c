// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The floor: what libauparse alone costs for the stream on stdin, when its
 * callback does nothing.
 */
#include <auparse.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static void ignore(auparse_state_t *au, auparse_cb_event_t type, void *unused)
{
	(void)au;
	(void)type;
	(void)unused;
}

int main(void)
{
	static char block[65536];
	auparse_state_t *au = auparse_init(AUSOURCE_FEED, NULL);
	ssize_t len;

	if (!au) {
		perror("floor: auparse_init");
		return 1;
	}
	auparse_add_callback(au, ignore, NULL, NULL);
	do {
		len = read(STDIN_FILENO, block, sizeof(block));
		if (len > 0)
			auparse_feed(au, block, (size_t)len);
	} while (len > 0 || (len < 0 && errno == EINTR));
	if (len < 0)
		perror("floor: read");
	auparse_flush_feed(au);
	auparse_destroy(au);
	return len < 0;
}
