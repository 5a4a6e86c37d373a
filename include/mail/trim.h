/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_TRIM_H
#define POSTCLERK_MAIL_TRIM_H

#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "mail/message.h"

/*
 * Splits the text of a reply into what is new and what is not (MAIL.md 9): a
 * classifier of lines in linear time.  What is cut is kept: the pieces put
 * together again are the text, byte by byte.
 */
enum mail_piece_kind {
	MAIL_PIECE_FRESH,
	MAIL_PIECE_QUOTED,    /* quoted lines with the line that introduces them */
	MAIL_PIECE_SIGNATURE, /* "-- " and below, "Sent from my …" */
	MAIL_PIECE_FORWARDED, /* a mail pasted below its header block */
};

struct mail_piece {
	enum mail_piece_kind kind;
	struct slice text; /* whole lines, a view of the text given */
};

struct mail_trimmed {
	const struct mail_piece *pieces; /* in order, neighbours of different kinds */
	size_t n_pieces;
	/* The fresh pieces together, and those of the other kinds; ends trimmed. */
	struct slice fresh, quoted, signature, forwarded;
	/*
	 * What a person reads as the answer: fresh with the quotations that stand
	 * above or between it, which it may be answering, but without a few lines
	 * below the quotation under it; a mail of quotations alone is its own
	 * answer, and of one that only passes on another the text of that is.
	 * `elided` is everything else.
	 */
	struct slice answer, elided;
};

/* text is UTF-8 with LF line ends, as mail.text; the pieces are views of it. */
void mail_trim(struct arena *a, struct slice text, struct mail_trimmed *out);

/*
 * Trims mail.text.  Where that is the text of HTML, what clients mark in the
 * HTML as quotation, signature or copy of another mail counts, too.
 */
void mail_trim_mail(struct arena *a, const struct mail *m, struct mail_trimmed *out);
/* The same with the text that mail_html_text gives. */
void mail_trim_html(struct arena *a, const struct mail *m, struct mail_trimmed *out);

/* "new", "quoted", "signature", "forwarded"; literals. */
const char *mail_piece_kind_name(enum mail_piece_kind kind);

#endif
