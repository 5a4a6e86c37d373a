/* SPDX-License-Identifier: ISC */
#include "calls.h"
#include "record/shop.h"
#include "record/shop_table.h"

/* The shop's tables and the shops themselves, from one piece of code. */
struct table_call {
	struct calling *c;
	enum shop_table table;
	bool shops; /* not one of the tables */
};

static void put_row(struct calling *c, const ProtobufCMessage *row)
{
	if (!c->call->json) {
		shop_row_put(&c->out, c->arena, row);
		return;
	}
	json_put(&c->out, schema_to_json(c->arena, row));
	buf_putc(&c->out, '\n');
}

static int list_shops(struct calling *c, struct txn *txn, struct err *e)
{
	struct shop_list list;
	if (shop_list(txn, c->arena, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		put_row(c, &list.items[i]->base);
	return 1;
}

static int list_in(struct txn *txn, void *ctx, struct err *e)
{
	struct table_call *t = ctx;
	struct shop_rows rows;
	buf_clear(&t->c->out);
	if (t->shops)
		return list_shops(t->c, txn, e);
	if (shop_row_list(txn, t->c->arena, t->table, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++)
		put_row(t->c, rows.items[i]);
	return 1;
}

/* "field=value" of every argument behind the name. */
static int set_fields(struct calling *c, ProtobufCMessage *row, struct err *e)
{
	for (size_t i = 3; i < c->call->n_args; i++) {
		struct slice field = call_arg(c, i);
		ptrdiff_t equals = slice_chr(field, '=');
		if (equals <= 0)
			return err_set(e, ERR_INPUT,
				       "\"%.*s\": write FIELD=VALUE, such as label=\"Card\"",
				       SLICE_ARG(slice_sub(field, 0, 80)));
		if (shop_field_set(c->arena, row, slice_sub(field, 0, (size_t)equals),
				   slice_sub(field, (size_t)equals + 1, field.len), e) < 0)
			return -1;
	}
	return 1;
}

static int set_shop(struct calling *c, struct work *work, struct err *e)
{
	Rec__Shop *shop;
	int found = shop_find_name(work->change.txn, c->arena, call_arg(c, 2), &shop, e);
	if (found == 0)
		return err_set(e, ERR_INPUT,
			       "there is no shop \"%.*s\": `postclerk shop list` names them",
			       SLICE_ARG(call_arg(c, 2)));
	if (found < 0 || set_fields(c, &shop->base, e) < 0 || shop_save(&work->change, shop, e) < 0)
		return -1;
	put_row(c, &shop->base);
	return 1;
}

/* The name is the key: setting it would make another row. */
static int set_row(struct table_call *t, struct work *work, struct err *e)
{
	struct calling *c = t->c;
	ProtobufCMessage *row;
	int found = shop_row_load(work->change.txn, c->arena, t->table, call_arg(c, 2), &row, e);
	if (found == 0)
		found = shop_row_new(c->arena, t->table, call_arg(c, 2), &row, e);
	if (found < 0)
		return -1;
	char *name = shop_row_name(c->arena, row);
	if (set_fields(c, row, e) < 0)
		return -1;
	if (strcmp(name, shop_row_name(c->arena, row)) != 0)
		return err_set(e, ERR_INPUT,
			       "the name of a row cannot be changed: set a new one "
			       "and remove this one");
	if (shop_row_save(&work->change, row, e) < 0)
		return -1;
	put_row(c, row);
	return 1;
}

static int change_in(struct txn *txn, void *ctx, struct err *e)
{
	struct table_call *t = ctx;
	struct calling *c = t->c;
	struct work work;
	buf_clear(&c->out);
	if (work_init(&work, c->desk, c->arena, txn, clock_now(), e) < 0)
		return -1;
	if (t->shops)
		return set_shop(c, &work, e);
	if (slice_eq(call_arg(c, 1), SLICE("set")))
		return set_row(t, &work, e);
	if (shop_row_remove(&work.change, t->table, call_arg(c, 2), e) < 0)
		return -1;
	if (!c->call->json)
		buf_printf(&c->out, "%s %.*s is removed\n", shop_table_title(t->table),
			   SLICE_ARG(call_arg(c, 2)));
	return 1;
}

int call_table(struct calling *c, struct err *e)
{
	struct table_call t = {.c = c, .shops = slice_eq(call_arg(c, 0), SLICE("shop"))};
	if (!t.shops && !shop_table_find(call_arg(c, 0), &t.table))
		return err_set(e, ERR_CONFIG, "the desk does not know the table \"%.*s\"",
			       SLICE_ARG(call_arg(c, 0)));
	if (slice_eq(call_arg(c, 1), SLICE("list")))
		return store_run(c->desk->store, STORE_READ, list_in, &t, e);
	return store_run(c->desk->store, STORE_DURABLE, change_in, &t, e);
}
