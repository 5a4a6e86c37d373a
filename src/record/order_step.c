/* SPDX-License-Identifier: ISC */
#include "record/order_step.h"

#include <assert.h>

#include "order_rule.h"
#include "record/shipment.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name
#define BIT(name) LINE_BIT(STATE(name))

/* ---- which lines ---- */

static void put_states(unsigned states, struct buf *out)
{
	for (int i = 0; i < LINE_STATE_COUNT; i++)
		if (states & LINE_BIT(i))
			buf_printf(out, "%s%.*s (%s)", out->len ? ", " : "",
				   SLICE_ARG(schema_enum_text(&rec__line_state__descriptor, i)),
				   line_state_word((Rec__LineState)i));
}

/* What some line in one of these states could have instead. */
static void put_possible(unsigned states, struct buf *out)
{
	for (int event = 0; event < LINE_EVENT_COUNT; event++) {
		bool possible = false;
		for (int i = 0; i < LINE_STATE_COUNT; i++)
			possible |= (states & LINE_BIT(i)) &&
				    line_targets((Rec__LineState)i, (enum line_event)event);
		if (possible)
			buf_printf(out, "%s%s", out->len ? ", " : "",
				   line_event_name((enum line_event)event));
	}
}

/* Why no line has this event: the order as people see it, its lines' states, and what they can. */
static int none_can(const Rec__Order *order, enum line_event event, struct err *e)
{
	enum order_status status = order_status(order);
	struct buf list, possible;
	buf_init(&list, 512);
	buf_init(&possible, 512);
	put_states(order_states(order), &list);
	put_possible(order_states(order), &possible);
	err_set(e, ERR_INPUT,
		"no line of O%llu can have \"%s\": the order is %s; its lines are %s; possible: %s",
		(unsigned long long)order->id, line_event_name(event), order_status_word(status),
		list.len ? buf_str(&list) : "none", possible.len ? buf_str(&possible) : "nothing");
	buf_release(&list);
	buf_release(&possible);
	return -1;
}

static int judge_line(struct stepping *s, const Rec__Line *line, int64_t quantity, struct err *e)
{
	if (line_check(line, s->step->event, e) < 0)
		return err_prefix(e, "O%llu", (unsigned long long)s->order->id);
	return s->rule->line ? s->rule->line(s, line, quantity, e) : 1;
}

static void add_target(struct stepping *s, struct targets *targets, Rec__Line *line,
		       int64_t quantity)
{
	Rec__LineState to = s->rule->to != STATE(NONE) ? s->rule->to : s->to;
	targets->items[targets->n++] = (struct target){line, quantity, to};
}

/* What a person named line by line must be possible, all of it. */
static int choose_part(struct stepping *s, const struct order_part *part, struct targets *targets,
		       struct err *e)
{
	unsigned long long id = s->order->id;
	Rec__Line *line = order_part_line(s->order, part, e);
	if (!line)
		return -1;
	for (size_t i = 0; i < targets->n; i++)
		if (targets->items[i].line == line)
			return err_set(e, ERR_INPUT, "line %s of O%llu is named twice",
				       line_label(s->ch->arena, line), id);
	if (part->quantity < 0 || (part->quantity && part->quantity > line->quantity))
		return err_set(e, ERR_INPUT, "line %s of O%llu has %lld pieces, not %lld",
			       line_label(s->ch->arena, line), id, (long long)line->quantity,
			       (long long)part->quantity);
	int64_t quantity = part->quantity ? part->quantity : line->quantity;
	if (judge_line(s, line, quantity, e) < 0)
		return -1;
	add_target(s, targets, line, quantity);
	return 1;
}

static int choose_parts(struct stepping *s, struct targets *targets, struct err *e)
{
	const struct order_step *step = s->step;
	if (line_event_whole(step->event))
		return err_set(e, ERR_INPUT,
			       "only a whole order can be %s, not a line of it: name O%llu",
			       line_event_past(step->event), (unsigned long long)s->order->id);
	for (size_t i = 0; i < step->n_parts; i++)
		if (choose_part(s, &step->parts[i], targets, e) < 0)
			return -1;
	return 1;
}

static int choose_all(struct stepping *s, struct targets *targets, struct err *e)
{
	for (size_t i = 0; i < s->order->n_lines; i++) {
		Rec__Line *line = s->order->lines[i];
		struct err refused = {.class = ERR_NONE};
		if (!line_targets(line->state, s->step->event))
			continue;
		/* Each may change an item, and a transaction has an end. */
		if (s->rule->effect && targets->n >= ORDER_STEP_MAX)
			return s->rule->passes
				       ? 1
				       : err_set(e, ERR_INPUT,
						 "O%llu has more than %d such lines: name the "
						 "lines that are meant",
						 (unsigned long long)s->order->id, ORDER_STEP_MAX);
		if (judge_line(s, line, line->quantity, &refused) > 0) {
			add_target(s, targets, line, line->quantity);
			continue;
		}
		if (refused.class != ERR_INPUT || !s->rule->passes)
			return err_set(e, refused.class, "%s", refused.text);
		if (targets->refused.class == ERR_NONE)
			targets->refused = refused;
	}
	return 1;
}

