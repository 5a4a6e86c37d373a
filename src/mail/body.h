/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_BODY_H
#define POSTCLERK_MAIL_BODY_H

#include "base/buf.h"
#include "html.h"
#include "reader.h"
#include "structure.h"

/* Which parts a person reads as text, in order (RFC 8621 4.1.4). */
struct bodies {
	size_t *text, *html;
	size_t n_text, n_html;
};

/* Sets is_text and is_attachment of every part, too. */
void bodies_choose(struct reader *r, struct part_list *parts, struct bodies *out);

/* The text of a text part: UTF-8, LF, format=flowed undone, HTML made readable. */
struct slice body_text(struct reader *r, const struct mail_part *part);
/* The same, and what the structure of HTML says about its text. */
struct slice body_marked_text(struct reader *r, const struct mail_part *part,
			      struct html_marks *marks);

/* Appends text with its soft line breaks joined (RFC 3676 4); delsp drops the space before them. */
void flowed_put(struct buf *out, struct slice text, bool delsp);

#endif
