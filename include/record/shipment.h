/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SHIPMENT_H
#define POSTCLERK_RECORD_SHIPMENT_H

#include "record/change.h"

/* Shipments: goods on their way (CP-31, CS-08, CS-09).  1, 0 nothing there, -1 and *e. */

/* By its number, in memory of the arena. */
int shipment_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Shipment **shipment,
		  struct err *e);

struct shipment_list {
	Rec__Shipment **items; /* the newest first */
	size_t n;
	size_t total;
};
/* 1, also when there are none. */
int shipment_of_order(struct txn *txn, struct arena *a, uint64_t order, size_t limit,
		      struct shipment_list *list, struct err *e);
int shipment_of_customer(struct txn *txn, struct arena *a, uint64_t customer, size_t limit,
			 struct shipment_list *list, struct err *e);
/* By a tracking code, without case; of several the first. */
int shipment_find(struct txn *txn, struct arena *a, struct slice code, Rec__Shipment **shipment,
		  struct err *e);
/* "planned", "shipped", "cancelled" */
struct slice shipment_state_word(Rec__ShipmentState state);

/* What goes into a new one: pieces of lines of one order. */
struct shipment_line {
	const Rec__Line *line;
	int64_t quantity;
};

struct shipment_new {
	Rec__Order *order; /* gets the tracking code; its caller stores it */
	const struct shipment_line *lines;
	size_t n_lines;
	struct slice carrier, tracking; /* may be empty */
	struct slice provider;		/* empty: our own warehouse */
	uint64_t reship_of;
	bool shipped; /* else it is planned */
};
/* Its number in *id.  INPUT when the tracking code cannot be one. */
int shipment_make(struct change *ch, const struct shipment_new *new, uint64_t *id, struct err *e);

/*
 * CS-09: the same goods once more, at no charge: a planned shipment of lines
 * that were shipped (none named: all of them), which leaves the stock when it
 * is shipped.
 */
struct order_step;
int shipment_reship_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			  struct err *e);
int shipment_reship(struct change *ch, const struct order_step *step, uint64_t *id, struct err *e);
/* A planned one leaves: the stock is taken, order.shipped is added. */
int shipment_ship_check(struct change *ch, const Rec__Shipment *shipment, struct err *e);
int shipment_ship(struct change *ch, uint64_t id, struct slice carrier, struct slice tracking,
		  struct err *e);
/* A planned one is given up; INPUT when it was shipped. */
int shipment_cancel_check(const Rec__Shipment *shipment, struct err *e);
int shipment_cancel(struct change *ch, uint64_t id, struct slice reason, struct err *e);

/*
 * CP-31: a tracking code that was made elsewhere, several an order; the newest
 * shipment without one gets it too.  Adds order.tracking.  INPUT when the
 * carrier or the code cannot be one, or the order has it already.
 */
int order_track_check(const Rec__Order *order, struct slice carrier, struct slice code,
		      struct err *e);
int order_track(struct change *ch, uint64_t id, struct slice carrier, struct slice code,
		struct err *e);

#define TRACKING_MAX 64		/* bytes of a code */
#define TRACKINGS_MAX 100	/* codes of an order */
#define TRACKING_CARRIER_MAX 32 /* bytes of a carrier's name */

/*
 * Carriers whose parcels can be followed on the web: the word of a command,
 * the name, and the carrier's own address, where the code stands for "%s".  A
 * code has no byte that an address would not take as it is.
 */
#define CARRIERS(X)                                                                                \
	X(dhl, "DHL", "https://www.dhl.com/en/express/tracking.html?AWB=%s")                       \
	X(dpd, "DPD", "https://tracking.dpd.de/parcelstatus?query=%s")                             \
	X(gls, "GLS", "https://gls-group.com/track/%s")                                            \
	X(ups, "UPS", "https://www.ups.com/track?tracknum=%s")                                     \
	X(fedex, "FedEx", "https://www.fedex.com/fedextrack/?trknbr=%s")                           \
	X(postnl, "PostNL", "https://jouw.postnl.nl/track-and-trace/%s")                           \
	X(bpost, "bpost", "https://track.bpost.cloud/btr/web/#/search?itemCode=%s")                \
	X(hermes, "Hermes", "https://www.myhermes.de/sendungsverfolgung/?trackingnumber=%s")       \
	X(royalmail, "Royal Mail", "https://www.royalmail.com/track-your-item#/%s")                \
	X(laposte, "La Poste", "https://www.laposte.fr/outils/suivre-vos-envois?code=%s")          \
	X(usps, "USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels=%s")

struct carrier {
	const char *word, *name, *link;
};
/* A row with a null word ends it. */
extern const struct carrier carriers[];
/* By word or name, without case; null when it is none of them. */
const struct carrier *carrier_find(struct slice text);
/* Where to follow that parcel; empty when nobody knows. */
struct slice carrier_link(struct arena *a, struct slice carrier, struct slice code);

#endif
