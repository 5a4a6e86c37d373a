/* SPDX-License-Identifier: ISC */
#include "charset.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <stdint.h>

#include "base/text.h"
#include "mail/message.h"

enum kind {
	KIND_ICONV, /* contains ASCII at its places */
	KIND_STATE, /* does not: escape sequences or wide units */
	KIND_UTF8,
	KIND_WESTERN, /* Windows-1252 and what is taken for it */
	KIND_GUESS,   /* a label that says nothing */
	KIND_REFUSED,
};

static const struct alias {
	const char *label, *name;
	enum kind kind;
} aliases[] = {
	{"", "", KIND_GUESS},
	{"utf-8", "", KIND_UTF8},
	{"utf8", "", KIND_UTF8},
	{"unicode-1-1-utf-8", "", KIND_UTF8},
	{"x-utf-8", "", KIND_UTF8},
	{"us-ascii", "", KIND_WESTERN},
	{"ascii", "", KIND_WESTERN},
	{"usascii", "", KIND_WESTERN},
	{"us-asii", "", KIND_WESTERN},
	{"ansi-x3.4-1968", "", KIND_WESTERN},
	{"ansi-x3.110-1983", "", KIND_WESTERN},
	{"iso646-us", "", KIND_WESTERN},
	{"646", "", KIND_WESTERN},
	{"iso-8859-1", "", KIND_WESTERN},
	{"iso8859-1", "", KIND_WESTERN},
	{"iso88591", "", KIND_WESTERN},
	{"8859-1", "", KIND_WESTERN},
	{"latin1", "", KIND_WESTERN},
	{"latin-1", "", KIND_WESTERN},
	{"l1", "", KIND_WESTERN},
	{"windows-1252", "", KIND_WESTERN},
	{"windows1252", "", KIND_WESTERN},
	{"cp1252", "", KIND_WESTERN},
	{"cp-1252", "", KIND_WESTERN},
	{"x-cp1252", "", KIND_WESTERN},
	{"ansi", "", KIND_WESTERN},
	{"8bit", "", KIND_GUESS},
	{"binary", "", KIND_GUESS},
	{"default", "", KIND_GUESS},
	{"default-charset", "", KIND_GUESS},
	{"unknown", "", KIND_GUESS},
	{"unknown-8bit", "", KIND_GUESS},
	{"x-unknown", "", KIND_GUESS},
	{"x-user-defined", "", KIND_GUESS},
	{"none", "", KIND_GUESS},
	{"utf-7", "", KIND_REFUSED},
	{"utf7", "", KIND_REFUSED},
	{"unicode-1-1-utf-7", "", KIND_REFUSED},
	{"x-unicode-2-0-utf-7", "", KIND_REFUSED},
	{"utf-7-imap", "", KIND_REFUSED},
	{"csunicode11utf7", "", KIND_REFUSED},
	{"gb2312", "GB18030", KIND_ICONV},
	{"gb-2312", "GB18030", KIND_ICONV},
	{"gb2312-80", "GB18030", KIND_ICONV},
	{"gb-2312-80", "GB18030", KIND_ICONV},
	{"gbk", "GB18030", KIND_ICONV},
	{"x-gbk", "GB18030", KIND_ICONV},
	{"cn-gb", "GB18030", KIND_ICONV},
	{"cp936", "GB18030", KIND_ICONV},
	{"euc-cn", "GB18030", KIND_ICONV},
	{"chinesesimplified", "GB18030", KIND_ICONV},
	{"ks-c-5601-1987", "CP949", KIND_ICONV},
	{"ks-c-5601", "CP949", KIND_ICONV},
	{"ksc5601", "CP949", KIND_ICONV},
	{"ks-x-1001", "CP949", KIND_ICONV},
	{"euc-kr", "CP949", KIND_ICONV},
	{"korean", "CP949", KIND_ICONV},
	{"windows-949", "CP949", KIND_ICONV},
	{"big5", "BIG5-HKSCS", KIND_ICONV},
	{"big5-hkscs", "BIG5-HKSCS", KIND_ICONV},
	{"cn-big5", "BIG5-HKSCS", KIND_ICONV},
	{"x-x-big5", "BIG5-HKSCS", KIND_ICONV},
	{"cp950", "CP950", KIND_ICONV},
	{"shift-jis", "CP932", KIND_ICONV},
	{"shift-jisx0213", "SHIFT_JISX0213", KIND_ICONV},
	{"shiftjis", "CP932", KIND_ICONV},
	{"sjis", "CP932", KIND_ICONV},
	{"x-sjis", "CP932", KIND_ICONV},
	{"ms-kanji", "CP932", KIND_ICONV},
	{"windows-31j", "CP932", KIND_ICONV},
	{"cp932", "CP932", KIND_ICONV},
	{"euc-jp", "EUC-JP-MS", KIND_ICONV},
	{"x-euc-jp", "EUC-JP-MS", KIND_ICONV},
	{"eucjp", "EUC-JP-MS", KIND_ICONV},
	{"iso-2022-jp", "ISO-2022-JP-3", KIND_STATE},
	{"iso-2022-jp-1", "ISO-2022-JP-1", KIND_STATE},
	{"iso-2022-jp-2", "ISO-2022-JP-2", KIND_STATE},
	{"iso-2022-jp-3", "ISO-2022-JP-3", KIND_STATE},
	{"csiso2022jp", "ISO-2022-JP-3", KIND_STATE},
	{"iso-2022-kr", "ISO-2022-KR", KIND_STATE},
	{"iso-2022-cn", "ISO-2022-CN", KIND_STATE},
	{"utf-16", "UTF-16", KIND_STATE},
	{"utf-16le", "UTF-16LE", KIND_STATE},
	{"utf-16be", "UTF-16BE", KIND_STATE},
	{"unicode", "UTF-16", KIND_STATE},
	{"ucs-2", "UTF-16", KIND_STATE},
	{"iso-10646-ucs-2", "UTF-16BE", KIND_STATE},
	{"utf-32", "UTF-32", KIND_STATE},
	{"utf-32le", "UTF-32LE", KIND_STATE},
	{"utf-32be", "UTF-32BE", KIND_STATE},
	{"iso-8859-8-i", "ISO-8859-8", KIND_ICONV},
	{"iso-8859-8-e", "ISO-8859-8", KIND_ICONV},
	{"iso-8859-6-i", "ISO-8859-6", KIND_ICONV},
	{"iso-8859-6-e", "ISO-8859-6", KIND_ICONV},
	{"iso-8859-9", "CP1254", KIND_ICONV},
	{"latin5", "CP1254", KIND_ICONV},
	{"iso-8859-11", "CP874", KIND_ICONV},
	{"tis-620", "CP874", KIND_ICONV},
	{"windows-874", "CP874", KIND_ICONV},
	{"dos-874", "CP874", KIND_ICONV},
	{"latin2", "ISO-8859-2", KIND_ICONV},
	{"latin9", "ISO-8859-15", KIND_ICONV},
	{"latin-9", "ISO-8859-15", KIND_ICONV},
	{"koi8-r", "KOI8-R", KIND_ICONV},
	{"koi8", "KOI8-R", KIND_ICONV},
	{"koi8-ru", "KOI8-RU", KIND_ICONV},
	{"koi8-u", "KOI8-U", KIND_ICONV},
	{"macintosh", "MACINTOSH", KIND_ICONV},
	{"x-mac-roman", "MACINTOSH", KIND_ICONV},
	{"mac", "MACINTOSH", KIND_ICONV},
	{"x-mac-cyrillic", "MAC-CYRILLIC", KIND_ICONV},
	{"x-mac-ce", "MAC-CENTRALEUROPE", KIND_ICONV},
	{"viscii", "VISCII", KIND_ICONV},
	{"tcvn", "TCVN", KIND_ICONV},
};

