/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_RECORD_MODEL_RULE_H
#define POSTCLERK_TESTS_RECORD_MODEL_RULE_H

#include "model.h"

/* What the model's commands are made of: the rules of lines and of stock. */
#define S(name) REC__LINE_STATE__LINE_STATE_##name
#define B(name) LINE_BIT(S(name))
#define DAY 86400
#define WAITING (B(NEW) | B(HAL) | B(ANG))

struct rule {
	unsigned from;
	Rec__LineState to;
	bool whole, passes; /* passes: over lines that may not, of a whole order */
	bool keeps;	    /* of a split line the part that moves keeps the stock */
};
extern const struct rule rule_table[LINE_EVENT_COUNT];

unsigned rule_states(const struct model_order *o);
bool rule_among(const struct model_line *l, unsigned set);
bool rule_may_leave(const struct model_order *o);
int64_t rule_free_of(const struct model *m, int sku);
void rule_reserve(struct model *m, struct model_line *l);
void rule_give_back(struct model *m, struct model_line *l);
void rule_pass_on(struct model *m);
struct model_line *rule_line_at(struct model_order *o, const struct order_part *part);
int64_t rule_shipped_of(const struct model_order *o, uint32_t family);
int64_t rule_replaced(const struct model *m, int order, uint32_t family);
bool rule_line_may(const struct model *m, int order, const struct model_line *l, int64_t quantity,
		   enum line_event event);
bool rule_move(struct model *m, struct model_order *o, struct model_line *l, int64_t quantity,
	       enum line_event event);
bool rule_step(struct model *m, const struct model_action *a, enum line_event event);
int64_t rule_part_of(int64_t n, int64_t a, int64_t b);
int64_t rule_between(int64_t n, int64_t least, int64_t most);

#endif
