/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "attach.h"
#include "calls.h"
#include "command.h"
#include "content.h"
#include "record/agent.h"
#include "record/customer.h"
#include "record/id.h"
#include "record/import.h"
#include "record/order.h"
#include "record/thread.h"
#include "record/verify.h"
#include "requests.h"

#define OUTPUT_MAX (48u << 20)
#define EXPORT_PAGE (4u << 20) /* bytes behind which an export goes on in the next answer */

static int begin(struct calling *c, struct txn *txn, struct work *work, struct err *e)
{
	return work_init(work, c->desk, c->arena, txn, clock_now(), e);
}

/* ---- do ---- */

static int find_agent(struct calling *c, struct txn *txn, Rec__Agent **agent, struct err *e)
{
	int found = agent_find_name(txn, c->arena, call_arg(c, 1), agent, e);
	if (found == 0 || (found == 1 && (*agent)->inactive))
		return err_set(e, ERR_INPUT,
			       "there is no agent \"%.*s\": `postclerk agent list` names them",
			       SLICE_ARG(call_arg(c, 1)));
	return found;
}

static int find_thread(struct calling *c, struct txn *txn, Rec__Thread **thread, struct err *e)
{
	struct id id;
	*thread = NULL;
	if (!call_arg(c, 2).len)
		return 1;
	if (id_parse(call_arg(c, 2), &id, e) < 0)
		return -1;
	int found = id.letter == 'T' ? thread_load(txn, c->arena, id.number, thread, e) : 0;
	if (found == 0)
		return err_set(e, ERR_INPUT, "there is no thread %.*s", SLICE_ARG(call_arg(c, 2)));
	return found;
}

static int do_in(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	struct work *work = ARENA_NEW(c->arena, struct work);
	struct run *run = ARENA_NEW(c->arena, struct run);
	Rec__Agent *agent;
	struct command_block *block;
	c->run = NULL;
	*run = (struct run){
		.work = work,
		/* The command line proves its user as a login and a fresh proof would. */
		.proofs = COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN | COMMAND_I2_TRANSPORT |
			  COMMAND_I3_FRESH,
		.whoami = SLICE("The command line: the user who owns the desk counts as proved "
				"(I0 to I3).\n"),
	};
	if (begin(c, txn, work, e) < 0 || find_agent(c, txn, &agent, e) < 0 ||
	    find_thread(c, txn, &run->thread, e) < 0 ||
	    command_parse(c->arena, call_arg(c, 0), &block, e) < 0)
		return -1;
	if (!block->present && !run->thread)
		return err_set(
			e, ERR_INPUT,
			"there is no command in it: a command begins with #, `#help` lists them");
	work->change.agent = agent->id;
	work->change.actor = slice_str(agent->name);
	work->change.role = agent->role;
	run->agent = agent;
	run->block = block;
	c->run = run;
	return run_block(run, e);
}

static int call_do(struct calling *c, struct err *e)
{
	int result = store_run(c->desk->store, STORE_DURABLE, do_in, c, e);
	/* What the store could not keep did not happen, whatever the run says of itself. */
	if (!c->run || (result < 0 && e->class == ERR_TEMP))
		return result;
	buf_put(&c->out, c->run->transcript);
	/* A preview is rolled back, and is what was asked for. */
	if (result < 0 && c->run->preview && !c->run->refused)
		return 1;
	if (result < 0 && c->run->refused)
		e->class = ERR_INPUT;
	return result;
}

/* ---- show ---- */

/* The object as programs read it: a line of export with its schema's names. */
static int show_json(struct calling *c, struct txn *txn, const struct id *id, struct err *e)
{
	const ProtobufCMessage *message = NULL;
	Rec__Customer *customer;
	Rec__Order *order;
	Rec__Thread *thread;
	int found = 0;
	if (id->letter == 'C' &&
	    (found = customer_load(txn, c->arena, id->number, &customer, e)) == 1)
		message = &customer->base;
	else if (id->letter == 'O' &&
		 (found = order_load(txn, c->arena, id->number, &order, e)) == 1)
		message = &order->base;
	else if (id->letter == 'T' &&
		 (found = thread_load(txn, c->arena, id->number, &thread, e)) == 1)
		message = &thread->base;
	if (!message)
		return found;
	json_put(&c->out, schema_to_json(c->arena, message));
	buf_putc(&c->out, '\n');
	return 1;
}

static int show_in(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	struct id id;
	buf_clear(&c->out);
	if (id_parse(call_arg(c, 0), &id, e) < 0)
		return -1;
	int found = c->call->json ? show_json(c, txn, &id, e)
				  : command_card(txn, c->arena, &id, &c->out, e);
	if (found == 0)
		return err_set(e, ERR_INPUT, "there is no %.*s", SLICE_ARG(call_arg(c, 0)));
	return found;
}

static int call_show(struct calling *c, struct err *e)
{
	return store_run(c->desk->store, STORE_READ, show_in, c, e);
}

/* ---- import and export ---- */

