/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_DESK_TEMPLATES_H
#define POSTCLERK_DESK_TEMPLATES_H

#include "base.h"
#include "binding.h"
#include "liquid.h"
#include "schema.h"

/*
 * The files that admins edit: mails by language, what an agent sees, layouts,
 * partials, words (doc/templates.md).  The files of the first directory that
 * has one win over those of the next.  A desk holds one `struct templates`;
 * any thread takes the set of files that is in use and keeps it as long as its
 * arena lives, while others take up changed files.
 */
struct templates;
struct template_set;
struct template;

#define TEMPLATE_FILE_MAX (256u << 10) /* bytes of one file */
#define TEMPLATE_FILES_MAX 2000	       /* of all directories */
#define TEMPLATE_SUBJECT_MAX 200       /* code points; more is cut */
#define TEMPLATE_PART_MAX (2u << 20)   /* bytes of a text or HTML part */
#define TEMPLATE_MAILTO_MAX 1800       /* octets of a mailto link (MAIL.md 5) */
#define TEMPLATE_LANGUAGES_MAX 16      /* languages of all files */

/*
 * Reads every file of dirs (the admin's own first).  A broken file is logged,
 * listed by templates_problems, and stands back for the same file of a later
 * directory.  A directory that is not there is skipped; CONFIG when none can
 * be read.
 */
int templates_open(const char *const dirs[], size_t n, struct templates **templates, struct err *e);
void templates_close(struct templates **templates);

/*
 * Where the shipped files are: environment POSTCLERK_TEMPLATES, or beside a
 * program that was not installed, or where they were installed.  A view of
 * the calling thread, good until it asks again.
 */
const char *templates_shipped_dir(void);

/*
 * Takes up files that were changed, added or removed since.  1 there were
 * some, 0 none; -1 and CONFIG (file, line) when one of them is broken: its
 * last good version stays in use, the others are taken up.
 */
int templates_reload(struct templates *templates, struct err *e);

/* The set in use now; it lives as long as the arena at least. */
const struct template_set *templates_use(struct templates *templates, struct arena *a);

/* ---- what a file says of itself ---- */

struct template_info {
	struct slice name;     /* "mail/order-released", without language and ending */
	struct slice language; /* "de"; "" for a file without one */
	struct slice path;     /* for people */
	struct slice on;       /* "order.released", or "" for a canned reply */
	struct slice to;       /* "customer", "agent", "office" … */
	struct slice layout;   /* "shop", or "" for none */
	struct slice kinds;    /* id letters of what it can be sent for: "OC"; "" any */
	struct slice about;    /* a phrase for the agent who chooses one */
	const struct slice *attach;
	size_t attach_count;
	const struct slice *needs;
	size_t needs_count;
	int64_t after, repeat; /* seconds; 0 not given */
	int64_t max;	       /* times a repeated mail is sent; 0 not given */
};

/* A view: what the head of its file says. */
const struct template_info *template_info(const struct template *template);

/* ---- finding one ---- */

/* Languages in the order of preference; then English, then any. */
struct template_languages {
	const struct slice *tags; /* BCP 47: "de-AT" finds "de"; empty ones are skipped */
	size_t n;
};

/*
 * The mails that an event sends, one of each name, in the order of names; the
 * list lives in the arena.  Returns its length.
 */
size_t templates_for_event(const struct template_set *set, struct slice event,
			   const struct template_languages *languages, struct arena *a,
			   const struct template ***list);
/*
 * A mail by its name ("delay" or "mail/delay") for an object with that id
 * letter (0: do not ask).  -1 and INPUT when there is none, with the nearest
 * name, or when it is not for such objects.
 */
int templates_by_name(const struct template_set *set, struct slice name, char letter,
		      const struct template_languages *languages, const struct template **template,
		      struct err *e);
/* What an agent may choose for an object with that letter, by name. */
size_t templates_for_kind(const struct template_set *set, char letter,
			  const struct template_languages *languages, struct arena *a,
			  const struct template ***list);

/* ---- data ---- */

/*
 * The variables of one render.  Names are literals or live as long as the
 * arena; so do the values.  Not for two threads at once.  A render sets four
 * of its own: language, and for the layout content, title (the subject) and
 * preview.
 */
struct template_data;

/* With `shop` (may be null), in its time zone. */
struct template_data *template_data_new(struct arena *a, const Rec__Shop *shop);
/* The variable shop, and its time zone. */
void template_data_shop(struct template_data *data, const Rec__Shop *shop);
/* `now` of the date filter; clock_now() without. */
void template_data_now(struct template_data *data, int64_t now);
int64_t template_data_time(const struct template_data *data);
void template_data_message(struct template_data *data, const char *name,
			   const ProtobufCMessage *message);
/* n messages of one or several types, as a list. */
void template_data_messages(struct template_data *data, const char *name,
			    const ProtobufCMessage *const *messages, size_t n);
