/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "record/history.h"
#include "record/message.h"
#include "record/thread.h"

/* RECORD.md 2.7, once more: the new state of each event, "-" where it is refused. */
static const char *const expected[THREAD_STATE_COUNT][THREAD_EVENT_COUNT] = {
	/*            mail       answer     note       assign     close     reopen  spam    merge */
	/* new */ {"new", "pending", "new", "open", "closed", "-", "spam", "merged"},
	/* open */ {"open", "pending", "open", "open", "closed", "-", "spam", "merged"},
	/* pending */ {"open", "pending", "pending", "pending", "closed", "open", "spam", "merged"},
	/* closed */ {"open", "pending", "closed", "closed", "-", "open", "spam", "merged"},
	/* spam */ {"spam", "-", "spam", "-", "-", "-", "-", "-"},
	/* merged */ {"-", "-", "merged", "-", "-", "-", "-", "-"},
};

static void test_thread_transitions_every_pair(void **state)
{
	(void)state;
	for (int from = 0; from < THREAD_STATE_COUNT; from++) {
		for (int event = 0; event < THREAD_EVENT_COUNT; event++) {
			Rec__ThreadState to;
			bool legal =
				thread_next((Rec__ThreadState)from, (enum thread_event)event, &to);
			struct slice name =
				legal ? schema_enum_text(&rec__thread_state__descriptor, (int)to)
				      : SLICE("-");
			if (!slice_eq(name, slice_str(expected[from][event])))
				fail_msg("state %d, %s: %.*s", from,
					 thread_event_name((enum thread_event)event),
					 SLICE_ARG(name));
		}
	}
}

static Rec__Thread *load(struct change *ch, uint64_t id)
{
	Rec__Thread *thread;
	struct err e;
	if (thread_load(ch->txn, ch->arena, id, &thread, &e) != 1)
		fail_msg("T%u is not there", (unsigned)id);
	return thread;
}

RECORD_TEST(test_thread_moves_with_history_and_event)
{
	Rec__Thread *thread = load(ch, 10001);
	struct err e;
	assert_int_equal(thread_move(ch, thread, THREAD_CLOSE, SLICE("solved"), &e), 1);
	assert_int_equal(load(ch, 10001)->state, REC__THREAD_STATE__THREAD_STATE_CLOSED);
	assert_string_equal(ch->events->name, "thread.closed");
	const Rec__History *row = fixture_history(ch, "T10001");
	assert_string_equal(row->event, "close");
	assert_string_equal(row->from_state, "open");
	assert_string_equal(row->to_state, "closed");
	assert_int_equal(thread_move(ch, thread, THREAD_CLOSE, SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "T10001 is closed and cannot be closed; possible: mail");
}

RECORD_TEST(test_thread_assign)
{
	struct err e;
	assert_int_equal(thread_assign(ch, 10002, 2, &e), 1);
	const Rec__Thread *thread = load(ch, 10002);
	assert_int_equal(thread->owner, 2);
	assert_int_equal(thread->state, REC__THREAD_STATE__THREAD_STATE_OPEN);
	assert_string_equal(ch->events->name, "thread.assigned");
	assert_int_equal(thread_assign(ch, 10002, 2, &e), 0);
	assert_int_equal(ch->n_events, 1);
	assert_int_equal(thread_assign(ch, 10002, 0, &e), 1);
	assert_int_equal(thread_assign(ch, 10002, 99, &e), -1);
	assert_int_equal(thread_assign(ch, 99, 1, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no thread T99");
}

static Rec__Message *mail(struct change *ch, Rec__Thread *thread, const char *message_id)
{
	Rec__Message *message = ARENA_NEW(ch->arena, Rec__Message);
	struct err e;
	rec__message__init(message);
	message->message_id = arena_str(ch->arena, slice_str(message_id));
	if (message_create(ch, thread, message, &e) < 0)
		fail_msg("%s", e.text);
	return message;
}

RECORD_TEST(test_messages_count_in_their_thread)
{
	Rec__Thread *thread = load(ch, 10001);
	struct history_list before, after;
	struct err e;
	history_of(ch->txn, ch->arena, SLICE("T10001"), 100, &before, &e);
	Rec__Message *first = mail(ch, thread, "a@x"), *second = mail(ch, thread, "b@x");
	assert_int_equal(thread->message_count, 2);
	assert_int_equal(thread->last_message, second->id);
	assert_int_equal(load(ch, 10001)->message_count, 2);
	/* A mail into an open thread is its own record. */
	assert_int_equal(thread_move(ch, thread, THREAD_MAIL, SLICE(""), &e), 0);
	history_of(ch->txn, ch->arena, SLICE("T10001"), 100, &after, &e);
	assert_int_equal(after.n, before.n);
	assert_int_equal(first->created_at, FIXTURE_NOW);
}

RECORD_TEST(test_messages_are_found_and_listed)
{
	Rec__Thread *thread = load(ch, 10001), *other = load(ch, 10002);
	struct message_list list;
	Rec__Message *message;
	struct err e;
	uint64_t ids[4];
	for (int i = 0; i < 4; i++)
		ids[i] = mail(ch, thread, arena_printf(ch->arena, "m%d@x", i))->id;
	mail(ch, other, "m9@x");
	assert_int_equal(message_find(ch->txn, ch->arena, SLICE("m2@x"), &message, &e), 1);
	assert_int_equal(message->id, ids[2]);
	assert_int_equal(message_find(ch->txn, ch->arena, SLICE("m2@"), &message, &e), 0);
	struct message_query query = {.thread = 10001, .limit = 2};
	assert_int_equal(message_list(ch->txn, ch->arena, &query, &list, &e), 1);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.items[0]->id, ids[3]);
	query.before = list.items[1]->id;
	assert_int_equal(message_list(ch->txn, ch->arena, &query, &list, &e), 1);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.items[1]->id, ids[0]);
}

RECORD_TEST(test_a_very_long_message_id_is_found)
{
	char id[900];
	Rec__Message *message;
	struct err e;
	memset(id, 'x', sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	mail(ch, load(ch, 10001), id);
	assert_int_equal(message_find(ch->txn, ch->arena, slice_str(id), &message, &e), 1);
}

RECORD_TEST(test_threads_by_queue_and_customer)
{
	struct thread_query query = {
		.state = REC__THREAD_STATE__THREAD_STATE_OPEN, .owner = 1, .limit = 10};
	struct thread_list list;
	struct err e;
	assert_int_equal(thread_queue(ch->txn, ch->arena, &query, &list, &e), 1);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.items[0]->id, 10001);
	query = (struct thread_query){.limit = 10};
	assert_int_equal(thread_queue(ch->txn, ch->arena, &query, &list, &e), 1);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.items[0]->id, 10002);
	assert_int_equal(thread_of_customer(ch->txn, ch->arena, 10001, 10, &list, &e), 1);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.items[0]->id, 10003);
}

int run_thread_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thread_transitions_every_pair),
		cmocka_unit_test(test_thread_moves_with_history_and_event),
		cmocka_unit_test(test_thread_assign),
		cmocka_unit_test(test_messages_count_in_their_thread),
		cmocka_unit_test(test_messages_are_found_and_listed),
		cmocka_unit_test(test_a_very_long_message_id_is_found),
		cmocka_unit_test(test_threads_by_queue_and_customer),
	};
	return cmocka_run_group_tests_name("thread", tests, fixture_setup, fixture_teardown);
}
