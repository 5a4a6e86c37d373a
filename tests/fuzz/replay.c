/* SPDX-License-Identifier: ISC */
/*
 * Replays a fuzz target's corpus, file by file, as an ordinary test program:
 * what once broke a parser stays mended.
 */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *directory, const char *name)
{
	char path[4096];
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", directory, name) >= sizeof(path))
		return -1;
	FILE *file = fopen(path, "rb");
	if (!file)
		return -1;
	static uint8_t data[1 << 20];
	size_t size = fread(data, 1, sizeof(data), file);
	fclose(file);
	return LLVMFuzzerTestOneInput(data, size);
}

int main(void)
{
	const char *source = getenv("srcdir");
	char directory[2048];
	snprintf(directory, sizeof(directory), "%s/tests/data/fuzz/%s", source ? source : ".",
		 CORPUS);
	DIR *corpus = opendir(directory);
	if (!corpus) {
		printf("not ok 1 - replay %s: no corpus in %s\n1..1\n", CORPUS, directory);
		return 1;
	}
	int n = 0, failed = 0;
	for (struct dirent *entry; (entry = readdir(corpus));) {
		if (entry->d_name[0] == '.')
			continue;
		int result = replay(directory, entry->d_name);
		failed += result < 0;
		printf("%s %d - replay %s: %s\n", result < 0 ? "not ok" : "ok", ++n, CORPUS,
		       entry->d_name);
	}
	closedir(corpus);
	printf("1..%d\n", n);
	return failed || n == 0;
}
