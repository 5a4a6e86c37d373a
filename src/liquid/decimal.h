/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_DECIMAL_H
#define POSTCLERK_LIQUID_DECIMAL_H

#include <stdbool.h>

#include "liquid.h"

/*
 * Numbers that are exact: mantissa * 10^exponent with a mantissa of 128 bits.
 * A result that needs more than DECIMAL_DIGITS digits is rounded half to even;
 * only a quotient that does not end is rounded to what a double would hold,
 * because that is what templates written for the reference expect to see.
 */
#define DECIMAL_DIGITS 34
#define DECIMAL_EXPONENT_MAX 4096

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

struct decimal {
	int128 mantissa;
	int exponent;
};

/* How many bytes decimal_put writes at most. */
#define DECIMAL_TEXT_MAX 64

struct decimal decimal_of(struct liquid_value v);
struct liquid_value decimal_value(struct decimal d);
/* Digits, optional sign, optional fraction and exponent: the whole slice. */
bool decimal_parse(struct slice s, struct decimal *d);
/* "1.5", "3.0", "1.0e+20": as the reference prints a float; the length. */
size_t decimal_put(char *out, struct decimal d);
bool decimal_zero(struct decimal d);
int decimal_compare(struct decimal a, struct decimal b);
struct decimal decimal_add(struct decimal a, struct decimal b);
struct decimal decimal_negate(struct decimal d);
struct decimal decimal_multiply(struct decimal a, struct decimal b);
/* The divisor is not zero. */
struct decimal decimal_divide(struct decimal a, struct decimal b);
/* a - b * floor(a / b): the sign of b. */
struct decimal decimal_modulo(struct decimal a, struct decimal b);

enum decimal_rounding { DECIMAL_FLOOR, DECIMAL_CEIL, DECIMAL_HALF_UP };
/* To `places` digits behind the point; half goes away from zero. */
struct decimal decimal_round(struct decimal d, int places, enum decimal_rounding how);
/* False when it has a fraction or does not fit. */
bool decimal_integer(struct decimal d, int64_t *n);

#endif
