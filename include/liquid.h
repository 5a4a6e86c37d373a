/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_H
#define POSTCLERK_LIQUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * The Liquid template language (Shopify/liquid, parse mode strict2), with
 * layout and block on top.  A template is parsed once into an arena and may
 * then be rendered by any number of threads; a render changes neither the
 * template nor the environment.  The library reads no file, no clock and no
 * environment: sources come through a loader, values through classes, filters
 * beyond the standard ones through a table.
 */

/* ---- values ---- */

enum liquid_kind {
	LIQUID_NIL,
	LIQUID_BOOL,
	LIQUID_INT,
	LIQUID_DECIMAL, /* mantissa * 10^exponent, never a binary float */
	LIQUID_STRING,
	LIQUID_LIST,   /* built-in array */
	LIQUID_HASH,   /* built-in hash, insertion order */
	LIQUID_OBJECT, /* the host's, through its class */
	LIQUID_RANGE,  /* first..last, both inclusive, never materialised */
	LIQUID_EMPTY,
	LIQUID_BLANK,
	LIQUID_UNDEFINED, /* only made by the engine: a name that was not there */
};

struct liquid_class;
struct liquid_list;
struct liquid_hash;

/* Copied freely; what it points to must outlive the render. */
struct liquid_value {
	uint8_t kind;	  /* enum liquid_kind */
	bool safe;	  /* a string that is not escaped again */
	int16_t exponent; /* of a decimal */
	uint32_t index;	  /* of an object: free for its class */
	union {
		bool boolean;
		int64_t integer;
		struct {
			uint64_t low;
			int64_t high;
		} mantissa; /* 128 bits, two's complement */
		struct slice string;
		struct liquid_list *list;
		struct liquid_hash *hash;
		struct {
			const struct liquid_class *class;
			const void *ptr;
		} object;
		struct {
			int64_t first, last;
		} range;
	};
};

struct liquid_list {
	struct liquid_value *items;
	size_t count, room;
};

struct liquid_value liquid_nil(void);
struct liquid_value liquid_bool(bool b);
struct liquid_value liquid_int(int64_t n);
struct liquid_value liquid_decimal(int64_t mantissa, int exponent);
/* "12", "1.50", "1e3", of any size up to 34 digits; nil when it is no number. */
struct liquid_value liquid_number(struct slice text);
/* Data: escaped when printed. */
struct liquid_value liquid_string(struct slice s);
/* Text that is already right for the kind of part: printed as it is. */
struct liquid_value liquid_safe(struct slice s);
struct liquid_value liquid_object(const struct liquid_class *class, const void *ptr,
				  uint32_t index);
/* New and empty, in the arena. */
struct liquid_value liquid_list_new(struct arena *a);
void liquid_list_add(struct arena *a, struct liquid_value list, struct liquid_value item);
/* Keys are not copied.  Setting a key again keeps its place. */
struct liquid_value liquid_hash_new(struct arena *a);
void liquid_hash_set(struct arena *a, struct liquid_value hash, struct slice key,
		     struct liquid_value item);

/*
 * Remembers where a name was found, one for each place of a template that
 * looks up a name, zeroed when a render begins.  A class may keep in it what
 * makes the next lookup of the same name cheap.
 */
struct liquid_hint {
	const void *type;
	uintptr_t slot;
};

/*
 * How the host's objects answer.  `self` is the object's value, with ptr and
 * index as the host made it; `a` is the render's arena.  Functions that find
 * nothing return false; that is undefined, while true with nil is nil.  A
 * null function finds nothing.
 */
struct liquid_class {
	const char *name; /* a word for people: "order" */
	bool array;	  /* prints and iterates as an array, not as a hash */
	/* A field by its name. */
	bool (*get)(const struct liquid_value *self, struct slice name, struct liquid_hint *hint,
		    struct arena *a, struct liquid_value *out);
	/* Items of an array, fields of a hash. */
	size_t (*count)(const struct liquid_value *self);
	/* Number i (0 first) of count; *key only for a hash. */
	bool (*at)(const struct liquid_value *self, size_t i, struct arena *a, struct slice *key,
		   struct liquid_value *out);
	/* What {{ object }} prints; null prints its fields. */
	void (*print)(const struct liquid_value *self, struct buf *out);
};

