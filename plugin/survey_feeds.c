// SPDX-License-Identifier: GPL-3.0-or-later
/* Whether feeds come, by what is kept beside their files. */
#include "survey.h"

#include <limits.h>
#include <stdio.h>

#include "config.h"
#include "fetch_meta.h"
#include "stamp.h"

#define TOPIC     "feed"
#define MINUTE_MS 60000LL
#define HOUR_M    60
#define MEND                                                                   \
	"systemctl enable --now audisp-hunt-intel.service; its log says what " \
	"does not work"

static void feed(struct survey *s, const struct fetch_conf *f)
{
	struct fetch_meta m = { 0 };
	char path[PATH_MAX];
	long long minutes;
	bool is_there;

	(void)snprintf(path, sizeof(path), "%s/%s.meta", s->sc.config->feed_dir,
		f->name);
	if (survey_read(s, path, &is_there))
		fetch_meta_parse(&m, str_bytes(&s->file));
	minutes = (stamp_now_ms() - m.checked_ms) / MINUTE_MS;
	if (is_there && !m.checked_ms)
		survey_find(s, SURVEY_UNKNOWN, TOPIC, NULL,
			"when feed %s came cannot be read", f->name);
	else if (!is_there)
		survey_find(s, SURVEY_ADVICE, TOPIC, MEND, "feed %s never came",
			f->name);
	else if (minutes > 2LL * f->every_m + HOUR_M)
		survey_find(s, SURVEY_ADVICE, TOPIC, MEND,
			"feed %s came %lld minutes ago, not every %u", f->name,
			minutes, f->every_m);
	else
		survey_find(s, SURVEY_OK, TOPIC, NULL,
			"feed %s came %lld minutes ago", f->name, minutes);
}

void survey_feeds(struct survey *s)
{
	for (size_t i = 0; i < s->sc.config->n_fetches; i++)
		feed(s, &s->sc.config->fetches[i]);
}
