/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/order_edit.h"

#define FIELDS_MAX 16

static size_t fields_of(const struct command_line *line, const struct order_part *part,
			struct order_field *fields)
{
	size_t n = 0;
	for (size_t i = 0; line->row->params[i].name && n < FIELDS_MAX; i++)
		if (line->row->params[i].named && line->args[i].param)
			fields[n++] = (struct order_field){
				.line = part ? part->line : 0,
				.split = part ? part->split : 0,
				.name = slice_str(line->row->params[i].name),
				.value = line->args[i].text,
			};
	return n;
}

static int read(const struct command_context *ctx, const struct command_line *line,
		Rec__Order **order, struct order_field *fields, size_t *n, struct err *e)
{
	struct order_step step;
	if (line_step(ctx, line, LINE_ADD, order, &step, e) < 0)
		return -1;
	*n = fields_of(line, step.n_parts ? &step.parts[0] : NULL, fields);
	if (*n)
		return 1;
	return err_set(e, ERR_INPUT,
		       "name what is to be set: #set O%llu paytype=…, "
		       "#set O%llu/1 qty=2",
		       (unsigned long long)(*order)->id, (unsigned long long)(*order)->id);
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct order_field fields[FIELDS_MAX];
	Rec__Order *order;
	size_t n;
	if (read(ctx, line, &order, fields, &n, e) < 0)
		return -1;
	return order_set_check(ctx->change, order, fields, n, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_field fields[FIELDS_MAX];
	Rec__Order *order;
	size_t n;
	(void)result;
	if (read(ctx, line, &order, fields, &n, e) < 0)
		return -1;
	int got = order_set(ctx->change, order->id, fields, n, e);
	if (got < 0)
		return -1;
	buf_printf(out, "O%llu is %s", (unsigned long long)order->id,
		   got ? "changed" : "as it was");
	return 1;
}

#define FIELD(field)                                                                               \
	{                                                                                          \
		.name = field, .type = COMMAND_TEXT, .named = true, .optional = true,              \
		.empty = true                                                                      \
	}

static const struct command_param params[] = {
	ORDER_LINE_PARAM,  FIELD("name"),	 FIELD("qty"),	    FIELD("price"),
	FIELD("discount"), FIELD("paytype"),	 FIELD("season"),   FIELD("terms"),
	FIELD("vendor"),   FIELD("provider"),	 FIELD("shipping"), FIELD("voucher"),
	FIELD("rate"),	   FIELD("without_vat"), END_PARAM,
};

static const struct command_fixed fixed[] = {
	{"currency", "the currency of an order is fixed when it is made"},
	{"kind", "gross or net prices are fixed when an order is made"},
	{"status", "the status follows from the lines: #hold, #release, #cancel"},
	{"state", "a line's state changes by #hold, #release, #cancel, #scan, #ship"},
	{"sku", "a line keeps its item: #remove or #cancel it, and #add another"},
	{NULL, NULL},
};

const struct command_row cmd_set_order = {
	.verb = "set",
	.help = "Sets fields of an order, or of one of its lines (O10042/3)",
	.params = params,
	.fixed = fixed,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
