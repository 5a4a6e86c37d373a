/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "schema.h"

static struct json *parsed(struct arena *a, const char *text)
{
	struct json *value;
	struct err e;
	assert_int_equal(json_parse(a, slice_str(text), &value, &e), 1);
	return value;
}

static const char order_json[] =
	"{\"id\":\"O10042\",\"customer\":\"C10001\",\"kind\":\"B2B\",\"currency\":\"EUR\","
	"\"shipping\":{\"roles\":[\"delivery\"],\"name\":\"Ann\",\"lines\":[\"Road 1\",\"\"]},"
	"\"ordered_at\":\"2026-03-01T10:00:00Z\","
	"\"lines\":[{\"number\":1,\"sku\":\"A-1\",\"quantity\":2,\"unit_price\":1250,"
	"\"state\":\"HAL\"},{\"number\":2,\"sku\":\"B-2\",\"quantity\":-1,\"state\":\"MIN\"}]}";

static Rec__Order *order_of(struct arena *a, const char *text)
{
	struct err e = {0};
	Rec__Order *order =
		(Rec__Order *)schema_from_json(a, &rec__order__descriptor, parsed(a, text), &e);
	if (!order)
		fail_msg("%s", e.text);
	return order;
}

static void test_json_round_trip(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	struct err e;
	Rec__Order *order = order_of(a, order_json);
	assert_int_equal(order->id, 10042);
	assert_int_equal(order->n_lines, 2);
	assert_int_equal(order->lines[1]->quantity, -1);
	struct slice packed = schema_pack_in(a, &order->base);
	ProtobufCMessage *again = schema_unpack(a, &rec__order__descriptor, packed, &e);
	assert_non_null(again);
	struct buf out;
	buf_init(&out, 1 << 16);
	json_put(&out, schema_to_json(a, again));
	assert_string_equal(buf_str(&out), order_json);
	buf_release(&out);
	arena_close(&a);
}

static void test_paths(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		int found;
		enum schema_kind kind;
		int64_t number;
		const char *text;
	} rows[] = {
		{"id", 1, SCHEMA_ID, 10042, ""},
		{"lines", 1, SCHEMA_LIST, 0, ""},
		{"lines[0].sku", 1, SCHEMA_TEXT, 0, "A-1"},
		{"lines[1].state", 1, SCHEMA_ENUM, 7, "MIN"},
		{"lines[2].sku", 0, SCHEMA_NONE, 0, ""},
		{"lines[-1]", 0, SCHEMA_NONE, 0, ""},
		{"lines[0", 0, SCHEMA_NONE, 0, ""},
		{"shipping.name", 1, SCHEMA_TEXT, 0, "Ann"},
		{"shipping.roles[0]", 1, SCHEMA_ENUM, 3, "delivery"},
		{"billing", 1, SCHEMA_NONE, 0, ""},
		{"billing.name", 0, SCHEMA_NONE, 0, ""},
		{"currency.x", 0, SCHEMA_NONE, 0, ""},
		{"no_such", 0, SCHEMA_NONE, 0, ""},
		{"hold_reason", 1, SCHEMA_NONE, 0, ""},
	};
	struct arena *a = arena_open();
	Rec__Order *order = order_of(a, order_json);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct schema_value value;
		int found = schema_path(&order->base, slice_str(rows[i].path), &value);
		assert_int_equal(found, rows[i].found);
		if (!found)
			continue;
		assert_int_equal(value.kind, rows[i].kind);
		if (rows[i].number)
			assert_int_equal(value.number, rows[i].number);
		assert_true(slice_eq(value.text, slice_str(rows[i].text)));
	}
	arena_close(&a);
}

static void test_refusals(void **state)
{
	(void)state;
	static const struct {
		const char *json, *error;
	} rows[] = {
		{"{\"custmer\":1}", "did you mean \"customer\""},
		{"{\"id\":\"X1\"}", "an id such as \"O10042\""},
		{"{\"id\":-1}", "an id such as"},
		{"{\"ordered_at\":\"yesterday\"}", "2026-03-01T10:00:00Z"},
		{"{\"lines\":{}}", "\"lines\" must be a list"},
		{"{\"lines\":[{\"state\":\"GONE\"}]}", "one of NONE, NEW, HAL"},
		{"{\"lines\":[1]}", "a Line must be an object"},
		{"{\"shipping_cost\":1.5}", "whole number"},
		{"{\"currency\":\"E\\u0000R\"}", "text without NUL"},
		{"{\"urgent\":1}", "true or false"},
		{"[]", "a Order must be an object"},
	};
	struct arena *a = arena_open();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = {0};
		assert_null(
			schema_from_json(a, &rec__order__descriptor, parsed(a, rows[i].json), &e));
		assert_int_equal(e.class, ERR_INPUT);
		if (!strstr(e.text, rows[i].error))
			fail_msg("%s: \"%s\" lacks \"%s\"", rows[i].json, e.text, rows[i].error);
	}
	arena_close(&a);
}

