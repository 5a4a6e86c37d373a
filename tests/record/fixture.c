/* SPDX-License-Identifier: ISC */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "record/history.h"
#include "record/import.h"
#include "record/tables.h"

static const char world[] =
	"{\"type\":\"shop\",\"id\":1,\"name\":\"Demo\",\"address\":\"support@shop.example\","
	"\"language\":\"en\",\"currency\":\"EUR\",\"time_zone\":\"Europe/Amsterdam\"}\n"
	"{\"type\":\"agent\",\"name\":\"ann\",\"address\":\"ann@desk.example\",\"role\":\"agent\"}"
	"\n"
	"{\"type\":\"agent\",\"name\":\"ben\",\"address\":\"ben@desk.example\",\"role\":\"admin\"}"
	"\n"
	"{\"type\":\"agent\",\"name\":\"wim\",\"address\":\"wim@desk.example\","
	"\"role\":\"warehouse\"}\n"
	"{\"type\":\"item\",\"sku\":\"CUP-1\",\"name\":\"Cup\",\"price\":1250,\"currency\":\"EUR\","
	"\"vat_category\":\"S\",\"vat_rate\":210000,\"on_hand\":5}\n"
	"{\"type\":\"customer\",\"name\":\"Jo Jansen\",\"emails\":[\"Jo@Example.org\","
	"\"jansen@example.net\"],\"phone\":\"+31 20 1234567\",\"external_ids\":[{\"channel\":"
	"\"amazon\",\"value\":\"A-1\"}],\"watch\":[{\"text\":\"Always calls first\"}]}\n"
	"{\"type\":\"customer\",\"name\":\"Lo Locked\",\"emails\":[\"lo@example.org\"],"
	"\"locked\":true,\"locked_reason\":\"unpaid bills\"}\n"
	"{\"type\":\"customer\",\"name\":\"No Orders\",\"emails\":[\"no@example.org\"]}\n"
	"{\"type\":\"order\",\"customer\":\"jo@example.org\",\"ordered_at\":\"2026-02-20T09:00:"
	"00Z\","
	"\"external_ids\":[{\"channel\":\"web\",\"value\":\"W-77\"}],\"shipping_cost\":495,"
	"\"lines\":[{\"sku\":\"CUP-1\",\"name\":\"Cup\",\"quantity\":2,\"unit_price\":1250,"
	"\"vat_category\":\"S\",\"vat_rate\":210000},{\"sku\":\"POT-1\",\"name\":\"Pot\","
	"\"quantity\":1,\"unit_price\":4000,\"vat_category\":\"S\",\"vat_rate\":210000},"
	"{\"sku\":\"TEA-1\",\"name\":\"Tea\",\"quantity\":3,\"unit_price\":300,\"vat_category\":"
	"\"S\","
	"\"vat_rate\":90000,\"state\":\"ANG\"}]}\n"
	"{\"type\":\"order\",\"customer\":\"amazon:A-1\",\"ordered_at\":\"2026-02-10T09:00:00Z\","
	"\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":1,\"unit_price\":1250,\"state\":\"ANG\"},"
	"{\"sku\":\"POT-1\",\"quantity\":1,\"unit_price\":4000,\"state\":\"ANG\"}]}\n"
	"{\"type\":\"order\",\"customer\":\"C10002\",\"ordered_at\":\"2026-02-25T09:00:00Z\","
	"\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":1,\"unit_price\":1250,\"state\":\"ANG\"}]}\n"
	"{\"type\":\"order\",\"customer\":\"C10001\",\"ordered_at\":\"2026-02-26T09:00:00Z\","
	"\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":1,\"unit_price\":1250,\"state\":\"EIN\"},"
	"{\"sku\":\"POT-1\",\"quantity\":1,\"unit_price\":4000,\"state\":\"ANG\"}]}\n"
	"{\"type\":\"order\",\"customer\":\"C10001\",\"ordered_at\":\"2026-02-27T09:00:00Z\","
	"\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":1,\"unit_price\":1250,\"state\":\"STO\"},"
	"{\"sku\":\"POT-1\",\"quantity\":1,\"unit_price\":4000,\"state\":\"NLB\"}]}\n"
	"{\"type\":\"thread\",\"customer\":\"C10001\",\"subject\":\"Where is my order?\","
	"\"state\":\"open\",\"owner\":1}\n"
	"{\"type\":\"thread\",\"subject\":\"Hello\"}\n"
	"{\"type\":\"thread\",\"customer\":\"C10001\",\"subject\":\"Thanks\",\"state\":\"closed\"}"
	"\n";

