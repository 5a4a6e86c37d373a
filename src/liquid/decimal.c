/* SPDX-License-Identifier: ISC */
#include "decimal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Largest value of DECIMAL_DIGITS digits, plus one. */
static uint128 ceiling(void)
{
	uint128 n = 1;
	for (int i = 0; i < DECIMAL_DIGITS; i++)
		n *= 10;
	return n;
}

/* Negated as unsigned, so that the smallest number has a magnitude too. */
static uint128 magnitude(int128 n)
{
	return n < 0 ? -(uint128)n : (uint128)n;
}

static int128 with_sign(uint128 n, bool negative)
{
	return negative ? -(int128)n : (int128)n;
}

/* Drop n digits, half to even. */
static uint128 drop_digits(uint128 m, int n)
{
	bool sticky = false;
	unsigned digit = 0;
	for (int i = 0; i < n && m; i++) {
		sticky = sticky || digit;
		digit = (unsigned)(m % 10);
		m /= 10;
		if (!m && i + 1 < n)
			return 0;
	}
	if (digit > 5 || (digit == 5 && (sticky || (m & 1))))
		m++;
	return m;
}

/*
 * One form for each number, without zeros at its end: equal numbers have equal parts,
 * and a sum of cents does not gather digits.
 */
static struct decimal tidy(uint128 m, int exponent, bool negative)
{
	uint128 top = ceiling();
	int excess = 0;
	for (uint128 rest = m; rest >= top; rest /= 10)
		excess++;
	if (excess) {
		m = drop_digits(m, excess);
		exponent += excess;
	}
	while (m && m % 10 == 0) {
		m /= 10;
		exponent++;
	}
	/*
	 * Too small to be told from zero; too large stays the largest, so that no text of a
	 * template ends the render.
	 */
	if (!m || exponent < -DECIMAL_EXPONENT_MAX)
		return (struct decimal){0, 0};
	if (exponent > DECIMAL_EXPONENT_MAX)
		exponent = DECIMAL_EXPONENT_MAX;
	return (struct decimal){with_sign(m, negative), exponent};
}

struct decimal decimal_of(struct liquid_value v)
{
	if (v.kind == LIQUID_INT)
		return (struct decimal){v.integer, 0};
	assert(v.kind == LIQUID_DECIMAL);
	uint128 bits = (uint128)(uint64_t)v.mantissa.high << 64 | v.mantissa.low;
	return (struct decimal){(int128)bits, v.exponent};
}

struct liquid_value decimal_value(struct decimal d)
{
	uint128 bits = (uint128)d.mantissa;
	return (struct liquid_value){
		.kind = LIQUID_DECIMAL,
		.exponent = (int16_t)d.exponent,
		.mantissa = {(uint64_t)bits, (int64_t)(uint64_t)(bits >> 64)},
	};
}

/*
 * An exponent of a hundred thousand digits must not overflow: it stops counting, and
 * tidy() cuts it.
 */
static size_t parse_exponent(struct slice s, size_t at, int *exponent)
{
	if (at >= s.len || (s.ptr[at] | 32) != 'e')
		return at;
	bool negative = at + 1 < s.len && s.ptr[at + 1] == '-';
	size_t i = at + 1 + (at + 1 < s.len && (s.ptr[at + 1] == '-' || s.ptr[at + 1] == '+'));
	size_t start = i;
	int n = 0;
	for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
		n = n < 100000 ? n * 10 + (s.ptr[i] - '0') : n;
	if (i == start)
		return at;
	*exponent += negative ? -n : n;
	return i;
}

/* Digits with one point among them; where they end. */
static size_t parse_mantissa(struct slice s, size_t i, uint128 *m, int *exponent)
{
	uint128 top = ceiling();
	bool point = false;
	for (size_t start = i; i < s.len; i++) {
		char c = s.ptr[i];
		bool digit_next = i + 1 < s.len && s.ptr[i + 1] >= '0' && s.ptr[i + 1] <= '9';
		if (c == '.' && !point && i > start && digit_next) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		/* Digits behind the last that counts only move the point. */
		if (*m < top) {
			*m = *m * 10 + (unsigned)(c - '0');
			*exponent -= point;
		} else {
			*exponent += !point;
		}
	}
	return i;
}

