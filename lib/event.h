// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "invocation.h"
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
struct repeat;
struct repeat_slot;

enum event_kind {
	EVENT_EXEC,
	EVENT_MESSAGE, /* a record about users, sessions or services */
	EVENT_TYPED, /* such a one of what was typed at a terminal */
	EVENT_NETWORK, /* a call with a socket's address */
	EVENT_CALL, /* another call that rows of alerts are about */
};

/* Whose word a message is. */
enum event_trust {
	EVENT_BY_KERNEL,
	EVENT_BY_AUDITD,
	EVENT_BY_INIT, /* process 1 */
	EVENT_BY_PROGRAM, /* whatever has CAP_AUDIT_WRITE */
};

struct event {
	enum event_kind kind;
	/* Who and what: written by assemble. */
	struct bytes node;
	int64_t time_ms; /* since the epoch, by the kernel that saw it */
	uint32_t serial;
	uint64_t input_pos; /* where the first of its records came in */
	unsigned int flaws; /* enum event_flaw */
	bool is_dup; /* may have been emitted by an engine that died */
	bool is_late; /* stands for one that was told before (late.h) */

	bool has_syscall;
	uint32_t arch; /* AUDIT_ARCH_* */
	const char *arch_name; /* "x86_64"; NULL if unknown */
	const char *syscall_name; /* execve, execveat; connect and its like */
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
	/* All of argv, where it lies in one piece: a NUL behind each. Absent
	 * where it doesn't. */
	struct bytes args;
	/* What argv runs, once somebody has asked: event_invocation. */
	bool has_invocation;
	struct invocation invocation;
	struct bytes cwd;
	struct event_path *paths; /* by item */
	size_t n_paths;
	/* Of the SYSCALL record and of the PATH with item=0, for formats that
	 * quote them: the fields as written, and what auditd added. */
	struct bytes syscall_record, syscall_enriched, path_enriched;
	/* As written; record_text gives the bytes, a NUL between arguments. The
	 * kernel cuts it, and may give an old one: shown, never judged. */
	struct bytes proctitle;

	/* Of a message, in place of the call and what belongs to it; its pid,
	 * auid, uid, ses, exe, cwd and tty are above: written by message. */
	struct event_message {
		unsigned int type; /* enum record_type */
		struct bytes type_name;
		enum event_trust trust;
		bool has_result, is_success;
		bool has_id, has_port;
		uint32_t id; /* of the account that it is about */
		uint32_t port; /* of the peer */
		/* Absent where they are ?. */
		struct bytes op, acct, id_name, group;
		struct bytes hostname, addr, terminal;
		struct bytes command, unit;
		struct bytes record, enriched; /* as written */
		/* Keys, which nobody is told; absent once they are read, and
		 * argv has the lines that hide something. */
		struct bytes typed;
	} message;

	/* Of a network call: written by assemble (what the records say) and
	 * network. */
	struct event_network {
		struct bytes record; /* SOCKADDR as written */
		enum event_direction {
			EVENT_OUT, /* connect, sendto: to whom */
			EVENT_IN, /* accept: from whom */
			EVENT_LOCAL /* bind: its own address */
		} direction;
		const char *family; /* "inet"; NULL: not read yet */
		struct bytes address; /* as text; absent: a nameless socket */
		const char *address_class; /* NULL: it has none */
		bool has_port, is_external, is_first;
		uint32_t port;
		uint64_t count; /* on its host so far, this one too */
	} network;

	/* Whom it stems from: written by lineage. */
	struct event_lineage {
		bool has;
		uint64_t guid; /* of its process, alike in every replay */
		uint32_t number; /* of its process, for lineage alone */
		uint32_t execs; /* of its process so far, this one too */
		uint32_t depth; /* ancestors known, shown or not */
		bool is_adopted; /* ppid is no more whom it was born of */
		struct event_ancestor *ancestors; /* the parent first */
		size_t n_ancestors;
		struct bytes container; /* id or name; absent: none known */
		/* Of a network call: its own process's command, as an
		 * ancestor has it. */
		struct bytes cmd;
	} lineage;

