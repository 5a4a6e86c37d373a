/* SPDX-License-Identifier: ISC */
#include "process.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

int process_signals(bool children)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (children)
		sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		die("cannot make a signal descriptor: %s", strerror(errno));
	return fd;
}

int process_signal(int fd)
{
	struct signalfd_siginfo info;
	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

void process_harden(void)
{
	const struct rlimit none = {0, 0};
	/* Neither can fail for a process of ours; what it does is not worth less without. */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void run_child(pid_t parent, const char *program, char *const *argv)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* The parent may have died before the line above. */
	if (getppid() != parent)
		_exit(EX_TEMPFAIL);
	execv(program, argv);
	_exit(EX_OSERR);
}

int process_start(struct process *p, const char *program, char *const *argv, struct err *e)
{
	assert(p->pid == 0);
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid < 0)
		return err_set(e, ERR_TEMP, "cannot start a process: %s", strerror(errno));
	if (pid == 0)
		run_child(parent, program, argv);
	p->pid = pid;
	p->started_ms = clock_mono_ms();
	return 1;
}

int process_ended(struct process *p, int *status)
{
	if (p->pid == 0 || waitpid(p->pid, status, WNOHANG) != p->pid)
		return 0;
	p->pid = 0;
	return 1;
}

void process_signal_to(const struct process *p, int signal)
{
	if (p->pid > 0)
		kill(p->pid, signal);
}
