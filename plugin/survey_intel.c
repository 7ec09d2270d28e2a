// SPDX-License-Identifier: GPL-3.0-or-later
/* Whether there is somebody who asks the providers and fetches the feeds. He is
 * not called: that alone would start him. */
#include "survey.h"

#include <stdio.h>
#include <stdlib.h>

#include "config.h"

#define TOPIC   "intel"
#define SOCKETS "/proc/net/unix"
/* Of a line there: __SO_ACCEPTCON. */
#define LISTENS 0x10000u
#define MEND                                                                   \
	"systemctl enable --now audisp-hunt-intel.socket; where there is no "  \
	"systemd, kill front: auditd starts the plugin again"

static bool is_listened_at(FILE *sockets, const char *path)
{
	char *line = NULL;
	bool is_there = false;
	size_t size = 0;

	while (!is_there && getline(&line, &size, sockets) > 0) {
		unsigned int flags;
		int at = 0;

		if (sscanf(line, "%*s %*x %*x %x %*x %*x %*u %n", &flags,
			    &at) != 1 ||
			!at || !(flags & LISTENS))
			continue;
		line[strcspn(line, "\n")] = '\0';
		is_there = !strcmp(line + at, path);
	}
	free(line);
	return is_there;
}

void survey_intel(struct survey *s)
{
	const struct config *cf = s->sc.config;
	FILE *sockets;

	if (!cf->n_providers && !cf->n_fetches)
		return;
	if (!strcmp(cf->intel_socket, "none")) {
		survey_find(s, SURVEY_ADVICE, TOPIC,
			"take intel.socket out of the configuration",
			"intel.socket is none: nobody is asked");
		return;
	}
	sockets = fopen(SOCKETS, "re");
	if (!sockets)
		survey_find(s, SURVEY_UNKNOWN, TOPIC, NULL,
			SOCKETS " cannot be read");
	else if (is_listened_at(sockets, survey_path(s, cf->intel_socket)))
		survey_find(s, SURVEY_OK, TOPIC, NULL, "somebody listens at %s",
			cf->intel_socket);
	else
		survey_find(s, SURVEY_ADVICE, TOPIC, MEND,
			"nobody listens at %s: verdicts are pending",
			cf->intel_socket);
	if (sockets)
		fclose(sockets);
}
