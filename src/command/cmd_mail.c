/* SPDX-License-Identifier: ISC */
#include "private.h"

/* Which templates there are is the desk's to know: it composes the event into a mail. */
static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct id *id = &command_arg(line, "object")->id;
	struct slice template = line_text(line, "template");
	(void)e;
	change_event(ctx->change, "mail.requested", id->letter, id->number, template);
	/* The text below the block goes into this mail, and into no second one. */
	result->mails = true;
	buf_printf(out, "mail \"%.*s\" about %s", SLICE_ARG(template),
		   id_print(ctx->change->arena, id));
	return 1;
}

static const struct command_param params[] = {
	{.name = "object", .type = COMMAND_ID, .letters = "OCT"},
	{.name = "template", .type = COMMAND_WORD, .named = true},
	{.name = NULL},
};

const struct command_row cmd_mail = {
	.verb = "mail",
	.help = "Sends the customer the mail of a template, with the text below the block in it",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_CUSTOMER,
	.offer = " template=",
	.apply = apply,
};