struct import_line {
	struct calling *c;
	struct slice text;
	struct import_outcome outcome;
	int64_t number; /* of the line in a file of another system; 0: of this one */
};

static int import_in(struct txn *txn, void *ctx, struct err *e)
{
	struct import_line *line = ctx;
	struct change ch;
	struct json *object;
	change_init(&ch, txn, txn_arena(txn), clock_now());
	ch.actor = SLICE("import");
	if (json_parse(txn_arena(txn), line->text, &object, e) < 0)
		return -1;
	const struct json *number = json_get(object, SLICE("line"));
	line->number = number && number->kind == JSON_INTEGER ? number->integer : 0;
	int result = record_import(&ch, object, &line->outcome, e);
	line->outcome.remark = arena_copy(line->c->arena, line->outcome.remark);
	return result;
}

static void count(struct calling *c, struct json *report, const char *name, uint64_t n)
{
	json_set(c->arena, report, name, json_new_integer(c->arena, (int64_t)n));
}

static void put_problem(struct calling *c, struct json *list, uint64_t line, const char *name,
			struct slice text)
{
	struct json *problem = json_add(list, json_new(c->arena, JSON_OBJECT));
	count(c, problem, "line", line);
	json_set(c->arena, problem, name, json_new_string(c->arena, text));
}

/* Each line is a transaction of its own: a bad one is reported, the others stand. */
static int call_import(struct calling *c, struct err *e)
{
	struct slice rest = slice_of(c->call->input.data, c->call->input.len), text;
	struct json *report = json_new(c->arena, JSON_OBJECT);
	struct json *errors = json_new(c->arena, JSON_ARRAY);
	struct json *remarks = json_new(c->arena, JSON_ARRAY);
	uint64_t counts[3] = {0}, first = 1, n = 0;
	slice_u64(call_arg(c, 0), &first);
	while (slice_line(&rest, &text)) {
		struct import_line line = {.c = c, .text = text};
		struct err failed = {ERR_NONE, ""};
		uint64_t number = first + n++;
		if (!slice_trim(text).len)
			continue;
		int result = store_run(c->desk->store, STORE_DEFERRED, import_in, &line, &failed);
		if (line.number > 0)
			number = (uint64_t)line.number;
		if (result >= 0) {
			counts[line.outcome.result]++;
			if (line.outcome.remark.len)
				put_problem(c, remarks, number, "remark", line.outcome.remark);
			continue;
		}
		if (failed.class != ERR_INPUT && failed.class != ERR_DENIED) {
			*e = failed;
			return -1;
		}
		put_problem(c, errors, number, "error", slice_str(failed.text));
	}
	count(c, report, "created", counts[IMPORT_CREATED]);
	count(c, report, "updated", counts[IMPORT_UPDATED]);
	count(c, report, "unchanged", counts[IMPORT_UNCHANGED]);
	json_set(c->arena, report, "errors", errors);
	json_set(c->arena, report, "remarks", remarks);
	json_put(&c->out, report);
	return 1;
}

static int put_object(void *ctx, const struct json *object, struct err *e)
{
	struct calling *c = ctx;
	json_put(&c->out, object);
	buf_putc(&c->out, '\n');
	if (buf_failed(&c->out))
		return err_set(e, ERR_TEMP, "an object is too large to export");
	return c->out.len < EXPORT_PAGE;
}

static struct slice place_text(struct calling *c, const struct record_place *place)
{
	struct store_key text = {.len = 0};
	store_key_u8(&text, (uint8_t)place->table);
	store_key_bytes(&text, store_key_slice(&place->from));
	return arena_copy(c->arena, store_key_slice(&text));
}

/* A page: the place where it begins came with the call, the next one goes with the answer. */
static int export_in(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	struct slice from = slice_of(c->call->input.data, c->call->input.len);
	struct record_place place = {.table = 0};
	uint8_t table;
	buf_clear(&c->out);
	if (store_key_take_u8(&from, &table)) {
		place.table = table;
		store_key_bytes(&place.from, from);
	}
	int result = record_export(txn, &place, put_object, c, e);
	struct slice next = result == 0 ? place_text(c, &place) : SLICE("");
	c->reply->next.len = next.len;
	memcpy(&c->reply->next.data, &next.ptr, sizeof(next.ptr));
	return result;
}

static int call_export(struct calling *c, struct err *e)
{
	return store_run(c->desk->store, STORE_SCAN, export_in, c, e);
}

/* ---- agents ---- */

static int agent_add_in(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	struct work work;
	Rec__Agent agent;
	rec__agent__init(&agent);
	agent.name = arena_str(c->arena, call_arg(c, 0));
	agent.address = arena_str(c->arena, call_arg(c, 1));
	agent.full_name = arena_str(c->arena, call_arg(c, 3).len ? call_arg(c, 3) : call_arg(c, 0));
	agent.language = arena_str(c->arena, call_arg(c, 4));
	if (begin(c, txn, &work, e) < 0 || agent_role_find(call_arg(c, 2), &agent.role, e) < 0 ||
	    agent_add(&work.change, &agent, e) < 0)
		return -1;
	buf_clear(&c->out);
	buf_printf(&c->out, "agent %s <%s> is there now\n", agent.name, agent.address);
	return 1;
}

