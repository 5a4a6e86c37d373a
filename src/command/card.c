/* SPDX-License-Identifier: ISC */
#include "card.h"

#include <assert.h>

#include "record/agent.h"

#define CARD_NOTES 20 /* newest notes and comments */

void card_put_field(const struct card *card, const char *label, struct slice value)
{
	if (!value.len)
		return;
	buf_printf(card->out, "%-10s", label);
	text_put_line(card->out, value, CARD_VALUE);
	buf_putc(card->out, '\n');
}

void card_put_time(struct buf *out, int64_t at)
{
	struct civil day;
	civil_from_utc(at, &day);
	buf_printf(out, "%04lld-%02d-%02d %02d:%02d", (long long)day.year, day.month, day.day,
		   day.hour, day.minute);
}

void card_put_agent(struct txn *txn, struct arena *a, uint64_t id, struct buf *out)
{
	Rec__Agent *agent;
	if (!id)
		buf_puts(out, "system");
	else if (agent_load(txn, a, id, &agent, NULL) > 0)
		text_put_line(out, slice_str(agent->name), AGENT_NAME_MAX);
	else
		buf_printf(out, "agent %llu", (unsigned long long)id);
}

void card_put_tel(struct buf *out, struct slice phone)
{
	buf_puts(out, "tel:");
	for (size_t i = 0; i < phone.len; i++) {
		char c = phone.ptr[i];
		if ((c >= '0' && c <= '9') || (c == '+' && i == 0))
			buf_putc(out, c);
	}
}

void card_put_notes(const struct card *card, const char *title, Rec__Note *const *notes, size_t n)
{
	size_t first = n > CARD_NOTES ? n - CARD_NOTES : 0;
	if (n)
		buf_printf(card->out, "\n%s\n", title);
	for (size_t i = first; i < n; i++) {
		buf_printf(card->out, "  %zu  ", i + 1);
		card_put_time(card->out, notes[i]->created_at);
		buf_puts(card->out, "  ");
		card_put_agent(card->txn, card->a, notes[i]->agent, card->out);
		buf_puts(card->out, ": ");
		text_put_line(card->out, slice_str(notes[i]->text), CARD_VALUE);
		buf_putc(card->out, '\n');
	}
}

void card_put_place(const struct card *card, const Rec__Address *address)
{
	struct buf line;
	buf_init(&line, 4096);
	const char *ends[] = {address->name, address->company};
	for (size_t i = 0; i < 2; i++)
		if (ends[i][0])
			buf_printf(&line, "%s, ", ends[i]);
	for (size_t i = 0; i < address->n_lines; i++)
		buf_printf(&line, "%s, ", address->lines[i]);
	buf_printf(&line, "%s %s %s", address->postcode, address->city, address->country);
	text_put_line(card->out, buf_slice(&line), CARD_VALUE);
	buf_release(&line);
}

void card_put_address(const struct card *card, const char *label, const Rec__Address *address)
{
	buf_printf(card->out, "%-10s", label);
	card_put_place(card, address);
	buf_putc(card->out, '\n');
}

void card_put_externals(const struct card *card, Rec__ExternalId *const *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		card_put_field(
			card, i ? "" : "Known as",
			slice_str(arena_printf(card->a, "%s %s", ids[i]->channel, ids[i]->value)));
}

int command_card(struct txn *txn, struct arena *a, const struct id *id, struct buf *out,
		 struct err *e)
{
	static const struct {
		char letter;
		int (*put)(const struct card *card, const struct id *id);
	} cards[] = {{'C', card_put_customer}, {'O', card_put_order}, {'T', card_put_thread}};
	struct card card = {txn, a, out, e};
	assert(txn && a && out);
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++)
		if (cards[i].letter == id->letter)
			return cards[i].put(&card, id);
	return err_set(e, ERR_INPUT, "there is no card of %s", id_print(a, id));
}