	/* Whose session it is in, as far as records have told (session.h), and
	 * what a message came to: written by session. */
	struct event_session {
		uint64_t number; /* 0: in none */
		uint32_t ses; /* its number by the kernel */
		bool is_early; /* what the service runs before it is open */
		bool is_boot; /* the host has booted */
		const char *kind; /* "login"; NULL: nobody said */
		struct bytes user, service, addr;
		const char *addr_class;
		bool has_port;
		uint32_t port;
		uint64_t failed_before;
		/* Of a message: what its line is about, and what happened;
		 * NULL: it has none. */
		const char *evt, *action;
		/* Of the end of a session. */
		bool has_sums;
		int64_t start_ms;
		uint64_t processes, payloads, sudo, accounts, failed;
		double score;
		bool is_root;
	} session;

	/* Where the public address is that its line is about: a network
	 * call's peer, or where a session comes from: written by geo. */
	struct event_place {
		struct bytes country; /* "DE"; absent: not known */
		struct bytes as_org;
		bool has_asn;
		uint32_t asn;
	} place;

	/* What was hidden: written by decode. */
	struct event_layer *layers;
	size_t n_layers;
	size_t decoded_bytes; /* over all layers */
	bool is_capped; /* a budget ended the decoding early */

	/* What it names: written by ioc. */
	struct event_ioc *iocs; /* each once */
	size_t n_iocs;
	bool is_ioc_capped; /* a row was given up */

	/* What it means: written by classify. */
	struct event_tags {
		struct bytes *categories; /* by the order of the rows */
		size_t n_categories;
		struct event_bin *bins; /* GTFOBins named in the commands */
		size_t n_bins;
		struct bytes *attack; /* ATT&CK technique ids, ascending */
		size_t n_attack;
		bool is_capped; /* a pattern was given up */
		double weight; /* of the rows that matched, added up */
		struct bytes heaviest; /* category of the heaviest of them */
	} tags;

	/* Whether what was hidden ran: written by payload. */
	struct event_payload {
		enum event_payload_role {
			EVENT_PAYLOAD_NONE,
			EVENT_PAYLOAD_CARRIES, /* its arguments hide it */
			EVENT_PAYLOAD_DECODES, /* for the one that runs it */
			EVENT_PAYLOAD_RUNS, /* was given it, or is of it */
			EVENT_PAYLOAD_FOLLOWS /* was started by one of those */
		} role;
		bool is_executed;
		uint64_t id; /* 48 bits of it */
		struct bytes why; /* a clause; absent where it goes on */
		struct bytes attack[2]; /* ascending */
		size_t n_attack;
	} payload;

	/* What is known of the indicators: written by intel. */
	struct event_verdict *verdicts; /* n_iocs of them; NULL: nobody knows */
	double intel_points;
	size_t n_pending; /* of iocs, that a line of kind intel may follow for
			   */

	/* What it is itself, or the last of: written by detect. Its lines of
	 * kind alert are about one each: told says which; NULL: none is being
	 * told. */
	struct event_fired *fired;
	size_t n_fired;
	const struct event_fired *told;
	bool is_detected; /* the stage has seen it */

	/* What else happened on its host: written by alert and detect. */
	struct event_alerts {
		double points;
		size_t n; /* distinct names inside the window */
		struct bytes worst; /* name of the gravest */
		bool is_related; /* by more than their host */
	} alerts;

	/* How rare it is: written by frequency. */
	struct event_frequency {
		bool has;
		/* Of the rarest outermost layer, this sighting included. */
		uint64_t on_host, in_workspace, hosts;
		double points; /* 0..1, by the configured formula */
		/* The same where what a user runs within a slice of the
		 * window counts once: never common by repetition. */
		uint64_t sittings;
		double steady;
	} frequency;

