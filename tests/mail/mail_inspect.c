/* SPDX-License-Identifier: ISC */
/* mail-inspect FILE...: what the reader makes of mails, a JSON line each. */
#include "../../src/cli/mail_inspect.h"

#include <stdio.h>

#define OUTPUT_MAX (256u << 20)

static int read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return -1;
	char chunk[65536];
	for (size_t n; (n = fread(chunk, 1, sizeof(chunk), f)) > 0;)
		buf_put(out, slice_of(chunk, n));
	fclose(f);
	return buf_failed(out) ? -1 : 1;
}

static int inspect(const char *path)
{
	struct buf raw, line;
	struct err e;
	struct mail *m;
	buf_init(&raw, 2 * MAIL_SIZE_MAX);
	buf_init(&line, OUTPUT_MAX);
	struct arena *a = arena_open();
	int failed = read_file(path, &raw) < 0;
	if (failed) {
		fprintf(stderr, "%s: cannot read it\n", path);
	} else {
		if (mail_parse(a, buf_slice(&raw), NULL, &m, &e) < 0)
			fprintf(stderr, "%s: %s\n", path, e.text);
		failed = mail_inspect_json(m, path, a, &line) < 0;
		fwrite(line.ptr, 1, line.len, stdout);
	}
	arena_close(&a);
	buf_release(&raw);
	buf_release(&line);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;
	for (int i = 1; i < argc; i++)
		failed |= inspect(argv[i]);
	return failed;
}
