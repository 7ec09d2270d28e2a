// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Renews hunt_dir's gtfobins.tsv from the site's api.json. The comment at its
 * head stays, and so does what follows its first empty line: other names of
 * programs, which are not the site's.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "classify.h"
#include "config.h"
#include "gtfobins.h"
#include "json.h"
#include "log.h"
#include "rowfile.h"
#include "views.h"

#define EXIT_USAGE 2

static const char new_head[] =
	"# SPDX-License-Identifier: GPL-3.0-or-later\n"
	"#\n"
	"# Programs that GTFOBins (gtfobins.org) lists: NAME<TAB>FUNCTION\n"
	"# [:CONTEXTS],... Contexts are u unprivileged, s sudo, i set-uid, c\n"
	"# capabilities; none are u, s and i.\n";

struct import {
	struct view_run *run;
	struct bytes head, body, tail; /* of the old file */
	struct str rows; /* the new body */
	struct str text; /* all of the new file */
	FILE *told; /* where changes are told */
	size_t n, n_added, n_removed, n_changed;
};

static struct bytes take_until(struct bytes *rest, char end)
{
	const char *at = rest->len ? memchr(rest->p, end, rest->len) : NULL;
	struct bytes b = { rest->p, at ? (size_t)(at - rest->p) : rest->len };

	*rest = at ? (struct bytes){ at + 1, rest->len - b.len - 1 }
		   : (struct bytes){ NULL, 0 };
	return b;
}

static void split(struct import *im, struct bytes old)
{
	struct bytes rest = old;
	const char *from = old.p;

	while (rest.len && rest.p[0] == '#')
		take_until(&rest, '\n');
	im->body = rest.len ? rest : (struct bytes){ old.p + old.len, 0 };
	im->head = (struct bytes){ from, (size_t)(im->body.p - from) };
	if (!im->head.len)
		im->head = bytes_of(new_head);
	while (rest.len && rest.p[0] != '\n')
		take_until(&rest, '\n');
	im->tail = rest;
	im->body.len -= rest.len;
}

/* The functions of a program among rows; absent if it is in none. */
static struct bytes functions_of(struct bytes rows, struct bytes name)
{
	while (rows.len) {
		struct bytes line = take_until(&rows, '\n');

		if (bytes_equal(take_until(&line, '\t'), name))
			return line;
	}
	return (struct bytes){ NULL, 0 };
}

static bool is_among(struct bytes list, struct bytes item)
{
	while (list.len)
		if (bytes_equal(take_until(&list, ','), item))
			return true;
	return false;
}

/* What of list is not in other. */
static void tell_more(
	struct import *im, bool is_added, struct bytes list, struct bytes other)
{
	struct str *out = &im->run->out;
	bool is_json = im->run->options->is_json;

	if (is_json) {
		json_key(out, is_added ? "added" : "removed");
		json_open(out, '[');
	}
	while (list.len) {
		struct bytes item = take_until(&list, ',');

		if (is_among(other, item))
			continue;
		if (is_json) {
			json_bytes(out, item);
		} else {
			str_addz(out, is_added ? " +" : " -");
			str_addb(out, item);
		}
	}
	if (is_json)
		json_close(out, ']');
}

static void tell(struct import *im, const char *change, struct bytes name,
	struct bytes old, struct bytes new)
{
	struct str *out = &im->run->out;

	str_reset(out);
	if (im->run->options->is_json) {
		json_open(out, '{');
		json_field(out, "name", name);
		json_field(out, "change", bytes_of(change));
	} else {
		str_addf(out, "%-8s %.*s:", change, (int)name.len, name.p);
	}
	tell_more(im, true, new, old);
	tell_more(im, false, old, new);
	if (im->run->options->is_json)
		json_close(out, '}');
	str_addc(out, '\n');
	fwrite(out->p, 1, out->len, im->told);
}

static void compare(struct import *im)
{
	const struct bytes none = { NULL, 0 };
	struct bytes rows = str_bytes(&im->rows), old = im->body;

	while (rows.len) {
		struct bytes new = take_until(&rows, '\n');
		struct bytes name = take_until(&new, '\t');
		struct bytes was = functions_of(im->body, name);

		im->n++;
		if (bytes_equal(was, new))
			continue;
		im->n_added += !was.p;
		im->n_changed += was.p != NULL;
		tell(im, was.p ? "changed" : "added", name, was, new);
	}
	while (old.len) {
		struct bytes was = take_until(&old, '\n');
		struct bytes name = take_until(&was, '\t');

		if (!was.p || functions_of(str_bytes(&im->rows), name).p)
			continue;
		im->n_removed++;
		tell(im, "removed", name, was, none);
	}
}

