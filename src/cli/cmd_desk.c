/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <sysexits.h>

#include "cli.h"
#include "desk.h"
#include "gateway.h"

static struct slice value_or(const struct cli *cli, const char *name, const char *otherwise)
{
	const char *value = cli_value(cli, name);
	return slice_str(value ? value : otherwise);
}

int cli_init(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	struct desk_shop shop = {
		.name = value_or(cli, "shop", ""),
		.address = value_or(cli, "address", ""),
		.language = value_or(cli, "language", "en"),
		.currency = value_or(cli, "currency", "EUR"),
		.time_zone = value_or(cli, "time-zone", "UTC"),
		.country = value_or(cli, "country", ""),
	};
	if (desk_create(cli->args[0], &shop, &e) < 0)
		return cli_fail(&e);
	printf("There is a desk in %s now.\n"
	       "  postclerk --desk %s agent add ann ann@shop.example --role admin\n"
	       "  postclerk --desk %s ingest --wait mail.eml\n"
	       "Mailboxes and SMTP are switched on in %s/%s.\n",
	       cli->args[0], cli->args[0], cli->args[0], cli->args[0], DESK_CONF_FILE);
	return EX_OK;
}

int cli_serve(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	struct gateway_serve options = {.process = cli_value(cli, "process")};
	return gateway_serve(cli->dir, &options, &e) < 0 ? cli_fail(&e) : EX_OK;
}

int cli_fetch(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	struct gateway_fetched done = {0};
	int result = gateway_fetch(cli->dir, &done, &e);
	printf(cli->json ? "{\"mailboxes\":%zu,\"failed\":%zu,\"mails\":%zu,\"known\":%zu,"
			   "\"owed\":%zu,\"settled\":%zu}\n"
			 : "%zu mailboxes taken, %zu failed; %zu mails, %zu known, %zu owed, "
			   "%zu settled\n",
	       done.mailboxes, done.failed, done.mails, done.known, done.owed, done.settled);
	return result < 0 ? cli_fail(&e) : EX_OK;
}

int cli_send(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	struct gateway_sent done = {0};
	int result = gateway_send(cli->dir, &done, &e);
	printf(cli->json ? "{\"sent\":%zu,\"retry\":%zu,\"unknown\":%zu,\"refused\":%zu}\n"
			 : "%zu sent, %zu later, %zu unknown, %zu refused\n",
	       done.sent, done.retry, done.unknown, done.refused);
	return result < 0 ? cli_fail(&e) : EX_OK;
}

int cli_tick(struct cli *cli)
{
	return cli_call(cli, "tick", NULL, 0);
}

static void print_finding(void *ctx, const char *finding)
{
	(void)ctx;
	puts(finding);
}

int cli_fsck(struct cli *cli)
{
	struct err e = {ERR_NONE, ""};
	/* The pages can only be proved while nobody has them open. */
	int proved = desk_verify(cli->dir, print_finding, NULL, &e);
	if (proved < 0 && e.class != ERR_TEMP)
		return cli_fail(&e);
	if (proved < 0)
		fprintf(stderr, "a desk is running: its pages were not looked at\n");
	int status = cli_call(cli, "fsck", NULL, 0);
	return proved == 0 && status == EX_OK ? EX_DATAERR : status;
}
