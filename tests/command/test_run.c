/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "command.h"
#include "groups.h"
#include "record/customer.h"
#include "record/history.h"
#include "record/message.h"
#include "record/order.h"
#include "record/thread.h"

#define WORDS(text)                                                                                \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
static const struct command_template templates[] = {
	{WORDS("answer"), WORDS("An agent's own words"), WORDS("TCO")},
	{WORDS("delay"), WORDS("The order takes longer"), WORDS("O")},
	{WORDS("invoice"), WORDS("The invoice"), WORDS("I")},
	{WORDS("thanks"), WORDS("A word of thanks"), WORDS("")},
};

struct ran {
	int got;
	struct err e;
	struct command_result result;
	struct command_context ctx;
	struct command_block *block;
};

static struct ran run(struct change *ch, const char *text)
{
	struct ran r = {
		.ctx = {.change = ch,
			.thread = 10001,
			.customer = 10001,
			.whoami = SLICE("I0 yes: From is ann's\n"),
			.templates = templates,
			.n_templates = sizeof(templates) / sizeof(templates[0]),
			.proofs = COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN | COMMAND_I2_TRANSPORT}};
	assert_int_equal(command_parse(ch->arena, slice_str(text), &r.block, NULL), 1);
	r.got = command_run(&r.ctx, r.block, &r.result, &r.e);
	return r;
}

/* One command each; the words must be in the transcript. */
static const struct {
	const char *text, *words;
	const char *event; /* null: none */
} good[] = {
	{"#hold O10002 \"unclear address\"", "OK O10002 is [HAL] on hold", "order.held"},
	{"#release O10001", "OK O10001 is released [ANG]", "order.released"},
	{"#comment O10001 \"call first\"", "OK comment added to O10001", "order.commented"},
	{"#note C10001 \"nice\"", "OK note added to C10001", "customer.noted"},
	{"#note T10001 \"nice\"", "OK note added to T10001", "thread.noted"},
	{"#note \"nice\"", "OK note added to T10001", "thread.noted"},
	{"#mail O10001 template=delay", "OK mail \"delay\" about O10001", "mail.requested"},
	{"#assign T10002 ben", "OK T10002 is ben's", "thread.assigned"},
	{"#assign T10002 me", "OK T10002 is ann's", "thread.assigned"},
	{"#assign me", "OK T10001 is ann's already", NULL},
	{"#assign nobody", "OK T10001 is nobody's", "thread.assigned"},
	{"#close", "OK T10001 is closed", "thread.closed"},
	{"#close T10001 \"all done\"", "OK T10001 is closed", "thread.closed"},
	{"#reopen T10003", "OK T10003 is open", "thread.reopened"},
	{"#customer C10002", "OK what follows is about C10002", NULL},
	{"#preview", "OK only a preview", NULL},
	{"#quiet", "OK no transcript if all goes well", NULL},
	{"#end", "OK end of the commands", NULL},
	{"#whoami", "OK you are ann (agent)\nI0 yes: From is ann's\n", NULL},
	{"#templates order",
	 "OK 3 templates for order; #mail ID template=NAME sends one\n"
	 "answer                 An agent's own words\n"
	 "delay                  The order takes longer\n"
	 "thanks                 A word of thanks\n",
	 NULL},
	{"#templates I2026-00017", "OK 2 templates for invoice", NULL},
	{"#templates Ticket", "OK 2 templates for ticket", NULL},
	{"#templates", "answer                 An agent's own words (ticket, customer, order)\n",
	 NULL},
	{"#help hold", "Parks an order", NULL},
	{"#help", "#release O\xe2\x80\xa6", NULL},
	{"#show C10001", "OK C10001\n!! WATCH Always calls first\nCustomer  C10001  Jo Jansen\n",
	 NULL},
	{"#orders", "OK 4 of 4 orders of C10001\n", NULL},
};

static size_t at_hand;

