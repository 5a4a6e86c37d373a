/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_TRIM_PRIVATE_H
#define POSTCLERK_MAIL_TRIM_PRIVATE_H

#include "html.h"
#include "mail/trim.h"
#include "trim_line.h"

/* What stands for a line: small, since there are LINES_MAX of them. */
struct line {
	uint32_t offset;
	uint8_t class;
	uint8_t kind; /* enum mail_piece_kind */
	bool kept;    /* belongs to the answer */
	bool code;    /* between fences: as it is */
};

/* The lines of a text; lines[n] holds its end. */
struct trimmer {
	struct slice text;
	struct line *lines;
	size_t n;
	const struct trim_words *words;
	bool enclosed, armored; /* lines that may say so were seen */
};

static inline bool trim_is(const struct trimmer *t, size_t i, enum line_class class)
{
	return t->lines[i].class == (uint8_t) class;
}

/* Line i without its line end. */
struct slice trim_line_text(const struct trimmer *t, size_t i);
/* The first line from i on that is not empty, or n. */
size_t trim_skip_empty(const struct trimmer *t, size_t i);

/* Splits the text and says of each line what it looks like (trim_classify.c). */
void trim_split(struct arena *a, struct trimmer *t);
void trim_classify(struct trimmer *t);
/* Applies what the HTML says about the lines (trim_mark.c). */
void trim_apply_marks(struct trimmer *t, const struct html_marks *marks);
/* marks may be null. */
void trim_marked(struct arena *a, struct slice text, const struct html_marks *marks,
		 struct mail_trimmed *out);

#endif