static int choose(struct stepping *s, struct targets *targets, struct err *e)
{
	const struct order_step *step = s->step;
	size_t most = step->n_parts > s->order->n_lines ? step->n_parts : s->order->n_lines;
	*targets = (struct targets){.items = ARENA_ARRAY(s->ch->arena, most, struct target)};
	s->targets = targets;
	if (step->n_parts ? choose_parts(s, targets, e) < 0 : choose_all(s, targets, e) < 0)
		return -1;
	if (targets->n)
		return 1;
	if (targets->refused.class != ERR_NONE)
		return err_set(e, ERR_INPUT, "%s", targets->refused.text);
	return none_can(s->order, step->event, e);
}

/*
 * The lines first: that a shipped order cannot be released says more than that
 * its customer is locked.
 */
static int judge(struct stepping *s, struct targets *targets, struct err *e)
{
	const struct order_step *step = s->step;
	bool possible = false;
	if (order_alive(s->order, e) < 0)
		return -1;
	for (size_t i = 0; i < s->order->n_lines; i++)
		possible |= line_targets(s->order->lines[i]->state, step->event) != 0;
	if (s->rule->order && possible && s->rule->order(s, e) < 0)
		return -1;
	return choose(s, targets, e);
}

static void begin(struct stepping *s, struct change *ch, const Rec__Order *order,
		  const struct order_step *step)
{
	assert(step->event < LINE_EVENT_COUNT);
	*s = (struct stepping){.ch = ch,
			       .step = step,
			       .rule = &order_rules[step->event],
			       .order = order,
			       .why = SLICE("")};
}

int order_step_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
		     struct err *e)
{
	struct stepping s;
	struct targets targets;
	begin(&s, ch, order, step);
	return judge(&s, &targets, e);
}

/* ---- splitting ---- */

static uint32_t next_split(const Rec__Order *order, uint32_t number)
{
	uint32_t highest = 0;
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->number == number && order->lines[i]->split > highest)
			highest = order->lines[i]->split;
	return highest + 1;
}

Rec__Line *order_split(struct arena *a, Rec__Order *order, Rec__Line *line, int64_t quantity,
		       bool stocked)
{
	assert(quantity > 0 && quantity < line->quantity && line->reserved <= line->quantity);
	Rec__Line *rest = ARENA_NEW(a, Rec__Line);
	int64_t discount, left = line->quantity - quantity;
	/* It cannot overflow: the part is no larger than the whole. */
	if (money_scale(line->discount, quantity, line->quantity, &discount, NULL) < 0)
		die("a discount cannot be parted");
	*rest = *line;
	rest->split = next_split(order, line->number);
	rest->quantity = left;
	rest->discount = line->discount - discount;
	if (stocked)
		rest->reserved = line->reserved > quantity ? line->reserved - quantity : 0;
	else
		rest->reserved = line->reserved < left ? line->reserved : left;
	line->quantity = quantity;
	line->discount = discount;
	line->reserved -= rest->reserved;
	if (!rest->reserved && !line->reserved)
		rest->reserved_at = line->reserved_at;
	assert(line->reserved >= 0 && line->reserved <= line->quantity);
	order_append(a, order, rest);
	return rest;
}

/* ---- doing it ---- */

static int move(struct stepping *s, Rec__Order *order, const struct target *target, struct err *e)
{
	Rec__Line *line = target->line;
	enum line_event event = s->step->event;
	if (target->quantity < line->quantity)
		order_split(s->ch->arena, order, line, target->quantity, s->rule->stocked);
	if (s->rule->effect && s->rule->effect(s, line, e) < 0)
		return -1;
	if (line_move(line, event, target->to, e) < 0)
		return -1;
	line->state_at = s->ch->now;
	assert(!line->reserved || !line_is_final(line->state));
	return 1;
}

/* PX-15: what stayed, and why; what was cancelled before needs no word. */
static void report_rest(struct stepping *s, const struct targets *targets,
			struct order_report *report)
{
	struct buf why;
	buf_init(&why, 1024);
	for (size_t i = 0; i < s->order->n_lines; i++) {
		const Rec__Line *line = s->order->lines[i];
		bool moved = line->state == STATE(STO) || line->state == STATE(NLB);
		for (size_t k = 0; k < targets->n && !moved; k++)
			moved = targets->items[k].line == line;
		if (moved)
			continue;
		report->left++;
		buf_printf(&why, "%sline %s is %s%s", why.len ? ", " : "",
			   line_label(s->ch->arena, line), line_state_name(s->ch->arena, line),
			   line->picklist[0] ? " and on a pick list" : "");
	}
	report->why = arena_copy(s->ch->arena, buf_slice(&why));
	buf_release(&why);
}

