/* SPDX-License-Identifier: ISC */
#include "import_draft.h"

/* An amount taken apart: digits, and where its decimals begin. */
struct figure {
	struct slice text; /* without sign and currency */
	ptrdiff_t point;   /* position of the decimal separator, or -1 */
	char group;	   /* what parts thousands, 0: nothing does */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t count(struct slice s, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == c;
	return n;
}

static ptrdiff_t last_of(struct slice s, char c)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.ptr[i - 1] == c)
			return (ptrdiff_t)i - 1;
	return -1;
}

/* Groups of three between the separators, one to three in front. */
static bool grouped(struct slice whole, char group)
{
	struct slice rest = whole, part;
	bool first = true;
	while (slice_cut(&rest, group, &part)) {
		if (first ? part.len < 1 || part.len > 3 : part.len != 3)
			return false;
		first = false;
	}
	return true;
}

/*
 * Which of point and comma is which: the last of two kinds is the decimal one;
 * one kind alone is that, too, unless it stands twice or three digits follow,
 * where nobody can tell.
 */
static bool take_apart(struct figure *f, int exponent)
{
	ptrdiff_t point = last_of(f->text, '.'), comma = last_of(f->text, ',');
	if (point >= 0 && comma >= 0) {
		f->point = point > comma ? point : comma;
		f->group = point > comma ? ',' : '.';
		return count(f->text, f->text.ptr[f->point]) == 1;
	}
	f->point = point >= 0 ? point : comma;
	f->group = 0;
	if (f->point < 0)
		return true;
	char used = f->text.ptr[f->point];
	size_t behind = f->text.len - (size_t)f->point - 1;
	if (count(f->text, used) > 1) {
		f->group = used;
		f->point = -1;
		return true;
	}
	return behind != 3 || exponent == 3;
}

static int not_amount(struct slice text, const char *why, struct err *e)
{
	return err_set(e, ERR_INPUT, "\"%.*s\" is no amount: %s", SLICE_ARG(slice_sub(text, 0, 40)),
		       why);
}

static bool is_figure(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_digit(text.ptr[i]) && text.ptr[i] != '.' && text.ptr[i] != ',')
			return false;
	return text.len > 0;
}

static int add_digits(struct slice digits, char skip, int64_t *amount, struct err *e)
{
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] == skip)
			continue;
		/* A second decimal separator. */
		if (!is_digit(digits.ptr[i]))
			return not_amount(digits, "only digits, a point and a comma stand in it",
					  e);
		if (money_mul(*amount, 10, amount, e) < 0 ||
		    money_add(*amount, digits.ptr[i] - '0', amount, e) < 0)
			return -1;
	}
	return 1;
}

static int to_minor(const struct figure *f, int exponent, int64_t *amount, struct err *e)
{
	size_t end = f->point < 0 ? f->text.len : (size_t)f->point;
	struct slice whole = slice_sub(f->text, 0, end);
	struct slice decimals = slice_sub(f->text, end + 1, f->text.len);
	/* Zeros behind what the currency has say nothing. */
	while (decimals.len > (size_t)exponent && decimals.ptr[decimals.len - 1] == '0')
		decimals.len--;
	if (!whole.len || (f->group && !grouped(whole, f->group)))
		return not_amount(f->text, "its thousands are not parted by threes", e);
	if (decimals.len > (size_t)exponent)
		return not_amount(f->text, "it has more decimals than its currency", e);
	*amount = 0;
	if (add_digits(whole, f->group, amount, e) < 0 || add_digits(decimals, 0, amount, e) < 0)
		return -1;
	for (size_t i = decimals.len; i < (size_t)exponent; i++)
		if (money_mul(*amount, 10, amount, e) < 0)
			return -1;
	return 1;
}

/* "EUR 12.50", "12.50 EUR": another code than the document's is refused. */
static bool drop_currency(struct slice *text, struct slice currency)
{
	if (slice_starts_nocase(*text, currency))
		*text = slice_trim(slice_sub(*text, currency.len, text->len));
	else if (text->len > currency.len &&
		 slice_eq_nocase(slice_sub(*text, text->len - currency.len, text->len), currency))
		*text = slice_trim(slice_sub(*text, 0, text->len - currency.len));
	return text->len > 0;
}

int import_amount(struct slice text, struct slice currency, bool negative, int64_t *amount,
		  struct err *e)
{
	int exponent = money_exponent(currency);
	struct figure f = {.text = slice_trim(text)};
	*amount = 0;
	if (exponent < 0)
		return err_set(e, ERR_INPUT, "\"%.*s\" is no ISO 4217 currency",
			       SLICE_ARG(slice_sub(currency, 0, 20)));
	if (!f.text.len)
		return 0;
	if (!drop_currency(&f.text, currency))
		return not_amount(text, "it has no digits", e);
	bool minus = f.text.ptr[0] == '-';
	if (minus && !negative)
		return not_amount(text, "it must not be negative", e);
	if (minus)
		f.text = slice_sub(f.text, 1, f.text.len);
	if (!is_figure(f.text))
		return not_amount(text, "only digits, a point and a comma stand in it", e);
	if (!take_apart(&f, exponent))
		return not_amount(text, "nobody can tell whether it has thousands or decimals", e);
	if (to_minor(&f, exponent, amount, e) < 0)
		return -1;
	/* So that the sum of an order's lines cannot overflow. */
	if (*amount > IMPORT_AMOUNT_MAX)
		return not_amount(text, "it is too large", e);
	if (minus)
		*amount = -*amount;
	return 1;
}

int import_pieces(int64_t price, int64_t quantity, int64_t *amount, struct err *e)
{
	if (money_mul(price, quantity, amount, e) < 0)
		return -1;
	if (*amount > IMPORT_AMOUNT_MAX)
		return err_set(e, ERR_INPUT, "the amount of a line is too large");
	return 1;
}
