/* SPDX-License-Identifier: ISC */
#include "base/money.h"

#include <assert.h>
#include <string.h>

#define DIGITS_MAX 19 /* of an int64 */

/* ISO 4217, tables A.1 and A.3 (retired codes); sorted, four bytes a code. */
static const struct {
	int exponent;
	const char *codes;
} currencies[] = {
	{2,
	 "AED AFA AFN ALL AMD ANG AOA ARS ATS AUD AWG AYM AZM AZN BAM BBD BDT BGL BGN BMD BND BOB "
	 "BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CSD CUC CUP CVE "
	 "CYP CZK DEM DKK DOP DZD EEK EGP ERN ETB EUR FIM FJD FKP FRF GBP GEL GHC GHS GIP "
	 "GMD GTQ GWP GYD HKD HNL HRK HTG HUF IDR IEP ILS INR IRR JMD KES KGS KHR KPW KYD KZT "
	 "LAK LBP LKR LRD LSL LTL LVL MAD MDL MGA MKD MMK MNT MOP MRO MRU MTL MUR MVR MWK "
	 "MXN MXV MYR MZM MZN NAD NGN NIO NLG NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR "
	 "RON RSD RUB RUR SAR SBD SCR SDD SDG SEK SGD SHP SIT SKK SLE SLL SOS SRD SRG SSP "
	 "STD STN SVC SYP SZL THB TJS TMM TMT TOP TRY TTD TWD TZS UAH USD USN USS UYU UZS "
	 "VEB VED VEF VES WST XAD XCD XCG YER YUM ZAR ZMK ZMW ZWD ZWG ZWL ZWN ZWR "},
	{0, "ADP BEF BIF BYB BYR CLP DJF ESP GNF GRD ISK ITL JPY KMF KRW LUF MGF PTE PYG ROL RWF "
	    "TPE TRL UGX UYI VND VUV XAF XOF XPF "},
	{3, "BHD IQD JOD KWD LYD OMR TND "},
	{4, "CLF UYW "},
};

static bool has_code(const char *codes, struct slice code)
{
	size_t low = 0, high = strlen(codes) / 4;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = memcmp(code.ptr, codes + middle * 4, 3);
		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

int money_exponent(struct slice currency)
{
	if (currency.len != 3)
		return -1;
	for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++)
		if (has_code(currencies[i].codes, currency))
			return currencies[i].exponent;
	return -1;
}

static int too_large(struct err *e)
{
	return err_set(e, ERR_INPUT, "the amount is too large");
}

int money_add(int64_t a, int64_t b, int64_t *sum, struct err *e)
{
	return __builtin_add_overflow(a, b, sum) ? too_large(e) : 1;
}

int money_sub(int64_t a, int64_t b, int64_t *difference, struct err *e)
{
	return __builtin_sub_overflow(a, b, difference) ? too_large(e) : 1;
}

int money_mul(int64_t a, int64_t b, int64_t *product, struct err *e)
{
	return __builtin_mul_overflow(a, b, product) ? too_large(e) : 1;
}

int money_scale(int64_t amount, int64_t numerator, int64_t denominator, int64_t *result,
		struct err *e)
{
	assert(denominator > 0);
	__int128 product = (__int128)amount * numerator;
	/* Round the absolute value, then put the sign back: a credit mirrors its invoice. */
	__int128 size = product < 0 ? -product : product;
	__int128 quotient = size / denominator, rest = size % denominator;
	if (rest >= denominator - rest)
		quotient++;
	if (product < 0)
		quotient = -quotient;
	if (quotient > INT64_MAX || quotient < INT64_MIN)
		return too_large(e);
	*result = (int64_t)quotient;
	return 1;
}

/* ---- parsing: the strict form, and what the author may have meant ---- */

struct amount {
	bool negative;
	struct slice digits; /* without sign and code */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Takes a word of letters off the front or the end of *text; empty when there is none. */
static struct slice take_code(struct slice *text)
{
	size_t front = 0, back = text->len;
	while (front < text->len && is_letter(text->ptr[front]))
		front++;
	while (back > front && is_letter(text->ptr[back - 1]))
		back--;
	struct slice code = front ? slice_sub(*text, 0, front) : slice_sub(*text, back, text->len);
	*text = slice_trim(front ? slice_sub(*text, front, text->len) : slice_sub(*text, 0, back));
	return code;
}

/* Whole and decimal digits around the first point; a form with anything else is refused. */
static bool split_strict(struct slice digits, int exponent, struct slice *whole,
			 struct slice *decimals)
{
	ptrdiff_t point = slice_chr(digits, '.');
	*whole = slice_sub(digits, 0, point < 0 ? digits.len : (size_t)point);
	*decimals = slice_sub(digits, point < 0 ? digits.len : (size_t)point + 1, digits.len);
	for (size_t i = 0; i < whole->len; i++)
		if (!is_digit(whole->ptr[i]))
			return false;
	for (size_t i = 0; i < decimals->len; i++)
		if (!is_digit(decimals->ptr[i]))
			return false;
	return whole->len > 0 && (point < 0 || (exponent > 0 && decimals->len == (size_t)exponent));
}

/*
 * What people write between digits: comma, point, apostrophe (also U+2019),
 * space (also U+00A0, U+202F, U+2009).  Length in bytes, or 0.
 */
static size_t separator_length(struct slice s)
{
	static const char *const known[] = {
		",", ".", "'", " ", "\xc2\xa0", "\xe2\x80\x99", "\xe2\x80\xaf", "\xe2\x80\x89"};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_starts(s, slice_str(known[i])))
			return strlen(known[i]);
	return 0;
}