static void run_good(struct change *ch)
{
	struct ran r = run(ch, good[at_hand].text);
	if (r.got < 0)
		fail_msg("%s: %s", good[at_hand].text, r.e.text);
	if (slice_find(r.result.transcript, slice_str(good[at_hand].words)) < 0)
		fail_msg("\"%s\" is not in: %.*s", good[at_hand].words,
			 SLICE_ARG(r.result.transcript));
	assert_int_equal(ch->n_events, good[at_hand].event != NULL);
	if (good[at_hand].event)
		assert_string_equal(ch->events->name, good[at_hand].event);
	assert_int_equal(r.result.n, 1);
	assert_int_equal(r.result.n_errors, 0);
	assert_true(r.result.outcomes[0].ok);
}

static void test_CMD_each_command_runs(void **state)
{
	for (at_hand = 0; at_hand < sizeof(good) / sizeof(good[0]); at_hand++)
		fixture_try(state, run_good);
}

RECORD_TEST(test_PX_13_PX_14_hold_and_release_by_command)
{
	Rec__Order *order;
	assert_int_equal(run(ch, "#release O10001\n#hold O10002 \"x\"\n").got, 1);
	order_load(ch->txn, ch->arena, 10001, &order, NULL);
	assert_int_equal(order_status(order), ORDER_OPEN);
	order_load(ch->txn, ch->arena, 10002, &order, NULL);
	assert_int_equal(order_status(order), ORDER_HOLD);
	assert_int_equal(ch->n_events, 2);
	assert_string_equal(ch->events->name, "order.released");
	assert_string_equal(ch->events->next->name, "order.held");
	const Rec__History *row = fixture_history(ch, "O10001");
	assert_string_equal(row->event, "release");
	assert_string_equal(row->actor, "ann");
	assert_string_equal(row->mail, "m1@desk.example");
}

/* In the order written: what one command does the next one sees. */
RECORD_TEST(test_31_commands_run_in_order)
{
	struct ran r = run(ch, "#hold O10002\n#release O10002\n#hold O10002\n#release O10002\n");
	assert_int_equal(r.got, 1);
	assert_int_equal(ch->n_events, 4);
}

RECORD_TEST(test_31_one_refusal_refuses_the_mail)
{
	struct ran r = run(ch, "#hold O10002 \"x\"\n#release O10005\n#release O99999\n#quiet\n");
	assert_int_equal(r.got, -1);
	assert_int_equal(r.result.n_errors, 2);
	fixture_error(&r.e, ERR_INPUT, "line 2: no line of O10005 can have \"release\"");
	assert_string_equal(r.result.transcript.ptr,
			    "#hold O10002 \"x\"\n--  not run\n\n"
			    "#release O10005\nERR line 2: no line of O10005 can have \"release\": "
			    "the order is closed; its lines are STO (cancelled), NLB (no longer "
			    "available); possible: reopen\n\n"
			    "#release O99999\nERR line 3: there is no order O99999\n\n"
			    "#quiet\n--  not run\n\n"
			    "Nothing ran, nothing was sent.\n");
}

/* A mistyped verb, and nothing runs at all: the others are only judged. */
RECORD_TEST(test_31_a_mistyped_verb_runs_nothing)
{
	Rec__Order *order;
	struct ran r = run(ch, "#hold O10002 \"x\"\n#relase O10001\n#release O10003\n");
	assert_int_equal(r.got, -1);
	assert_int_equal(r.result.n_errors, 2);
	assert_int_equal(ch->n_events, 0);
	order_load(ch->txn, ch->arena, 10002, &order, NULL);
	assert_int_equal(order_status(order), ORDER_OPEN);
	assert_true(slice_find(r.result.transcript, SLICE("did you mean #release?")) > 0);
	assert_true(slice_find(r.result.transcript, SLICE("O10003 belongs to C10002")) > 0);
	assert_false(r.result.denied);
}

