/* SPDX-License-Identifier: ISC */
#include "base.h"
#include "desk/lookalike.h"
#include "desk/subject.h"
#include "test_desk.h"

/* ---- RFC 5256 2.1 ---- */

static const struct {
	const char *subject, *base;
} base_rows[] = {
	{"", ""},
	{"Blue pot", "Blue pot"},
	/* (3) leaders */
	{"Re: Blue pot", "Blue pot"},
	{"RE:Blue pot", "Blue pot"},
	{"re : Blue pot", "Blue pot"},
	{"Re: re: FWD: Blue pot", "Blue pot"},
	{"Fw: Blue pot", "Blue pot"},
	{"Re[2]: Blue pot", "Blue pot"},
	{"Re [2] : Blue pot", "Blue pot"},
	{"Re^3: Blue pot", "Blue pot"},
	{"Re(2): Blue pot", "Blue pot"},
	{"Re", "Re"},
	{"Re:", ""},
	{"Regarding: pot", "Regarding: pot"},
	{"Return: pot", "Return: pot"},
	/* (4) blobs, while they leave something */
	{"[shop] Blue pot", "Blue pot"},
	{"[a][b] Blue pot", "Blue pot"},
	{"[shop] Re: Blue pot", "Blue pot"},
	{"Re: [shop] Blue pot", "Blue pot"},
	{"[shop] [list] Re: [x] Fwd: Blue pot", "Blue pot"},
	{"[shop]", "[shop]"},
	{"[a][b]", "[b]"},
	{"[no end Blue pot", "[no end Blue pot"},
	{"[[x]] Blue pot", "[[x]] Blue pot"},
	/* (2) trailers */
	{"Blue pot (fwd)", "Blue pot"},
	{"Blue pot (FWD) (fwd)  ", "Blue pot"},
	{"(fwd)", ""},
	/* (6) the forward header */
	{"[Fwd: Blue pot]", "Blue pot"},
	{"[fwd: Re: [shop] Blue pot (fwd)]", "Blue pot"},
	{"Re: [Fwd: [Fwd: Blue pot]]", "Blue pot"},
	{"[Fwd: Blue pot", "[Fwd: Blue pot"},
	/* other clients' words */
	{"AW: Blue pot", "Blue pot"},
	{"Antw: WG: Blue pot", "Blue pot"},
	{"SV: VS: Blue pot", "Blue pot"},
	{"RV: ENC: RES: Blue pot", "Blue pot"},
	{"TR : Blue pot", "Blue pot"},
	{"Odp: PD: Blue pot", "Blue pot"},
	{"回复：Blue pot", "Blue pot"},
	{"转发: 答复: Blue pot", "Blue pot"},
	/* our own tag */
	{"Re: Blue pot [T10001]", "Blue pot"},
	{"[T10001] Blue pot", "Blue pot"},
	{"Re: Blue pot [T10001] (fwd)", "Blue pot"},
	{"Blue pot [Tea]", "Blue pot [Tea]"},
};

static void base_subjects(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(base_rows); i++) {
		struct slice base = subject_base(slice_str(base_rows[i].subject));
		if (!slice_eq(base, slice_str(base_rows[i].base)))
			fail_msg("\"%s\" became \"%.*s\"", base_rows[i].subject, SLICE_ARG(base));
	}
}

static const struct {
	const char *a, *b;
	bool same;
} same_rows[] = {
	{"Re: Blue  pot", "blue pot (fwd)", true},
	{"Größe", "Re: GRÖSSE", true},
	{"Blue pot", "Blue pots", false},
	{"Re:", "Blue pot", true},
	{"", "", true},
};

static void same_subjects(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(same_rows); i++)
		assert_int_equal(subject_same(slice_str(same_rows[i].a), slice_str(same_rows[i].b)),
				 same_rows[i].same);
}

/* A subject of brackets alone costs no more than its length times what is looked at. */
static void hostile_subjects(void **state)
{
	static const char *const pieces[] = {"[", "]", "[]", "[a]", "re:", "re[", "[fwd:", "(fwd)"};
	struct buf subject;
	uint64_t thread;
	(void)state;
	for (size_t i = 0; i < ROWS(pieces); i++) {
		buf_init(&subject, 1 << 20);
		while (subject.len < 65536)
			buf_puts(&subject, pieces[i]);
		struct slice rest = buf_slice(&subject);
		assert_true(subject_base(rest).len <= SUBJECT_LOOK_MAX);
		assert_true(subject_same(rest, rest));
		assert_false(subject_next_tag(&rest, &thread));
		buf_release(&subject);
	}
}

static void tags_of_subjects(void **state)
{
	struct slice rest = SLICE("[T1] [t22] [T] [Tx] [T18446744073709551616] [T333]");
	uint64_t thread, want[] = {1, 22, 333};
	(void)state;
	for (size_t i = 0; i < ROWS(want); i++) {
		assert_true(subject_next_tag(&rest, &thread));
		assert_int_equal(thread, want[i]);
	}
	assert_false(subject_next_tag(&rest, &thread));
}

