/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tzif.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"
#define ZONE_NAME_MAX 64
#define ZONE_FILE_MAX (256 * 1024)
#define DAY 86400

struct zone {
	struct zone *next;
	char name[ZONE_NAME_MAX + 1];
	struct tzif *tzif; /* null is UTC */
};

static const struct zone utc_zone = {.name = "UTC"};

/* Opened zones, never closed: whoever found one may keep it. */
static struct {
	pthread_mutex_t lock;
	struct zone *first;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Letters, digits, '_', '+', '-' and single slashes: nothing that leaves the folder. */
static bool is_zone_name(struct slice name)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_+-";
	char before = '/';
	if (name.len == 0 || name.len > ZONE_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool known = c && strchr(word, c);
		if (!known && (c != '/' || before == '/'))
			return false;
		before = c;
	}
	return before != '/';
}

static int read_file(const char *path, struct buf *content)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -1;
	bool good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= ZONE_FILE_MAX;
	size_t size = good ? (size_t)st.st_size : 0;
	char *room = buf_reserve(content, size);
	while (good && content->len < size) {
		ssize_t n = read(fd, room + content->len, size - content->len);
		good = n > 0;
		content->len += good ? (size_t)n : 0;
	}
	close(fd);
	return good ? 1 : -1;
}

static struct zone *load(struct slice name)
{
	char path[sizeof(ZONE_FOLDER) + ZONE_NAME_MAX + 1];
	struct buf content;
	struct tzif *tzif = NULL;
	snprintf(path, sizeof(path), "%s/%.*s", ZONE_FOLDER, SLICE_ARG(name));
	buf_init(&content, ZONE_FILE_MAX);
	if (read_file(path, &content) > 0)
		tzif = tzif_parse(buf_slice(&content));
	buf_release(&content);
	if (!tzif)
		return NULL;
	struct zone *zone = mem_new(1, sizeof(*zone));
	memcpy(zone->name, name.ptr, name.len);
	zone->tzif = tzif;
	return zone;
}

static const struct zone *find_or_load(struct slice name)
{
	pthread_mutex_lock(&cache.lock);
	struct zone *zone = cache.first;
	while (zone && !slice_eq(slice_str(zone->name), name))
		zone = zone->next;
	if (!zone && (zone = load(name))) {
		zone->next = cache.first;
		cache.first = zone;
	}
	pthread_mutex_unlock(&cache.lock);
	return zone;
}

int zone_find(struct slice name, const struct zone **zone, struct err *e)
{
	if (slice_eq(name, SLICE("UTC"))) {
		*zone = &utc_zone;
		return 1;
	}
	const struct zone *found = is_zone_name(name) ? find_or_load(name) : NULL;
	if (!found)
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is not a time zone: write one like Europe/Amsterdam",
			       SLICE_ARG(slice_sub(name, 0, ZONE_NAME_MAX)));
	*zone = found;
	return 1;
}

void civil_from_zone(int64_t seconds, const struct zone *zone, struct civil *c)
{
	if (!zone || !zone->tzif) {
		civil_from_utc(seconds, c);
		return;
	}
	struct tzif_time local = tzif_at(zone->tzif, seconds);
	int64_t shifted;
	if (__builtin_add_overflow(seconds, local.offset, &shifted))
		shifted = seconds;
	civil_from_utc(shifted, c);
	c->offset = local.offset;
	_Static_assert(sizeof(c->zone) == sizeof(local.name), "both are struct civil's");
	memcpy(c->zone, local.name, sizeof(c->zone));
}

int64_t civil_to_zone(const struct civil *c, const struct zone *zone)
{
	struct civil flat = *c;
	flat.offset = 0;
	int64_t local = civil_to_utc(&flat);
	if (!zone || !zone->tzif || local < INT64_MIN + 2 * DAY || local > INT64_MAX - 2 * DAY)
		return local;
	/* The offsets in use a day before and after: at most one change lies between. */
	int before = tzif_at(zone->tzif, local - DAY).offset;
	int after = tzif_at(zone->tzif, local + DAY).offset;
	/* Of a time that comes twice the first; a skipped one keeps the old offset: it moves
	 * forward. */
	if (tzif_at(zone->tzif, local - before).offset != before &&
	    tzif_at(zone->tzif, local - after).offset == after)
		return local - after;
	return local - before;
}
