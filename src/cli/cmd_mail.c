/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "gateway.h"
#include "mail.h"
#include "mail_inspect.h"

#define INGEST_HEAD (256u << 10) /* what is taken of a mail over the limit */
#define INGEST_SIZE_MAX (512u << 20)
#define INSPECT_SIZE_MAX (64u << 20)
#define INSPECT_OUTPUT_MAX (256u << 20)

/* ---- ingest ---- */

static void fill_mail(struct cli *cli, Rpc__Mail *mail, struct slice raw, const char *source)
{
	rpc__mail__init(mail);
	mail->source = arena_str(cli->arena, slice_str(source));
	mail->size = raw.len;
	mail->truncated = raw.len > MAIL_SIZE_MAX;
	mail->raw.len = mail->truncated ? INGEST_HEAD : raw.len;
	memcpy(&mail->raw.data, &raw.ptr, sizeof(raw.ptr));
}

/*
 * MAIL.md 2: without --wait it is silent and 0 once the mail is journaled,
 * whatever the mail says, and 75 on every failure, so that the MTA keeps it.
 */
static int ingest_status(const struct cli *cli, const Rpc__Reply *reply, struct err *e)
{
	if (!cli_value(cli, "wait"))
		return reply->status ? EX_TEMPFAIL : EX_OK;
	if (gateway_reply_check(reply, e) < 0)
		return cli_fail(e);
	int status = EX_OK;
	for (size_t i = 0; i < reply->n_outcomes; i++) {
		const Rpc__Outcome *outcome = reply->outcomes[i];
		if (cli->json)
			printf("{\"journal\":%llu,\"state\":\"%s\",\"refused\":%s,\"thread\":%llu}"
			       "\n",
			       (unsigned long long)outcome->journal, outcome->state,
			       outcome->refused ? "true" : "false",
			       (unsigned long long)outcome->thread);
		else
			fputs(outcome->transcript, stdout);
		if (outcome->refused)
			status = EX_DATAERR;
	}
	return fflush(stdout) == 0 ? status : EX_TEMPFAIL;
}

static int ingest_one(struct cli *cli, struct link *link, struct slice raw, const char *source)
{
	struct err e = {ERR_NONE, ""};
	Rpc__Request request;
	Rpc__Deliver deliver;
	Rpc__Mail mail, *mails[1] = {&mail};
	Rpc__Reply *reply;
	rpc__request__init(&request);
	rpc__deliver__init(&deliver);
	fill_mail(cli, &mail, raw, source);
	deliver.mails = mails;
	deliver.n_mails = 1;
	deliver.wait = cli_value(cli, "wait") != NULL;
	request.body_case = RPC__REQUEST__BODY_DELIVER;
	request.deliver = &deliver;
	if (gateway_call(link, cli->arena, &request, &reply, &e) < 0) {
		cli_fail(&e);
		return EX_TEMPFAIL;
	}
	if (reply->status && !deliver.wait)
		fprintf(stderr, "postclerk: %s\n", reply->error);
	return ingest_status(cli, reply, &e);
}

static int ingest_read(struct cli *cli, struct link *link, const char *path, const char *source)
{
	struct err e = {ERR_NONE, ""};
	struct slice raw;
	if (cli_read(cli, path, INGEST_SIZE_MAX, &raw, &e) < 0) {
		cli_fail(&e);
		return cli_value(cli, "wait") ? EX_NOINPUT : EX_TEMPFAIL;
	}
	return ingest_one(cli, link, raw, source);
}

/* With memory of its own: a Maildir may hold any number of mails. */
static int ingest_file(struct cli *cli, struct link *link, const char *path, const char *source)
{
	struct arena *whole_run = cli->arena, *a = arena_open();
	cli->arena = a;
	int status = ingest_read(cli, link, path, source);
	cli->arena = whole_run;
	arena_close(&a);
	return status;
}

/* Of several mails: to try again outweighs a refusal, and that what was taken. */
static int worse(int a, int b)
{
	return a > b ? a : b;
}

/* A mail leaves new/ only when its journaling is on the disk. */
static int ingest_maildir(struct cli *cli, struct link *link, const char *maildir)
{
	char *fresh = arena_printf(cli->arena, "%s/new", maildir);
	DIR *dir = opendir(fresh);
	int status = EX_OK;
	if (!dir) {
		fprintf(stderr, "postclerk: %s cannot be read: %s\n", fresh, strerror(errno));
		return EX_TEMPFAIL;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		char *path = arena_printf(cli->arena, "%s/%s", fresh, entry->d_name);
		char *done = arena_printf(cli->arena, "%s/cur/%s:2,S", maildir, entry->d_name);
		int one = ingest_file(cli, link, path, "maildir");
		if ((one == EX_OK || one == EX_DATAERR) && rename(path, done) < 0)
			one = EX_TEMPFAIL;
		status = worse(status, one);
	}
	closedir(dir);
	return status;
}

int cli_ingest(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	struct link *link;
	const char *maildir = cli_value(cli, "maildir");
	if (gateway_link_open(cli->dir, &link, &e) < 0) {
		cli_fail(&e);
		return cli_value(cli, "wait") ? err_exit_status(e.class) : EX_TEMPFAIL;
	}
	int status = EX_OK;
	if (maildir)
		status = ingest_maildir(cli, link, maildir);
	else if (!cli->n_args)
		status = ingest_file(cli, link, "-", "pipe");
	for (size_t i = 0; i < cli->n_args; i++)
		status = worse(status, ingest_file(cli, link, cli->args[i], "pipe"));
	gateway_link_close(&link);
	return status;
}

/* ---- mail inspect ---- */

static int inspect_file(struct cli *cli, const char *path)
{
	struct err e = {ERR_NONE, ""};
	struct slice raw;
	struct mail *m;
	struct buf out;
	struct arena *whole_run = cli->arena, *a = arena_open();
	cli->arena = a;
	int taken = cli_read(cli, path, INSPECT_SIZE_MAX, &raw, &e);
	cli->arena = whole_run;
	if (taken < 0) {
		arena_close(&a);
		return cli_fail(&e);
	}
	/* Over a limit the mail still holds what was read before it; that is shown. */
	bool whole = mail_parse(a, raw, NULL, &m, &e) == 1;
	buf_init(&out, INSPECT_OUTPUT_MAX);
	int result = mail_inspect_json(m, path, a, &out);
	struct err failed = {ERR_NONE, ""};
	if (result < 0 || buf_failed(&out))
		result = err_set(&failed, ERR_INPUT, "%s: its JSON is too large", path);
	else
		result = cli_write(buf_slice(&out), &failed);
	buf_release(&out);
	arena_close(&a);
	if (result < 0)
		return cli_fail(&failed);
	if (!whole)
		fprintf(stderr, "postclerk: %s: %s\n", path, e.text);
	return EX_OK;
}

int cli_mail_inspect(struct cli *cli)
{
	int status = EX_OK;
	for (size_t i = 0; i < cli->n_args; i++) {
		int one = inspect_file(cli, cli->args[i]);
		if (one != EX_OK)
			status = one;
	}
	return status;
}
