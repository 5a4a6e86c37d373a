/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static const struct conf_option shop_options[] = {
	{.name = "name", .kind = CONF_STRING, .text = "Shop"},
	{.name = "zone", .kind = CONF_STRING},
	{.name = "batch", .kind = CONF_INTEGER, .number = 50, .low = 1, .high = 1000},
	{.name = "test", .kind = CONF_BOOLEAN, .number = 1},
	{.name = "languages", .kind = CONF_LIST},
	{.name = NULL},
};

static const struct conf_option mailbox_options[] = {
	{.name = "host", .kind = CONF_STRING},
	{.name = "port", .kind = CONF_INTEGER, .number = 993, .low = 1, .high = 65535},
	{.name = NULL},
};

static const struct conf_section sections[] = {
	{.name = "shop", .options = shop_options},
	{.name = "mailbox", .titled = true, .options = mailbox_options},
};

static char folder[] = "/tmp/postclerk-conf-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char path[200];
	(void)state;
	snprintf(path, sizeof(path), "%s/desk.conf", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/more.conf", folder);
	unlink(path);
	return rmdir(folder);
}

static char *write_file(const char *name, const char *content)
{
	static char path[200];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	fclose(file);
	return path;
}

static int open_text(const char *content, struct conf **conf, struct err *e)
{
	return conf_open(write_file("desk.conf", content), sections, ROWS(sections), conf, e);
}

static void defaults(void **state)
{
	struct conf *conf;
	struct err e = {0};
	(void)state;
	assert_int_equal(open_text("", &conf, &e), 1);
	assert_string_equal(conf_string(conf, "shop", 0, "name"), "Shop");
	assert_null(conf_string(conf, "shop", 0, "zone"));
	assert_true(conf_integer(conf, "shop", 0, "batch") == 50);
	assert_true(conf_boolean(conf, "shop", 0, "test"));
	assert_null(conf_item(conf, "shop", 0, "languages", 0));
	assert_int_equal(conf_count(conf, "mailbox"), 0);
	assert_null(conf_title(conf, "mailbox", 0));
	assert_null(conf_string(conf, "mailbox", 3, "host"));
	conf_close(&conf);
	assert_null(conf);
	conf_close(&conf);
}

static void values(void **state)
{
	struct conf *conf;
	struct err e = {0};
	(void)state;
	write_file("more.conf", "mailbox \"returns\" { port = 143 }\n");
	if (open_text("# the desk\n"
		      "shop { name = \"Z\xc3\xb6lle \\\"& S\xc3\xb6hne\\\"\"  batch = 7 test = no\n"
		      "  zone = Europe/Amsterdam\n"
		      "  languages = { \"en\", \"de\" } }\n"
		      "mailbox \"support\" { host = \"imap.example.org\" }\n"
		      "include(\"more.conf\")\n",
		      &conf, &e) != 1)
		fail_msg("%s", e.text);
	assert_string_equal(conf_string(conf, "shop", 0, "name"),
			    "Z\xc3\xb6lle \"& S\xc3\xb6hne\"");
	assert_string_equal(conf_string(conf, "shop", 0, "zone"), "Europe/Amsterdam");
	assert_true(conf_integer(conf, "shop", 0, "batch") == 7);
	assert_false(conf_boolean(conf, "shop", 0, "test"));
	assert_string_equal(conf_item(conf, "shop", 0, "languages", 1), "de");
	assert_null(conf_item(conf, "shop", 0, "languages", 2));
	assert_int_equal(conf_count(conf, "mailbox"), 2);
	assert_string_equal(conf_title(conf, "mailbox", 0), "support");
	assert_string_equal(conf_title(conf, "mailbox", 1), "returns");
	assert_true(conf_integer(conf, "mailbox", 0, "port") == 993);
	assert_true(conf_integer(conf, "mailbox", 1, "port") == 143);
	conf_close(&conf);
}

static void errors_name_file_and_line(void **state)
{
	static const struct {
		const char *content, *place, *says;
	} rows[] = {
		{"shop {\n nmae = \"x\"\n}\n", "desk.conf:2:", "did you mean \"name\"?"},
		{"\n\nshpo {}\n", "desk.conf:3:", "did you mean \"shop\"?"},
		{"shop {\n batch = many\n}\n", "desk.conf:2:", "batch"},
		{"shop {\n batch = 0\n}\n", "desk.conf:2:", "1 to 1000"},
		{"mailbox \"a\" {\n port = 65536\n}\n", "desk.conf:2:", "1 to 65535"},
		{"shop {\n batch = 99999999999999999999\n}\n", "desk.conf:2:", "batch"},
		{"shop {\n test = perhaps\n}\n", "desk.conf:2:", "test"},
		{"shop {\n batch =\n", "desk.conf:", ""},
		{"mailbox {\n}\n", "desk.conf:1:", "title"},
		{"mailbox \"a\" {}\nmailbox \"a\" {}\n", "desk.conf:2:", "a"},
		{"shop { name = \"open\n", "desk.conf:", ""},
		{"include(\"absent.conf\")\n", "desk.conf:1:", "absent.conf"},
		{"include(\".\")\n", "desk.conf:1:", "not a file"},
		{"include(\"bad.conf\")\n", "bad.conf:2:", "nmae"},
	};
	(void)state;
	char *bad = strdup(write_file("bad.conf", "shop {\nnmae = 1\n}\n"));
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct conf *conf = NULL;
		struct err e = {0};
		if (open_text(rows[i].content, &conf, &e) != -1)
			fail_msg("row %zu is accepted", i);
		assert_int_equal(e.class, ERR_CONFIG);
		if (!strstr(e.text, rows[i].place) || !strstr(e.text, rows[i].says))
			fail_msg("row %zu: %s", i, e.text);
		assert_null(conf);
	}
	unlink(bad);
	free(bad);
}

static void no_file(void **state)
{
	struct conf *conf = NULL;
	struct err e = {0};
	(void)state;
	assert_int_equal(conf_open("/nowhere/desk.conf", sections, ROWS(sections), &conf, &e), -1);
	assert_int_equal(e.class, ERR_CONFIG);
	assert_non_null(strstr(e.text, "/nowhere/desk.conf: No such file"));
	assert_int_equal(conf_open(folder, sections, ROWS(sections), &conf, &e), -1);
	assert_non_null(strstr(e.text, "not a file"));
}

int run_conf_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(values),
		cmocka_unit_test(errors_name_file_and_line),
		cmocka_unit_test(no_file),
	};
	return cmocka_run_group_tests_name("conf", tests, make_folder, remove_folder);
}
