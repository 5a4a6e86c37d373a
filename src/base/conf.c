/* SPDX-License-Identifier: ISC */
#include "base/conf.h"

#include <confuse.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/text.h"

#define FILE_MAX (1 << 20)

struct conf {
	cfg_t *root;
};

/*
 * libconfuse's scanner has one global state and its callbacks carry no
 * pointer of ours: one file is read at a time, and this is who reads it.
 */
static struct {
	pthread_mutex_t lock;
	const struct conf_section *sections;
	size_t n;
	const char *path;
	const cfg_t *root;
	struct err *e;
} reader = {.lock = PTHREAD_MUTEX_INITIALIZER};

static const struct conf_section *find_section(const char *name)
{
	for (size_t i = 0; i < reader.n; i++)
		if (strcmp(reader.sections[i].name, name) == 0)
			return &reader.sections[i];
	return NULL;
}

static void keep_nearest(struct slice word, const char *name, const char **nearest, size_t *least)
{
	size_t distance = text_distance(word, slice_str(name));
	if (distance < *least) {
		*least = distance;
		*nearest = name;
	}
}

/* The name that may have been meant in that section, or at the top; null when none is near. */
static const char *nearest_name(const char *section, struct slice word)
{
	const struct conf_section *here = find_section(section);
	const char *nearest = NULL;
	size_t least = 3;
	for (const struct conf_option *o = here ? here->options : NULL; o && o->name; o++)
		keep_nearest(word, o->name, &nearest, &least);
	for (size_t i = 0; !here && i < reader.n; i++)
		keep_nearest(word, reader.sections[i].name, &nearest, &least);
	return nearest;
}

