/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_LOG_H
#define POSTCLERK_BASE_LOG_H

#include <stdint.h>

#include "base/slice.h"

/*
 * Structured log on standard error in logfmt, one line an event however
 * hostile the values: they are quoted, control bytes and invalid UTF-8
 * escaped, and cut at LOG_VALUE_MAX bytes.  Under systemd (JOURNAL_STREAM)
 * each line starts with the journal's level "<6>"; elsewhere with the time.
 */
#define LOG_VALUE_MAX 512

enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

struct log_field {
	const char *key; /* a literal; null ends the list */
	struct slice text;
	int64_t number;
	enum { LOG_FIELD_TEXT, LOG_FIELD_NUMBER } kind;
};

#define LOG_TEXT(k, slice) ((struct log_field){.key = (k), .text = (slice)})
#define LOG_STR(k, cstr) ((struct log_field){.key = (k), .text = slice_str(cstr)})
#define LOG_NUM(k, n)                                                                              \
	((struct log_field){.key = (k), .number = (int64_t)(n), .kind = LOG_FIELD_NUMBER})

/* log_event(LOG_LEVEL_INFO, "mail-journaled", LOG_NUM("uid", uid), LOG_TEXT("from", addr)); */
#define log_event(level, event, ...)                                                               \
	log_write((level), (event),                                                                \
		  (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){.key = 0}})

/* What log_event() calls; a field with a null key ends the list. */
void log_write(enum log_level level, const char *event, const struct log_field *fields);
/* Which process speaks: "desk", "inbox" …; a literal. */
void log_init(const char *process);
/* Nothing below this level is written; the default is INFO. */
void log_set_level(enum log_level level);

#endif
