/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"

#define ANSWER_MAX (1 << 20)	 /* bytes of one command's answer */
#define TRANSCRIPT_MAX (4 << 20) /* bytes of all of them */

/* ---- one command ---- */

/* Whoever tries what he may not is on the record, though nothing of it is stored (CS-21). */
static int judge(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	if (right_role(ctx, line->row, e) < 0 || right_proofs(ctx, line->row, e) < 0) {
		log_event(LOG_LEVEL_WARNING, "command-denied", LOG_STR("verb", line->row->verb),
			  LOG_NUM("agent", (int64_t)ctx->change->agent), LOG_STR("why", e->text));
		return -1;
	}
	return right_ids(ctx, line, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	assert(line->row && line->row->apply);
	if (judge(ctx, line, e) < 0)
		return -1;
	if (line->row->check && line->row->check(ctx, line, e) < 0)
		return -1;
	return line->row->apply(ctx, line, result, out, e);
}

/* The author can mend these; anything else is the store's and ends the run. */
static bool is_persons(const struct err *e)
{
	return e->class == ERR_INPUT || e->class == ERR_DENIED;
}

static void set_outcome(struct arena *a, struct command_outcome *outcome,
			const struct command_line *line, bool ok, struct slice text)
{
	*outcome = (struct command_outcome){
		.line = line->number,
		.ok = ok,
		.echo = line->echo,
		.text = arena_copy(a, text),
	};
}

static struct slice refusal(struct arena *a, const struct command_line *line, const struct err *e)
{
	return slice_str(arena_printf(a, "line %u: %s", line->number, e->text));
}

/*
 * In a block that has errors nothing is run; but who may not, or names what is
 * not theirs, learns it in the same answer.
 */
static int judge_only(struct command_context *ctx, const struct command_line *line,
		      struct command_outcome *outcome, struct err *e)
{
	struct arena *a = ctx->change->arena;
	struct err refused = {.class = ERR_NONE};
	bool ok = line->row && judge(ctx, line, &refused) > 0;
	if (line->row && !ok && !is_persons(&refused))
		return err_set(e, refused.class, "%s", refused.text);
	/* #customer only says whom the next lines mean. */
	if (ok && line->row == &cmd_customer)
		line_customer(ctx, line, &ctx->customer, NULL);
	set_outcome(a, outcome, line, ok,
		    ok		? SLICE("not run")
		    : line->row ? refusal(a, line, &refused)
				: line->error);
	return refused.class == ERR_DENIED;
}

static int run_one(struct command_context *ctx, const struct command_line *line,
		   struct command_result *result, struct command_outcome *outcome, struct err *e)
{
	struct arena *a = ctx->change->arena;
	size_t events = ctx->change->n_events;
	struct err refused = {.class = ERR_NONE};
	struct buf out;
	buf_init(&out, ANSWER_MAX);
	bool ok = apply(ctx, line, result, &out, &refused) > 0;
	set_outcome(a, outcome, line, ok, ok ? buf_slice(&out) : refusal(a, line, &refused));
	buf_release(&out);
	if (ok)
		return 0;
	assert(ctx->change->n_events >= events);
	/* What a refused command announced must not become a mail. */
	change_events_cut(ctx->change, events);
	if (!is_persons(&refused))
		return err_set(e, refused.class, "%s", refused.text);
	return refused.class == ERR_DENIED;
}

/* ---- the transcript ---- */

static void put_outcome(const struct command_outcome *outcome, bool refused, struct buf *out)
{
	buf_put(out, outcome->echo);
	if (!outcome->ok)
		buf_puts(out, "\nERR ");
	else
		buf_puts(out, refused ? "\n--  " : "\nOK ");
	buf_put(out, refused && outcome->ok ? SLICE("not run") : outcome->text);
	if (out->len && out->ptr[out->len - 1] != '\n')
		buf_putc(out, '\n');
	buf_putc(out, '\n');
}

/* Nothing of a refused block was done, so no line of it may say OK. */
static void write_transcript(struct arena *a, struct slice reason, struct command_result *result)
{
	struct buf out;
	bool refused = result->n_errors > 0;
	buf_init(&out, TRANSCRIPT_MAX);
	if (reason.len)
		buf_printf(&out, "%.*s\n\n", SLICE_ARG(reason));
	for (size_t i = 0; i < result->n; i++)
		put_outcome(&result->outcomes[i], refused, &out);
	if (refused)
		buf_puts(&out, "Nothing ran, nothing was sent.\n");
	result->transcript = arena_copy(a, buf_slice(&out));
	buf_release(&out);
}

/* ---- the block ---- */

static bool only_reads(const struct command_block *block)
{
	for (const struct command_line *line = block->lines; line; line = line->next)
		if (line->row && line->row->class != COMMAND_READ &&
		    line->row->class != COMMAND_CONTROL)
			return false;
	return true;
}

static int refused(const struct command_result *result, struct err *e)
{
	for (size_t i = 0; i < result->n; i++)
		if (!result->outcomes[i].ok)
			return err_set(e, result->denied ? ERR_DENIED : ERR_INPUT,
				       "%.*s; nothing ran, nothing was sent",
				       SLICE_ARG(result->outcomes[i].text));
	assert(result->n_errors == 0);
	return 1;
}

int command_run(struct command_context *ctx, const struct command_block *block,
		struct command_result *result, struct err *e)
{
	struct arena *a = ctx->change->arena;
	bool judged = block->n_errors > 0;
	assert(ctx->change && ctx->change->txn);
	*result = (struct command_result){.read = only_reads(block)};
	result->outcomes = ARENA_ARRAY(a, block->n, struct command_outcome);
	for (const struct command_line *line = block->lines; line; line = line->next) {
		struct command_outcome *outcome = &result->outcomes[result->n++];
		assert(result->n <= block->n);
		int got = judged ? judge_only(ctx, line, outcome, e)
				 : run_one(ctx, line, result, outcome, e);
		if (got < 0)
			return -1;
		result->denied |= got > 0;
		result->n_errors += !outcome->ok;
	}
	assert(result->n == block->n && result->n_errors >= block->n_errors);
	write_transcript(a, SLICE(""), result);
	return refused(result, e);
}

void command_refuse(struct arena *a, const struct command_block *block, struct slice reason,
		    struct command_result *result)
{
	*result = (struct command_result){.n_errors = 1, .denied = true};
	result->outcomes = ARENA_ARRAY(a, block->n, struct command_outcome);
	for (const struct command_line *line = block->lines; line; line = line->next) {
		set_outcome(a, &result->outcomes[result->n++], line, !line->error.len,
			    line->error.len ? line->error : SLICE("not run"));
		result->n_errors += line->error.len > 0;
	}
	write_transcript(a, reason, result);
}

/* ---- what may be done now ---- */

/* Proofs are not asked for: the reply that gives the command brings its own. */
static bool may_be_offered(const struct command_context *ctx, const struct command_row *row,
			   const struct command_line *line)
{
	if (!row->offer || right_role(ctx, row, NULL) < 0)
		return false;
	return !row->check || row->check(ctx, line, NULL) > 0;
}

int command_allowed(const struct command_context *ctx, char letter, uint64_t id,
		    struct command_offer *offers, size_t max, struct err *e)
{
	struct arena *a = ctx->change->arena;
	const struct command_row *row;
	struct id named = {.letter = letter, .number = id};
	char *name = id_print(a, &named);
	int n = 0;
	if (!id_kind(letter))
		return err_set(e, ERR_INPUT, "'%c' is no letter of an id", letter);
	for (size_t i = 0; (row = command_row(i)) && (size_t)n < max; i++) {
		struct command_arg args[COMMAND_ARGS_MAX] = {{.text = {NULL, 0}}};
		struct command_line line = {.row = row, .args = args};
		if (!row->params[0].name || !arg_is_id(&row->params[0], slice_str(name)))
			continue;
		args[0] = (struct command_arg){
			.param = &row->params[0], .text = slice_str(name), .id = named};
		if (may_be_offered(ctx, row, &line))
			offers[n++] = (struct command_offer){
				row, slice_str(arena_printf(a, "#%s %s%s", row->verb, name,
							    row->offer))};
	}
	return n;
}
