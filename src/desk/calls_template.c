/* SPDX-License-Identifier: ISC */
#include "calls.h"
#include "mail/compose.h"
#include "record/customer.h"
#include "record/id.h"
#include "record/order.h"
#include "record/thread.h"

#define MAIL_MAX (8u << 20)
#define ORDERS_SHOWN 20

/* The set in use, with every file as it is on the disk now. */
static const struct template_set *fresh_set(struct calling *c)
{
	struct err broken;
	templates_reload(c->desk->templates, &broken);
	return templates_use(c->desk->templates, c->arena);
}

/* ---- check and vars ---- */

static void put_problem(void *ctx, const struct template_problem *problem)
{
	struct calling *c = ctx;
	buf_printf(&c->out, "%.*s:%u:%u: %s%s\n", SLICE_ARG(problem->path), problem->line,
		   problem->column, problem->warning ? "warning: " : "", problem->message);
}

int call_template_check(struct calling *c, struct err *e)
{
	size_t problems = templates_check(fresh_set(c), put_problem, c);
	if (problems)
		return err_set(e, ERR_INPUT, "%zu problem%s", problems, problems == 1 ? "" : "s");
	buf_puts(&c->out, "every template is in order\n");
	return 1;
}

int call_template_vars(struct calling *c, struct err *e)
{
	int found = template_variables(fresh_set(c), call_arg(c, 0), c->call->json, c->arena,
				       &c->out, e);
	if (found == 0)
		return err_set(
			e, ERR_INPUT,
			"nothing is in a variable \"%.*s\": `postclerk template vars` names all",
			SLICE_ARG(call_arg(c, 0)));
	return found;
}

/* ---- preview ---- */

struct previewing {
	struct calling *c;
	struct template_data *data;
	struct id id;
	Rec__Customer *customer;
	Rec__Order *order;
	Rec__Thread *thread;
	struct txn *txn;
	Rec__Shop *shop;
};

static int load_object(struct previewing *p, struct err *e)
{
	struct arena *a = p->c->arena;
	uint64_t customer = p->id.letter == 'C' ? p->id.number : 0;
	int found = p->id.letter == 'C';
	if (p->id.letter == 'O')
		found = order_load(p->txn, a, p->id.number, &p->order, e);
	else if (p->id.letter == 'T')
		found = thread_load(p->txn, a, p->id.number, &p->thread, e);
	if (found != 1)
		return found;
	if (p->order)
		customer = p->order->customer;
	else if (p->thread)
		customer = p->thread->customer;
	found = customer ? customer_resolve(p->txn, a, customer, &p->customer, e) : 0;
	return found < 0 ? -1 : p->id.letter != 'C' || found;
}

/* Orders of the thread, or the one order itself. */
static int set_orders(struct previewing *p, struct err *e)
{
	const ProtobufCMessage *orders[ORDERS_SHOWN];
	size_t n = 0;
	if (p->order)
		orders[n++] = &p->order->base;
	for (size_t i = 0; p->thread && i < p->thread->n_orders && n < ORDERS_SHOWN; i++) {
		Rec__Order *order;
		int found = order_load(p->txn, p->c->arena, p->thread->orders[i], &order, e);
		if (found < 0)
			return -1;
		if (found)
			orders[n++] = &order->base;
	}
	template_data_messages(p->data, "orders", orders, n);
	/* Never the sample's order in a mail to somebody of the desk. */
	template_data_message(p->data, "order", n ? orders[0] : NULL);
	return 1;
}

/* Of the newest thread, when the object is none itself. */
static int find_thread(struct previewing *p, struct err *e)
{
	struct thread_list list = {.n = 0};
	if (p->thread || !p->customer)
		return 1;
	if (thread_of_customer(p->txn, p->c->arena, p->customer->id, 1, &list, e) < 0)
		return -1;
	p->thread = list.n ? list.items[0] : NULL;
	return 1;
}

