/* SPDX-License-Identifier: ISC */
#include "command.h"
#include "groups.h"
#include "record/import_queue.h"

#define GOOD "{\"type\":\"customer\",\"name\":\"Pat\",\"emails\":[\"pat@example.org\"]}\n"

#define FILE_OF(file_name, file_media, text)                                                       \
	{                                                                                          \
		.name = SLICE(file_name), .media = SLICE(file_media), .bytes = SLICE(text)         \
	}

static const struct import_case {
	const char *label;
	Rec__Role role;
	unsigned missing_proofs;
	const char *text;
	struct command_file files[2];
	size_t n_files;
	enum err_class class; /* ERR_NONE: it is done */
	const char *words;
} cases[] = {
	{"import",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import",
	 {FILE_OF("a.jsonl", "text/plain", GOOD)},
	 1,
	 ERR_NONE,
	 "OK 1 record of a.jsonl (jsonl) is imported next; a report follows when it is done\n"},
	{"import tells of what cannot be read",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import",
	 {FILE_OF("a.jsonl", "text/plain", GOOD "x\n" GOOD)},
	 1,
	 ERR_NONE,
	 "OK 2 records of a.jsonl (jsonl) are imported next; a report follows when it is done; 1 "
	 "cannot be read, the first: line 2: "},
	{"import of two files",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import",
	 {FILE_OF("a.jsonl", "text/plain", GOOD), FILE_OF("b.jsonl", "text/plain", GOOD)},
	 2,
	 ERR_NONE,
	 "OK 2 records of a.jsonl (jsonl), b.jsonl (jsonl) are"},
	{"import leaves out a logo",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import format=jsonl",
	 {FILE_OF("logo.png", "image/png", "\x89PNG"), FILE_OF("b.jsonl", "text/plain", GOOD)},
	 2,
	 ERR_NONE,
	 "OK 1 record of b.jsonl (jsonl) is"},
	{"import is for admins",
	 REC__ROLE__ROLE_AGENT,
	 0,
	 "#import",
	 {FILE_OF("a.jsonl", "text/plain", GOOD)},
	 1,
	 ERR_DENIED,
	 "#import is for admin"},
	{"import is for admins, not accounting",
	 REC__ROLE__ROLE_ACCOUNTING,
	 0,
	 "#import",
	 {FILE_OF("a.jsonl", "text/plain", GOOD)},
	 1,
	 ERR_DENIED,
	 "#import is for admin"},
	{"import needs a fresh proof",
	 REC__ROLE__ROLE_ADMIN,
	 COMMAND_I3_FRESH,
	 "#import",
	 {FILE_OF("a.jsonl", "text/plain", GOOD)},
	 1,
	 ERR_DENIED,
	 "#import needs I3"},
	{"import without a file",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import",
	 {{.missing = false}},
	 0,
	 ERR_INPUT,
	 "attach it to the mail; on the command line `postclerk import FILE` does it"},
	{"import of a logo",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import",
	 {FILE_OF("logo.png", "image/png", "\x89PNG")},
	 1,
	 ERR_INPUT,
	 "there is no file to import"},
	{"import of no format",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import",
	 {FILE_OF("a.txt", "text/plain", "Dear all\n")},
	 1,
	 ERR_INPUT,
	 "a.txt is of no format that is known"},
	{"import of an empty file",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import format=jsonl",
	 {FILE_OF("a.jsonl", "text/plain", "")},
	 1,
	 ERR_INPUT,
	 "there is nothing to import: the file is empty"},
	{"import of nothing good",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import format=jsonl",
	 {FILE_OF("a.jsonl", "text/plain", "x\n")},
	 1,
	 ERR_INPUT,
	 "there is nothing to import: line 1: "},
	{"import of another format",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import format=woocommerce-json",
	 {FILE_OF("a.json", "text/plain", "hello")},
	 1,
	 ERR_INPUT,
	 "a.json: "},
	{"import of what came in part",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import",
	 {{.name = SLICE("a.jsonl"), .media = SLICE("text/plain"), .missing = true}},
	 1,
	 ERR_INPUT,
	 "a.jsonl is too large to come by mail"},
	{"import twice at once",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import\n#import",
	 {FILE_OF("a.jsonl", "text/plain", GOOD)},
	 1,
	 ERR_INPUT,
	 "your import of a.jsonl is not done yet"},
	{"import format",
	 REC__ROLE__ROLE_ADMIN,
	 0,
	 "#import format=excel",
	 {FILE_OF("a.jsonl", "text/plain", GOOD)},
	 1,
	 ERR_INPUT,
	 "excel"},
};

static const struct import_case *at_hand;

static void run_case(struct change *ch)
{
	struct command_block *block;
	struct command_result result;
	struct err e = {ERR_NONE, ""};
	Rec__Import *waiting;
	struct command_context ctx = {
		.change = ch,
		.proofs = (COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN | COMMAND_I2_TRANSPORT |
			   COMMAND_I3_FRESH) &
			  ~at_hand->missing_proofs,
		.files = at_hand->files,
		.n_files = at_hand->n_files,
	};
	ch->role = at_hand->role;
	assert_int_equal(command_parse(ch->arena, slice_str(at_hand->text), &block, NULL), 1);
	int got = command_run(&ctx, block, &result, &e);
	if (slice_find(result.transcript, slice_str(at_hand->words)) < 0)
		fail_msg("%s: \"%s\" is not in: %.*s", at_hand->label, at_hand->words,
			 SLICE_ARG(result.transcript));
	assert_int_equal(got, at_hand->class ? -1 : 1);
	if (at_hand->class) {
		assert_int_equal(e.class, at_hand->class);
		return;
	}
	assert_int_equal(import_queue_load(ch->txn, ch->arena, ch->agent, &waiting, &e), 1);
	assert_int_equal(waiting->parts, waiting->n_files);
}

static void test_import_by_mail(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		at_hand = &cases[i];
		fixture_try(state, run_case);
	}
}

int run_import_command_tests(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_import_by_mail)};
	return cmocka_run_group_tests_name("import command", tests, fixture_setup,
					   fixture_teardown);
}
