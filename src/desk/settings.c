/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdio.h>

#include "desk.h"

/*
 * Every option of postclerk.conf.  What an option is for, in the words of the
 * operator, stands in doc/postclerk.conf.md; a test compares the two.
 */
static const struct conf_option desk_options[] = {
	/* Agents write new mails to "support+desk@": the part behind the plus. */
	{.name = "desk-extension", .kind = CONF_STRING, .text = "desk"},
	/* An unknown sender becomes a customer, or waits unlinked in triage. */
	{.name = "new-customers", .kind = CONF_BOOLEAN, .number = 0},
	/* How numbers look in mails: PCRE2, group 1 or else all of it is the number. */
	{.name = "order-patterns", .kind = CONF_LIST, .text = "\\bO([0-9]{5,9})\\b"},
	{.name = "invoice-patterns", .kind = CONF_LIST, .text = "\\bI20[0-9]{2}-[0-9]{5}\\b"},
	{.name = "credit-patterns", .kind = CONF_LIST, .text = "\\bN20[0-9]{2}-[0-9]{5}\\b"},
	/* UPS, DHL, DPD and others that cannot be taken for something else. */
	{.name = "tracking-patterns",
	 .kind = CONF_LIST,
	 .text = "\\b(?:1Z[0-9A-Z]{16}|JJD[0-9]{15,20}|00340[0-9]{15}|[A-Z]{2}[0-9]{9}[A-Z]{2})"
		 "\\b"},
	{.name = "foreign-patterns", .kind = CONF_LIST, .text = "\\b[0-9]{3}-[0-9]{7}-[0-9]{7}\\b"},
	/* A mail with a new subject begins a new thread after so many days; 0 never. */
	{.name = "split-after-days", .kind = CONF_INTEGER, .number = 30, .low = 0, .high = 36500},
	{.name = "queue", .kind = CONF_STRING, .text = "inbox"},
	{.name = "automatic-mails-per-day",
	 .kind = CONF_INTEGER,
	 .number = 10,
	 .low = 1,
	 .high = 1000},
	{.name = "tries", .kind = CONF_INTEGER, .number = 3, .low = 1, .high = 100},
	{.name = "cache-mib", .kind = CONF_INTEGER, .number = 64, .low = 1, .high = 1 << 20},
	{NULL},
};

/* By the shop's address: what is searched in its mails beside the patterns of all. */
static const struct conf_option shop_options[] = {
	{.name = "order-patterns", .kind = CONF_LIST},
	{.name = "invoice-patterns", .kind = CONF_LIST},
	{.name = "credit-patterns", .kind = CONF_LIST},
	{.name = "tracking-patterns", .kind = CONF_LIST},
	{.name = "foreign-patterns", .kind = CONF_LIST},
	{NULL},
};

static const struct conf_option authority_options[] = {
	/* Whose Authentication-Results count; none until set. */
	{.name = "authserv-id", .kind = CONF_LIST},
	/* The host in "by" of our own border's Received line. */
	{.name = "border", .kind = CONF_STRING},
	{NULL},
};

#define ROUTE_OPTIONS                                                                              \
	{.name = "host", .kind = CONF_STRING},                                                     \
		{.name = "port", .kind = CONF_INTEGER, .number = 0, .low = 0, .high = 65535},      \
		{.name = "tls", .kind = CONF_STRING, .text = "implicit"},                          \
		{.name = "ca-file", .kind = CONF_STRING},                                          \
		{.name = "auth", .kind = CONF_STRING, .text = "login"},                            \
		{.name = "user", .kind = CONF_STRING}, {.name = "password", .kind = CONF_STRING},  \
		{.name = "password-file", .kind = CONF_STRING},                                    \
	{                                                                                          \
		.name = "timeout-seconds", .kind = CONF_INTEGER, .number = 60, .low = 1,           \
		.high = 3600                                                                       \
	}

