/* SPDX-License-Identifier: ISC */
#include "desk_place.h"

#include <stdio.h>

#include "record/agent.h"
#include "record/import.h"

char place_dir[4096];
struct desk *place_desk;

struct step {
	void (*run)(struct work *work, const void *row);
	const void *row;
};

/* Why the row failed; to be told outside the transaction, which a test must not leave. */
static char complaint[4096];

void place_complain(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(complaint, sizeof(complaint), format, args);
	va_end(args);
}

static int run_step(struct txn *txn, void *ctx, struct err *e)
{
	const struct step *step = ctx;
	struct work work;
	assert_int_equal(work_init(&work, place_desk, txn_arena(txn), txn, NOW, e), 1);
	step->run(&work, step->row);
	return 1;
}

void place_run(void (*run)(struct work *work, const void *row), const void *row)
{
	struct step step = {run, row};
	struct err e = {ERR_NONE, ""};
	complaint[0] = '\0';
	if (store_run(place_desk->store, STORE_DEFERRED, run_step, &step, &e) != 1)
		fail_msg("%s", e.text);
	if (complaint[0])
		fail_msg("%s", complaint);
}

static void fill(struct work *work, const void *row)
{
	static const char *const records[] = {
		"{\"type\":\"customer\",\"id\":\"C10001\",\"name\":\"Erika\",\"emails\":[\"erika@a."
		"example\",\"erika@work.example\"]}",
		"{\"type\":\"customer\",\"id\":\"C10002\",\"name\":\"John\",\"emails\":[\"john@b."
		"example\"]}",
		"{\"type\":\"order\",\"id\":\"O10001\",\"customer\":\"C10001\",\"currency\":"
		"\"EUR\",\"external_ids\":[{\"channel\":\"amazon\",\"value\":\"026-1234567-"
		"7654321\"}],"
		"\"tracking\":[{\"carrier\":\"ups\",\"code\":\"1Z999AA10123456784\"}]}",
		"{\"type\":\"order\",\"id\":\"O10002\",\"customer\":\"C10002\",\"currency\":"
		"\"EUR\"}",
		"{\"type\":\"thread\",\"id\":\"T10001\",\"customer\":\"C10001\",\"participants\":["
		"\"erika@a.example\"]}",
		"{\"type\":\"thread\",\"id\":\"T10002\",\"customer\":\"C10001\",\"subject\":"
		"\"Broken cup\",\"participants\":[\"erika@a.example\"]}",
		"{\"type\":\"thread\",\"id\":\"T10003\",\"customer\":\"C10001\",\"subject\":"
		"\"Blue pot\",\"participants\":[\"erika@a.example\"]}",
		"{\"type\":\"thread\",\"id\":\"T10004\",\"state\":\"merged\",\"merged_into\":"
		"\"T10001\",\"customer\":\"C10001\",\"participants\":[\"erika@a.example\"]}",
		"{\"type\":\"message\",\"id\":2,\"thread\":\"T10002\",\"from\":\"erika@a.example\","
		"\"message_id\":\"old@a.example\",\"subject\":\"Re: [shop] Broken cup\","
		"\"created_at\":\"2026-01-01T10:00:00Z\"}",
		"{\"type\":\"message\",\"id\":3,\"thread\":\"T10003\",\"from\":\"erika@a.example\","
		"\"message_id\":\"recent@a.example\",\"subject\":\"Blue pot\","
		"\"created_at\":\"2026-02-20T10:00:00Z\"}",
		"{\"type\":\"message\",\"id\":4,\"thread\":\"T10004\",\"from\":\"erika@a.example\","
		"\"message_id\":\"merged@a.example\"}",
		"{\"type\":\"message\",\"id\":1,\"thread\":\"T10001\",\"from\":\"erika@a.example\","
		"\"message_id\":\"first@a.example\"}",
	};
	(void)row;
	for (int i = 0; i < 2; i++) {
		Rec__Agent agent;
		struct err e = {ERR_NONE, ""};
		rec__agent__init(&agent);
		agent.name = arena_str(work->arena, i ? SLICE("bob") : SLICE("ann"));
		agent.address = arena_printf(work->arena, "%s@shop.example", agent.name);
		agent.role = i ? REC__ROLE__ROLE_ADMIN : REC__ROLE__ROLE_AGENT;
		if (agent_add(&work->change, &agent, &e) != 1)
			place_complain("%s", e.text);
	}
	for (size_t i = 0; i < ROWS(records); i++) {
		struct json *object;
		enum import_result result;
		struct err e = {ERR_NONE, ""};
		if (json_parse(work->arena, slice_str(records[i]), &object, &e) != 1 ||
		    record_import_object(&work->change, object, &result, &e) < 0)
			place_complain("%s: %s", records[i], e.text);
	}
}