/* The first error counts; libconfuse may tell of others that follow from it. */
static void __attribute__((format(printf, 2, 0)))
on_error(cfg_t *cfg, const char *format, va_list args)
{
	static const struct slice unknown = SLICE("no such option '");
	char text[ERR_TEXT_MAX];
	const char *nearest = NULL;
	if (!reader.e || reader.e->class != ERR_NONE)
		return;
	vsnprintf(text, sizeof(text), format, args);
	struct slice said = slice_str(text);
	if (slice_starts(said, unknown))
		nearest = nearest_name(cfg_name(cfg), slice_sub(said, unknown.len, said.len - 1));
	/* A section knows its line, but only the root knows which file is being read. */
	const char *file = reader.root->filename ? reader.root->filename : reader.path;
	err_set(reader.e, ERR_CONFIG, "%s:%d: %s%s%s%s", file, cfg->line, text,
		nearest ? ": did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

static const struct conf_option *find_option(const char *section, const char *name)
{
	const struct conf_section *here = find_section(section);
	for (const struct conf_option *o = here ? here->options : NULL; o && o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

static int check_bounds(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct conf_option *o = find_option(cfg_name(cfg), cfg_opt_name(opt));
	if (!o || cfg_opt_size(opt) == 0)
		return 0;
	long value = cfg_opt_getnint(opt, cfg_opt_size(opt) - 1);
	if (value >= o->low && value <= o->high)
		return 0;
	cfg_error(cfg, "%s is %ld: it has to be %lld to %lld", o->name, value, (long long)o->low,
		  (long long)o->high);
	return -1;
}

/* The scanner ends the process when it is given a folder. */
static int check_file(const char *path, char *reason, size_t size)
{
	struct stat st;
	if (stat(path, &st) != 0)
		snprintf(reason, size, "%s", strerrordesc_np(errno));
	else if (!S_ISREG(st.st_mode))
		snprintf(reason, size, "not a file");
	else if (st.st_size > FILE_MAX)
		snprintf(reason, size, "larger than %d bytes", FILE_MAX);
	else
		return 1;
	return -1;
}

/* include("FILE"), relative to the folder of the first file. */
static int on_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	char path[PATH_MAX], reason[128];
	if (argc != 1) {
		cfg_error(cfg, "write include(\"FILE\")");
		return -1;
	}
	const char *slash = strrchr(reader.path, '/');
	int folder = slash && argv[0][0] != '/' ? (int)(slash - reader.path) + 1 : 0;
	int n = snprintf(path, sizeof(path), "%.*s%s", folder, reader.path, argv[0]);
	if (n < 0 || (size_t)n >= sizeof(path) || check_file(path, reason, sizeof(reason)) < 0) {
		cfg_error(cfg, "include \"%s\": %s", argv[0],
			  n < (int)sizeof(path) ? reason : "the name is too long");
		return -1;
	}
	const char *resolved[] = {path};
	return cfg_include(cfg, opt, 1, resolved);
}

/* libconfuse reads a list's default as it reads a file: { "…" }.  The caller frees it. */
static char *list_default(const char *text)
{
	if (!text)
		return NULL;
	char *quoted = mem_new(2 * strlen(text) + 5, 1), *at = stpcpy(quoted, "{\"");
	for (; *text; *at++ = *text++)
		if (*text == '"' || *text == '\\')
			*at++ = '\\';
	strcpy(at, "\"}");
	return quoted;
}

static cfg_opt_t describe_option(const struct conf_option *o)
{
	switch (o->kind) {
	case CONF_INTEGER:
		return (cfg_opt_t)CFG_INT(o->name, (long)o->number, CFGF_NONE);
	case CONF_BOOLEAN:
		return (cfg_opt_t)CFG_BOOL(o->name, o->number ? cfg_true : cfg_false, CFGF_NONE);
	case CONF_LIST:
		return (cfg_opt_t)CFG_STR_LIST(o->name, list_default(o->text), CFGF_NONE);
	default:
		return (cfg_opt_t)CFG_STR(o->name, o->text, CFGF_NONE);
	}
}

static cfg_opt_t *describe_section(const struct conf_section *section)
{
	size_t n = 0;
	while (section->options[n].name)
		n++;
	cfg_opt_t *options = mem_new(n + 1, sizeof(*options));
	for (size_t i = 0; i < n; i++)
		options[i] = describe_option(&section->options[i]);
	options[n] = (cfg_opt_t)CFG_END();
	return options;
}

static void free_options(const cfg_opt_t *options)
{
	for (const cfg_opt_t *o = options; o->name; o++)
		free(o->def.parsed);
	free((void *)(uintptr_t)options);
}

/* libconfuse copies the description; what we built for it goes away again. */
static cfg_t *describe(const struct conf_section *sections, size_t n)
{
	cfg_opt_t *all = mem_new(n + 2, sizeof(*all));
	for (size_t i = 0; i < n; i++) {
		cfg_flag_t flags = CFGF_NONE;
		if (sections[i].titled)
			flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
		all[i] =
			(cfg_opt_t)CFG_SEC(sections[i].name, describe_section(&sections[i]), flags);
	}
	all[n] = (cfg_opt_t)CFG_FUNC("include", on_include);
	all[n + 1] = (cfg_opt_t)CFG_END();
	cfg_t *root = cfg_init(all, CFGF_NONE);
	for (size_t i = 0; i < n; i++)
		free_options(all[i].subopts);
	free(all);
	if (!root)
		die("out of memory: configuration");
	return root;
}

static void add_checks(cfg_t *root, const struct conf_section *sections, size_t n)
{
	cfg_set_error_function(root, on_error);
	for (size_t i = 0; i < n; i++) {
		for (const struct conf_option *o = sections[i].options; o->name; o++) {
			char path[160];
			snprintf(path, sizeof(path), "%s|%s", sections[i].name, o->name);
			if (o->kind == CONF_INTEGER)
				cfg_set_validate_func(root, path, check_bounds);
		}
	}
}

static int parse(cfg_t *root, const char *path, struct err *e)
{
	struct err none = {.class = ERR_NONE};
	reader.e = &none;
	int status = cfg_parse(root, path);
	reader.e = NULL;
	if (status == CFG_SUCCESS)
		return 1;
	if (none.class == ERR_NONE)
		err_set(&none, ERR_CONFIG, "%s: cannot be read", path);
	if (e)
		*e = none;
	return -1;
}

int conf_open(const char *path, const struct conf_section *sections, size_t n, struct conf **conf,
	      struct err *e)
{
	char reason[128];
	if (check_file(path, reason, sizeof(reason)) < 0)
		return err_set(e, ERR_CONFIG, "%s: %s", path, reason);
	pthread_mutex_lock(&reader.lock);
	reader.sections = sections;
	reader.n = n;
	reader.path = path;
	cfg_t *root = describe(sections, n);
	reader.root = root;
	add_checks(root, sections, n);
	int result = parse(root, path, e);
	if (result < 0)
		cfg_free(root);
	pthread_mutex_unlock(&reader.lock);
	if (result < 0)
		return -1;
	struct conf *opened = mem_new(1, sizeof(*opened));
	opened->root = root;
	*conf = opened;
	return 1;
}

void conf_close(struct conf **conf)
{
	if (!*conf)
		return;
	/* cfg_free ends the global scanner too. */
	pthread_mutex_lock(&reader.lock);
	cfg_free((*conf)->root);
	pthread_mutex_unlock(&reader.lock);
	free(*conf);
	*conf = NULL;
}

size_t conf_count(const struct conf *conf, const char *section)
{
	return cfg_size(conf->root, section);
}

const char *conf_title(const struct conf *conf, const char *section, size_t i)
{
	cfg_t *sec = cfg_getnsec(conf->root, section, (unsigned)i);
	return sec ? cfg_title(sec) : NULL;
}

/* Null when there is no such section; an option that no table names is our own mistake. */
static cfg_opt_t *option_of(const struct conf *conf, const char *section, size_t i,
			    const char *option)
{
	cfg_t *sec = cfg_getnsec(conf->root, section, (unsigned)i);
	cfg_opt_t *opt = sec ? cfg_getopt(sec, option) : NULL;
	if (sec && !opt)
		die("no option \"%s\" in section \"%s\"", option, section);
	return opt;
}

const char *conf_string(const struct conf *conf, const char *section, size_t i, const char *option)
{
	cfg_opt_t *opt = option_of(conf, section, i, option);
	return opt ? cfg_opt_getnstr(opt, 0) : NULL;
}

int64_t conf_integer(const struct conf *conf, const char *section, size_t i, const char *option)
{
	cfg_opt_t *opt = option_of(conf, section, i, option);
	return opt ? cfg_opt_getnint(opt, 0) : 0;
}

bool conf_boolean(const struct conf *conf, const char *section, size_t i, const char *option)
{
	cfg_opt_t *opt = option_of(conf, section, i, option);
	return opt && cfg_opt_getnbool(opt, 0) == cfg_true;
}

const char *conf_item(const struct conf *conf, const char *section, size_t i, const char *option,
		      size_t k)
{
	cfg_opt_t *opt = option_of(conf, section, i, option);
	return opt && k < cfg_opt_size(opt) ? cfg_opt_getnstr(opt, (unsigned)k) : NULL;
}
