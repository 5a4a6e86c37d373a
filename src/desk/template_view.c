/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>

#include "template_set.h"

/* ---- parts ---- */

/*
 * A part is parsed with as many line ends and blanks before it as stand before
 * it in its file, so that an error names the file's own line and column.  They
 * print nothing that is seen in any part that has them.
 */
static struct slice padded(struct arena *a, const struct part *part, const char *before,
			   const char *behind)
{
	struct buf text;
	buf_init(&text, (size_t)TEMPLATE_FILE_MAX * 2);
	for (unsigned line = 1; line < part->line; line++)
		buf_putc(&text, '\n');
	unsigned used = (unsigned)strlen(before);
	for (unsigned column = 1 + used; column < part->column; column++)
		buf_putc(&text, ' ');
	buf_puts(&text, before);
	buf_put(&text, part->source);
	buf_puts(&text, behind);
	struct slice padded_text = arena_copy(a, buf_slice(&text));
	buf_release(&text);
	return padded_text;
}

int template_part_parse(const struct liquid_env *env, const struct template_file *file,
			enum part_kind kind, struct arena *a,
			const struct liquid_template **template, struct liquid_error *error)
{
	const struct part *part = &file->parts[kind];
	bool when = kind == PART_WHEN;
	*template = NULL;
	if (!part->source.ptr)
		return 1;
	struct liquid_template *parsed;
	if (liquid_parse(env, file->path,
			 padded(a, part, when ? "{% if " : "", when ? " %}1{% endif %}" : ""), a,
			 &parsed, error) < 0)
		return -1;
	*template = parsed;
	return 1;
}

/* ---- one language's view ---- */

/* How well a file serves a language; 0 not at all. */
static int fitness(const struct template_file *f, struct slice language)
{
	if (f->json || !f->source.ptr)
		return 0;
	if (slice_eq(f->language, language))
		return 3;
	if (!f->language.len)
		return 2;
	return slice_eq(f->language, SLICE("en")) ? 1 : 0;
}

/* The best of files[from..to), which have one name; the first directory wins a tie. */
static const struct template_file *best_file(const struct template_set *set, size_t from, size_t to,
					     struct slice language)
{
	const struct template_file *best = NULL;
	for (size_t i = from; i < to; i++) {
		const struct template_file *f = &set->files[i];
		if (fitness(f, language) > (best ? fitness(best, language) : 0))
			best = f;
	}
	return best;
}

static void add_template(struct template_view *view, const struct template_file *f)
{
	struct template *template = &view->templates[view->count++];
	*template = (struct template){.file = f, .view = view};
	for (int kind = 0; kind < PART_COUNT; kind++) {
		struct liquid_error error;
		if (template_part_parse(view->env, f, (enum part_kind)kind, view->set->arena,
					&template->parts[kind], &error) < 0)
			die("template %s was good and is not any more", f->full_path);
	}
}

/* Partials of the view's language: {% render 'order-lines' %}. */
static int load_partial(void *user, struct slice name, struct arena *a,
			struct liquid_source *source, struct err *e)
{
	const struct template_view *view = user;
	(void)e;
	struct slice path = slice_str(arena_printf(a, "partial/%.*s", SLICE_ARG(name)));
	const struct template *found = template_view_find(view, path);
	if (!found || !found->parts[PART_BODY])
		return 0;
	*source = (struct liquid_source){.parsed = found->parts[PART_BODY]};
	return 1;
}

static const struct json *words_of(const struct template_set *set, struct slice language)
{
	for (size_t i = 0; i < set->files_count; i++) {
		const struct template_file *f = &set->files[i];
		if (f->json && f->tree && slice_eq(f->name, SLICE("locale")) &&
		    slice_eq(f->language, language))
			return f->tree;
	}
	return NULL;
}

