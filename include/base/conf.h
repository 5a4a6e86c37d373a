/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_CONF_H
#define POSTCLERK_BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * The desk's configuration file (libconfuse): sections of options, described
 * by tables that the rooms bring.  Errors name file and line.  A file takes in
 * another by include("FILE"), relative to the folder of the first.
 */
enum conf_kind { CONF_STRING, CONF_INTEGER, CONF_BOOLEAN, CONF_LIST };

struct conf_option {
	const char *name;
	enum conf_kind kind;
	const char *text;  /* default of a string, or a list's one item; null means not set */
	int64_t number;	   /* default of an integer or boolean */
	int64_t low, high; /* bounds of an integer, both inclusive */
};

struct conf_section {
	const char *name;
	bool titled;			   /* mailbox "support" { … }, any number of them */
	const struct conf_option *options; /* up to a row with a null name */
};

struct conf;

/* CONFIG error "FILE:LINE: …" for an unknown option, a wrong value, no file. */
int conf_open(const char *path, const struct conf_section *sections, size_t n, struct conf **conf,
	      struct err *e);
void conf_close(struct conf **conf);

/* How many sections of that name there are, and the title of number i. */
size_t conf_count(const struct conf *conf, const char *section);
const char *conf_title(const struct conf *conf, const char *section, size_t i);

/* Options of section number i (0 for an untitled one); views owned by conf. */
const char *conf_string(const struct conf *conf, const char *section, size_t i, const char *option);
int64_t conf_integer(const struct conf *conf, const char *section, size_t i, const char *option);
bool conf_boolean(const struct conf *conf, const char *section, size_t i, const char *option);
/* Item k of a list, or null behind the last. */
const char *conf_item(const struct conf *conf, const char *section, size_t i, const char *option,
		      size_t k);

#endif
