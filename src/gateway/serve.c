/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "backoff.h"
#include "gateway.h"
#include "inbox.h"
#include "notify.h"
#include "outbox.h"
#include "process.h"
#include "server.h"
#include "sock.h"

/* Milliseconds. */
#define RESTART_FIRST 100
#define RESTART_CAP 10000
#define HEALTHY 5000	    /* who ran this long starts again as if for the first time */
#define STOP_PATIENCE 15000 /* then SIGKILL */
#define DESK_PATIENCE 10000 /* for another process to give the store free */
#define DESK_PAUSE 50

#define WORKERS_DEFAULT 2
#define INBOX_PREFIX "inbox:"

/* ---- the supervisor ---- */

struct child {
	const char *name; /* as --process takes it */
	struct process process;
	struct backoff backoff;
	int64_t start_at; /* monotonic; when it does not run */
};

struct supervisor {
	const char *dir, *program;
	struct child *children; /* the desk first */
	size_t n;
	int signals;
	bool ready; /* the desk has answered once */
	struct arena *arena;
};

static int start_child(struct supervisor *s, struct child *child, struct err *e)
{
	char *argv[] = {arena_str(s->arena, SLICE("postclerk")),
			arena_str(s->arena, SLICE("--desk")),
			arena_str(s->arena, slice_str(s->dir)),
			arena_str(s->arena, SLICE("serve")),
			arena_str(s->arena, SLICE("--process")),
			arena_str(s->arena, slice_str(child->name)),
			NULL};
	if (process_start(&child->process, s->program, argv, e) < 0)
		return -1;
	log_event(LOG_LEVEL_INFO, "process-started", LOG_STR("name", child->name),
		  LOG_NUM("pid", child->process.pid));
	return 1;
}

/* When its turn came; the others wait until the desk has answered once. */
static void start_due(struct supervisor *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct child *child = &s->children[i];
		if (child->process.pid || clock_mono_ms() < child->start_at || (i && !s->ready))
			continue;
		struct err e;
		if (start_child(s, child, &e) == 1)
			continue;
		log_event(LOG_LEVEL_ERROR, "process-failed", LOG_STR("name", child->name),
			  LOG_STR("error", e.text));
		child->start_at = clock_mono_ms() + backoff_draw(&child->backoff);
	}
}

static void log_end(const struct child *child, int status)
{
	/* An inbox has nothing to put away: SIGTERM simply ends it. */
	bool orderly =
		WIFSIGNALED(status) ? WTERMSIG(status) == SIGTERM : WEXITSTATUS(status) == EX_OK;
	enum log_level level = orderly ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR;
	if (WIFSIGNALED(status))
		log_event(level, "process-ended", LOG_STR("name", child->name),
			  LOG_NUM("signal", WTERMSIG(status)));
	else
		log_event(level, "process-ended", LOG_STR("name", child->name),
			  LOG_NUM("status", WEXITSTATUS(status)));
}

/* -1 when the desk cannot run with this configuration: a restart would not help. */
static int collect(struct supervisor *s, struct err *e)
{
	int status;
	for (size_t i = 0; i < s->n; i++) {
		struct child *child = &s->children[i];
		int64_t started = child->process.started_ms;
		if (process_ended(&child->process, &status) == 0)
			continue;
		log_end(child, status);
		if (i == 0 && WIFEXITED(status) && WEXITSTATUS(status) == EX_CONFIG)
			return err_set(e, ERR_CONFIG,
				       "the desk's process cannot start: see its log line above");
		if (clock_mono_ms() - started >= HEALTHY)
			child->backoff.failures = 0;
		child->start_at = clock_mono_ms() + backoff_draw(&child->backoff);
	}
	return 1;
}

static void check_ready(struct supervisor *s)
{
	int fd;
	struct err e;
	if (s->ready || sock_connect(s->dir, &fd, &e) != 1)
		return;
	close(fd);
	/* An older process's desk does not count. */
	if (!s->children[0].process.pid)
		return;
	s->ready = true;
	log_event(LOG_LEVEL_NOTICE, "ready", LOG_STR("desk", s->dir),
		  LOG_NUM("mailboxes", s->n - 2));
	notify_manager("READY=1");
}

static int next_timeout(const struct supervisor *s)
{
	int64_t timeout = s->ready ? INT_MAX : DESK_PAUSE;
	for (size_t i = 0; i < s->n; i++) {
		const struct child *child = &s->children[i];
		if (child->process.pid || (i && !s->ready))
			continue;
		int64_t left = child->start_at - clock_mono_ms();
		left = left < 0 ? 0 : left;
		timeout = left < timeout ? left : timeout;
	}
	return (int)timeout;
}

static bool asked_to_stop(const struct supervisor *s)
{
	bool stop = false;
	for (int signal; (signal = process_signal(s->signals));)
		stop |= signal != SIGCHLD;
	return stop;
}

static int supervise(struct supervisor *s, struct err *e)
{
	for (;;) {
		start_due(s);
		struct pollfd p = {.fd = s->signals, .events = POLLIN};
		poll(&p, 1, next_timeout(s));
		if (asked_to_stop(s))
			return 1;
		if (collect(s, e) < 0)
			return -1;
		check_ready(s);
	}
}

static bool any_runs(const struct supervisor *s, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		if (s->children[i].process.pid)
			return true;
	return false;
}

