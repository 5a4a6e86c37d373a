/* SPDX-License-Identifier: ISC */
#include "lookalike.h"

#include <ctype.h>

#include "base/text.h"

#define SKELETON_MAX (64 * LOOKALIKE_LOOK_MAX)
#define LABEL_MAX 63
#define NAME_LEAST 5  /* bytes of a skeleton of a name; "Ann" is no sign of anything */
#define LABEL_LEAST 6 /* bytes of a label in which one changed letter goes unseen */

/* ---- xn-- (RFC 3492 6.2) ---- */

static uint32_t punycode_adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;
	delta = first ? delta / 700 : delta / 2;
	delta += delta / points;
	for (; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

static int punycode_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0' + 26;
	return isalpha((unsigned char)c) ? tolower((unsigned char)c) - 'a' : -1;
}

/* One generalized variable-length integer, added to *i; false when it is none. */
static bool punycode_delta(struct slice *rest, uint32_t bias, uint32_t *i)
{
	uint32_t weight = 1;
	for (uint32_t k = 36; rest->len; k += 36) {
		int digit = punycode_digit(rest->ptr[0]);
		uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
		*rest = slice_sub(*rest, 1, rest->len);
		if (digit < 0 || weight > UINT32_MAX / 64 || *i > UINT32_MAX / 4)
			return false;
		*i += (uint32_t)digit * weight;
		if ((uint32_t)digit < t)
			return true;
		weight *= 36 - t;
	}
	return false;
}

/* The code points of a label behind "xn--"; 0 when it is none. */
static size_t punycode_decode(struct slice label, uint32_t points[LABEL_MAX])
{
	uint32_t code = 128, bias = 72, i = 0;
	size_t n = 0, basic = 0;
	if (label.len > LABEL_MAX)
		return 0;
	for (size_t k = 0; k < label.len; k++)
		if (label.ptr[k] == '-')
			basic = k;
	while (n < basic) {
		points[n] = (unsigned char)label.ptr[n];
		n++;
	}
	struct slice rest = slice_sub(label, basic ? basic + 1 : 0, label.len);
	while (rest.len) {
		uint32_t before = i;
		if (n == LABEL_MAX || !punycode_delta(&rest, bias, &i))
			return 0;
		n++;
		bias = punycode_adapt(i - before, (uint32_t)n, before == 0);
		code += i / (uint32_t)n;
		i %= (uint32_t)n;
		if (code > 0x10ffff)
			return 0;
		memmove(points + i + 1, points + i, (n - 1 - i) * sizeof(points[0]));
		points[i++] = code;
	}
	return n;
}

static void put_label(struct buf *out, struct slice label)
{
	uint32_t points[LABEL_MAX];
	size_t n = slice_starts_nocase(label, SLICE("xn--"))
			   ? punycode_decode(slice_sub(label, 4, label.len), points)
			   : 0;
	if (!n)
		buf_put(out, label);
	for (size_t i = 0; i < n; i++)
		text_put_code_point(out, points[i]);
}

/* The text with every label of its domain as people see it. */
static void put_readable(struct buf *out, struct slice text)
{
	struct slice rest = slice_sub(text, 0, LOOKALIKE_LOOK_MAX), label;
	bool first = true;
	ptrdiff_t at = slice_chr(rest, '@');
	if (at >= 0) {
		buf_put(out, slice_sub(rest, 0, (size_t)at + 1));
		rest = slice_sub(rest, (size_t)at + 1, rest.len);
	}
	while (slice_cut(&rest, '.', &label)) {
		buf_puts(out, first ? "" : ".");
		put_label(out, label);
		first = false;
	}
}

/* ---- skeletons ---- */

/*
 * What looks like which ASCII letters, after case folding and without accents:
 * an excerpt of the confusables of UTS #39 for the scripts that mail is forged
 * with.  In the order of the points.
 */
