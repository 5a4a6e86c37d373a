/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_READER_H
#define POSTCLERK_MAIL_READER_H

#include "mail/message.h"

/* What the parts of the reader share while one mail is read. */
struct reader {
	struct arena *a;
	const struct mail_limits *limits;
	uint64_t defects;
	const char *over; /* the first limit that was hit, or null */
	/* Of the mail's own text, for 8-bit text in its header; or empty. */
	struct slice charset;
};

static inline void reader_note(struct reader *r, enum mail_defect defect)
{
	r->defects |= UINT64_C(1) << defect;
}

static inline void reader_over(struct reader *r, const char *limit)
{
	if (!r->over)
		r->over = limit;
}

#endif