/* Ends children first … end-1 and waits for them. */
static void stop_children(struct supervisor *s, size_t first, size_t end)
{
	int64_t deadline = clock_mono_ms() + STOP_PATIENCE;
	for (size_t i = first; i < end; i++)
		process_signal_to(&s->children[i].process, SIGTERM);
	bool killed = false;
	while (any_runs(s, first, end)) {
		struct pollfd p = {.fd = s->signals, .events = POLLIN};
		poll(&p, 1, DESK_PAUSE);
		asked_to_stop(s);
		for (size_t i = first; i < end; i++) {
			int status;
			if (process_ended(&s->children[i].process, &status) == 1)
				log_end(&s->children[i], status);
		}
		if (killed || clock_mono_ms() < deadline)
			continue;
		killed = true;
		for (size_t i = first; i < end; i++)
			process_signal_to(&s->children[i].process, SIGKILL);
	}
}

static void add_child(struct supervisor *s, const char *name)
{
	s->children[s->n++] = (struct child){
		.name = name,
		.backoff = {.first_ms = RESTART_FIRST, .cap_ms = RESTART_CAP},
	};
}

static int refuse_second(const char *dir, struct err *e)
{
	int fd;
	int got = sock_connect(dir, &fd, e);
	if (got != 1)
		return got < 0 && e->class != ERR_TEMP ? -1 : 1;
	close(fd);
	return err_set(e, ERR_TEMP, "a desk is running in %s already", dir);
}

static int run_supervisor(const char *dir, const char *program, const struct conf *conf,
			  struct err *e)
{
	if (refuse_second(dir, e) < 0)
		return -1;
	size_t mailboxes = conf_count(conf, "mailbox");
	struct supervisor s = {.dir = dir, .program = program, .arena = arena_open()};
	s.children = ARENA_ARRAY(s.arena, mailboxes + 2, struct child);
	add_child(&s, "desk");
	for (size_t i = 0; i < mailboxes; i++)
		if (inbox_configured(conf, i))
			add_child(&s, arena_printf(s.arena, INBOX_PREFIX "%s",
						   conf_title(conf, "mailbox", i)));
	add_child(&s, "outbox");
	s.signals = process_signals(true);
	int result = supervise(&s, e);
	notify_manager("STOPPING=1");
	/* The desk last: the others still have something to tell it. */
	stop_children(&s, 1, s.n);
	stop_children(&s, 0, 1);
	close(s.signals);
	arena_close(&s.arena);
	log_event(LOG_LEVEL_NOTICE, "stopped", LOG_STR("desk", dir));
	return result;
}

/* ---- the desk's process ---- */

/* A one-shot command may hold the store for a moment. */
static int open_patiently(const char *dir, int stop_fd, struct desk **desk, struct err *e)
{
	int64_t deadline = clock_mono_ms() + DESK_PATIENCE;
	for (;;) {
		if (desk_open(dir, desk, e) >= 0)
			return 1;
		struct pollfd p = {.fd = stop_fd, .events = POLLIN};
		if (e->class != ERR_TEMP || clock_mono_ms() >= deadline ||
		    poll(&p, 1, DESK_PAUSE) > 0)
			return -1;
	}
}

static int serve_desk(const char *dir, int workers, struct err *e)
{
	int stop_fd = process_signals(false);
	struct desk *desk;
	if (open_patiently(dir, stop_fd, &desk, e) < 0)
		return -1;
	struct server_options options = {.stop_fd = stop_fd, .workers = workers};
	int result = sock_listen(dir, &options.listener, e);
	if (result == 1) {
		log_event(LOG_LEVEL_NOTICE, "desk-ready", LOG_STR("desk", dir));
		result = server_run(desk, &options, e);
		close(options.listener);
	}
	desk_close(&desk);
	close(stop_fd);
	return result;
}

/* ---- the door ---- */

static int serve_process(const char *dir, const char *process, int workers, const struct conf *conf,
			 struct err *e)
{
	struct slice name = slice_str(process);
	if (slice_eq(name, SLICE("desk"))) {
		log_init("desk");
		return serve_desk(dir, workers, e);
	}
	if (slice_eq(name, SLICE("outbox"))) {
		log_init("outbox");
		process_harden();
		return outbox_serve(dir, conf, process_signals(false), e);
	}
	if (slice_starts(name, SLICE(INBOX_PREFIX))) {
		log_init("inbox");
		process_harden();
		signal(SIGPIPE, SIG_IGN);
		return inbox_serve(dir, conf, process + sizeof(INBOX_PREFIX) - 1, e);
	}
	return err_set(e, ERR_INPUT, "there is no process \"%s\": desk, inbox:NAME or outbox",
		       process);
}

int gateway_serve(const char *dir, const struct gateway_serve *options, struct err *e)
{
	struct conf *conf;
	if (desk_settings_open(dir, &conf, e) < 0)
		return -1;
	int workers = options->workers > 0 ? options->workers : WORKERS_DEFAULT;
	int result;
	if (options->process) {
		result = serve_process(dir, options->process, workers, conf, e);
	} else {
		log_init("supervisor");
		result = run_supervisor(dir, options->program ? options->program : "/proc/self/exe",
					conf, e);
	}
	conf_close(&conf);
	return result;
}