bool decimal_parse(struct slice s, struct decimal *d)
{
	bool negative = s.len && s.ptr[0] == '-';
	size_t start = s.len && (negative || s.ptr[0] == '+');
	uint128 m = 0;
	int exponent = 0;
	size_t end = parse_mantissa(s, start, &m, &exponent);
	if (end == start || parse_exponent(s, end, &exponent) != s.len)
		return false;
	*d = tidy(m, exponent, negative);
	return true;
}

static size_t put_digits(char *out, uint128 m)
{
	char reversed[48];
	size_t n = 0;
	do {
		reversed[n++] = (char)('0' + (unsigned)(m % 10));
		m /= 10;
	} while (m);
	for (size_t i = 0; i < n; i++)
		out[i] = reversed[n - 1 - i];
	return n;
}

static size_t put_scientific(char *out, const char *digits, size_t n, int power)
{
	size_t at = 0;
	out[at++] = digits[0];
	out[at++] = '.';
	if (n == 1)
		out[at++] = '0';
	memcpy(out + at, digits + 1, n - 1);
	at += n - 1;
	return at + (size_t)snprintf(out + at, 12, "e%c%02d", power < 0 ? '-' : '+', abs(power));
}

size_t decimal_put(char *out, struct decimal d)
{
	char digits[48];
	struct decimal t = tidy(magnitude(d.mantissa), d.exponent, d.mantissa < 0);
	size_t n = put_digits(digits, magnitude(t.mantissa));
	int point = (int)n + t.exponent; /* digits before the point */
	size_t at = 0;
	if (t.mantissa < 0)
		out[at++] = '-';
	/* Where Ruby turns to the scientific form when it prints a float. */
	if (t.mantissa && ((point > 15 && point >= (int)n) || point < -3))
		return at + put_scientific(out + at, digits, n, point - 1);
	if (point <= 0) {
		out[at++] = '0';
		out[at++] = '.';
		for (int i = point; i < 0; i++)
			out[at++] = '0';
		memcpy(out + at, digits, n);
		return at + n;
	}
	for (int i = 0; i < point; i++)
		out[at++] = i < (int)n ? digits[i] : '0';
	out[at++] = '.';
	if (point >= (int)n)
		out[at++] = '0';
	for (int i = point; i < (int)n; i++)
		out[at++] = digits[i];
	return at;
}

bool decimal_zero(struct decimal d)
{
	return d.mantissa == 0;
}

/* Multiply by ten until the exponent is `to`, or no digit is left free; the exponent reached. */
static int widen(uint128 *m, int exponent, int to)
{
	uint128 top = ceiling();
	while (exponent > to && *m < top) {
		*m *= 10;
		exponent--;
	}
	return exponent;
}

static int log10_of(struct decimal d)
{
	int n = 0;
	for (uint128 m = magnitude(d.mantissa); m; m /= 10)
		n++;
	return n + d.exponent;
}

/* By size first: numbers far apart would lose their digits when brought to one exponent. */
int decimal_compare(struct decimal a, struct decimal b)
{
	int sign_a = (a.mantissa > 0) - (a.mantissa < 0);
	int sign_b = (b.mantissa > 0) - (b.mantissa < 0);
	if (sign_a != sign_b || !sign_a)
		return sign_a < sign_b ? -1 : sign_a > sign_b;
	int size_a = log10_of(a), size_b = log10_of(b);
	if (size_a != size_b)
		return size_a < size_b ? -sign_a : sign_a;
	struct decimal difference = decimal_add(a, decimal_negate(b));
	return (difference.mantissa > 0) - (difference.mantissa < 0);
}

struct decimal decimal_negate(struct decimal d)
{
	return (struct decimal){-d.mantissa, d.exponent};
}

/* The number with the larger exponent is widened, for the other would lose digits. */
struct decimal decimal_add(struct decimal a, struct decimal b)
{
	if (!a.mantissa || !b.mantissa)
		return a.mantissa ? a : b;
	if (a.exponent < b.exponent) {
		struct decimal swap = a;
		a = b;
		b = swap;
	}
	uint128 m = magnitude(a.mantissa);
	int exponent = widen(&m, a.exponent, b.exponent);
	uint128 small = drop_digits(magnitude(b.mantissa), exponent - b.exponent);
	int128 sum = with_sign(m, a.mantissa < 0) + with_sign(small, b.mantissa < 0);
	return tidy(magnitude(sum), exponent, sum < 0);
}

