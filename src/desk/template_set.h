/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_DESK_TEMPLATE_SET_H
#define POSTCLERK_DESK_TEMPLATE_SET_H

#include <stdatomic.h>
#include <sys/stat.h>

#include "templates.h"

/*
 * Behind templates.h: files, and what was made of them.  A set never changes;
 * a new one is made when a file does.  Everything of a set lives in its arena.
 */

enum part_kind { PART_SUBJECT, PART_WHEN, PART_BODY, PART_HTML, PART_TEXT, PART_COUNT };

/* A piece of a file's source and where it begins, both from 1; null: not there. */
struct part {
	struct slice source;
	unsigned line, column;
};

/* "style-td: padding:8px" of a layout. */
struct style {
	struct slice element, text;
};

struct template_file {
	struct slice name, language; /* "mail/delay", "de" */
	struct slice path;	     /* "mail/delay.de.liquid" */
	const char *full_path;
	unsigned dir;
	bool json; /* locale and sample files */
	struct stat stat;
	struct slice source; /* the last good version; null when there was none */
	char *problem;	     /* why the version on disk is not in use, or null */
	unsigned problem_line, problem_column;

	/* Read from the source. */
	struct template_info info;
	struct slice sample; /* name of a file in sample/ */
	struct part parts[PART_COUNT];
	struct style *styles;
	size_t styles_count;
	struct json *tree; /* of a JSON file */
};

/* A file as one language sees it. */
struct template
{
	const struct template_file *file;
	const struct template_view *view;
	const struct liquid_template *parts[PART_COUNT];
};

/*
 * Everything in one language: for each name the file of that language, or else
 * one without language, or else the English one; so that the partials and
 * words of a mail follow its language.
 */
struct template_view {
	const struct template_set *set;
	struct slice language;
	struct liquid_env *env;
	const struct json *words, *words_else; /* else: English */
	struct template *templates;	       /* by name */
	size_t count;
};

struct template_set {
	atomic_uint references;
	struct arena *arena;
	struct template_file *files; /* by name, language, directory */
	size_t files_count;
	bool changed;	   /* since the set it was made from */
	struct err broken; /* the first file that became broken since */
	struct template_view views[TEMPLATE_LANGUAGES_MAX];
	size_t views_count;
};

/* template_file.c: front matter and parts of f->source; -1 and CONFIG with file and line. */
int template_file_parse(struct template_file *f, struct arena *a, struct err *e);
/* "7d", "12h", "30m" as seconds; false otherwise. */
bool template_span(struct slice text, int64_t *seconds);

/*
 * template_scan.c: every file of the directories.  What did not change since
 * `old` (may be null) is taken from there, and a broken file keeps the source
 * that `old` has of it.  When nothing changed at all the files have no contents.
 * -1 only when there is no directory.
 */
int template_scan(const char *const dirs[], size_t n, const struct template_set *old,
		  struct template_set *set, struct err *e);

/* template_view.c */
void template_views_open(struct template_set *set);
void template_views_close(struct template_set *set);
/* Parse one part; *template is null when the file has none. */
int template_part_parse(const struct liquid_env *env, const struct template_file *file,
			enum part_kind kind, struct arena *a,
			const struct liquid_template **template, struct liquid_error *error);
const struct template *template_view_find(const struct template_view *view, struct slice name);
/* The mail or desk file of that name in the first language that has one, or null. */
const struct template *template_find(const struct template_set *set, struct slice name,
				     const struct template_languages *languages);

/* template_data.c */
struct template_data {
	struct arena *a;
	struct variable *variables;
	size_t count, room;
	enum liquid_escape escape; /* of the part in hand */
	const struct zone *zone;
	int64_t now;
};

/* The variables as a template sees them; and is there one of that name? */
struct liquid_value template_data_globals(const struct template_data *data);
bool template_data_has(const struct template_data *data, struct slice name);

/* What filters know of the render they run in (liquid_user). */
struct template_render {
	const struct template_view *view;
	const struct template_data *data;
	enum liquid_escape escape;
};

/* What a person wrote, made safe for a kind of part; in the arena. */
struct slice template_prose(struct arena *a, struct slice text, enum liquid_escape escape);

/* A word of a view, or a null slice. */
struct slice template_view_word(const struct template_view *view, struct slice key);

/* template_list.c: an example of the variable "orders[].number", as it prints. */
struct slice template_example(const struct template_set *set, struct template_data *data,
			      struct slice path, struct arena *a);

/* filters.c: the filters of our own, for every view. */
void template_filters(struct liquid_env *env);

#endif
