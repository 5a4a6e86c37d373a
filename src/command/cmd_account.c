/* SPDX-License-Identifier: ISC */
#include "record/customer.h"
#include "view.h"

/* The tabs of a customer's money (PX-02).  They show what there is of it. */

static const struct view_column document_columns[] = {
	{"id", "id", false},	  {"date", "date", false}, {"status", "status", false},
	{"total", "total", true}, {NULL, NULL, false},
};
static const struct view_column event_columns[] = {
	{"id", "id", false},	    {"date", "date", false},
	{"kind", "kind", false},    {"reference", "reference", false},
	{"amount", "amount", true}, {NULL, NULL, false},
};

static int show(struct command_context *ctx, const struct command_line *line,
		const struct view_column *columns, const char *what, struct buf *out, struct err *e)
{
	struct view view;
	uint64_t customer;
	if (line_customer(ctx, line, &customer, e) < 0)
		return -1;
	view_init(&view, ctx->change->arena, columns);
	char *head =
		arena_printf(view.a, "C%llu has no %s yet", (unsigned long long)customer, what);
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static int apply_invoices(struct command_context *ctx, const struct command_line *line,
			  struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return show(ctx, line, document_columns, "invoices", out, e);
}

static int apply_credits(struct command_context *ctx, const struct command_line *line,
			 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return show(ctx, line, document_columns, "credit notes", out, e);
}

static int apply_account(struct command_context *ctx, const struct command_line *line,
			 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return show(ctx, line, event_columns, "account events", out, e);
}

static int apply_transactions(struct command_context *ctx, const struct command_line *line,
			      struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return show(ctx, line, event_columns, "transactions", out, e);
}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	VIEW_DIRECTION,
	VIEW_SORT,
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

const struct command_row cmd_invoices = {
	.verb = "invoices",
	.aliases = "f8",
	.help = "Lists a customer's invoices, the oldest first",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply_invoices,
};

const struct command_row cmd_credits = {
	.verb = "credits",
	.aliases = "f9",
	.help = "Lists a customer's credit notes, the oldest first",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply_credits,
};

const struct command_row cmd_account = {
	.verb = "account",
	.aliases = "f11",
	.help = "Lists what moved a customer's account, and its balance",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply_account,
};

const struct command_row cmd_transactions = {
	.verb = "transactions",
	.help = "Lists a customer's payments and refunds, the oldest first",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_transactions,
};