struct guess {
	char digits[DIGITS_MAX];
	size_t count;	    /* digits in all */
	size_t groups;	    /* separators seen */
	size_t last;	    /* digits behind the last separator */
	bool ends_in_space; /* the last separator can only group thousands */
};

static bool collect(struct slice text, struct guess *g)
{
	*g = (struct guess){.count = 0};
	for (size_t i = 0; i < text.len;) {
		if (is_digit(text.ptr[i])) {
			if (g->count == DIGITS_MAX)
				return false;
			g->digits[g->count++] = text.ptr[i++];
			g->last++;
			continue;
		}
		size_t n = separator_length(slice_sub(text, i, text.len));
		if (n == 0)
			return false;
		g->ends_in_space = text.ptr[i] != ',' && text.ptr[i] != '.';
		g->groups++;
		g->last = 0;
		i += n;
	}
	return g->count > 0;
}

/* How many of the digits are decimals; -1 when nobody can tell. */
static int guess_decimals(const struct guess *g, int exponent)
{
	if (g->ends_in_space && g->last != 3)
		return -1;
	bool groups_thousands = g->last == 3 && (g->groups > 1 || exponent != 3);
	if (g->groups == 0 || g->ends_in_space || groups_thousands)
		return 0;
	return g->last <= (size_t)exponent ? (int)g->last : -1;
}

/* The right spelling of an almost right amount; false when nobody can tell. */
static bool suggest(const struct amount *amount, int exponent, struct buf *out)
{
	struct guess g;
	int decimals = collect(amount->digits, &g) ? guess_decimals(&g, exponent) : -1;
	if (decimals < 0)
		return false;
	size_t whole = g.count - (size_t)decimals, start = 0;
	while (start + 1 < whole && g.digits[start] == '0')
		start++;
	if (amount->negative)
		buf_putc(out, '-');
	buf_put(out, whole ? slice_of(g.digits + start, whole - start) : SLICE("0"));
	if (exponent > 0)
		buf_putc(out, '.');
	buf_put(out, slice_of(g.digits + whole, (size_t)decimals));
	for (int i = decimals; i < exponent; i++)
		buf_putc(out, '0');
	return true;
}

static int refuse(struct slice text, const struct amount *amount, struct slice currency,
		  int exponent, struct err *e)
{
	struct buf right;
	buf_init(&right, 64);
	struct slice shown = slice_sub(text, 0, 60);
	if (suggest(amount, exponent, &right))
		err_set(e, ERR_INPUT, "\"%.*s\" is not the form of an amount: write %s",
			SLICE_ARG(shown), buf_str(&right));
	else
		err_set(e, ERR_INPUT,
			"\"%.*s\" is not an amount in %.*s, which has %d decimals: write it like "
			"25%.*s",
			SLICE_ARG(shown), SLICE_ARG(currency), exponent,
			exponent ? exponent + 1 : 0, ".0000");
	buf_release(&right);
	return -1;
}

/* Signs that stand for a code do no harm to the suggestion; they are not the form either. */
static struct slice drop_sign(struct slice digits, struct slice currency)
{
	struct slice sign = money_sign(currency);
	if (slice_starts(digits, sign))
		digits = slice_sub(digits, sign.len, digits.len);
	else if (slice_ends(digits, sign))
		digits = slice_sub(digits, 0, digits.len - sign.len);
	return slice_trim(digits);
}

static bool read_digits(struct slice whole, struct slice decimals, int exponent, bool negative,
			int64_t *amount)
{
	int64_t value = 0;
	for (size_t i = 0; i < whole.len + (size_t)exponent; i++) {
		size_t k = i - whole.len;
		char c = i < whole.len ? whole.ptr[i] : k < decimals.len ? decimals.ptr[k] : '0';
		/* Counted downwards, so that the smallest int64 has a way in. */
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, c - '0', &value))
			return false;
	}
	if (!negative && value == INT64_MIN)
		return false;
	*amount = negative ? value : -value;
	return true;
}

int money_parse(struct slice text, struct slice currency, int64_t *amount, struct err *e)
{
	int exponent = money_exponent(currency);
	if (exponent < 0)
		return err_set(e, ERR_INPUT, "\"%.*s\" is not a currency with amounts",
			       SLICE_ARG(slice_sub(currency, 0, 16)));
	struct amount form = {.digits = slice_trim(text)};
	struct slice code = take_code(&form.digits);
	if (code.len && !slice_eq_nocase(code, currency))
		return err_set(e, ERR_INPUT, "the amount is in %.*s, here it has to be in %.*s",
			       SLICE_ARG(slice_sub(code, 0, 16)), SLICE_ARG(currency));
	form.negative = slice_starts(form.digits, SLICE("-"));
	form.digits = slice_sub(form.digits, form.negative, form.digits.len);

	struct slice whole, decimals;
	if (!split_strict(form.digits, exponent, &whole, &decimals)) {
		if (!form.negative && slice_starts(form.digits, SLICE("+")))
			form.digits = slice_sub(form.digits, 1, form.digits.len);
		form.digits = drop_sign(form.digits, currency);
		return refuse(text, &form, currency, exponent, e);
	}
	return read_digits(whole, decimals, exponent, form.negative, amount) ? 1 : too_large(e);
}

