/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <sysexits.h>

#include "cli.h"
#include "gateway.h"

/* ---- lists ---- */

int cli_list(struct cli *cli)
{
	return cli_call(cli, "list", cli->args, cli->n_args);
}

int cli_search(struct cli *cli)
{
	const char **args = ARENA_ARRAY(cli->arena, cli->n_args + 1, const char *);
	args[0] = "search";
	for (size_t i = 0; i < cli->n_args; i++)
		args[i + 1] = cli->args[i];
	return cli_call(cli, "list", args, cli->n_args + 1);
}

/* ---- the demonstration shop ---- */

struct demo_run {
	struct link *link;
	const char *customers, *orders, *seed;
	uint64_t next, total;
};

/* 1 and *next moved on, 0 that was all. */
static int step(struct demo_run *run, struct arena *a, struct err *e)
{
	Rpc__Request request;
	Rpc__Call call;
	Rpc__Reply *reply;
	char *args[] = {arena_str(a, slice_str(run->customers)),
			arena_str(a, slice_str(run->orders)), arena_str(a, slice_str(run->seed)),
			arena_printf(a, "%llu", (unsigned long long)run->next)};
	rpc__request__init(&request);
	rpc__call__init(&call);
	call.name = arena_str(a, SLICE("demo-data"));
	call.args = args;
	call.n_args = sizeof(args) / sizeof(args[0]);
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	if (gateway_call(run->link, a, &request, &reply, e) < 0 ||
	    gateway_reply_check(reply, e) < 0)
		return -1;
	return slice_u64(slice_of(reply->output.data, reply->output.len), &run->next);
}

static int make(struct demo_run *run, struct err *e)
{
	struct cli_progress progress;
	int more = 1;
	cli_progress_begin(&progress, "demo-data", run->total);
	while (more > 0) {
		struct arena *a = arena_open();
		more = step(run, a, e);
		arena_close(&a);
		cli_progress_at(&progress,
				more > 0 && run->next < run->total ? run->next : run->total);
	}
	cli_progress_end(&progress);
	return more;
}

int cli_demo_data(struct cli *cli)
{
	const char *orders = cli_value(cli, "orders-per-customer"), *seed = cli_value(cli, "seed");
	struct demo_run run = {.customers = cli_value(cli, "customers"),
			       .orders = orders ? orders : "10",
			       .seed = seed ? seed : "1"};
	struct err e = {ERR_NONE, ""};
	slice_u64(slice_str(run.customers), &run.total);
	if (gateway_link_open(cli->dir, &run.link, &e) < 0)
		return cli_fail(&e);
	int made = make(&run, &e);
	gateway_link_close(&run.link);
	if (made < 0)
		return cli_fail(&e);
	printf(cli->json ? "{\"customers\":%s}\n" : "%s customers are there now\n", run.customers);
	return EX_OK;
}