struct body {
	struct fixture *f;
	fixture_fn *fn;
	bool commit;
	bool done; /* fn ran to its end: its transaction fails on purpose */
};

static int run_body(struct txn *txn, void *ctx, struct err *e)
{
	struct body *body = ctx;
	struct change ch;
	arena_clear(body->f->arena);
	change_init(&ch, txn, body->f->arena, FIXTURE_NOW);
	ch.agent = 1;
	ch.actor = SLICE("ann");
	ch.role = REC__ROLE__ROLE_AGENT;
	ch.mail = SLICE("m1@desk.example");
	body->fn(&ch);
	body->done = true;
	return body->commit ? 1 : err_set(e, ERR_TEMP, "rolled back");
}

static void run(struct body *body)
{
	struct err e;
	int got = store_run(body->f->store, STORE_DEFERRED, run_body, body, &e);
	if (got < 0 && (body->commit || !body->done))
		fail_msg("%s", e.text);
}

void fixture_try(void **state, fixture_fn *fn)
{
	struct body body = {.f = *state, .fn = fn};
	run(&body);
}

void fixture_do(struct fixture *f, fixture_fn *fn)
{
	struct body body = {.f = f, .fn = fn, .commit = true};
	run(&body);
}

void fixture_import(struct change *ch, const char *lines)
{
	struct slice rest = slice_str(lines), line;
	struct change import;
	change_init(&import, ch->txn, ch->arena, ch->now);
	import.actor = SLICE("import");
	while (slice_line(&rest, &line)) {
		struct json *object;
		enum import_result result;
		struct err e;
		if (json_parse(ch->arena, line, &object, &e) < 0 ||
		    record_import_object(&import, object, &result, &e) < 0)
			fail_msg("%.*s: %s", SLICE_ARG(line), e.text);
	}
}

static void import_world(struct change *ch)
{
	fixture_import(ch, world);
}

int fixture_setup_empty(void **state)
{
	static const struct store_schema schema = {
		.version = 1, .tables = record_tables, .n_tables = RECORD_TABLES};
	static const struct store_options options = {
		.cache_bytes = 4 << 20, .reserve_bytes = 1, .create = true, .no_flush = true};
	struct fixture *f = calloc(1, sizeof(*f));
	const char *tmp = getenv("TMPDIR");
	struct err e;
	assert_non_null(f);
	snprintf(f->base, sizeof(f->base), "%.100s/record-test-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(f->base));
	snprintf(f->dir, sizeof(f->dir), "%s/store", f->base);
	if (store_open(f->dir, &schema, &options, &f->store, &e) < 0)
		fail_msg("%s", e.text);
	f->arena = arena_open();
	*state = f;
	return 0;
}

int fixture_setup(void **state)
{
	fixture_setup_empty(state);
	fixture_do(*state, import_world);
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;
	char command[300];
	arena_close(&f->arena);
	store_close(&f->store);
	snprintf(command, sizeof(command), "rm -rf '%s'", f->base);
	int status = system(command);
	free(f);
	return status;
}

void fixture_error(const struct err *e, enum err_class class, const char *words)
{
	assert_int_equal(e->class, class);
	if (!strstr(e->text, words))
		fail_msg("\"%s\" is not in: %s", words, e->text);
}

Rec__History *fixture_history(struct change *ch, const char *object)
{
	struct history_list list;
	struct err e;
	if (history_of(ch->txn, ch->arena, slice_str(object), 1, &list, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(list.n, 1);
	return list.items[0];
}