/* ---- writing ---- */

struct separators {
	const char *language; /* "de", or with a region "de-ch", which comes first */
	const char *thousands;
	const char *decimal;
};

#define NARROW_SPACE "\xe2\x80\xaf"

/* Unicode CLDR, numbers: the latin digits; every kind of space is U+202F. */
static const struct separators separators[] = {
	{"de-ch", "\xe2\x80\x99", "."},
	{"de-li", "\xe2\x80\x99", "."},
	{"it-ch", "\xe2\x80\x99", "."},
	{"de-at", NARROW_SPACE, ","},
	{"es-mx", ",", "."},
	{"pt-pt", NARROW_SPACE, ","},
	{"bg", NARROW_SPACE, ","},
	{"ca", ".", ","},
	{"cs", NARROW_SPACE, ","},
	{"da", ".", ","},
	{"de", ".", ","},
	{"el", ".", ","},
	{"es", ".", ","},
	{"et", NARROW_SPACE, ","},
	{"fi", NARROW_SPACE, ","},
	{"fr", NARROW_SPACE, ","},
	{"hr", ".", ","},
	{"hu", NARROW_SPACE, ","},
	{"id", ".", ","},
	{"is", ".", ","},
	{"it", ".", ","},
	{"lt", NARROW_SPACE, ","},
	{"lv", NARROW_SPACE, ","},
	{"nb", NARROW_SPACE, ","},
	{"nl", ".", ","},
	{"nn", NARROW_SPACE, ","},
	{"no", NARROW_SPACE, ","},
	{"pl", NARROW_SPACE, ","},
	{"pt", ".", ","},
	{"ro", ".", ","},
	{"ru", NARROW_SPACE, ","},
	{"sk", NARROW_SPACE, ","},
	{"sl", ".", ","},
	{"sr", ".", ","},
	{"sv", NARROW_SPACE, ","},
	{"tr", ".", ","},
	{"uk", NARROW_SPACE, ","},
	{"vi", ".", ","},
};

static const struct separators plain = {"", "", "."};
static const struct separators english = {"en", ",", "."};

/* "de_AT.UTF-8" and "de-at-1996" both begin with "de-at". */
static bool language_is(struct slice language, const char *name)
{
	size_t n = strlen(name);
	if (language.len < n || (language.len > n && is_letter(language.ptr[n])))
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = language.ptr[i] == '_' ? '-' : language.ptr[i];
		if ((c | 0x20) != (name[i] | 0x20))
			return false;
	}
	return true;
}

static const struct separators *separators_of(struct slice language)
{
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++)
		if (language_is(language, separators[i].language))
			return &separators[i];
	return &english;
}

static void put_amount(struct buf *out, int64_t amount, struct slice currency,
		       const struct separators *with)
{
	assert(with->decimal && with->thousands);
	int known = money_exponent(currency);
	size_t exponent = known > 0 ? (size_t)known : 0;
	uint64_t size = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
	char digits[24];
	size_t n = 0;
	do
		digits[n++] = (char)('0' + size % 10);
	while ((size /= 10) > 0 || n <= exponent);
	if (amount < 0)
		buf_putc(out, '-');
	while (n-- > 0) {
		buf_putc(out, digits[n]);
		if (n > 0 && n == exponent)
			buf_puts(out, with->decimal);
		else if (n > exponent && (n - exponent) % 3 == 0)
			buf_puts(out, with->thousands);
	}
}

void money_put(struct buf *out, int64_t amount, struct slice currency)
{
	put_amount(out, amount, currency, &plain);
}

void money_put_local(struct buf *out, int64_t amount, struct slice currency, struct slice language)
{
	put_amount(out, amount, currency, separators_of(language));
}

struct slice money_sign(struct slice currency)
{
	static const struct {
		const char *code, *sign;
	} signs[] = {
		{"EUR", "\xe2\x82\xac"}, {"USD", "$"},
		{"GBP", "\xc2\xa3"},	 {"JPY", "\xc2\xa5"},
		{"INR", "\xe2\x82\xb9"}, {"KRW", "\xe2\x82\xa9"},
		{"ILS", "\xe2\x82\xaa"}, {"VND", "\xe2\x82\xab"},
		{"UAH", "\xe2\x82\xb4"}, {"TRY", "\xe2\x82\xba"},
		{"PLN", "z\xc5\x82"},	 {"CZK", "K\xc4\x8d"},
	};
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (slice_eq(currency, slice_str(signs[i].code)))
			return slice_str(signs[i].sign);
	return currency;
}
