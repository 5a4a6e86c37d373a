/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_SRC_MAIL_LINTER_H
#define POSTCLERK_SRC_MAIL_LINTER_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/lint.h"

/* What the parts of the linter share; nothing of it is the writer's. */
struct linter {
	struct arena *arena;
	struct mail_findings *out;
	bool utf8_address; /* an address goes beyond ASCII, so that headers may (O9) */
};

struct lint_field {
	struct slice name;
	struct slice raw;   /* the value as it stands, folds included */
	struct slice value; /* unfolded, trimmed */
	size_t line;
};

struct lint_fields {
	struct lint_field *items;
	size_t count, room;
};

/* A position in the raw mail. */
struct lint_place {
	struct slice rest;
	size_t line;
};

void lint_find(struct linter *l, const char *rule, size_t line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Reads a header up to and including its empty line. */
void lint_read_fields(struct linter *l, struct lint_place *at, struct lint_fields *fields);
/* The first field of that name, or null. */
const struct lint_field *lint_get(const struct lint_fields *fields, const char *name);

/* O1, O3, O4, O7, O9, O10, O11 of the mail's own header. */
void lint_header(struct linter *l, const struct lint_fields *fields);
/* Every mailbox of an address field; how many there are. */
size_t lint_addresses(struct linter *l, const struct lint_field *field);
/* O5, O6, O8 of an entity whose header is read, and of those inside. */
void lint_body(struct linter *l, const struct lint_fields *fields, struct lint_place body);

/* O7 of a field or phrase: every "=?" must start a whole encoded word. */
void lint_words(struct linter *l, const struct lint_field *field, struct slice text);
/* O7: the lines of a field with encoded words. */
void lint_word_lines(struct linter *l, const struct lint_field *field);
/* False when it is no strict base64 (line ends are skipped). */
bool lint_base64(struct arena *a, struct slice text, struct slice *bytes);
/* "=XX", and soft line breaks; false when an escape is wrong. */
bool lint_quoted_printable(struct arena *a, struct slice text, struct slice *bytes);
/* The value of a hexadecimal digit in upper case, or -1. */
int lint_hex(char c);

#endif
