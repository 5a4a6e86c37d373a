/* SPDX-License-Identifier: ISC */

/*
 * Speed of the order mail (TEMPLATES.md 3): parse and render, with limits and
 * autoescape on, beside a copy of the output, the floor of any engine.
 *
 *   bench-liquid TEMPLATE DATA OUTPUT
 *
 * Prints `liquid CONTESTANT parse_us=... render_us=...`, the best of several
 * rounds, after checking that the output is right to the byte.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "liquid.h"

#define ROUNDS 400
#define RUNS 50

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
	if (!liquid_integer(call->input, &n))
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

struct job {
	struct liquid_env *env;
	struct slice source, wanted;
	struct liquid_template *t;
	struct liquid_options options;
	struct arena *a;
	struct buf out;
};

static void parse_once(struct job *job)
{
	struct liquid_error error;
	struct liquid_template *t;
	arena_clear(job->a);
	if (liquid_parse(job->env, SLICE("order"), job->source, job->a, &t, &error) < 0) {
		fprintf(stderr, "line %u: %s\n", error.line, error.message);
		exit(1);
	}
}

static void render_once(struct job *job)
{
	struct liquid_error error;
	buf_clear(&job->out);
	if (liquid_render(job->env, job->t, &job->options, &job->out, &error) < 0) {
		fprintf(stderr, "line %u: %s\n", error.line, error.message);
		exit(1);
	}
}

static void copy_once(struct job *job)
{
	buf_clear(&job->out);
	buf_put(&job->out, job->wanted);
	__asm__ volatile("" : : "r"(job->out.ptr) : "memory");
}

static double best(void (*once)(struct job *job), struct job *job)
{
	double least = 1e30;
	for (int round = 0; round < ROUNDS; round++) {
		double start = now_us();
		for (int i = 0; i < RUNS; i++)
			once(job);
		double us = (now_us() - start) / RUNS;
		if (us < least)
			least = us;
	}
	return least;
}

int main(int argc, char **argv)
{
	static const struct liquid_filter filters[] = {{"money", 0, 1, false, money}};
	struct arena *kept = arena_open();
	struct job job = {.env = liquid_env_open(), .a = arena_open()};
	struct json *data;
	struct err e;
	if (argc != 4) {
		fprintf(stderr, "usage: bench-liquid TEMPLATE DATA OUTPUT\n");
		return 2;
	}
	liquid_env_filters(job.env, filters, 1, NULL);
	job.source = read_file(kept, argv[1]);
	job.wanted = with_one_quote(kept, read_file(kept, argv[3]));
	if (json_parse(kept, read_file(kept, argv[2]), &data, &e) < 0) {
		fprintf(stderr, "%s: %s\n", argv[2], e.text);
		return 1;
	}
	job.options.globals = value_of(kept, data);
	job.options.escape = LIQUID_ESCAPE_HTML;
	job.options.undefined_error = true;
	buf_init(&job.out, 1u << 20);
	if (liquid_parse(job.env, SLICE("order"), job.source, kept, &job.t, NULL) < 0)
		return 1;
	render_once(&job);
	if (!slice_eq(buf_slice(&job.out), job.wanted)) {
		fprintf(stderr, "the output is not the expected one\n");
		return 1;
	}
	printf("liquid memcpy render_us=%.2f\n", best(copy_once, &job));
	double parse = best(parse_once, &job);
	printf("liquid postclerk parse_us=%.2f render_us=%.2f\n", parse, best(render_once, &job));
	buf_release(&job.out);
	arena_close(&job.a);
	arena_close(&kept);
	liquid_env_close(&job.env);
	return 0;
}