static const struct conf_option mailbox_options[] = {
	ROUTE_OPTIONS,
	{.name = "folder", .kind = CONF_STRING, .text = "INBOX"},
	{.name = "after", .kind = CONF_STRING, .text = "keyword"},
	{.name = "done-folder", .kind = CONF_STRING, .text = "Processed"},
	{.name = "quarantine-folder", .kind = CONF_STRING, .text = "Quarantine"},
	{.name = "poll-seconds", .kind = CONF_INTEGER, .number = 60, .low = 1, .high = 86400},
	{.name = "alarm-minutes", .kind = CONF_INTEGER, .number = 30, .low = 1, .high = 10080},
	{.name = "idle", .kind = CONF_BOOLEAN, .number = 1},
	{NULL},
};

static const struct conf_option smtp_options[] = {
	ROUTE_OPTIONS,
	{.name = "helo", .kind = CONF_STRING},
	{.name = "connections", .kind = CONF_INTEGER, .number = 2, .low = 1, .high = 16},
	{NULL},
};

static const struct conf_section sections[] = {
	{"desk", false, desk_options},		 {"shop", true, shop_options},
	{"authority", false, authority_options}, {"mailbox", true, mailbox_options},
	{"smtp", false, smtp_options},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct word_rule {
	const char *section, *option;
	const char *words[4];
};

/* Options that are one of a few words. */
static const struct word_rule word_rules[] = {
	{"mailbox", "tls", {"implicit", "starttls", "none"}},
	{"mailbox", "auth", {"login", "xoauth2"}},
	{"mailbox", "after", {"keyword", "move", "nothing"}},
	{"smtp", "tls", {"implicit", "starttls", "none"}},
	{"smtp", "auth", {"login", "xoauth2"}},
};

static bool is_one_of(const char *value, const char *const *words)
{
	for (size_t i = 0; i < 4 && words[i]; i++)
		if (strcmp(value, words[i]) == 0)
			return true;
	return false;
}

/* By number, not by spelling: "127.0.0.1.example" is a name of somebody else's. */
static bool is_loopback(const char *host)
{
	struct in_addr four;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0;
}

static int check_words(const char *path, const struct conf *c, const struct word_rule *rule,
		       struct err *e)
{
	for (size_t i = 0; i < conf_count(c, rule->section); i++) {
		const char *value = conf_string(c, rule->section, i, rule->option);
		if (!is_one_of(value, rule->words))
			return err_set(e, ERR_CONFIG,
				       "%s: %s in section %s is \"%s\", it must be %s, %s%s%s",
				       path, rule->option, rule->section, value, rule->words[0],
				       rule->words[1], rule->words[2] ? " or " : "",
				       rule->words[2] ? rule->words[2] : "");
	}
	return 1;
}

/* A password never crosses a network in clear text. */
static int check_route(const char *path, const struct conf *c, const char *section, size_t i,
		       struct err *e)
{
	const char *host = conf_string(c, section, i, "host");
	const char *tls = conf_string(c, section, i, "tls");
	if (strcmp(section, "mailbox") == 0 && !host)
		return err_set(e, ERR_CONFIG, "%s: mailbox \"%s\" has no host", path,
			       conf_title(c, section, i));
	if (host && strcmp(tls, "none") == 0 && !is_loopback(host))
		return err_set(e, ERR_CONFIG,
			       "%s: tls = none in section %s is for hosts on loopback only, not %s",
			       path, section, host);
	return 1;
}

int desk_settings_open(const char *dir, struct conf **settings, struct err *e)
{
	char path[4096];
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, DESK_CONF_FILE) >= sizeof(path))
		return err_set(e, ERR_CONFIG, "the desk's directory has too long a name");
	struct conf *c;
	if (conf_open(path, sections, COUNT(sections), &c, e) < 0)
		return -1;
	int result = 1;
	for (size_t i = 0; i < COUNT(word_rules) && result == 1; i++)
		result = check_words(path, c, &word_rules[i], e);
	for (size_t i = 0; i < conf_count(c, "mailbox") && result == 1; i++)
		result = check_route(path, c, "mailbox", i, e);
	if (result == 1)
		result = check_route(path, c, "smtp", 0, e);
	if (result != 1) {
		conf_close(&c);
		return -1;
	}
	*settings = c;
	return 1;
}
