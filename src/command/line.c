/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"
#include "record/customer.h"

struct slice line_text(const struct command_line *line, const char *name)
{
	const struct command_arg *arg = command_arg(line, name);
	return arg ? arg->text : SLICE("");
}

/* A reply is about the thread it answers: its number need not be repeated. */
int line_thread(const struct command_context *ctx, const struct command_line *line,
		uint64_t *thread, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "thread");
	assert(!arg || arg->id.letter == 'T');
	*thread = arg ? arg->id.number : ctx->thread;
	return *thread ? 1 : err_set(e, ERR_INPUT, "no thread is at hand: name one (T10042)");
}

int line_customer(const struct command_context *ctx, const struct command_line *line,
		  uint64_t *customer, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "customer");
	Rec__Customer *found;
	assert(!arg || arg->id.letter == 'C');
	*customer = arg ? arg->id.number : ctx->customer;
	if (!*customer)
		return err_set(e, ERR_INPUT, "no customer is at hand: name one (C10042)");
	int got = customer_resolve(ctx->change->txn, ctx->change->arena, *customer, &found, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no customer C%llu",
			       (unsigned long long)*customer);
	*customer = got > 0 ? found->id : 0;
	return got;
}

int line_load_thread(const struct command_context *ctx, const struct command_line *line,
		     Rec__Thread **thread, struct err *e)
{
	uint64_t id;
	if (line_thread(ctx, line, &id, e) < 0)
		return -1;
	int got = thread_load(ctx->change->txn, ctx->change->arena, id, thread, e);
	return got ? got
		   : err_set(e, ERR_INPUT, "there is no thread T%llu", (unsigned long long)id);
}

int line_check_thread(const struct command_context *ctx, const struct command_line *line,
		      enum thread_event event, struct err *e)
{
	Rec__Thread *thread;
	return line_load_thread(ctx, line, &thread, e) < 0 ? -1 : thread_check(thread, event, e);
}

int line_move_thread(struct command_context *ctx, const struct command_line *line,
		     enum thread_event event, struct buf *out, struct err *e)
{
	Rec__Thread *thread;
	if (line_load_thread(ctx, line, &thread, e) < 0 ||
	    thread_move(ctx->change, thread, event, line_text(line, "reason"), e) < 0)
		return -1;
	buf_printf(out, "T%llu is %.*s", (unsigned long long)thread->id,
		   SLICE_ARG(schema_enum_text(&rec__thread_state__descriptor, (int)thread->state)));
	return 1;
}
