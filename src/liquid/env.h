/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_ENV_H
#define POSTCLERK_LIQUID_ENV_H

#include "program.h"

/* What an environment holds; changed only before the first parse. */

#define ENV_SLOTS 256 /* of the filter index; a power of two */
#define ENV_FILTERS_MAX 192

struct liquid_env {
	struct filter_entry filters[ENV_FILTERS_MAX];
	size_t n_filters;
	uint8_t index[ENV_SLOTS]; /* filter number + 1 */
	bool lenient;
	liquid_load_fn *load;
	void *load_user;
};

static inline bool env_lenient(const struct liquid_env *env)
{
	return env->lenient;
}

/* The environment's own, or null if there is none of that name. */
const struct filter_entry *env_filter(const struct liquid_env *env, struct slice name);
/* The standard escape, which needs no copy when its result is printed; not of null. */
bool env_is_escape(const struct liquid_filter *row);

/* The standard filters, a table a file; each ends with a null name. */
extern const struct liquid_filter filters_text[], filters_edit[], filters_html[], filters_list[],
	filters_pick[], filters_math[], filters_date[];

liquid_filter_fn filter_escape, filter_default;

#endif
