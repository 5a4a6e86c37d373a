/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/document.h"

/* Order triggers (CP-33): the documents that were not made yet, and making them. */

static int list(struct command_context *ctx, const struct command_line *line,
		struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Order *order;
	size_t n = 0;
	(void)result;
	if (line_order(ctx, line, &order, e) < 0)
		return -1;
	for (int i = 0; i < DOCUMENT_KIND_COUNT; i++) {
		enum document_kind kind = (enum document_kind)i;
		int got = document_pending(ctx->change, order, kind, e);
		if (got < 0)
			return -1;
		if (got == 0)
			continue;
		if (n++ == 0)
			buf_printf(out, "O%llu waits for\n", (unsigned long long)order->id);
		buf_printf(out, "%-16s#trigger O%llu %s\n", document_kind_word(kind),
			   (unsigned long long)order->id, document_kind_word(kind));
	}
	if (!n)
		buf_printf(out, "O%llu waits for no document", (unsigned long long)order->id);
	return 1;
}

/* Which are meant: the one that is named, or all that are pending. */
static int chosen(const struct command_context *ctx, const struct command_line *line,
		  Rec__Order **order, bool wanted[DOCUMENT_KIND_COUNT], struct err *e)
{
	const struct command_arg *arg = command_arg(line, "document");
	size_t n = 0;
	if (line_order(ctx, line, order, e) < 0)
		return -1;
	for (int i = 0; i < DOCUMENT_KIND_COUNT; i++) {
		enum document_kind kind = (enum document_kind)i;
		bool named = arg && slice_eq_nocase(arg->text, slice_str(document_kind_word(kind)));
		struct err refused;
		wanted[i] = named;
		if (named && document_request_check(ctx->change, *order, kind, e) < 0)
			return -1;
		if (!arg || slice_eq_nocase(arg->text, SLICE("all")))
			wanted[i] = document_request_check(ctx->change, *order, kind, &refused) > 0;
		n += wanted[i];
	}
	if (n)
		return 1;
	return err_set(e, ERR_INPUT, "O%llu waits for no document",
		       (unsigned long long)(*order)->id);
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	bool wanted[DOCUMENT_KIND_COUNT];
	Rec__Order *order;
	return chosen(ctx, line, &order, wanted, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	bool wanted[DOCUMENT_KIND_COUNT];
	Rec__Order *order;
	(void)result;
	if (chosen(ctx, line, &order, wanted, e) < 0)
		return -1;
	for (int i = 0; i < DOCUMENT_KIND_COUNT; i++) {
		if (!wanted[i])
			continue;
		if (document_request(ctx->change, order->id, (enum document_kind)i, e) < 0)
			return -1;
		buf_printf(out, "%s%s", out->len ? ", " : "",
			   document_kind_word((enum document_kind)i));
	}
	buf_printf(out, " of O%llu will be made", (unsigned long long)order->id);
	return 1;
}

static const struct command_param list_params[] = {ORDER_PARAM, END_PARAM};

static const struct command_param params[] = {
	ORDER_PARAM,
	{.name = "document",
	 .type = COMMAND_ENUM,
	 .words = "confirmation|pick_note|label_address|invoice|all",
	 .optional = true},
	END_PARAM,
};

const struct command_row cmd_triggers = {
	.verb = "triggers",
	.help = "Lists the documents of an order that were not made yet",
	.params = list_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = list,
};

const struct command_row cmd_trigger = {
	.verb = "trigger",
	.help = "Makes a document of an order that was not made yet, or all of them",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_CUSTOMER,
	.check = check,
	.apply = apply,
};
