/* SPDX-License-Identifier: ISC */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "template_set.h"

struct templates {
	struct arena *arena;
	const char **dirs;
	size_t n;
	pthread_mutex_t lock;	/* of `current` */
	pthread_mutex_t reload; /* one at a time */
	struct template_set *current;
};

/* A program that was not installed has its templates beside it. */
static const char *built_dir(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - sizeof("/templates"));
	char *slash = n > 0 ? memrchr(path, '/', (size_t)n) : NULL;
	if (!slash)
		return NULL;
	memcpy(slash, "/templates", sizeof("/templates"));
	return access(path, R_OK) == 0 ? path : NULL;
}

const char *templates_shipped_dir(void)
{
	static _Thread_local char path[4096];
	const char *dir = getenv("POSTCLERK_TEMPLATES");
	if (dir && *dir)
		return dir;
	dir = built_dir(path, sizeof(path));
	return dir ? dir : POSTCLERK_TEMPLATES;
}

static void set_release(void *ptr)
{
	struct template_set *set = ptr;
	if (atomic_fetch_sub(&set->references, 1) > 1)
		return;
	template_views_close(set);
	/* The set lives in its own arena. */
	struct arena *a = set->arena;
	arena_close(&a);
}

static int set_open(const struct templates *t, const struct template_set *old,
		    struct template_set **set, struct err *e)
{
	struct arena *a = arena_open();
	*set = ARENA_NEW(a, struct template_set);
	(*set)->arena = a;
	atomic_init(&(*set)->references, 1);
	if (template_scan(t->dirs, t->n, old, *set, e) < 0) {
		arena_close(&a);
		return -1;
	}
	if ((*set)->changed)
		template_views_open(*set);
	return 1;
}

int templates_open(const char *const dirs[], size_t n, struct templates **templates, struct err *e)
{
	struct arena *a = arena_open();
	struct templates *t = ARENA_NEW(a, struct templates);
	t->arena = a;
	t->dirs = ARENA_ARRAY(a, n, const char *);
	t->n = n;
	for (size_t i = 0; i < n; i++)
		t->dirs[i] = arena_str(a, slice_str(dirs[i]));
	if (set_open(t, NULL, &t->current, e) < 0) {
		arena_close(&a);
		return -1;
	}
	pthread_mutex_init(&t->lock, NULL);
	pthread_mutex_init(&t->reload, NULL);
	*templates = t;
	return 1;
}

void templates_close(struct templates **templates)
{
	struct templates *t = *templates;
	if (!t)
		return;
	*templates = NULL;
	set_release(t->current);
	pthread_mutex_destroy(&t->lock);
	pthread_mutex_destroy(&t->reload);
	struct arena *a = t->arena;
	arena_close(&a);
}

static struct template_set *current_set(struct templates *t)
{
	pthread_mutex_lock(&t->lock);
	struct template_set *set = t->current;
	atomic_fetch_add(&set->references, 1);
	pthread_mutex_unlock(&t->lock);
	return set;
}

static void replace_set(struct templates *t, struct template_set *set)
{
	pthread_mutex_lock(&t->lock);
	struct template_set *old = t->current;
	t->current = set;
	pthread_mutex_unlock(&t->lock);
	set_release(old);
}

static int reload(struct templates *t, const struct template_set *old, struct err *e)
{
	struct template_set *set;
	if (set_open(t, old, &set, e) < 0)
		return -1;
	if (!set->changed) {
		set_release(set);
		return 0;
	}
	int result = 1;
	if (set->broken.class)
		result = err_set(e, ERR_CONFIG, "%s", set->broken.text);
	log_event(LOG_LEVEL_INFO, "templates-reloaded", LOG_NUM("files", set->files_count));
	replace_set(t, set);
	return result;
}

int templates_reload(struct templates *templates, struct err *e)
{
	pthread_mutex_lock(&templates->reload);
	struct template_set *old = current_set(templates);
	int result = reload(templates, old, e);
	set_release(old);
	pthread_mutex_unlock(&templates->reload);
	return result;
}

const struct template_set *templates_use(struct templates *templates, struct arena *a)
{
	struct template_set *set = current_set(templates);
	arena_adopt(a, set, set_release);
	return set;
}