int place_open(void **state)
{
	struct desk_shop shop = {SLICE("Tea & Tin"), SLICE("support@shop.example"), SLICE("en"),
				 SLICE("EUR"), SLICE("UTC")};
	struct err e = {ERR_NONE, ""};
	char templates[4096];
	const char *srcdir = getenv("srcdir");
	(void)state;
	clock_set(NOW);
	snprintf(templates, sizeof(templates), "%s/templates", srcdir ? srcdir : ".");
	setenv("POSTCLERK_TEMPLATES", templates, 0);
	make_dir(place_dir, sizeof(place_dir));
	if (desk_create(place_dir, &shop, &e) != 1)
		fail_msg("%s", e.text);
	write_file(place_dir, DESK_CONF_FILE,
		   "authority { authserv-id = {\"desk.test\"} border = \"desk.test\" }\n"
		   "shop \"support@shop.example\" { foreign-patterns = {\"(z+)+\\\\d\"} }\n"
		   "shop \"else@shop.example\" { foreign-patterns = {\"O(10002)\"} }\n");
	if (desk_open(place_dir, &place_desk, &e) != 1)
		fail_msg("%s", e.text);
	place_run(fill, NULL);
	return 0;
}

int place_close(void **state)
{
	(void)state;
	desk_close(&place_desk);
	discard_dir(place_dir);
	return 0;
}

/* ---- mails with tokens in them ---- */

/* "{ann}" and the like in a mail stand for these addresses. */
static const struct {
	const char *word;
	struct token token;
} addresses[] = {
	{"{ann}", {TOKEN_PUBLIC, 1, 10001, 1, NOW + TOKEN_DAYS * 86400}},
	{"{note}", {TOKEN_NOTE, 1, 10001, 1, NOW + TOKEN_DAYS * 86400}},
	{"{bob}", {TOKEN_PUBLIC, 2, 10001, 1, NOW + TOKEN_DAYS * 86400}},
	{"{late}", {TOKEN_PUBLIC, 1, 10001, 1, NOW - 1}},
	{"{old}", {TOKEN_PUBLIC, 1, 10001, 1, NOW + (TOKEN_DAYS - 1) * 86400}},
	{"{bounce}", {TOKEN_BOUNCE, 1, 10001, 1, NOW + TOKEN_DAYS * 86400}},
};

static void put_word(struct buf *out, struct slice *rest)
{
	for (size_t i = 0; i < ROWS(addresses); i++) {
		struct slice word = slice_str(addresses[i].word);
		if (!slice_starts(*rest, word))
			continue;
		token_put_address(out, &place_desk->keys, &addresses[i].token,
				  SLICE("support@shop.example"));
		*rest = slice_sub(*rest, word.len, rest->len);
		return;
	}
	if (slice_starts(*rest, SLICE("{id}"))) {
		token_put_message_id(out, &place_desk->keys, 10001, 5,
				     SLICE("support@shop.example"));
		*rest = slice_sub(*rest, 4, rest->len);
		return;
	}
	buf_putc(out, rest->ptr[0]);
	*rest = slice_sub(*rest, 1, rest->len);
}

struct slice place_raw(struct arena *a, const char *text)
{
	struct buf raw;
	struct slice rest = slice_str(text);
	buf_init(&raw, 1 << 20);
	while (rest.len)
		put_word(&raw, &rest);
	struct slice bytes = arena_copy(a, buf_slice(&raw));
	buf_release(&raw);
	return bytes;
}

struct mail *place_mail(struct work *work, const char *text)
{
	struct mail *mail;
	struct err e = {ERR_NONE, ""};
	if (mail_parse(work->arena, place_raw(work->arena, text), NULL, &mail, &e) != 1)
		place_complain("%s", e.text);
	return mail;
}
