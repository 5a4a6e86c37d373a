/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_IMPORT_PRIVATE_H
#define POSTCLERK_RECORD_IMPORT_PRIVATE_H

#include "object.h"
#include "record/import.h"

/* One line of the file, on its way into the record. */
struct import {
	struct change *ch;
	const struct json *object;
	ProtobufCMessage *given;  /* as the line says; whole when update is called */
	ProtobufCMessage *stored; /* what it is already, or null */
	struct import_outcome *outcome;
};

/* What is done with a type of object: each returns 1, 0 (nothing differs) or -1. */
struct import_kind {
	enum object_type type;
	int (*find)(struct import *in, struct err *e);
	int (*create)(struct import *in, struct err *e);
	int (*update)(struct import *in, struct err *e);
};

/* In the order of an export; a null find ends it. */
extern const struct import_kind import_kinds[];

/* Shop of an object that may name none: the first one. */
int import_shop(struct import *in, uint64_t *id, Rec__Shop **shop, struct err *e);
/* Something to tell that is no error; joined with "; ". */
void import_remark(struct import *in, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* import_foreign.c: {"type":"foreign",…}, what a reader made of another system's order. */
int import_foreign(struct import *in, struct err *e);

#endif
