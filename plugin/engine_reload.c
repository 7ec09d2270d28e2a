// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include "alertfile.h"
#include "alertsock.h"
#include "config.h"
#include "emit.h"
#include "engine_state.h"
#include "inquiry.h"
#include "log.h"
#include "pipeline.h"
#include "repeat.h"
#include "rules.h"
#include "settings.h"
#include "shelf.h"
#include "stamp.h"

void engine_say(struct engine *en, const char *kind)
{
	if (en->is_heard)
		emit_notice(en->emit, &(struct emit_notice){ .kind = kind,
					      .sev = SEVERITY_INFO,
					      .time_ms = stamp_now_ms() });
}

void engine_reload(struct engine *en)
{
	struct config *cf = malloc(sizeof(*cf));
	struct rules *rules = NULL;
	struct str why;

	str_init(&why, 64 * 1024);
	repeat_end(pipeline_repeat(en->pipeline)); /* by the old rules */
	if (!cf || settings_config(en->ec.settings, cf, &why) < 0 ||
		settings_rules(cf, &rules, &why) < 0 ||
		emit_reload(en->emit, cf) < 0) {
		rules_free(rules);
		en->metrics->reload_errors++;
		log_warn("reload refused; the old configuration stays");
		log_warn_lines(str_z(&why));
		free(cf);
	} else {
		en->metrics->reloads++;
		emit_filters(en->emit, rules->filters);
		pipeline_reload(en->pipeline, cf, rules);
		shelf_reload(en->shelf);
		alertfile_reload(en->alertfile);
		alertsock_reload(en->alertsock);
		inquiry_reload(en->inquiry, cf);
		handover_reload(
			&en->handover, cf->n_outputs, en->input.next_pos);
		free(en->cf);
		en->cf = cf;
		log_info("configuration reloaded");
		engine_say(en, "reload");
	}
	str_fini(&why);
}
