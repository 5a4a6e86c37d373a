/* SPDX-License-Identifier: ISC */
#include "test_desk.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include "base.h"

char *make_dir(char *path, size_t size)
{
	const char *tmp = getenv("TMPDIR");
	int n = snprintf(path, size, "%s/desk-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	assert(n > 0 && (size_t)n < size);
	assert_non_null(mkdtemp(path));
	return path;
}

static int discard(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void discard_dir(const char *path)
{
	nftw(path, discard, 16, FTW_DEPTH | FTW_PHYS);
}

void write_file(const char *dir, const char *name, const char *text)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	log_init("test-desk");
	return (run_token_tests() | run_settings_tests() | run_mail_tests() | run_reading_tests() |
		run_subject_tests() | run_customer_tests())
		       ? 1
		       : 0;
}
