/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_COMMAND_VIEW_H
#define POSTCLERK_COMMAND_VIEW_H

#include "private.h"
#include "record/listing.h"
#include "record/order.h"

/*
 * Lists: rows of cells under columns, sorted by any of them, cut into pages,
 * written as text whose columns stand below each other or as JSON, and kept
 * as the agent's listing.
 */
#define VIEW_COLUMNS_MAX 12
#define VIEW_LIMIT_DEFAULT 50
#define VIEW_LIMIT_MAX 1000 /* PX-07: fixed */
#define VIEW_OFFSET_MAX 100000000
#define VIEW_CELL 60 /* code points of one cell */

struct view_column {
	const char *name;  /* in sort= and in JSON */
	const char *title; /* above the column */
	bool right;	   /* numbers: their ends stand below each other */
};

struct view_row {
	struct id id; /* what #show and #k would take; letter 0: none */
	struct slice cells[VIEW_COLUMNS_MAX];
	int64_t keys[VIEW_COLUMNS_MAX]; /* what sorts before the text */
};

struct view {
	struct arena *a;
	const struct view_column *columns;
	size_t n_columns;
	struct view_row *rows;
	size_t n, room;
	/* Set when the rows are one page already: of how many, and behind how many. */
	uint64_t total;
	bool paged;
};

/* The columns end with a null name; more than VIEW_COLUMNS_MAX are a bug. */
void view_init(struct view *view, struct arena *a, const struct view_column *columns);
/* A new row at the end; good until the next one is added. */
struct view_row *view_add(struct view *view, const struct id *id);
/* The next cell of the row in the order of the columns: text, number, day, time, amount. */
void view_text(struct view *view, size_t column, struct slice text);
void view_number(struct view *view, size_t column, int64_t number);
void view_day(struct view *view, size_t column, int64_t at);
void view_time(struct view *view, size_t column, int64_t at);
void view_money(struct view *view, size_t column, int64_t amount, const char *currency);
/* "‖ [HAL] on hold", sorted by `rank`: symbol, code and word (ST-01). */
void view_status(struct view *view, size_t column, struct slice code, const char *word,
		 int64_t rank);
void view_order_status(struct view *view, size_t column, const Rec__Order *order);
void view_line_state(struct view *view, size_t column, Rec__LineState state);

/* The symbol of a status code, of one column; a space where there is none. */
const char *symbol_of(struct slice code);

/* ---- pages ---- */

/* What most lists take beside their own parameters: "direction" goes before the named ones. */
#define VIEW_DIRECTION                                                                             \
	{                                                                                          \
		.name = "direction", .type = COMMAND_ENUM, .words = "asc|desc", .optional = true   \
	}
#define VIEW_SORT                                                                                  \
	{                                                                                          \
		.name = "sort", .type = COMMAND_WORD, .named = true, .optional = true              \
	}
#define VIEW_LIMIT                                                                                 \
	{                                                                                          \
		.name = "limit", .type = COMMAND_NUMBER, .low = 1, .high = VIEW_LIMIT_MAX,         \
		.named = true, .optional = true                                                    \
	}
#define VIEW_OFFSET                                                                                \
	{                                                                                          \
		.name = "offset", .type = COMMAND_NUMBER, .low = 0, .high = VIEW_OFFSET_MAX,       \
		.named = true, .optional = true                                                    \
	}

struct view_page {
	size_t offset, limit;
	bool descending;
};
/* Of "limit", "offset", and "direction" where the row has it. */
void view_page(const struct command_line *line, struct view_page *page);
/* A number behind a name, or `other` where it was not given. */
int64_t view_option(const struct command_line *line, const char *name, int64_t other);

/*
 * Sorts (unless it is a page already), cuts the page out, writes head and
 * rows, and how to go on; keeps the agent's listing.  INPUT when sort= names
 * no column.
 */
int view_finish(struct command_context *ctx, const struct command_line *line, struct view *view,
		struct slice head, struct buf *out, struct err *e);

#endif
