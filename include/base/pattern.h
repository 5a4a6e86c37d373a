/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_PATTERN_H
#define POSTCLERK_BASE_PATTERN_H

#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

/*
 * PCRE2 behind limits (RELIABILITY.md): every match is bounded, whatever the
 * pattern and the subject.  Patterns are UTF; invalid UTF-8 in a subject
 * never matches and never fails.
 */
#define PATTERN_MATCH_LIMIT 100000
#define PATTERN_DEPTH_LIMIT 250
#define PATTERN_HEAP_KIB 8192
#define PATTERN_CPU_MS 250	  /* a search over many starts */
#define PATTERN_SUBJECT_MAX 65536 /* a longer subject is searched this far */
#define PATTERN_GROUPS_MAX 16

struct pattern;

enum pattern_flag { PATTERN_NOCASE = 1, PATTERN_MULTILINE = 2 };

/* INPUT error with the position when the pattern is wrong. */
int pattern_open(struct slice source, unsigned flags, struct pattern **p, struct err *e);
void pattern_close(struct pattern **p);

/*
 * First match at or behind byte `from`.  1 and groups[0..n-1] (the whole match
 * first; an unset group has a null pointer), 0 no match, -1 and TEMP when a
 * limit was hit.  At most PATTERN_GROUPS_MAX groups are asked for.
 */
int pattern_find(const struct pattern *p, struct slice subject, size_t from, struct slice *groups,
		 size_t n, struct err *e);

#endif
