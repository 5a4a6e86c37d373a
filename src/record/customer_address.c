/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "customer.h"
#include "mail/envelope.h"
#include "record/customer_edit.h"
#include "record/vat.h"

#define LINES_MAX 8   /* of one address */
#define VALUE_MAX 200 /* bytes of one of its values */
#define ROLES 3	      /* admin, billing, delivery */

static const Rec__AddressRole every_role[ROLES] = {
	REC__ADDRESS_ROLE__ADDRESS_ROLE_ADMIN,
	REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING,
	REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY,
};

/* ---- what it says ---- */

struct address_part {
	const char *name;
	const struct slice *value;
	char **to;
};

static int set_part(struct arena *a, const struct address_part *part, struct err *e)
{
	struct slice value = slice_trim(*part->value);
	if (!part->value->ptr)
		return 1;
	if (value.len > VALUE_MAX)
		return err_set(e, ERR_INPUT, "%s is longer than %d bytes", part->name, VALUE_MAX);
	*part->to = arena_str(a, value);
	return 1;
}

static int set_lines(struct arena *a, const struct address_edit *edit, Rec__Address *address,
		     struct err *e)
{
	if (!edit->lines)
		return 1;
	if (edit->n_lines > LINES_MAX)
		return err_set(e, ERR_INPUT, "an address has at most %d lines", LINES_MAX);
	address->lines = ARENA_ARRAY(a, edit->n_lines, char *);
	address->n_lines = 0;
	for (size_t i = 0; i < edit->n_lines; i++) {
		const struct address_part part = {"line", &edit->lines[i],
						  &address->lines[address->n_lines]};
		if (!slice_trim(edit->lines[i]).len)
			continue;
		if (set_part(a, &part, e) < 0)
			return -1;
		address->n_lines++;
	}
	return 1;
}

/* "nl" is meant as "NL". */
static int set_country(struct arena *a, const struct address_edit *edit, Rec__Address *address,
		       struct err *e)
{
	struct buf upper;
	if (!edit->country.ptr)
		return 1;
	buf_init(&upper, 64);
	text_put_upper(&upper, slice_sub(slice_trim(edit->country), 0, 16));
	address->country = arena_str(a, buf_slice(&upper));
	buf_release(&upper);
	if (!address->country[0] || vat_is_country(slice_str(address->country)))
		return 1;
	return err_set(e, ERR_INPUT,
		       "\"%.*s\" is no country: write its two letters of ISO 3166-1, such as NL",
		       SLICE_ARG(slice_sub(edit->country, 0, 40)));
}

