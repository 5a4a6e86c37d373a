/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "gateway.h"

#define IMPORT_LINES 500	/* of one request */
#define IMPORT_AHEAD (1u << 20) /* bytes that are read before lines are sent */
#define IMPORT_LINE_MAX (16u << 20)
#define READ_SIZE 65536

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
	return cli_call_pages(cli, "export");
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

/* The file is read as it is imported: memory does not grow with it. */
struct import {
	struct cli *cli;
	struct link *link;
	const char *path;
	int fd;
	bool end;	 /* of the file */
	struct buf text; /* read, and not imported yet */
	uint64_t size;	 /* of the file; 0 not known */
	int64_t created, updated, unchanged, errors;
};

static int64_t number_of(const struct json *object, const char *name)
{
	const struct json *value = json_get(object, slice_str(name));
	return value && value->kind == JSON_INTEGER ? value->integer : 0;
}

static void print_error(const struct json *error)
{
	struct slice text = json_get_string(error, "error");
	fprintf(stderr, "line %lld: %.*s\n", (long long)number_of(error, "line"), SLICE_ARG(text));
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
		print_error(error);
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

/* Reads on until there are so many bytes, or no more. */
static int read_on(struct import *import, size_t wanted, struct err *e)
{
	while (!import->end && import->text.len < wanted) {
		char *room = buf_reserve(&import->text, READ_SIZE);
		ssize_t n = room ? read(import->fd, room, READ_SIZE) : -1;
		if (n < 0 && errno != EINTR)
			return err_set(e, ERR_INPUT, "%s cannot be read: %s", import->path,
				       strerror(errno));
		import->end = n == 0;
		import->text.len += n > 0 ? (size_t)n : 0;
	}
	return 1;
}

/* The whole lines of what was read, IMPORT_LINES at most; the last one may have no end. */
static struct slice whole_lines(const struct import *import, uint64_t *n)
{
	struct slice text = buf_slice(&import->text), rest = text;
	for (*n = 0; *n < IMPORT_LINES && rest.len; ++*n) {
		ptrdiff_t end = slice_chr(rest, '\n');
		if (end < 0 && !import->end)
			break;
		rest = slice_sub(rest, end < 0 ? rest.len : (size_t)end + 1, rest.len);
	}
	return slice_sub(text, 0, text.len - rest.len);
}

/* 1 and some lines, 0 at the end of the file. */
static int next_lines(struct import *import, struct slice *lines, uint64_t *n, struct err *e)
{
	for (size_t ahead = IMPORT_AHEAD; ahead <= IMPORT_LINE_MAX; ahead *= 2) {
		if (read_on(import, ahead, e) < 0)
			return -1;
		*lines = whole_lines(import, n);
		if (lines->len || import->end)
			return lines->len > 0;
	}
	return err_set(e, ERR_INPUT, "%s has a line of more than %u bytes", import->path,
		       IMPORT_LINE_MAX);
}

static int import_all(struct import *import, struct err *e)
{
	struct cli_progress progress;
	struct slice lines;
	uint64_t line = 1, done = 0, n;
	int result;
	cli_progress_begin(&progress, "import", import->size);
	while ((result = next_lines(import, &lines, &n, e)) == 1) {
		result = import_lines(import, lines, line, e);
		if (result < 0)
			break;
		line += n;
		done += lines.len;
		cli_progress_at(&progress, done);
		import->text.len -= lines.len;
		memmove(import->text.ptr, import->text.ptr + lines.len, import->text.len);
	}
	cli_progress_end(&progress);
	return result;
}

static int open_source(struct import *import, struct err *e)
{
	struct stat st;
	bool standard = strcmp(import->path, "-") == 0;
	import->fd = standard ? STDIN_FILENO : open(import->path, O_RDONLY | O_CLOEXEC);
	if (import->fd < 0)
		return err_set(e, ERR_INPUT, "%s cannot be read: %s", import->path,
			       strerror(errno));
	if (fstat(import->fd, &st) == 0 && S_ISREG(st.st_mode))
		import->size = (uint64_t)st.st_size;
	return 1;
}

int cli_import(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	struct import import = {.cli = cli, .path = cli->args[0]};
	if (open_source(&import, &e) < 0 || gateway_link_open(cli->dir, &import.link, &e) < 0)
		return cli_fail(&e);
	buf_init(&import.text, IMPORT_LINE_MAX + 2 * READ_SIZE);
	int result = import_all(&import, &e);
	buf_release(&import.text);
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
