/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "template_set.h"

/* A template as an admin names it: by the file that is open in an editor. */

static const struct template_file *file_on_disk(const struct template_set *set, struct slice path)
{
	char name[4096];
	struct stat st;
	snprintf(name, sizeof(name), "%.*s", SLICE_ARG(path));
	if (stat(name, &st) < 0)
		return NULL;
	for (size_t i = 0; i < set->files_count; i++)
		if (set->files[i].stat.st_ino == st.st_ino &&
		    set->files[i].stat.st_dev == st.st_dev)
			return &set->files[i];
	return NULL;
}

static int template_of(const struct template_set *set, const struct template_file *f,
		       const struct template **template, struct err *e)
{
	if (f->problem)
		return err_set(e, ERR_CONFIG, "%s", f->problem);
	for (size_t i = 0; i < set->views_count; i++) {
		const struct template *found = template_view_find(&set->views[i], f->name);
		*template = found;
		if (found && found->file == f)
			return 1;
		if (found && slice_eq(found->file->language, f->language) &&
		    slice_eq(set->views[i].language, f->language))
			return err_set(e, ERR_CONFIG, "%s: it is not in use, %s takes its place",
				       f->full_path, found->file->full_path);
	}
	return err_set(e, ERR_CONFIG, "%s: no language uses it", f->full_path);
}

/* Only these make mails by themselves. */
static bool is_mail(struct slice name)
{
	return slice_starts(name, SLICE("mail/")) || slice_starts(name, SLICE("desk/"));
}

static int by_name(const struct template_set *set, struct slice name,
		   const struct template **template, struct err *e)
{
	struct slice tag = {0};
	struct template_languages languages = {&tag, 1};
	char path[128];
	if (slice_ends(name, SLICE(".liquid")))
		name.len -= 7;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] == '.') {
			tag = slice_sub(name, i + 1, name.len);
			name.len = i;
		}
	if (!is_mail(name))
		return templates_by_name(set, name, 0, &languages, template, e);
	snprintf(path, sizeof(path), "%.*s", SLICE_ARG(name));
	*template = template_find(set, slice_str(path), &languages);
	return *template ? 1
			 : err_set(e, ERR_INPUT, "there is no template \"%.*s\"",
				   SLICE_ARG(slice_sub(name, 0, 80)));
}

int template_of_file(const struct template_set *set, struct slice file,
		     const struct template **template, struct err *e)
{
	const struct template_file *f = file_on_disk(set, file);
	if (!f && slice_starts(file, SLICE("/")))
		return err_set(e, ERR_INPUT,
			       "%.*s is no template of this desk: put it into its "
			       "templates/ first",
			       SLICE_ARG(file));
	if (f && (f->json || !is_mail(f->name)))
		return err_set(e, ERR_INPUT,
			       "%s makes no mail by itself: preview one of mail/ or desk/",
			       f->full_path);
	return f ? template_of(set, f, template, e) : by_name(set, file, template, e);
}