/* What the desk has takes the place of the sample; what somebody wrote stays. */
static int preview_in(struct txn *txn, void *ctx, struct err *e)
{
	struct previewing *p = ctx;
	struct work work;
	p->txn = txn;
	p->customer = NULL, p->order = NULL, p->thread = NULL;
	if (work_init(&work, p->c->desk, p->c->arena, txn, clock_now(), e) < 0)
		return -1;
	int found = load_object(p, e);
	if (found == 0)
		return err_set(e, ERR_INPUT, "there is no %s", id_print(p->c->arena, &p->id));
	if (found < 0 || set_orders(p, e) < 0 || find_thread(p, e) < 0)
		return -1;
	template_data_shop(p->data, work.shop);
	template_data_now(p->data, work.change.now);
	template_data_message(p->data, "customer", p->customer ? &p->customer->base : NULL);
	if (p->thread)
		template_data_message(p->data, "thread", &p->thread->base);
	return 1;
}

static int take_record(struct calling *c, struct template_data *data, struct err *e)
{
	struct previewing p = {.c = c, .data = data};
	if (!call_arg(c, 1).len)
		return 1;
	if (id_parse(call_arg(c, 1), &p.id, e) < 0)
		return -1;
	if (!strchr("COT", p.id.letter))
		return err_set(e, ERR_INPUT,
			       "--data takes a customer, an order or a thread, not %.*s",
			       SLICE_ARG(call_arg(c, 1)));
	return store_run(c->desk->store, STORE_READ, preview_in, &p, e);
}

/* Whom a template writes to: words of its variables. */
static const struct {
	const char *to, *name, *address;
} recipients[] = {
	{"customer", "customer.title", "customer.email"},
	{"agent", "agent.title", "agent.address"},
	{"office", "shop.name", "shop.address"},
};
#define RECIPIENTS (sizeof(recipients) / sizeof(recipients[0]))

static struct mail_person person(struct calling *c, const struct template_set *set,
				 struct template_data *data, size_t i)
{
	return (struct mail_person){template_evaluate(set, data, recipients[i].name, c->arena),
				    template_evaluate(set, data, recipients[i].address, c->arena)};
}

static int put_mail(struct calling *c, const struct template_set *set,
		    const struct template *template, struct template_data *data,
		    const struct rendered_mail *mail, struct err *e)
{
	size_t i = 0;
	while (i < RECIPIENTS - 1 &&
	       !slice_eq(template_info(template)->to, slice_str(recipients[i].to)))
		i++;
	struct mail_person from = person(c, set, data, RECIPIENTS - 1);
	struct mail_person to = person(c, set, data, i);
	struct mail_draft draft = {
		.from = from,
		.to = to.addr.len ? &to : &from,
		.to_count = 1,
		.subject = mail->subject,
		.date = template_data_time(data),
		.message_id = SLICE("preview@postclerk.invalid"),
		.text = mail->text,
		.html = mail->html,
		.seed = 1, /* the same preview is the same bytes */
	};
	return mail_compose(&draft, &c->out, e);
}

static int put_json(struct calling *c, const struct rendered_mail *mail)
{
	struct json *object = json_new(c->arena, JSON_OBJECT);
	json_set(c->arena, object, "subject", json_new_string(c->arena, mail->subject));
	json_set(c->arena, object, "text", json_new_string(c->arena, mail->text));
	json_set(c->arena, object, "html", json_new_string(c->arena, mail->html));
	json_put(&c->out, object);
	buf_putc(&c->out, '\n');
	return 1;
}

int call_template_preview(struct calling *c, struct err *e)
{
	const struct template_set *set = fresh_set(c);
	const struct template *template;
	struct template_data *data;
	struct rendered_mail mail;
	if (template_of_file(set, call_arg(c, 0), &template, e) < 0)
		return -1;
	int sample = template_sample(template, c->arena, &data, e);
	if (sample < 0)
		return -1;
	if (sample == 0)
		data = template_data_new(c->arena, NULL);
	if (take_record(c, data, e) < 0 ||
	    template_render_mail(template, data, c->arena, &mail, e) < 0)
		return -1;
	if (slice_eq(call_arg(c, 2), SLICE("html"))) {
		buf_put(&c->out, mail.html);
		return 1;
	}
	return c->call->json ? put_json(c, &mail) : put_mail(c, set, template, data, &mail, e);
}

/* ---- gallery ---- */

int call_template_gallery(struct calling *c, struct err *e)
{
	return template_gallery(fresh_set(c), &c->out, e);
}
