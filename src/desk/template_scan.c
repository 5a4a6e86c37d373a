/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "template_set.h"

/* The folders of a template directory; nothing else in it is read. */
static const char *const folders[] = {"mail",	"desk",	   "document", "layout",
				      "locale", "partial", "sample"};

struct scan {
	struct template_set *set;
	const struct template_set *old;
	size_t room;
};

/* ---- names ---- */

static bool is_language(struct slice s)
{
	size_t letters = 0;
	while (letters < s.len && islower((unsigned char)s.ptr[letters]))
		letters++;
	if (letters < 2 || letters > 3 || s.len > 12)
		return false;
	for (size_t i = letters; i < s.len; i++)
		if (!isalnum((unsigned char)s.ptr[i]) && s.ptr[i] != '-')
			return false;
	return letters == s.len || s.ptr[letters] == '-';
}

/*
 * "delay.de.liquid" is delay in German, "shop.liquid" is shop in any language,
 * "en.json" in locale/ are the English words.  False for what an editor or a
 * file manager leaves behind.
 */
static bool read_file_name(struct slice base, bool locale, struct template_file *f)
{
	f->json = slice_ends(base, SLICE(".json"));
	if (!f->json && !slice_ends(base, SLICE(".liquid")))
		return false;
	base.len -= f->json ? strlen(".json") : strlen(".liquid");
	f->name = base;
	ptrdiff_t dot = slice_chr(base, '.');
	if (dot >= 0) {
		f->name = slice_sub(base, 0, (size_t)dot);
		f->language = slice_sub(base, (size_t)dot + 1, base.len);
	} else if (locale) {
		f->language = base;
	}
	for (size_t i = 0; i < f->name.len; i++)
		if (!isalnum((unsigned char)f->name.ptr[i]) && !strchr("-_", f->name.ptr[i]))
			return false;
	return f->name.len && (!f->language.len || is_language(f->language));
}

static int by_name(const void *left, const void *right)
{
	const struct template_file *a = left, *b = right;
	int order = slice_cmp(a->name, b->name);
	if (!order)
		order = slice_cmp(a->language, b->language);
	if (!order)
		order = (int)a->dir - (int)b->dir;
	return order ? order : slice_cmp(a->path, b->path);
}

static const struct template_file *find_old(const struct scan *s, const struct template_file *f)
{
	if (!s->old || !s->old->files_count)
		return NULL;
	return bsearch(f, s->old->files, s->old->files_count, sizeof(*f), by_name);
}

/* ---- contents ---- */