static void open_view(struct template_set *set, struct slice language)
{
	assert(set->views_count < TEMPLATE_LANGUAGES_MAX);
	struct template_view *view = &set->views[set->views_count++];
	*view = (struct template_view){.set = set, .language = language};
	view->words = words_of(set, language);
	view->words_else = words_of(set, SLICE("en"));
	view->env = liquid_env_open();
	template_filters(view->env);
	liquid_env_loader(view->env, load_partial, view);
	view->templates = ARENA_ARRAY(set->arena, set->files_count, struct template);
	for (size_t from = 0, to; from < set->files_count; from = to) {
		to = from + 1;
		while (to < set->files_count &&
		       slice_eq(set->files[to].name, set->files[from].name))
			to++;
		const struct template_file *f = best_file(set, from, to, language);
		if (f)
			add_template(view, f);
	}
}

static bool has_view(const struct template_set *set, struct slice language)
{
	for (size_t i = 0; i < set->views_count; i++)
		if (slice_eq(set->views[i].language, language))
			return true;
	return false;
}

void template_views_open(struct template_set *set)
{
	open_view(set, SLICE("en"));
	for (size_t i = 0; i < set->files_count; i++) {
		const struct template_file *f = &set->files[i];
		if (!f->language.len || f->json || has_view(set, f->language))
			continue;
		if (set->views_count == TEMPLATE_LANGUAGES_MAX) {
			log_event(LOG_LEVEL_WARNING, "template-languages-too-many",
				  LOG_STR("file", f->full_path));
			return;
		}
		open_view(set, f->language);
	}
}

void template_views_close(struct template_set *set)
{
	for (size_t i = 0; i < set->views_count; i++)
		liquid_env_close(&set->views[i].env);
}

/* ---- finding ---- */

static int by_name(const void *key, const void *entry)
{
	const struct template *template = entry;
	return slice_cmp(*(const struct slice *)key, template->file->name);
}

const struct template *template_view_find(const struct template_view *view, struct slice name)
{
	if (!view->count)
		return NULL;
	return bsearch(&name, view->templates, view->count, sizeof(*view->templates), by_name);
}

static const struct template_view *view_of(const struct template_set *set, struct slice language)
{
	for (size_t i = 0; i < set->views_count; i++)
		if (slice_eq_nocase(set->views[i].language, language))
			return &set->views[i];
	return NULL;
}

/* The view of a tag, or of the language it begins with ("de" of "de-AT"). */
static const struct template_view *view_of_tag(const struct template_set *set, struct slice tag)
{
	const struct template_view *view = view_of(set, tag);
	ptrdiff_t dash = slice_chr(tag, '-');
	return view || dash < 0 ? view : view_of(set, slice_sub(tag, 0, (size_t)dash));
}

/* A file that is in the view's language, or in none. */
static const struct template *find_fitting(const struct template_view *view, struct slice name)
{
	const struct template *found = view ? template_view_find(view, name) : NULL;
	if (!found)
		return NULL;
	struct slice language = found->file->language;
	return !language.len || slice_eq(language, view->language) ? found : NULL;
}

const struct template *template_find(const struct template_set *set, struct slice name,
				     const struct template_languages *languages)
{
	const struct template *found = NULL;
	for (size_t i = 0; !found && languages && i < languages->n; i++)
		if (languages->tags[i].len)
			found = find_fitting(view_of_tag(set, languages->tags[i]), name);
	/* English is the first view. */
	for (size_t i = 0; !found && i < set->views_count; i++)
		found = find_fitting(&set->views[i], name);
	return found;
}

/* ---- words ---- */

struct slice template_view_word(const struct template_view *view, struct slice key)
{
	const struct json *word = json_get(view->words, key);
	if (!word)
		word = json_get(view->words_else, key);
	return word && word->kind == JSON_STRING ? word->string : (struct slice){0};
}

struct slice templates_word(const struct template_set *set, struct slice key,
			    const struct template_languages *languages)
{
	const struct template_view *view = NULL;
	for (size_t i = 0; !view && languages && i < languages->n; i++)
		if (languages->tags[i].len)
			view = view_of_tag(set, languages->tags[i]);
	struct slice word = template_view_word(view ? view : &set->views[0], key);
	return word.ptr ? word : key;
}