static int call_agent_add(struct calling *c, struct err *e)
{
	return store_run(c->desk->store, STORE_DURABLE, agent_add_in, c, e);
}

static int agent_list_in(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	struct agent_list list;
	buf_clear(&c->out);
	if (agent_list(txn, c->arena, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		const Rec__Agent *agent = list.items[i];
		if (c->call->json) {
			json_put(&c->out, schema_to_json(c->arena, &agent->base));
			buf_putc(&c->out, '\n');
			continue;
		}
		buf_printf(&c->out, "%-16s %-32s %.*s%s\n", agent->name, agent->address,
			   SLICE_ARG(agent_role_text(agent->role)),
			   agent->inactive ? " (has left)" : "");
	}
	return 1;
}

static int call_agent_list(struct calling *c, struct err *e)
{
	return store_run(c->desk->store, STORE_READ, agent_list_in, c, e);
}

static int agent_revoke_in(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	struct work work;
	Rec__Agent *agent;
	if (begin(c, txn, &work, e) < 0)
		return -1;
	int found = agent_find_name(txn, c->arena, call_arg(c, 0), &agent, e);
	if (found == 0)
		return err_set(e, ERR_INPUT, "there is no agent \"%.*s\"",
			       SLICE_ARG(call_arg(c, 0)));
	if (found < 0 ||
	    agent_revoke(&work.change, agent->id, slice_eq(call_arg(c, 1), SLICE("leave")), e) < 0)
		return -1;
	buf_clear(&c->out);
	buf_printf(&c->out, "every reply address of %s is worthless from now on\n", agent->name);
	return 1;
}

static int call_agent_revoke(struct calling *c, struct err *e)
{
	return store_run(c->desk->store, STORE_DURABLE, agent_revoke_in, c, e);
}

/* ---- care ---- */

static int call_tick(struct calling *c, struct err *e)
{
	int mails = desk_work(c->desk, INT32_MAX, e);
	int jobs = mails < 0 ? -1 : desk_tick(c->desk, INT32_MAX, e);
	if (jobs < 0)
		return -1;
	buf_printf(&c->out, "%d mails processed, %d jobs done\n", mails, jobs);
	return 1;
}

static void put_finding(void *ctx, const char *finding)
{
	struct calling *c = ctx;
	c->findings++;
	buf_printf(&c->out, "%s\n", finding);
}

/* What was switched off is no finding, but whoever looks wants to know it. */
static int put_patterns(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	buf_clear(&c->out);
	return patterns_report(txn, c->desk, &c->out, e);
}

static int call_fsck(struct calling *c, struct err *e)
{
	if (store_run(c->desk->store, STORE_READ, put_patterns, c, e) < 0 ||
	    record_verify(c->desk->store, put_finding, c, e) < 0 ||
	    content_verify(c->desk->store, attach_owner_exists, put_finding, c, e) < 0)
		return -1;
	if (c->findings)
		return err_set(e, ERR_INPUT, "%llu findings", (unsigned long long)c->findings);
	buf_puts(&c->out, "the record agrees with itself\n");
	return 1;
}

/* ---- the table ---- */

static const struct {
	const char *name;
	int (*answer)(struct calling *c, struct err *e);
} calls[] = {
	{"do", call_do},
	{"show", call_show},
	{"import", call_import},
	{"export", call_export},
	{"agent-add", call_agent_add},
	{"agent-list", call_agent_list},
	{"agent-revoke", call_agent_revoke},
	{"list", call_list},
	{"demo-data", call_demo},
	{"tick", call_tick},
	{"fsck", call_fsck},
	{"quarantine", call_quarantine},
	{"reprocess", call_reprocess},
	{"template-check", call_template_check},
	{"template-vars", call_template_vars},
	{"template-preview", call_template_preview},
	{"template-gallery", call_template_gallery},
	{"table", call_table},
};

int call_answer(struct desk *desk, const Rpc__Call *call, struct arena *a, Rpc__Reply *reply,
		struct err *e)
{
	struct calling c = {.desk = desk, .arena = a, .call = call, .reply = reply};
	int result = 0;
	bool known = false;
	buf_init(&c.out, OUTPUT_MAX);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]) && !known; i++) {
		known = strcmp(calls[i].name, call->name) == 0;
		if (known)
			result = calls[i].answer(&c, e);
	}
	if (!known)
		result = err_set(e, ERR_CONFIG, "the desk does not know the call \"%s\"",
				 call->name);
	struct slice output = arena_copy(a, buf_slice(&c.out));
	memcpy(&reply->output.data, &output.ptr, sizeof(output.ptr));
	reply->output.len = output.len;
	buf_release(&c.out);
	return result;
}
