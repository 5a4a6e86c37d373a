/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

#define WALK_ROOM 4096

static int word_keys(struct slice primary_key, struct slice value, struct store_keys *keys)
{
	struct slice word;

	(void)primary_key;
	if (slice_starts(value, SLICE("!")))
		return -1;
	while (slice_cut(&value, ' ', &word)) {
		if (word.len > 0)
			store_keys_add(keys, word);
	}
	return 0;
}

static int length_keys(struct slice primary_key, struct slice value, struct store_keys *keys)
{
	struct store_key key = {0};

	(void)primary_key;
	store_key_u32(&key, (uint32_t)value.len);
	store_keys_add(keys, store_key_slice(&key));
	return 0;
}

static const struct store_index thing_indexes[] = {
	[THING_BY_WORD] = {.name = "word", .keys = word_keys},
	[THING_BY_LENGTH] = {.name = "length", .keys = length_keys},
};
const struct store_table thing_table = {"thing", thing_indexes, 2};
const struct store_table job_table = {.name = "job"};
static const struct store_table *const tables[] = {&thing_table, &job_table};
const struct store_schema fixture_schema = {.version = 2, .tables = tables, .n_tables = 2};
const struct store_options fixture_options = {
	.cache_bytes = 1 << 20, .reserve_bytes = 1, .create = true, .no_flush = true};
const struct store_options fixture_durable = {
	.cache_bytes = 1 << 20, .reserve_bytes = 1, .create = true};

static int setup(void **state, const struct store_options *options)
{
	struct fixture *f = calloc(1, sizeof(*f));
	const char *tmp = getenv("TMPDIR");

	assert_non_null(f);
	f->options = options;
	snprintf(f->base, sizeof(f->base), "%.100s/store-test-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(f->base));
	snprintf(f->dir, sizeof(f->dir), "%.150s/store", f->base);
	*state = f;
	fixture_reopen(f, NULL);
	return 0;
}

int fixture_setup(void **state)
{
	return setup(state, &fixture_options);
}

int fixture_setup_durable(void **state)
{
	return setup(state, &fixture_durable);
}

static void remove_tree(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[PATH_ROOM + 300];

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (unlink(name))
			remove_tree(name);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	remove_tree(f->base);
	free(f);
	return 0;
}

void fixture_reopen(struct fixture *f, const struct store_schema *schema)
{
	int r;

	store_close(&f->store);
	r = store_open(f->dir, schema ? schema : &fixture_schema, f->options, &f->store, &f->e);
	if (r < 0)
		fail_msg("open: %s", f->e.text);
}

struct thing {
	const char *key, *value;
	char found[WALK_ROOM];
};

static int put_thing(struct txn *txn, void *ctx, struct err *e)
{
	const struct thing *thing = ctx;

	return store_put(txn, &thing_table, slice_str(thing->key), slice_str(thing->value), e);
}

void fixture_put(struct fixture *f, enum store_mode mode, const char *key, const char *value)
{
	struct thing thing = {.key = key, .value = value};

	if (store_run(f->store, mode, put_thing, &thing, &f->e) < 0)
		fail_msg("put %s: %s", key, f->e.text);
}

static int get_thing(struct txn *txn, void *ctx, struct err *e)
{
	struct thing *thing = ctx;
	struct slice value;
	int r = store_get(txn, &thing_table, slice_str(thing->key), &value, e);

	if (r > 0)
		snprintf(thing->found, sizeof(thing->found), "%.*s", SLICE_ARG(value));
	return r;
}

const char *fixture_get(struct fixture *f, const char *key)
{
	static struct thing thing;
	int r;

	thing = (struct thing){.key = key};
	r = store_run(f->store, STORE_READ, get_thing, &thing, &f->e);
	if (r < 0)
		fail_msg("get %s: %s", key, f->e.text);
	return r > 0 ? thing.found : NULL;
}

struct walk {
	int index;
	const struct store_range *range;
	char found[WALK_ROOM];
};

static int walk_things(struct txn *txn, void *ctx, struct err *e)
{
	struct walk *walk = ctx;
	struct store_cursor *cursor;
	struct store_row row;
	size_t n = 0;
	int r = store_cursor_open(txn, &thing_table, walk->index, walk->range, &cursor, e);

	walk->found[0] = '\0';
	while (r > 0 && (r = store_next(cursor, &row, e)) > 0) {
		n += (size_t)snprintf(walk->found + n, sizeof(walk->found) - n, "%s%.*s",
				      n > 0 ? " " : "", SLICE_ARG(row.key));
		if (walk->index != STORE_PRIMARY)
			n += (size_t)snprintf(walk->found + n, sizeof(walk->found) - n, ":%.*s",
					      SLICE_ARG(row.primary_key));
	}
	return r;
}

const char *fixture_walk(struct fixture *f, int index, const struct store_range *range)
{
	static struct walk walk;

	walk = (struct walk){.index = index, .range = range};
	if (store_run(f->store, STORE_SCAN, walk_things, &walk, &f->e) < 0)
		fail_msg("walk: %s", f->e.text);
	return walk.found;
}

static bool file_holds(const char *path, struct slice bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *map;
	bool holds = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		assert_true(map != MAP_FAILED);
		holds = memmem(map, (size_t)st.st_size, bytes.ptr, bytes.len) != NULL;
		munmap(map, (size_t)st.st_size);
	}
	close(fd);
	return holds;
}

bool fixture_on_disk(const char *path, struct slice bytes)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[PATH_ROOM + 300];
	bool holds = false;

	if (!dir)
		return file_holds(path, bytes);
	while (!holds && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		holds = fixture_on_disk(name, bytes);
	}
	closedir(dir);
	return holds;
}
