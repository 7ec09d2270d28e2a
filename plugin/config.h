// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "alert.h"
#include "decode.h"
#include "fetch_conf.h"
#include "frequency.h"
#include "list.h"
#include "provider.h"
#include "score.h"
#include "str.h"

struct format;

#define CONFIG_PROVIDERS_MAX 16
#define CONFIG_LISTS_MAX     32
#define CONFIG_FETCHES_MAX   16
/* Outputs at once: each is a copy of every line. */
#define CONFIG_OUTPUTS_MAX 8
#define CONFIG_PATH_MAX    108 /* sockaddr_un's */
/* A configuration beyond this is no configuration. */
#define CONFIG_FILE_MAX (1 << 20)

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif
/* Less could not hold a file of each class of lines. */
#define CONFIG_SPOOL_MIN (1u << 20)

#ifndef LOCALSTATEDIR
#define LOCALSTATEDIR "/var"
#endif
#define CONFIG_FILE SYSCONFDIR "/audisp-hunt/audisp-hunt.conf"
/* Answers of providers: root's who asks by hand, and the intel process'. */
#define CONFIG_INTEL_STATE     LOCALSTATEDIR "/lib/audisp-hunt/intel.db"
#define CONFIG_OWN_INTEL_STATE LOCALSTATEDIR "/lib/audisp-hunt-intel/intel.db"
/* The input that the shipped rsyslog drop-in opens, and what stands in. */
#define CONFIG_SOCKET  "/run/audisp-hunt/log.sock"
#define CONFIG_DROP_IN SYSCONFDIR "/rsyslog.d/40-audisp-hunt.conf"
#define CONFIG_OUTPUT  "syslog:" CONFIG_SOCKET " fallback=/dev/log"

enum output_kind { OUTPUT_SYSLOG, OUTPUT_STREAM, OUTPUT_FILE, OUTPUT_STDOUT };

/* Which sockets' calls are taken. */
enum network_which { NETWORK_OFF, NETWORK_INET, NETWORK_ALL };

/* Whether front starts the intel process. */
enum config_spawn { CONFIG_SPAWN_AUTO, CONFIG_SPAWN_YES, CONFIG_SPAWN_NO };

enum repeat_when { REPEAT_OFF, REPEAT_IN_OVERLOAD, REPEAT_ALWAYS };

struct output_conf {
	enum output_kind kind;
	char path[CONFIG_PATH_MAX];
	char fallback[CONFIG_PATH_MAX]; /* "" for none */
	const struct format *format;
	int facility; /* as syslog numbers them, 0..23 */
	char filters[128]; /* "all", "none", "NAME,NAME" */
	bool has_min_score;
	double min_score;
};

struct config {
	char user[CONFIG_PATH_MAX]; /* whom the plugin becomes */
	unsigned int seccomp; /* enum priv_seccomp */
	double min_score;
	size_t line_max, auoms_line_max, queue_max;
	size_t spool_max;
	char spool_dir[CONFIG_PATH_MAX];
	unsigned int drain_ms;
	unsigned int status_s, canary_s; /* 0: never */
	char textfile[CONFIG_PATH_MAX]; /* "none": none */
	char state[CONFIG_PATH_MAX]; /* "none": in memory */
	unsigned int state_max_age_h, checkpoint_s;
	unsigned int frequency; /* enum frequency_formula */
	unsigned int frequency_commands;
	unsigned int lineage_processes;
	unsigned int frequency_window_h;
	char frequency_baseline[CONFIG_PATH_MAX]; /* "none": none */
	unsigned int network; /* enum network_which */
	unsigned int network_peers, network_processes;
	unsigned int sessions_max, sessions_addresses, sessions_window_m;
	char geoip_country[CONFIG_PATH_MAX]; /* "none": none */
	char geoip_asn[CONFIG_PATH_MAX]; /* the same */
	struct score_conf score;
	struct decode_conf decode;
	unsigned int tag; /* 0: only what hides text; 1: all */
	unsigned int repeat; /* enum repeat_when */
	unsigned int repeat_window_s;
	double repeat_below;
	char hunt_dir[CONFIG_PATH_MAX];
	unsigned int classify_match; /* enum classify_match */
	unsigned int redact; /* 0 or 1 */
	char redact_sets[CONFIG_PATH_MAX]; /* "basic,other"; "none" */
	unsigned int ioc_linux_paths; /* 0 or 1 */
	unsigned int detect; /* 0 or 1 */
	struct alert_conf alerts;
	char alerts_file[CONFIG_PATH_MAX]; /* "none": none */
	char alerts_socket[CONFIG_PATH_MAX]; /* the same */
	char intel_user[CONFIG_PATH_MAX]; /* whom that process becomes */
	unsigned int intel_spawn; /* enum config_spawn */
	char intel_state[CONFIG_PATH_MAX]; /* "none": in memory */
	char intel_socket[CONFIG_PATH_MAX]; /* "none": nobody is asked */
	char intel_proxy[CONFIG_PATH_MAX]; /* "none": none */
	char intel_ca[CONFIG_PATH_MAX]; /* "system": the system's */
	struct output_conf outputs[CONFIG_OUTPUTS_MAX];
	size_t n_outputs;
	struct provider_conf providers[CONFIG_PROVIDERS_MAX];
	size_t n_providers;
	struct list_conf lists[CONFIG_LISTS_MAX];
	size_t n_lists;
	char feed_dir[CONFIG_PATH_MAX]; /* where feeds lie */
	struct fetch_conf fetches[CONFIG_FETCHES_MAX];
	size_t n_fetches;
};

/* The defaults, with the default output. */
void config_init(struct config *cf);
/*
 * Reads a file over the defaults. -1: *why has a "FILE:LINE: what" line for
 * every error and cf is not to be used. A missing file is an error but where
 * is_optional.
 */
int config_load(struct config *cf, const char *file, bool is_optional,
	struct str *why) __attribute__((warn_unused_result));
/* One "NAME=VALUE" of the command line, over what is there; the first output
 * takes the place of those there were, and clears *is_first_output. */
int config_set(struct config *cf, const char *assignment, bool *is_first_output,
	struct str *why) __attribute__((warn_unused_result));
/* Limits that hold between options; what is the name to blame. */
int config_check(const struct config *cf, const char *what, struct str *why)
	__attribute__((warn_unused_result));
/* Everything in the syntax of the file. */
void config_print(const struct config *cf, struct str *out);
/* The i-th list, of those on this host and of the feeds that are lists, which
 * may not be there yet. False: there are no more. */
bool config_list(const struct config *cf, size_t i, struct list_conf *to);
/* A file, of this host or of a feed, which may not be there yet. */
struct config_file {
	char path[LIST_PATH_MAX];
	bool is_fetched;
};

/* The i-th baseline. False: there are no more. */
bool config_baseline(const struct config *cf, size_t i, struct config_file *to);
/* The alerts of others. False: there are none. */
bool config_alerts(const struct config *cf, struct config_file *to);
/* The least score an event needs for this output. */
double config_min_score(const struct config *cf, const struct output_conf *o);

#endif