static const struct {
	uint32_t point;
	const char *text;
} alike[] = {
	{'0', "o"},	{'1', "l"},	{'5', "s"},	{'d', "cl"},	{'i', "l"},
	{'m', "rn"},	{'w', "vv"},	{'|', "l"},	{0xf8, "o"},	{0x111, "cl"},
	{0x127, "h"},	{0x131, "l"},	{0x142, "l"},	{0x180, "b"},	{0x1c0, "l"},
	{0x251, "a"},	{0x261, "g"},	{0x269, "l"},	{0x26a, "l"},	{0x274, "n"},
	{0x280, "r"},	{0x28f, "y"},	{0x299, "b"},	{0x29c, "h"},	{0x29f, "l"},
	{0x3b1, "a"},	{0x3b2, "b"},	{0x3b3, "y"},	{0x3b5, "e"},	{0x3b7, "n"},
	{0x3b9, "l"},	{0x3ba, "k"},	{0x3bd, "v"},	{0x3bf, "o"},	{0x3c1, "p"},
	{0x3c3, "o"},	{0x3c4, "t"},	{0x3c5, "u"},	{0x3c7, "x"},	{0x3c9, "vv"},
	{0x3f2, "c"},	{0x3f3, "j"},	{0x430, "a"},	{0x432, "b"},	{0x433, "r"},
	{0x435, "e"},	{0x437, "3"},	{0x438, "u"},	{0x43a, "k"},	{0x43c, "rn"},
	{0x43d, "h"},	{0x43e, "o"},	{0x43f, "n"},	{0x440, "p"},	{0x441, "c"},
	{0x442, "t"},	{0x443, "y"},	{0x445, "x"},	{0x44c, "b"},	{0x455, "s"},
	{0x456, "l"},	{0x458, "j"},	{0x461, "vv"},	{0x475, "v"},	{0x491, "r"},
	{0x4bb, "h"},	{0x4bd, "e"},	{0x4cf, "l"},	{0x501, "cl"},	{0x51b, "q"},
	{0x51d, "vv"},	{0x561, "vv"},	{0x563, "q"},	{0x566, "q"},	{0x570, "h"},
	{0x575, "j"},	{0x578, "n"},	{0x57d, "u"},	{0x581, "g"},	{0x585, "o"},
	{0x13a0, "cl"}, {0x13a1, "r"},	{0x13a2, "t"},	{0x13a5, "l"},	{0x13aa, "go"},
	{0x13ab, "j"},	{0x13ac, "e"},	{0x13b3, "vv"}, {0x13b7, "rn"}, {0x13bb, "h"},
	{0x13bd, "y"},	{0x13c0, "g"},	{0x13c2, "h"},	{0x13c3, "z"},	{0x13cf, "b"},
	{0x13d2, "r"},	{0x13d4, "vv"}, {0x13d9, "v"},	{0x13da, "s"},	{0x13de, "l"},
	{0x13df, "c"},	{0x13e2, "p"},	{0x13e6, "k"},	{0x2010, "-"},	{0x2011, "-"},
	{0x2012, "-"},	{0x2013, "-"},	{0x2019, "'"},	{0x2212, "-"},	{0x3002, "."},
};

static const char *find_alike(uint32_t point)
{
	size_t low = 0, high = sizeof(alike) / sizeof(alike[0]);
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (alike[middle].point == point)
			return alike[middle].text;
		if (alike[middle].point < point)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool is_unseen(uint32_t c)
{
	return c < 0x20 || c == 0xad || c == 0x34f || c == 0x61c || c == 0x180e ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff;
}

void lookalike_put_skeleton(struct buf *out, struct slice text)
{
	struct buf readable, folded;
	uint32_t point;
	buf_init(&readable, SKELETON_MAX);
	buf_init(&folded, SKELETON_MAX);
	put_readable(&readable, text);
	text_put_folded(&folded, buf_slice(&readable));
	struct slice rest = buf_slice(&folded);
	while (text_next(&rest, &point)) {
		const char *same = find_alike(point);
		if (same)
			buf_puts(out, same);
		else if (!is_unseen(point))
			text_put_code_point(out, point);
	}
	buf_release(&folded);
	buf_release(&readable);
}

/* ---- scripts ---- */

static const struct {
	uint32_t first, last;
	unsigned script;
} scripts[] = {
	{'A', 'Z', 1},	     {'a', 'z', 1},	   {0xc0, 0x24f, 1},	{0x250, 0x2af, 1},
	{0x370, 0x3ff, 2},   {0x400, 0x52f, 4},	   {0x530, 0x58f, 8},	{0x13a0, 0x13ff, 16},
	{0x1c80, 0x1c8f, 4}, {0x1e00, 0x1eff, 1},  {0x1f00, 0x1fff, 2}, {0x2de0, 0x2dff, 4},
	{0xa640, 0xa69f, 4}, {0xab70, 0xabbf, 16}, {0xff21, 0xff3a, 1}, {0xff41, 0xff5a, 1},
};

static unsigned script_of(uint32_t point)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (point >= scripts[i].first && point <= scripts[i].last)
			return scripts[i].script;
	return 0;
}

static bool ends_word(uint32_t point)
{
	return point < 0x80 && !isalnum((int)point);
}

bool lookalike_is_mixed(struct slice text)
{
	struct buf readable;
	uint32_t point;
	unsigned seen = 0;
	bool mixed = false;
	buf_init(&readable, SKELETON_MAX);
	put_readable(&readable, text);
	struct slice rest = buf_slice(&readable);
	while (text_next(&rest, &point) && !mixed) {
		seen = ends_word(point) ? 0 : seen | script_of(point);
		mixed = (seen & (seen - 1)) != 0;
	}
	buf_release(&readable);
	return mixed;
}