RECORD_TEST(test_ST_23_single_lines_are_not_released)
{
	struct ran r = run(ch, "#release O10001/1");
	assert_int_equal(r.got, -1);
	fixture_error(&r.e, ERR_INPUT, "whole order");
}

RECORD_TEST(test_PX_18_locked_customers_order_is_not_released)
{
	struct ran r = run(ch, "#customer C10002\n#release O10003");
	assert_int_equal(r.got, -1);
	fixture_error(&r.e, ERR_INPUT, "customer C10002 is locked: unpaid bills");
}

RECORD_TEST(test_PX_26_CP_38_comments_and_notes_are_by_the_agent)
{
	Rec__Order *order;
	Rec__Customer *customer;
	assert_int_equal(run(ch, "#comment O10001 \"a\nb\"\n#note C10001 \"c\"").got, 1);
	order_load(ch->txn, ch->arena, 10001, &order, NULL);
	assert_string_equal(order->comments[0]->text, "a b");
	assert_int_equal(order->comments[0]->agent, 1);
	customer_load(ch->txn, ch->arena, 10001, &customer, NULL);
	assert_string_equal(customer->notes[0]->text, "c");
	assert_int_equal(customer->notes[0]->agent, 1);
}

RECORD_TEST(test_CMD_note_in_a_thread_is_a_message)
{
	struct message_query query = {.thread = 10001, .limit = 1};
	struct message_list list;
	struct slice text;
	assert_int_equal(run(ch, "#note \"he is upset\"").got, 1);
	assert_int_equal(message_list(ch->txn, ch->arena, &query, &list, NULL), 1);
	assert_int_equal(list.items[0]->direction, REC__DIRECTION__DIRECTION_NOTE);
	assert_string_equal(list.items[0]->from_name, "ann");
	assert_int_equal(message_note_text(ch->txn, list.items[0], &text, NULL), 1);
	assert_true(slice_eq(text, SLICE("he is upset")));
}

RECORD_TEST(test_CMD_flags_of_a_block)
{
	struct ran r = run(ch, "#preview\n#quiet\n#mail O10001 template=delay\n#end\nDear Jo");
	assert_int_equal(r.got, 1);
	assert_true(r.result.preview && r.result.quiet && r.result.mails && !r.result.read);
	assert_true(slice_eq(ch->events->text, SLICE("delay")));
	assert_true(slice_eq(r.block->text, SLICE("Dear Jo\n")));
	r = run(ch, "#show O10001\n#help");
	assert_true(r.result.read && !r.result.preview && !r.result.quiet);
}

static const struct {
	const char *text, *words;
} bad[] = {
	{"#assign zoe", "there is no agent zoe"},
	{"#reopen", "T10001 is open and cannot be reopened"},
	{"#close T10003", "T10003 is closed and cannot be closed"},
	{"#hold O10004", "already being sent"},
	{"#help nonsense", "there is no command nonsense"},
	{"#templates cats", "\"cats\" is no kind of mail: write order"},
};

RECORD_TEST(test_CMD_refusals_are_sentences)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ran r = run(ch, bad[i].text);
		assert_int_equal(r.got, -1);
		fixture_error(&r.e, ERR_INPUT, bad[i].words);
		assert_int_equal(ch->n_events, 0);
	}
}

RECORD_TEST(test_CMD_refuse_for_a_reason_of_the_callers)
{
	struct command_result result;
	struct command_block *block;
	command_parse(ch->arena, SLICE("#hold O10001\n#nonsense"), &block, NULL);
	command_refuse(ch->arena, block, SLICE("Your mail carried no token."), &result);
	assert_true(slice_starts(result.transcript, SLICE("Your mail carried no token.\n\n#hold")));
	assert_true(slice_ends(result.transcript, SLICE("Nothing ran, nothing was sent.\n")));
	assert_true(result.denied);
}

/* ---- against a model ---- */

#define MODEL_ORDERS 4
static const uint64_t model_orders[MODEL_ORDERS] = {10001, 10002, 10004, 10005};

