/* SPDX-License-Identifier: ISC */
#include "record/search.h"

#include <assert.h>
#include <stdlib.h>

#include "record/customer.h"
#include "record/order.h"
#include "search_want.h"

/* Criteria that find no more than this decide alone; the others are then looked at. */
#define FEW 4096
/* Customers whose orders are gathered one by one. */
#define EXPAND_MAX 2000

struct run {
	struct finder f;
	const struct search *search;
	struct want *wants;
	size_t n;
	struct search_set sets[FIND_KINDS]; /* what all that was looked up has in common */
	bool have[FIND_KINDS];
	bool sure; /* the sets need not be looked at */
	struct err *e;
};

int finder_load(struct finder *f, struct err *e)
{
	if (f->loads++ < SEARCH_LOADS_MAX)
		return 1;
	return err_set(e, ERR_INPUT,
		       "more than %d records would have to be looked at: add a criterion, or write "
		       "more of one",
		       SEARCH_LOADS_MAX);
}

bool want_of_orders(const struct finder *f, const struct want *want)
{
	return f->orders && want->row->finds != 'C';
}

static bool is_free(const struct want *want)
{
	return want->row == search_row(SEARCH_TEXT);
}

/* ---- criteria ---- */

static int prepare(struct run *run)
{
	for (size_t i = 0; i < run->search->n; i++) {
		struct want *want = &run->wants[i];
		const struct search_criterion *given = &run->search->criteria[i];
		*want = (struct want){.row = search_row(given->field), .given = given};
		run->f.orders |= want->row->finds == 'O';
		if (given->text.len > SEARCH_TEXT_MAX)
			return err_set(run->e, ERR_INPUT, "%s= is longer than %d bytes",
				       want->row->name, SEARCH_TEXT_MAX);
		if (want->row->prepare(&run->f, want, run->e) < 0)
			return -1;
	}
	return 1;
}

/* "zip=1011*, status=HAL" (PX-05) */
static struct slice describe(struct run *run)
{
	struct buf out;
	buf_init(&out, SEARCH_CRITERIA_MAX * (SEARCH_TEXT_MAX * 18 + 64));
	for (size_t i = 0; i < run->n; i++) {
		const struct want *want = &run->wants[i];
		const char *shown = want->row->shown;
		buf_printf(&out, "%s%s=", i ? ", " : "", want->row->name);
		if (shown[0] == '*')
			buf_putc(&out, '*');
		text_put_line(&out, want->text, SEARCH_TEXT_MAX);
		if (shown[strlen(shown) - 1] == '*')
			buf_putc(&out, '*');
	}
	struct slice text = arena_copy(run->f.a, buf_slice(&out));
	buf_release(&out);
	return text;
}

/* ---- looking up ---- */

static int look(struct run *run, struct want *want, size_t most)
{
	if (!want->row->look || want->looked)
		return 1;
	for (int kind = 0; kind < FIND_KINDS; kind++)
		want->found[kind] = (struct search_set){.most = most};
	return want->row->look(&run->f, want, run->e);
}

static int look_all(struct run *run, size_t most)
{
	bool found = false;
	for (size_t i = 0; i < run->n; i++) {
		/* A free text is compared with what it found, so all of that is needed. */
		if (look(run, &run->wants[i], is_free(&run->wants[i]) ? SEARCH_SET_MAX : most) < 0)
			return -1;
		found |= run->wants[i].looked;
		if (is_free(&run->wants[i]) && !run->wants[i].looked)
			return err_set(run->e, ERR_INPUT,
				       "\"%.*s\" finds more than %d records: write more of it",
				       SLICE_ARG(run->wants[i].text), SEARCH_SET_MAX);
	}
	return found;
}

/* A free text in a search for orders means their customers, unless it is a number of theirs. */
static int kind_of(const struct run *run, const struct want *want)
{
	if (is_free(want))
		return want->found[FIND_ORDERS].n && run->f.orders ? FIND_KINDS : FIND_CUSTOMERS;
	return want_of_orders(&run->f, want) ? FIND_ORDERS : FIND_CUSTOMERS;
}

static void combine(struct run *run, int kind, const struct search_set *set)
{
	if (run->have[kind])
		search_set_intersect(&run->sets[kind], set);
	else
		run->sets[kind] = *set;
	run->have[kind] = true;
}