#define LABEL_MAX 40

static bool is_label_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-.:+", c));
}

static struct slice without_quotes(struct slice s)
{
	while (s.len && (s.ptr[0] == '"' || s.ptr[0] == '\''))
		s = slice_sub(s, 1, s.len);
	while (s.len && (s.ptr[s.len - 1] == '"' || s.ptr[s.len - 1] == '\''))
		s.len--;
	return s;
}

/* Lower case, '_' as '-', no blanks and quotes around; false when too long or strange. */
static bool normal_label(struct slice label, char out[LABEL_MAX])
{
	label = without_quotes(slice_trim(label));
	if (label.len >= LABEL_MAX)
		return false;
	for (size_t i = 0; i < label.len; i++) {
		char c = label.ptr[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		out[i] = c == '_' ? '-' : c;
		if (!is_label_char(out[i]))
			return false;
	}
	out[label.len] = '\0';
	return true;
}

static const char *starts(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);
	return strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

/* "iso8859-2", "8859-2" and "cp-1250", "windows1250", "x-cp1250" by rule, not by table. */
static void derived_name(const char *label, char out[LABEL_MAX + 16])
{
	static const struct {
		const char *prefix, *name;
	} rules[] = {
		{"x-cp", "CP"},
		{"cp-", "CP"},
		{"windows-", "CP"},
		{"windows", "CP"},
		{"x-windows-", "CP"},
		{"iso8859-", "ISO-8859-"},
		{"8859-", "ISO-8859-"},
		{"iso-8859", "ISO-8859"},
		{"x-mac-", "MAC-"},
		{"ibm-", "IBM"},
		{"cs", ""},
	};
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		const char *rest = starts(label, rules[i].prefix);
		if (rest) {
			size_t n = strlen(rules[i].name);
			memcpy(out, rules[i].name, n);
			memcpy(out + n, rest, strlen(rest) + 1);
			return;
		}
	}
	memcpy(out, label, strlen(label) + 1);
}