/* Other names go where they now are programs, or name one that is none. */
static void add_tail(
	struct import *im, struct classify_rules *rules, struct str *why)
{
	struct bytes tail = im->tail;

	while (tail.len) {
		struct bytes line = take_until(&tail, '\n');

		str_reset(why);
		if (classify_rules_bin(rules, line, why) < 0) {
			log_warn("left out: %.*s: %s", (int)line.len, line.p,
				str_z(why));
			continue;
		}
		str_addb(&im->text, line);
		str_addc(&im->text, '\n');
	}
}

/* Writes text, which is what classification will take. */
static int assemble(struct import *im, struct str *why)
{
	struct classify_rules *rules = classify_rules_new();
	struct bytes rows = str_bytes(&im->rows);
	int rc = rules ? 0 : -1;

	if (!rules)
		str_addz(why, "out of memory");
	while (rows.len && rc == 0)
		rc = classify_rules_bin(rules, take_until(&rows, '\n'), why);
	if (rc == 0) {
		str_addb(&im->text, im->head);
		str_addb(&im->text, str_bytes(&im->rows));
		add_tail(im, rules, why);
	}
	if (rc == 0 && !str_ok(&im->text)) {
		str_addz(why, "more than a file of rows may hold");
		rc = -1;
	}
	classify_rules_free(rules);
	return rc;
}

static int write_text(struct import *im, const char *file, struct bytes old)
{
	struct bytes text = str_bytes(&im->text);
	bool is_stdout = !strcmp(file, "-"), is_same = bytes_equal(old, text);
	struct str why;
	int rc = 0;

	str_init(&why, 8192);
	if (is_stdout && (fwrite(text.p, 1, text.len, stdout) != text.len ||
				 fflush(stdout) != 0))
		rc = -1;
	if (!is_stdout && !is_same)
		rc = rowfile_replace(file, text, &why);
	log_warn_lines(str_z(&why));
	if (rc == 0 && !im->run->options->is_json)
		fprintf(im->told,
			"%zu programs: %zu added, %zu removed, %zu changed; %s "
			"%s\n",
			im->n, im->n_added, im->n_removed, im->n_changed,
			is_stdout ? "standard output" : file,
			is_same && !is_stdout ? "stays as it is" : "written");
	str_fini(&why);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The file that there is, which may be none yet. */
static int read_old(const char *file, struct str *old)
{
	struct str why;
	int rc;

	if (access(file, F_OK) < 0)
		return 0;
	str_init(&why, 8192);
	rc = rowfile_slurp(file, ROWFILE_LEN_MAX, old, &why);
	log_warn_lines(str_z(&why));
	str_fini(&why);
	return rc;
}

static int read_new(struct import *im, const char *file)
{
	struct str json, why;
	int rc;

	str_init(&json, GTFOBINS_LEN_MAX);
	str_init(&why, 8192);
	rc = rowfile_slurp_any(file, &json, &why);
	if (rc == 0) {
		str_addf(&why, "%s: ", file);
		rc = gtfobins_rows(str_bytes(&json), &im->rows, &why);
	}
	if (rc == 0)
		rc = assemble(im, &why);
	if (rc < 0)
		log_warn_lines(str_z(&why));
	str_fini(&why);
	str_fini(&json);
	return rc;
}

static int import(struct import *im, const char *from, const char *to)
{
	struct str path, old;
	int rc = EXIT_FAILURE;

	str_init(&path, PATH_MAX);
	str_init(&old, ROWFILE_LEN_MAX + ROWFILE_GROWTH);
	str_init(&im->rows, ROWFILE_LEN_MAX);
	str_init(&im->text, ROWFILE_LEN_MAX);
	str_addf(&path, "%s/gtfobins.tsv", im->run->config->hunt_dir);
	im->told = to && !strcmp(to, "-") ? stderr : stdout;
	if (read_old(str_z(&path), &old) == 0) {
		split(im, str_bytes(&old));
		if (read_new(im, from) == 0) {
			compare(im);
			rc = write_text(im, to ? to : str_z(&path),
				to ? (struct bytes){ NULL, 0 }
				   : str_bytes(&old));
		}
	}
	str_fini(&im->text);
	str_fini(&im->rows);
	str_fini(&old);
	str_fini(&path);
	return rc;
}

static int work(struct view_run *run)
{
	const struct view_options *o = run->options;
	struct import im = { .run = run };

	if (o->n_args == 1)
		return import(&im, o->args[0], o->output);
	log_warn("import-gtfobins takes one file, the site's api.json, or - "
		 "for standard input");
	return EXIT_USAGE;
}

const struct view view_import_gtfobins = {
	.name = "import-gtfobins",
	.help = "renews hunt_dir's gtfobins.tsv from the site's api.json",
	.work = work,
};
