/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#include "../../src/mail/charset.h"

#define E_ACUTE "\xc3\xa9"
#define EURO "\xe2\x82\xac"
#define NIHON "\xe6\x97\xa5\xe6\x9c\xac"
#define CIRCLED_ONE "\xe2\x91\xa0"

/* What clients write, what they mean by it. */
static const struct {
	const char *label;
	struct slice bytes;
	const char *want;
} labels[] = {
	{"utf8", SLICE(E_ACUTE), E_ACUTE},
	{"UTF_8", SLICE(E_ACUTE), E_ACUTE},
	{"'utf-8'", SLICE(E_ACUTE), E_ACUTE},
	{"x-utf-8", SLICE(E_ACUTE), E_ACUTE},
	{"utf-8;", SLICE(E_ACUTE), E_ACUTE},
	{"unicode-1-1-utf-8", SLICE(E_ACUTE), E_ACUTE},
	{"us-ascii", SLICE("\xe9"), E_ACUTE},
	{"us-ascii", SLICE(E_ACUTE), E_ACUTE},
	{"ansi_x3.4", SLICE("\xe9"), E_ACUTE},
	{"ANSI_X3.4-1968", SLICE("\xe9"), E_ACUTE},
	{"iso-8859-1", SLICE("\x80"), EURO},
	{"ISO_8859-1:1987", SLICE("\x80"), EURO},
	{"iso8859_1", SLICE("\xe9"), E_ACUTE},
	{"latin-1", SLICE("\xe9"), E_ACUTE},
	{"x-cp1252", SLICE("\x80"), EURO},
	{"win-1252", SLICE("\x80"), EURO},
	{"cp819", SLICE("\xe9"), E_ACUTE},
	{"unknown-8bit", SLICE("\xe9"), E_ACUTE},
	{"x-user-defined", SLICE("\xe9"), E_ACUTE},
	{"", SLICE("\xe9"), E_ACUTE},
	{"x-none-such", SLICE("\xe9 " EURO), "\xc3\xa9 \xc3\xa2\xe2\x80\x9a\xc2\xac"},
	{"ISO_8859-2:1987", SLICE("\xb1"), "\xc4\x85"},
	{"latin2", SLICE("\xb1"), "\xc4\x85"},
	{"windows-1250", SLICE("\xb9"), "\xc4\x85"},
	{"x-cp1251", SLICE("\xcf"), "\xd0\x9f"},
	{"ansi-1251", SLICE("\xcf"), "\xd0\x9f"},
	{"windows-1253", SLICE("\xc1"), "\xce\x91"},
	{"iso-8859-9", SLICE("\xf0\x80"), "\xc4\x9f" EURO},
	{"windows-1255", SLICE("\xe0"), "\xd7\x90"},
	{"windows-1256", SLICE("\xc7"), "\xd8\xa7"},
	{"windows-1257", SLICE("\xe0"), "\xc4\x85"},
	{"windows-1258", SLICE("\xd0"), "\xc4\x90"},
	{"iso-8859-8-i", SLICE("\xe0"), "\xd7\x90"},
	{"logical", SLICE("\xe0"), "\xd7\x90"},
	{"iso-8859-15", SLICE("\xa4"), EURO},
	{"tis-620", SLICE("\xa1\x80"), "\xe0\xb8\x81" EURO},
	{"koi8-u", SLICE("\xa4"), "\xd1\x94"},
	{"cskoi8r", SLICE("\xf0"), "\xd0\x9f"},
	{"ibm-850", SLICE("\x82"), E_ACUTE},
	{"x-mac-roman", SLICE("\x8e"), E_ACUTE},
	/* gb2312 is what GB18030 is, with characters the old set has not. */
	{"gb2312", SLICE("\xc4\xe3\x96\x46"), "\xe4\xbd\xa0\xe6\x9c\x8f"},
	{"GB_2312-80", SLICE("\xc4\xe3"), "\xe4\xbd\xa0"},
	{"x-gbk", SLICE("\xc4\xe3"), "\xe4\xbd\xa0"},
	{"gb18030", SLICE("\x81\x30\x81\x30"), "\xc2\x80"},
	{"hz-gb-2312", SLICE("a~{Dc~}~~b"), "a\xe4\xbd\xa0~b"},
	{"big5", SLICE("\xa7\x41"), "\xe4\xbd\xa0"},
	{"x-x-big5", SLICE("\xa7\x41"), "\xe4\xbd\xa0"},
	{"big5-hkscs", SLICE("\xa7\x41"), "\xe4\xbd\xa0"},
	/* A syllable that only CP949 has. */
	{"ks_c_5601-1987", SLICE("\xb0\xa1\x81\x41"), "\xea\xb0\x80\xea\xb0\x82"},
	{"euc-kr", SLICE("\x81\x41"), "\xea\xb0\x82"},
	{"iso-2022-kr", SLICE("\x1b$)C\x0e\x30\x21\x0f"), "\xea\xb0\x80"},
	/* The circled digit is NEC's, and in CP932 only. */
	{"shift_jis", SLICE("\x93\xfa\x96\x7b\x87\x40"), NIHON CIRCLED_ONE},
	{"x-sjis", SLICE("\x87\x40"), CIRCLED_ONE},
	{"windows-31j", SLICE("\x87\x40"), CIRCLED_ONE},
	{"euc-jp", SLICE("\xc6\xfc\xcb\xdc\xad\xa1"), NIHON CIRCLED_ONE},
	{"iso-2022-jp", SLICE("\x1b$BF|K\\\x1b(B"), NIHON},
	{"iso-2022-jp", SLICE("\x1b$B-!\x1b(B"), CIRCLED_ONE},
	{"iso-2022-jp-ms", SLICE("\x1b$B-!\x1b(B"), CIRCLED_ONE},
	{"cp50221", SLICE("\x1b$B-!\x1b(B\x1b(I1\x1b(B"), CIRCLED_ONE "\xef\xbd\xb1"},
	{"iso-2022-jp-3", SLICE("\x1b$BF|K\\\x1b(B"), NIHON},
	{"iso-2022-jp-1", SLICE("\x1b$BF|\x1b(J\\\x1b(B"), "\xe6\x97\xa5\\"},
	{"iso-2022-jp-2", SLICE("\x1b$A0!\x1b(B"), "\xe5\x95\x8a"},
	{"csISO2022JP", SLICE("\x1b$@F|\x1b(B"), "\xe6\x97\xa5"},
	/* Labelled so and yet UTF-8. */
	{"iso-2022-jp", SLICE(NIHON), NIHON},
	{"utf-16", SLICE("plain " E_ACUTE), "plain " E_ACUTE},
	{"utf-16le", SLICE("\xe9\0a\0"), E_ACUTE "a"},
	{"utf-16", SLICE("\xfe\xff\0\xe9"), E_ACUTE},
	{"utf-7", SLICE("+AOk-"), "+AOk-"},
	/* A label that is not a name, or of iconv's own converters. */
	{"internal", SLICE("\xe9"), E_ACUTE},
	{"utf-8//translit", SLICE("\xe9"), E_ACUTE},
	{"a label of much more than forty-eight characters that nobody knows", SLICE("\xe9"),
	 E_ACUTE},
};

void test_charset_labels(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		struct buf out;
		buf_init(&out, 4096);
		charset_put_utf8(slice_str(labels[i].label), labels[i].bytes, &out);
		expect_text(labels[i].label, buf_slice(&out), labels[i].want);
		buf_release(&out);
	}
}