/*
 * A stranger names the charset: only families of plain tables get as far as
 * iconv, whose odder converters have had their share of holes.
 */
static bool is_table_charset(const char *name)
{
	static const char *const families[] = {"ISO-8859-", "iso-8859-", "CP",	     "cp",
					       "IBM",	    "ibm",	 "MAC-",     "koi8-",
					       "euc-",	    "gb18030",	 "big5",     "armscii-8",
					       "georgian-", "pt154",	 "hp-roman8"};
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (starts(name, families[i]))
			return true;
	return false;
}

static const struct alias *find_alias(const char *label)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (strcmp(aliases[i].label, label) == 0)
			return &aliases[i];
	return NULL;
}

/* 0x80-0x9F; what Windows leaves undefined is nothing. */
static const uint16_t western_high[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

static void put_western(struct slice bytes, struct buf *out)
{
	size_t from = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		if (c < 0x80)
			continue;
		buf_put(out, slice_sub(bytes, from, i));
		text_put_code_point(out, c < 0xa0 ? western_high[c - 0x80] : c);
		from = i + 1;
	}
	buf_put(out, slice_sub(bytes, from, bytes.len));
}

/*
 * A text that is UTF-8 although its label says a Western charset (or nothing)
 * is UTF-8: in Windows-1252 such a sequence makes no sense.
 */
static enum charset_verdict put_guessed(struct slice bytes, struct buf *out,
					enum charset_verdict western)
{
	if (text_is_utf8(bytes)) {
		buf_put(out, bytes);
		return western == CHARSET_OK && !text_is_ascii(bytes) ? CHARSET_DAMAGED : western;
	}
	put_western(bytes, out);
	return western;
}

/* Labelled UTF-8: what is wrong in it becomes U+FFFD, unless nothing is right. */
static enum charset_verdict put_utf8(struct slice bytes, struct buf *out)
{
	if (text_is_utf8(bytes)) {
		buf_put(out, bytes);
		return CHARSET_OK;
	}
	struct slice rest = bytes;
	uint32_t c;
	bool any = false;
	while (!any && text_next(&rest, &c))
		any = c > 0x7f && c != 0xfffd;
	if (any)
		text_put_utf8(out, bytes);
	else
		put_western(bytes, out);
	return CHARSET_DAMAGED;
}

