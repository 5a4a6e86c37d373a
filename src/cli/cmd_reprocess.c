/* SPDX-License-Identifier: ISC */
#include <pwd.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "gateway.h"
#include "schema.h"

/* Quarantined mails, listed and taken up again one by one over one link. */
struct again {
	struct cli *cli;
	struct link *link;
	size_t left; /* in quarantine */
};

/* For the history. */
static const char *user_name(void)
{
	const struct passwd *user = getpwuid(getuid());
	return user ? user->pw_name : "the command line";
}

/* 1 and the output of a call, in memory of the arena. */
static int ask(struct again *again, struct arena *a, const char *name, const char *arg, bool json,
	       struct slice *output, struct err *e)
{
	Rpc__Request request;
	Rpc__Call call;
	Rpc__Reply *reply;
	char *args[1] = {arena_str(a, slice_str(arg))};
	rpc__request__init(&request);
	rpc__call__init(&call);
	call.name = arena_str(a, slice_str(name));
	call.args = args;
	call.n_args = arg ? 1 : 0;
	call.json = json;
	call.user = arena_str(a, slice_str(user_name()));
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	if (gateway_call(again->link, a, &request, &reply, e) < 0 ||
	    gateway_reply_check(reply, e) < 0)
		return -1;
	*output = slice_of(reply->output.data, reply->output.len);
	return 1;
}

static int list(struct again *again, struct err *e)
{
	struct slice output;
	if (ask(again, again->cli->arena, "quarantine", NULL, again->cli->json, &output, e) < 0)
		return -1;
	return cli_write(output, e);
}

static void print_result(const char *id, const struct json *result)
{
	struct slice word = json_get_string(result, "result");
	struct slice thread = json_get_string(result, "thread");
	if (slice_eq(word, SLICE("quarantined")))
		printf("%s still cannot be read: %.*s\n", id,
		       SLICE_ARG(json_get_string(result, "reason")));
	else if (slice_eq(word, SLICE("done")))
		printf("%s taken up%s%.*s\n", id, thread.len ? " as " : "; it belongs to no thread",
		       SLICE_ARG(thread));
	else
		printf("%s is not in quarantine (any more)\n", id);
}

/* One mail: what came of it is a line on standard output. */
static int take_up(struct again *again, const char *id, struct err *e)
{
	struct arena *a = arena_open();
	struct slice output;
	struct json *result = NULL;
	int done = ask(again, a, "reprocess", id, true, &output, e);
	if (done == 1)
		done = json_parse(a, output, &result, e);
	if (done == 1) {
		struct slice word = json_get_string(result, "result");
		again->left += slice_eq(word, SLICE("quarantined"));
		if (again->cli->json)
			done = cli_write(output, e);
		else
			print_result(id, result);
	}
	arena_close(&a);
	return done;
}

static int take_up_each(struct again *again, const char *const *ids, size_t n, struct err *e)
{
	struct cli_progress progress;
	int result = 1;
	cli_progress_begin(&progress, "reprocess", n);
	/* Where its lines are seen they are the progress. */
	progress.on = progress.on && !isatty(STDOUT_FILENO);
	for (size_t i = 0; i < n && result == 1; i++) {
		if (isatty(STDOUT_FILENO) && n > 1 && !again->cli->json)
			printf("[%zu/%zu] ", i + 1, n);
		result = take_up(again, ids[i], e);
		cli_progress_at(&progress, i + 1);
	}
	cli_progress_end(&progress);
	return result;
}

/* Their numbers, from the list a program would get. */
static int take_up_all(struct again *again, struct err *e)
{
	struct arena *a = again->cli->arena;
	struct slice rest, line;
	const char **ids = NULL;
	size_t n = 0, room = 0;
	if (ask(again, a, "quarantine", NULL, true, &rest, e) < 0)
		return -1;
	while (slice_line(&rest, &line)) {
		struct json *entry;
		if (json_parse(a, line, &entry, e) < 0)
			return -1;
		const struct json *journal = json_get(entry, SLICE("journal"));
		arena_grow(a, &ids, n, &room, sizeof(*ids));
		ids[n++] = arena_printf(a, "%lld", journal ? (long long)journal->integer : 0);
	}
	return take_up_each(again, ids, n, e);
}

int cli_reprocess(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	struct again again = {.cli = cli};
	bool all = cli_value(cli, "all") != NULL;
	if (gateway_link_open(cli->dir, &again.link, &e) < 0)
		return cli_fail(&e);
	int result = all	   ? take_up_all(&again, &e)
		     : cli->n_args ? take_up_each(&again, cli->args, cli->n_args, &e)
				   : list(&again, &e);
	gateway_link_close(&again.link);
	if (result < 0)
		return cli_fail(&e);
	return again.left ? EX_DATAERR : EX_OK;
}
