/* SPDX-License-Identifier: ISC */
#include "customer_unite.h"

#include <assert.h>
#include <stddef.h>

#include "note.h"

#define DIFFERENCES_MAX 8192 /* bytes of the note */

/* ---- lists ---- */

static void unite_emails(struct arena *a, Rec__Customer *to, const Rec__Customer *from)
{
	char **all = ARENA_ARRAY(a, to->n_emails + from->n_emails, char *);
	size_t n = 0;
	for (; n < to->n_emails; n++)
		all[n] = to->emails[n];
	for (size_t i = 0; i < from->n_emails; i++) {
		bool known = false;
		for (size_t j = 0; j < n && !known; j++)
			known = slice_eq_nocase(slice_str(all[j]), slice_str(from->emails[i]));
		if (!known)
			all[n++] = from->emails[i];
	}
	to->emails = all;
	to->n_emails = n;
}

/* The same place, whatever it is used for. */
static bool same_address(struct arena *a, const Rec__Address *one, const Rec__Address *other)
{
	Rec__Address x = *one, y = *other;
	x.n_roles = y.n_roles = 0;
	x.roles = y.roles = NULL;
	return slice_eq(schema_pack_in(a, &x.base), schema_pack_in(a, &y.base));
}

/* The target's roles stay: an address that comes has none, unless it is the first. */
static void unite_addresses(struct arena *a, Rec__Customer *to, const Rec__Customer *from)
{
	bool first = to->n_addresses == 0;
	Rec__Address **all = ARENA_ARRAY(a, to->n_addresses + from->n_addresses, Rec__Address *);
	size_t n = 0;
	for (; n < to->n_addresses; n++)
		all[n] = to->addresses[n];
	for (size_t i = 0; i < from->n_addresses; i++) {
		bool known = false;
		for (size_t j = 0; j < n && !known && !first; j++)
			known = same_address(a, all[j], from->addresses[i]);
		if (known)
			continue;
		all[n] = (Rec__Address *)schema_copy(a, &from->addresses[i]->base);
		if (!first)
			all[n]->n_roles = 0;
		n++;
	}
	to->addresses = all;
	to->n_addresses = n;
}

static void unite_externals(struct arena *a, Rec__Customer *to, const Rec__Customer *from)
{
	size_t n = to->n_external_ids;
	Rec__ExternalId **all = ARENA_ARRAY(a, n + from->n_external_ids, Rec__ExternalId *);
	for (size_t i = 0; i < n; i++)
		all[i] = to->external_ids[i];
	/* An external id is one customer's: the two cannot have the same. */
	for (size_t i = 0; i < from->n_external_ids; i++)
		all[n++] = from->external_ids[i];
	to->external_ids = all;
	to->n_external_ids = n;
}

/* Two lists in the order of time become one. */
static void unite_notes(struct arena *a, Rec__Note ***notes, size_t *n, Rec__Note *const *more,
			size_t n_more)
{
	Rec__Note **all = ARENA_ARRAY(a, *n + n_more, Rec__Note *);
	size_t i = 0, j = 0, total = *n + n_more;
	while (i + j < total) {
		bool mine =
			j == n_more || (i < *n && (*notes)[i]->created_at <= more[j]->created_at);
		all[i + j] = mine ? (*notes)[i] : more[j];
		if (mine)
			i++;
		else
			j++;
	}
	*notes = all;
	*n = total;
}

/* ---- single values ---- */

/* What fills an empty field, and is told of where there is another. */
static const struct {
	const char *name;
	size_t offset;
	bool stays; /* the target's, even when it is empty */
} texts[] = {
	{"name", offsetof(Rec__Customer, name), false},
	{"company", offsetof(Rec__Customer, company), false},
	{"trading", offsetof(Rec__Customer, trading_name), false},
	{"phone", offsetof(Rec__Customer, phone), false},
	{"group", offsetof(Rec__Customer, group), false},
	{"channel", offsetof(Rec__Customer, channel), true},
	{"terms", offsetof(Rec__Customer, terms), true},
	{"bank", offsetof(Rec__Customer, bank), false},
	{"accounts_id", offsetof(Rec__Customer, accounts_id), false},
	{"language", offsetof(Rec__Customer, language), false},
	{"currency", offsetof(Rec__Customer, currency), false},
	{"vat_id", offsetof(Rec__Customer, vat_id), false},
};

static char *text_at(const Rec__Customer *customer, size_t offset)
{
	char *text;
	memcpy(&text, (const char *)customer + offset, sizeof(text));
	return text;
}

static void unite_texts(Rec__Customer *to, const Rec__Customer *from, struct buf *differences)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *mine = text_at(to, texts[i].offset), *theirs = text_at(from, texts[i].offset);
		if (!theirs[0] || strcmp(mine, theirs) == 0)
			continue;
		if (!mine[0] && !texts[i].stays)
			memcpy((char *)to + texts[i].offset, &theirs, sizeof(theirs));
		else
			buf_printf(differences, "%s%s %s", differences->len ? ", " : "",
				   texts[i].name, theirs);
	}
}

static void unite_flags(Rec__Customer *to, const Rec__Customer *from)
{
	if (from->locked && !to->locked)
		to->locked_reason = from->locked_reason;
	if (from->blacklisted && !to->blacklisted) {
		to->blacklisted_reason = from->blacklisted_reason;
		to->blacklisted_by = from->blacklisted_by;
	}
	to->locked |= from->locked;
	to->blacklisted |= from->blacklisted;
	to->keep_identity |= from->keep_identity;
}

static int tell_differences(struct change *ch, Rec__Customer *to, const Rec__Customer *from,
			    struct slice differences, struct err *e)
{
	if (!differences.len)
		return 1;
	char *text = arena_printf(ch->arena, "C%llu, merged into this one, had: %.*s",
				  (unsigned long long)from->id, SLICE_ARG(differences));
	return note_add(ch, &to->notes, &to->n_notes, slice_str(text), e);
}

int customer_unite(struct change *ch, Rec__Customer *to, const Rec__Customer *from, struct err *e)
{
	struct arena *a = ch->arena;
	struct buf differences;
	bool checked = !to->vat_id[0] && from->vat_id_checked;
	assert(to->id != from->id);
	unite_emails(a, to, from);
	unite_addresses(a, to, from);
	unite_externals(a, to, from);
	unite_notes(a, &to->notes, &to->n_notes, from->notes, from->n_notes);
	unite_notes(a, &to->watch, &to->n_watch, from->watch, from->n_watch);
	unite_flags(to, from);
	to->vat_id_checked |= checked;
	/* An agent who was merged into his own sub-customer leaves it to whom he belonged to. */
	if (to->parent == from->id)
		to->parent = from->parent == to->id ? 0 : from->parent;
	buf_init(&differences, DIFFERENCES_MAX);
	unite_texts(to, from, &differences);
	if (from->credit_limit && from->credit_limit != to->credit_limit)
		buf_printf(&differences, "%scredit limit %lld %s", differences.len ? ", " : "",
			   (long long)from->credit_limit, from->currency);
	if (from->parent && from->parent != to->parent && from->parent != to->id)
		buf_printf(&differences, "%sparent C%llu", differences.len ? ", " : "",
			   (unsigned long long)from->parent);
	int got = tell_differences(ch, to, from, buf_slice(&differences), e);
	buf_release(&differences);
	return got;
}
