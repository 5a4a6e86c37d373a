/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "gateway.h"

#define READ_SIZE 65536

const char *cli_value(const struct cli *cli, const char *name)
{
	for (size_t i = 0; cli->row->options[i].name; i++)
		if (strcmp(cli->row->options[i].name, name) == 0)
			return cli->values[i];
	return NULL;
}

int cli_fail(const struct err *e)
{
	fprintf(stderr, "postclerk: %s\n", e->text);
	return err_exit_status(e->class);
}

int cli_write(struct slice text, struct err *e)
{
	if (fwrite(text.ptr, 1, text.len, stdout) != text.len || fflush(stdout) != 0)
		return err_set(e, ERR_TEMP, "standard output cannot be written: %s",
			       strerror(errno));
	return 1;
}

static int slurp(int fd, struct buf *out)
{
	for (;;) {
		char *room = buf_reserve(out, READ_SIZE);
		if (!room)
			return -1;
		ssize_t n = read(fd, room, READ_SIZE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		out->len += (size_t)n;
	}
}

int cli_read(struct cli *cli, const char *path, size_t max, struct slice *text, struct err *e)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buf bytes;
	if (fd < 0)
		return err_set(e, ERR_INPUT, "%s cannot be read: %s", path, strerror(errno));
	buf_init(&bytes, max + 2 * READ_SIZE);
	int failed = slurp(fd, &bytes);
	if (!standard)
		close(fd);
	if (failed < 0 && !buf_failed(&bytes))
		err_set(e, ERR_INPUT, "%s cannot be read: %s", path, strerror(errno));
	else if (failed < 0 || bytes.len > max)
		failed = err_set(e, ERR_INPUT, "%s is larger than %zu bytes", path, max);
	if (failed == 0)
		*text = arena_copy(cli->arena, buf_slice(&bytes));
	buf_release(&bytes);
	return failed < 0 ? -1 : 1;
}

/* 1 and the reply, of whatever status. */
static int get(struct link *link, struct arena *a, Rpc__Call *call, Rpc__Reply **reply,
	       struct err *e)
{
	Rpc__Request request;
	rpc__request__init(&request);
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = call;
	return gateway_call(link, a, &request, reply, e);
}

/* Asks and prints. */
static int ask(struct link *link, struct arena *a, Rpc__Call *call, Rpc__Reply **reply,
	       struct err *e)
{
	if (get(link, a, call, reply, e) < 0)
		return -1;
	return cli_write(slice_of((*reply)->output.data, (*reply)->output.len), e);
}

static int status_of(const Rpc__Reply *reply)
{
	struct err e = {ERR_NONE, ""};
	if (gateway_reply_check(reply, &e) < 0)
		fprintf(stderr, "postclerk: %s\n", e.text);
	return reply->status;
}

static void make_call(struct cli *cli, const char *name, const char *const *args, size_t n_args,
		      Rpc__Call *call)
{
	rpc__call__init(call);
	call->name = arena_str(cli->arena, slice_str(name));
	call->args = ARENA_ARRAY(cli->arena, n_args + 1, char *);
	for (size_t i = 0; i < n_args; i++)
		call->args[i] = arena_str(cli->arena, slice_str(args[i]));
	call->n_args = n_args;
	call->json = cli->json;
}

int cli_call(struct cli *cli, const char *name, const char *const *args, size_t n_args)
{
	struct err e = {ERR_NONE, ""};
	struct link *link;
	Rpc__Call call;
	Rpc__Reply *reply;
	make_call(cli, name, args, n_args, &call);
	if (gateway_link_open(cli->dir, &link, &e) < 0)
		return cli_fail(&e);
	int result = ask(link, cli->arena, &call, &reply, &e);
	gateway_link_close(&link);
	return result < 0 ? cli_fail(&e) : status_of(reply);
}

int cli_call_for(struct cli *cli, const char *name, const char *const *args, size_t n_args,
		 struct slice *output)
{
	struct err e = {ERR_NONE, ""};
	struct link *link;
	Rpc__Call call;
	Rpc__Reply *reply;
	make_call(cli, name, args, n_args, &call);
	if (gateway_link_open(cli->dir, &link, &e) < 0)
		return cli_fail(&e);
	int result = get(link, cli->arena, &call, &reply, &e);
	gateway_link_close(&link);
	if (result < 0)
		return cli_fail(&e);
	*output = slice_of(reply->output.data, reply->output.len);
	return status_of(reply);
}

int cli_call_pages(struct cli *cli, const char *name)
{
	struct err e = {ERR_NONE, ""};
	struct link *link;
	Rpc__Call call;
	Rpc__Reply *reply;
	int status;
	rpc__call__init(&call);
	call.name = arena_str(cli->arena, slice_str(name));
	call.json = cli->json;
	if (gateway_link_open(cli->dir, &link, &e) < 0)
		return cli_fail(&e);
	do {
		struct arena *a = arena_open();
		status = ask(link, a, &call, &reply, &e) < 0 ? cli_fail(&e) : status_of(reply);
		if (status == EX_OK) {
			struct slice next =
				arena_copy(cli->arena, slice_of(reply->next.data, reply->next.len));
			call.input.len = next.len;
			memcpy(&call.input.data, &next.ptr, sizeof(next.ptr));
		}
		arena_close(&a);
	} while (status == EX_OK && call.input.len);
	gateway_link_close(&link);
	return status;
}

/* ---- progress ---- */

#define BAR_WIDTH 30

void cli_progress_begin(struct cli_progress *p, const char *what, uint64_t total)
{
	*p = (struct cli_progress){.what = what, .total = total, .on = isatty(STDERR_FILENO)};
}

void cli_progress_at(struct cli_progress *p, uint64_t done)
{
	uint64_t percent = p->total ? done * 100 / p->total : 100;
	if (!p->on || (percent == p->shown && done < p->total))
		return;
	p->shown = percent;
	int filled = (int)(percent * BAR_WIDTH / 100);
	fprintf(stderr, "\r%s [%.*s%*s] %3d %%", p->what, filled, "##############################",
		BAR_WIDTH - filled, "", (int)percent);
}

void cli_progress_end(struct cli_progress *p)
{
	if (p->on)
		fputc('\n', stderr);
}
