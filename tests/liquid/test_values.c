/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "harness.h"

/* Values through a host's classes, filters of a host, and what a template uses. */

struct line {
	const char *sku;
	int64_t amount;
};

static const struct line lines[] = {{"A<1", 150}, {"B", 25}};

static bool line_get(const struct liquid_value *self, struct slice name, struct liquid_hint *hint,
		     struct arena *a, struct liquid_value *out)
{
	const struct line *line = self->object.ptr;
	(void)hint;
	(void)a;
	if (slice_eq(name, SLICE("sku")))
		*out = liquid_string(slice_str(line->sku));
	else if (slice_eq(name, SLICE("amount")))
		*out = liquid_int(line->amount);
	else
		return false;
	return true;
}

static void line_print(const struct liquid_value *self, struct buf *out)
{
	const struct line *line = self->object.ptr;
	buf_printf(out, "line %s", line->sku);
}

static const struct liquid_class line_class = {
	.name = "line", .get = line_get, .print = line_print};

static size_t lines_count(const struct liquid_value *self)
{
	return self->index;
}

static bool lines_at(const struct liquid_value *self, size_t i, struct arena *a, struct slice *key,
		     struct liquid_value *out)
{
	(void)self;
	(void)a;
	(void)key;
	*out = liquid_object(&line_class, &lines[i], 0);
	return true;
}

static const struct liquid_class lines_class = {
	.name = "lines", .array = true, .count = lines_count, .at = lines_at};

static bool root_get(const struct liquid_value *self, struct slice name, struct liquid_hint *hint,
		     struct arena *a, struct liquid_value *out)
{
	(void)self;
	(void)hint;
	(void)a;
	if (!slice_eq(name, SLICE("lines")))
		return false;
	*out = liquid_object(&lines_class, lines, 2);
	return true;
}

static const struct liquid_class root_class = {.name = "root", .get = root_get};

static int cents(const struct liquid_call *call, struct liquid_value *result)
{
	int64_t n;
	const char *sign = call->user;
	if (!liquid_integer(call->input, &n))
		return liquid_fail(call->context, "cents: not an amount");
	*result = liquid_string(
		slice_str(arena_printf(liquid_arena(call->context), "%lld.%02lld%s",
				       (long long)n / 100, (long long)n % 100, sign)));
	return 1;
}

static const struct liquid_filter filters[] = {{"cents", 0, 0, false, cents}};

static void classes_answer(void **state)
{
	static char sign[] = " EUR";
	static const struct {
		const char *source, *wanted;
	} rows[] = {
		{"{% for l in lines %}{{ l.sku }}={{ l.amount | cents }};{% endfor %}",
		 "A&lt;1=1.50 EUR;B=0.25 EUR;"},
		{"{{ lines[1].sku }}{{ lines.size }}{{ lines.first.sku }}{{ lines.last.sku }}",
		 "B2A&lt;1B"},
		{"{{ lines }}", "line A&lt;1line B"},
		{"{{ lines | map: 'amount' | sum }}", "175"},
		{"{{ lines | where: 'sku', 'B' | size }}", "1"},
		{"{% if lines[0].gone %}x{% endif %}{% if lines == empty %}x{% endif %}", ""},
	};
	struct arena *a = arena_open();
	struct liquid_env *env = liquid_env_open();
	struct liquid_options options = {
		.escape = LIQUID_ESCAPE_HTML,
		.undefined_error = true,
		.globals = liquid_object(&root_class, NULL, 0),
	};
	(void)state;
	liquid_env_filters(env, filters, 1, sign);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct liquid_template *t;
		struct liquid_error error;
		struct buf out;
		buf_init(&out, 4096);
		assert_int_equal(
			liquid_parse(env, SLICE("t"), slice_str(rows[i].source), a, &t, &error), 1);
		if (liquid_render(env, t, &options, &out, &error) < 0)
			fail_msg("%s: %s", rows[i].source, error.message);
		assert_string_equal(buf_str(&out), rows[i].wanted);
		buf_release(&out);
	}
	liquid_env_close(&env);
	arena_close(&a);
}