/* What hold and release do to an order that nobody sends: all there is to know of it. */
struct model {
	bool fixed, held, mixed;
	size_t rows;
};

static bool model_step(struct model *order, bool release)
{
	bool legal = !order->fixed && (release ? order->held : !order->held || order->mixed);
	if (!legal)
		return false;
	order->held = !release;
	order->mixed = false;
	order->rows++;
	return true;
}

static size_t rows_of(struct change *ch, uint64_t id)
{
	struct history_list list;
	struct err e;
	struct slice object = slice_str(id_text(ch->arena, 'O', id));
	assert_int_equal(history_of(ch->txn, ch->arena, object, 10000, &list, &e), 1);
	return list.n;
}

RECORD_TEST(test_17_22_29_random_commands_against_a_model)
{
	struct model model[MODEL_ORDERS] = {
		{.held = true, .mixed = true}, {.held = false}, {.fixed = true}, {.fixed = true}};
	unsigned seed = 11;
	for (size_t i = 0; i < MODEL_ORDERS; i++)
		model[i].rows = rows_of(ch, model_orders[i]);
	for (int step = 0; step < 400; step++) {
		size_t i = (size_t)rand_r(&seed) % MODEL_ORDERS;
		bool release = rand_r(&seed) % 2;
		size_t events = ch->n_events;
		bool legal = model_step(&model[i], release);
		struct ran r =
			run(ch, arena_printf(ch->arena, "#%s O%llu", release ? "release" : "hold",
					     (unsigned long long)model_orders[i]));
		assert_int_equal(r.got, legal ? 1 : -1);
		assert_int_equal(ch->n_events, events + legal);
		assert_int_equal(rows_of(ch, model_orders[i]), model[i].rows);
		Rec__Order *order;
		order_load(ch->txn, ch->arena, model_orders[i], &order, NULL);
		if (!model[i].fixed)
			assert_int_equal(order_status(order) == ORDER_HOLD, model[i].held);
	}
}

/* ---- lists ---- */

static const struct {
	const char *text, *ids;
} lists[] = {
	{"#orders C10001", "O10002 O10001 O10004 O10005"},
	{"#orders C10001 desc", "O10005 O10004 O10001 O10002"},
	{"#orders sort=id", "O10001 O10002 O10004 O10005"},
	{"#orders sort=total", "O10005 O10002 O10004 O10001"},
	{"#orders sort=total desc", "O10001 O10004 O10002 O10005"},
	{"#orders sort=status", "O10002 O10004 O10001 O10005"},
	{"#orders status=hold", "O10001"},
	{"#orders status=open", "O10002 O10004"},
	{"#orders status=closed", "O10005"},
	{"#orders status=empty", ""},
	{"#orders limit=2", "O10002 O10001"},
};

RECORD_TEST(test_PX_12_ST_05_orders_sorted_and_filtered)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct ran r = run(ch, lists[i].text);
		struct slice rest = r.result.outcomes[0].text, line, id;
		struct buf ids;
		buf_init(&ids, 1000);
		while (slice_line(&rest, &line))
			/* "1  O10001  2026-…" */
			if (slice_sub(line, 3, 4).len &&
			    slice_eq(slice_sub(line, 3, 4), SLICE("O")) &&
			    slice_cut(&(struct slice){line.ptr + 3, line.len - 3}, ' ', &id))
				buf_printf(&ids, "%s%.*s", ids.len ? " " : "", SLICE_ARG(id));
		if (strcmp(buf_str(&ids), lists[i].ids) != 0)
			fail_msg("%s: %s", lists[i].text, buf_str(&ids));
		buf_release(&ids);
	}
}

/* ---- what may be done ---- */