static int read_source(struct template_file *f, struct arena *a, struct err *e)
{
	struct buf content;
	buf_init(&content, TEMPLATE_FILE_MAX);
	int fd = open(f->full_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : 1;
	while (n > 0 && !buf_failed(&content)) {
		char *to = buf_reserve(&content, 4096);
		n = to ? read(fd, to, 4096) : 0;
		content.len += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		err_set(e, ERR_CONFIG, "%s: %s", f->full_path, strerror(errno));
	else if (buf_failed(&content) || content.len + 4096 > TEMPLATE_FILE_MAX)
		n = err_set(e, ERR_CONFIG, "%s is larger than %u bytes", f->full_path,
			    TEMPLATE_FILE_MAX - 4096);
	else
		f->source = arena_copy(a, buf_slice(&content));
	if (fd >= 0)
		close(fd);
	buf_release(&content);
	return n < 0 ? -1 : 1;
}

/* The file reads, and each of its parts is a template by itself. */
static int try_source(struct template_file *f, struct arena *a, const struct liquid_env *env,
		      struct err *e)
{
	if (template_file_parse(f, a, e) < 0)
		return -1;
	for (int kind = 0; kind < PART_COUNT && !f->json; kind++) {
		struct liquid_error error;
		const struct liquid_template *parsed;
		if (template_part_parse(env, f, (enum part_kind)kind, a, &parsed, &error) >= 0)
			continue;
		f->problem_line = error.line;
		f->problem_column = error.column;
		liquid_error_set(&error, e);
		e->class = ERR_CONFIG;
		return -1;
	}
	return 1;
}

static bool same_stat(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The version that was good before; where there was none a later directory serves. */
static void keep_old(struct template_file *f, const struct template_file *old, struct arena *a)
{
	f->source = (struct slice){0};
	if (!old || !old->source.ptr)
		return;
	f->source = arena_copy(a, old->source);
	if (template_file_parse(f, a, NULL) < 0)
		die("template %s was good and is not any more", f->full_path);
}

/* A file that is as it was, with the problem it had. */
static void take_old(struct template_file *f, const struct template_file *old, struct arena *a)
{
	f->problem_line = old->problem_line;
	f->problem_column = old->problem_column;
	keep_old(f, old, a);
	f->problem = old->problem ? arena_str(a, slice_str(old->problem)) : NULL;
}

static bool is_unchanged(const struct scan *s, const struct template_file *f)
{
	const struct template_file *old = find_old(s, f);
	return old && same_stat(&old->stat, &f->stat);
}

static void take_content(struct scan *s, struct template_file *f, const struct liquid_env *env)
{
	struct template_set *set = s->set;
	const struct template_file *old = find_old(s, f);
	if (old && same_stat(&old->stat, &f->stat)) {
		take_old(f, old, set->arena);
		return;
	}
	struct err why = {0};
	if (read_source(f, set->arena, &why) > 0 && try_source(f, set->arena, env, &why) > 0)
		return;
	keep_old(f, old, set->arena);
	f->problem = arena_str(set->arena, slice_str(why.text));
	if (!set->broken.class)
		set->broken = why;
	log_event(LOG_LEVEL_WARNING, "template-broken", LOG_STR("file", f->full_path),
		  LOG_STR("problem", why.text), LOG_NUM("kept", f->source.ptr != NULL));
}

/* ---- directories ---- */

static void take_name(struct scan *s, const char *dir, unsigned dir_number, const char *folder,
		      const char *base)
{
	struct arena *a = s->set->arena;
	struct template_file f = {.dir = dir_number};
	struct slice name = arena_copy(a, slice_str(base));
	if (base[0] == '.' || s->set->files_count >= TEMPLATE_FILES_MAX ||
	    !read_file_name(name, strcmp(folder, "locale") == 0, &f))
		return;
	f.full_path = arena_printf(a, "%s/%s/%s", dir, folder, base);
	if (stat(f.full_path, &f.stat) < 0 || !S_ISREG(f.stat.st_mode))
		return;
	f.path = slice_str(arena_printf(a, "%s/%s", folder, base));
	f.name = slice_str(arena_printf(a, "%s/%.*s", folder, SLICE_ARG(f.name)));
	if (strcmp(folder, "locale") == 0)
		f.name = SLICE("locale");
	arena_grow(a, &s->set->files, s->set->files_count, &s->room, sizeof(f));
	s->set->files[s->set->files_count++] = f;
}

/* True when the directory is there. */
static bool take_dir(struct scan *s, const char *dir, unsigned number)
{
	bool found = false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s", dir, folders[i]);
		DIR *d = opendir(path);
		if (!d)
			continue;
		found = true;
		for (struct dirent *entry; (entry = readdir(d));)
			take_name(s, dir, number, folders[i], entry->d_name);
		closedir(d);
	}
	return found;
}

int template_scan(const char *const dirs[], size_t n, const struct template_set *old,
		  struct template_set *set, struct err *e)
{
	struct scan s = {.set = set, .old = old};
	bool found = false;
	for (size_t i = 0; i < n; i++)
		found |= take_dir(&s, dirs[i], (unsigned)i);
	if (!found)
		return err_set(e, ERR_CONFIG, "no templates in %s",
			       n ? dirs[n - 1] : "any directory");
	if (set->files_count)
		qsort(set->files, set->files_count, sizeof(*set->files), by_name);
	set->changed = !old || old->files_count != set->files_count;
	for (size_t i = 0; i < set->files_count && !set->changed; i++)
		set->changed = !is_unchanged(&s, &set->files[i]);
	if (!set->changed)
		return 1;
	struct liquid_env *env = liquid_env_open();
	template_filters(env);
	for (size_t i = 0; i < set->files_count; i++)
		take_content(&s, &set->files[i], env);
	liquid_env_close(&env);
	return 1;
}
