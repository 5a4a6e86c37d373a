/* SPDX-License-Identifier: ISC */
#include "calls.h"
#include "command.h"
#include "record/demo.h"

#define LINE_MAX_BYTES (1 << 16)
#define DEMO_SLICE_MS 700 /* of one call: so the other end sees it move on */

/* ---- lists ---- */

static bool is_name(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!((text.ptr[i] >= 'a' && text.ptr[i] <= 'z') || text.ptr[i] == '_'))
			return false;
	return text.len > 0;
}

/* A word of the shell as a word of a command: what is in it stands in quotes. */
static void put_word(struct buf *out, struct slice word)
{
	ptrdiff_t equals = slice_chr(word, '=');
	if (equals > 0 && is_name(slice_sub(word, 0, (size_t)equals))) {
		buf_put(out, slice_sub(word, 0, (size_t)equals + 1));
		word = slice_sub(word, (size_t)equals + 1, word.len);
	}
	buf_putc(out, '"');
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		if (c == '"' || c == '\\')
			buf_putc(out, '\\');
		buf_putc(out, (unsigned char)c < ' ' ? ' ' : c);
	}
	buf_putc(out, '"');
}

static int list_in(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	struct change change;
	struct buf line;
	struct command_context command = {.change = &change, .json = c->call->json};
	change_init(&change, txn, c->arena, clock_now());
	change.role = REC__ROLE__ROLE_SYSTEM;
	change.actor = SLICE("command line");
	buf_clear(&c->out);
	buf_init(&line, LINE_MAX_BYTES);
	buf_printf(&line, "#%.*s", SLICE_ARG(call_arg(c, 0)));
	for (size_t i = 1; i < c->call->n_args; i++) {
		buf_putc(&line, ' ');
		put_word(&line, call_arg(c, i));
	}
	int result = buf_failed(&line) ? err_set(e, ERR_INPUT, "that is too long a command")
				       : command_read(&command, buf_slice(&line), &c->out, e);
	buf_release(&line);
	return result;
}

int call_list(struct calling *c, struct err *e)
{
	return store_run(c->desk->store, STORE_SCAN, list_in, c, e);
}

/* ---- the demonstration shop ---- */

struct making {
	struct calling *c;
	struct demo demo;
	uint64_t next;
	int more;
};

static int demo_in(struct txn *txn, void *ctx, struct err *e)
{
	struct making *making = ctx;
	struct change change;
	uint64_t next = making->next;
	change_init(&change, txn, txn_arena(txn), DEMO_NOW);
	change.actor = SLICE("demo");
	change.role = REC__ROLE__ROLE_SYSTEM;
	making->more = demo_make(&change, &making->demo, &next, e);
	/* A try that is made again begins where this one did. */
	if (making->more < 0)
		return -1;
	making->c->done = next;
	return 1;
}

/* CUSTOMERS ORDERS SEED NEXT: some transactions; the answer is the next NEXT, or nothing. */
int call_demo(struct calling *c, struct err *e)
{
	struct making making = {.c = c, .more = 1};
	int64_t start = clock_mono_ms();
	if (!slice_u64(call_arg(c, 0), &making.demo.customers) ||
	    !slice_u64(call_arg(c, 1), &making.demo.orders) ||
	    !slice_u64(call_arg(c, 2), &making.demo.seed) ||
	    !slice_u64(call_arg(c, 3), &making.next))
		return err_set(e, ERR_INPUT, "customers, orders and seed must be numbers");
	while (making.more && clock_mono_ms() - start < DEMO_SLICE_MS) {
		if (store_run(c->desk->store, STORE_DEFERRED, demo_in, &making, e) < 0)
			return -1;
		making.next = c->done;
		store_checkpoint(c->desk->store, NULL);
	}
	if (making.more)
		buf_printf(&c->out, "%llu", (unsigned long long)making.next);
	else if (store_flush(c->desk->store, e) < 0)
		return -1;
	return 1;
}
