/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "invariants.h"
#include "model_run.h"
#include "record/verify.h"

/*
 * Random commands against the model (RECORD.md 3): MODEL_STEPS and MODEL_SEED
 * of the environment say how many and which.  Each run is a new store; where
 * record and model disagree the run is repeated with fewer and fewer commands,
 * and what is left is printed.
 */
#define RUN_STEPS 500
#define STEPS_DEFAULT 2000
#define STEPS_ALL 50000 /* in so many everything happens */
#define REPLAYS_MAX 400
#define DAY 86400

/* ---- one command ---- */

static bool of_an_order(enum model_act act)
{
	return act != ACT_NEW_ORDER && (act < ACT_NA_ITEM || act == ACT_MONEY);
}

/* The model has an end where the record has none. */
static bool has_room(const struct model *m, const struct model_action *a)
{
	bool makes = a->act == ACT_NEW_ORDER || a->act == ACT_REPLACE;
	bool grows = a->act != ACT_MONEY && a->act != ACT_URGENT && a->act != ACT_DELETE;
	if (makes && m->n == MODEL_ORDERS)
		return false;
	return !of_an_order(a->act) || !grows ||
	       (m->orders[a->order].n <= MODEL_FULL && m->orders[a->other].n <= MODEL_FULL);
}

/* What an action with fewer before it still means something for. */
static bool possible(const struct model *m, const struct model_action *a)
{
	if (of_an_order(a->act) && (a->order >= m->n || a->other >= m->n))
		return false;
	/* Without a line it is a field of the order. */
	if (run_of_line(a->act) && !a->n_parts)
		return false;
	return has_room(m, a);
}

/* What became of a command, and why not. */
struct outcome {
	bool may, did, should; /* as the check says, as it was, as the model says */
	struct err checked, done;
};

static void judge(struct run *r, const struct outcome *o)
{
	const struct model_action *a = r->action;
	/* That the rest could not be cancelled is known when the first part was shipped. */
	bool half_checked = a->act == ACT_SHIP_NOW && a->flag;
	if (o->did != o->should)
		run_differs(r, "it was %s and should be %s: %s", o->did ? "done" : "refused",
			    o->should ? "done" : "refused", o->done.text);
	if (o->did != o->may && !half_checked)
		run_differs(r, "its check said %s, and it was %s: %s%s", o->may ? "yes" : "no",
			    o->did ? "done" : "refused", o->checked.text, o->done.text);
	if (!o->did && o->done.class != ERR_INPUT)
		run_differs(r, "it failed: %s", o->done.text);
}

static void do_action(struct run *r, const struct model_action *a)
{
	struct outcome o = {.may = true};
	struct model before;
	struct err e;
	r->action = a;
	r->model->now++;
	before = *r->model;
	if (a->act == ACT_CLOCK)
		r->model->now += a->n;
	if (run_has_check(a->act))
		o.may = store_run(r->f->store, STORE_SCAN, run_check, r, &o.checked) >= 0;
	o.did = store_run(r->f->store, STORE_DEFERRED, run_act, r, &o.done) >= 0;
	if (!run_has_check(a->act))
		o.may = o.did;
	*r->model = before;
	o.should = model_do(r->model, a);
	r->allowed += o.did;
	r->done[a->act] += o.did;
	r->moved[a->event] += o.did && a->act == ACT_STEP;
	judge(r, &o);
	if (!r->why[0] && store_run(r->f->store, STORE_SCAN, run_compare, r, &e) < 0)
		run_differs(r, "they cannot be compared: %s", e.text);
}

/* ---- which commands ---- */

static int below(struct run *r, int n)
{
	return (int)(random_next(&r->random) % (uint64_t)n);
}

static const struct {
	enum model_act act;
	int weight;
} weights[] = {
	{ACT_STEP, 400},    {ACT_NEW_ORDER, 12}, {ACT_ADD, 50},	     {ACT_RESERVE, 30},
	{ACT_UNRESERVE, 8}, {ACT_SHIP, 90},	 {ACT_SHIP_NOW, 30}, {ACT_CANCEL, 6},
	{ACT_REPLACE, 60},  {ACT_MERGE, 80},	 {ACT_DELETE, 3},    {ACT_URGENT, 8},
	{ACT_PICKLIST, 15}, {ACT_QUANTITY, 15},	 {ACT_PRICE, 5},     {ACT_LINE_DISCOUNT, 8},
	{ACT_SHIPPING, 4},  {ACT_VOUCHER, 4},	 {ACT_DISCOUNT, 4},  {ACT_COMMENT, 3},
	{ACT_NA_ITEM, 1},   {ACT_CUSTOMER, 8},	 {ACT_RECEIVE, 10},  {ACT_RESTOCK, 3},
	{ACT_WRITE_OFF, 4}, {ACT_MONEY, 40},	 {ACT_CLOCK, 12},
};