/* One line of data, escaped for the part it stands in; empty text is nil. */
void template_data_text(struct template_data *data, const char *name, struct slice text);
/*
 * What a person wrote, with its lines and paragraphs: nothing in it is markup,
 * web addresses become links, and {{ name }} keeps its line ends in every kind
 * of part.  Empty text is nil.
 */
void template_data_prose(struct template_data *data, const char *name, struct slice text);
/*
 * The same for what a stranger wrote: a line that begins with # is quoted, so
 * that no command of his can stand in an agent's reply (MAIL.md 5).
 */
void template_data_foreign(struct template_data *data, const char *name, struct slice text);
void template_data_integer(struct template_data *data, const char *name, int64_t n);
void template_data_truth(struct template_data *data, const char *name, bool b);
/* Lists and hashes made with liquid_list_new and liquid_hash_new. */
void template_data_set(struct template_data *data, const char *name, struct liquid_value value);

/* ---- rendering ---- */

struct rendered_mail {
	struct slice subject; /* one line of UTF-8, unencoded */
	struct slice text;    /* UTF-8, LF line ends */
	struct slice html;    /* UTF-8, a whole document; empty if the file has no HTML part */
};

/*
 * The mail of a template; parts live in the arena.  -1 and CONFIG with file,
 * line and the variable's path when something is not there, or a limit is hit:
 * a mail never goes out with a hole in it.
 */
int template_render_mail(const struct template *template, struct template_data *data,
			 struct arena *a, struct rendered_mail *out, struct err *e);
/*
 * The same for a file that is known by its name: "desk/mail", "desk/card",
 * "desk/transcript".  -1 and CONFIG when there is none.
 */
int templates_render(const struct template_set *set, const char *name,
		     const struct template_languages *languages, struct template_data *data,
		     struct arena *a, struct rendered_mail *out, struct err *e);
/*
 * The file's when: 1 it holds (or there is none), 0 it does not, -1 an error.
 */
int template_applies(const struct template *template, struct template_data *data, struct err *e);

/* A word or sentence of templates/locale: "status.HAL"; the key when it is not there. */
struct slice templates_word(const struct template_set *set, struct slice key,
			    const struct template_languages *languages);

/* ---- checking ---- */

/* A variable that the desk gives to templates; type is null for plain values. */
struct template_root {
	const char *name;
	const ProtobufCMessageDescriptor *type;
	bool list;
	const char *help; /* a phrase for people */
};
/* All of them; null behind the last. */
const struct template_root *template_root_at(size_t i);
/*
 * A line for each variable: name, what it is, an example from the sample data,
 * a phrase; as JSON {name, is, list, example, help}.  With a path ("order",
 * "order.lines") what is in that one, with an empty one all that the desk
 * gives.  0 when nothing is in it, or there is no such variable; -1 and CONFIG
 * when the sample data is wrong.
 */
int template_variables(const struct template_set *set, struct slice path, bool json,
		       struct arena *a, struct buf *out, struct err *e);
/* "{{ expression }}" as one line, in English; empty when it fails or is nothing. */
struct slice template_evaluate(const struct template_set *set, struct template_data *data,
			       const char *expression, struct arena *a);

/* The data of the file named by sample:; 0 when the template names none. */
int template_sample(const struct template *template, struct arena *a, struct template_data **data,
		    struct err *e);
/*
 * All sample data without language as one: of each variable the first value
 * there is, in the order of file names.
 */
int template_samples(const struct template_set *set, struct arena *a, struct template_data **data,
		     struct err *e);
/*
 * The mail that a file on the disk is (by its path), or a name with or without
 * language: "order-released.de", "desk/mail".  -1 and INPUT when there is none;
 * CONFIG when the file is broken, or another one takes its place.
 */
int template_of_file(const struct template_set *set, struct slice file,
		     const struct template **template, struct err *e);
/*
 * One HTML page that shows every mail and desk template in every language with
 * its sample data: HTML in frames of 800 and 360 pixels, light and dark, beside
 * the text and the variables it uses.  Nothing outside of it is asked for.
 */
int template_gallery(const struct template_set *set, struct buf *out, struct err *e);

struct template_problem {
	struct slice path;
	unsigned line, column; /* 0 not known */
	bool warning;
	const char *message;
};

typedef void template_problem_fn(void *ctx, const struct template_problem *problem);

/* Files of the set in use that could not be taken up.  Returns how many. */
size_t templates_problems(const struct template_set *set, template_problem_fn *fn, void *ctx);
/*
 * Checks every file: that it parses, that each variable is in the schema or in
 * what the desk provides (with the nearest known name), that it renders with
 * its sample data in every language, that its HTML is closed and its subject
 * short.  Returns how many problems that are no warnings.
 */
size_t templates_check(const struct template_set *set, template_problem_fn *fn, void *ctx);

#endif
