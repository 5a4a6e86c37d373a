/* SPDX-License-Identifier: ISC */
#include "customer_line.h"
#include "private.h"
#include "record/customer_edit.h"

/* In the order of the words of the parameter. */
enum action { ADD, CHANGE, REMOVE, ADMIN, BILLING, DELIVERY };
static const char actions[] = "add|change|remove|admin|billing|delivery";

static const Rec__AddressRole roles[] = {
	[ADMIN] = REC__ADDRESS_ROLE__ADDRESS_ROLE_ADMIN,
	[BILLING] = REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING,
	[DELIVERY] = REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY,
};

/* What the line says of the address; true when it says anything. */
static bool read_edit(const struct command_context *ctx, const struct command_line *line,
		      struct address_edit *edit)
{
	const struct {
		const char *name;
		struct slice *to;
	} parts[] = {
		{"name", &edit->name},	 {"company", &edit->company}, {"postcode", &edit->postcode},
		{"city", &edit->city},	 {"region", &edit->region},   {"country", &edit->country},
		{"phone", &edit->phone}, {"email", &edit->email},
	};
	bool any = false;
	*edit = (struct address_edit){.lines = NULL};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct command_arg *arg = command_arg(line, parts[i].name);
		if (!arg)
			continue;
		*parts[i].to = arg->text.ptr ? arg->text : SLICE("");
		any = true;
	}
	edit->lines = line_values(ctx, line, "line", &edit->n_lines);
	return any || edit->lines;
}

static int no_address(bool may_be_number, struct err *e)
{
	return err_set(e, ERR_INPUT,
		       "what is the address? Write line=\"\xe2\x80\xa6\" postcode=\xe2\x80\xa6 "
		       "city=\xe2\x80\xa6 country=NL%s",
		       may_be_number ? ", or the number of one" : "");
}

/* What the words of the line must be, before anything is looked at. */
static int check_shape(enum action action, bool says, const struct command_arg *place,
		       struct err *e)
{
	if (action == ADD && place)
		return err_set(
			e, ERR_INPUT,
			"a new address gets its number itself; #address C\xe2\x80\xa6 change "
			"%lld changes one",
			(long long)place->number);
	if ((action == CHANGE || action == REMOVE) && !place)
		return err_set(e, ERR_INPUT, "which one? Write its number, as the card shows it");
	if (action == REMOVE)
		return says ? err_set(e, ERR_INPUT,
				      "an address that is removed needs no more than its number")
			    : 1;
	bool enough = says || (action >= ADMIN && place);
	return enough ? 1 : no_address(action >= ADMIN, e);
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct address_edit edit;
	bool says = read_edit(ctx, line, &edit);
	return check_shape((enum action)command_arg(line, "action")->number, says,
			   command_arg(line, "place"), e);
}

/* What it does to the addresses; *place becomes the number of a new one. */
static int act(struct change *ch, uint64_t customer, enum action action,
	       const struct address_edit *edit, size_t *place, struct err *e)
{
	if (action == REMOVE)
		return customer_address_remove(ch, customer, *place, e);
	if (edit && *place)
		return customer_address_change(ch, customer, *place, edit, e);
	return edit ? customer_address_add(ch, customer, edit,
					   action < ADMIN ? REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE
							  : roles[action],
					   place, e)
		    : 1;
}

static void put_done(enum action action, struct buf *out)
{
	static const char *const done[] = {"new", "changed", "gone"};
	if (action < ADMIN)
		buf_puts(out, done[action]);
	else
		buf_printf(out, "the %.*s address",
			   SLICE_ARG(schema_enum_text(&rec__address_role__descriptor,
						      (int)roles[action])));
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	enum action action = (enum action)command_arg(line, "action")->number;
	const struct command_arg *arg = command_arg(line, "place");
	size_t place = arg ? (size_t)arg->number : 0;
	struct address_edit edit;
	bool says = read_edit(ctx, line, &edit);
	uint64_t id;
	(void)result;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    act(ctx->change, id, action, says ? &edit : NULL, &place, e) < 0)
		return -1;
	if (action >= ADMIN && customer_address_role(ctx->change, id, place, roles[action], e) < 0)
		return -1;
	buf_printf(out, "address %zu of C%llu is ", place, (unsigned long long)id);
	put_done(action, out);
	return 1;
}

#define PART(part)                                                                                 \
	{                                                                                          \
		.name = part, .type = COMMAND_TEXT, .named = true, .optional = true, .empty = true \
	}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	{.name = "action", .type = COMMAND_ENUM, .words = actions},
	{.name = "place",
	 .type = COMMAND_NUMBER,
	 .low = 1,
	 .high = CUSTOMER_ADDRESSES_MAX,
	 .optional = true},
	PART("name"),
	PART("company"),
	{.name = "line",
	 .type = COMMAND_TEXT,
	 .named = true,
	 .optional = true,
	 .many = true,
	 .empty = true},
	PART("postcode"),
	PART("city"),
	PART("region"),
	PART("country"),
	PART("phone"),
	PART("email"),
	{.name = NULL},
};

const struct command_row cmd_address = {
	.verb = "address",
	.help = "Adds, changes or removes an address of a customer, or says what it is for",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
