/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_HEADER_H
#define POSTCLERK_MAIL_HEADER_H

#include "reader.h"

/* Lines of a mail, by LF or CR LF. */
struct input {
	struct slice bytes;
	size_t pos;
};

/*
 * The next line without its end; *from is where it starts.  False at the end
 * of the bytes.
 */
bool input_line(struct input *in, struct slice *line, size_t *from);

/* Asked for every line that starts with "--": is it a boundary that ends this header? */
typedef bool header_stop_fn(void *ctx, struct slice line);

struct header {
	struct mail_field *fields;
	size_t n;
};

/* Reads the fields at in.pos and moves behind the empty line that ends them. */
void header_read(struct reader *r, struct input *in, header_stop_fn *stop, void *ctx,
		 struct header *out);

/* The value of the i-th field of that name, without case; a null pointer when absent. */
struct slice header_find(const struct mail_field *fields, size_t n, struct slice name, size_t i);

#endif