struct decimal decimal_multiply(struct decimal a, struct decimal b)
{
	uint128 x = magnitude(a.mantissa), y = magnitude(b.mantissa), product;
	int exponent = a.exponent + b.exponent;
	/*
	 * Two numbers of 34 digits need 227 bits: what does not fit was beyond the digits
	 * kept anyway.
	 */
	while (__builtin_mul_overflow(x, y, &product)) {
		uint128 *wider = x > y ? &x : &y;
		*wider = drop_digits(*wider, 1);
		exponent++;
	}
	return tidy(product, exponent, (a.mantissa < 0) != (b.mantissa < 0));
}

/* What a double keeps of the digits, in the shortest form that reads back. */
static struct decimal as_double(struct decimal d)
{
	char text[DECIMAL_TEXT_MAX];
	text[decimal_put(text, d)] = '\0';
	double value = strtod(text, NULL);
	for (int digits = 15; digits <= 17; digits++) {
		int n = snprintf(text, sizeof(text), "%.*e", digits - 1, value);
		if (strtod(text, NULL) == value || digits == 17) {
			struct decimal shortest = {0, 0};
			decimal_parse(slice_of(text, (size_t)n), &shortest);
			return shortest;
		}
	}
	return d;
}

/*
 * A quotient that ends is exact.  One that does not is cut where the reference cuts
 * it, so that the suites see its digits.
 */
struct decimal decimal_divide(struct decimal a, struct decimal b)
{
	assert(b.mantissa);
	uint128 x = magnitude(a.mantissa), y = magnitude(b.mantissa);
	bool negative = (a.mantissa < 0) != (b.mantissa < 0);
	int exponent = a.exponent - b.exponent;
	uint128 quotient = x / y, rest = x % y;
	uint128 top = ceiling() / 1000;
	while (rest && quotient < top && rest < (uint128)-1 / 10) {
		rest *= 10;
		quotient = quotient * 10 + rest / y;
		rest %= y;
		exponent--;
	}
	struct decimal result = tidy(quotient, exponent, negative);
	return rest ? as_double(result) : result;
}

/*
 * The sign of the divisor, as in Ruby; far apart exponents go digit by digit instead
 * of through a number too wide.
 */
struct decimal decimal_modulo(struct decimal a, struct decimal b)
{
	assert(b.mantissa);
	int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
	uint128 x = magnitude(a.mantissa), y = magnitude(b.mantissa);
	if (widen(&y, b.exponent, exponent) != exponent)
		return a;
	int reached = widen(&x, a.exponent, exponent);
	x %= y;
	for (; reached > exponent; reached--)
		x = x % y * 10 % y;
	if (x && (a.mantissa < 0) != (b.mantissa < 0))
		x = y - x;
	return tidy(x, exponent, b.mantissa < 0);
}

struct decimal decimal_round(struct decimal d, int places, enum decimal_rounding how)
{
	uint128 m = magnitude(d.mantissa), digit = 0;
	bool negative = d.mantissa < 0, sticky = false;
	int exponent = d.exponent;
	for (; exponent < -places; exponent++) {
		sticky = sticky || digit;
		digit = m % 10;
		m /= 10;
		if (!m && !digit && !sticky)
			return (struct decimal){0, 0};
		if (!m && !digit) {
			exponent = -places;
			break;
		}
	}
	bool inexact = sticky || digit;
	bool up =
		how == DECIMAL_HALF_UP ? digit >= 5 : inexact && negative == (how == DECIMAL_FLOOR);
	return tidy(m + up, exponent, negative);
}

bool decimal_integer(struct decimal d, int64_t *n)
{
	struct decimal t = tidy(magnitude(d.mantissa), d.exponent, d.mantissa < 0);
	uint128 m = magnitude(t.mantissa);
	/* 20 digits are more than an int64 has. */
	if (t.exponent < 0 || t.exponent > 20)
		return false;
	for (int i = 0; i < t.exponent; i++)
		m *= 10;
	if (m > (uint128)INT64_MAX + (t.mantissa < 0))
		return false;
	*n = (int64_t)with_sign(m, t.mantissa < 0);
	return true;
}
