/* SPDX-License-Identifier: ISC */
#include "record/customer.h"
#include "record/search.h"
#include "view.h"

#define DAY INT64_C(86400)

static const struct view_column columns[] = {
	{"id", "id", false},	   {"name", "name", false}, {"mail", "mail", false},
	{"place", "place", false}, {"date", "date", false}, {"status", "status", false},
	{"total", "total", true},  {NULL, NULL, false},
};
enum {
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_MAIL,
	COLUMN_PLACE,
	COLUMN_DATE,
	COLUMN_STATUS,
	COLUMN_TOTAL
};

/* ---- what was asked ---- */

static int sort_of(struct slice name, enum search_sort *sort, struct err *e)
{
	static const struct {
		const char *name;
		enum search_sort sort;
	} sorts[] = {{"id", SEARCH_BY_ID},
		     {"date", SEARCH_BY_DATE},
		     {"name", SEARCH_BY_NAME},
		     {"total", SEARCH_BY_TOTAL},
		     {"status", SEARCH_BY_STATUS}};
	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
		if (slice_eq_nocase(name, slice_str(sorts[i].name))) {
			*sort = sorts[i].sort;
			return 1;
		}
	return err_set(e, ERR_INPUT,
		       "sort=%.*s: a search is sorted by id, date, name, total or status",
		       SLICE_ARG(name));
}

/* "2026-01-01..2026-01-31", "2026-01-01..", "..2026-01-31", or one day. */
static int span_of(struct slice text, struct search_criterion *criterion, struct err *e)
{
	ptrdiff_t dots = slice_find(text, SLICE(".."));
	struct slice from = dots < 0 ? text : slice_sub(text, 0, (size_t)dots);
	struct slice to = dots < 0 ? text : slice_sub(text, (size_t)dots + 2, text.len);
	criterion->text = SLICE("");
	if (from.len == 0 && to.len == 0)
		return err_set(e, ERR_INPUT, "%s= needs a day, or two with \"..\" between them",
			       search_field_name(criterion->field));
	if (from.len && clock_parse_date(from, &criterion->from, e) < 0)
		return -1;
	if (to.len && clock_parse_date(to, &criterion->below, e) < 0)
		return -1;
	if (to.len)
		criterion->below += DAY;
	return 1;
}

static int add_criterion(struct search *search, enum search_field field, struct slice text,
			 struct err *e)
{
	if (search->n == SEARCH_CRITERIA_MAX)
		return err_set(e, ERR_INPUT, "more than %d criteria", SEARCH_CRITERIA_MAX);
	struct search_criterion *criterion = &search->criteria[search->n++];
	*criterion = (struct search_criterion){.field = field, .text = text};
	if (field == SEARCH_ORDERED || field == SEARCH_SHIPPED)
		return span_of(text, criterion, e);
	return 1;
}

/* Each word must fit by itself; "asc" and "desc" say where sort= begins. */
static int add_words(const struct command_line *line, struct search *search, struct err *e)
{
	for (const struct command_arg *arg = command_arg(line, "text"); arg; arg = arg->next) {
		bool desc = slice_eq_nocase(arg->text, SLICE("desc"));
		if (desc || slice_eq_nocase(arg->text, SLICE("asc")))
			search->descending = desc;
		else if (add_criterion(search, SEARCH_TEXT, arg->text, e) < 0)
			return -1;
	}
	return 1;
}

static int add_fields(const struct command_line *line, struct search *search, struct err *e)
{
	for (int field = SEARCH_TEXT + 1; field < SEARCH_FIELD_COUNT; field++) {
		const struct command_arg *arg =
			command_arg(line, search_field_name((enum search_field)field));
		if (arg && add_criterion(search, (enum search_field)field, arg->text, e) < 0)
			return -1;
	}
	return 1;
}

static int read_search(const struct command_line *line, bool fields, struct search *search,
		       struct err *e)
{
	struct slice sort = line_text(line, "sort");
	struct view_page page;
	view_page(line, &page);
	*search = (struct search){.offset = page.offset, .limit = page.limit};
	if (sort.len && sort_of(sort, &search->sort, e) < 0)
		return -1;
	if (add_words(line, search, e) < 0)
		return -1;
	return fields ? add_fields(line, search, e) : 1;
}

/* ---- what was found ---- */

