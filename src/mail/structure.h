/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_STRUCTURE_H
#define POSTCLERK_MAIL_STRUCTURE_H

#include "reader.h"

struct part_list {
	struct mail_part *items;
	size_t n, room;
};

/*
 * The flat list of the parts of raw in one pass over its lines, at most
 * limits.depth deep (RFC 2046 5).  At least one part comes out.
 */
void structure_read(struct reader *r, struct slice raw, struct part_list *parts);

/* Fills what the MIME fields of a part say; is_digest: its parent is a multipart/digest. */
void part_describe(struct reader *r, struct mail_part *part, bool is_digest);

#endif
