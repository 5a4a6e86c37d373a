/* SPDX-License-Identifier: ISC */
/*
 * Judges outgoing mails by the rules of mail_lint.
 * usage: mail-lint [FILE …]; without a file, standard input.
 * Prints "FILE:LINE: RULE: sentence"; exit status 1 when there was a finding.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "mail/lint.h"

#define CHUNK 65536
#define SIZE_LIMIT ((size_t)256 << 20)

static void read_all(FILE *file, struct buf *raw)
{
	for (char *room; (room = buf_reserve(raw, CHUNK));) {
		size_t n = fread(room, 1, CHUNK, file);
		if (n == 0)
			return;
		raw->len += n;
	}
}

static int lint_file(const char *name, FILE *file)
{
	struct buf raw;
	buf_init(&raw, SIZE_LIMIT);
	read_all(file, &raw);
	struct arena *arena = arena_open();
	struct mail_findings found;
	mail_lint(arena, buf_slice(&raw), &found);
	for (size_t i = 0; i < found.count; i++)
		printf("%s:%zu: %s: %s\n", name, found.items[i].line, found.items[i].rule,
		       found.items[i].text);
	bool bad = found.count > 0 || buf_failed(&raw) || ferror(file);
	arena_close(&arena);
	buf_release(&raw);
	return bad;
}

int main(int argc, char **argv)
{
	int status = argc < 2 ? lint_file("-", stdin) : 0;
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		if (!file) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
			status = 1;
			continue;
		}
		status |= lint_file(argv[i], file);
		fclose(file);
	}
	return status;
}
