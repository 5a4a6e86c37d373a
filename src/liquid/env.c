/* SPDX-License-Identifier: ISC */
#include "env.h"
#include "value.h"

#include <stdlib.h>

/*
 * Length and three letters tell the standard names apart nearly without collisions; a
 * real hash would cost more than the lookup.
 */
static uint32_t slot_of(struct slice name)
{
	uint32_t h = (uint32_t)name.len * 37;
	if (name.len)
		h += (unsigned char)name.ptr[0] * 7u + (unsigned char)name.ptr[name.len / 2] * 13u +
		     (unsigned char)name.ptr[name.len - 1] * 29u;
	return h & (ENV_SLOTS - 1);
}

static uint8_t *find(struct liquid_env *env, struct slice name)
{
	uint32_t at = slot_of(name);
	for (; env->index[at]; at = (at + 1) & (ENV_SLOTS - 1))
		if (same_name(name, env->filters[env->index[at] - 1].name))
			break;
	return &env->index[at];
}

const struct filter_entry *env_filter(const struct liquid_env *env, struct slice name)
{
	uint32_t at = slot_of(name);
	for (; env->index[at]; at = (at + 1) & (ENV_SLOTS - 1)) {
		const struct filter_entry *entry = &env->filters[env->index[at] - 1];
		if (same_name(entry->name, name))
			return entry;
	}
	return NULL;
}

bool env_is_escape(const struct liquid_filter *row)
{
	return row && row->apply == filter_escape;
}

static void add(struct liquid_env *env, const struct liquid_filter *row, void *user)
{
	uint8_t *slot = find(env, slice_str(row->name));
	if (!*slot) {
		/* Tables are part of the program, not of any input: this is a bug of the host. */
		if (env->n_filters == ENV_FILTERS_MAX)
			die("liquid: more than %d filters", ENV_FILTERS_MAX);
		*slot = (uint8_t)++env->n_filters;
	}
	/* default is the one filter that is made for what is not there. */
	env->filters[*slot - 1] = (struct filter_entry){slice_str(row->name), row, user,
							row->apply == filter_default};
}

struct liquid_env *liquid_env_open(void)
{
	static const struct liquid_filter *const standard[] = {
		filters_text, filters_edit, filters_html, filters_list,
		filters_pick, filters_math, filters_date,
	};
	struct liquid_env *env = calloc(1, sizeof(*env));
	if (!env)
		die("out of memory");
	for (size_t i = 0; i < sizeof(standard) / sizeof(standard[0]); i++)
		for (const struct liquid_filter *row = standard[i]; row->name; row++)
			add(env, row, NULL);
	return env;
}

void liquid_env_close(struct liquid_env **env)
{
	free(*env);
	*env = NULL;
}

void liquid_env_filters(struct liquid_env *env, const struct liquid_filter *table, size_t n,
			void *user)
{
	for (size_t i = 0; i < n; i++)
		add(env, &table[i], user);
}

void liquid_env_loader(struct liquid_env *env, liquid_load_fn *load, void *user)
{
	env->load = load;
	env->load_user = user;
}

void liquid_env_lenient_filters(struct liquid_env *env, bool lenient)
{
	env->lenient = lenient;
}

const char *liquid_env_filter_name(const struct liquid_env *env, size_t i)
{
	return i < env->n_filters ? env->filters[i].row->name : NULL;
}
