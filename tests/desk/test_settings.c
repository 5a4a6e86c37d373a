/* SPDX-License-Identifier: ISC */
#include "test_desk.h"

#include "base.h"
#include "desk.h"

static int open_text(const char *dir, const char *text, struct conf **conf, struct err *e)
{
	write_file(dir, DESK_CONF_FILE, text);
	*conf = NULL;
	return desk_settings_open(dir, conf, e);
}

static void settings_defaults(void **state)
{
	char dir[4096];
	struct conf *conf;
	struct err e = {ERR_NONE, ""};
	(void)state;
	make_dir(dir, sizeof(dir));
	assert_int_equal(open_text(dir, "", &conf, &e), 1);
	assert_int_equal(conf_count(conf, "mailbox"), 0);
	assert_string_equal(conf_string(conf, "desk", 0, "desk-extension"), "desk");
	assert_string_equal(conf_string(conf, "desk", 0, "queue"), "inbox");
	assert_int_equal(conf_integer(conf, "desk", 0, "tries"), 3);
	assert_false(conf_boolean(conf, "desk", 0, "new-customers"));
	assert_null(conf_item(conf, "authority", 0, "authserv-id", 0));
	assert_string_equal(conf_item(conf, "desk", 0, "order-patterns", 0), "\\bO([0-9]{5,9})\\b");
	conf_close(&conf);
	discard_dir(dir);
}

static void settings_taken(void **state)
{
	char dir[4096];
	struct conf *conf;
	struct err e = {ERR_NONE, ""};
	(void)state;
	make_dir(dir, sizeof(dir));
	assert_int_equal(open_text(dir,
				   "authority { authserv-id = {\"a.example\", \"b.example\"} }\n"
				   "mailbox \"one\" {\n host = \"imap.example\"\n}\n"
				   "mailbox \"two\" {\n host = \"localhost\"\n tls = \"none\"\n"
				   " after = \"move\"\n port = 1143\n}\n"
				   "smtp { host = \"127.0.0.1\" tls = \"none\" connections = 4 }\n",
				   &conf, &e),
			 1);
	assert_int_equal(conf_count(conf, "mailbox"), 2);
	assert_string_equal(conf_title(conf, "mailbox", 1), "two");
	assert_string_equal(conf_string(conf, "mailbox", 0, "tls"), "implicit");
	assert_string_equal(conf_string(conf, "mailbox", 1, "after"), "move");
	assert_int_equal(conf_integer(conf, "mailbox", 1, "port"), 1143);
	assert_int_equal(conf_integer(conf, "smtp", 0, "connections"), 4);
	assert_string_equal(conf_item(conf, "authority", 0, "authserv-id", 1), "b.example");
	conf_close(&conf);
	discard_dir(dir);
}

/* One clear sentence, with the file, and the line where there is one. */
static void settings_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"desk {\n\tqueue = \"a\"\n\tqueu = \"b\"\n}\n", "postclerk.conf:3"},
		{"desk {\n\ttries = 0\n}\n", "tries"},
		{"desk {\n\ttries = many\n}\n", "postclerk.conf:2"},
		{"mailbox \"m\" {\n\thost = \"imap.example\"\n\ttls = \"maybe\"\n}\n",
		 "it must be implicit, starttls or none"},
		{"mailbox \"m\" {\n\thost = \"imap.example\"\n\tafter = \"delete\"\n}\n",
		 "it must be keyword, move or nothing"},
		{"mailbox \"m\" {\n}\n", "mailbox \"m\" has no host"},
		{"mailbox \"m\" {\n\thost = \"imap.example\"\n\ttls = \"none\"\n}\n",
		 "for hosts on loopback only"},
		{"smtp {\n\thost = \"127.0.0.1.example\"\n\ttls = \"none\"\n}\n",
		 "for hosts on loopback only"},
		{"smtp {\n\thost = \"smtp.example\"\n\tport = 70000\n}\n", "port"},
		{"post {\n}\n", "postclerk.conf:1"},
	};
	char dir[4096];
	(void)state;
	make_dir(dir, sizeof(dir));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct conf *conf;
		struct err e = {ERR_NONE, ""};
		int result = open_text(dir, rows[i].text, &conf, &e);
		if (result != -1 || e.class != ERR_CONFIG || !strstr(e.text, rows[i].says) ||
		    !strstr(e.text, DESK_CONF_FILE))
			fail_msg("row %zu: %d \"%s\", not \"%s\"", i, result, e.text, rows[i].says);
		assert_null(conf);
	}
	discard_dir(dir);
}

static void settings_missing_file(void **state)
{
	char dir[4096];
	struct conf *conf = NULL;
	struct err e = {ERR_NONE, ""};
	(void)state;
	make_dir(dir, sizeof(dir));
	assert_int_equal(desk_settings_open(dir, &conf, &e), -1);
	assert_int_equal(e.class, ERR_CONFIG);
	assert_non_null(strstr(e.text, DESK_CONF_FILE));
	discard_dir(dir);
}

int run_settings_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_defaults),
		cmocka_unit_test(settings_taken),
		cmocka_unit_test(settings_refused),
		cmocka_unit_test(settings_missing_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