static int set_parts(struct arena *a, const struct address_edit *edit, Rec__Address *address,
		     struct err *e)
{
	const struct address_part parts[] = {
		{"name", &edit->name, &address->name},
		{"company", &edit->company, &address->company},
		{"postcode", &edit->postcode, &address->postcode},
		{"city", &edit->city, &address->city},
		{"region", &edit->region, &address->region},
		{"phone", &edit->phone, &address->phone},
		{"email", &edit->email, &address->email},
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (set_part(a, &parts[i], e) < 0)
			return -1;
	if (set_lines(a, edit, address, e) < 0 || set_country(a, edit, address, e) < 0)
		return -1;
	if (address->email[0] && !mail_addr_strict_utf8(slice_str(address->email)))
		return err_set(e, ERR_INPUT, "\"%s\" is no mail address", address->email);
	if (!address->n_lines && !address->postcode[0] && !address->city[0])
		return err_set(e, ERR_INPUT,
			       "an address needs a line=, a postcode= or a city= at least");
	return 1;
}

/* ---- roles ---- */

static bool has_role(const Rec__Address *address, Rec__AddressRole role)
{
	for (size_t i = 0; i < address->n_roles; i++)
		if (address->roles[i] == role)
			return true;
	return false;
}

static void take_role(Rec__Address *address, Rec__AddressRole role)
{
	size_t kept = 0;
	for (size_t i = 0; i < address->n_roles; i++)
		if (address->roles[i] != role)
			address->roles[kept++] = address->roles[i];
	address->n_roles = kept;
}

/* The address that has it loses it: each role is one address's (CP-47). */
static void give_role(struct arena *a, const Rec__Customer *customer, size_t place,
		      Rec__AddressRole role)
{
	Rec__Address *address = customer->addresses[place];
	Rec__AddressRole *roles = ARENA_ARRAY(a, address->n_roles + 1, Rec__AddressRole);
	for (size_t i = 0; i < customer->n_addresses; i++)
		take_role(customer->addresses[i], role);
	for (size_t i = 0; i < address->n_roles; i++)
		roles[i] = address->roles[i];
	roles[address->n_roles++] = role;
	address->roles = roles;
}

/* ---- changes ---- */

static int save(struct change *ch, Rec__Customer *customer, struct err *e)
{
	struct object_step step = {.event = "address"};
	int got = customer_save_step(ch, customer, &step, e);
	if (got > 0)
		change_event(ch, "customer.address", 'C', customer->id, SLICE(""));
	return got;
}

static int need_place(struct change *ch, uint64_t id, size_t place, Rec__Customer **customer,
		      struct err *e)
{
	if (customer_need(ch, id, customer, e) < 0)
		return -1;
	if (place >= 1 && place <= (*customer)->n_addresses)
		return 1;
	if ((*customer)->n_addresses == 0)
		return err_set(e, ERR_INPUT, "C%llu has no address yet",
			       (unsigned long long)(*customer)->id);
	return err_set(e, ERR_INPUT, "C%llu has no address %zu: its addresses are 1 to %zu",
		       (unsigned long long)(*customer)->id, place, (*customer)->n_addresses);
}

int customer_address_add(struct change *ch, uint64_t id, const struct address_edit *edit,
			 Rec__AddressRole role, size_t *place, struct err *e)
{
	Rec__Customer *customer;
	Rec__Address *address = ARENA_NEW(ch->arena, Rec__Address);
	rec__address__init(address);
	if (customer_need(ch, id, &customer, e) < 0 || set_parts(ch->arena, edit, address, e) < 0)
		return -1;
	if (customer->n_addresses >= CUSTOMER_ADDRESSES_MAX)
		return err_set(e, ERR_INPUT, "C%llu has %d addresses already",
			       (unsigned long long)customer->id, CUSTOMER_ADDRESSES_MAX);
	size_t n = customer->n_addresses;
	Rec__Address **grown = ARENA_ARRAY(ch->arena, n + 1, Rec__Address *);
	for (size_t i = 0; i < n; i++)
		grown[i] = customer->addresses[i];
	grown[n] = address;
	customer->addresses = grown;
	customer->n_addresses = n + 1;
	/* Of a single address no role can be missing. */
	for (size_t i = 0; i < ROLES; i++)
		if (n == 0 || every_role[i] == role)
			give_role(ch->arena, customer, n, every_role[i]);
	*place = n + 1;
	return save(ch, customer, e);
}

int customer_address_change(struct change *ch, uint64_t id, size_t place,
			    const struct address_edit *edit, struct err *e)
{
	Rec__Customer *customer;
	if (need_place(ch, id, place, &customer, e) < 0 ||
	    set_parts(ch->arena, edit, customer->addresses[place - 1], e) < 0)
		return -1;
	return save(ch, customer, e);
}

int customer_address_role(struct change *ch, uint64_t id, size_t place, Rec__AddressRole role,
			  struct err *e)
{
	Rec__Customer *customer;
	assert(role != REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE);
	if (need_place(ch, id, place, &customer, e) < 0)
		return -1;
	if (has_role(customer->addresses[place - 1], role))
		return 0;
	give_role(ch->arena, customer, place - 1, role);
	return save(ch, customer, e);
}

int customer_address_remove(struct change *ch, uint64_t id, size_t place, struct err *e)
{
	Rec__Customer *customer;
	if (need_place(ch, id, place, &customer, e) < 0)
		return -1;
	const Rec__Address *address = customer->addresses[place - 1];
	if (address->n_roles && customer->n_addresses > 1) {
		struct slice role =
			schema_enum_text(&rec__address_role__descriptor, (int)address->roles[0]);
		return err_set(e, ERR_INPUT,
			       "address %zu is the %.*s address: give that role to another first "
			       "(#address C%llu %.*s n)",
			       place, SLICE_ARG(role), (unsigned long long)customer->id,
			       SLICE_ARG(role));
	}
	for (size_t i = place; i < customer->n_addresses; i++)
		customer->addresses[i - 1] = customer->addresses[i];
	customer->n_addresses--;
	return save(ch, customer, e);
}
