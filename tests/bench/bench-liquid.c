/* SPDX-License-Identifier: ISC */

/*
 * Speed and memory of templates (TEMPLATES.md 3): the order mail, with limits
 * and autoescape on, beside a copy of the output (the floor of any engine) and
 * the same mail written in C by hand; and a theme-like set of pages.
 *
 *   bench-liquid TEMPLATE DATA OUTPUT THEME-DIR
 *
 * Prints `SET CONTESTANT parse_us=... render_us=...`, the best of many rounds,
 * after checking that the output is right to the byte, and what a render holds
 * at most, for the mail and for templates of its body ten and a hundred times.
 * The pages' output is left in THEME-DIR/out for the other engines.
 *
 *   bench-liquid --once parse|render TEMPLATE DATA OUTPUT
 *
 * does the one thing a thousand times, for counting instructions.
 */
#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "liquid.h"
#include "order_mail_hand.h"

#define ROUNDS 50
#define PAGES_MAX 64

/* ---- what the heap holds: the linker leads all calls here (--wrap) ---- */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static struct {
	bool on;
	size_t now, most, calls;
} heap;

static void *taken(void *p)
{
	if (heap.on) {
		heap.calls++;
		heap.now += malloc_usable_size(p);
		if (heap.now > heap.most)
			heap.most = heap.now;
	}
	return p;
}

static void given_back(void *p)
{
	if (heap.on)
		heap.now -= malloc_usable_size(p);
}

