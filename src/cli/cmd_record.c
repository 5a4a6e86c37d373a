/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <sysexits.h>

#include "cli.h"
#include "gateway.h"

#define IMPORT_MAX (1u << 30)
#define IMPORT_LINES 500

int cli_do(struct cli *cli)
{
	const char *thread = cli_value(cli, "thread");
	const char *args[] = {cli->args[0], cli_value(cli, "as"), thread ? thread : ""};
	return cli_call(cli, "do", args, 3);
}

int cli_show(struct cli *cli)
{
	return cli_call(cli, "show", cli->args, 1);
}

int cli_export(struct cli *cli)
{
	return cli_call(cli, "export", NULL, 0);
}

int cli_agent_add(struct cli *cli)
{
	const char *full_name = cli_value(cli, "full-name"), *language = cli_value(cli, "language");
	const char *args[] = {cli->args[0], cli->args[1], cli_value(cli, "role"),
			      full_name ? full_name : "", language ? language : ""};
	return cli_call(cli, "agent-add", args, 5);
}

int cli_agent_list(struct cli *cli)
{
	return cli_call(cli, "agent-list", NULL, 0);
}

int cli_agent_revoke(struct cli *cli)
{
	const char *args[] = {cli->args[0], cli_value(cli, "leave") ? "leave" : ""};
	return cli_call(cli, "agent-revoke", args, 2);
}

/* ---- import ---- */

struct import {
	struct cli *cli;
	struct link *link;
	int64_t created, updated, unchanged, errors;
};

static int64_t number_of(const struct json *object, const char *name)
{
	const struct json *value = json_get(object, slice_str(name));
	return value && value->kind == JSON_INTEGER ? value->integer : 0;
}

static void print_error(const struct import *import, const struct json *error)
{
	struct slice text = json_get_string(error, "error");
	if (!import->cli->json)
		fprintf(stderr, "line %lld: %.*s\n", (long long)number_of(error, "line"),
			SLICE_ARG(text));
}

static int take_report(struct import *import, struct arena *a, struct slice text, struct err *e)
{
	struct json *report;
	if (json_parse(a, text, &report, e) < 0)
		return -1;
	import->created += number_of(report, "created");
	import->updated += number_of(report, "updated");
	import->unchanged += number_of(report, "unchanged");
	const struct json *errors = json_get(report, SLICE("errors"));
	for (const struct json *error = errors ? errors->first : NULL; error; error = error->next) {
		import->errors++;
		print_error(import, error);
	}
	return 1;
}

static int import_lines(struct import *import, struct slice lines, uint64_t first, struct err *e)
{
	struct arena *a = arena_open();
	Rpc__Request request;
	Rpc__Call call;
	Rpc__Reply *reply;
	char *number = arena_printf(a, "%llu", (unsigned long long)first);
	rpc__request__init(&request);
	rpc__call__init(&call);
	call.name = arena_str(a, SLICE("import"));
	call.args = &number;
	call.n_args = 1;
	call.input.len = lines.len;
	memcpy(&call.input.data, &lines.ptr, sizeof(lines.ptr));
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	int result = gateway_call(import->link, a, &request, &reply, e);
	if (result == 1)
		result = gateway_reply_check(reply, e);
	if (result == 1)
		result = take_report(import, a, slice_of(reply->output.data, reply->output.len), e);
	arena_close(&a);
	return result;
}

/* The next IMPORT_LINES lines of the file as they stand. */
static struct slice take_lines(struct slice *rest, uint64_t *n)
{
	struct slice start = *rest, line;
	*n = 0;
	while (*n < IMPORT_LINES && slice_line(rest, &line))
		++*n;
	return slice_sub(start, 0, start.len - rest->len);
}

static int import_all(struct import *import, struct slice text, struct err *e)
{
	struct cli_progress progress;
	uint64_t line = 1, n;
	struct slice rest = text;
	int result = 1;
	cli_progress_begin(&progress, "import", text.len);
	while (rest.len && result == 1) {
		struct slice lines = take_lines(&rest, &n);
		result = import_lines(import, lines, line, e);
		line += n;
		cli_progress_at(&progress, text.len - rest.len);
	}
	cli_progress_end(&progress);
	return result;
}

int cli_import(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	struct import import = {.cli = cli};
	struct slice text;
	if (cli_read(cli, cli->args[0], IMPORT_MAX, &text, &e) < 0 ||
	    gateway_link_open(cli->dir, &import.link, &e) < 0)
		return cli_fail(&e);
	int result = import_all(&import, text, &e);
	gateway_link_close(&import.link);
	printf(cli->json
		       ? "{\"created\":%lld,\"updated\":%lld,\"unchanged\":%lld,\"errors\":%lld}\n"
		       : "%lld created, %lld updated, %lld unchanged, %lld errors\n",
	       (long long)import.created, (long long)import.updated, (long long)import.unchanged,
	       (long long)import.errors);
	if (result < 0)
		return cli_fail(&e);
	return import.errors ? EX_DATAERR : EX_OK;
}