static void combine_all(struct run *run)
{
	run->sure = true;
	for (size_t i = 0; i < run->n; i++) {
		struct want *want = &run->wants[i];
		int kind = kind_of(run, want);
		bool used = want->looked && kind != FIND_KINDS;
		run->sure &= used && want->sure;
		if (used)
			combine(run, kind, &want->found[kind]);
	}
}

/* ---- looking at records ---- */

static int customer_fits(struct run *run, const Rec__Customer *customer)
{
	if (!customer || customer->merged_into)
		return 0;
	for (size_t i = 0; i < run->n; i++) {
		const struct want *want = &run->wants[i];
		if (want_of_orders(&run->f, want) || (want->looked && want->sure))
			continue;
		int got = want->row->fits(&run->f, want, customer, NULL, run->e);
		if (got <= 0)
			return got;
	}
	return 1;
}

/* Is there anything of the order's customer that its own set does not tell? */
static bool asks_customers(const struct run *run)
{
	for (size_t i = 0; i < run->n; i++)
		if (!want_of_orders(&run->f, &run->wants[i]) &&
		    !(run->wants[i].looked && run->wants[i].sure))
			return true;
	return false;
}

static int owner_fits(struct run *run, const Rec__Order *order)
{
	Rec__Customer *customer;
	if (run->have[FIND_CUSTOMERS] &&
	    !search_set_has(&run->sets[FIND_CUSTOMERS], order->customer))
		return 0;
	if (!asks_customers(run))
		return 1;
	if (finder_load(&run->f, run->e) < 0 ||
	    customer_load(run->f.txn, run->f.a, order->customer, &customer, run->e) < 0)
		return -1;
	return customer_fits(run, customer);
}

static int order_fits(struct run *run, const Rec__Order *order)
{
	if (!order || order->deleted_at)
		return 0;
	for (size_t i = 0; i < run->n; i++) {
		const struct want *want = &run->wants[i];
		if (!want_of_orders(&run->f, want) ||
		    (is_free(want) && kind_of(run, want) != FIND_KINDS))
			continue;
		int got = want->row->fits(&run->f, want, NULL, order, run->e);
		if (got <= 0)
			return got;
	}
	return owner_fits(run, order);
}

static int record_fits(struct run *run, int kind, uint64_t id)
{
	Rec__Customer *customer;
	Rec__Order *order;
	struct finder *f = &run->f;
	if (finder_load(f, run->e) < 0)
		return -1;
	if (kind == FIND_ORDERS)
		return order_load(f->txn, f->a, id, &order, run->e) < 0 ? -1
									: order_fits(run, order);
	return customer_load(f->txn, f->a, id, &customer, run->e) < 0
		       ? -1
		       : customer_fits(run, customer);
}

static int sift(struct run *run, int kind)
{
	struct search_set *set = &run->sets[kind];
	size_t n = 0;
	for (size_t i = 0; i < set->n; i++) {
		int got = record_fits(run, kind, set->items[i]);
		if (got < 0)
			return -1;
		if (got)
			set->items[n++] = set->items[i];
	}
	set->n = n;
	return 1;
}

/* ---- where no index tells ---- */

/* The whole table, as far as may be looked at; a shop that is larger must say more. */
static int scan(struct run *run, int kind)
{
	enum object_type type = kind == FIND_ORDERS ? OBJECT_ORDER : OBJECT_CUSTOMER;
	struct store_range range = {.prefix = SLICE("")};
	struct store_cursor *cursor;
	struct store_row row;
	uint64_t id;
	int got;
	struct search_set *set = &run->sets[kind];
	*set = (struct search_set){.most = SEARCH_LOADS_MAX};
	if (store_cursor_open(run->f.txn, objects[type].table, STORE_PRIMARY, &range, &cursor,
			      run->e) < 0)
		return -1;
	while ((got = store_next(cursor, &row, run->e)) > 0) {
		struct slice key = row.key;
		if (!store_key_take_u64(&key, &id) || search_set_add(set, run->f.a, id))
			continue;
		got = err_set(run->e, ERR_INPUT,
			      "more than %d %ss would have to be looked at: add a criterion",
			      SEARCH_LOADS_MAX, objects[type].name);
		break;
	}
	store_cursor_close(&cursor);
	run->have[kind] = true;
	return got < 0 ? -1 : sift(run, kind);
}

