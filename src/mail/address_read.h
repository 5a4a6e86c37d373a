/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_ADDRESS_READ_H
#define POSTCLERK_MAIL_ADDRESS_READ_H

#include "reader.h"

/* A list that grows over several fields of one name. */
struct address_list {
	struct mail_address *items;
	size_t n, room;
	bool has_group, malformed;
};

void address_read(struct reader *r, struct slice value, struct address_list *list);

#endif