/* ---- errors ---- */

enum liquid_phase { LIQUID_PARSE, LIQUID_RENDER };

#define LIQUID_MESSAGE_MAX 360
#define LIQUID_NAME_MAX 96
#define LIQUID_CHAIN_MAX 320

struct liquid_error {
	enum liquid_phase phase;
	bool limit;			  /* a limit ended it; the message names it */
	char message[LIQUID_MESSAGE_MAX]; /* one sentence, without place */
	char template[LIQUID_NAME_MAX];	  /* where: innermost template */
	unsigned line, column;		  /* 1 is the first; 0 not known */
	char chain[LIQUID_CHAIN_MAX]; /* who included it, the nearest first: "lines:12 < shop:3" */
};

/* "mail.en.liquid:3:7: undefined variable … (from shop:3)" */
void liquid_error_put(struct buf *out, const struct liquid_error *error);
/* The same as an INPUT error; returns -1. */
int liquid_error_set(const struct liquid_error *error, struct err *e);

/* ---- filters ---- */

struct liquid_context; /* one render */

struct liquid_named {
	struct slice name;
	struct liquid_value value;
};

struct liquid_call {
	struct liquid_context *context;
	struct liquid_value input;
	const struct liquid_value *args; /* positional */
	size_t n_args;
	const struct liquid_named *named;
	size_t n_named;
	void *user; /* of the filter's table */
};

/* 1 and *result, or -1 after liquid_fail().  *result is nil before the call. */
typedef int liquid_filter_fn(const struct liquid_call *call, struct liquid_value *result);

struct liquid_filter {
	const char *name;
	uint8_t least, most; /* positional arguments behind the input */
	bool named;	     /* takes named arguments, and any of them */
	liquid_filter_fn *apply;
};

struct arena *liquid_arena(const struct liquid_context *context);
struct slice liquid_language(const struct liquid_context *context);
const struct zone *liquid_zone(const struct liquid_context *context);
int64_t liquid_now(const struct liquid_context *context);
/* options.user of the render */
void *liquid_user(const struct liquid_context *context);
/* A filter must charge for every byte it copies: -1 when the fuel is gone. */
int liquid_charge(struct liquid_context *context, size_t n);
/* A global variable by name; false if there is none. */
bool liquid_global(const struct liquid_context *context, struct slice name,
		   struct liquid_value *value);
