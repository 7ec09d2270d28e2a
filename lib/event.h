// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

/*
 * The one thing that travels. Each section has one writing stage; stages read
 * the sections above their own. Every run points into the event's own memory
 * (event_alloc), so an event outlives what it was made from. One owner at a
 * time; event_destroy frees all of it.
 */

/* "Unset" in auid, ses and the like: the kernel's (uid_t)-1. */
#define EVENT_UNSET UINT32_MAX
/* Most memory one event may take. The kernel lets 6 MiB of argv through (3/4
 * of _STK_LIM), the layers may add their budget, and tables their rows. */
#define EVENT_BYTES_MAX (64u << 20)
/* An empty argument costs the kernel 9 bytes of those 6 MiB. */
#define EVENT_ARGS_MAX (1u << 20)
/* The kernel names at most a handful of files in one call. */
#define EVENT_PATHS_MAX 64

struct event_user {
	bool has;
	uint32_t id;
	struct bytes name; /* what auditd called it (ENRICHED), if it did */
};

/* What is wrong with an event's records. */
enum event_flaw {
	EVENT_NO_SYSCALL = 1 << 0,
	EVENT_NO_EXECVE = 1 << 1, /* of a call that succeeded */
	EVENT_NO_CWD = 1 << 2,
	EVENT_NO_PATH = 1 << 3, /* fewer than items= */
	EVENT_NO_END = 1 << 4, /* neither PROCTITLE nor EOE */
	EVENT_ARGV_GAP = 1 << 5, /* arguments or pieces never came */
	EVENT_ARGV_DUP = 1 << 6, /* some came twice; the first is kept */
	EVENT_ARGV_CUT = 1 << 7, /* more than EVENT_ARGS_MAX, or no memory */
	EVENT_FORCED = 1 << 8, /* closed to make room, or by age */
};

#define EVENT_FLAWS_INCOMPLETE (~(unsigned int)(EVENT_ARGV_DUP | EVENT_FORCED))

struct event_path {
	uint32_t item;
	struct bytes name; /* decoded; absent if (null) */
	struct bytes record; /* its fields as written: record_field */
};

struct event_block;

struct event {
	/* Who and what: written by assemble. */
	struct bytes node;
	int64_t time_ms; /* since the epoch, by the kernel that saw it */
	uint32_t serial;
	unsigned int flaws; /* enum event_flaw */

	bool has_syscall;
	uint32_t arch; /* AUDIT_ARCH_* */
	const char *arch_name; /* "x86_64"; NULL if unknown */
	const char *syscall_name; /* execve, execveat */
	bool has_success, success; /* success= */
	bool has_exit;
	int64_t exit;
	bool has_ppid, has_pid, has_ses;
	uint32_t ppid, pid, ses;
	struct event_user auid, uid, gid, euid;
	struct bytes tty, comm, exe;
	struct bytes key; /* several keys: separated by 0x01 */

	bool has_execve;
	struct bytes *argv; /* argc of them; p is NULL where one was lost */
	size_t argc;
	struct bytes cwd;
	struct event_path *paths; /* by item */
	size_t n_paths;
	/* Of the SYSCALL record and of the PATH with item=0, for formats that
	 * quote them: the fields as written, and what auditd added. */
	struct bytes syscall_record, syscall_enriched, path_enriched;
	/* As written; record_text gives the bytes, a NUL between arguments. The
	 * kernel cuts it, and may give an old one: shown, never judged. */
	struct bytes proctitle;

	/* What was hidden: written by decode. */
	struct event_layer *layers;
	size_t n_layers;
	size_t decoded_bytes; /* over all layers */
	bool is_capped; /* a budget ended the decoding early */

	/* What it names: written by ioc. */
	struct event_ioc *iocs; /* each once */
	size_t n_iocs;

	/* What it means: written by classify. */
	struct event_tags {
		struct bytes *categories; /* by the order of the rows */
		size_t n_categories;
		struct event_bin *bins; /* GTFOBins named in the commands */
		size_t n_bins;
		struct bytes *attack; /* ATT&CK technique ids, ascending */
		size_t n_attack;
		double weight; /* of the rows that matched, added up */
		struct bytes heaviest; /* category of the heaviest of them */
	} tags;

	/* What is known of the indicators: written by intel. */
	struct event_verdict *verdicts; /* n_iocs of them; NULL: nobody knows */
	double intel_points;

	/* What else happened on its host: written by alert. */
	struct event_alerts {
		double points;
		size_t n; /* distinct names inside the window */
		struct bytes worst; /* name of the gravest */
	} alerts;

	/* How rare it is: written by frequency. */
	struct event_frequency {
		bool has;
		/* Of the rarest outermost layer, this sighting included. */
		uint64_t on_host, in_workspace, hosts;
		double points; /* 0..1, by the configured formula */
	} frequency;

	/* What it is worth: written by score. */
	struct event_score {
		double total;
		double parts[8]; /* in the order of scorers.def */
		struct str why;
	} score;

	struct event_block *blocks;
	size_t bytes;
};

/* An indicator of compromise, in its plain form (hxxp[:] is undone). */
struct event_ioc {
	unsigned int type; /* enum ioc_type */
	struct bytes value;
	size_t arg; /* of argv; where it was seen first */
	size_t layer; /* of layers; EVENT_IN_ARGV when argv itself has it */
};

#define EVENT_IN_ARGV SIZE_MAX

/* The worst that any provider says of an indicator. */
struct event_verdict {
	unsigned int severity; /* enum intel_severity */
	struct bytes provider; /* whose word it is; absent if nobody's */
};

/* A program that GTFOBins lists, in command position. */
struct event_bin {
	struct bytes name;
	struct bytes functions; /* "download,file-write" */
};

/* One decoded payload. Its parent is the nearest earlier one of depth - 1. */
struct event_layer {
	unsigned int depth; /* 1 stands in an argument */
	size_t arg; /* index into argv */
	struct bytes chain; /* what was undone, outermost first */
	struct bytes text; /* UTF-8 where is_text, else the bytes */
	bool is_text;
	bool is_cut; /* longer than what the budget keeps */
	uint8_t sha256[32];
};

/* Not new and free: libevent has taken event_new and event_free. NULL when out
 * of memory. */
struct event *event_create(void) __attribute__((warn_unused_result));
void event_destroy(struct event *ev);
/* Memory that lives as long as the event, aligned for any type; NULL when the
 * event has had EVENT_BYTES_MAX or there is none. */
void *event_alloc(struct event *ev, size_t n)
	__attribute__((warn_unused_result));
/* A copy that lives as long as the event; absent stays absent, and so does
 * what there is no memory for. */
struct bytes event_copy(struct event *ev, struct bytes b);
/* Whether every record of the event came. */
bool event_is_complete(const struct event *ev);

#endif
