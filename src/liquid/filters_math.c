/* SPDX-License-Identifier: ISC */
#include "decimal.h"
#include "filters.h"

/* Numbers: integers stay integers, all else is decimal. */

enum operation { PLUS, MINUS, TIMES, DIVIDE, MODULO };

/* C cuts towards zero, Ruby and so the reference floors. */
static int64_t floor_divide(int64_t a, int64_t b)
{
	int64_t q = a / b;
	return q - (a % b != 0 && (a < 0) != (b < 0));
}

/* False when the result does not fit into 64 bits. */
static bool whole(enum operation operation, int64_t a, int64_t b, int64_t *n)
{
	switch (operation) {
	case PLUS:
		return !__builtin_add_overflow(a, b, n);
	case MINUS:
		return !__builtin_sub_overflow(a, b, n);
	case TIMES:
		return !__builtin_mul_overflow(a, b, n);
	case DIVIDE:
		/* The one quotient of two int64 that is no int64; in C it would be a trap. */
		if (b == -1)
			return !__builtin_sub_overflow(0, a, n);
		*n = floor_divide(a, b);
		return true;
	default:
		*n = b == -1 ? 0 : a - b * floor_divide(a, b);
		return true;
	}
}

static struct decimal exact(enum operation operation, struct decimal a, struct decimal b)
{
	switch (operation) {
	case PLUS:
		return decimal_add(a, b);
	case MINUS:
		return decimal_add(a, decimal_negate(b));
	case TIMES:
		return decimal_multiply(a, b);
	case DIVIDE:
		return decimal_divide(a, b);
	default:
		return decimal_modulo(a, b);
	}
}

static struct liquid_value of_decimal(struct decimal d, bool integral)
{
	if (!integral)
		return decimal_value(d);
	return value_integral(decimal_value(decimal_round(d, 0, DECIMAL_FLOOR)));
}

static int arithmetic(const struct liquid_call *call, enum operation operation,
		      struct liquid_value *result)
{
	struct liquid_value a = filter_number(call->input), b = filter_number(filter_arg(call, 0));
	int64_t n;
	/* Integers stay integers beyond 64 bits too, and print without a point. */
	bool integral = value_is_integer(a) && value_is_integer(b);
	if (operation >= DIVIDE && decimal_zero(decimal_of(b)))
		return liquid_fail(call->context, "divided by 0");
	if (a.kind == LIQUID_INT && b.kind == LIQUID_INT &&
	    whole(operation, a.integer, b.integer, &n))
		*result = liquid_int(n);
	else if (liquid_charge(call->context, 8) < 0) /* 128 bits, by long division */
		return -1;
	else
		*result = of_decimal(exact(operation, decimal_of(a), decimal_of(b)), integral);
	return 1;
}

static int filter_plus(const struct liquid_call *call, struct liquid_value *result)
{
	return arithmetic(call, PLUS, result);
}

static int filter_minus(const struct liquid_call *call, struct liquid_value *result)
{
	return arithmetic(call, MINUS, result);
}

static int filter_times(const struct liquid_call *call, struct liquid_value *result)
{
	return arithmetic(call, TIMES, result);
}

static int filter_divided_by(const struct liquid_call *call, struct liquid_value *result)
{
	return arithmetic(call, DIVIDE, result);
}

static int filter_modulo(const struct liquid_call *call, struct liquid_value *result)
{
	return arithmetic(call, MODULO, result);
}

static int filter_abs(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_value v = filter_number(call->input);
	struct decimal d = decimal_of(v);
	*result = d.mantissa < 0 ? of_decimal(decimal_negate(d), value_is_integer(v)) : v;
	return 1;
}

static int rounded(const struct liquid_call *call, enum decimal_rounding how,
		   struct liquid_value *result)
{
	struct liquid_value v = filter_number(call->input);
	*result = value_is_integer(v)
			  ? v
			  : value_integral(decimal_value(decimal_round(decimal_of(v), 0, how)));
	return 1;
}

static int filter_ceil(const struct liquid_call *call, struct liquid_value *result)
{
	return rounded(call, DECIMAL_CEIL, result);
}

static int filter_floor(const struct liquid_call *call, struct liquid_value *result)
{
	return rounded(call, DECIMAL_FLOOR, result);
}

static int filter_round(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_value v = filter_number(call->input);
	int64_t places = value_lenient_integer(filter_number(filter_arg(call, 0)));
	/* More digits than a number has; a wider one would only be a longer loop. */
	places = places > 100 ? 100 : places < -100 ? -100 : places;
	struct decimal d = decimal_round(decimal_of(v), (int)places, DECIMAL_HALF_UP);
	*result = of_decimal(d, value_is_integer(v) || places <= 0);
	return 1;
}

static int bounded(const struct liquid_call *call, int sign, struct liquid_value *result)
{
	struct liquid_value v = filter_number(call->input);
	struct liquid_value limit = filter_number(filter_arg(call, 0));
	int order = decimal_compare(decimal_of(limit), decimal_of(v));
	*result = order * sign > 0 ? limit : v;
	return 1;
}

static int filter_at_least(const struct liquid_call *call, struct liquid_value *result)
{
	return bounded(call, 1, result);
}

static int filter_at_most(const struct liquid_call *call, struct liquid_value *result)
{
	return bounded(call, -1, result);
}

const struct liquid_filter filters_math[] = {
	{"plus", 1, 1, false, filter_plus},	  {"minus", 1, 1, false, filter_minus},
	{"times", 1, 1, false, filter_times},	  {"divided_by", 1, 1, false, filter_divided_by},
	{"modulo", 1, 1, false, filter_modulo},	  {"abs", 0, 0, false, filter_abs},
	{"ceil", 0, 0, false, filter_ceil},	  {"floor", 0, 0, false, filter_floor},
	{"round", 0, 1, false, filter_round},	  {"at_least", 1, 1, false, filter_at_least},
	{"at_most", 1, 1, false, filter_at_most}, {NULL, 0, 0, false, NULL},
};
