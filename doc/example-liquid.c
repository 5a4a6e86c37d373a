/* SPDX-License-Identifier: ISC */
/*
 * Renders a template against data: what a program needs to use the library.
 * cc example-liquid.c $(pkg-config --cflags --libs libpostclerk-liquid)
 */
#include <liquid.h>
#include <stdio.h>

static const char source[] =
	"Dear {{ customer.name }},{% for item in items %}\n"
	"- {{ item | upcase }}{% endfor %}\n"
	"Total: {{ total | divided_by: 100.0 }} {{ currency | default: 'EUR' }}\n";

/* The variables: a hash in the arena; the host's own objects need no copy (liquid_class). */
static struct liquid_value data(struct arena *a)
{
	struct liquid_value globals = liquid_hash_new(a), customer = liquid_hash_new(a);
	struct liquid_value items = liquid_list_new(a);
	liquid_hash_set(a, customer, SLICE("name"), liquid_string(SLICE("Ann & Ben")));
	liquid_list_add(a, items, liquid_string(SLICE("desk")));
	liquid_list_add(a, items, liquid_string(SLICE("lamp")));
	liquid_hash_set(a, globals, SLICE("customer"), customer);
	liquid_hash_set(a, globals, SLICE("items"), items);
	liquid_hash_set(a, globals, SLICE("total"), liquid_int(79350));
	liquid_hash_set(a, globals, SLICE("currency"), liquid_nil());
	return globals;
}

int main(void)
{
	struct arena *a = arena_open();
	struct liquid_env *env = liquid_env_open();
	struct liquid_template *template;
	struct liquid_options options = {
		.escape = LIQUID_ESCAPE_HTML, .undefined_error = true, .globals = data(a)};
	struct liquid_error error;
	struct buf out;
	buf_init(&out, 1 << 16);
	int done = liquid_parse(env, SLICE("example"), slice_str(source), a, &template, &error);
	if (done > 0)
		done = liquid_render(env, template, &options, &out, &error);
	if (done < 0)
		liquid_error_put(&out, &error);
	fwrite(out.ptr, 1, out.len, done < 0 ? stderr : stdout);
	buf_release(&out);
	liquid_env_close(&env);
	arena_close(&a);
	return done < 0;
}
