/* SPDX-License-Identifier: ISC */
#include "remark.h"

#include <assert.h>

#include "command.h"
#include "lookalike.h"
#include "record/agent.h"

static void say(struct intake *in, bool holds, const char *flag)
{
	if (!holds)
		return;
	assert(in->n_flags < INTAKE_FLAGS_MAX);
	in->flags[in->n_flags++] = flag;
}

static const char *calendar_flag(enum mail_calendar calendar)
{
	switch (calendar) {
	case MAIL_CALENDAR_NONE:
		return NULL;
	case MAIL_CALENDAR_REPLY:
	case MAIL_CALENDAR_REFRESH:
		return "invitation-reply";
	case MAIL_CALENDAR_CANCEL:
		return "invitation-cancelled";
	case MAIL_CALENDAR_PUBLISH:
	case MAIL_CALENDAR_FILE:
		return "calendar";
	case MAIL_CALENDAR_REQUEST:
	case MAIL_CALENDAR_ADD:
	case MAIL_CALENDAR_COUNTER:
	case MAIL_CALENDAR_DECLINECOUNTER:
		break;
	}
	return "invitation";
}

static struct lookalike_known known_as(const struct intake *in, const char *name,
				       const char *address)
{
	struct slice shop = slice_str(in->work.shop->address), theirs = slice_str(address);
	ptrdiff_t at = slice_chr(shop, '@');
	/* A shop is stored with a plain address only. */
	assert(at > 0);
	struct slice domain = slice_sub(shop, (size_t)at, shop.len);
	return (struct lookalike_known){
		.name = slice_str(name),
		.address = theirs,
		.own_domain =
			theirs.len > domain.len &&
			slice_eq_nocase(slice_sub(theirs, theirs.len - domain.len, theirs.len),
					domain),
	};
}

/* Our agents, the shop itself, and the desk's own address. */
static int load_known(struct intake *in, struct lookalike_known **known, size_t *n, struct err *e)
{
	struct agent_list agents;
	const Rec__Shop *shop = in->work.shop;
	if (agent_list(in->work.change.txn, in->arena, &agents, e) < 0)
		return -1;
	*known = ARENA_ARRAY(in->arena, agents.n + 2, struct lookalike_known);
	*n = 0;
	for (size_t i = 0; i < agents.n; i++)
		if (!agents.items[i]->inactive)
			(*known)[(*n)++] =
				known_as(in, agents.items[i]->full_name, agents.items[i]->address);
	(*known)[(*n)++] = known_as(in, shop->name, shop->address);
	(*known)[(*n)++] = known_as(in, "", arena_str(in->arena, work_desk_address(&in->work)));
	return 1;
}

/* "Tea & Tin <support@shop.example>" */
static struct slice person_text(struct intake *in, const struct lookalike_known *person)
{
	if (!person->name.len)
		return person->address;
	return slice_str(arena_printf(in->arena, "%.*s <%.*s>", SLICE_ARG(person->name),
				      SLICE_ARG(person->address)));
}

static int remark_sender(struct intake *in, struct err *e)
{
	struct lookalike_known *known;
	struct lookalike looks;
	size_t n;
	if (!in->mail->from.n)
		return 1;
	if (load_known(in, &known, &n, e) < 0)
		return -1;
	lookalike_judge(&in->mail->from.items[0], known, n, &looks);
	bool proved = in->authority.agent && (in->authority.proofs & COMMAND_I2_TRANSPORT);
	say(in, (looks.flags & LOOKALIKE_UNPROVED) && !proved, "unproved-agent");
	say(in, looks.flags & LOOKALIKE_MIXED, "mixed-script");
	say(in, looks.flags & LOOKALIKE_NAME, "look-alike-name");
	say(in, looks.flags & LOOKALIKE_ADDRESS, "look-alike-address");
	if (looks.flags & (LOOKALIKE_NAME | LOOKALIKE_ADDRESS))
		in->looks_like = person_text(in, looks.of);
	return 1;
}

int remark_mail(struct intake *in, const struct linkage *link, struct err *e)
{
	const struct mail_class *class = &in->class;
	const char *calendar = calendar_flag(class->calendar);
	say(in, link->stranger, "stranger");
	say(in, in->mail->ambiguous, "ambiguous");
	if (remark_sender(in, e) < 0)
		return -1;
	say(in, class->kind == MAIL_KIND_AUTO && !class->vacation, "automatic");
	say(in, class->vacation, "vacation");
	say(in, class->list, "list");
	say(in, class->disposition != MAIL_DISPOSITION_NONE, "receipt");
	say(in, calendar, calendar);
	say(in, in->files.n_left_out > 0, "left-out");
	return 1;
}
