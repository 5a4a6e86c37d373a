/* SPDX-License-Identifier: ISC */
#include "search_keys.h"

/* ---- the texts of a record that can be searched for ---- */

struct telling {
	search_text_fn *fn;
	void *ctx;
	bool stopped;
};

static void tell(struct telling *t, enum search_tag tag, const char *text)
{
	static const struct {
		enum search_tag tag;
		enum search_form form;
		enum search_start start;
	} tags[] = {
		{TAG_NAME, FORM_TEXT, START_ANYWHERE}, {TAG_EMAIL, FORM_TEXT, START_WORD},
		{TAG_PHONE, FORM_DIGITS, START_PHONE}, {TAG_ADDRESS, FORM_TEXT, START_WORD},
		{TAG_ZIP, FORM_CODE, START_WHOLE},     {TAG_GROUP, FORM_TEXT, START_WHOLE},
		{TAG_CHANNEL, FORM_TEXT, START_WHOLE}, {TAG_NOTE, FORM_TEXT, START_WORD},
		{TAG_ITEM, FORM_CODE, START_WHOLE},    {TAG_TRACKING, FORM_CODE, START_WHOLE},
		{TAG_INVOICE, FORM_CODE, START_WHOLE}, {TAG_COMMENT, FORM_TEXT, START_WORD},
	};
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]) && text[0] && !t->stopped; i++) {
		struct search_text told = {tag, tags[i].form, tags[i].start, slice_str(text)};
		if (tags[i].tag == tag)
			t->stopped = !t->fn(t->ctx, &told);
	}
}

static void tell_notes(struct telling *t, enum search_tag tag, Rec__Note *const *notes, size_t n)
{
	/* Where there are more words than an index takes, the newest are found. */
	for (size_t i = n; i > 0; i--)
		tell(t, tag, notes[i - 1]->text);
}

static void tell_address(struct telling *t, const Rec__Address *address)
{
	tell(t, TAG_NAME, address->name);
	tell(t, TAG_NAME, address->company);
	for (size_t i = 0; i < address->n_lines; i++)
		tell(t, TAG_ADDRESS, address->lines[i]);
	tell(t, TAG_ADDRESS, address->city);
	tell(t, TAG_ZIP, address->postcode);
	tell(t, TAG_PHONE, address->phone);
	tell(t, TAG_EMAIL, address->email);
}

void search_customer_texts(const Rec__Customer *customer, search_text_fn *fn, void *ctx)
{
	struct telling t = {fn, ctx, false};
	tell(&t, TAG_NAME, customer->name);
	tell(&t, TAG_NAME, customer->company);
	tell(&t, TAG_NAME, customer->trading_name);
	for (size_t i = 0; i < customer->n_emails; i++)
		tell(&t, TAG_EMAIL, customer->emails[i]);
	tell(&t, TAG_PHONE, customer->phone);
	tell(&t, TAG_GROUP, customer->group);
	tell(&t, TAG_CHANNEL, customer->channel);
	for (size_t i = 0; i < customer->n_addresses; i++)
		tell_address(&t, customer->addresses[i]);
	tell_notes(&t, TAG_NOTE, customer->watch, customer->n_watch);
	tell_notes(&t, TAG_NOTE, customer->notes, customer->n_notes);
}

void search_order_texts(const Rec__Order *order, search_text_fn *fn, void *ctx)
{
	struct telling t = {fn, ctx, false};
	for (size_t i = 0; i < order->n_lines; i++) {
		tell(&t, TAG_ITEM, order->lines[i]->sku);
		tell(&t, TAG_INVOICE, order->lines[i]->invoice);
	}
	for (size_t i = 0; i < order->n_tracking; i++)
		tell(&t, TAG_TRACKING, order->tracking[i]->code);
	tell_notes(&t, TAG_COMMENT, order->comments, order->n_comments);
}

void search_item_texts(const Rec__Item *item, search_text_fn *fn, void *ctx)
{
	struct telling t = {fn, ctx, false};
	tell(&t, TAG_ITEM, item->sku);
	tell(&t, TAG_ITEM, item->barcode);
	tell(&t, TAG_NAME, item->name);
}
