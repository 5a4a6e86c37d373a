/* SPDX-License-Identifier: ISC */
#include <pthread.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/gateway/link.h"
#include "../../src/gateway/server.h"
#include "../../src/gateway/sock.h"
#include "fake_desk.h"
#include "test_gateway.h"

/* A desk's process, as a thread of the test. */
struct running {
	struct server_options options;
	pthread_t thread;
	int result;
};

static void *run(void *arg)
{
	struct running *r = arg;
	struct desk *desk;
	struct err e;
	assert_int_equal(desk_open("", &desk, &e), 1);
	r->result = server_run(desk, &r->options, &e);
	return NULL;
}

static void start(struct running *r, const char *dir)
{
	struct err e;
	*r = (struct running){.options = {.stop_fd = eventfd(0, EFD_CLOEXEC), .workers = 1}};
	assert_int_equal(sock_listen(dir, &r->options.listener, &e), 1);
	assert_int_equal(pthread_create(&r->thread, NULL, run, r), 0);
	/* From now on nobody else can open the store. */
	fake_lock();
	fake()->opens = 0;
	fake_unlock();
}

static void stop(struct running *r)
{
	uint64_t one = 1;
	assert_int_equal(write(r->options.stop_fd, &one, sizeof(one)), sizeof(one));
	pthread_join(r->thread, NULL);
	close(r->options.stop_fd);
	close(r->options.listener);
	assert_int_equal(r->result, 1);
}

static int setup(void **state)
{
	fake_reset();
	return folder_setup(state);
}

/* The desk's echo of a Call's name, or the test fails. */
static void echo(struct link *link, const char *name)
{
	struct arena *a = arena_open();
	struct err e;
	Rpc__Request request;
	Rpc__Call call;
	Rpc__Reply *reply;
	rpc__request__init(&request);
	rpc__call__init(&call);
	call.name = arena_str(a, slice_str(name));
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	assert_int_equal(gateway_call(link, a, &request, &reply, &e), 1);
	assert_int_equal(gateway_reply_check(reply, &e), 1);
	assert_int_equal(reply->output.len, strlen(name));
	assert_memory_equal(reply->output.data, name, strlen(name));
	arena_close(&a);
}

static int claim(struct link *link, uint32_t wait_ms, size_t *n)
{
	struct arena *a = arena_open();
	struct err e;
	Rpc__Request request;
	Rpc__Claim body;
	Rpc__Reply *reply;
	rpc__request__init(&request);
	rpc__claim__init(&body);
	body.limit = 10;
	body.wait_ms = wait_ms;
	request.body_case = RPC__REQUEST__BODY_CLAIM;
	request.claim = &body;
	int got = link_ask(link, a, &request, &reply, &e);
	*n = got == 1 ? reply->n_outgoing : 0;
	arena_close(&a);
	return got;
}

static void link_without_a_desk_opens_it(void **state)
{
	const struct folder *folder = *state;
	struct link *link;
	struct err e;
	assert_int_equal(gateway_link_open(folder->path, &link, &e), 1);
	assert_true(gateway_link_local(link));
	echo(link, "local");
	assert_int_equal(gateway_link_work(link, &e), 0);
	gateway_link_close(&link);
	assert_null(link);
}

static void link_to_a_running_desk(void **state)
{
	const struct folder *folder = *state;
	struct running running;
	struct link *links[5];
	struct err e;
	start(&running, folder->path);
	for (size_t i = 0; i < COUNT(links); i++) {
		assert_int_equal(gateway_link_open(folder->path, &links[i], &e), 1);
		assert_false(gateway_link_local(links[i]));
	}
	for (size_t i = 0; i < COUNT(links); i++) {
		echo(links[i], "first");
		echo(links[i], "second");
	}
	for (size_t i = 0; i < COUNT(links); i++)
		gateway_link_close(&links[i]);
	stop(&running);
}

static void socket_is_private(void **state)
{
	const struct folder *folder = *state;
	struct running running;
	char path[2 * PATH_ROOM];
	struct stat st;
	start(&running, folder->path);
	snprintf(path, sizeof(path), "%s/%s", folder->path, DESK_SOCKET_FILE);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
	stop(&running);
}

