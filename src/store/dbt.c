/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>

#include "private.h"

#define DBT_FIRST 1024

static void allocate(DBT *dbt, size_t size)
{
	free(dbt->data);
	dbt->data = malloc(size);
	if (!dbt->data)
		die("out of memory");
	dbt->ulen = (uint32_t)size;
	dbt->flags = DB_DBT_USERMEM;
}

void store_dbt_init(DBT *dbt)
{
	*dbt = (DBT){0};
	allocate(dbt, DBT_FIRST);
}

bool store_dbt_grown(DBT *dbt, int ret)
{
	size_t want = dbt->ulen;

	if (ret != DB_BUFFER_SMALL)
		return false;
	assert(want > 0 && dbt->size > want);
	while (want < dbt->size)
		want *= 2;
	allocate(dbt, want);
	return true;
}

void store_dbt_release(DBT *dbt)
{
	free(dbt->data);
	*dbt = (DBT){0};
}