static void test_diff(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	Rec__Order *order = order_of(a, order_json);
	Rec__Order *other = (Rec__Order *)schema_copy(a, &order->base);
	struct schema_change *changes;
	assert_int_equal(schema_diff(a, &order->base, &other->base, &changes), 0);
	other->lines[0]->state = REC__LINE_STATE__LINE_STATE_ANG;
	other->shipping->name = arena_str(a, SLICE("Bob"));
	other->n_lines = 1;
	size_t n = schema_diff(a, &order->base, &other->base, &changes);
	static const struct {
		const char *path, *old, *new;
		bool personal;
	} rows[] = {
		{"shipping.name", "Ann", "Bob", true},	{"lines[0].state", "HAL", "ANG", false},
		{"lines[1].number", "2", "", false},	{"lines[1].sku", "B-2", "", false},
		{"lines[1].quantity", "-1", "", false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(i < n);
		assert_true(slice_eq(changes[i].path, slice_str(rows[i].path)));
		assert_true(slice_eq(changes[i].old, slice_str(rows[i].old)));
		assert_true(slice_eq(changes[i].new, slice_str(rows[i].new)));
		assert_int_equal(changes[i].personal, rows[i].personal);
	}
	arena_close(&a);
}

static void test_garbled_bytes_are_temp(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	struct err e = {0};
	assert_null(schema_unpack(a, &rec__order__descriptor, SLICE("\x0a\xff\xff\xff"), &e));
	assert_int_equal(e.class, ERR_TEMP);
	arena_close(&a);
}

/* Every enum of the schema has a lower-case name that parses back to its value. */
static void test_enum_names(void **state)
{
	(void)state;
	static const ProtobufCEnumDescriptor *const types[] = {
		&rec__address_role__descriptor,
		&rec__customer_type__descriptor,
		&rec__thread_state__descriptor,
		&rec__direction__descriptor,
		&rec__role__descriptor,
		&tra__journal_state__descriptor,
		&tra__outbox_state__descriptor,
		&tra__outbox_kind__descriptor,
		&rpc__delivery__descriptor,
		&rec__invoice_kind__descriptor,
		&rec__disposition__descriptor,
		&rec__payment_action__descriptor,
		&rec__payment_result__descriptor,
		&rec__refund_state__descriptor,
		&rec__account_event_kind__descriptor,
	};
	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++)
		for (unsigned i = 0; i < types[t]->n_values; i++) {
			int value = -1;
			struct slice text = schema_enum_text(types[t], types[t]->values[i].value);
			for (size_t k = 0; k < text.len; k++)
				assert_false(text.ptr[k] >= 'A' && text.ptr[k] <= 'Z');
			assert_true(schema_enum_value(types[t], text, &value));
			assert_int_equal(value, types[t]->values[i].value);
		}
}

static void test_what_fields_are(void **state)
{
	static const struct {
		const ProtobufCMessageDescriptor *type;
		const char *field;
		char letter;
		bool amount, personal;
	} rows[] = {
		{&rec__invoice__descriptor, "order", 'O', false, false},
		{&rec__invoice__descriptor, "total", 0, true, false},
		{&rec__invoice__descriptor, "buyer_vat_id", 0, false, true},
		{&rec__credit_note__descriptor, "return", 'R', false, false},
		{&rec__refund__descriptor, "id", 'F', false, false},
		{&rec__refund__descriptor, "payment", 'P', false, false},
		{&rec__refund__descriptor, "amount", 0, true, false},
		{&rec__document_line__descriptor, "vat_rate", 0, false, false},
		{&rec__document_line__descriptor, "unit_price", 0, true, false},
		{&rec__payment__descriptor, "label", 0, false, true},
		{&rec__account_event__descriptor, "id", 'E', false, false},
		{&rec__line__descriptor, "quantity", 0, false, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const ProtobufCFieldDescriptor *field =
			schema_field(rows[i].type, slice_str(rows[i].field));
		assert_non_null(field);
		assert_int_equal(schema_id_letter(rows[i].type, field), rows[i].letter);
		assert_int_equal(schema_is_amount(field), rows[i].amount);
		assert_int_equal(schema_is_personal(rows[i].type, field), rows[i].personal);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_round_trip),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_garbled_bytes_are_temp),
		cmocka_unit_test(test_enum_names),
		cmocka_unit_test(test_what_fields_are),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
