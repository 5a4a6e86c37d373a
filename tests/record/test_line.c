/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
#include "record/line.h"

/*
 * RECORD.md 2.1 written down a second time, by state: "event>TO,TO".  What is
 * not here must be refused.
 */
static const struct {
	const char *state, *events;
} expected[] = {
	{"NONE", "import>HAL import>ANG add>NEW replace>MIN"},
	{"NEW", "save>HAL save>ANG remove>NONE"},
	{"HAL", "release>ANG cancel>STO autocancel>STO na>NLB"},
	{"ANG", "hold>HAL cancel>STO na>NLB scan_in>EIN transfer>FUP"},
	{"EIN", "scan_out>ANG ship>AUS"},
	{"AUS", "return>RET"},
	{"RET", "undo_return>AUS undo_return>FUS"},
	{"MIN", "cancel_order>STO"},
	{"STO", "reopen>NEW"},
	{"NLB", "reopen>NEW"},
	{"FUP", "fconfirm>FUT freject>ANG cancel>STO"},
	{"FUT", "freject>ANG fship>FUS"},
	{"FUS", "return>RET"},
};

static Rec__LineState state_of(struct slice name)
{
	int value;
	if (slice_eq(name, SLICE("-")))
		return REC__LINE_STATE__LINE_STATE_NONE;
	if (!schema_enum_value(&rec__line_state__descriptor, name, &value))
		fail_msg("no state %.*s", SLICE_ARG(name));
	return (Rec__LineState)value;
}

static enum line_event event_of(struct slice name)
{
	enum line_event event;
	if (!line_event_find(name, &event))
		fail_msg("no event %.*s", SLICE_ARG(name));
	return event;
}

typedef unsigned table[LINE_STATE_COUNT][LINE_EVENT_COUNT];

static void read_expected(table t)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct slice rest = slice_str(expected[i].events), word, event;
		while (slice_cut(&rest, ' ', &word)) {
			slice_cut(&word, '>', &event);
			t[state_of(slice_str(expected[i].state))][event_of(event)] |=
				LINE_BIT(state_of(word));
		}
	}
}

static void read_oracle(FILE *file, table t)
{
	char text[512];
	assert_non_null(fgets(text, sizeof(text), file)); /* the names of the columns */
	while (fgets(text, sizeof(text), file)) {
		struct slice rest = slice_str(text), from = rest, event = rest, to = rest;
		assert_true(slice_cut(&rest, '\t', &from) && slice_cut(&rest, '\t', &event) &&
			    slice_cut(&rest, '\t', &to));
		t[state_of(from)][event_of(event)] |= LINE_BIT(state_of(to));
	}
}

static size_t walk_every_pair(table t)
{
	size_t allowed = 0;
	for (int state = 0; state < LINE_STATE_COUNT; state++) {
		for (int event = 0; event < LINE_EVENT_COUNT; event++) {
			unsigned targets =
				line_targets((Rec__LineState)state, (enum line_event)event);
			assert_int_equal(targets, t[state][event]);
			allowed += targets != 0 && state != REC__LINE_STATE__LINE_STATE_NONE;
		}
	}
	return allowed;
}

static void test_st_line_transitions_every_pair(void **state)
{
	(void)state;
	table t = {{0}};
	read_expected(t);
	assert_int_equal(LINE_EVENT_COUNT, 21);
	assert_int_equal(LINE_STATE_COUNT, 13);
	assert_int_equal(walk_every_pair(t), 24);
}

static void test_st_line_transitions_as_published(void **state)
{
	(void)state;
	const char *data = getenv("POSTCLERK_DATA");
	char path[4096];
	table t = {{0}};
	snprintf(path, sizeof(path), "%s/line_transitions.tsv", data ? data : "");
	FILE *file = data ? fopen(path, "r") : NULL;
	if (!file)
		skip();
	read_oracle(file, t);
	fclose(file);
	assert_int_equal(walk_every_pair(t), 24);
}

/* Every pair once more, through line_move: refused pairs change nothing and say why. */
static void test_st_line_move_refuses_holes(void **state)
{
	(void)state;
	for (int from = 0; from < LINE_STATE_COUNT; from++) {
		for (int event = 0; event < LINE_EVENT_COUNT; event++) {
			for (int to = 0; to < LINE_STATE_COUNT; to++) {
				Rec__Line line;
				struct err e;
				rec__line__init(&line);
				line.state = (Rec__LineState)from;
				bool legal = line_targets(line.state, (enum line_event)event) &
					     LINE_BIT(to);
				int got = line_move(&line, (enum line_event)event,
						    (Rec__LineState)to, &e);
				assert_int_equal(got, legal ? 1 : -1);
				assert_int_equal(line.state, legal ? to : from);
				if (!legal)
					fixture_error(&e, ERR_INPUT, "possible: ");
			}
		}
	}
}

static void test_st_line_refusal_is_a_sentence(void **state)
{
	(void)state;
	Rec__Line line;
	struct err e;
	rec__line__init(&line);
	line.number = 3;
	line.state = REC__LINE_STATE__LINE_STATE_AUS;
	assert_int_equal(line_move(&line, LINE_CANCEL, REC__LINE_STATE__LINE_STATE_STO, &e), -1);
	assert_string_equal(e.text,
			    "line 3 is AUS (shipped) and cannot be cancelled; possible: return");
}

/* 17: no way leads from what was sent back to what was not. */
static void test_st_no_way_back_from_sent(void **state)
{
	(void)state;
	unsigned reached = LINE_BIT(REC__LINE_STATE__LINE_STATE_AUS), before = 0;
	while (reached != before) {
		before = reached;
		for (int from = 0; from < LINE_STATE_COUNT; from++)
			for (int event = 0; event < LINE_EVENT_COUNT; event++)
				if (reached & LINE_BIT(from))
					reached |= line_targets((Rec__LineState)from,
								(enum line_event)event);
	}
	assert_int_equal(reached, LINE_BIT(REC__LINE_STATE__LINE_STATE_AUS) |
					  LINE_BIT(REC__LINE_STATE__LINE_STATE_FUS) |
					  LINE_BIT(REC__LINE_STATE__LINE_STATE_RET));
}

static void test_line_unknown_state_allows_nothing(void **state)
{
	(void)state;
	for (int event = 0; event < LINE_EVENT_COUNT; event++)
		assert_int_equal(line_targets((Rec__LineState)99, (enum line_event)event), 0);
	assert_string_equal(line_state_word((Rec__LineState)99), "unknown");
	assert_false(line_is_final((Rec__LineState)99));
}

int run_line_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_st_line_transitions_every_pair),
		cmocka_unit_test(test_st_line_transitions_as_published),
		cmocka_unit_test(test_st_line_move_refuses_holes),
		cmocka_unit_test(test_st_line_refusal_is_a_sentence),
		cmocka_unit_test(test_st_no_way_back_from_sent),
		cmocka_unit_test(test_line_unknown_state_allows_nothing),
	};
	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
