/* SPDX-License-Identifier: ISC */
#include "command.h"
#include "groups.h"

#define I0 COMMAND_I0_IDENTITY
#define I1 COMMAND_I1_TOKEN
#define I2 COMMAND_I2_TRANSPORT
#define I3 COMMAND_I3_FRESH
#define BAD COMMAND_I2_FAILED

/* MAIL.md 6, for one command of each class. */
static const struct {
	unsigned proofs;
	bool read, triage, customer, record;
} proofs[] = {
	{0, false, false, false, false},
	{I1 | I2 | I3, false, false, false, false},
	{I0, false, false, false, false},
	{I0 | I1, true, true, false, false},
	{I0 | I2, true, false, false, false},
	{I0 | I1 | I2, true, true, true, true},
	{I0 | I1 | BAD, true, false, false, false},
	{I0 | I3, true, true, true, true},
	{I0 | I1 | I3, true, true, true, true},
	{I0 | I1 | I3 | BAD, true, true, true, true},
	{I0 | COMMAND_SEND, true, true, false, false},
	{I0 | COMMAND_SEND | I2, true, true, true, true},
	{I0 | COMMAND_I4_SECOND, false, false, false, false},
};

static int run(struct change *ch, const char *text, unsigned with, struct err *e)
{
	struct command_context ctx = {
		.change = ch, .thread = 10001, .customer = 10001, .proofs = with};
	struct command_block *block;
	struct command_result result;
	size_t events = ch->n_events;
	assert_int_equal(command_parse(ch->arena, slice_str(text), &block, NULL), 1);
	int got = command_run(&ctx, block, &result, e);
	if (got < 0) {
		assert_int_equal(ch->n_events, events);
		assert_true(result.n_errors > 0);
	}
	return got;
}

static void expect(struct change *ch, const char *text, unsigned with, bool allowed)
{
	struct err e;
	int got = run(ch, text, with, &e);
	if (got != (allowed ? 1 : -1))
		fail_msg("%s with %x: %s", text, with, got < 0 ? e.text : "ran");
	if (!allowed)
		fixture_error(&e, ERR_DENIED, "needs");
}

RECORD_TEST(test_AUTH_class_table)
{
	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
		expect(ch, "#show C10001", proofs[i].proofs, proofs[i].read);
		expect(ch, "#note C10001 x", proofs[i].proofs, proofs[i].triage);
		expect(ch, "#mail C10001 template=x", proofs[i].proofs, proofs[i].customer);
		expect(ch, "#hold O10001", proofs[i].proofs, proofs[i].record);
		if (proofs[i].record)
			expect(ch, "#release O10001", proofs[i].proofs, true);
	}
}

RECORD_TEST(test_AUTH_roles)
{
	struct err e;
	ch->role = REC__ROLE__ROLE_WAREHOUSE;
	assert_int_equal(run(ch, "#show O10001", I0 | I1 | I2, &e), 1);
	assert_int_equal(run(ch, "#hold O10001", I0 | I1 | I2, &e), -1);
	fixture_error(&e, ERR_DENIED, "line 1: #hold is for agent, admin; you are warehouse");
	ch->role = REC__ROLE__ROLE_NONE;
	assert_int_equal(run(ch, "#show O10001", I0 | I1 | I2, &e), -1);
	ch->role = REC__ROLE__ROLE_ADMIN;
	assert_int_equal(run(ch, "#hold O10001", I0 | I1 | I2, &e), 1);
}

/* Ids belong to the thread's customer, or the block names another. */
static const struct {
	const char *text;
	uint64_t thread, customer;
	const char *refused; /* null: runs */
} owners[] = {
	{"#show O10001", 10001, 10001, NULL},
	{"#show O10003", 10001, 10001,
	 "O10003 belongs to C10002, not to C10001; write #customer C10002"},
	{"#show C10002", 10001, 10001, "belongs to C10002"},
	{"#customer C10002\n#show O10003", 10001, 10001, NULL},
	{"#customer C10002\n#show O10001", 10001, 10001, "line 2: O10001 belongs to C10001"},
	{"#customer C99999", 10001, 10001, "there is no customer C99999"},
	{"#show O99999", 10001, 10001, "there is no order O99999"},
	{"#show O10001/3", 10001, 10001, NULL},
	{"#show O10001/4", 10001, 10001, "O10001 has no line 4"},
	{"#show T10002", 10001, 10001, NULL},
	{"#show O10003", 0, 0, NULL},
	{"#show O10003", 10002, 0, "this thread has no customer; write #customer C10002 above"},
	{"#customer C10002\n#show O10003", 10002, 0, NULL},
	{"#close", 0, 0, "no thread is at hand"},
	{"#orders", 10002, 0, "no customer is at hand"},
};

RECORD_TEST(test_AUTH_ids_belong_to_the_customer)
{
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		struct command_context ctx = {.change = ch,
					      .thread = owners[i].thread,
					      .customer = owners[i].customer,
					      .proofs = I0 | I1 | I2};
		struct command_block *block;
		struct command_result result;
		struct err e;
		command_parse(ch->arena, slice_str(owners[i].text), &block, NULL);
		int got = command_run(&ctx, block, &result, &e);
		if (got != (owners[i].refused ? -1 : 1))
			fail_msg("%s: %s", owners[i].text, got < 0 ? e.text : "ran");
		if (owners[i].refused)
			fixture_error(&e, ERR_INPUT, owners[i].refused);
	}
}

int run_right_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_AUTH_class_table),
		cmocka_unit_test(test_AUTH_roles),
		cmocka_unit_test(test_AUTH_ids_belong_to_the_customer),
	};
	return cmocka_run_group_tests_name("right", tests, fixture_setup, fixture_teardown);
}