/* Ends the filter with an error of the template; returns -1. */
int liquid_fail(struct liquid_context *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* As printed, unescaped; in the render's arena or a view of the value. */
struct slice liquid_text(struct liquid_context *context, struct liquid_value value);
/* Integers, integral decimals, strings of digits; false otherwise. */
bool liquid_integer(struct liquid_value value, int64_t *n);
/* Only nil, false and undefined are falsy. */
bool liquid_truthy(struct liquid_value value);
/* A field of an object or hash; false if there is none. */
bool liquid_get(struct liquid_context *context, struct liquid_value value, struct slice name,
		struct liquid_value *out);

/* ---- environment ---- */

struct liquid_env;
struct liquid_template;

/*
 * Gives the source of a partial or layout: 1, 0 there is none, -1 and *e.
 * Instead of a source it may give a template it keeps parsed (of the same
 * environment, alive until the render ends).
 */
struct liquid_source {
	struct slice text;
	const struct liquid_template *parsed;
};
typedef int liquid_load_fn(void *user, struct slice name, struct arena *a,
			   struct liquid_source *source, struct err *e);

/* With the standard filters, no loader. */
struct liquid_env *liquid_env_open(void);
void liquid_env_close(struct liquid_env **env);
/* Add the host's filters; a name that is there already is replaced.  The table is not copied. */
void liquid_env_filters(struct liquid_env *env, const struct liquid_filter *table, size_t n,
			void *user);
void liquid_env_loader(struct liquid_env *env, liquid_load_fn *load, void *user);
/* An unknown filter is an error when parsing; lenient, its input passes through. */
void liquid_env_lenient_filters(struct liquid_env *env, bool lenient);
/* All filter names, for "did you mean" and documentation; null behind the last. */
const char *liquid_env_filter_name(const struct liquid_env *env, size_t i);

/* ---- templates ---- */

#define LIQUID_SOURCE_MAX (1u << 20) /* bytes of one template */
#define LIQUID_CODE_MAX 100000	     /* operations: a statement or a filter is one to three */
#define LIQUID_NESTING_MAX 100	     /* blocks in blocks */
#define LIQUID_EXPRESSION_MAX 100    /* brackets, ranges, and/or in one expression */

/*
 * Parse a source; the template lives in the arena and holds its own copy of
 * name and source.  1, or -1 and *error (may be null).
 */
int liquid_parse(const struct liquid_env *env, struct slice name, struct slice source,
		 struct arena *a, struct liquid_template **template, struct liquid_error *error);

enum liquid_escape {
	LIQUID_ESCAPE_NONE,
	LIQUID_ESCAPE_HTML,	/* & < > " ' */
	LIQUID_ESCAPE_XML,	/* likewise; control bytes XML forbids are dropped */
	LIQUID_ESCAPE_MARKDOWN, /* marks of CommonMark get a backslash, & and < an entity */
	LIQUID_ESCAPE_HEADER,	/* CR, LF and other control bytes become spaces */
	LIQUID_ESCAPE_TEXT,	/* as it is */
};

/* Each 0 means its default; a default cannot be turned off. */
struct liquid_limits {
	uint64_t fuel;	   /* operations, loop steps, bytes copied */
	size_t output;	   /* bytes of the result */
	size_t memory;	   /* bytes the render holds at a time, captures included */
	unsigned depth;	   /* partials in partials */
	unsigned partials; /* partials in all */
};

#define LIQUID_FUEL 3000000
#define LIQUID_OUTPUT (2u << 20)
#define LIQUID_MEMORY (4u << 20)
#define LIQUID_DEPTH 100
#define LIQUID_PARTIALS 10000

/* What a render took, in the terms of its limits; also of one that failed. */
struct liquid_usage {
	uint64_t fuel;
	size_t memory;	   /* bytes of the render's arena; what it captures and edits aside */
	unsigned partials; /* rendered, included, blocks run */
};

struct liquid_options {
	enum liquid_escape escape;
	bool undefined_error; /* a name that is not there is an error, else it is blank */
	bool inline_errors;   /* errors are printed where they happen, as the reference does */
	struct liquid_limits limits;
	struct liquid_value globals; /* hash or object: the variables */
	int64_t now;		     /* UTC seconds, for 'now' and 'today' */
	const struct zone *zone;     /* null is UTC */
	struct slice language;	     /* for the host's filters */
	void *user;		     /* for the host's filters */
	struct liquid_usage *usage;  /* filled if not null */
};

/*
 * Appends to *out (whose own ceiling holds too).  1; -1 and *error (may be
 * null): then what stands in *out is not to be sent.  With inline_errors only
 * limits return -1.
 */
int liquid_render(const struct liquid_env *env, const struct liquid_template *template,
		  const struct liquid_options *options, struct buf *out,
		  struct liquid_error *error);

/* The escape of one kind by itself: the bytes of s, made safe. */
void liquid_escape_put(struct buf *out, enum liquid_escape escape, struct slice s);

/*
 * What a template uses, in the order it stands there: for checking templates
 * against a schema.  A variable's path has its literal parts joined with '.',
 * "[]" for an index or a computed part ("order.lines[].sku"); `local` says
 * that the template itself made the first part (assign, for, capture ...).  A
 * loop's name comes with the path it runs over in `of`, empty when that is no
 * path.
 */
enum liquid_use_kind { LIQUID_USE_VARIABLE, LIQUID_USE_PARTIAL, LIQUID_USE_LOOP };

struct liquid_use {
	enum liquid_use_kind kind;
	struct slice path; /* of a variable, or the name of a partial, layout or loop variable */
	struct slice of;
	bool local;
	bool tolerant; /* only asked whether it is there: if, unless, default */
	unsigned line, column;
};

typedef void liquid_use_fn(void *user, const struct liquid_use *use);
/* Paths are in the arena. */
void liquid_uses(const struct liquid_template *template, struct arena *a, liquid_use_fn *fn,
		 void *user);

#endif
