/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_LINE_H
#define POSTCLERK_RECORD_LINE_H

#include "base/arena.h"
#include "base/err.h"
#include "schema.h"

/*
 * Lines of an order and their states (RECORD.md 2.1).  One [state][event]
 * array says what may happen; a hole is refused.  NONE is the state before a
 * line exists and after it is removed.
 */

/* name, what it does ("can be …"), whether the order's command does it to all its lines only */
#define LINE_EVENTS(X)                                                                             \
	X(IMPORT, "import", "imported", false)                                                     \
	X(ADD, "add", "added", false)                                                              \
	X(REPLACE, "replace", "replaced", false)                                                   \
	X(SAVE, "save", "saved", true)                                                             \
	X(REMOVE, "remove", "removed", false)                                                      \
	X(RELEASE, "release", "released", true)                                                    \
	X(HOLD, "hold", "held", true)                                                              \
	X(CANCEL, "cancel", "cancelled", false)                                                    \
	X(AUTOCANCEL, "autocancel", "cancelled by the clock", true)                                \
	X(NA, "na", "marked as no longer available", false)                                        \
	X(SCAN_IN, "scan_in", "scanned in", false)                                                 \
	X(SCAN_OUT, "scan_out", "scanned out", false)                                              \
	X(SHIP, "ship", "shipped", false)                                                          \
	X(TRANSFER, "transfer", "given to the fulfilment provider", false)                         \
	X(FCONFIRM, "fconfirm", "confirmed by the provider", false)                                \
	X(FREJECT, "freject", "rejected by the provider", false)                                   \
	X(FSHIP, "fship", "shipped by the provider", false)                                        \
	X(RETURN, "return", "returned", false)                                                     \
	X(UNDO_RETURN, "undo_return", "taken back from its return", false)                         \
	X(REOPEN, "reopen", "reopened", false)                                                     \
	X(CANCEL_ORDER, "cancel_order", "cancelled with its order", true)

#define LINE_EVENT_ENUM(name, word, past, whole) LINE_##name,
enum line_event { LINE_EVENTS(LINE_EVENT_ENUM) LINE_EVENT_COUNT };
#undef LINE_EVENT_ENUM

#define LINE_STATE_COUNT (REC__LINE_STATE__LINE_STATE_FUS + 1)
/* The bit of a state in a set of states. */
#define LINE_BIT(state) (1u << (state))

/* "scan_in"; "scanned in" */
const char *line_event_name(enum line_event event);
const char *line_event_past(enum line_event event);
bool line_event_find(struct slice name, enum line_event *event);
/* True for events that an order's line cannot have by itself (ST-23). */
bool line_event_whole(enum line_event event);
/* A person's word for a state: "on hold"; the code is schema_enum_text's "HAL". */
const char *line_state_word(Rec__LineState state);
/* "AUS (shipped)", as sentences name it. */
char *line_state_name(struct arena *a, const Rec__Line *line);

/*
 * The set of states an event may lead to, as LINE_BITs; 0 is a hole.  Where it
 * has two, the rule that chooses is the caller's (payment type, origin).
 */
unsigned line_targets(Rec__LineState from, enum line_event event);
/*
 * May the line have this event at all?  1, or -1 and an INPUT sentence with
 * state, event and what would be possible.
 */
int line_check(const Rec__Line *line, enum line_event event, struct err *e);
/*
 * Moves the line; `to` must be one of the targets.  -1 and an INPUT sentence
 * with state, event and what would be possible; the line is then unchanged.
 */
int line_move(Rec__Line *line, enum line_event event, Rec__LineState to, struct err *e);

/* Nothing more will be shipped of it: AUS FUS RET STO NLB. */
bool line_is_final(Rec__LineState state);
/* "3", "3.1" */
char *line_label(struct arena *a, const Rec__Line *line);
/* quantity * unit_price - discount, in minor units; INPUT "too large". */
int line_amount(const Rec__Line *line, int64_t *amount, struct err *e);

#endif
