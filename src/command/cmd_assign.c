/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/agent.h"

/* "me", "nobody", or a name; *agent is 0 for nobody. */
static int find_agent(const struct command_context *ctx, const struct command_line *line,
		      uint64_t *agent, struct err *e)
{
	struct slice name = line_text(line, "agent");
	Rec__Agent *found;
	*agent = ctx->change->agent;
	/* The command line may act for nobody: then "me" means nobody in particular. */
	if (slice_eq_nocase(name, SLICE("me")))
		return *agent ? 1 : err_set(e, ERR_INPUT, "you are no agent: name one");
	*agent = 0;
	if (slice_eq_nocase(name, SLICE("nobody")))
		return 1;
	int got = agent_find_name(ctx->change->txn, ctx->change->arena, name, &found, e);
	if (got == 0 || (got > 0 && found->inactive))
		return err_set(e, ERR_INPUT, "there is no agent %.*s", SLICE_ARG(name));
	*agent = got > 0 ? found->id : 0;
	return got;
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	uint64_t agent;
	if (line_check_thread(ctx, line, THREAD_ASSIGN, e) < 0)
		return -1;
	/* Without a name it is asked what could be done, not to do it. */
	return command_arg(line, "agent") ? find_agent(ctx, line, &agent, e) : 1;
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct slice name = line_text(line, "agent");
	uint64_t thread, agent;
	(void)result;
	if (line_thread(ctx, line, &thread, e) < 0 || find_agent(ctx, line, &agent, e) < 0)
		return -1;
	/* 0: it was so already, which is what was wanted. */
	int got = thread_assign(ctx->change, thread, agent, e);
	if (got < 0)
		return -1;
	if (slice_eq_nocase(name, SLICE("me")))
		name = ctx->change->actor;
	buf_printf(out, "T%llu is %.*s's%s", (unsigned long long)thread, SLICE_ARG(name),
		   got ? "" : " already");
	return 1;
}

static const struct command_param params[] = {
	{.name = "thread", .type = COMMAND_ID, .letters = "T", .optional = true},
	{.name = "agent", .type = COMMAND_WORD},
	{.name = NULL},
};

const struct command_row cmd_assign = {
	.verb = "assign",
	.help = "Gives a thread to an agent, to me or to nobody",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_TRIAGE,
	.offer = " me",
	.check = check,
	.apply = apply,
};
