/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <sysexits.h>

#include "cli.h"
#include "template_eval.h"

int cli_template_eval(struct cli *cli)
{
	(void)cli;
	return template_eval_jsonl(stdin, stdout) < 0 ? EX_IOERR : EX_OK;
}

int cli_template_check(struct cli *cli)
{
	return cli_call(cli, "template-check", NULL, 0);
}