static void put_customer(struct view *view, const Rec__Customer *customer)
{
	const Rec__Address *address = customer->n_addresses ? customer->addresses[0] : NULL;
	const char *code = customer->blacklisted ? "BLK"
			   : customer->locked	 ? "LCK"
			   : customer->inactive	 ? "INA"
						 : "ACT";
	const char *word = customer->blacklisted ? "blacklisted"
			   : customer->locked	 ? "locked"
			   : customer->inactive	 ? "inactive"
						 : "active";
	view_text(view, COLUMN_NAME, customer_title(customer));
	if (customer->n_emails)
		view_text(view, COLUMN_MAIL, slice_str(customer->emails[0]));
	if (address)
		view_text(view, COLUMN_PLACE,
			  slice_str(arena_printf(view->a, "%s %s", address->postcode,
						 address->city)));
	view_day(view, COLUMN_DATE, customer->created_at);
	view_status(view, COLUMN_STATUS, slice_str(code), word, 0);
}

static void put_order(struct view *view, const Rec__Order *order)
{
	struct order_totals totals;
	const Rec__Address *address = order->shipping ? order->shipping : order->billing;
	if (address)
		view_text(view, COLUMN_PLACE,
			  slice_str(arena_printf(view->a, "%s %s", address->postcode,
						 address->city)));
	view_day(view, COLUMN_DATE, order->ordered_at);
	view_order_status(view, COLUMN_STATUS, order);
	/* An order whose total cannot be computed is shown all the same. */
	if (order_totals(order, &totals, NULL) > 0)
		view_money(view, COLUMN_TOTAL, totals.total, order->currency);
}

static int put_hit(struct command_context *ctx, struct view *view, const struct id *hit,
		   struct err *e)
{
	struct txn *txn = ctx->change->txn;
	Rec__Customer *customer = NULL;
	Rec__Order *order = NULL;
	uint64_t owner = hit->number;
	view_add(view, hit);
	view_text(view, COLUMN_ID, slice_str(id_print(view->a, hit)));
	if (hit->letter == 'O') {
		if (order_load(txn, view->a, hit->number, &order, e) < 0)
			return -1;
		owner = order ? order->customer : 0;
	}
	if (customer_load(txn, view->a, owner, &customer, e) < 0)
		return -1;
	if (customer)
		put_customer(view, customer);
	if (order)
		put_order(view, order);
	return 1;
}

static int run(struct command_context *ctx, const struct command_line *line, bool fields,
	       struct buf *out, struct err *e)
{
	struct search search;
	struct search_result result;
	struct view view;
	struct arena *a = ctx->change->arena;
	if (read_search(line, fields, &search, e) < 0 ||
	    search_run(ctx->change->txn, a, &search, &result, e) < 0)
		return -1;
	view_init(&view, a, columns);
	view.paged = true;
	view.total = result.total;
	for (size_t i = 0; i < result.n; i++)
		if (put_hit(ctx, &view, &result.hits[i], e) < 0)
			return -1;
	/* PX-05: what was searched for stands first. */
	char *head =
		arena_printf(a, "Searched: %.*s\n%zu of %llu found", SLICE_ARG(result.criteria),
			     result.n, (unsigned long long)result.total);
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return run(ctx, line, true, out, e);
}

static int apply_find(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return run(ctx, line, false, out, e);
}

#define FIELD(word)                                                                                \
	{                                                                                          \
		.name = word, .type = COMMAND_TEXT, .named = true, .optional = true                \
	}
#define TEXT_PARAM                                                                                 \
	{                                                                                          \
		.name = "text", .type = COMMAND_TEXT, .optional = true, .many = true               \
	}

static const struct command_param params[] = {
	TEXT_PARAM,	  FIELD("name"),    FIELD("company"),  FIELD("trading"), FIELD("email"),
	FIELD("phone"),	  FIELD("address"), FIELD("zip"),      FIELD("ebay"),	 FIELD("group"),
	FIELD("channel"), FIELD("type"),    FIELD("active"),   FIELD("note"),	 FIELD("shop"),
	FIELD("order"),	  FIELD("invoice"), FIELD("tracking"), FIELD("amazon"),	 FIELD("payment"),
	FIELD("comment"), FIELD("item"),    FIELD("line"),     FIELD("status"),	 FIELD("ordered"),
	FIELD("shipped"), VIEW_SORT,	    VIEW_LIMIT,	       VIEW_OFFSET,	 {.name = NULL},
};

static const struct command_param find_params[] = {
	TEXT_PARAM, VIEW_SORT, VIEW_LIMIT, VIEW_OFFSET, {.name = NULL},
};

const struct command_row cmd_search = {
	.verb = "search",
	.aliases = "f5",
	.help = "Finds the customers, or with a criterion of orders the orders, that fit all of it",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply,
};

const struct command_row cmd_find = {
	.verb = "find",
	.help = "Finds customers and orders by a number, a name or a mail address",
	.params = find_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_find,
};
