/* SPDX-License-Identifier: ISC */
#include "base/err.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* The text goes into logs, headers and terminals: no control byte gets there. */
static void defuse(char *text)
{
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
}

int err_set(struct err *e, enum err_class class, const char *format, ...)
{
	if (!e)
		return -1;
	assert(class > ERR_NONE && class <= ERR_CONFIG);
	va_list args;
	va_start(args, format);
	e->class = class;
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	defuse(e->text);
	return -1;
}

/* What does not fit is cut. */
static void append(char text[ERR_TEXT_MAX], const char *more)
{
	size_t used = strlen(text);
	size_t n = strnlen(more, ERR_TEXT_MAX - 1 - used);
	memcpy(text + used, more, n);
	text[used + n] = '\0';
}

int err_prefix(struct err *e, const char *format, ...)
{
	if (!e)
		return -1;
	char old[ERR_TEXT_MAX];
	memcpy(old, e->text, sizeof(old));
	va_list args;
	va_start(args, format);
	int n = vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	if (n >= 0) {
		append(e->text, ": ");
		append(e->text, old);
	}
	defuse(e->text);
	return -1;
}

static const struct {
	const char *name;
	int status;
} classes[] = {
	[ERR_NONE] = {"none", EX_OK},	      [ERR_INPUT] = {"input", EX_DATAERR},
	[ERR_DENIED] = {"denied", EX_NOPERM}, [ERR_CONFLICT] = {"conflict", EX_TEMPFAIL},
	[ERR_TEMP] = {"temp", EX_TEMPFAIL},   [ERR_CONFIG] = {"config", EX_CONFIG},
};

const char *err_class_name(enum err_class class)
{
	assert(class <= ERR_CONFIG);
	return classes[class].name;
}

int err_exit_status(enum err_class class)
{
	assert(class <= ERR_CONFIG);
	return classes[class].status;
}

void die(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("postclerk: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}
