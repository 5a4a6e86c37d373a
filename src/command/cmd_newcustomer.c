/* SPDX-License-Identifier: ISC */
#include "customer_line.h"
#include "private.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/shop.h"

#define TWINS_MAX 5 /* customers with the same address that are told of */

static Rec__Customer *empty_customer(struct arena *a)
{
	Rec__Customer *customer = ARENA_NEW(a, Rec__Customer);
	rec__customer__init(customer);
	return customer;
}

/* What the line says, on what the first shop is like. */
static int make(const struct command_context *ctx, const struct command_line *line,
		Rec__Customer **customer, struct err *e)
{
	struct arena *a = ctx->change->arena;
	struct shop_list shops;
	size_t n;
	*customer = empty_customer(a);
	if (shop_list(ctx->change->txn, a, &shops, e) < 0)
		return -1;
	if (shops.n) {
		(*customer)->shop = shops.items[0]->id;
		(*customer)->language = shops.items[0]->language;
		(*customer)->currency = shops.items[0]->currency;
	}
	if (customer_line_set(ctx, line, *customer, &n, e) < 0)
		return -1;
	if ((*customer)->name[0] || (*customer)->company[0] || (*customer)->n_emails)
		return 1;
	return err_set(e, ERR_INPUT, "a customer needs a name, a company= or an email= at least");
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	Rec__Customer *customer;
	return make(ctx, line, &customer, e);
}

/* An address that somebody has already is pointed out: it may be the same person. */
static int put_twins(const struct command_context *ctx, const Rec__Customer *customer,
		     struct buf *out, struct err *e)
{
	for (size_t i = 0; i < customer->n_emails; i++) {
		struct customer_list twins;
		if (customer_by_address(ctx->change->txn, ctx->change->arena,
					slice_str(customer->emails[i]), TWINS_MAX, &twins, e) < 0)
			return -1;
		for (size_t j = 0; j < twins.n; j++) {
			if (twins.items[j]->id == customer->id)
				continue;
			buf_printf(out, "\n%s is the address of C%llu ", customer->emails[i],
				   (unsigned long long)twins.items[j]->id);
			text_put_line(out, customer_title(twins.items[j]), 80);
			buf_puts(out, " too");
		}
	}
	return 1;
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Customer *customer;
	(void)result;
	if (make(ctx, line, &customer, e) < 0 || customer_create(ctx->change, customer, e) < 0)
		return -1;
	change_event(ctx->change, "customer.created", 'C', customer->id, SLICE(""));
	/* Where nobody was at hand, what follows is about the new one: its number is not known. */
	if (!ctx->customer)
		ctx->customer = customer->id;
	buf_printf(out, "C%llu is new: ", (unsigned long long)customer->id);
	text_put_line(out, customer_title(customer), 80);
	return put_twins(ctx, customer, out, e);
}

static const struct command_param params[] = {
	{.name = "name", .type = COMMAND_TEXT, .optional = true},
	CUSTOMER_FIELDS_BUT_NAME(CUSTOMER_PARAM){.name = NULL},
};

const struct command_row cmd_newcustomer = {
	.verb = "newcustomer",
	.help = "Makes a new customer; says who has the same mail address",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.apply = apply,
	.check = check,
};
