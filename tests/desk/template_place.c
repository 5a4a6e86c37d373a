/* SPDX-License-Identifier: ISC */
#include "template_place.h"

#include <sys/stat.h>
#include <unistd.h>

int open_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	const char *tmp = getenv("TMPDIR");
	p->a = arena_open();
	snprintf(p->dir, sizeof(p->dir), "%s/templates-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(p->dir));
	*state = p;
	return 0;
}

int close_place(void **state)
{
	struct place *p = *state;
	char command[200];
	arena_close(&p->a);
	templates_close(&p->templates);
	snprintf(command, sizeof(command), "rm -rf '%s'", p->dir);
	int status = system(command);
	free(p);
	return status;
}

void put_file(struct place *p, const char *path, const char *content)
{
	char full[300], fresh[310];
	snprintf(full, sizeof(full), "%s/%s", p->dir, path);
	*strrchr(full, '/') = '\0';
	mkdir(full, 0755);
	snprintf(full, sizeof(full), "%s/%s", p->dir, path);
	snprintf(fresh, sizeof(fresh), "%s~", full);
	FILE *f = fopen(fresh, "w");
	assert_non_null(f);
	fputs(content, f);
	fclose(f);
	assert_int_equal(rename(fresh, full), 0);
}

const struct template_set *use(struct place *p)
{
	const char *dirs[] = {p->dir};
	if (!p->templates && templates_open(dirs, 1, &p->templates, &p->e) < 0)
		fail_msg("%s", p->e.text);
	return templates_use(p->templates, p->a);
}

const struct template_languages no_languages;

struct template_languages language(const char *tag)
{
	static struct slice tags[1];
	tags[0] = slice_str(tag);
	return (struct template_languages){tags, 1};
}