/* ---- T33 look-alikes ---- */

#define NAME LOOKALIKE_NAME
#define ADDRESS LOOKALIKE_ADDRESS
#define MIXED LOOKALIKE_MIXED
#define UNPROVED LOOKALIKE_UNPROVED

static const struct {
	const char *name, *address;
	unsigned flags;
} lookalike_rows[] = {
	{"Erika Mustermann", "erika@a.example", 0},
	{"Ann", "ann@else.example", 0},
	{"Ann Arbor", "ann.arbor@else.example", 0},
	{"Иван Петров", "ivan@else.example", 0},
	{"山田 Taro", "taro@else.example", 0},
	{"Παπαδόπουλος", "p@else.example", 0},
	{"Anna Müller", "anna@else.example", 0},
	{"", "", 0},
	/* one of ours, in From */
	{"Ann Archer", "ann@shop.example", UNPROVED},
	{"Whoever", "SUPPORT@Shop.example", UNPROVED},
	/* names */
	{"Ann Archer", "ann@else.example", NAME},
	{"ANN  ARCHER.", "ann@else.example", NAME},
	{"Anп Archer", "ann@else.example", NAME | MIXED},
	{"Апп Аrсһеr", "ann@else.example", NAME | MIXED},
	{"Αnn Archer", "ann@else.example", NAME | MIXED},
	{"Ann Archer", "a@else.example", NAME},
	{"A\xcc\x81nn Archer", "a@else.example", NAME},
	{"Ann\xe2\x80\x8b Archer", "a@else.example", NAME},
	{"Tea & Tin", "a@else.example", NAME},
	{"Tea \xe2\x80\x93 Tin", "a@else.example", NAME},
	{"support@shop.example", "a@else.example", NAME},
	{"Tea (SUPPORT@SHOP.EXAMPLE)", "a@else.example", NAME},
	/* addresses */
	{"", "ann@shop.examp1e", ADDRESS},
	{"", "ann@sh0p.example", ADDRESS},
	{"", "bob@shop.exarnple", ADDRESS},
	{"", "erika@shоp.example", ADDRESS | MIXED},
	{"", "erika@xn--shp-ted.example", ADDRESS | MIXED},
	{"", "ann@shopp.example", ADDRESS},
	{"", "ann@shop.exmple", ADDRESS},
	{"", "аnn@shop.example", ADDRESS | MIXED},
	{"", "x@shop.example.evil.example", 0},
	/* An agent with an address elsewhere: the neighbours of that house are many. */
	{"", "somebody@postbax.example", 0},
	{"", "caro1@postbox.example", ADDRESS},
	{"", "ann@chop.example", ADDRESS},
	{"", "x@xn--.example", 0},
	{"", "x@xn--99999999999999.example", 0},
};

static void lookalikes(void **state)
{
	static const struct lookalike_known known[] = {
		{{"Ann Archer", 10}, {"ann@shop.example", 16}, true},
		{{"bob", 3}, {"bob@shop.example", 16}, true},
		{{"Tea & Tin", 9}, {"support@shop.example", 20}, true},
		{{"Carol Cook", 10}, {"carol@postbox.example", 21}, false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(lookalike_rows); i++) {
		struct mail_address sender = {.name = slice_str(lookalike_rows[i].name),
					      .addr = slice_str(lookalike_rows[i].address)};
		struct lookalike got;
		lookalike_judge(&sender, known, ROWS(known), &got);
		if (got.flags != lookalike_rows[i].flags)
			fail_msg("\"%s\" <%s>: %u, not %u (%.*s)", lookalike_rows[i].name,
				 lookalike_rows[i].address, got.flags, lookalike_rows[i].flags,
				 SLICE_ARG(got.of ? got.of->address : SLICE("nobody")));
		assert_int_equal(got.of != NULL, (got.flags & (NAME | ADDRESS | UNPROVED)) != 0);
	}
}

static void hostile_names(void **state)
{
	struct buf name;
	(void)state;
	buf_init(&name, 1 << 20);
	while (name.len < 60000)
		buf_puts(&name, "xn--a-\xef\xb7\xba@.");
	struct mail_address sender = {.name = buf_slice(&name), .addr = buf_slice(&name)};
	const struct lookalike_known known = {SLICE("Ann Archer"), SLICE("ann@shop.example"), true};
	struct lookalike got;
	lookalike_judge(&sender, &known, 1, &got);
	assert_int_equal(got.flags & (NAME | ADDRESS | UNPROVED), 0);
	buf_release(&name);
}

int run_subject_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_subjects),    cmocka_unit_test(same_subjects),
		cmocka_unit_test(hostile_subjects), cmocka_unit_test(tags_of_subjects),
		cmocka_unit_test(lookalikes),	    cmocka_unit_test(hostile_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
