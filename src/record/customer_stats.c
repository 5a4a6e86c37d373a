/* SPDX-License-Identifier: ISC */
#include "record/customer_stats.h"

#include <assert.h>

#include "record/order.h"

static struct customer_sum *sum_of(struct customer_stats *stats, const char *currency)
{
	for (size_t i = 0; i < stats->n_sums; i++)
		if (strcmp(stats->sums[i].currency, currency) == 0)
			return &stats->sums[i];
	if (stats->n_sums == CUSTOMER_SUMS_MAX)
		return NULL;
	stats->sums[stats->n_sums] = (struct customer_sum){.currency = currency};
	return &stats->sums[stats->n_sums++];
}

static void add_total(struct customer_stats *stats, const Rec__Order *order)
{
	struct order_totals totals;
	struct customer_sum *sum = sum_of(stats, order->currency);
	if (!sum || order_totals(order, &totals, NULL) < 0 ||
	    money_add(sum->total, totals.total, &sum->total, NULL) < 0)
		return;
	sum->n++;
}

/* Lines of a replacement have negative quantities: they were not shipped. */
static void add_pieces(struct customer_stats *stats, const Rec__Order *order)
{
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		bool returned = line->state == REC__LINE_STATE__LINE_STATE_RET;
		bool shipped = returned || line->state == REC__LINE_STATE__LINE_STATE_AUS ||
			       line->state == REC__LINE_STATE__LINE_STATE_FUS;
		if (!shipped || line->quantity <= 0)
			continue;
		money_add(stats->shipped, line->quantity, &stats->shipped, NULL);
		if (returned)
			money_add(stats->returned, line->quantity, &stats->returned, NULL);
	}
}

void customer_stats(const struct customer_orders *orders, struct customer_stats *stats)
{
	*stats = (struct customer_stats){.orders = orders->total, .looked_at = orders->n};
	for (size_t i = 0; i < orders->n; i++) {
		const Rec__Order *order = orders->items[i];
		/* What a merge left behind was counted with the order that took it. */
		bool cancelled = order_view(order) == ORDER_CANCELLED || order->merged_into ||
				 order->deleted_at;
		stats->cancelled += cancelled;
		if (!cancelled)
			add_total(stats, order);
		add_pieces(stats, order);
	}
	if (orders->n) {
		stats->first_at = orders->items[0]->ordered_at;
		stats->last_at = orders->items[orders->n - 1]->ordered_at;
	}
	for (size_t i = 0; i < stats->n_sums; i++)
		if (stats->sums[i].n)
			money_scale(stats->sums[i].total, 1, (int64_t)stats->sums[i].n,
				    &stats->sums[i].average, NULL);
	if (stats->shipped)
		money_scale(stats->returned, 1000000, stats->shipped, &stats->return_rate, NULL);
	assert(stats->return_rate >= 0 && stats->return_rate <= 1000000);
}
