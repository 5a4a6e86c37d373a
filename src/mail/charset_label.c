/* SPDX-License-Identifier: ISC */
#include "charset_label.h"

#include <string.h>

#define LABEL_MAX 48

/*
 * What clients write and what they mean by it, one charset a row; labels in
 * lower case without '-', '_', blanks, a year and "x-" (Unicode TR 22, 1.4).
 * Where a label is used for more than it says, the larger charset stands here
 * (WHATWG Encoding 4.2).
 */
static const struct {
	const char *name, *labels;
	enum charset_kind kind;
} charsets[] = {
	{"", "utf8 unicode11utf8 unicode20utf8 utf8mb4 cp65001 windows65001", CHARSET_KIND_UTF8},
	{"",
	 "usascii ascii iso88591 windows1252 latin1 cp1252 ansi usasii ansix3.4 ansix3.41968 "
	 "ansix3.41986 ansix3.1101983 asciiansi ibm367 cp367 csascii us iso646us iso646.irv "
	 "isoir6 646 iso88591windows3.1latin1 iso88591l 88591 isoir100 csisolatin1 cp819 ibm819 "
	 "l1 win1252 ansi1252 mswindows1252 western cp1252west",
	 CHARSET_KIND_WESTERN},
	{"", "8bit 7bit binary default defaultcharset unknown unknown8bit userdefined none",
	 CHARSET_KIND_GUESS},
	{"", "utf7 unicode11utf7 unicode20utf7 utf7imap csunicode11utf7 cp65000 windows65000",
	 CHARSET_KIND_REFUSED},
	{"GB18030",
	 "gb2312 gbk gb18030 gb231280 cngb eucgb euccn cp936 ms936 windows936 csgb2312 "
	 "csiso58gb231280 chinese isoir58 chinesesimplified chsgb gb18030.2000 gb231280gl",
	 CHARSET_KIND_ICONV},
	{"GB18030", "hzgb2312 hz", CHARSET_KIND_HZ},
	{"CP949",
	 "ksc56011987 euckr ksc56011989 ksc5601 ksx1001 cseuckr uhc cp949 ms949 windows949 "
	 "korean isoir149 csksc56011987 ksc56011992 5601",
	 CHARSET_KIND_ICONV},
	{"JOHAB", "johab cp1361 ms1361", CHARSET_KIND_ICONV},
	{"BIG5-HKSCS", "big5 big5hkscs cnbig5 xbig5 csbig5 big5eten big5hk chinesetraditional",
	 CHARSET_KIND_ICONV},
	{"CP950", "cp950 ms950 windows950", CHARSET_KIND_ICONV},
	{"CP932",
	 "shiftjis sjis windows31j cp932 ms932 mskanji csshiftjis windows932 ibm943 cp943 "
	 "mscp932 cswindows31j sjiscp932",
	 CHARSET_KIND_ICONV},
	{"SHIFT_JISX0213", "shiftjisx0213 shiftjis2004", CHARSET_KIND_ICONV},
	{"EUC-JP-MS", "eucjp cseucpkdfmtjapanese ujis eucjpms eucjpwin cp51932 japaneseeuc",
	 CHARSET_KIND_ICONV},
	{"EUC-JISX0213", "eucjisx0213 eucjis2004", CHARSET_KIND_ICONV},
	{"ISO-2022-JP-3",
	 "iso2022jp iso2022jpms cp50220 cp50221 cp50222 csiso2022jp iso2022jp3 iso2022jp2004 jis "
	 "iso2022jp1 windows50220 windows50221 windows50222 iso2022jpext junet cp5022x",
	 CHARSET_KIND_JIS},
	{"ISO-2022-JP-2", "iso2022jp2 csiso2022jp2", CHARSET_KIND_JIS},
	{"ISO-2022-KR", "iso2022kr csiso2022kr", CHARSET_KIND_STATE},
	{"ISO-2022-CN-EXT", "iso2022cn iso2022cnext", CHARSET_KIND_STATE},
	{"UTF-16", "utf16 unicode ucs2 csunicode iso10646ucs2 unicodelittle", CHARSET_KIND_STATE},
	{"UTF-16LE", "utf16le ucs2le unicodefeff", CHARSET_KIND_STATE},
	{"UTF-16BE", "utf16be ucs2be unicodefffe", CHARSET_KIND_STATE},
	{"UTF-32", "utf32 ucs4 iso10646ucs4", CHARSET_KIND_STATE},
	{"UTF-32LE", "utf32le ucs4le", CHARSET_KIND_STATE},
	{"UTF-32BE", "utf32be ucs4be", CHARSET_KIND_STATE},
	{"ISO-8859-2", "latin2 l2 isoir101 csisolatin2 iso8859b2", CHARSET_KIND_ICONV},
	{"ISO-8859-3", "latin3 l3 isoir109 csisolatin3", CHARSET_KIND_ICONV},
	{"ISO-8859-4", "latin4 l4 isoir110 csisolatin4", CHARSET_KIND_ICONV},
	{"ISO-8859-5", "cyrillic isoir144 csisolatincyrillic", CHARSET_KIND_ICONV},
	{"ISO-8859-6", "arabic iso88596i iso88596e asmo708 ecma114 isoir127 csisolatinarabic",
	 CHARSET_KIND_ICONV},
	{"ISO-8859-7", "greek greek8 ecma118 elot928 isoir126 csisolatingreek", CHARSET_KIND_ICONV},
	{"ISO-8859-8", "hebrew iso88598i iso88598e logical visual isoir138 csisolatinhebrew",
	 CHARSET_KIND_ICONV},
	{"CP1254", "iso88599 latin5 l5 isoir148 csisolatin5 turkish", CHARSET_KIND_ICONV},
	{"ISO-8859-10", "latin6 l6 isoir157 csisolatin6", CHARSET_KIND_ICONV},
	{"CP874", "iso885911 tis620 tis6202533 windows874 dos874 cp874 thai", CHARSET_KIND_ICONV},
	{"ISO-8859-13", "latin7 l7 baltic", CHARSET_KIND_ICONV},
	{"ISO-8859-14", "latin8 l8", CHARSET_KIND_ICONV},
	{"ISO-8859-15", "latin9 latin0 l9 csisolatin9", CHARSET_KIND_ICONV},
	{"ISO-8859-16", "latin10 l10", CHARSET_KIND_ICONV},
	{"KOI8-R", "koi8r koi8 koi cskoi8r", CHARSET_KIND_ICONV},
	{"KOI8-U", "koi8u koi8ru", CHARSET_KIND_ICONV},
	{"KOI8-T", "koi8t", CHARSET_KIND_ICONV},
	{"MACINTOSH", "macintosh macroman mac csmacintosh applemacroman", CHARSET_KIND_ICONV},
	{"MAC-CYRILLIC", "maccyrillic", CHARSET_KIND_ICONV},
	{"MAC-CENTRALEUROPE", "macce maccentraleurope maccentraleurroman", CHARSET_KIND_ICONV},
	{"VISCII", "viscii csviscii", CHARSET_KIND_ICONV},
	{"TCVN", "tcvn tcvn5712 tcvn57121", CHARSET_KIND_ICONV},
	{"ARMSCII-8", "armscii8", CHARSET_KIND_ICONV},
	{"GEORGIAN-PS", "georgianps", CHARSET_KIND_ICONV},
	{"GEORGIAN-ACADEMY", "georgianacademy", CHARSET_KIND_ICONV},
	{"HP-ROMAN8", "hproman8 roman8 r8", CHARSET_KIND_ICONV},
	{"PT154", "pt154 ptcp154 cp154 cyrillicasian", CHARSET_KIND_ICONV},
};

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
}

