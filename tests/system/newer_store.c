/* SPDX-License-Identifier: ISC */
/*
 * Marks a desk's store as written by a later version, for the test that this
 * one leaves it alone.
 * usage: newer-store DESK/store
 */
#include <stdio.h>

#include "store.h"

int main(int argc, char **argv)
{
	static const struct store_table empty = {"later", NULL, 0};
	static const struct store_table *const tables[] = {&empty};
	static const struct store_schema later = {.version = 999, .tables = tables, .n_tables = 1};
	struct store *store;
	struct err e = {ERR_NONE, ""};
	if (argc != 2 || store_open(argv[1], &later, NULL, &store, &e) < 0) {
		fprintf(stderr, "newer-store: %s\n", argc == 2 ? e.text : "usage: newer-store DIR");
		return 1;
	}
	store_close(&store);
	return 0;
}