static enum model_act some_act(struct run *r)
{
	int sum = 0, at;
	for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++)
		sum += weights[i].weight;
	at = below(r, sum);
	for (size_t i = 0;; i++)
		if ((at -= weights[i].weight) < 0)
			return weights[i].act;
}

/* Mostly what the state of one of its lines allows, sometimes anything. */
static void some_event(struct run *r, struct model_action *a)
{
	const struct model_order *o = &r->model->orders[a->order];
	const struct model_line *l = o->n ? &o->lines[below(r, o->n)] : NULL;
	a->event = (enum line_event)below(r, LINE_EVENT_COUNT);
	for (int i = 0; l && i < 40 && below(r, 50) && !line_targets(l->state, a->event); i++)
		a->event = (enum line_event)below(r, LINE_EVENT_COUNT);
}

static void some_parts(struct run *r, struct model_action *a)
{
	const struct model_order *o = &r->model->orders[a->order];
	static const size_t counts[] = {0, 0, 0, 1, 1, 1, 2, MODEL_PARTS};
	a->n_parts = counts[below(r, 8)];
	for (size_t i = 0; i < a->n_parts; i++) {
		struct order_part *part = &a->parts[i];
		const struct model_line *l = &o->lines[below(r, o->n ? o->n : 1)];
		*part = (struct order_part){l->number, l->split, 0};
		if (!below(r, 30) || !part->line)
			part->line += 1 + (uint32_t)below(r, 3);
		if (below(r, 2))
			part->quantity = 1 + below(r, (int)(l->quantity > 0 ? l->quantity : 1) + 1);
	}
}

static bool alike(const struct model *m, const struct model_action *a)
{
	const struct model_order *o = &m->orders[a->order], *other = &m->orders[a->other];
	return a->order != a->other && o->customer == other->customer && o->type == other->type &&
	       o->n && other->n && o->lines[0].state == other->lines[0].state;
}

/* Orders that can be merged have to be alike. */
static void some_customer(struct run *r, struct model_action *a)
{
	a->choice = below(r, MODEL_TYPES);
	if (!r->model->n || below(r, 2))
		return;
	a->customer = r->model->orders[a->other].customer;
	a->choice = r->model->orders[a->other].type;
}

static void some_pair(struct run *r, struct model_action *a)
{
	for (int i = 0; r->model->n && i < 50 && !alike(r->model, a); i++) {
		a->order = below(r, r->model->n);
		a->other = below(r, r->model->n);
	}
}

static void some_flag(struct run *r, struct model_action *a)
{
	a->choice = below(r, 3);
	a->flag = !below(r, 5);
}

static void some_amount(struct run *r, struct model_action *a)
{
	a->n = below(r, 5) ? below(r, 700) : below(r, 20000);
}

/* By far the most are on an invoice when they are sent, and not before. */
static void some_money(struct run *r, struct model_action *a)
{
	static const int of_ten[] = {9, 2, 5, 2};
	if (a->choice < 4)
		a->flag = below(r, 10) < of_ten[a->choice];
}

static void some_time(struct run *r, struct model_action *a)
{
	a->n = below(r, 3) ? below(r, 2 * DAY) : below(r, 20 * DAY);
}

static void (*const details[ACT_COUNT])(struct run *r, struct model_action *a) = {
	[ACT_STEP] = some_event,      [ACT_NEW_ORDER] = some_customer,
	[ACT_MERGE] = some_pair,      [ACT_CUSTOMER] = some_flag,
	[ACT_PRICE] = some_amount,    [ACT_LINE_DISCOUNT] = some_amount,
	[ACT_SHIPPING] = some_amount, [ACT_VOUCHER] = some_amount,
	[ACT_DISCOUNT] = some_amount, [ACT_MONEY] = some_money,
	[ACT_CLOCK] = some_time,
};

static struct model_action any_action(struct run *r)
{
	struct model_action a = {.act = some_act(r)};
	int n = r->model->n;
	/* New ones are more alive than old ones. */
	a.order = n ? n - 1 - below(r, 1 + below(r, n)) : 0;
	a.other = n ? n - 1 - below(r, 1 + below(r, n)) : 0;
	a.customer = below(r, MODEL_CUSTOMERS);
	a.sku = below(r, MODEL_SKUS);
	a.flag = below(r, 2);
	a.choice = below(r, 5);
	a.n = below(r, 6) + (below(r, 10) ? 0 : 5);
	if (details[a.act])
		details[a.act](r, &a);
	if (n)
		some_parts(r, &a);
	return a;
}

/* What the model would do is taken more often than what it would not: states lie deep. */
static struct model_action some_action(struct run *r)
{
	static struct model copy;
	struct model_action a = any_action(r);
	for (int tries = below(r, 12); tries > 0; tries--) {
		copy = *r->model;
		if (possible(&copy, &a) && a.event != LINE_REMOVE && model_do(&copy, &a))
			break;
		a = any_action(r);
	}
	return a;
}