static void link_in_a_long_path(void **state)
{
	const struct folder *folder = *state;
	char path[4 * PATH_ROOM];
	int n = snprintf(path, sizeof(path), "%s", folder->path);
	for (int i = 0; i < 4; i++) {
		n += snprintf(path + n, sizeof(path) - (size_t)n, "/%0100d", i);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	struct running running;
	struct link *link;
	struct err e;
	start(&running, path);
	assert_int_equal(gateway_link_open(path, &link, &e), 1);
	assert_false(gateway_link_local(link));
	echo(link, "long");
	gateway_link_close(&link);
	stop(&running);
}

static void a_dead_owner_leaves_a_socket(void **state)
{
	const struct folder *folder = *state;
	struct running running;
	struct link *link;
	struct err e;
	int listener;
	assert_int_equal(sock_listen(folder->path, &listener, &e), 1);
	close(listener);
	assert_int_equal(link_connect(folder->path, 0, &link, &e), -1);
	assert_int_equal(e.class, ERR_TEMP);
	start(&running, folder->path);
	assert_int_equal(link_connect(folder->path, 0, &link, &e), 1);
	gateway_link_close(&link);
	stop(&running);
}

static void a_missing_directory_is_a_wrong_configuration(void **state)
{
	(void)state;
	struct link *link;
	struct err e;
	assert_int_equal(gateway_link_open("/nonexistent/desk", &link, &e), -1);
	assert_int_equal(e.class, ERR_CONFIG);
}

static void *queue_later(void *arg)
{
	struct link *link = arg;
	usleep(30000);
	fake_queue(1, "", "a@b.example", "x");
	/* Any change wakes those who wait. */
	echo(link, "changed");
	return NULL;
}

static void a_claim_waits_for_mail(void **state)
{
	const struct folder *folder = *state;
	struct running running;
	struct link *waiting, *other;
	struct err e;
	pthread_t thread;
	size_t n;
	start(&running, folder->path);
	assert_int_equal(gateway_link_open(folder->path, &waiting, &e), 1);
	assert_int_equal(gateway_link_open(folder->path, &other, &e), 1);
	assert_int_equal(claim(waiting, 10, &n), 1);
	assert_int_equal(n, 0);
	assert_int_equal(pthread_create(&thread, NULL, queue_later, other), 0);
	assert_int_equal(claim(waiting, 60000, &n), 1);
	assert_int_equal(n, 1);
	pthread_join(thread, NULL);
	gateway_link_close(&waiting);
	gateway_link_close(&other);
	stop(&running);
}

static void *claim_long(void *arg)
{
	size_t n;
	claim(arg, 60000, &n);
	return NULL;
}

static void stopping_ends_a_held_claim(void **state)
{
	const struct folder *folder = *state;
	struct running running;
	struct link *link;
	struct err e;
	pthread_t thread;
	start(&running, folder->path);
	assert_int_equal(gateway_link_open(folder->path, &link, &e), 1);
	assert_int_equal(pthread_create(&thread, NULL, claim_long, link), 0);
	usleep(20000);
	stop(&running);
	pthread_join(thread, NULL);
	gateway_link_close(&link);
}

static void garbage_ends_only_its_connection(void **state)
{
	const struct folder *folder = *state;
	static const char garbage[] = "\0\0\0\3\377\377\377";
	struct running running;
	struct link *link;
	struct err e;
	int fd;
	char byte;
	start(&running, folder->path);
	assert_int_equal(sock_connect(folder->path, &fd, &e), 1);
	assert_int_equal(write(fd, garbage, sizeof(garbage) - 1), sizeof(garbage) - 1);
	assert_int_equal(read(fd, &byte, 1), 0);
	close(fd);
	assert_int_equal(gateway_link_open(folder->path, &link, &e), 1);
	echo(link, "still there");
	gateway_link_close(&link);
	stop(&running);
}

/* More than the server takes at once: they wait, and all are served in the end. */
static void many_connections(void **state)
{
	const struct folder *folder = *state;
	struct running running;
	struct link *links[SERVER_CONNECTIONS], *one_more;
	struct err e;
	start(&running, folder->path);
	for (size_t i = 0; i < COUNT(links); i++) {
		assert_int_equal(gateway_link_open(folder->path, &links[i], &e), 1);
		echo(links[i], "one of many");
	}
	assert_int_equal(link_connect(folder->path, 0, &one_more, &e), 1);
	gateway_link_close(&links[7]);
	echo(one_more, "in its place");
	gateway_link_close(&one_more);
	for (size_t i = 0; i < COUNT(links); i++)
		gateway_link_close(&links[i]);
	stop(&running);
}

static void status_becomes_class(void **state)
{
	(void)state;
	static const struct {
		int status;
		enum err_class class;
	} rows[] = {{65, ERR_INPUT},  {64, ERR_INPUT}, {77, ERR_DENIED}, {75, ERR_TEMP},
		    {78, ERR_CONFIG}, {70, ERR_TEMP},  {1, ERR_TEMP}};
	for (size_t i = 0; i < COUNT(rows); i++) {
		Rpc__Reply reply;
		struct err e;
		char text[] = "because";
		rpc__reply__init(&reply);
		reply.status = rows[i].status;
		reply.error = text;
		assert_int_equal(gateway_reply_check(&reply, &e), -1);
		assert_int_equal(e.class, rows[i].class);
		assert_string_equal(e.text, "because");
	}
}

int run_link_tests(void)
{
#define LINK_TEST(name) cmocka_unit_test_setup_teardown(name, setup, folder_teardown)
	const struct CMUnitTest tests[] = {
		LINK_TEST(link_without_a_desk_opens_it),
		LINK_TEST(link_to_a_running_desk),
		LINK_TEST(socket_is_private),
		LINK_TEST(link_in_a_long_path),
		LINK_TEST(a_dead_owner_leaves_a_socket),
		LINK_TEST(a_missing_directory_is_a_wrong_configuration),
		LINK_TEST(a_claim_waits_for_mail),
		LINK_TEST(stopping_ends_a_held_claim),
		LINK_TEST(garbage_ends_only_its_connection),
		LINK_TEST(many_connections),
		LINK_TEST(status_becomes_class),
	};
	return cmocka_run_group_tests_name("gateway-link", tests, NULL, NULL);
}
