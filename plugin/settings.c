// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings.h"

#include "config.h"
#include "format.h"

int settings_add(struct settings *s, const char *assignment)
{
	if (s->n_sets == SETTINGS_SETS_MAX)
		return -1;
	s->sets[s->n_sets++] = assignment;
	return 0;
}

static int set_stdout(const struct settings *s, struct config *cf,
	struct str *why)
{
	struct output_conf *o = &cf->outputs[0];
	const struct format *format =
		format_get(bytes_of(s->format ? s->format : "json"));

	if (!format) {
		str_addf(why, "--format: no format '%s'; there are: ",
			s->format);
		format_names(why);
		str_addc(why, '\n');
		return -1;
	}
	*o = (struct output_conf){ .kind = OUTPUT_STDOUT, .format = format };
	cf->n_outputs = 1;
	return 0;
}

int settings_config(const struct settings *s, struct config *cf,
	struct str *why)
{
	struct str what;
	int rc = config_load(cf, s->file ? s->file : CONFIG_FILE, !s->file, why);

	str_init(&what, 4096);
	for (size_t i = 0; i < s->n_sets; i++) {
		str_reset(&what);
		if (config_set(cf, s->sets[i], &what) < 0) {
			str_addb(why, str_bytes(&what));
			rc = -1;
		}
	}
	str_fini(&what);
	if (s->to_stdout && set_stdout(s, cf, why) < 0)
		rc = -1;
	return rc;
}
