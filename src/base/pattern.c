/* SPDX-License-Identifier: ISC */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/pattern.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"

#define SOURCE_MAX 8192
#define COMPILED_MAX (1 << 20)
#define JIT_STACK_MIN 32768
/* Starts tried in one call; between calls we look at the time. */
#define WINDOW 1024

/* Read only once it is open, so that threads may share it. */
struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
	bool anchored; /* can match at its first start only */
};

struct search {
	const struct pattern *p;
	struct slice subject;
	uint32_t options;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack; /* null until it is needed */
	pcre2_match_data *data;
};

static int refuse(struct slice source, int code, size_t at, struct err *e)
{
	char reason[160] = "";
	pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, sizeof(reason));
	return err_set(e, ERR_INPUT, "the pattern \"%.*s\" is wrong at character %zu: %s",
		       SLICE_ARG(slice_sub(source, 0, 120)), at + 1, reason);
}

static pcre2_code *compile(struct slice source, unsigned flags, struct err *e)
{
	/* \C would split characters, and PCRE2 then could not promise anything for invalid UTF-8.
	 */
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
			   PCRE2_USE_OFFSET_LIMIT;
	if (flags & PATTERN_NOCASE)
		options |= PCRE2_CASELESS;
	if (flags & PATTERN_MULTILINE)
		options |= PCRE2_MULTILINE;
	pcre2_compile_context *limits = pcre2_compile_context_create(NULL);
	if (!limits)
		die("out of memory: pattern");
	pcre2_set_max_pattern_length(limits, SOURCE_MAX);
	int code;
	size_t at = 0;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)(source.len ? source.ptr : ""), source.len,
					     options, &code, &at, limits);
	pcre2_compile_context_free(limits);
	if (!compiled)
		refuse(source, code, at, e);
	return compiled;
}

int pattern_open(struct slice source, unsigned flags, struct pattern **p, struct err *e)
{
	pcre2_code *code = compile(source, flags, e);
	if (!code)
		return -1;
	size_t size = 0;
	uint32_t options = 0;
	pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size);
	pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
	if (size > COMPILED_MAX) {
		pcre2_code_free(code);
		return err_set(e, ERR_INPUT, "the pattern \"%.*s\" is too large",
			       SLICE_ARG(slice_sub(source, 0, 120)));
	}
	/* Without executable memory (a confined process) the interpreter does it. */
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	struct pattern *opened = mem_new(1, sizeof(*opened));
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	if (!limits)
		die("out of memory: pattern");
	pcre2_set_match_limit(limits, PATTERN_MATCH_LIMIT);
	pcre2_set_depth_limit(limits, PATTERN_DEPTH_LIMIT);
	pcre2_set_heap_limit(limits, PATTERN_HEAP_KIB);
	*opened = (struct pattern){code, limits, options & PCRE2_ANCHORED};
	*p = opened;
	return 1;
}

void pattern_close(struct pattern **p)
{
	if (!*p)
		return;
	pcre2_match_context_free((*p)->limits);
	pcre2_code_free((*p)->code);
	free(*p);
	*p = NULL;
}

/* A match that starts at `from` or behind it, up to and including `last`. */
static int match_window(struct search *s, size_t from, size_t last)
{
	assert(from <= last && from <= s->subject.len);
	pcre2_set_offset_limit(s->limits, last);
	for (;;) {
		int rc = pcre2_match(s->p->code, (PCRE2_SPTR)s->subject.ptr, s->subject.len, from,
				     s->options, s->data, s->limits);
		if (rc != PCRE2_ERROR_JIT_STACKLIMIT || s->stack)
			return rc;
		/* The 32 KiB of machine stack that JIT code has of itself ran out. */
		s->stack = pcre2_jit_stack_create(JIT_STACK_MIN, PATTERN_HEAP_KIB * 1024, NULL);
		if (!s->stack)
			die("out of memory: pattern");
		pcre2_jit_stack_assign(s->limits, NULL, s->stack);
	}
}

/* Of this thread, so that a busy machine does not change what matches. */
static int64_t cpu_ms(void)
{
	struct timespec ts;
	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts) != 0)
		die("clock_gettime failed");
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static size_t next_character(struct slice s, size_t at)
{
	while (at < s.len && ((unsigned char)s.ptr[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* PCRE2's match limit starts afresh at every start: a search of n starts needs one more. */
static int search_windows(struct search *s, size_t from)
{
	int64_t begun = cpu_ms();
	for (;;) {
		from = next_character(s->subject, from);
		bool last = s->p->anchored || s->subject.len - from < WINDOW;
		int rc = match_window(s, from, last ? PCRE2_UNSET : from + WINDOW - 1);
		if (rc != PCRE2_ERROR_NOMATCH || last)
			return rc;
		if (cpu_ms() - begun > PATTERN_CPU_MS)
			return PCRE2_ERROR_MATCHLIMIT;
		from += WINDOW;
	}
}

static struct search search_open(const struct pattern *p, struct slice subject)
{
	struct search s = {.p = p, .subject = subject};
	if (!subject.ptr)
		s.subject.ptr = "";
	/* Checked once here instead of once a window. */
	s.options = text_is_utf8(subject) ? PCRE2_NO_UTF_CHECK : 0;
	s.limits = pcre2_match_context_copy(p->limits);
	s.data = pcre2_match_data_create(PATTERN_GROUPS_MAX, NULL);
	if (!s.limits || !s.data)
		die("out of memory: pattern");
	return s;
}

static void search_close(struct search *s)
{
	pcre2_jit_stack_free(s->stack);
	pcre2_match_context_free(s->limits);
	pcre2_match_data_free(s->data);
}

/* PCRE2's codes for a search; an unknown one means try again later. */
static int sort_code(int rc, struct err *e)
{
	char reason[160] = "";
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc >= 0)
		return 1;
	pcre2_get_error_message(rc, (PCRE2_UCHAR *)reason, sizeof(reason));
	return err_set(e, ERR_TEMP, "the pattern took too much: %s", reason);
}

int pattern_find(const struct pattern *p, struct slice subject, size_t from, struct slice *groups,
		 size_t n, struct err *e)
{
	assert(n <= PATTERN_GROUPS_MAX);
	subject = slice_sub(subject, 0, PATTERN_SUBJECT_MAX);
	if (from > subject.len)
		return 0;
	struct search s = search_open(p, subject);
	int rc = search_windows(&s, from);
	int result = sort_code(rc, e);
	/* 0 means more groups than there is room for, and the room is full. */
	size_t set = rc > 0 ? (size_t)rc : rc == 0 ? PATTERN_GROUPS_MAX : 0;
	const size_t *edges = pcre2_get_ovector_pointer(s.data);
	for (size_t i = 0; i < n; i++) {
		bool unset = i >= set || edges[2 * i] == PCRE2_UNSET;
		groups[i] = unset ? (struct slice){NULL, 0}
				  : slice_sub(s.subject, edges[2 * i], edges[2 * i + 1]);
	}
	search_close(&s);
	return result;
}