/* As the table has them; false when too long, empty of letters, or strange. */
static bool normal_label(struct slice label, char out[LABEL_MAX])
{
	size_t n = 0;
	bool begun = false;
	for (size_t i = 0; i < label.len; i++) {
		char c = label.ptr[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		/* "iso_8859-1:1987", and in Content-Type a ';' that got into the quotes */
		if (c == ':' || c == ';')
			break;
		if (memchr("-_ \t\r\n\"'", c, 8)) {
			/* "x-" */
			if (c == '-' && begun && n == 1 && out[0] == 'x')
				n = 0;
			continue;
		}
		if (!is_alphanumeric(c) || n + 1 == LABEL_MAX)
			return false;
		out[n++] = c;
		begun = true;
	}
	out[n] = '\0';
	return true;
}

static bool has_label(const char *labels, const char *label)
{
	size_t n = strlen(label);
	for (const char *p = labels; p; p = strchr(p, ' ')) {
		p += *p == ' ';
		if (strncmp(p, label, n) == 0 && (p[n] == ' ' || p[n] == '\0'))
			return true;
	}
	return false;
}

static bool all_digits(const char *s)
{
	return *s && !s[strspn(s, "0123456789")];
}

/*
 * "iso8859-2", "cp-1250", "windows1250", "ibm-850": families by rule.  A
 * stranger names the charset: only such plain tables get as far as iconv, whose
 * odder converters have had their share of holes.
 */
static bool is_family(const char *label, struct charset *c)
{
	static const struct {
		const char *prefix, *name;
	} rules[] = {
		{"iso8859", "ISO-8859-"}, {"8859", "ISO-8859-"}, {"windows", "CP"}, {"win", "CP"},
		{"mswindows", "CP"},	  {"ansi", "CP"},	 {"cp", "CP"},	    {"ms", "CP"},
		{"ibm", "IBM"},		  {"csibm", "IBM"},	 {"dos", "CP"},	    {"pc", "CP"},
	};
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		size_t n = strlen(rules[i].prefix), m = strlen(rules[i].name);
		if (strncmp(label, rules[i].prefix, n) != 0 || !all_digits(label + n))
			continue;
		c->kind = CHARSET_KIND_ICONV;
		memcpy(c->name, rules[i].name, m);
		memcpy(c->name + m, label + n, strlen(label + n) + 1);
		return true;
	}
	return false;
}

bool charset_resolve(struct slice label, struct charset *c)
{
	char normal[LABEL_MAX];
	*c = (struct charset){.kind = CHARSET_KIND_GUESS};
	if (!label.len)
		return true;
	if (!normal_label(label, normal))
		return false;
	if (!*normal)
		return true;
	for (size_t i = 0; i < sizeof(charsets) / sizeof(*charsets); i++)
		if (has_label(charsets[i].labels, normal)) {
			c->kind = charsets[i].kind;
			memcpy(c->name, charsets[i].name, strlen(charsets[i].name) + 1);
			return true;
		}
	return is_family(normal, c);
}
