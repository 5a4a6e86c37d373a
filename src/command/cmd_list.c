/* SPDX-License-Identifier: ISC */
#include "record/customer_edit.h"
#include "view.h"

/* The list that is at hand: paging in it, and doing something with one of its rows. */

static int load(const struct command_context *ctx, Rec__Listing **listing, struct err *e)
{
	int got = listing_load(ctx->change, ctx->thread, listing, e);
	return got ? got
		   : err_set(e, ERR_INPUT, "there is no list here: #search or #orders makes one");
}

/* Gives the line of the list again, with another offset; its rights are judged anew. */
static int show_from(struct command_context *ctx, const Rec__Listing *listing, uint64_t offset,
		     struct command_result *result, struct buf *out, struct err *e)
{
	struct command_block *block;
	char *text = arena_printf(ctx->change->arena, "%s offset=%llu\n", listing->command,
				  (unsigned long long)offset);
	if (command_parse(ctx->change->arena, slice_str(text), &block, e) < 0)
		return -1;
	const struct command_line *line = block->lines;
	if (!line || !line->row)
		return err_set(e, ERR_INPUT, "the list cannot be shown again: %.*s",
			       SLICE_ARG(line ? line->error : SLICE("")));
	if (right_role(ctx, line->row, e) < 0 || right_proofs(ctx, line->row, e) < 0 ||
	    right_ids(ctx, line, e) < 0)
		return -1;
	return line->row->apply(ctx, line, result, out, e);
}

static int apply_next(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Listing *listing;
	(void)line;
	if (load(ctx, &listing, e) < 0)
		return -1;
	if (listing->offset + listing->n_ids >= listing->total)
		return err_set(e, ERR_INPUT, "that was the end of the list: %llu in all",
			       (unsigned long long)listing->total);
	return show_from(ctx, listing, listing->offset + listing->limit, result, out, e);
}

static int apply_first(struct command_context *ctx, const struct command_line *line,
		       struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Listing *listing;
	(void)line;
	return load(ctx, &listing, e) < 0 ? -1 : show_from(ctx, listing, 0, result, out, e);
}

static int apply_last(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Listing *listing;
	(void)line;
	if (load(ctx, &listing, e) < 0)
		return -1;
	uint64_t limit = listing->limit ? listing->limit : VIEW_LIMIT_DEFAULT;
	uint64_t pages = listing->total ? (listing->total - 1) / limit : 0;
	return show_from(ctx, listing, pages * limit, result, out, e);
}

static int apply_empty(struct command_context *ctx, const struct command_line *line,
		       struct command_result *result, struct buf *out, struct err *e)
{
	int got = listing_drop(ctx->change, ctx->thread, e);
	(void)line, (void)result;
	if (got >= 0)
		buf_puts(out, got ? "the list is forgotten" : "there was no list");
	return got < 0 ? -1 : 1;
}

/* The customer of the row with that number: the row itself, or its order's. */
static int customer_at(const struct command_context *ctx, uint64_t n, uint64_t *customer,
		       struct err *e)
{
	Rec__Listing *listing;
	Rec__Order *order;
	struct id id;
	if (load(ctx, &listing, e) < 0 || listing_at(listing, n, &id, e) < 0)
		return -1;
	*customer = id.letter == 'C' ? id.number : 0;
	if (id.letter != 'O')
		return *customer ? 1
				 : err_set(e, ERR_INPUT, "number %llu of the list is no customer",
					   (unsigned long long)n);
	int got = order_load(ctx->change->txn, ctx->change->arena, id.number, &order, e);
	*customer = got > 0 ? order->customer : 0;
	return got ? got : err_set(e, ERR_INPUT, "the order is not there any more");
}

/*
 * PX-52.  A row of the list was looked at, and is named by its place in it: that
 * it is not the thread's customer is no slip.
 */
static int apply_k(struct command_context *ctx, const struct command_line *line,
		   struct command_result *result, struct buf *out, struct err *e)
{
	uint64_t customer;
	(void)result;
	if (customer_at(ctx, (uint64_t)view_option(line, "number", 0), &customer, e) < 0 ||
	    customer_note(ctx->change, customer, line_text(line, "text"), e) < 0)
		return -1;
	buf_printf(out, "note added to C%llu", (unsigned long long)customer);
	return 1;
}

static const struct command_param no_params[] = {{.name = NULL}};
static const struct command_param k_params[] = {
	{.name = "number", .type = COMMAND_NUMBER, .low = 1, .high = VIEW_OFFSET_MAX},
	{.name = "text", .type = COMMAND_TEXT},
	{.name = NULL},
};

const struct command_row cmd_next = {
	.verb = "next",
	.help = "Shows the next page of the list",
	.params = no_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_next,
};

const struct command_row cmd_first = {
	.verb = "first",
	.help = "Shows the first page of the list",
	.params = no_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_first,
};

const struct command_row cmd_last = {
	.verb = "last",
	.help = "Shows the last page of the list",
	.params = no_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_last,
};

const struct command_row cmd_empty = {
	.verb = "empty",
	.help = "Forgets the list and the search that made it",
	.params = no_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_empty,
};

const struct command_row cmd_k = {
	.verb = "k",
	.help = "Writes an internal note against the customer with that number in the list",
	.params = k_params,
	.roles = ROLES_ALL,
	.class = COMMAND_TRIAGE,
	.apply = apply_k,
};
