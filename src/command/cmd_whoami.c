/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/agent.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct change *ch = ctx->change;
	(void)line;
	(void)result;
	(void)e;
	buf_printf(out, "you are %.*s (%.*s)\n", SLICE_ARG(ch->actor),
		   SLICE_ARG(agent_role_text(ch->role)));
	buf_put(out, ctx->whoami);
	return 1;
}

static const struct command_param params[] = {{.name = NULL}};

const struct command_row cmd_whoami = {
	.verb = "whoami",
	.help = "Says who you are to the desk, which proofs this very mail carried, and why",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply,
};