/* ---- orders of customers ---- */

static int expand(struct run *run)
{
	const struct search_set *customers = &run->sets[FIND_CUSTOMERS];
	struct search_set orders = {.most = SEARCH_SET_MAX};
	for (size_t i = 0; i < customers->n; i++) {
		struct store_key key = {.len = 0};
		store_key_u64(&key, customers->items[i]);
		if (walk_numbers(&run->f, OBJECT_ORDER, ORDER_BY_CUSTOMER, &key, false, &orders,
				 run->e) < 0)
			return -1;
	}
	if (orders.over)
		return err_set(run->e, ERR_INPUT,
			       "these customers have more than %d orders: add a criterion",
			       SEARCH_SET_MAX);
	search_set_order(&orders, run->f.a);
	combine(run, FIND_ORDERS, &orders);
	return 1;
}

static int find_orders(struct run *run)
{
	const struct search_set *customers = &run->sets[FIND_CUSTOMERS];
	bool by_customer = run->have[FIND_CUSTOMERS] &&
			   (!run->have[FIND_ORDERS] || customers->n <= EXPAND_MAX);
	if (by_customer && expand(run) < 0)
		return -1;
	if (!run->have[FIND_ORDERS])
		return scan(run, FIND_ORDERS);
	if (run->sure && !run->have[FIND_CUSTOMERS])
		return 1;
	return sift(run, FIND_ORDERS);
}

/* A free text alone finds orders by their numbers too. */
static void add_free_orders(struct run *run)
{
	for (size_t i = 0; i < run->n; i++) {
		if (!is_free(&run->wants[i])) {
			run->have[FIND_ORDERS] = false;
			return;
		}
		combine(run, FIND_ORDERS, &run->wants[i].found[FIND_ORDERS]);
	}
}

static int find_customers(struct run *run)
{
	if (!run->have[FIND_CUSTOMERS])
		return scan(run, FIND_CUSTOMERS);
	if (!run->sure && sift(run, FIND_CUSTOMERS) < 0)
		return -1;
	add_free_orders(run);
	return 1;
}

static int find(struct run *run)
{
	int found = look_all(run, FEW);
	if (found == 0)
		found = look_all(run, SEARCH_SET_MAX);
	if (found < 0)
		return -1;
	combine_all(run);
	if (run->f.orders) {
		if (find_orders(run) < 0)
			return -1;
		run->have[FIND_CUSTOMERS] = false;
		return 1;
	}
	return find_customers(run);
}

/* ---- the page ---- */

static void put_hits(struct run *run, struct id *hits)
{
	static const char letters[FIND_KINDS] = {'C', 'O'};
	size_t n = 0;
	for (int kind = 0; kind < FIND_KINDS; kind++)
		for (size_t i = 0; run->have[kind] && i < run->sets[kind].n; i++)
			hits[n++] = (struct id){.letter = letters[kind],
						.number = run->sets[kind].items[i]};
}

int search_run(struct txn *txn, struct arena *a, const struct search *search,
	       struct search_result *result, struct err *e)
{
	struct run run = {.f = {.txn = txn, .a = a}, .search = search, .n = search->n, .e = e};
	assert(search->limit >= 1 && search->limit <= SEARCH_LIMIT_MAX);
	assert(search->n <= SEARCH_CRITERIA_MAX);
	*result = (struct search_result){.n = 0};
	if (search->n == 0)
		return err_set(e, ERR_INPUT,
			       "a search needs at least one criterion, such as name=jansen");
	run.wants = ARENA_ARRAY(a, run.n, struct want);
	if (prepare(&run) < 0)
		return -1;
	result->criteria = describe(&run);
	if (find(&run) < 0)
		return -1;
	for (int kind = 0; kind < FIND_KINDS; kind++)
		result->total += run.have[kind] ? run.sets[kind].n : 0;
	struct id *hits = ARENA_ARRAY(a, result->total, struct id);
	put_hits(&run, hits);
	if (search_order(txn, a, search, hits, result->total, e) < 0)
		return -1;
	size_t first = search->offset < result->total ? search->offset : (size_t)result->total;
	result->hits = hits + first;
	result->n = result->total - first < search->limit ? result->total - first : search->limit;
	return 1;
}
