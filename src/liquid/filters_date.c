/* SPDX-License-Identifier: ISC */
#include "date.h"
#include "filters.h"

static bool all_digits(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len > 0;
}

static void at_seconds(struct date *d, int64_t seconds, const struct zone *zone)
{
	/* Years that need more than four digits are nobody's order date. */
	const int64_t most = 253402300799;
	d->seconds = seconds > most ? most : seconds < -most ? -most : seconds;
	d->nanos = 0;
	d->own_zone = false;
	civil_from_zone(d->seconds, zone, &d->civil);
}

static bool date_of(const struct liquid_call *call, const struct zone *zone, struct date *d)
{
	struct liquid_value v = call->input;
	int64_t now = liquid_now(call->context), seconds;
	if (v.kind == LIQUID_INT || (v.kind == LIQUID_STRING && all_digits(v.string))) {
		if (!liquid_integer(v, &seconds))
			return false;
		at_seconds(d, seconds, zone);
		return true;
	}
	if (v.kind != LIQUID_STRING)
		return false;
	if (slice_eq_nocase(v.string, SLICE("now")) || slice_eq_nocase(v.string, SLICE("today"))) {
		at_seconds(d, now, zone);
		return true;
	}
	/* Trying every word for a month costs more than reading does. */
	return vm_charge(call->context, v.string.len < 128 ? v.string.len : 128) &&
	       date_parse(v.string, now, zone, d);
}

/* date: format, zone.  What is no date passes through, as in the reference. */
static int filter_date(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_value format = call->args[0];
	const struct zone *zone = liquid_zone(call->context);
	bool asked = call->n_args > 1 && call->args[1].kind != LIQUID_NIL;
	struct err e;
	struct date d;
	*result = call->input;
	struct slice text = liquid_text(call->context, format);
	if (asked && zone_find(liquid_text(call->context, call->args[1]), &zone, &e) < 1)
		return liquid_fail(
			call->context, "date: unknown time zone '%.*s'",
			SLICE_ARG(slice_sub(liquid_text(call->context, call->args[1]), 0, 60)));
	if (!text.len || !date_of(call, zone, &d))
		return 1; /* or failed, which the caller sees */
	if (asked && d.own_zone)
		civil_from_zone(d.seconds, zone, &d.civil);
	if (!vm_charge(call->context, text.len))
		return -1;
	date_format(filter_scratch(call), &d, text);
	return filter_done(call, format.kind == LIQUID_STRING && format.safe, result);
}

const struct liquid_filter filters_date[] = {
	{"date", 1, 2, false, filter_date},
	{NULL, 0, 0, false, NULL},
};
