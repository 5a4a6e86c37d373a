/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SHOP_PRIVATE_H
#define POSTCLERK_RECORD_SHOP_PRIVATE_H

#include "object.h"
#include "record/shop_table.h"

/* Which object type holds the rows of a table. */
enum object_type shop_table_type(enum shop_table table);

/* shop_check.c: INPUT names the field that is wrong; unset fields with a usual value get it. */
int shop_row_check(struct change *ch, ProtobufCMessage *row, struct err *e);
/* A short word: letters, digits, '-', '_', '.'; begins with a letter or digit. */
bool shop_name_valid(struct slice name);

#endif
