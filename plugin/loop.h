// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The only user of libevent: descriptors, one timer, signals on a
 * descriptor. Callbacks get the arg of loop_conf and never wait. */
struct loop;

enum loop_what { LOOP_READ = 1, LOOP_WRITE = 2 };

struct loop_conf {
	void (*readable)(void *arg); /* standard input */
	void (*writable)(void *arg, int fd); /* asked for by loop_write */
	/* Asked for by loop_watch: bits of enum loop_what. */
	void (*ready)(void *arg, int fd, unsigned int what);
	void (*timer)(void *arg); /* asked for by loop_timer */
	/* pid is the sender's, 0 for the kernel. */
	void (*signal)(void *arg, int number, pid_t pid);
	void *arg;
};

/* Takes SIGTERM, SIGINT, SIGHUP and SIGUSR1 over. NULL: *why in errno. */
struct loop *loop_new(const struct loop_conf *cf)
	__attribute__((warn_unused_result));
void loop_free(struct loop *l);
/* Whether to read standard input. -1: libevent refuses the descriptor. */
int loop_read(struct loop *l, bool is_on) __attribute__((warn_unused_result));
/* One writable call for fd; off before fd is closed. */
void loop_write(struct loop *l, int fd, bool is_on);
/* What fd waits for from now on; 0 before fd is closed. -1: too many, or out
 * of memory. */
#define LOOP_WATCHED_MAX 128
int loop_watch(struct loop *l, int fd, unsigned int what)
	__attribute__((warn_unused_result));
/* One timer call in ms, in place of one asked for before unless that comes
 * sooner. */
void loop_timer(struct loop *l, unsigned int ms);
/* Until loop_stop. */
void loop_run(struct loop *l);
/* What is due now, without waiting. */
void loop_poll(struct loop *l);
/* The same, waiting ms at most for something to be due. */
void loop_wait(struct loop *l, unsigned int ms);
void loop_stop(struct loop *l);
/* Milliseconds that never step, suspend included. */
int64_t loop_now_ms(void);

#endif
