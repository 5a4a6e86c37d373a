/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "../../src/gateway/link.h"
#include "fake_imap.h"
#include "test_gateway.h"

/* How long a process may take to do what it was asked: never reached when all is well. */
#define PATIENCE_MS 20000
#define STEP_US 10000

struct scene {
	struct folder *folder;
	struct world world;
	struct peer *peer;
	char conf[400];
	pid_t supervisor;
};

static int setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	void *folder;
	assert_non_null(s);
	folder_setup(&folder);
	s->folder = folder;
	struct peer_options options = {.serve = fake_imap_serve, .context = &s->world};
	s->world.uidvalidity = 5;
	s->world.mails[s->world.n++] = (struct world_mail){.uid = 1, .text = "one"};
	s->peer = peer_open(&options, NULL);
	snprintf(s->conf, sizeof(s->conf),
		 "mailbox \"support\" { host = 127.0.0.1 port = %d tls = none user = u "
		 "password = secret poll-seconds = 1 timeout-seconds = 5 }",
		 peer_port(s->peer));
	folder_put(s->folder, DESK_CONF_FILE, s->conf);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;
	void *folder = s->folder;
	if (s->supervisor) {
		kill(s->supervisor, SIGKILL);
		waitpid(s->supervisor, NULL, 0);
	}
	peer_close(&s->peer);
	folder_teardown(&folder);
	free(s);
	return 0;
}

static pid_t start(const struct scene *s, const char *process)
{
	char *argv[] = {strdup("test-gateway"),
			strdup("--desk"),
			strdup(s->folder->path),
			strdup("serve"),
			process ? strdup("--process") : NULL,
			process ? strdup(process) : NULL,
			NULL};
	pid_t pid;
	assert_int_equal(posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ), 0);
	for (size_t i = 0; i < COUNT(argv); i++)
		free(argv[i]);
	return pid;
}

static int exit_status(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The desk's answer to a Call as a number; -1 while it cannot be asked. */
static long ask(const struct scene *s, const char *name)
{
	struct link *link;
	struct err e;
	if (link_connect(s->folder->path, 0, &link, &e) < 0)
		return -1;
	struct arena *a = arena_open();
	Rpc__Request request;
	Rpc__Call call;
	Rpc__Reply *reply;
	rpc__request__init(&request);
	rpc__call__init(&call);
	call.name = arena_str(a, slice_str(name));
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	long answer = -1;
	if (link_ask(link, a, &request, &reply, &e) == 1)
		answer = atol(arena_str(a, slice_of(reply->output.data, reply->output.len)));
	arena_close(&a);
	gateway_link_close(&link);
	return answer;
}

static void await(const struct scene *s, const char *name, long least)
{
	for (int64_t end = clock_mono_ms() + PATIENCE_MS; ask(s, name) < least;) {
		assert_true(clock_mono_ms() < end);
		usleep(STEP_US);
	}
}

static void await_file(const char *path)
{
	for (int64_t end = clock_mono_ms() + PATIENCE_MS; access(path, F_OK) != 0;) {
		assert_true(clock_mono_ms() < end);
		usleep(STEP_US);
	}
}

static void stop(struct scene *s)
{
	kill(s->supervisor, SIGTERM);
	assert_int_equal(exit_status(s->supervisor), EX_OK);
	s->supervisor = 0;
	assert_int_equal(ask(s, "pid"), -1);
}

static void a_desk_is_served(void **state)
{
	struct scene *s = *state;
	char path[2 * PATH_ROOM];
	s->supervisor = start(s, NULL);
	await(s, "mails", 1);
	ask(s, "queue");
	snprintf(path, sizeof(path), "%s/out/new/0000000007.postclerk", s->folder->path);
	await_file(path);
	stop(s);
	assert_true(s->world.mails[0].done);
}

static void what_dies_is_started_again(void **state)
{
	struct scene *s = *state;
	s->supervisor = start(s, NULL);
	await(s, "mails", 1);
	for (int i = 0; i < 2; i++) {
		long pid = ask(s, "pid");
		assert_true(pid > 0);
		kill((pid_t)pid, SIGKILL);
		/* This desk forgets everything: its inbox comes back and brings the mail again. */
		for (int64_t end = clock_mono_ms() + PATIENCE_MS;;) {
			long now = ask(s, "pid");
			if (now > 0 && now != pid)
				break;
			assert_true(clock_mono_ms() < end);
			usleep(STEP_US);
		}
		await(s, "mails", 1);
	}
	stop(s);
}

static void only_one_supervisor(void **state)
{
	struct scene *s = *state;
	s->supervisor = start(s, NULL);
	await(s, "pid", 1);
	assert_int_equal(exit_status(start(s, NULL)), EX_TEMPFAIL);
	assert_true(ask(s, "pid") > 0);
	stop(s);
}

static void wrong_configurations_end_at_once(void **state)
{
	struct scene *s = *state;
	assert_int_equal(exit_status(start(s, "nonsense")), EX_DATAERR);
	assert_int_equal(exit_status(start(s, "inbox:nobody")), EX_CONFIG);
	folder_put(s->folder, DESK_CONF_FILE, "mailbox \"x\" { colour = red }");
	assert_int_equal(exit_status(start(s, NULL)), EX_CONFIG);
	folder_put(s->folder, DESK_CONF_FILE, "smtp { host = mail.example tls = none }");
	assert_int_equal(exit_status(start(s, "outbox")), EX_CONFIG);
}

static void only_one_outbox(void **state)
{
	struct scene *s = *state;
	struct gateway_sent sent;
	struct err e;
	char path[2 * PATH_ROOM];
	s->supervisor = start(s, NULL);
	await(s, "pid", 1);
	snprintf(path, sizeof(path), "%s/outbox.lock", s->folder->path);
	await_file(path);
	ask(s, "queue");
	snprintf(path, sizeof(path), "%s/out/new/0000000007.postclerk", s->folder->path);
	await_file(path);
	/* The process holds the lock: a one-shot beside it leaves the mail to it. */
	assert_int_equal(exit_status(start(s, "outbox")), EX_TEMPFAIL);
	assert_int_equal(gateway_send(s->folder->path, &sent, &e), 1);
	assert_int_equal(sent.sent, 0);
	stop(s);
}

static void the_service_manager_is_told(void **state)
{
	struct scene *s = *state;
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
	char text[64];
	snprintf(name.sun_path, sizeof(name.sun_path), "%.90s/notify", s->folder->path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setenv("NOTIFY_SOCKET", name.sun_path, 1);
	s->supervisor = start(s, NULL);
	unsetenv("NOTIFY_SOCKET");
	ssize_t n = recv(fd, text, sizeof(text), 0);
	assert_int_equal(n, 7);
	assert_memory_equal(text, "READY=1", 7);
	stop(s);
	n = recv(fd, text, sizeof(text), 0);
	assert_memory_equal(text, "STOPPING=1", (size_t)n);
	close(fd);
}

int run_serve_tests(void)
{
#define SERVE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		SERVE_TEST(a_desk_is_served),	 SERVE_TEST(what_dies_is_started_again),
		SERVE_TEST(only_one_supervisor), SERVE_TEST(wrong_configurations_end_at_once),
		SERVE_TEST(only_one_outbox),	 SERVE_TEST(the_service_manager_is_told),
	};
	return cmocka_run_group_tests_name("gateway-serve", tests, NULL, NULL);
}
