/* SPDX-License-Identifier: ISC */
#include "customer_line.h"
#include "private.h"
#include "record/customer.h"
#include "record/customer_edit.h"

/* The customer with everything set that the line names; nothing is stored. */
static int load_and_set(const struct command_context *ctx, const struct command_line *line,
			Rec__Customer **customer, struct err *e)
{
	uint64_t id;
	size_t n;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_load(ctx->change->txn, ctx->change->arena, id, customer, e) < 0 ||
	    customer_line_set(ctx, line, *customer, &n, e) < 0)
		return -1;
	return n ? 1
		 : err_set(e, ERR_INPUT,
			   "nothing is to be set: name a field, such as phone=\"+31 "
			   "\xe2\x80\xa6\"");
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	Rec__Customer *customer;
	return load_and_set(ctx, line, &customer, e);
}

/* "C10001: phone +31 20 1 → +31 20 2" (PX-08). */
static void put_changes(struct arena *a, const Rec__Customer *old, const Rec__Customer *new,
			struct buf *out)
{
	struct schema_change *changes;
	size_t n = schema_diff(a, &old->base, &new->base, &changes), told = 0;
	for (size_t i = 0; i < n; i++) {
		if (slice_eq(changes[i].path, SLICE("updated_at")))
			continue;
		buf_printf(out, "%s%.*s ", told++ ? "; " : "", SLICE_ARG(changes[i].path));
		line_put_change(&changes[i].old, &changes[i].new, out);
	}
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct change *ch = ctx->change;
	Rec__Customer *customer, *old;
	(void)result;
	if (load_and_set(ctx, line, &customer, e) < 0 ||
	    customer_load(ch->txn, ch->arena, customer->id, &old, e) < 0)
		return -1;
	int got = customer_save(ch, customer, "set", SLICE(""), e);
	if (got < 0)
		return -1;
	buf_printf(out, "C%llu", (unsigned long long)customer->id);
	buf_puts(out, got ? ": " : " has that already");
	if (got)
		put_changes(ch->arena, old, customer, out);
	return 1;
}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C"},
	CUSTOMER_FIELDS(CUSTOMER_PARAM){.name = NULL},
};

/* What people would like to set, and what does it instead. */
static const struct command_fixed fixed[] = {
	{"id", "a number is for ever"},
	{"created_at", "it says when the customer was made"},
	{"updated_at", "it says when the customer was last changed"},
	{"shop", "a customer stays with the shop it came to"},
	{"active", "write #activate C\xe2\x80\xa6 or #deactivate C\xe2\x80\xa6"},
	{"inactive", "write #activate C\xe2\x80\xa6 or #deactivate C\xe2\x80\xa6"},
	{"locked", "write #lock C\xe2\x80\xa6 \"reason\" or #unlock C\xe2\x80\xa6"},
	{"locked_reason", "write #unlock C\xe2\x80\xa6, then #lock C\xe2\x80\xa6 \"reason\""},
	{"blacklisted",
	 "an admin writes #blacklist C\xe2\x80\xa6 \"reason\" or #unblacklist C\xe2\x80\xa6"},
	{"merged_into", "an admin writes #merge C\xe2\x80\xa6 into C\xe2\x80\xa6"},
	{"address", "write #address C\xe2\x80\xa6 add line=\"\xe2\x80\xa6\" \xe2\x80\xa6"},
	{"addresses", "write #address C\xe2\x80\xa6 add line=\"\xe2\x80\xa6\" \xe2\x80\xa6"},
	{"note", "write #note C\xe2\x80\xa6 \"\xe2\x80\xa6\""},
	{"notes", "write #note C\xe2\x80\xa6 \"\xe2\x80\xa6\""},
	{"watch", "write #watch C\xe2\x80\xa6 \"\xe2\x80\xa6\" or #unwatch C\xe2\x80\xa6 1"},
	{"balance", "it is counted from what was invoiced and paid"},
	{NULL, NULL},
};

const struct command_row cmd_set_customer = {
	.verb = "set",
	.help = "Changes fields of a customer; an empty value clears",
	.params = params,
	.fixed = fixed,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
