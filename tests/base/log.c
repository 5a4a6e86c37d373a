/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <unistd.h>

#include "check.h"

/* What a call writes to standard error. */
struct capture {
	FILE *file;
	int saved;
	char text[70000];
};

static void capture_start(struct capture *c)
{
	c->file = tmpfile();
	assert_non_null(c->file);
	fflush(stderr);
	c->saved = dup(STDERR_FILENO);
	dup2(fileno(c->file), STDERR_FILENO);
}

static void capture_end(struct capture *c)
{
	dup2(c->saved, STDERR_FILENO);
	close(c->saved);
	rewind(c->file);
	c->text[fread(c->text, 1, sizeof(c->text) - 1, c->file)] = '\0';
	fclose(c->file);
}

#define START "2026-03-01T10:00:00Z level=info process=test event=x"

static void lines(void **state)
{
	static const struct {
		struct slice value;
		const char *line;
	} rows[] = {
		{SLICE("plain"), START " v=\"plain\"\n"},
		{SLICE(""), START " v=\"\"\n"},
		{SLICE("a\nb\r\nevent=forged"), START " v=\"a\\nb\\r\\nevent=forged\"\n"},
		{SLICE("a\" event=\"forged\\"), START " v=\"a\\\" event=\\\"forged\\\\\"\n"},
		{SLICE("\x1b[2J\0\x7f\t"), START " v=\"\\x1b[2J\\x00\\x7f\\t\"\n"},
		{SLICE("J\xc3\xb6rg \xe2\x82\xac"), START " v=\"J\xc3\xb6rg \xe2\x82\xac\"\n"},
		{SLICE("\xff\xc3(\xe2\x82"), START " v=\"\\xff\\xc3(\\xe2\\x82\"\n"},
		{SLICE("\xc2\x85\xe2\x80\xa8\xe2\x80\xae"), START " v=\"\\u0085\\u2028\\u202e\"\n"},
	};
	(void)state;
	clock_set(1772359200);
	log_init("test");
	for (size_t i = 0; i < ROWS(rows); i++) {
		static struct capture c;
		struct slice value = exact_copy(rows[i].value);
		capture_start(&c);
		log_event(LOG_LEVEL_INFO, "x", LOG_TEXT("v", value));
		capture_end(&c);
		assert_string_equal(c.text, rows[i].line);
		exact_free(value);
	}
}

static void long_values_are_cut(void **state)
{
	static struct capture c;
	static char value[5000];
	(void)state;
	memset(value, 'a', sizeof(value));
	/* A character across the limit is left out whole. */
	memcpy(value + LOG_VALUE_MAX - 1, "\xc3\xb6", 2);
	capture_start(&c);
	log_event(LOG_LEVEL_INFO, "x", LOG_TEXT("v", slice_of(value, sizeof(value))));
	capture_end(&c);
	assert_int_equal(strlen(c.text), strlen(START " v=\"\"\n") + LOG_VALUE_MAX - 1 + 3);
	assert_non_null(strstr(c.text, "a\xe2\x80\xa6\"\n"));
}

static void too_many_fields_stay_one_line(void **state)
{
	static struct capture c;
	static char value[LOG_VALUE_MAX];
	struct log_field fields[101] = {{.key = NULL}};
	(void)state;
	memset(value, 1, sizeof(value));
	for (size_t i = 0; i < 100; i++)
		fields[i] = LOG_TEXT("v", slice_of(value, sizeof(value)));
	capture_start(&c);
	log_write(LOG_LEVEL_ERROR, "x", fields);
	capture_end(&c);
	size_t n = strlen(c.text);
	assert_true(n > 60000 && n <= 65537);
	assert_ptr_equal(strchr(c.text, '\n'), c.text + n - 1);
	assert_true(c.text[n - 2] == '"');
}

static void levels_and_numbers(void **state)
{
	static struct capture c;
	(void)state;
	capture_start(&c);
	log_event(LOG_LEVEL_DEBUG, "quiet");
	log_event(LOG_LEVEL_WARNING, "n", LOG_NUM("a", INT64_MIN), LOG_STR("b", NULL));
	log_set_level(LOG_LEVEL_DEBUG);
	log_event(LOG_LEVEL_DEBUG, "loud");
	log_set_level(LOG_LEVEL_INFO);
	capture_end(&c);
	assert_string_equal(c.text, "2026-03-01T10:00:00Z level=warning process=test event=n "
				    "a=-9223372036854775808 b=\"\"\n"
				    "2026-03-01T10:00:00Z level=debug process=test event=loud\n");
}

int run_log_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(long_values_are_cut),
		cmocka_unit_test(too_many_fields_stay_one_line),
		cmocka_unit_test(levels_and_numbers),
	};
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
