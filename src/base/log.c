/* SPDX-License-Identifier: ISC */
#include "base/log.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

/* Room for some 30 values of hostile length; fields beyond are left out. */
#define LOG_LINE_MAX 65536
/* A byte becomes at most "\u{10ffff}" long. */
#define LOG_ESCAPE_MAX 10

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning", [LOG_LEVEL_NOTICE] = "notice",
	[LOG_LEVEL_INFO] = "info",   [LOG_LEVEL_DEBUG] = "debug",
};

/* Set at the start of a process, read by all its threads. */
static struct {
	_Atomic(const char *) process;
	atomic_int lowest;
	atomic_bool journal;
} logger = {.lowest = LOG_LEVEL_INFO};

/* systemd.exec(5): the variable names the device and inode that stderr had. */
static bool writes_to_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;
	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void log_init(const char *process)
{
	logger.process = process;
	logger.journal = writes_to_journal();
}

void log_set_level(enum log_level level)
{
	logger.lowest = (int)level;
}

/* What could end a line, move a cursor or turn the direction of writing. */
static bool is_hostile(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c || cp == 0x200e ||
	       cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) ||
	       cp == 0xfeff;
}

static void put_escaped(struct buf *out, uint32_t cp, struct slice bytes)
{
	static const char named[] = {
		['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['"'] = '"', ['\\'] = '\\'};
	if (cp < sizeof(named) && named[cp]) {
		buf_putc(out, '\\');
		buf_putc(out, named[cp]);
	} else if (bytes.len == 1 && (cp == 0xfffd || is_hostile(cp))) {
		buf_printf(out, "\\x%02x", (unsigned char)bytes.ptr[0]);
	} else if (is_hostile(cp)) {
		buf_printf(out, "\\u%04x", (unsigned)cp);
	} else {
		buf_put(out, bytes);
	}
}

static void put_quoted(struct buf *out, struct slice value)
{
	struct slice rest = value;
	uint32_t cp;
	buf_putc(out, '"');
	while (rest.len) {
		struct slice before = rest;
		text_next(&rest, &cp);
		if (value.len - rest.len > LOG_VALUE_MAX) {
			buf_puts(out, "\xe2\x80\xa6");
			break;
		}
		put_escaped(out, cp, slice_sub(before, 0, before.len - rest.len));
	}
	buf_putc(out, '"');
}

/* The field goes into the line whole or not at all, so that quotes stay in pairs. */
static void put_field(struct buf *line, struct buf *scratch, const struct log_field *field)
{
	buf_clear(scratch);
	buf_printf(scratch, " %s=", field->key);
	if (field->kind == LOG_FIELD_NUMBER)
		buf_printf(scratch, "%lld", (long long)field->number);
	else
		put_quoted(scratch, field->text);
	buf_put(line, buf_slice(scratch));
}

static void put_start(struct buf *line, enum log_level level, const char *event)
{
	const char *process = logger.process;
	if (logger.journal) {
		buf_printf(line, "<%d>", (int)level);
	} else {
		clock_put_rfc3339(line, clock_now());
		buf_putc(line, ' ');
	}
	buf_printf(line, "level=%s", level_names[level]);
	if (process)
		buf_printf(line, " process=%s", process);
	buf_printf(line, " event=%s", event);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
	if ((int)level > logger.lowest)
		return;
	struct buf line, scratch;
	buf_init(&line, LOG_LINE_MAX);
	buf_init(&scratch, (LOG_VALUE_MAX + 16) * LOG_ESCAPE_MAX);
	assert(level >= LOG_LEVEL_ERROR && level <= LOG_LEVEL_DEBUG && *event);
	put_start(&line, level, event);
	for (; fields->key; fields++)
		put_field(&line, &scratch, fields);
	/* One call a line: lines of threads and processes do not mix. */
	char end[] = "\n";
	struct iovec parts[] = {{line.ptr, line.len}, {end, 1}};
	/* Nobody is left to tell when standard error does not take it. */
	ssize_t written = writev(STDERR_FILENO, parts, 2);
	(void)written;
	buf_release(&scratch);
	buf_release(&line);
}
