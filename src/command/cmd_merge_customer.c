/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/customer.h"
#include "record/customer_merge.h"

static struct customer_merge merge_of(const struct command_line *line)
{
	return (struct customer_merge){
		.from = command_arg(line, "customer")->id.number,
		.to = command_arg(line, "target")->id.number,
		.force = command_arg(line, "force") != NULL,
	};
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	/* Without a target it is asked what could be done, not to do it. */
	if (!command_arg(line, "target"))
		return 1;
	const struct customer_merge merge = merge_of(line);
	return customer_merge_check(ctx->change->txn, ctx->change->arena, &merge, e);
}

/* What the target has more than before, apart from what names it. */
static void put_united(const Rec__Customer *before, const Rec__Customer *after, struct buf *out)
{
	const struct {
		size_t more;
		const char *one, *many;
	} lists[] = {
		{after->n_emails - before->n_emails, "mail address", "mail addresses"},
		{after->n_addresses - before->n_addresses, "address", "addresses"},
		{after->n_external_ids - before->n_external_ids, "external id", "external ids"},
		{after->n_notes - before->n_notes, "note", "notes"},
		{after->n_watch - before->n_watch, "standing note", "standing notes"},
	};
	size_t told = 0;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (lists[i].more)
			buf_printf(out, "%s%zu %s", told++ ? ", " : "; taken over: ", lists[i].more,
				   lists[i].more == 1 ? lists[i].one : lists[i].many);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct customer_merge merge = merge_of(line);
	struct customer_counts counts;
	struct change *ch = ctx->change;
	Rec__Customer *before, *after;
	size_t n = 0;
	(void)result;
	if (customer_load(ch->txn, ch->arena, merge.to, &before, e) < 0 ||
	    customer_merge(ch, &merge, &counts, e) < 0 ||
	    customer_load(ch->txn, ch->arena, merge.to, &after, e) < 0)
		return -1;
	buf_printf(out,
		   "C%llu is merged into C%llu, for ever; moved: ", (unsigned long long)merge.from,
		   (unsigned long long)merge.to);
	customer_counts_put(&counts, out);
	for (int i = 0; i < CUSTOMER_NAMED_COUNT; i++)
		n += counts.n[i];
	if (n > CUSTOMER_MERGE_NOW)
		buf_printf(out, "; %d of them now, the others within the next minutes",
			   CUSTOMER_MERGE_NOW);
	put_united(before, after, out);
	return 1;
}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C"},
	{.name = "into", .type = COMMAND_ENUM, .words = "into"},
	{.name = "target", .type = COMMAND_ID, .letters = "C"},
	{.name = "force", .type = COMMAND_ENUM, .words = "yes", .named = true, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_merge_customer = {
	.verb = "merge",
	.help = "Merges the first customer into the second; it cannot be taken back",
	.params = params,
	.roles = COMMAND_ROLE(REC__ROLE__ROLE_ADMIN) | COMMAND_ROLE(REC__ROLE__ROLE_SYSTEM),
	.class = COMMAND_MONEY,
	/* Of two customers one is not the one at hand. */
	.foreign = true,
	.check = check,
	.apply = apply,
};
