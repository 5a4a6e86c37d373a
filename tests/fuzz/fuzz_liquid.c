/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "liquid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input itself is every partial. */
static int load(void *user, struct slice name, struct arena *a, struct liquid_source *source,
		struct err *e)
{
	(void)a;
	(void)e;
	source->text = *(const struct slice *)user;
	return name.len > 0;
}

static struct liquid_value data_of(struct arena *a)
{
	struct liquid_value root = liquid_hash_new(a), list = liquid_list_new(a);
	liquid_list_add(a, list, liquid_int(3));
	liquid_list_add(a, list, liquid_string(SLICE("<b>")));
	liquid_list_add(a, list, liquid_nil());
	liquid_list_add(a, list, liquid_decimal(-15, -1));
	liquid_hash_set(a, root, SLICE("a"), list);
	liquid_hash_set(a, root, SLICE("h"), root);
	liquid_hash_set(a, root, SLICE("s"), liquid_string(SLICE("2026-03-14 a,b c")));
	return root;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	struct slice source = slice_of(copy, size);
	struct arena *a = arena_open();
	struct liquid_env *env = liquid_env_open();
	struct liquid_options options = {
		.escape = size ? (enum liquid_escape)(data[0] % 6) : LIQUID_ESCAPE_NONE,
		.undefined_error = size > 1 && (data[1] & 1),
		.inline_errors = size > 1 && (data[1] & 2),
		.limits = {.fuel = 20000, .output = 1 << 16, .memory = 1 << 20, .depth = 8},
		.globals = data_of(a),
	};
	struct liquid_template *t;
	struct buf out;
	buf_init(&out, 1 << 17);
	liquid_env_loader(env, load, &source);
	liquid_env_lenient_filters(env, true);
	if (liquid_parse(env, SLICE("fuzz"), source, a, &t, NULL) > 0)
		liquid_render(env, t, &options, &out, NULL);
	buf_release(&out);
	liquid_env_close(&env);
	arena_close(&a);
	free(copy);
	return 0;
}
