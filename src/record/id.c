/* SPDX-License-Identifier: ISC */
#include "record/id.h"

#include <assert.h>

#define NUMBER_MAX INT64_MAX /* JSON and templates hold ids as int64 */
#define PART_MAX 99999	     /* lines of an order, splits of a line */

const struct id_kind id_kinds[] = {
	{'C', "customer", "customers", false},
	{'O', "order", "orders", false},
	{'T', "thread", "threads", false},
	{'I', "invoice", "invoices", true},
	{'N', "credit note", "credit notes", true},
	{'P', "payment", "payments", false},
	{'F', "refund", "refunds", false},
	{'R', "return", "returns", false},
	{'S', "shipment", "shipments", false},
	{'A', "task", "tasks", false},
	{'Q', "offer", "offers", false},
	{'K', "contract", "contracts", false},
	{'E', "account event", "account events", false},
	{'X', "approval", "approvals", false},
	{0, NULL, NULL, false},
};

const struct id_kind *id_kind(char letter)
{
	char upper = letter >= 'a' && letter <= 'z' ? (char)(letter - 0x20) : letter;
	for (const struct id_kind *kind = id_kinds; kind->letter; kind++)
		if (kind->letter == upper)
			return kind;
	return NULL;
}

/* Digits at the start of *rest, at most max, no zero before them. */
static bool take_number(struct slice *rest, uint64_t max, uint64_t *number)
{
	size_t n = 0;
	while (n < rest->len && rest->ptr[n] >= '0' && rest->ptr[n] <= '9')
		n++;
	if (n == 0 || rest->ptr[0] == '0' || !slice_u64(slice_sub(*rest, 0, n), number) ||
	    *number > max)
		return false;
	*rest = slice_sub(*rest, n, rest->len);
	return true;
}

static bool take_char(struct slice *rest, char c)
{
	if (rest->len == 0 || rest->ptr[0] != c)
		return false;
	*rest = slice_sub(*rest, 1, rest->len);
	return true;
}

/* "2026-00017" */
static bool take_document(struct slice *rest, struct id *id)
{
	uint64_t year;
	if (rest->len < 6 || !take_number(rest, 9999, &year) || year < 1000 ||
	    !take_char(rest, '-') || rest->len > 18)
		return false;
	id->year = (uint32_t)year;
	if (!slice_u64(*rest, &id->number) || id->number == 0)
		return false;
	*rest = slice_sub(*rest, rest->len, rest->len);
	return true;
}

/* "/3", "/3.1" */
static bool take_line(struct slice *rest, struct id *id)
{
	uint64_t line, split = 0;
	if (!take_char(rest, '/'))
		return true;
	if (!take_number(rest, PART_MAX, &line))
		return false;
	if (take_char(rest, '.') && !take_number(rest, PART_MAX, &split))
		return false;
	id->line = (uint32_t)line;
	id->split = (uint32_t)split;
	return true;
}

int id_parse(struct slice text, struct id *id, struct err *e)
{
	struct slice rest = text;
	const struct id_kind *kind = text.len ? id_kind(text.ptr[0]) : NULL;
	*id = (struct id){.letter = kind ? kind->letter : 0};
	if (!kind)
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is no id: write a letter and a number, such as O10042",
			       SLICE_ARG(text));
	take_char(&rest, text.ptr[0]);
	bool good = kind->document ? take_document(&rest, id)
				   : take_number(&rest, NUMBER_MAX, &id->number);
	if (good && kind->letter == 'O')
		good = take_line(&rest, id);
	if (good && rest.len == 0)
		return 1;
	return err_set(e, ERR_INPUT, "\"%.*s\" is no id of %s: write %c%s", SLICE_ARG(text),
		       kind->plural, kind->letter,
		       kind->document	     ? "2026-00017"
		       : kind->letter == 'O' ? "10042, or O10042/3 for a line"
					     : "10042");
}

void id_put(struct buf *out, const struct id *id)
{
	assert(id_kind(id->letter) && id->number != 0);
	buf_putc(out, id->letter);
	if (id->year)
		buf_printf(out, "%u-%05llu", id->year, (unsigned long long)id->number);
	else
		buf_printf(out, "%llu", (unsigned long long)id->number);
	if (id->line)
		buf_printf(out, "/%u", id->line);
	if (id->split)
		buf_printf(out, ".%u", id->split);
}

char *id_print(struct arena *a, const struct id *id)
{
	struct buf text;
	buf_init(&text, 128);
	id_put(&text, id);
	char *copy = arena_str(a, buf_slice(&text));
	buf_release(&text);
	return copy;
}

char *id_text(struct arena *a, char letter, uint64_t number)
{
	return arena_printf(a, "%c%llu", letter, (unsigned long long)number);
}
