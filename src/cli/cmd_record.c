/* SPDX-License-Identifier: ISC */
#include "cli.h"

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
