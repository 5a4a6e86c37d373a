/* SPDX-License-Identifier: ISC */
#include "orders.h"

#include <stdio.h>

#include "compose.h"
#include "jobs.h"
#include "record/document.h"
#include "record/order_daily.h"
#include "record/shop.h"

#define CSV_MAX (4 << 20)

/* ---- the fulfilment provider ---- */

/*
 * A cell that begins like a formula is one to the program that opens the file:
 * an apostrophe before it makes it text.
 */
static void put_cell(struct buf *out, struct slice text)
{
	bool formula = text.len && strchr("=+-@\t\r", text.ptr[0]);
	buf_puts(out, formula ? "\"'" : "\"");
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, text.ptr[i] == '\n' || text.ptr[i] == '\r' ? ' ' : text.ptr[i]);
	}
	buf_putc(out, '"');
}

static void put_address_cells(struct buf *out, struct arena *a, const Rec__Address *address)
{
	struct slice street = SLICE("");
	for (size_t i = 0; i < address->n_lines; i++)
		street = slice_str(arena_printf(a, "%.*s%s%s", SLICE_ARG(street), i ? ", " : "",
						address->lines[i]));
	const char *cells[] = {address->name,	  address->company, NULL,
			       address->postcode, address->city,    address->country};
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		buf_putc(out, ',');
		put_cell(out, cells[i] ? slice_str(cells[i]) : street);
	}
}

static bool was_transferred(const struct work *work, const Rec__Line *line)
{
	return line->state == REC__LINE_STATE__LINE_STATE_FUP && line->state_at == work->change.now;
}

/* A row a line, with where it goes; returns how many. */
static size_t put_csv(struct work *work, const Rec__Order *order, struct buf *out)
{
	struct arena *a = work->arena;
	size_t n = 0;
	buf_puts(out, "order,line,sku,name,quantity,recipient,company,street,postcode,city,"
		      "country\r\n");
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		if (!was_transferred(work, line))
			continue;
		n++;
		buf_printf(out, "O%llu,%s,", (unsigned long long)order->id, line_label(a, line));
		put_cell(out, slice_str(line->sku));
		buf_putc(out, ',');
		put_cell(out, slice_str(line->name));
		buf_printf(out, ",%lld", (long long)line->quantity);
		if (order->shipping)
			put_address_cells(out, a, order->shipping);
		buf_puts(out, "\r\n");
	}
	return n;
}

static struct template_data *data_of(struct work *work, const Rec__Order *order,
				     const Rec__Customer *customer)
{
	struct template_data *data = template_data_new(work->arena, work->shop);
	template_data_now(data, work->change.now);
	template_data_message(data, "order", &order->base);
	template_data_message(data, "customer", customer ? &customer->base : NULL);
	return data;
}

int orders_mail_provider(struct work *work, const struct template *template,
			 const Rec__Order *order, const Rec__Customer *customer, struct err *e)
{
	Rec__Shop *shop;
	struct mail_attachment csv = {.type = SLICE("text/csv")};
	struct buf bytes;
	uint64_t outbox;
	int got = shop_load(work->change.txn, work->arena, order->shop, &shop, e);
	if (got <= 0 || !shop->provider_address[0])
		return got < 0 ? -1 : 0;
	buf_init(&bytes, CSV_MAX);
	size_t n = put_csv(work, order, &bytes);
	csv.bytes = arena_copy(work->arena, buf_slice(&bytes));
	buf_release(&bytes);
	csv.filename =
		slice_str(arena_printf(work->arena, "O%llu.csv", (unsigned long long)order->id));
	struct outgoing out = {
		.kind = TRA__OUTBOX_KIND__OUTBOX_KIND_NOTICE,
		.outside = true,
		.event = "order.transferred",
		.name = slice_str(shop->provider),
		.address = slice_str(shop->provider_address),
		.attachments = &csv,
		.n_attachments = 1,
	};
	if (n == 0)
		return 0;
	if (template_render_mail(template, data_of(work, order, customer), work->arena,
				 &out.content, e) < 0)
		return -1;
	return compose_queue(work, &out, &outbox, e);
}

/* ---- documents ---- */

static int add_document(struct work *work, const Rec__Order *order, const char *kind,
			const char *ending, struct slice bytes, struct err *e)
{
	Rec__Document document;
	unsigned long long id = order->id;
	rec__document__init(&document);
	document.object = arena_printf(work->arena, "O%llu", id);
	document.kind = arena_str(work->arena, slice_str(kind));
	document.name = arena_printf(work->arena, "%s-O%llu.%s", kind, id, ending);
	return document_add(&work->change, &document, bytes, e);
}

int orders_make_document(struct work *work, const Rec__Order *order, const Rec__Customer *customer,
			 struct slice kind, struct err *e)
{
	char name[64];
	struct rendered_mail made;
	struct template_languages languages = compose_languages(work, customer, NULL);
	snprintf(name, sizeof(name), "document/%.*s", (int)(kind.len < 40 ? kind.len : 40),
		 kind.ptr);
	if (templates_render(work->templates, name, &languages, data_of(work, order, customer),
			     work->arena, &made, e) < 0)
		return -1;
	bool html = made.html.len > 0;
	return add_document(work, order, arena_str(work->arena, kind), html ? "html" : "txt",
			    html ? made.html : made.text, e);
}

int orders_note_mail(struct work *work, const Rec__Order *order, const char *kind,
		     struct slice text, struct err *e)
{
	return add_document(work, order, kind, "txt", text, e);
}

/* ---- every day ---- */

struct day {
	struct desk *desk;
	struct arena *arena;
};

/* A job a mail: what cannot be rendered today is put off, and the others go. */
static int schedule_mails(struct work *work, struct err *e)
{
	struct template_languages languages = compose_languages(work, NULL, NULL);
	for (const struct event *event = work->change.events; event; event = event->next) {
		const struct template **list;
		size_t n = templates_for_event(work->templates, slice_str(event->name), &languages,
					       work->arena, &list);
		for (size_t i = 0; i < n; i++)
			if (slice_eq(template_info(list[i])->to, SLICE("customer")) &&
			    jobs_schedule(work, list[i], event, e) < 0)
				return -1;
	}
	return 1;
}

static int is_due(struct txn *txn, void *ctx, struct err *e)
{
	struct day *day = ctx;
	struct change ch;
	arena_clear(day->arena);
	change_init(&ch, txn, day->arena, clock_now());
	return order_daily_due(&ch, e);
}

static int do_step(struct txn *txn, void *ctx, struct err *e)
{
	struct day *day = ctx;
	struct work work;
	arena_clear(day->arena);
	if (work_init(&work, day->desk, day->arena, txn, clock_now(), e) < 0)
		return -1;
	int got = order_daily(&work.change, ORDER_DAILY_STEP, e);
	return got <= 0 ? got : schedule_mails(&work, e);
}

int orders_daily(struct desk *desk, struct arena *a, struct err *e)
{
	struct day day = {desk, a};
	int due = store_run(desk->store, STORE_READ, is_due, &day, e);
	return due <= 0 ? due : store_run(desk->store, STORE_DURABLE, do_step, &day, e);
}
