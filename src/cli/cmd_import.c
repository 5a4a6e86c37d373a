/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "gateway.h"
#include "record/import_reader.h"

#define IMPORT_LINES 500	/* of one request */
#define IMPORT_AHEAD (1u << 20) /* bytes that are read before lines are sent */
#define IMPORT_LINE_MAX (16u << 20)
#define READ_SIZE 65536

/* The file is read as it is imported: memory does not grow with it. */
struct import {
	struct cli *cli;
	struct link *link;
	const char *path;
	int fd;
	bool end;	 /* of the file */
	struct buf text; /* read, and not imported yet */
	uint64_t size;	 /* of the file; 0 not known */
	uint64_t done;	 /* bytes of it */
	struct cli_progress progress;
	int64_t created, updated, unchanged, errors, remarks;
	/* Of another system's file: objects that were read and not imported yet. */
	struct buf objects;
	uint64_t n_objects;
};

static int64_t number_of(const struct json *object, const char *name)
{
	const struct json *value = json_get(object, slice_str(name));
	return value && value->kind == JSON_INTEGER ? value->integer : 0;
}

/* Errors and remarks; returns how many there were. */
static int64_t print_problems(const struct json *report, const char *list, const char *name)
{
	const struct json *problems = json_get(report, slice_str(list));
	for (const struct json *one = problems ? problems->first : NULL; one; one = one->next) {
		struct slice text = json_get_string(one, name);
		fprintf(stderr, "line %lld: %.*s\n", (long long)number_of(one, "line"),
			SLICE_ARG(text));
	}
	return problems ? (int64_t)problems->count : 0;
}

static int take_report(struct import *import, struct arena *a, struct slice text, struct err *e)
{
	struct json *report;
	if (json_parse(a, text, &report, e) < 0)
		return -1;
	import->created += number_of(report, "created");
	import->updated += number_of(report, "updated");
	import->unchanged += number_of(report, "unchanged");
	import->errors += print_problems(report, "errors", "error");
	import->remarks += print_problems(report, "remarks", "remark");
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

/* What was imported is taken off the front. */
static void drop(struct import *import, size_t n)
{
	import->done += n;
	cli_progress_at(&import->progress, import->done);
	import->text.len -= n;
	memmove(import->text.ptr, import->text.ptr + n, import->text.len);
}

/* Lines of ours go to the desk as they are. */
static int import_ours(struct import *import, struct err *e)
{
	struct slice lines;
	uint64_t line = 1, n;
	int result;
	while ((result = next_lines(import, &lines, &n, e)) == 1) {
		if (import_lines(import, lines, line, e) < 0)
			return -1;
		line += n;
		drop(import, lines.len);
	}
	return result;
}

/* ---- files of other systems ---- */

static int send_objects(struct import *import, struct err *e)
{
	int result =
		import->n_objects ? import_lines(import, buf_slice(&import->objects), 1, e) : 1;
	buf_clear(&import->objects);
	import->n_objects = 0;
	return result;
}

static int take_item(void *ctx, const struct import_item *item, struct err *e)
{
	struct import *import = ctx;
	if (item->remark.len)
		fprintf(stderr, "line %llu: %.*s\n", (unsigned long long)item->line,
			SLICE_ARG(item->remark));
	if (item->error.len) {
		import->errors++;
		fprintf(stderr, "line %llu: %.*s\n", (unsigned long long)item->line,
			SLICE_ARG(item->error));
	}
	if (!item->object)
		return 1;
	json_put(&import->objects, item->object);
	buf_putc(&import->objects, '\n');
	if (++import->n_objects < IMPORT_LINES && import->objects.len < IMPORT_AHEAD)
		return 1;
	return send_objects(import, e);
}

static int read_pieces(struct import *import, struct import_reader *reader, struct err *e)
{
	while (import->text.len) {
		if (import_reader_feed(reader, buf_slice(&import->text), e) < 0)
			return -1;
		drop(import, import->text.len);
		if (read_on(import, READ_SIZE, e) < 0)
			return -1;
	}
	return import_reader_end(reader, e) < 0 ? -1 : send_objects(import, e);
}

static int import_foreign(struct import *import, enum import_format format, struct err *e)
{
	struct import_options options = {
		.format = format,
		.channel = slice_str(cli_value(import->cli, "channel")),
		.emit = take_item,
		.ctx = import,
	};
	struct import_reader *reader = import_reader_open(&options);
	buf_init(&import->objects, IMPORT_AHEAD + 2 * IMPORT_OBJECT_MAX);
	int result = read_pieces(import, reader, e);
	buf_release(&import->objects);
	import_reader_close(&reader);
	return result;
}

static int import_all(struct import *import, struct err *e)
{
	const char *named = cli_value(import->cli, "format");
	enum import_format format = IMPORT_UNKNOWN;
	if ((named && import_format_find(slice_str(named), &format, e) < 0) ||
	    read_on(import, IMPORT_AHEAD, e) < 0)
		return -1;
	if (!format)
		format = import_format_recognise(buf_slice(&import->text));
	cli_progress_begin(&import->progress, "import", import->size);
	/* What is no file of theirs may be ours with a mistake in it: each line tells. */
	int result = format == IMPORT_JSONL || !format ? import_ours(import, e)
						       : import_foreign(import, format, e);
	cli_progress_end(&import->progress);
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
		       ? "{\"created\":%lld,\"updated\":%lld,\"unchanged\":%lld,\"errors\":%lld,"
			 "\"remarks\":%lld}\n"
		       : "%lld created, %lld updated, %lld unchanged, %lld errors, %lld remarks\n",
	       (long long)import.created, (long long)import.updated, (long long)import.unchanged,
	       (long long)import.errors, (long long)import.remarks);
	if (result < 0)
		return cli_fail(&e);
	return import.errors ? EX_DATAERR : EX_OK;
}
