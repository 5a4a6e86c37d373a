/* SPDX-License-Identifier: ISC */
#include "record/vat.h"

#include <assert.h>
#include <ctype.h>

#include "record/customer.h"
#include "record/shop.h"
#include "record/shop_table.h"

/* ISO 3166-1 alpha-2; and XI, under which Northern Ireland's VAT ids run. */
static const char countries[] =
	"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
	"BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
	"DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
	"GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
	"KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
	"MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
	"PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
	"SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
	"VN VU WF WS XI YE YT ZA ZM ZW ";

/*
 * Who is in the EU's VAT area, and what its VAT ids look like behind the two
 * letters: 9 a digit, A a letter, X either, + any number more of the last.
 */
static const struct {
	const char *country, *prefix, *forms[3];
	int64_t from, until; /* days as UTC midnight; 0: ever */
} members[] = {
	{"AT", "AT", {"U99999999"}, 0, 0},
	{"BE", "BE", {"9999999999"}, 0, 0},
	{"BG", "BG", {"999999999", "9999999999"}, 0, 0},
	{"CY", "CY", {"99999999A"}, 0, 0},
	{"CZ", "CZ", {"99999999", "999999999", "9999999999"}, 0, 0},
	{"DE", "DE", {"999999999"}, 0, 0},
	{"DK", "DK", {"99999999"}, 0, 0},
	{"EE", "EE", {"999999999"}, 0, 0},
	{"ES", "ES", {"X9999999X"}, 0, 0},
	{"FI", "FI", {"99999999"}, 0, 0},
	{"FR", "FR", {"XX999999999"}, 0, 0},
	{"GB", "GB", {"999999999", "999999999999"}, 0, INT64_C(1609459200)},
	{"GR", "EL", {"999999999"}, 0, 0},
	{"HR", "HR", {"99999999999"}, INT64_C(1372636800), 0},
	{"HU", "HU", {"99999999"}, 0, 0},
	{"IE", "IE", {"9X99999A", "9999999AA"}, 0, 0},
	{"IT", "IT", {"99999999999"}, 0, 0},
	{"LT", "LT", {"999999999", "999999999999"}, 0, 0},
	{"LU", "LU", {"99999999"}, 0, 0},
	{"LV", "LV", {"99999999999"}, 0, 0},
	{"MT", "MT", {"99999999"}, 0, 0},
	{"NL", "NL", {"999999999B99"}, 0, 0},
	{"PL", "PL", {"9999999999"}, 0, 0},
	{"PT", "PT", {"999999999"}, 0, 0},
	{"RO", "RO", {"99+"}, 0, 0},
	{"SE", "SE", {"999999999999"}, 0, 0},
	{"SI", "SI", {"99999999"}, 0, 0},
	{"SK", "SK", {"9999999999"}, 0, 0},
	{"XI", "XI", {"999999999", "999999999999"}, 0, 0},
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

bool vat_is_country(struct slice country)
{
	if (country.len != 2)
		return false;
	for (const char *p = countries; *p; p += 3)
		if (memcmp(p, country.ptr, 2) == 0)
			return true;
	return false;
}

bool vat_is_eu(struct slice country, int64_t at)
{
	for (size_t i = 0; i < MEMBERS; i++)
		if (slice_eq_nocase(country, slice_str(members[i].country)))
			return at >= members[i].from &&
			       (!members[i].until || at < members[i].until);
	return false;
}

/* ---- VAT ids ---- */

#define VAT_ID_MAX 20

static bool fits(char c, char form)
{
	bool digit = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'Z';
	switch (form) {
	case '9':
		return digit;
	case 'A':
		return letter;
	case 'X':
		return digit || letter;
	default:
		return c == form;
	}
}

static bool has_form(const char *text, const char *form)
{
	for (; *text; text++) {
		if (*form == '+' ? !fits(*text, form[-1]) : !fits(*text, *form))
			return false;
		form += *form != '+';
	}
	return !*form || *form == '+';
}

/* Upper case without what people write between the digits; false when too long. */
static bool normalise(struct slice vat_id, char out[VAT_ID_MAX + 1])
{
	size_t n = 0;
	for (size_t i = 0; i < vat_id.len; i++) {
		if (strchr(" .-", vat_id.ptr[i]) && vat_id.ptr[i])
			continue;
		if (n == VAT_ID_MAX || !vat_id.ptr[i])
			return false;
		out[n++] = (char)toupper((unsigned char)vat_id.ptr[i]);
	}
	out[n] = '\0';
	return n > 2;
}

/* The country whose VAT id that could be, or null. */
static const char *country_of(struct slice vat_id)
{
	char text[VAT_ID_MAX + 1];
	if (!normalise(vat_id, text))
		return NULL;
	for (size_t i = 0; i < MEMBERS; i++) {
		if (strncmp(text, members[i].prefix, 2) != 0)
			continue;
		for (size_t j = 0; j < 3 && members[i].forms[j]; j++)
			if (has_form(text + 2, members[i].forms[j]))
				return members[i].country;
	}
	return NULL;
}

bool vat_id_plausible(struct slice vat_id)
{
	return country_of(vat_id) != NULL;
}

/* ---- rates ---- */

#define RATE_DIGITS 4 /* decimals of a percentage: a part per million has no more */

bool vat_rate_parse(struct slice text, int64_t *rate)
{
	struct slice whole, decimals = SLICE("");
	uint64_t n, part = 0;
	if (!slice_ends(text, SLICE("%")))
		return false;
	text = slice_trim(slice_sub(text, 0, text.len - 1));
	ptrdiff_t point = slice_chr(text, '.');
	whole = slice_sub(text, 0, point < 0 ? text.len : (size_t)point);
	if (point >= 0)
		decimals = slice_sub(text, (size_t)point + 1, text.len);
	if (!slice_u64(whole, &n) || n > 100 || decimals.len > RATE_DIGITS ||
	    (point >= 0 && !slice_u64(decimals, &part)))
		return false;
	for (size_t i = decimals.len; i < RATE_DIGITS; i++)
		part *= 10;
	*rate = (int64_t)(n * 10000 + part);
	return *rate <= 1000000;
}

/* ---- the sheet of RECORD.md 4.5 ---- */

/* A VAT id frees from VAT in another country only: that of the shop's own proves nothing. */
static bool is_foreign_business(const struct vat_question *question)
{
	const char *country = country_of(question->buyer_vat_id);
	return country && question->vat_id_checked && vat_is_eu(slice_str(country), question->at) &&
	       !slice_eq_nocase(slice_str(country), question->shop_country);
}

void vat_decide(const struct vat_question *q, struct vat_answer *answer)
{
	struct slice buyer = q->buyer_country.len ? q->buyer_country : q->shop_country;
	bool business = q->buyer_vat_id.len > 0;
	*answer = (struct vat_answer){"", q->shop_country, "the shop's own country"};
	if (q->without_vat) {
		*answer = (struct vat_answer){"E", SLICE(""), "the order is without VAT"};
	} else if (!q->shop_country.len) {
		answer->reason = "the shop has no country";
	} else if (slice_eq_nocase(buyer, q->shop_country)) {
		answer->reason = business ? "business in the shop's own country"
					  : "private buyer in the shop's own country";
	} else if (!vat_is_eu(buyer, q->at) || !vat_is_eu(q->shop_country, q->at)) {
		*answer = (struct vat_answer){"G", SLICE(""), "export out of the EU"};
	} else if (is_foreign_business(q)) {
		*answer = (struct vat_answer){"K", SLICE(""),
					      "business in another EU country with a valid VAT id"};
	} else if (q->destination) {
		*answer = (struct vat_answer){
			"", buyer, "buyer in another EU country, above the OSS threshold"};
	} else {
		answer->reason = business
					 ? "business in another EU country without a checked VAT id"
					 : "private buyer in another EU country";
	}
}

/* ---- for an order ---- */

/* The shop's day, as the rows of the rates have it: midnight UTC of that date. */
static int64_t day_of(const Rec__Shop *shop, int64_t at)
{
	const struct zone *zone = NULL;
	struct civil day;
	if (shop->time_zone[0])
		zone_find(slice_str(shop->time_zone), &zone, NULL);
	civil_from_zone(at, zone, &day);
	return civil_to_utc(&(struct civil){.year = day.year, .month = day.month, .day = day.day});
}

int vat_question_of(struct txn *txn, struct arena *a, const Rec__Order *order, int64_t at,
		    struct vat_question *question, struct err *e)
{
	Rec__Customer *customer;
	Rec__Shop *shop;
	const Rec__Address *to =
		order->shipping && order->shipping->country[0] ? order->shipping : order->billing;
	*question = (struct vat_question){.without_vat = order->without_vat, .at = at};
	if (customer_load(txn, a, order->customer, &customer, e) < 0 ||
	    shop_load(txn, a, order->shop, &shop, e) < 0)
		return -1;
	if (to)
		question->buyer_country = slice_str(to->country);
	if (shop) {
		question->shop_country = slice_str(shop->country);
		question->destination = shop->destination_vat;
		question->at = day_of(shop, at);
	}
	if (customer) {
		question->buyer_vat_id = slice_str(customer->vat_id);
		question->vat_id_checked = customer->vat_id_checked;
	}
	return 1;
}

static int rate_in(struct txn *txn, struct arena *a, struct slice country, int64_t at,
		   const Rec__Item *item, Rec__VatRate **row, struct err *e)
{
	Rec__VatRate wanted;
	char standard[] = "standard";
	rec__vat_rate__init(&wanted);
	wanted.country = arena_str(a, country);
	wanted.name = item->vat_class[0] ? item->vat_class : standard;
	wanted.starts_at = at;
	return vat_rate_load(txn, a, &wanted, row, e);
}

int vat_of_item(struct txn *txn, struct arena *a, const struct vat_question *question,
		const Rec__Item *item, struct vat_line *line, struct err *e)
{
	struct vat_answer answer;
	Rec__VatRate *row = NULL;
	vat_decide(question, &answer);
	*line = (struct vat_line){item->vat_category, item->vat_rate};
	if (answer.category[0]) {
		*line = (struct vat_line){arena_str(a, slice_str(answer.category)), 0};
		return 1;
	}
	bool home = slice_eq_nocase(answer.country, question->shop_country);
	bool own = !item->vat_class[0] && item->vat_category[0];
	if (!answer.country.len || (home && own))
		return 1;
	int got = rate_in(txn, a, answer.country, question->at, item, &row, e);
	if (got > 0)
		*line = (struct vat_line){row->vat_category, row->vat_rate};
	return got < 0 ? -1 : 1;
}