void *__wrap_malloc(size_t n)
{
	return taken(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return taken(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n)
{
	given_back(p);
	return taken(__real_realloc(p, n));
}

void __wrap_free(void *p)
{
	given_back(p);
	__real_free(p);
}

/* ---- files and data ---- */

static struct slice read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf text;
	buf_init(&text, 1u << 20);
	if (!f) {
		perror(path);
		exit(1);
	}
	for (size_t n = 1; n;) {
		char *room = buf_reserve(&text, 4096);
		n = room ? fread(room, 1, 4096, f) : 0;
		text.len += n;
	}
	fclose(f);
	struct slice s = arena_copy(a, buf_slice(&text));
	buf_release(&text);
	return s;
}

static struct liquid_value value_of(struct arena *a, const struct json *json)
{
	struct liquid_value v = liquid_nil();
	switch (json->kind) {
	case JSON_BOOL:
		return liquid_bool(json->boolean);
	case JSON_INTEGER:
		return liquid_int(json->integer);
	case JSON_STRING:
		return liquid_string(json->string);
	case JSON_ARRAY:
		v = liquid_list_new(a);
		for (const struct json *child = json->first; child; child = child->next)
			liquid_list_add(a, v, value_of(a, child));
		return v;
	case JSON_OBJECT:
		v = liquid_hash_new(a);
		for (const struct json *child = json->first; child; child = child->next)
			liquid_hash_set(a, v, child->name, value_of(a, child));
		return v;
	default:
		return v;
	}
}

/* What a shop's host registers: minor units as "1,234.50 EUR", in the sign. */
static int money(const struct liquid_call *call, struct liquid_value *result)
{
	int64_t n;
	if (call->input.kind == LIQUID_INT)
		n = call->input.integer;
	else if (!liquid_integer(call->input, &n))
		return liquid_fail(call->context, "money: not an amount");
	char *text = arena_alloc(liquid_arena(call->context), 32), *p = text + 28;
	uint64_t whole = (n < 0 ? -(uint64_t)n : (uint64_t)n) / 100;
	unsigned cents = (unsigned)((n < 0 ? -(uint64_t)n : (uint64_t)n) % 100);
	memcpy(p, " \xE2\x82\xAC", 4);
	*--p = (char)('0' + cents % 10);
	*--p = (char)('0' + cents / 10);
	*--p = '.';
	for (; whole >= 1000; whole /= 1000) {
		unsigned three = (unsigned)(whole % 1000);
		*--p = (char)('0' + three % 10);
		*--p = (char)('0' + three / 10 % 10);
		*--p = (char)('0' + three / 100);
		*--p = ',';
	}
	do
		*--p = (char)('0' + whole % 10);
	while (whole /= 10);
	if (n < 0)
		*--p = '-';
	/* Digits and a sign: nothing in it is ever a mark. */
	*result = liquid_safe(slice_of(p, (size_t)(text + 32 - p)));
	return liquid_charge(call->context, 32);
}

/* A quote is &quot; or &#34;: both are right. */
static struct slice with_one_quote(struct arena *a, struct slice s)
{
	struct buf text;
	ptrdiff_t at;
	buf_init(&text, 1u << 20);
	while ((at = slice_find(s, SLICE("&#34;"))) >= 0) {
		buf_put(&text, slice_sub(s, 0, (size_t)at));
		buf_puts(&text, "&quot;");
		s = slice_sub(s, (size_t)at + 5, s.len);
	}
	buf_put(&text, s);
	s = arena_copy(a, buf_slice(&text));
	buf_release(&text);
	return s;
}

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* ---- the order mail ---- */

struct job {
	struct liquid_env *env;
	struct slice source, wanted;
	struct liquid_template *t;
	struct liquid_options options;
	struct arena *a;
	struct buf out;
	struct hand_mail *mail;
	char *hand;
	size_t hand_len;
};

static struct liquid_template *parse(struct liquid_env *env, struct slice name, struct slice source,
				     struct arena *a)
{
	struct liquid_error error;
	struct liquid_template *t;
	if (liquid_parse(env, name, source, a, &t, &error) < 0) {
		fprintf(stderr, "%s:%u: %s\n", error.template, error.line, error.message);
		exit(1);
	}
	return t;
}

static void render(struct job *job, const struct liquid_template *t)
{
	struct liquid_error error;
	buf_clear(&job->out);
	if (liquid_render(job->env, t, &job->options, &job->out, &error) < 0) {
		fprintf(stderr, "%s:%u: %s\n", error.template, error.line, error.message);
		exit(1);
	}
}

static void parse_once(struct job *job)
{
	arena_clear(job->a);
	parse(job->env, SLICE("order"), job->source, job->a);
}

static void render_once(struct job *job)
{
	render(job, job->t);
}

static void hand_once(struct job *job)
{
	job->hand_len = hand_mail_render(job->mail, job->hand);
}

static void copy_once(struct job *job)
{
	buf_clear(&job->out);
	buf_put(&job->out, job->wanted);
	__asm__ volatile("" : : "r"(job->out.ptr) : "memory");
}

struct contest {
	void (*once)(struct job *job);
	double least; /* us */
};

static double timed(struct contest *c, struct job *job, int runs)
{
	double start = now_us();
	for (int i = 0; i < runs; i++)
		c->once(job);
	return (now_us() - start) / runs;
}

/*
 * In turns, so that what else the machine does falls on all of them; each turn
 * long enough that the processor has learned the contestant's branches, or the
 * one by hand, which is nothing but branches, would look slower than it is.
 */
static void measure(struct contest *contests, size_t n, struct job *job, int turns, int runs)
{
	for (int i = 0; i < turns * (int)n; i++) {
		struct contest *c = &contests[(size_t)i % n];
		for (int k = 0; k < ROUNDS; k++) {
			double us = timed(c, job, runs);
			if (!c->least || us < c->least)
				c->least = us;
		}
	}
}

static void check_output(const char *who, struct slice got, struct slice wanted)
{
	if (slice_eq(got, wanted))
		return;
	fprintf(stderr, "%s: the output is not the expected one\n", who);
	exit(1);
}

static void open_order_mail(struct job *job, struct arena *kept, char **files)
{
	struct json *data;
	struct err e;
	job->source = read_file(kept, files[0]);
	job->wanted = with_one_quote(kept, read_file(kept, files[2]));
	if (json_parse(kept, read_file(kept, files[1]), &data, &e) < 0) {
		fprintf(stderr, "%s: %s\n", files[1], e.text);
		exit(1);
	}
	job->mail = hand_mail_new(kept, data);
	job->hand = arena_alloc(kept, HAND_ROOM);
	job->options.globals = value_of(kept, data);
	job->t = parse(job->env, SLICE("order"), job->source, kept);
	render_once(job);
	check_output("postclerk", buf_slice(&job->out), job->wanted);
	hand_once(job);
	check_output("by hand", slice_of(job->hand, job->hand_len), job->wanted);
}

static void measure_order_mail(struct job *job)
{
	struct contest c[] = {{.once = copy_once},
			      {.once = hand_once},
			      {.once = parse_once},
			      {.once = render_once}};
	measure(c, 4, job, 20, 50);
	printf("order-mail memcpy render_us=%.2f\n", c[0].least);
	printf("order-mail by-hand render_us=%.2f\n", c[1].least);
	printf("order-mail postclerk parse_us=%.2f render_us=%.2f by_hand_times=%.1f\n", c[2].least,
	       c[3].least, c[3].least / c[1].least);
}

/* ---- memory ---- */

/* A render of the mail's source that many times, after another, output apart. */
static void measure_memory(struct job *job, unsigned times)
{
	struct arena *a = arena_open();
	struct buf source;
	buf_init(&source, LIQUID_SOURCE_MAX);
	for (unsigned i = 0; i < times; i++)
		buf_put(&source, job->source);
	const struct liquid_template *t = parse(job->env, SLICE("order"), buf_slice(&source), a);
	render(job, t); /* lets the output buffer grow */
	heap.now = heap.most = heap.calls = 0;
	heap.on = true;
	render(job, t);
	heap.on = false;
	printf("memory postclerk source_bytes=%zu template_bytes=%zu output_bytes=%zu "
	       "render_bytes=%zu render_allocations=%zu left_bytes=%zu\n",
	       source.len, arena_used(a), job->out.len, heap.most, heap.calls, heap.now);
	buf_release(&source);
	arena_close(&a);
}

/* ---- the theme ---- */

struct page {
	const char *name;
	struct slice source;
	struct liquid_template *t;
};

struct theme {
	struct page pages[PAGES_MAX], snippets[PAGES_MAX];
	size_t n_pages, n_snippets;
};

static size_t read_pages(struct arena *a, const char *dir, struct page *pages)
{
	struct dirent **names;
	int found = scandir(dir, &names, NULL, alphasort);
	size_t n = 0;
	for (int i = 0; i < found; i++) {
		struct slice name = slice_str(names[i]->d_name);
		if (name.ptr[0] != '.' && n < PAGES_MAX)
			pages[n++] = (struct page){
				.name = arena_str(a, name),
				.source = read_file(a, arena_printf(a, "%s/%s", dir, name.ptr)),
			};
		free(names[i]);
	}
	if (found >= 0)
		free(names);
	return n;
}

/* Snippets are kept parsed, as a host does. */
static int load_snippet(void *user, struct slice name, struct arena *a,
			struct liquid_source *source, struct err *e)
{
	const struct theme *theme = user;
	(void)a;
	(void)e;
	for (size_t i = 0; i < theme->n_snippets; i++) {
		const struct page *snippet = &theme->snippets[i];
		if (strlen(snippet->name) == name.len + 7 &&
		    slice_starts(slice_str(snippet->name), name)) {
			source->parsed = snippet->t;
			return 1;
		}
	}
	return 0;
}

static struct theme theme;

static void parse_pages(struct job *job)
{
	arena_clear(job->a);
	for (size_t i = 0; i < theme.n_pages; i++)
		parse(job->env, slice_str(theme.pages[i].name), theme.pages[i].source, job->a);
}

static void render_pages(struct job *job)
{
	for (size_t i = 0; i < theme.n_pages; i++)
		render(job, theme.pages[i].t);
}

static void write_output(struct job *job, const char *path)
{
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(job->out.ptr, 1, job->out.len, f) != job->out.len || fclose(f)) {
		perror(path);
		exit(1);
	}
}

