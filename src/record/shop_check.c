/* SPDX-License-Identifier: ISC */
#include "record/vat.h"
#include "shop_private.h"

#define LABEL_MAX 200 /* bytes */
#define DAYS_MAX 3650 /* ten years: more is a slip */
#define REMINDERS_MAX 12
#define MILLION 1000000

static int check_label(const char *label, struct err *e)
{
	struct slice text = slice_str(label);
	if (text.len > LABEL_MAX || !text_is_utf8(text) || slice_chr(text, '\n') >= 0)
		return err_set(e, ERR_INPUT, "\"label\" must be one line of at most %d bytes",
			       LABEL_MAX);
	return 1;
}

static int check_days(uint32_t days, const char *field, struct err *e)
{
	if (days <= DAYS_MAX)
		return 1;
	return err_set(e, ERR_INPUT, "\"%s\" must be 0 to %d days", field, DAYS_MAX);
}

static int check_payment_type(struct change *ch, ProtobufCMessage *message, struct err *e)
{
	Rec__PaymentType *row = (Rec__PaymentType *)message;
	(void)ch;
	if (row->orderline_status == REC__LINE_STATE__LINE_STATE_NONE)
		row->orderline_status = REC__LINE_STATE__LINE_STATE_HAL;
	if (row->orderline_status != REC__LINE_STATE__LINE_STATE_HAL &&
	    row->orderline_status != REC__LINE_STATE__LINE_STATE_ANG)
		return err_set(e, ERR_INPUT,
			       "\"orderline_status\" must be HAL (on hold) or ANG (released)");
	if (row->n_remind_days > REMINDERS_MAX)
		return err_set(e, ERR_INPUT, "\"remind_days\": at most %d reminders",
			       REMINDERS_MAX);
	for (size_t i = 0; i < row->n_remind_days; i++)
		if (row->remind_days[i] == 0 || row->remind_days[i] > DAYS_MAX ||
		    (i && row->remind_days[i] <= row->remind_days[i - 1]))
			return err_set(e, ERR_INPUT,
				       "\"remind_days\" must be rising days of 1 to %d, such as "
				       "7,14",
				       DAYS_MAX);
	if (check_days(row->hal_cancel_days, "hal_cancel_days", e) < 0 ||
	    check_days(row->reservation_days, "reservation_days", e) < 0)
		return -1;
	return check_label(row->label, e);
}

static int check_terms(struct change *ch, ProtobufCMessage *message, struct err *e)
{
	const Rec__Terms *row = (const Rec__Terms *)message;
	(void)ch;
	if (row->prepay && row->days)
		return err_set(e, ERR_INPUT,
			       "\"days\" must be 0 where \"prepay\" is set: nothing "
			       "is owed later");
	return check_days(row->days, "days", e) < 0 ? -1 : check_label(row->label, e);
}

static int must_be_there(struct change *ch, enum shop_table table, const char *field, char **name,
			 struct err *e)
{
	struct slice text = slice_str(*name);
	if (!text.len)
		return 1;
	if (shop_row_need(ch->txn, ch->arena, table, &text, e) < 0)
		return err_prefix(e, "\"%s\"", field);
	*name = arena_str(ch->arena, text);
	return 1;
}

static int check_channel(struct change *ch, ProtobufCMessage *message, struct err *e)
{
	Rec__Channel *row = (Rec__Channel *)message;
	if (must_be_there(ch, SHOP_TABLE_PRICE_LIST, "price_list", &row->price_list, e) < 0 ||
	    must_be_there(ch, SHOP_TABLE_PAYMENT_TYPE, "payment_type", &row->payment_type, e) < 0 ||
	    must_be_there(ch, SHOP_TABLE_TERMS, "terms", &row->terms, e) < 0)
		return -1;
	return check_label(row->label, e);
}

static int check_price_list(struct change *ch, ProtobufCMessage *message, struct err *e)
{
	const Rec__PriceList *row = (const Rec__PriceList *)message;
	(void)ch;
	if (money_exponent(slice_str(row->currency)) < 0)
		return err_set(e, ERR_INPUT, "\"currency\": \"%s\" is no ISO 4217 currency",
			       row->currency);
	return check_label(row->label, e);
}

static int check_season(struct change *ch, ProtobufCMessage *message, struct err *e)
{
	const Rec__Season *row = (const Rec__Season *)message;
	(void)ch;
	if (row->ends_at && row->ends_at <= row->starts_at)
		return err_set(e, ERR_INPUT, "\"ends_at\" must be behind \"starts_at\"");
	return check_label(row->label, e);
}

static int check_vat_rate(struct change *ch, ProtobufCMessage *message, struct err *e)
{
	Rec__VatRate *row = (Rec__VatRate *)message;
	bool none = row->vat_rate == 0;
	if (!vat_is_country(slice_str(row->country)))
		return err_set(e, ERR_INPUT, "\"country\": \"%s\" is no ISO 3166-1 code such as NL",
			       row->country);
	if (row->vat_rate < 0 || row->vat_rate > MILLION)
		return err_set(e, ERR_INPUT, "\"vat_rate\" must be 0 to %d parts per million",
			       MILLION);
	if (!row->vat_category[0])
		row->vat_category = arena_str(ch->arena, none ? SLICE("Z") : SLICE("S"));
	/* What has no VAT because of who buys it (AE, K, G, O) is no property of a class. */
	if (strcmp(row->vat_category, none ? "Z" : "S") != 0 &&
	    (!none || strcmp(row->vat_category, "E") != 0))
		return err_set(e, ERR_INPUT,
			       "\"vat_category\" must be S for a rate above 0, and Z (zero rated) "
			       "or E (exempt) for 0");
	return 1;
}

static int (*const checks[SHOP_TABLES])(struct change *ch, ProtobufCMessage *row, struct err *e) = {
	[SHOP_TABLE_PAYMENT_TYPE] = check_payment_type,
	[SHOP_TABLE_TERMS] = check_terms,
	[SHOP_TABLE_CHANNEL] = check_channel,
	[SHOP_TABLE_PRICE_LIST] = check_price_list,
	[SHOP_TABLE_SEASON] = check_season,
	[SHOP_TABLE_VAT_RATE] = check_vat_rate,
};

int shop_row_check(struct change *ch, ProtobufCMessage *row, struct err *e)
{
	enum shop_table table = SHOP_TABLES;
	const ProtobufCFieldDescriptor *field = schema_field(row->descriptor, SLICE("name"));
	if (!shop_table_of(row->descriptor, &table) || !field)
		die("record: %s is no row of the shop's tables", row->descriptor->name);
	if (!shop_name_valid(schema_get(row, field).text))
		return err_set(e, ERR_INPUT,
			       "\"name\" must be one word of letters, digits, \"-\", \"_\" and "
			       "\".\"");
	return checks[table](ch, row, e);
}
