/* SPDX-License-Identifier: ISC */
#include "record/line.h"

#include <assert.h>
#include <stdio.h>

/* Bits and designators, so that the table below reads as RECORD.md's. */
#define S(state) LINE_BIT(REC__LINE_STATE__LINE_STATE_##state)
#define AT(state) [REC__LINE_STATE__LINE_STATE_##state]
#define ON(event) [LINE_##event]

/* RECORD.md 2.1, as a whole: what is not here is refused. */
static const uint16_t transitions[LINE_STATE_COUNT][LINE_EVENT_COUNT] = {
	AT(NONE) = {ON(IMPORT) = S(HAL) | S(ANG), ON(ADD) = S(NEW), ON(REPLACE) = S(MIN)},
	AT(NEW) = {ON(SAVE) = S(HAL) | S(ANG), ON(REMOVE) = S(NONE)},
	AT(HAL) = {ON(RELEASE) = S(ANG), ON(CANCEL) = S(STO), ON(AUTOCANCEL) = S(STO),
		   ON(NA) = S(NLB)},
	AT(ANG) = {ON(HOLD) = S(HAL), ON(CANCEL) = S(STO), ON(NA) = S(NLB), ON(SCAN_IN) = S(EIN),
		   ON(TRANSFER) = S(FUP)},
	AT(EIN) = {ON(SCAN_OUT) = S(ANG), ON(SHIP) = S(AUS)},
	AT(FUP) = {ON(FCONFIRM) = S(FUT), ON(FREJECT) = S(ANG), ON(CANCEL) = S(STO)},
	AT(FUT) = {ON(FREJECT) = S(ANG), ON(FSHIP) = S(FUS)},
	AT(AUS) = {ON(RETURN) = S(RET)},
	AT(FUS) = {ON(RETURN) = S(RET)},
	AT(RET) = {ON(UNDO_RETURN) = S(AUS) | S(FUS)},
	AT(STO) = {ON(REOPEN) = S(NEW)},
	AT(NLB) = {ON(REOPEN) = S(NEW)},
	AT(MIN) = {ON(CANCEL_ORDER) = S(STO)},
};

static const char *const state_words[LINE_STATE_COUNT] = {
	AT(NONE) = "not there",
	AT(NEW) = "new",
	AT(HAL) = "on hold",
	AT(ANG) = "released",
	AT(EIN) = "in the box",
	AT(AUS) = "shipped",
	AT(RET) = "returned",
	AT(MIN) = "replacement",
	AT(STO) = "cancelled",
	AT(NLB) = "no longer available",
	AT(FUP) = "given to the provider",
	AT(FUT) = "confirmed by the provider",
	AT(FUS) = "shipped by the provider",
};

/* Nothing more is shipped of these, whatever comes after (RECORD.md 2.1). */
#define FINAL (S(AUS) | S(FUS) | S(RET) | S(STO) | S(NLB))

#define LINE_EVENT_ROW(name, word, past, whole) [LINE_##name] = {word, past, whole},
static const struct {
	const char *name, *past;
	bool whole;
} events[LINE_EVENT_COUNT] = {LINE_EVENTS(LINE_EVENT_ROW)};

const char *line_event_name(enum line_event event)
{
	assert(event < LINE_EVENT_COUNT);
	return events[event].name;
}

const char *line_event_past(enum line_event event)
{
	assert(event < LINE_EVENT_COUNT);
	return events[event].past;
}

bool line_event_find(struct slice name, enum line_event *event)
{
	for (int i = 0; i < LINE_EVENT_COUNT; i++) {
		if (!slice_eq_nocase(name, slice_str(events[i].name)))
			continue;
		*event = (enum line_event)i;
		return true;
	}
	return false;
}

bool line_event_whole(enum line_event event)
{
	assert(event < LINE_EVENT_COUNT);
	return events[event].whole;
}

/* A state that a newer version stored is one we know nothing of. */
static bool known(Rec__LineState state)
{
	return (unsigned)state < LINE_STATE_COUNT;
}

const char *line_state_word(Rec__LineState state)
{
	return known(state) ? state_words[state] : "unknown";
}

char *line_state_name(struct arena *a, const Rec__Line *line)
{
	struct slice code = schema_enum_text(&rec__line_state__descriptor, (int)line->state);
	return arena_printf(a, "%.*s (%s)", SLICE_ARG(code), line_state_word(line->state));
}

unsigned line_targets(Rec__LineState from, enum line_event event)
{
	assert(event < LINE_EVENT_COUNT);
	return known(from) ? transitions[from][event] : 0;
}

/* "release, cancel": what the state allows. */
static void put_possible(struct buf *out, Rec__LineState from)
{
	for (int i = 0; i < LINE_EVENT_COUNT; i++)
		if (line_targets(from, (enum line_event)i))
			buf_printf(out, "%s%s", out->len ? ", " : "", events[i].name);
	if (out->len == 0)
		buf_puts(out, "nothing");
}

int line_check(const Rec__Line *line, enum line_event event, struct err *e)
{
	char label[32];
	struct buf possible;
	if (line_targets(line->state, event))
		return 1;
	if (line->split)
		snprintf(label, sizeof(label), "%u.%u", line->number, line->split);
	else
		snprintf(label, sizeof(label), "%u", line->number);
	buf_init(&possible, 256);
	put_possible(&possible, line->state);
	err_set(e, ERR_INPUT, "line %s is %.*s (%s) and cannot be %s; possible: %s", label,
		SLICE_ARG(schema_enum_text(&rec__line_state__descriptor, (int)line->state)),
		line_state_word(line->state), events[event].past, buf_str(&possible));
	buf_release(&possible);
	return -1;
}

int line_move(Rec__Line *line, enum line_event event, Rec__LineState to, struct err *e)
{
	assert(event < LINE_EVENT_COUNT && known(to));
	if (line_check(line, event, e) < 0)
		return -1;
	if (!(line_targets(line->state, event) & LINE_BIT(to)))
		return err_set(e, ERR_INPUT,
			       "line %u cannot become %.*s by \"%s\"; possible: another state",
			       line->number,
			       SLICE_ARG(schema_enum_text(&rec__line_state__descriptor, (int)to)),
			       events[event].name);
	line->state = to;
	return 1;
}

bool line_is_final(Rec__LineState state)
{
	return known(state) && (LINE_BIT(state) & FINAL);
}

char *line_label(struct arena *a, const Rec__Line *line)
{
	if (line->split)
		return arena_printf(a, "%u.%u", line->number, line->split);
	return arena_printf(a, "%u", line->number);
}

int line_amount(const Rec__Line *line, int64_t *amount, struct err *e)
{
	int64_t price;
	if (money_mul(line->quantity, line->unit_price, &price, e) < 0)
		return -1;
	return money_sub(price, line->discount, amount, e);
}
