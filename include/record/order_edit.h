/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ORDER_EDIT_H
#define POSTCLERK_RECORD_ORDER_EDIT_H

#include "record/order.h"

/* Orders made and edited by people (PX-16, PX-17, PX-20, PX-54, CP-22, CP-23). */

/* How a new order differs from the customer's last one; empty fields do not. */
struct order_wish {
	uint64_t customer;
	struct slice payment_type, season, channel, currency;
};

/*
 * PX-17: a new, empty order.  Addresses, payment type and shipping vendor come
 * from the customer's last order; the rest from the customer, its channel and
 * the shop.  INPUT when the customer is inactive or merged (CP-25), or a table
 * has no such row.
 */
int order_new_check(struct change *ch, const struct order_wish *wish, struct err *e);
int order_new(struct change *ch, const struct order_wish *wish, Rec__Order **order, struct err *e);

/*
 * Adds lines (NEW), priced as price_line does.  INPUT when the customer is
 * inactive, part of the order was shipped, or there is no such item; with
 * `stocked` also when it is not free in that quantity (CP-22).
 */
struct order_ware {
	struct slice sku;
	int64_t quantity;
};
struct order_adding {
	uint64_t order;
	const struct order_ware *wares;
	size_t n;
	bool stocked;
};
int order_add_check(struct change *ch, const Rec__Order *order, const struct order_adding *adding,
		    struct err *e);
int order_add(struct change *ch, const struct order_adding *adding, struct err *e);

/* ---- fields ---- */

/* One field of an order, or of a line of it (line 0: of the order), as a person writes it. */
struct order_field {
	uint32_t line, split;
	struct slice name, value; /* an empty value clears */
};

/*
 * Of an order paytype, season, terms, vendor, provider, shipping, voucher,
 * discount, rate, without_vat; of a line name, qty, price, discount, vat.
 * INPUT when the field cannot be edited any more: amounts of what is on an
 * invoice, anything of a line that was shipped, kind and currency always.
 */
int order_set_check(struct change *ch, const Rec__Order *order, const struct order_field *fields,
		    size_t n, struct err *e);
int order_set(struct change *ch, uint64_t id, const struct order_field *fields, size_t n,
	      struct err *e);

/*
 * The snapshot of an address becomes the customer's address of that number (1
 * the first; 0: the one that has the role today).  INPUT when there is none,
 * the goods are in the box or with a provider, or the invoice is made.
 */
struct order_address {
	bool billing; /* else where it is delivered */
	size_t place;
};
int order_address_check(struct change *ch, const Rec__Order *order,
			const struct order_address *address, struct err *e);
int order_address(struct change *ch, uint64_t id, const struct order_address *address,
		  struct err *e);

/* ---- the end of an order ---- */

/*
 * PX-16: a tombstone, whose number resolves for ever.  INPUT unless it has no
 * lines, or all are STO or NLB, and no invoice or payment names it.
 */
int order_delete_check(struct change *ch, const Rec__Order *order, struct err *e);
int order_delete(struct change *ch, uint64_t id, struct slice reason, struct err *e);

/*
 * PX-20 and RECORD.md 2.9: the others' lines become the first one's, which
 * keeps its addresses, vendor, shipping cost and voucher.  A line keeps its
 * date; what it was called stays findable (order_resolve).  INPUT when
 * customer, currency or payment type differ, a line is not ANG, is on a pick
 * list or an invoice, it is paid by card, or the shipping addresses differ and
 * base_address is not set.
 */
struct order_merge {
	const uint64_t *orders; /* the first is the base */
	size_t n;
	bool base_address; /* yes, the base's address wins */
	struct slice reason;
};
#define ORDER_MERGE_MAX 20
int order_merge_check(struct change *ch, const struct order_merge *merge, struct err *e);
int order_merge(struct change *ch, const struct order_merge *merge, struct err *e);
/*
 * What an id means today: the order, or the one it was merged into, and its
 * line where one is named (null: none, or it is not there).
 */
struct id;
int order_resolve(struct txn *txn, struct arena *a, const struct id *id, Rec__Order **order,
		  Rec__Line **line, struct err *e);

/* ---- replacements ---- */

/*
 * ST-12: a new order with a MIN line, negative, for each part of what was
 * shipped and is on an invoice.  INPUT when more would be replaced than was
 * shipped and not returned or replaced yet.
 */
struct order_step;
int order_replace_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			struct err *e);
int order_replace(struct change *ch, const struct order_step *step, Rec__Order **replacement,
		  struct err *e);

#endif
