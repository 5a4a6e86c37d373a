/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/customer.h"
#include "record/customer_edit.h"

/* Six commands, two for each flag of a customer: a row, and what it says. */

static int check(const struct command_context *ctx, const struct command_line *line,
		 enum customer_step step, struct err *e)
{
	Rec__Customer *customer;
	uint64_t id;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_load(ctx->change->txn, ctx->change->arena, id, &customer, e) < 0)
		return -1;
	return customer_step_check(customer, step, e);
}

static int apply(const struct command_context *ctx, const struct command_line *line,
		 enum customer_step step, const char *said, struct buf *out, struct err *e)
{
	uint64_t id;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_step(ctx->change, id, step, line_text(line, "reason"), e) < 0)
		return -1;
	buf_printf(out, "C%llu %s", (unsigned long long)id, said);
	return 1;
}

/* Why somebody is kept out must be known to whoever meets him next. */
static const struct command_param with_reason[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C"},
	{.name = "reason", .type = COMMAND_TEXT},
	{.name = NULL},
};

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C"},
	{.name = "reason", .type = COMMAND_TEXT, .optional = true},
	{.name = NULL},
};

/* CS-21: agents cannot. */
#define ROLES_ADMIN (COMMAND_ROLE(REC__ROLE__ROLE_ADMIN) | COMMAND_ROLE(REC__ROLE__ROLE_SYSTEM))

#define FLAG_COMMAND(word, step, who, arguments, offered, told, about)                             \
	static int check_##word(const struct command_context *ctx,                                 \
				const struct command_line *line, struct err *e)                    \
	{                                                                                          \
		return check(ctx, line, step, e);                                                  \
	}                                                                                          \
	static int apply_##word(struct command_context *ctx, const struct command_line *line,      \
				struct command_result *result, struct buf *out, struct err *e)     \
	{                                                                                          \
		(void)result;                                                                      \
		return apply(ctx, line, step, told, out, e);                                       \
	}                                                                                          \
	const struct command_row cmd_##word = {                                                    \
		.verb = #word,                                                                     \
		.help = about,                                                                     \
		.params = arguments,                                                               \
		.roles = who,                                                                      \
		.class = COMMAND_RECORD,                                                           \
		.offer = offered,                                                                  \
		.check = check_##word,                                                             \
		.apply = apply_##word,                                                             \
	};

FLAG_COMMAND(lock, CUSTOMER_LOCK, ROLES_SERVICE, with_reason, " \"\"",
	     "is [LCK] locked: its new orders wait, and nothing of it is released",
	     "Locks a customer: new orders wait on hold and none is released")
FLAG_COMMAND(unlock, CUSTOMER_UNLOCK, ROLES_SERVICE, params, "",
	     "is unlocked; what is on hold waits for #release",
	     "Unlocks a customer; what is on hold stays there until it is released")
FLAG_COMMAND(blacklist, CUSTOMER_BLACKLIST, ROLES_ADMIN, with_reason, " \"\"",
	     "is [BLK] blacklisted: its new orders wait, and nothing of it is released",
	     "Blacklists a customer: as #lock does, and for admins to take back")
FLAG_COMMAND(unblacklist, CUSTOMER_UNBLACKLIST, ROLES_ADMIN, params, "",
	     "is not blacklisted any more", "Takes a customer from the blacklist")
FLAG_COMMAND(deactivate, CUSTOMER_DEACTIVATE, ROLES_SERVICE, params, "",
	     "is [INA] inactive: nothing new is made for it",
	     "Makes a customer inactive: no new order, and out of the usual lists")
FLAG_COMMAND(activate, CUSTOMER_ACTIVATE, ROLES_SERVICE, params, "", "is [ACT] active",
	     "Makes an inactive customer active again")
