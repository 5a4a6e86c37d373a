/* SPDX-License-Identifier: ISC */
#include "record/shipment.h"

#define CARRIER_ROW(word, name, link) {#word, name, link},
const struct carrier carriers[] = {CARRIERS(CARRIER_ROW){NULL, NULL, NULL}};

const struct carrier *carrier_find(struct slice text)
{
	for (const struct carrier *carrier = carriers; carrier->word; carrier++)
		if (slice_eq_nocase(text, slice_str(carrier->word)) ||
		    slice_eq_nocase(text, slice_str(carrier->name)))
			return carrier;
	return NULL;
}

struct slice carrier_link(struct arena *a, struct slice name, struct slice code)
{
	const struct carrier *carrier = carrier_find(name);
	struct slice link = slice_str(carrier ? carrier->link : "");
	ptrdiff_t at = slice_find(link, SLICE("%s"));
	if (at < 0)
		return SLICE("");
	struct slice rest = slice_sub(link, (size_t)at + 2, link.len);
	return slice_str(arena_printf(a, "%.*s%.*s%.*s", (int)at, link.ptr, SLICE_ARG(code),
				      SLICE_ARG(rest)));
}