/* ---- judging ---- */

/* A sender or somebody known, as they look. */
struct looks {
	struct buf name, address, domain;
};

static struct slice domain_of(struct slice address)
{
	ptrdiff_t at = slice_chr(address, '@');
	return at < 0 ? SLICE("") : slice_sub(address, (size_t)at + 1, address.len);
}

/* Of a name only letters and digits: points, commas and spaces are nothing to see. */
static void put_name(struct buf *out, struct slice name)
{
	struct buf skeleton;
	uint32_t point;
	buf_init(&skeleton, SKELETON_MAX);
	lookalike_put_skeleton(&skeleton, name);
	struct slice rest = buf_slice(&skeleton);
	while (text_next(&rest, &point))
		if (!ends_word(point))
			text_put_code_point(out, point);
	buf_release(&skeleton);
}

static void looks_init(struct looks *l, struct slice name, struct slice address)
{
	buf_init(&l->name, SKELETON_MAX);
	buf_init(&l->address, SKELETON_MAX);
	buf_init(&l->domain, SKELETON_MAX);
	put_name(&l->name, name);
	lookalike_put_skeleton(&l->address, slice_sub(address, 0, LOOKALIKE_LOOK_MAX));
	lookalike_put_skeleton(&l->domain, domain_of(address));
}

static void looks_release(struct looks *l)
{
	buf_release(&l->name);
	buf_release(&l->address);
	buf_release(&l->domain);
}

static bool same(const struct buf *a, const struct buf *b)
{
	return a->len && slice_eq(buf_slice(a), buf_slice(b));
}

static size_t longest_label(struct slice domain)
{
	struct slice label;
	size_t longest = 0;
	while (slice_cut(&domain, '.', &label))
		longest = label.len > longest ? label.len : longest;
	return longest;
}

/*
 * Another domain that looks like the shop's, or is one letter away from it;
 * short names are near to each other by chance.
 */
static bool is_near_domain(struct slice domain, struct slice of, bool looks_same)
{
	if (!domain.len || !of.len || slice_eq_nocase(domain, of))
		return false;
	return looks_same || (longest_label(of) >= LABEL_LEAST && text_distance(domain, of) == 1);
}

/* A person's name has two words: a first name alone is many people's. */
static bool is_telling(struct slice name, const struct buf *skeleton)
{
	return skeleton->len >= NAME_LEAST && slice_chr(slice_trim(name), ' ') > 0;
}

/* "support@shop.example" <somebody@else.example> */
static bool names_address(const struct mail_address *sender, const struct lookalike_known *known,
			  const struct looks *theirs)
{
	ptrdiff_t at = slice_chr(sender->name, '@');
	if (at < 0 || !known->address.len)
		return false;
	struct buf address;
	buf_init(&address, SKELETON_MAX);
	put_name(&address, known->address);
	bool found = address.len && slice_find(buf_slice(&theirs->name), buf_slice(&address)) >= 0;
	buf_release(&address);
	return found;
}

static unsigned compare(const struct mail_address *sender, const struct looks *theirs,
			const struct lookalike_known *known)
{
	struct looks ours;
	unsigned flags = 0;
	if (mail_address_same(sender->addr, known->address))
		return LOOKALIKE_UNPROVED;
	looks_init(&ours, known->name, known->address);
	if (same(&theirs->address, &ours.address) ||
	    (known->own_domain && is_near_domain(domain_of(sender->addr), domain_of(known->address),
						 same(&theirs->domain, &ours.domain))))
		flags |= LOOKALIKE_ADDRESS;
	if ((is_telling(known->name, &ours.name) && same(&theirs->name, &ours.name)) ||
	    names_address(sender, known, theirs))
		flags |= LOOKALIKE_NAME;
	looks_release(&ours);
	return flags;
}

void lookalike_judge(const struct mail_address *sender, const struct lookalike_known *known,
		     size_t n, struct lookalike *out)
{
	struct looks theirs;
	unsigned best = 0;
	*out = (struct lookalike){.flags = 0};
	if (lookalike_is_mixed(sender->name) || lookalike_is_mixed(sender->addr))
		out->flags = LOOKALIKE_MIXED;
	looks_init(&theirs, sender->name, sender->addr);
	for (size_t i = 0; i < n; i++) {
		unsigned flags = compare(sender, &theirs, &known[i]);
		/* An address of ours may well bear its own name. */
		if (flags & LOOKALIKE_UNPROVED) {
			out->flags = (out->flags & LOOKALIKE_MIXED) | LOOKALIKE_UNPROVED;
			out->of = &known[i];
			break;
		}
		/* Both signs of one outweigh one sign of another. */
		if (flags > best) {
			best = flags;
			out->of = &known[i];
		}
		out->flags |= flags;
	}
	looks_release(&theirs);
}