static void hashes_keep_their_order(void **state)
{
	struct arena *a = arena_open();
	struct liquid_value hash = liquid_hash_new(a);
	(void)state;
	for (int i = 0; i < 100; i++)
		liquid_hash_set(a, hash, slice_str(arena_printf(a, "k%d", 99 - i)), liquid_int(i));
	liquid_hash_set(a, hash, SLICE("k99"), liquid_int(-1));
	struct liquid_env *env = liquid_env_open();
	struct liquid_options options = {.globals = hash};
	struct liquid_template *t;
	struct buf out;
	buf_init(&out, 4096);
	assert_int_equal(liquid_parse(env, SLICE("t"),
				      SLICE("{{ k99 }} {{ k0 }} {{ k50 }} {{ gone }}"), a, &t,
				      NULL),
			 1);
	assert_int_equal(liquid_render(env, t, &options, &out, NULL), 1);
	assert_string_equal(buf_str(&out), "-1 99 49 ");
	buf_release(&out);
	liquid_env_close(&env);
	arena_close(&a);
}

static void note_use(void *user, const struct liquid_use *use)
{
	static const char *const kinds[] = {"var", "partial", "loop"};
	buf_printf(user, "%s %.*s%s%.*s%s%s %u\n", kinds[use->kind], SLICE_ARG(use->path),
		   use->of.len ? " of " : "", SLICE_ARG(use->of), use->local ? " local" : "",
		   use->tolerant ? " tolerant" : "", use->line);
}

static void uses_are_listed(void **state)
{
	static const char source[] = "{{ order.lines[0].sku }}{{ a[b.c].d }}\n"
				     "{% for l in order.lines %}{{ l.sku | upcase }}{% endfor %}\n"
				     "{% if shop.name %}{% endif %}{{ x | default: 'y' }}\n"
				     "{% assign z = 1 %}{{ z }}{% render 'part', q: r %}\n"
				     "{% if m == 1 and n %}{% endif %}{{ o | append: 'p' }}";
	struct arena *a = arena_open();
	struct liquid_env *env = liquid_env_open();
	struct liquid_template *t;
	struct buf out;
	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(liquid_parse(env, SLICE("t"), slice_str(source), a, &t, NULL), 1);
	liquid_uses(t, a, note_use, &out);
	assert_string_equal(buf_str(&out), "var order.lines[].sku 1\n"
					   "var a 1\n"
					   "var b.c 1\n"
					   "var a[].d 1\n"
					   "var order.lines 2\n"
					   "loop l of order.lines local 2\n"
					   "var l.sku local 2\n"
					   "var shop.name tolerant 3\n"
					   "var x tolerant 3\n"
					   "var z local 4\n"
					   "var r 4\n"
					   "partial part 4\n"
					   "var m tolerant 5\n"
					   "var n tolerant 5\n"
					   "var o 5\n");
	buf_release(&out);
	liquid_env_close(&env);
	arena_close(&a);
}

static void numbers_are_read(void **state)
{
	static const struct {
		const char *text;
		enum liquid_kind kind;
	} rows[] = {
		{"12", LIQUID_INT},	  {"-9223372036854775808", LIQUID_INT},
		{"1.50", LIQUID_DECIMAL}, {"1e3", LIQUID_DECIMAL},
		{"", LIQUID_NIL},	  {"-", LIQUID_NIL},
		{"1x", LIQUID_NIL},	  {"99999999999999999999", LIQUID_DECIMAL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(liquid_number(slice_str(rows[i].text)).kind, rows[i].kind);
}

const struct CMUnitTest value_tests[] = {
	cmocka_unit_test(classes_answer),
	cmocka_unit_test(hashes_keep_their_order),
	cmocka_unit_test(uses_are_listed),
	cmocka_unit_test(numbers_are_read),
};
const size_t value_count_tests = sizeof(value_tests) / sizeof(value_tests[0]);