static const struct {
	char letter;
	uint64_t id;
	Rec__Role role;
	const char *lines;
} allowed[] = {
	{'O', 10001, REC__ROLE__ROLE_AGENT,
	 "#show O10001|#hold O10001 \"\"|#release O10001|#cancel O10001 \"\"|#comment O10001 "
	 "\"\"|#history O10001|#mail O10001 template="},
	{'O', 10002, REC__ROLE__ROLE_AGENT,
	 "#show O10002|#hold O10002 \"\"|#cancel O10002 \"\"|#comment O10002 \"\"|#history "
	 "O10002|#mail O10002 template="},
	{'O', 10005, REC__ROLE__ROLE_AGENT,
	 "#show O10005|#comment O10005 \"\"|#history O10005|#mail O10005 template="},
	{'O', 10001, REC__ROLE__ROLE_WAREHOUSE,
	 "#show O10001|#comment O10001 \"\"|#history O10001"},
	{'O', 10003, REC__ROLE__ROLE_AGENT,
	 "#show O10003|#cancel O10003 \"\"|#comment O10003 \"\"|#history O10003|#mail O10003 "
	 "template="},
	{'C', 10001, REC__ROLE__ROLE_AGENT,
	 "#show C10001|#orders C10001|#invoices C10001|#credits C10001|#mails C10001|#account "
	 "C10001|#talk C10001|#note C10001 \"\"|#watch C10001 \"\"|#call C10001 \"\"|#lock C10001 "
	 "\"\"|#deactivate C10001|#history C10001|#mail C10001 template="},
	{'T', 10001, REC__ROLE__ROLE_AGENT,
	 "#show T10001|#note T10001 \"\"|#history T10001|#mail T10001 template=|#assign T10001 "
	 "me|#close T10001"},
	{'T', 10003, REC__ROLE__ROLE_AGENT,
	 "#show T10003|#note T10003 \"\"|#history T10003|#mail T10003 template=|#assign T10003 "
	 "me|#reopen T10003"},
	{'I', 10001, REC__ROLE__ROLE_AGENT, ""},
};

RECORD_TEST(test_CMD_what_may_be_done_now)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		struct command_context ctx = {.change = ch, .thread = 10001, .customer = 10001};
		struct command_offer offers[20];
		struct buf lines;
		buf_init(&lines, 4096);
		ch->role = allowed[i].role;
		int n = command_allowed(&ctx, allowed[i].letter, allowed[i].id, offers, 20, NULL);
		for (int k = 0; k < n; k++)
			buf_printf(&lines, "%s%.*s", k ? "|" : "", SLICE_ARG(offers[k].line));
		assert_string_equal(buf_str(&lines), allowed[i].lines);
		assert_int_equal(
			command_allowed(&ctx, allowed[i].letter, allowed[i].id, offers, 1, NULL),
			n ? 1 : 0);
		buf_release(&lines);
	}
}

int run_run_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_CMD_each_command_runs),
		cmocka_unit_test(test_PX_13_PX_14_hold_and_release_by_command),
		cmocka_unit_test(test_31_commands_run_in_order),
		cmocka_unit_test(test_31_one_refusal_refuses_the_mail),
		cmocka_unit_test(test_31_a_mistyped_verb_runs_nothing),
		cmocka_unit_test(test_ST_23_single_lines_are_not_released),
		cmocka_unit_test(test_PX_18_locked_customers_order_is_not_released),
		cmocka_unit_test(test_PX_26_CP_38_comments_and_notes_are_by_the_agent),
		cmocka_unit_test(test_CMD_note_in_a_thread_is_a_message),
		cmocka_unit_test(test_CMD_flags_of_a_block),
		cmocka_unit_test(test_CMD_refusals_are_sentences),
		cmocka_unit_test(test_CMD_refuse_for_a_reason_of_the_callers),
		cmocka_unit_test(test_17_22_29_random_commands_against_a_model),
		cmocka_unit_test(test_PX_12_ST_05_orders_sorted_and_filtered),
		cmocka_unit_test(test_CMD_what_may_be_done_now),
	};
	return cmocka_run_group_tests_name("run", tests, fixture_setup, fixture_teardown);
}