static int ship_targets(struct stepping *s, Rec__Order *order, const struct targets *targets,
			struct err *e)
{
	struct arena *a = s->ch->arena;
	enum line_event event = s->step->event;
	if (event != LINE_SHIP && event != LINE_FSHIP)
		return 1;
	struct shipment_line *lines = ARENA_ARRAY(a, targets->n, struct shipment_line);
	for (size_t i = 0; i < targets->n; i++)
		lines[i] =
			(struct shipment_line){targets->items[i].line, targets->items[i].quantity};
	struct shipment_new new = {
		.order = order,
		.lines = lines,
		.n_lines = targets->n,
		.carrier = s->step->carrier,
		.tracking = s->step->tracking,
		.provider = event == LINE_FSHIP ? slice_str(order->provider) : SLICE(""),
		.shipped = true,
	};
	return shipment_make(s->ch, &new, &s->shipment, e);
}

static int act(struct stepping *s, Rec__Order *order, const struct targets *targets, struct err *e)
{
	struct object_step row = {.event = line_event_name(s->step->event),
				  .reason = s->step->reason,
				  /* ST-22: what a person did, and not the clock or an import. */
				  .manual = s->ch->agent != 0};
	if (ship_targets(s, order, targets, e) < 0)
		return -1;
	for (size_t i = 0; i < targets->n; i++)
		if (move(s, order, &targets->items[i], e) < 0)
			return -1;
	if (s->rule->after && s->rule->after(s, order, e) < 0)
		return -1;
	return order_store(s->ch, order, &row, e) < 0 ? -1 : 1;
}

/* What was given back goes to whoever waits for it, when this order is stored. */
static int pass_on(struct stepping *s, const struct targets *targets, struct err *e)
{
	Rec__Line **lines = ARENA_ARRAY(s->ch->arena, targets->n, Rec__Line *);
	for (size_t i = 0; i < targets->n; i++)
		lines[i] = targets->items[i].line;
	return s->rule->frees ? order_pass_on(s->ch, lines, targets->n, e) : 1;
}

int order_step(struct change *ch, const struct order_step *step, struct order_report *report,
	       struct err *e)
{
	struct order_report unread;
	struct stepping s;
	struct targets targets;
	Rec__Order *order;
	report = report ? report : &unread;
	*report = (struct order_report){.why = SLICE("")};
	if (order_take(ch, step->order, &order, e) < 0)
		return -1;
	begin(&s, ch, order, step);
	if (judge(&s, &targets, e) < 0)
		return -1;
	if (s.rule->passes && !step->n_parts)
		report_rest(&s, &targets, report);
	if (act(&s, order, &targets, e) < 0 || pass_on(&s, &targets, e) < 0)
		return -1;
	report->moved = targets.n;
	report->shipment = s.shipment;
	if (step->event == LINE_SAVE)
		report->why = s.why;
	if (s.rule->happened)
		change_event(ch, s.rule->happened, 'O', step->order, step->reason);
	return 1;
}

/* ---- steps with a door of their own ---- */

static int by_id(struct change *ch, uint64_t id, enum line_event event, struct slice reason,
		 struct err *e)
{
	struct order_step step = {.order = id, .event = event, .reason = reason};
	return order_step(ch, &step, NULL, e);
}

int order_hold(struct change *ch, uint64_t id, struct slice reason, struct err *e)
{
	return by_id(ch, id, LINE_HOLD, reason, e);
}

int order_release(struct change *ch, uint64_t id, struct slice reason, struct err *e)
{
	return by_id(ch, id, LINE_RELEASE, reason, e);
}

static bool has_state(const Rec__Order *order, unsigned states)
{
	return (order_states(order) & states) != 0;
}

/* Two events, and so two history rows: the goods asked for, then those that came back. */
int order_cancel(struct change *ch, const struct order_step *step, struct order_report *report,
		 struct err *e)
{
	struct order_step part = *step;
	struct order_report unread;
	Rec__Order *order;
	report = report ? report : &unread;
	*report = (struct order_report){.why = SLICE("")};
	if (order_load(ch->txn, ch->arena, step->order, &order, e) < 0)
		return -1;
	part.event = LINE_CANCEL;
	bool replaces = order && !step->n_parts && has_state(order, BIT(MIN));
	if (!replaces || has_state(order, BIT(HAL) | BIT(ANG) | BIT(FUP)))
		if (order_step(ch, &part, report, e) < 0)
			return -1;
	size_t moved = report->moved;
	if (!replaces)
		return 1;
	part.event = LINE_CANCEL_ORDER;
	if (order_step(ch, &part, report, e) < 0)
		return -1;
	report->moved += moved;
	report->left = 0;
	return 1;
}
