/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"
#include "record/agent.h"
#include "record/customer.h"
#include "record/order_edit.h"
#include "record/shipment.h"
#include "record/thread.h"

#define I0 COMMAND_I0_IDENTITY
#define I1 COMMAND_I1_TOKEN
#define I2 COMMAND_I2_TRANSPORT
#define I3 COMMAND_I3_FRESH

/*
 * MAIL.md 6: each class needs I0 and all bits of one of its sets.  A fresh
 * proof alone is enough: it is what a new mail without a token brings.
 */
static const struct {
	unsigned sets[6];
	unsigned forbidden;
	const char *needs;
} classes[] = {
	[COMMAND_CONTROL] = {{I0}, 0, "a From that is an agent's"},
	[COMMAND_READ] = {{I1, I2, I3, COMMAND_SEND}, 0, "I1 or I2 (reply to a mail of the desk)"},
	[COMMAND_TRIAGE] = {{I1, I3, COMMAND_SEND},
			    COMMAND_I2_FAILED,
			    "I1 (reply to a mail of the desk), and I2 not failed"},
	[COMMAND_CUSTOMER] = {{I1 | I2, I3, COMMAND_SEND | I2}, 0, "I1 and I2, or I3"},
	[COMMAND_RECORD] = {{I1 | I2, I3, COMMAND_SEND | I2}, 0, "I1 and I2, or I3"},
	[COMMAND_MONEY] = {{I3}, 0, "I3 (a confirmation code)"},
};

static void put_proofs(unsigned proofs, struct buf *out)
{
	static const char *const names[] = {"I0", "I1", "I2", "I3", "I4", "Send"};
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (proofs & (1u << i))
			buf_printf(out, "%s%s", out->len ? ", " : "", names[i]);
	if (out->len == 0)
		buf_puts(out, "none");
}

static bool enough(unsigned proofs, enum command_class class)
{
	bool any = false;
	assert(class < sizeof(classes) / sizeof(classes[0]));
	for (size_t i = 0; classes[class].sets[i]; i++)
		any |= (proofs & classes[class].sets[i]) == classes[class].sets[i];
	/* A fresh proof is stronger than what a relay says of the way the mail came. */
	if ((proofs & classes[class].forbidden) && !(proofs & I3))
		any = false;
	return any && (proofs & I0);
}

bool command_lacks_fresh(unsigned proofs, const struct command_block *block)
{
	bool lacks = false;
	for (const struct command_line *line = block->lines; line; line = line->next) {
		if (!line->row || !enough(proofs | I3, line->row->class))
			return false;
		lacks |= !enough(proofs, line->row->class);
	}
	return lacks;
}

int right_proofs(const struct command_context *ctx, const struct command_row *row, struct err *e)
{
	unsigned proofs = ctx->proofs;
	if (enough(proofs, row->class))
		return 1;
	struct buf carried;
	buf_init(&carried, 64);
	put_proofs(proofs, &carried);
	err_set(e, ERR_DENIED, "#%s needs %s; the proofs that came with it: %s (see #whoami)",
		row->verb, classes[row->class].needs, buf_str(&carried));
	buf_release(&carried);
	return -1;
}

/* The role first: who may not do it at all need not be told which proof is missing. */
int right_role(const struct command_context *ctx, const struct command_row *row, struct err *e)
{
	Rec__Role role = ctx->change->role;
	assert(row->roles != 0);
	struct buf roles;
	if (row->roles & COMMAND_ROLE(role))
		return 1;
	buf_init(&roles, 128);
	command_roles_put(row->roles, &roles);
	err_set(e, ERR_DENIED, "#%s is for %s; you are %.*s", row->verb, buf_str(&roles),
		SLICE_ARG(agent_role_text(role)));
	buf_release(&roles);
	return -1;
}

/* ---- whose is it ---- */

/* Each finds the customer of an object: 1 (*customer 0: nobody's), 0 no such object. */
typedef int owner_fn(const struct command_context *ctx, const struct id *id, uint64_t *customer,
		     struct err *e);

