/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_ERR_H
#define POSTCLERK_BASE_ERR_H

#include <stdarg.h>

/*
 * An error lives on the caller's stack; nothing to free, nothing thread-local.
 * Its class answers one question: what does a mail system do now?
 */
enum err_class {
	ERR_NONE,
	ERR_INPUT,    /* answer the author: the sentence reaches a person */
	ERR_DENIED,   /* answer, and log */
	ERR_CONFLICT, /* run the transaction again */
	ERR_TEMP,     /* leave it in the queue and try again later */
	ERR_CONFIG,   /* tell the operator */
};

#define ERR_TEXT_MAX 480

struct err {
	enum err_class class;
	char text[ERR_TEXT_MAX]; /* one sentence: what, where, what would be right */
};

/*
 * Functions that can fail return -1 and set *e; 0 says nothing there, or no
 * more; 1 says got one (or done).  err_set always returns -1, so that a
 * refusal is one line.  A null e is allowed.  Control bytes in the text are
 * replaced by '?', so that it can stand in a log, a header or a terminal.
 */
int err_set(struct err *e, enum err_class class, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts "prefix: " before the text, keeping the class.  Returns -1. */
int err_prefix(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "input", "denied" … for logs. */
const char *err_class_name(enum err_class class);
/* sysexits(3): INPUT 65, DENIED 77, CONFLICT and TEMP 75, CONFIG 78. */
int err_exit_status(enum err_class class);

/* An invariant broke or memory ran out: say so and abort. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
