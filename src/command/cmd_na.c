/* SPDX-License-Identifier: ISC */
#include "order_line.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_step(ctx, line, LINE_NA, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return line_apply_step(ctx, line, LINE_NA, out, e);
}

static const struct command_param params[] = {
	ORDER_LINE_PARAM,
	LINES_PARAM,
	REASON_PARAM,
	END_PARAM,
};

const struct command_row cmd_na_line = {
	.verb = "na",
	.help = "Marks lines as no longer available: they will not be reordered",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