static void measure_theme(struct job *job, struct arena *kept, const char *dir)
{
	struct json *data;
	struct err e;
	size_t bytes = 0;
	theme.n_pages = read_pages(kept, arena_printf(kept, "%s/pages", dir), theme.pages);
	theme.n_snippets = read_pages(kept, arena_printf(kept, "%s/snippets", dir), theme.snippets);
	if (json_parse(kept, read_file(kept, arena_printf(kept, "%s/data.json", dir)), &data, &e) <
	    0) {
		fprintf(stderr, "%s: %s\n", dir, e.text);
		exit(1);
	}
	job->options.globals = value_of(kept, data);
	liquid_env_loader(job->env, load_snippet, &theme);
	for (size_t i = 0; i < theme.n_snippets; i++) {
		struct page *p = &theme.snippets[i];
		p->t = parse(job->env, slice_str(p->name), p->source, kept);
	}
	for (size_t i = 0; i < theme.n_pages; i++) {
		struct page *p = &theme.pages[i];
		p->t = parse(job->env, slice_str(p->name), p->source, kept);
		render(job, p->t);
		bytes += job->out.len;
		write_output(job, arena_printf(kept, "%s/out/%s", dir, p->name));
	}
	struct contest c[] = {{.once = parse_pages}, {.once = render_pages}};
	measure(c, 2, job, 4, 1);
	printf("theme postclerk parse_us=%.1f render_us=%.1f pages=%zu output_bytes=%zu\n",
	       c[0].least, c[1].least, theme.n_pages, bytes);
}

int main(int argc, char **argv)
{
	static const struct liquid_filter filters[] = {{"money", 0, 1, false, money}};
	bool once = argc == 6 && !strcmp(argv[1], "--once");
	struct arena *kept = arena_open();
	struct job job = {.env = liquid_env_open(), .a = arena_open()};
	if (argc != 5 && !once) {
		fprintf(stderr, "usage: bench-liquid TEMPLATE DATA OUTPUT THEME-DIR\n");
		return 2;
	}
	liquid_env_filters(job.env, filters, 1, NULL);
	job.options.escape = LIQUID_ESCAPE_HTML;
	job.options.undefined_error = true;
	buf_init(&job.out, 4u << 20);
	open_order_mail(&job, kept, argv + (once ? 3 : 1));
	for (int i = 0; once && i < 1000; i++)
		(!strcmp(argv[2], "parse") ? parse_once : render_once)(&job);
	if (!once) {
		measure_order_mail(&job);
		for (unsigned times = 1; times <= 100; times *= 10)
			measure_memory(&job, times);
		measure_theme(&job, kept, argv[4]);
	}
	buf_release(&job.out);
	arena_close(&job.a);
	arena_close(&kept);
	liquid_env_close(&job.env);
	return 0;
}