static int customer_of_customer(const struct command_context *ctx, const struct id *id,
				uint64_t *customer, struct err *e)
{
	Rec__Customer *found;
	int got = customer_load(ctx->change->txn, ctx->change->arena, id->number, &found, e);
	*customer = id->number;
	return got;
}

/* A line of an order that was merged is there under another name. */
static int customer_of_order(const struct command_context *ctx, const struct id *id,
			     uint64_t *customer, struct err *e)
{
	Rec__Order *order;
	Rec__Line *line;
	int got = order_resolve(ctx->change->txn, ctx->change->arena, id, &order, &line, e);
	*customer = got > 0 ? order->customer : 0;
	if (got > 0 && id->line && !line)
		return err_set(e, ERR_INPUT, "O%llu has no line %u%s",
			       (unsigned long long)id->number, id->line,
			       id->split ? " of that split" : "");
	return got;
}

static int customer_of_shipment(const struct command_context *ctx, const struct id *id,
				uint64_t *customer, struct err *e)
{
	Rec__Shipment *shipment;
	int got = shipment_load(ctx->change->txn, ctx->change->arena, id->number, &shipment, e);
	*customer = got > 0 ? shipment->customer : 0;
	return got;
}

static int customer_of_thread(const struct command_context *ctx, const struct id *id,
			      uint64_t *customer, struct err *e)
{
	Rec__Thread *thread;
	int got = thread_load(ctx->change->txn, ctx->change->arena, id->number, &thread, e);
	*customer = got > 0 ? thread->customer : 0;
	return got;
}

static owner_fn *owner_by_letter(char letter)
{
	static const struct {
		char letter;
		owner_fn *owner;
	} owners[] = {{'C', customer_of_customer},
		      {'O', customer_of_order},
		      {'T', customer_of_thread},
		      {'S', customer_of_shipment}};
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		if (owners[i].letter == letter)
			return owners[i].owner;
	return NULL;
}

/* A merged customer is the one it was merged into. */
static int same_customer(const struct command_context *ctx, uint64_t a, uint64_t b, struct err *e)
{
	Rec__Customer *one, *other;
	if (a == b)
		return 1;
	if (customer_resolve(ctx->change->txn, ctx->change->arena, a, &one, e) < 0 ||
	    customer_resolve(ctx->change->txn, ctx->change->arena, b, &other, e) < 0)
		return -1;
	return one && other && one->id == other->id;
}

/* A slip of one digit in an id must not reach another customer (MAIL.md 5). */
static int right_id(const struct command_context *ctx, const struct id *id, bool foreign,
		    struct err *e)
{
	owner_fn *owner = owner_by_letter(id->letter);
	char *name = id_print(ctx->change->arena, id);
	uint64_t customer;
	int got = owner ? owner(ctx, id, &customer, e) : 0;
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no %s %s", id_kind(id->letter)->name, name);
	/* Without a thread there is no customer at hand whom a slip could hurt. */
	if (got < 0 || foreign || customer == 0 || (!ctx->customer && !ctx->thread))
		return got;
	if (!ctx->customer)
		return err_set(e, ERR_INPUT,
			       "this thread has no customer; write #customer C%llu above, if %s is "
			       "meant",
			       (unsigned long long)customer, name);
	got = same_customer(ctx, customer, ctx->customer, e);
	if (got != 0)
		return got;
	return err_set(e, ERR_INPUT,
		       "%s belongs to C%llu, not to C%llu; write #customer C%llu above, if it is "
		       "meant",
		       name, (unsigned long long)customer, (unsigned long long)ctx->customer,
		       (unsigned long long)customer);
}

int right_ids(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	assert(line->row && line->args);
	for (size_t i = 0; line->row->params[i].name; i++) {
		const struct command_arg *arg = &line->args[i];
		if (line->row->params[i].type != COMMAND_ID || !arg->param)
			continue;
		for (; arg; arg = arg->next)
			if (right_id(ctx, &arg->id, line->row->foreign, e) < 0)
				return -1;
	}
	return 1;
}
