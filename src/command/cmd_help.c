/* SPDX-License-Identifier: ISC */
#include "private.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct slice verb = line_text(line, "verb");
	struct buf text;
	(void)ctx;
	buf_init(&text, 1 << 16);
	int found = command_help(verb, &text);
	buf_release(&text);
	return found ? 1
		     : err_set(e, ERR_INPUT, "there is no command %.*s; #help lists them all",
			       SLICE_ARG(verb));
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)ctx;
	(void)result;
	(void)e;
	buf_putc(out, '\n');
	command_help(line_text(line, "verb"), out);
	return 1;
}

static const struct command_param params[] = {
	{.name = "verb", .type = COMMAND_WORD, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_help = {
	.verb = "help",
	.help = "Lists all commands, or tells all about one",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.check = check,
	.apply = apply,
};
