/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "record/agent.h"
#include "record/shop.h"

static const struct {
	const char *name, *address;
	Rec__Role role;
	const char *words; /* null: taken */
} cases[] = {
	{"zoe", "zoe@desk.example", REC__ROLE__ROLE_AGENT, NULL},
	{"z.o-e_2", "zoe2@desk.example", REC__ROLE__ROLE_ACCOUNTING, NULL},
	{"ann", "new@desk.example", REC__ROLE__ROLE_AGENT, "that name is taken by agent ann"},
	{"zo", "Ann@Desk.Example", REC__ROLE__ROLE_AGENT, "that address is taken by agent ann"},
	{"", "x@desk.example", REC__ROLE__ROLE_AGENT, "no agent's name"},
	{"me", "x@desk.example", REC__ROLE__ROLE_AGENT, "no agent's name"},
	{"Zoe", "x@desk.example", REC__ROLE__ROLE_AGENT, "no agent's name"},
	{"2zoe", "x@desk.example", REC__ROLE__ROLE_AGENT, "no agent's name"},
	{"zo e", "x@desk.example", REC__ROLE__ROLE_AGENT, "no agent's name"},
	{"zo", "Zoe <zoe@desk.example>", REC__ROLE__ROLE_AGENT, "no plain mail address"},
	{"zo", "zoe at desk", REC__ROLE__ROLE_AGENT, "no plain mail address"},
	{"zo", "zoe@desk.example", REC__ROLE__ROLE_NONE, "no role"},
	{"zo", "zoe@desk.example", REC__ROLE__ROLE_SYSTEM, "no role"},
};

static void add_case(struct change *ch, size_t i)
{
	Rec__Agent agent, *found;
	struct err e = {.class = ERR_NONE};
	rec__agent__init(&agent);
	agent.name = arena_str(ch->arena, slice_str(cases[i].name));
	agent.address = arena_str(ch->arena, slice_str(cases[i].address));
	agent.role = cases[i].role;
	int got = agent_add(ch, &agent, &e);
	if (cases[i].words) {
		assert_int_equal(got, -1);
		fixture_error(&e, ERR_INPUT, cases[i].words);
		return;
	}
	if (got < 0)
		fail_msg("%s", e.text);
	assert_int_equal(agent_find_name(ch->txn, ch->arena, slice_str(cases[i].name), &found, &e),
			 1);
	assert_int_equal(found->tokens_valid_from, FIXTURE_NOW);
	assert_int_equal(found->created_at, FIXTURE_NOW);
}

static size_t at_hand;

static void add_case_at_hand(struct change *ch)
{
	add_case(ch, at_hand);
}

static void test_agent_add(void **state)
{
	for (at_hand = 0; at_hand < sizeof(cases) / sizeof(cases[0]); at_hand++)
		fixture_try(state, add_case_at_hand);
}

RECORD_TEST(test_agent_revoke)
{
	Rec__Agent *agent;
	struct err e;
	assert_int_equal(agent_revoke(ch, 1, false, &e), 1);
	agent_find_address(ch->txn, ch->arena, SLICE("ANN@desk.example"), &agent, &e);
	assert_int_equal(agent->tokens_valid_from, FIXTURE_NOW + 1);
	assert_false(agent->inactive);
	assert_string_equal(fixture_history(ch, "agent:1")->event, "revoke");
	assert_int_equal(agent_revoke(ch, 1, true, &e), 1);
	agent_load(ch->txn, ch->arena, 1, &agent, &e);
	assert_true(agent->inactive);
	assert_int_equal(agent_revoke(ch, 99, true, &e), -1);
}

RECORD_TEST(test_agent_list)
{
	struct agent_list list;
	struct err e;
	assert_int_equal(agent_list(ch->txn, ch->arena, &list, &e), 1);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.items[1]->name, "ben");
}

RECORD_TEST(test_agent_roles)
{
	Rec__Role role;
	struct err e;
	(void)ch;
	assert_int_equal(agent_role_find(SLICE("Admin"), &role, &e), 1);
	assert_int_equal(role, REC__ROLE__ROLE_ADMIN);
	assert_true(slice_eq(agent_role_text(role), SLICE("admin")));
	assert_int_equal(agent_role_find(SLICE("system"), &role, &e), -1);
	assert_int_equal(agent_role_find(SLICE("boss"), &role, &e), -1);
	fixture_error(&e, ERR_INPUT, "warehouse");
}

RECORD_TEST(test_shops)
{
	Rec__Shop *shop, wrong;
	struct shop_list list;
	struct err e;
	assert_int_equal(shop_list(ch->txn, ch->arena, &list, &e), 1);
	assert_int_equal(list.n, 1);
	assert_int_equal(
		shop_find_address(ch->txn, ch->arena, SLICE("SUPPORT@shop.example"), &shop, &e), 1);
	assert_int_equal(shop->id, 1);
	assert_int_equal(shop_find_name(ch->txn, ch->arena, SLICE("demo"), &shop, &e), 1);
	wrong = *shop;
	wrong.currency = arena_str(ch->arena, SLICE("EUX"));
	assert_int_equal(shop_save(ch, &wrong, &e), -1);
	fixture_error(&e, ERR_INPUT, "\"EUX\" is no ISO 4217 currency");
	wrong.currency = shop->currency;
	wrong.time_zone = arena_str(ch->arena, SLICE("Europe/Nowhere"));
	assert_int_equal(shop_save(ch, &wrong, &e), -1);
	fixture_error(&e, ERR_INPUT, "\"time_zone\"");
}

int run_agent_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agent_add),  cmocka_unit_test(test_agent_revoke),
		cmocka_unit_test(test_agent_list), cmocka_unit_test(test_agent_roles),
		cmocka_unit_test(test_shops),
	};
	return cmocka_run_group_tests_name("agent", tests, fixture_setup, fixture_teardown);
}