	/* What it is worth: written by score. */
	struct event_score {
		double total;
		double parts[16]; /* in the order of scorers.def */
		struct str why;
	} score;

	/* Which rows of an operator's hold, a bit each: written by filter. */
	uint64_t filters;

	/* Whether it came before: written by repeat. */
	struct event_repeat {
		uint64_t key[2]; /* the same for what says the same */
		bool has_key;
		bool is_known; /* judged as the first of them was */
		bool is_followed; /* payload has seen it already */
		/* Where it is counted instead of told; NULL: it is told. */
		struct repeat_slot *slot;
		struct repeat *owner; /* of the slot */
		/* Of an event that stands for others, and is told as a line of
		 * kind repeat: how many after itself, and the last. */
		uint64_t count;
		int64_t last_ms;
		uint32_t last_serial;
	} repeat;

	/* What of it is told: written by redact, the last stage. It puts masked
	 * copies in the place of argv, proctitle, layers, iocs and why, so that
	 * no output has to think of it. */
	struct event_redacted {
		struct bytes *rules; /* that masked something, each once */
		size_t n_rules;
		/* As they were decoded; NULL: none of them was masked. */
		struct event_layer *layers;
	} redacted;

	struct event_block *blocks;
	size_t bytes;
};

/* An indicator of compromise, in its plain form (hxxp[:] is undone). */
struct event_ioc {
	unsigned int type; /* enum ioc_type, or an operator's own */
	struct bytes type_name;
	struct bytes value;
	size_t arg; /* of argv; where it was seen first */
	size_t layer; /* of layers; EVENT_IN_ARGV when argv itself has it */
	unsigned int severity; /* enum intel_severity, by its row */
	double weight; /* points it has at least, by its row */
	bool is_masked; /* value is no more what it was: written by redact */
};

#define EVENT_IN_ARGV SIZE_MAX

/* An alert of our own. */
struct event_fired {
	struct bytes name, why;
	unsigned int severity; /* enum alert_severity */
	struct bytes attack[4]; /* ascending */
	size_t n_attack;
	uint64_t suppressed; /* that said the same since the last one told */
};

/* A process above another, as it was when the event came. */
struct event_ancestor {
	uint64_t guid;
	uint32_t pid, number;
	uint32_t execs; /* 0: it only forked, as far as anybody told */
	struct bytes exe; /* absent where nobody told of it */
	struct bytes comm; /* in place of exe: all that /proc tells */
	struct bytes cmd; /* its beginning, masked, as a shell reads it */
};

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

struct event_span {
	size_t at, end;
};

/* One decoded payload. Its parent is the nearest earlier one of depth - 1. */
struct event_layer {
	unsigned int depth; /* 1 stands in an argument */
	size_t arg; /* index into argv */
	size_t of; /* the layer it was found in; EVENT_IN_ARGV: in that arg */
	const struct event_span *spans; /* its encoded form, there; */
	size_t n_spans; /* 0: all of it, or nobody knows */
	struct bytes chain; /* what was undone, outermost first */
	struct bytes text; /* UTF-8 where is_text, else the bytes */
	bool is_text;
	bool is_cut; /* longer than what the budget keeps */
	bool is_run; /* the command line gives it to an interpreter */
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
/* What its argv runs. It is read once, by the first that asks: argv stays as it
 * is from then on, but for what is masked in it. */
const struct invocation *event_invocation(struct event *ev);
/* What a line about it is worth: its score, or the points of the alert that is
 * told. */
double event_worth(const struct event *ev);
/* Whether it is made of one record, and no process's call. */
static inline bool event_is_message(const struct event *ev)
{
	return ev->kind == EVENT_MESSAGE || ev->kind == EVENT_TYPED;
}

/* Whether every record of the event came. */
bool event_is_complete(const struct event *ev);

#endif
