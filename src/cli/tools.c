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

int cli_call(struct cli *cli, const char *name, const char *const *args, size_t n_args)
{
	struct err e = {ERR_NONE, ""};
	struct link *link;
	Rpc__Request request;
	Rpc__Call call;
	Rpc__Reply *reply;
	rpc__request__init(&request);
	rpc__call__init(&call);
	call.name = arena_str(cli->arena, slice_str(name));
	call.args = ARENA_ARRAY(cli->arena, n_args + 1, char *);
	for (size_t i = 0; i < n_args; i++)
		call.args[i] = arena_str(cli->arena, slice_str(args[i]));
	call.n_args = n_args;
	call.json = cli->json;
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	if (gateway_link_open(cli->dir, &link, &e) < 0)
		return cli_fail(&e);
	int result = gateway_call(link, cli->arena, &request, &reply, &e);
	gateway_link_close(&link);
	if (result < 0)
		return cli_fail(&e);
	if (cli_write(slice_of(reply->output.data, reply->output.len), &e) < 0)
		return cli_fail(&e);
	if (gateway_reply_check(reply, &e) < 0)
		fprintf(stderr, "postclerk: %s\n", e.text);
	return reply->status;
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
