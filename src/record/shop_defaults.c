/* SPDX-License-Identifier: ISC */
#include "record/shop_table.h"

/* One row as an admin would write it. */
struct row {
	enum shop_table table;
	const char *name, *fields; /* fields separated by '|' */
};

static const struct row rows[] = {
	{SHOP_TABLE_PAYMENT_TYPE, "bank",
	 /* Orders that come from elsewhere may be old: who wants the clock to write to their
	  * customers, and to cancel them, says so. */
	 "label=Bank transfer|orderline_status=HAL|reservation=yes|reservation_days=14"},
	{SHOP_TABLE_PAYMENT_TYPE, "card",
	 "label=Credit card|orderline_status=ANG|card=yes|refund_automatic=yes|reservation=yes"},
	{SHOP_TABLE_PAYMENT_TYPE, "cash",
	 "label=Cash|orderline_status=ANG|auto_create_payment=yes|reservation=yes"},
	{SHOP_TABLE_PAYMENT_TYPE, "cod",
	 "label=Cash on delivery|orderline_status=ANG|reservation=yes"},
	{SHOP_TABLE_PAYMENT_TYPE, "invoice", "label=Invoice|orderline_status=ANG|reservation=yes"},
	{SHOP_TABLE_PAYMENT_TYPE, "marketplace",
	 "label=Paid to the marketplace|orderline_status=ANG|auto_create_payment=yes|"
	 "reservation=yes"},
	{SHOP_TABLE_PAYMENT_TYPE, "wallet",
	 "label=Online wallet|orderline_status=ANG|reservation=yes"},
	/* CP-18: what customers of a marketplace or a web shop get. */
	{SHOP_TABLE_TERMS, "PREPAY", "label=Full payment before despatch|prepay=yes"},
	{SHOP_TABLE_TERMS, "14d", "label=14 days net|days=14"},
	{SHOP_TABLE_TERMS, "30d", "label=30 days net|days=30"},
	{SHOP_TABLE_CHANNEL, "manual", "label=By hand, phone and mail"},
};

/*
 * Standard rates (Directive 2006/112/EC, Annex III decides what is reduced): the
 * rate of today and the last before it, with the day from which it holds; no
 * day where the change is longer ago than any claim.
 */
static const struct rate {
	const char *name, *rate;
} standard[] = {
	{"AT/standard", "20%"},
	{"BE/standard", "21%"},
	{"BG/standard", "20%"},
	{"CY/standard", "19%"},
	{"CZ/standard", "21%"},
	{"DE/standard", "19%"},
	{"DE/standard/2020-07-01", "16%"},
	{"DE/standard/2021-01-01", "19%"},
	{"DK/standard", "25%"},
	{"EE/standard", "20%"},
	{"EE/standard/2024-01-01", "22%"},
	{"EE/standard/2025-07-01", "24%"},
	{"ES/standard", "21%"},
	{"FI/standard", "24%"},
	{"FI/standard/2024-09-01", "25.5%"},
	{"FR/standard", "20%"},
	{"GR/standard", "24%"},
	{"HR/standard", "25%"},
	{"HU/standard", "27%"},
	{"IE/standard", "23%"},
	{"IE/standard/2020-09-01", "21%"},
	{"IE/standard/2021-03-01", "23%"},
	{"IT/standard", "22%"},
	{"LT/standard", "21%"},
	{"LU/standard", "17%"},
	{"LU/standard/2023-01-01", "16%"},
	{"LU/standard/2024-01-01", "17%"},
	{"LV/standard", "21%"},
	{"MT/standard", "18%"},
	{"NL/standard", "21%"},
	{"PL/standard", "23%"},
	{"PT/standard", "23%"},
	{"RO/standard", "19%"},
	{"RO/standard/2025-08-01", "21%"},
	{"SE/standard", "25%"},
	{"SI/standard", "22%"},
	{"SK/standard", "20%"},
	{"SK/standard/2025-01-01", "23%"},
	{"AT/reduced", "10%"},
	{"BE/reduced", "6%"},
	{"CZ/reduced", "15%"},
	{"CZ/reduced/2024-01-01", "12%"},
	{"DE/reduced", "7%"},
	{"DE/reduced/2020-07-01", "5%"},
	{"DE/reduced/2021-01-01", "7%"},
	{"ES/reduced", "10%"},
	{"FR/reduced", "5.5%"},
	{"IT/reduced", "10%"},
	{"NL/reduced", "6%"},
	{"NL/reduced/2019-01-01", "9%"},
	{"PL/reduced", "8%"},
	{"PT/reduced", "6%"},
	{"SE/reduced", "12%"},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int add_row(struct change *ch, const struct row *given, struct err *e)
{
	struct slice rest = slice_str(given->fields), piece;
	ProtobufCMessage *row;
	if (shop_row_new(ch->arena, given->table, slice_str(given->name), &row, e) < 0)
		return -1;
	while (slice_cut(&rest, '|', &piece)) {
		size_t equals = (size_t)slice_chr(piece, '=');
		if (shop_field_set(ch->arena, row, slice_sub(piece, 0, equals),
				   slice_sub(piece, equals + 1, piece.len), e) < 0)
			return -1;
	}
	return shop_row_save(ch, row, e);
}

int shop_table_defaults(struct change *ch, struct err *e)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (add_row(ch, &rows[i], e) < 0)
			return err_prefix(e, "%s", rows[i].name);
	for (size_t i = 0; i < COUNT(standard); i++) {
		struct row row = {SHOP_TABLE_VAT_RATE, standard[i].name,
				  arena_printf(ch->arena, "vat_rate=%s", standard[i].rate)};
		if (add_row(ch, &row, e) < 0)
			return err_prefix(e, "%s", row.name);
	}
	return 1;
}
