/* SPDX-License-Identifier: ISC */
#include "cli.h"

/* "paytype set NAME FIELD=VALUE…": the desk knows which table and what to do. */
int cli_table(struct cli *cli)
{
	struct slice verb = slice_str(cli->row->verb), word, action;
	const char **args = ARENA_ARRAY(cli->arena, cli->n_args + 2, const char *);
	slice_cut(&verb, ' ', &word);
	action = verb;
	args[0] = arena_str(cli->arena, word);
	args[1] = arena_str(cli->arena, action);
	for (size_t i = 0; i < cli->n_args; i++)
		args[2 + i] = cli->args[i];
	return cli_call(cli, "table", args, cli->n_args + 2);
}