const struct template_info *template_info(const struct template *template)
{
	return &template->file->info;
}

size_t templates_problems(const struct template_set *set, template_problem_fn *fn, void *ctx)
{
	size_t n = 0;
	for (size_t i = 0; i < set->files_count; i++) {
		const struct template_file *f = &set->files[i];
		if (!f->problem)
			continue;
		n++;
		if (fn)
			fn(ctx, &(struct template_problem){.path = slice_str(f->full_path),
							   .line = f->problem_line,
							   .column = f->problem_column,
							   .message = f->problem});
	}
	return n;
}

/* ---- finding ---- */

static bool in_folder(struct slice name, const char *folder)
{
	return slice_starts(name, slice_str(folder));
}

static bool is_for(const struct template_info *info, char letter)
{
	return !letter || !info->kinds.len || slice_chr(info->kinds, letter) >= 0;
}

typedef bool wanted_fn(const struct template_info *info, const void *what);

/* One template of each name in mail/ that is wanted, in the order of names. */
static size_t collect(const struct template_set *set, const struct template_languages *languages,
		      wanted_fn *wanted, const void *what, struct arena *a,
		      const struct template ***list)
{
	size_t n = 0, room = 0;
	*list = NULL;
	for (size_t i = 0; i < set->files_count; i++) {
		struct slice name = set->files[i].name;
		if (!in_folder(name, "mail/") || (i && slice_eq(name, set->files[i - 1].name)))
			continue;
		const struct template *found = template_find(set, name, languages);
		if (!found || !wanted(&found->file->info, what))
			continue;
		arena_grow(a, list, n, &room, sizeof(**list));
		(*list)[n++] = found;
	}
	return n;
}

static bool sent_by_event(const struct template_info *info, const void *event)
{
	return slice_eq(info->on, *(const struct slice *)event);
}

static bool chosen_for_kind(const struct template_info *info, const void *letter)
{
	return !info->on.len && is_for(info, *(const char *)letter);
}

size_t templates_for_event(const struct template_set *set, struct slice event,
			   const struct template_languages *languages, struct arena *a,
			   const struct template ***list)
{
	return event.len ? collect(set, languages, sent_by_event, &event, a, list) : 0;
}

size_t templates_for_kind(const struct template_set *set, char letter,
			  const struct template_languages *languages, struct arena *a,
			  const struct template ***list)
{
	return collect(set, languages, chosen_for_kind, &letter, a, list);
}

/* The name of a mail that looks most like `name`; empty when none does. */
static struct slice nearest_name(const struct template_set *set, struct slice name)
{
	struct slice nearest = {0};
	size_t best = 4;
	for (size_t i = 0; i < set->files_count; i++) {
		if (!in_folder(set->files[i].name, "mail/"))
			continue;
		struct slice other = slice_sub(set->files[i].name, 5, set->files[i].name.len);
		size_t distance = text_distance(name, other);
		if (distance < best) {
			best = distance;
			nearest = other;
		}
	}
	return nearest;
}

int templates_by_name(const struct template_set *set, struct slice name, char letter,
		      const struct template_languages *languages, const struct template **template,
		      struct err *e)
{
	if (in_folder(name, "mail/"))
		name = slice_sub(name, 5, name.len);
	char path[96];
	const struct template *found = NULL;
	if (name.len + 6 < sizeof(path)) {
		snprintf(path, sizeof(path), "mail/%.*s", SLICE_ARG(name));
		found = template_find(set, slice_str(path), languages);
	}
	if (!found) {
		struct slice nearest = nearest_name(set, name);
		return err_set(e, ERR_INPUT, "there is no template \"%.*s\"%s%.*s%s",
			       SLICE_ARG(slice_sub(name, 0, 80)),
			       nearest.len ? "; did you mean \"" : "", SLICE_ARG(nearest),
			       nearest.len ? "\"?" : "");
	}
	if (!is_for(&found->file->info, letter))
		return err_set(e, ERR_INPUT, "template \"%.*s\" is not for objects with letter %c",
			       SLICE_ARG(name), letter);
	*template = found;
	return 1;
}
