/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_ESCAPE_H
#define POSTCLERK_LIQUID_ESCAPE_H

#include "liquid.h"

/* No escape makes more of one byte than this. */
#define ESCAPE_GROWTH 6
/* Bytes that may be written behind the result. */
#define ESCAPE_BLOCK 16

/*
 * Writes s escaped for HTML at out, which has room for ESCAPE_GROWTH times its
 * length and ESCAPE_BLOCK.
 */
size_t escape_html(char *out, struct slice s);
/* Likewise for any kind. */
size_t escape_bytes(char *out, enum liquid_escape escape, struct slice s);

#endif
