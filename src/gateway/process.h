/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_PROCESS_H
#define GATEWAY_PROCESS_H

#include <signal.h>

#include "base.h"

/* Child processes of the supervisor, and the signals that end a process. */

/*
 * SIGTERM and SIGINT no longer end the process but make the descriptor that is
 * returned readable; with children, so does SIGCHLD.  SIGPIPE is ignored.
 */
int process_signals(bool children);
/* The signal that came, 0 when there is none now. */
int process_signal(int fd);

/*
 * For a process that holds a secret and reads what strangers send: no core
 * with the secret in it, no program it starts gains a privilege.
 */
void process_harden(void);

struct process {
	pid_t pid; /* 0: it does not run */
	int64_t started_ms;
};

/*
 * Starts program with these arguments (a null pointer ends them), with the
 * signals of a fresh process; it gets SIGTERM when this one dies.  1, or -1
 * and TEMP.
 */
int process_start(struct process *p, const char *program, char *const *argv, struct err *e);
/*
 * 1 and wait status when it ended since, 0 when it still runs.
 */
int process_ended(struct process *p, int *status);
void process_signal_to(const struct process *p, int signal);

#endif