/* ---- runs ---- */

static void print_action(const struct model_action *a)
{
	print_message("#   %s", run_name(a->act));
	if (a->act == ACT_STEP)
		print_message(" \"%s\"", line_event_name(a->event));
	print_message(" O%llu", (unsigned long long)run_id(a->order));
	if (a->act == ACT_MERGE)
		print_message(" O%llu", (unsigned long long)run_id(a->other));
	for (size_t i = 0; i < a->n_parts; i++)
		print_message(" %lldx/%u.%u", (long long)a->parts[i].quantity, a->parts[i].line,
			      a->parts[i].split);
	print_message("; C%llu %s n=%lld choice=%d %s\n", (unsigned long long)run_id(a->customer),
		      run_skus[a->sku], (long long)a->n, a->choice, a->flag ? "yes" : "no");
}

static void found(void *ctx, const char *finding)
{
	run_differs(ctx, "fsck: %s", finding);
}

static void begin_run(struct run *r)
{
	void *state;
	fixture_setup_empty(&state);
	r->f = state;
	r->why[0] = '\0';
	fixture_do(r->f, run_make_world);
	*r->model = (struct model){.now = FIXTURE_NOW, .daily = -1};
}

static void end_run(struct run *r)
{
	void *state = r->f;
	struct err e;
	if (!r->why[0] && record_verify(r->f->store, found, r, &e) < 0)
		run_differs(r, "fsck failed: %s", e.text);
	fixture_teardown(&state);
}

/* The first n of the actions, but those from..below; true when they agree. */
static bool replay(struct run *r, size_t from, size_t until)
{
	begin_run(r);
	for (size_t i = 0; i < r->n && !r->why[0]; i++)
		if ((i < from || i >= until) && possible(r->model, &r->actions[i]))
			do_action(r, &r->actions[i]);
	end_run(r);
	return !r->why[0];
}

/* Without half of them, without a quarter …: as long as they still disagree. */
static void shrink(struct run *r)
{
	int left = REPLAYS_MAX;
	for (size_t size = r->n / 2; size > 0; size /= 2)
		for (size_t at = 0; at < r->n && left > 0; left--) {
			size_t until = at + size < r->n ? at + size : r->n;
			if (replay(r, at, until)) {
				at = until;
				continue;
			}
			memmove(&r->actions[at], &r->actions[until],
				(r->n - until) * sizeof(r->actions[0]));
			r->n -= until - at;
		}
	replay(r, 0, 0);
}

static bool one_run(struct run *r, size_t steps)
{
	begin_run(r);
	for (r->n = 0; r->n < steps && !r->why[0];) {
		struct model_action a = some_action(r);
		if (!possible(r->model, &a))
			continue;
		r->actions[r->n++] = a;
		do_action(r, &a);
	}
	end_run(r);
	return !r->why[0];
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	uint64_t n;
	return text && slice_u64(slice_str(text), &n) ? n : otherwise;
}

/* Long enough, and everything that can be done was; the clock comes before whoever would cancel. */
static void everything_done(const struct run *r)
{
	for (int i = 0; i < ACT_COUNT; i++)
		if (!r->done[i])
			fail_msg("\"%s\" was never done", run_name((enum model_act)i));
	for (int i = 0; i < LINE_EVENT_COUNT; i++)
		if (!r->moved[i] && i != LINE_IMPORT && i != LINE_ADD && i != LINE_REPLACE &&
		    i != LINE_AUTOCANCEL)
			fail_msg("\"%s\" was never done", line_event_name((enum line_event)i));
}

/* RECORD.md 3.12 to 3.25 */
static void test_model(void **state)
{
	uint64_t seed = number_from("MODEL_SEED", 1), steps;
	uint64_t wanted = number_from("MODEL_STEPS", STEPS_DEFAULT);
	struct model model;
	struct run r = {.model = &model};
	(void)state;
	r.actions = calloc(RUN_STEPS, sizeof(*r.actions));
	assert_non_null(r.actions);
	for (steps = 0; steps < wanted; seed++) {
		size_t now = wanted - steps < RUN_STEPS ? (size_t)(wanted - steps) : RUN_STEPS;
		r.random = seed;
		if (!one_run(&r, now)) {
			print_message("# seed %llu, step %zu: %s\n", (unsigned long long)seed, r.n,
				      r.why);
			shrink(&r);
			print_message("# the same with %zu commands: %s\n", r.n, r.why);
			for (size_t i = 0; i < r.n; i++)
				print_action(&r.actions[i]);
			break;
		}
		steps += now;
	}
	print_message("# %llu steps, %zu of them allowed\n", (unsigned long long)steps, r.allowed);
	free(r.actions);
	assert_true(steps >= wanted);
	if (wanted >= STEPS_ALL)
		everything_done(&r);
}

int run_model_tests(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_model)};
	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
