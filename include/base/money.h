/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_MONEY_H
#define POSTCLERK_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * Money is int64 minor units and an ISO 4217 code; rates are integers in
 * parts per million (21 % = 210000).  Nothing here is ever a float.
 */

/*
 * Decimals of a currency by ISO 4217: 0 (JPY), 2 (EUR), 3 (KWD), 4 (CLF);
 * -1 for codes without minor units (XAU, XTS …) and for unknown codes.
 */
int money_exponent(struct slice currency);

/* Checked: 1 and the result, or -1 and an INPUT error that says "too large". */
int money_add(int64_t a, int64_t b, int64_t *sum, struct err *e);
int money_sub(int64_t a, int64_t b, int64_t *difference, struct err *e);
int money_mul(int64_t a, int64_t b, int64_t *product, struct err *e);

/*
 * round(amount * numerator / denominator), half away from zero, computed in
 * 128 bits (RECORD.md 4.2).  denominator > 0.
 */
int money_scale(int64_t amount, int64_t numerator, int64_t denominator, int64_t *result,
		struct err *e);

/*
 * The form of commands (MAIL.md 5): digits, a point, exactly the currency's
 * number of decimals (or a whole number), optional leading '-', an optional
 * ISO code equal to `currency` behind or before it.  "25,00" and "1,000.00"
 * are refused with the suggested spelling.  Minor units in *amount.
 */
int money_parse(struct slice text, struct slice currency, int64_t *amount, struct err *e);

/* "1234.50": digits, point, all decimals of the currency (none if it has none), '-' before. */
void money_put(struct buf *out, int64_t amount, struct slice currency);
/*
 * As people of that language write it: "1,234.50", "1.234,50", "1 234,50"
 * (U+202F), no currency sign.  An unknown language writes as English.
 */
void money_put_local(struct buf *out, int64_t amount, struct slice currency, struct slice language);
/* The sign people know ("€", "$", "£", "¥"), or the code itself. */
struct slice money_sign(struct slice currency);

#endif
