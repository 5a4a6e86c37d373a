/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "bench_record.h"
#include "command.h"
#include "record/customer.h"
#include "record/order_step.h"
#include "record/search.h"
#include "record/shipment.h"

/* One thing asked, by whatever it needs. */
struct asked {
	uint64_t id;
	struct slice text;
	struct bench_question question;
	uint64_t found;
};

static int by_id(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	Rec__Order *order;
	return order_load(txn, txn_arena(txn), asked->id, &order, e);
}

static int by_mail(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	Rec__Customer *customer;
	return customer_find_address(txn, txn_arena(txn), asked->text, &customer, e);
}

static int by_external(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	Rec__Order *order;
	return order_find_number(txn, txn_arena(txn), asked->text, &order, e);
}

static int by_tracking(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	Rec__Shipment *shipment;
	return shipment_find(txn, txn_arena(txn), asked->text, &shipment, e);
}

static int by_customer(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	struct customer_orders orders;
	return customer_orders(txn, txn_arena(txn), asked->id, 50, &orders, e);
}

/* The texts that lookups need, read before the clock runs. */
struct texts {
	struct arena *a;
	uint64_t order, customer;
	struct slice mail, external, tracking;
};

static int read_texts(struct txn *txn, void *ctx, struct err *e)
{
	struct texts *texts = ctx;
	Rec__Order *order;
	Rec__Customer *customer;
	texts->mail = texts->external = texts->tracking = SLICE("none");
	if (customer_load(txn, texts->a, texts->customer, &customer, e) > 0)
		texts->mail = slice_str(customer->emails[0]);
	if (!texts->order || order_load(txn, texts->a, texts->order, &order, e) <= 0)
		return 1;
	if (order->n_external_ids)
		texts->external = slice_str(order->external_ids[0]->value);
	if (order->n_tracking)
		texts->tracking = slice_str(order->tracking[0]->code);
	return 1;
}

static void run(struct bench *bench, store_fn *fn, struct asked *asked, struct bench_times *times)
{
	struct err e;
	bench_begin(times);
	bench_must(store_run(bench->store, STORE_READ, fn, asked, &e), &e);
	bench_end(times);
}

static void lookups(struct bench *bench)
{
	struct bench_times id = {.n = 0}, mail = {.n = 0}, external = {.n = 0};
	struct bench_times tracking = {.n = 0}, orders = {.n = 0};
	uint64_t state = 1;
	for (int i = 0; i < BENCH_LOOKUPS; i++) {
		struct texts texts = {.a = arena_open()};
		struct err e;
		texts.customer = bench_customer(bench, &state);
		texts.order = bench->last_order ? bench_order(bench, &state) : 0;
		bench_must(store_run(bench->store, STORE_READ, read_texts, &texts, &e), &e);
		run(bench, by_mail, &(struct asked){.text = texts.mail}, &mail);
		if (texts.order) {
			run(bench, by_id, &(struct asked){.id = bench_order(bench, &state)}, &id);
			run(bench, by_external, &(struct asked){.text = texts.external}, &external);
			run(bench, by_tracking, &(struct asked){.text = texts.tracking}, &tracking);
			run(bench, by_customer, &(struct asked){.id = texts.customer}, &orders);
		}
		arena_close(&texts.a);
	}
	bench_tell(bench, "order-by-id", &id, "");
	bench_tell(bench, "customer-by-mail", &mail, "");
	bench_tell(bench, "order-by-external-id", &external, "");
	bench_tell(bench, "shipment-by-tracking", &tracking, "");
	bench_tell(bench, "orders-of-customer", &orders, "");
}

/* ---- search ---- */

static int search(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	struct arena *a = txn_arena(txn);
	struct search search = {.limit = 50, .n = 1};
	struct search_result result;
	Rec__Customer *customer;
	search.criteria[0].field = SEARCH_NAME;
	search.criteria[0].text = slice_str(asked->question.text);
	if (search_run(txn, a, &search, &result, e) < 0)
		return -1;
	for (size_t i = 0; i < result.n; i++)
		if (customer_load(txn, a, result.hits[i].number, &customer, e) < 0)
			return -1;
	asked->found = result.total;
	return 1;
}

static void searches(struct bench *bench)
{
	struct bench_times times = {.n = 0};
	uint64_t state = 2, found = 0, refused = 0;
	char more[128];
	for (int i = 0; i < BENCH_SEARCHES; i++) {
		struct asked asked = {.found = 0};
		struct err e;
		bench_question(bench, &state, &asked.question);
		bench_begin(&times);
		refused += store_run(bench->store, STORE_SCAN, search, &asked, &e) < 0;
		bench_end(&times);
		if (times.items[times.n - 1] > 0.02 && getenv("BENCH_SLOW"))
			fprintf(stderr, "slow: %s %.1f ms, %llu found\n", asked.question.text,
				times.items[times.n - 1] * 1e3, (unsigned long long)asked.found);
		found += asked.found;
	}
	snprintf(more, sizeof(more), "found=%llu refused=%llu", (unsigned long long)found,
		 (unsigned long long)refused);
	bench_tell(bench, "search-part", &times, more);
}

/* ---- release, durably ---- */

static int held(struct txn *txn, void *ctx, struct err *e)
{
	struct search_result *result = ctx;
	struct arena *a = (struct arena *)(uintptr_t)result->criteria.ptr;
	struct search search = {.limit = SEARCH_LIMIT_MAX, .n = 1};
	search.criteria[0].field = SEARCH_LINE;
	search.criteria[0].text = SLICE("HAL");
	return search_run(txn, a, &search, result, e);
}

static int release(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	struct change ch;
	change_init(&ch, txn, txn_arena(txn), INT64_C(1772359201));
	ch.actor = SLICE("bench");
	ch.role = REC__ROLE__ROLE_AGENT;
	return order_release(&ch, asked->id, SLICE(""), e);
}

static void releases(struct bench *bench)
{
	struct bench_times times = {.n = 0};
	struct search_result result;
	struct arena *a = arena_open();
	struct err e;
	result.criteria = slice_of(a, 0);
	if (store_run(bench->store, STORE_SCAN, held, &result, &e) < 0)
		result.n = 0;
	/* Every second one: the others are for who comes after. */
	for (size_t i = 0; i < result.n && i < BENCH_RELEASES; i += 2) {
		struct asked asked = {.id = result.hits[i].number};
		bench_begin(&times);
		/* Of a locked customer nothing is released: that is no figure. */
		if (store_run(bench->store, STORE_DURABLE, release, &asked, &e) > 0)
			bench_end(&times);
	}
	bench_tell(bench, "release-durable", &times, "");
	arena_close(&a);
}

/* ---- cards ---- */

static int card(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	struct id id = {.letter = 'C', .number = asked->id};
	struct buf out;
	buf_init(&out, 1 << 20);
	int got = command_card(txn, txn_arena(txn), &id, &out, e);
	asked->found += out.len;
	buf_release(&out);
	return got;
}

static void cards(struct bench *bench)
{
	struct bench_times times = {.n = 0};
	uint64_t state = 3;
	for (int i = 0; i < BENCH_CARDS; i++)
		run(bench, card, &(struct asked){.id = bench_customer(bench, &state)}, &times);
	bench_tell(bench, "card-of-customer", &times, "");
}

int main(int argc, char **argv)
{
	struct bench bench = {.contestant = NULL};
	(void)argc;
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_open(&bench, "postclerk", argv);
	lookups(&bench);
	searches(&bench);
	cards(&bench);
	releases(&bench);
	bench_close(&bench);
	bench_tell_size(&bench, bench.dir);
	return 0;
}