/* So many errors, each of them a call: it is another charset, or malice. */
#define ERRORS_MAX 10000

static enum charset_verdict run_iconv(iconv_t cd, struct slice bytes, struct buf *out)
{
	enum charset_verdict verdict = CHARSET_OK;
	/* iconv's prototype lacks the const that its contract has. */
	union {
		const char *in;
		char *out;
	} from = {.in = bytes.ptr};
	size_t left = bytes.len, errors = 0;
	while (left && errors < ERRORS_MAX && !buf_failed(out)) {
		char chunk[4096];
		char *to = chunk;
		size_t room = sizeof(chunk);
		size_t result = iconv(cd, &from.out, &left, &to, &room);
		int error = errno;
		buf_put(out, slice_of(chunk, sizeof(chunk) - room));
		if (result != (size_t)-1 || error == E2BIG)
			continue;
		verdict = CHARSET_DAMAGED;
		errors++;
		buf_puts(out, "\xef\xbf\xbd");
		if (error == EINVAL)
			break;
		from.in++;
		left--;
	}
	if (errors == ERRORS_MAX)
		text_put_utf8(out, slice_of(from.in, left));
	char chunk[64];
	char *to = chunk;
	size_t room = sizeof(chunk);
	if (iconv(cd, NULL, NULL, &to, &room) != (size_t)-1)
		buf_put(out, slice_of(chunk, sizeof(chunk) - room));
	return verdict;
}

struct charset {
	enum kind kind;
	char name[LABEL_MAX + 16];
};

static bool resolve(struct slice label, struct charset *c)
{
	char normal[LABEL_MAX];
	if (!normal_label(label, normal))
		return false;
	const struct alias *alias = find_alias(normal);
	if (!alias) {
		derived_name(normal, c->name);
		c->kind = KIND_ICONV;
		return is_table_charset(c->name);
	}
	c->kind = alias->kind;
	memcpy(c->name, alias->name, strlen(alias->name) + 1);
	return true;
}

bool charset_is_utf8_already(struct slice label, struct slice bytes)
{
	struct charset c;
	if (label.len && slice_eq_nocase(label, SLICE("utf-8")))
		return text_is_utf8(bytes);
	return resolve(label, &c) && c.kind != KIND_STATE && c.kind != KIND_REFUSED &&
	       text_is_ascii(bytes);
}

/* An unknown name may be one that does not contain ASCII (EBCDIC), so the system decides first. */
bool charset_known(struct slice label)
{
	struct charset c;
	if (!resolve(label, &c))
		return false;
	if (c.kind != KIND_ICONV && c.kind != KIND_STATE)
		return c.kind != KIND_REFUSED;
	iconv_t cd = iconv_open("UTF-8", c.name);
	if (cd == (iconv_t)-1)
		return false;
	iconv_close(cd);
	return true;
}

enum charset_verdict charset_put_utf8(struct slice label, struct slice bytes, struct buf *out)
{
	struct charset c;
	if (!resolve(label, &c))
		return put_guessed(bytes, out, CHARSET_UNKNOWN);
	switch (c.kind) {
	case KIND_UTF8:
		return put_utf8(bytes, out);
	case KIND_WESTERN:
		return put_guessed(bytes, out, CHARSET_OK);
	case KIND_GUESS:
		put_guessed(bytes, out, CHARSET_OK);
		return CHARSET_OK;
	case KIND_REFUSED:
		put_guessed(bytes, out, CHARSET_OK);
		return CHARSET_REFUSED;
	case KIND_ICONV:
	case KIND_STATE:
		break;
	}
	assert(c.name[0]);
	iconv_t cd = iconv_open("UTF-8", c.name);
	if (cd == (iconv_t)-1)
		return put_guessed(bytes, out, CHARSET_UNKNOWN);
	enum charset_verdict verdict = run_iconv(cd, bytes, out);
	iconv_close(cd);
	return verdict;
}
