/* SPDX-License-Identifier: ISC */
#include "test_mail.h"

#define OLD "\n> old text\n> more\n"

/* By language, as the large clients write them. */
static const char *const attributions[] = {
	/* English */
	"On Mon, Feb 1, 2016 at 6:32 PM, Jeff <info@example.org> wrote:",
	"On Mon, Feb 1, 2016 at 6:32 PM, Jeff\n<info@example.org> wrote:",
	"On Mon, Feb 1, 2016 at 6:32 PM, Jeff\n<info@example.org>\nwrote:",
	"On 3/5/19 3:20 PM, Jeff wrote:",
	"On Nov 30, 2011, at 12:47 PM, Somebody <\nlong-address@example.com> wrote:",
	"At 6/16/2016 08:32 PM, you wrote:",
	"Jeff <info@example.org> wrote on 3 May 2021:",
	"Jeff (info@example.org) wrote:",
	"Jeff <info@example.org> wrote",
	"In message <1@example.org> Jeff <info@example.org> writes:",
	"---- On Tue, 22 Dec 2015 14:17:36 +0530 Sam wrote ----",
	"Posted by mpalmer on 01/21/2016",
	"2016-10-24 15:36 GMT+02:00 Foo bar <info@example.org>:",
	">>>>> \"Ann\" == Ann <ann@example.org> writes:",
	/* German */
	"Am 03.02.2016 3:35 nachm. schrieb Max <max@example.org>:",
	"Am Di., 5. März 2019 um 15:20 Uhr schrieb Max <\nmax@example.org>:",
	"Max <max@example.org> schrieb am Fr., 28. Apr. 2017 um 11:53 Uhr:",
	"Am 05.03.19 um 15:20 schrieb Max Muster:",
	/* French */
	"Le 4 janv. 2016 19:03, \"Neil\" <info@example.org> a écrit :",
	"Le mar. 5 mars 2019 à 15:20, Neil <info@example.org> a\nécrit :",
	"Le 05/03/2019 à 15:20, Neil a écrit :",
	/* Dutch */
	"Op 16 aug. 2014 05:13 schreef \"cod\" <info@example.org> het volgende geschreven:",
	"Op di 5 mrt. 2019 om 15:20 schreef Piet <piet@example.org>:",
	"Op 5 mrt. 2019, om 15:20 heeft Piet <piet@example.org> het volgende\ngeschreven:",
	/* Spanish, Catalan */
	"El jueves, 21 de noviembre de 2013, codi escribió:",
	"El mar, 5 mar 2019 a las 15:20, Ana (<ana@example.org>) escribió:",
	"Missatge de Ana <ana@example.org> del dia dt., 5 de març 2019 a les\n15:20:",
	/* Italian */
	"Il giorno 4 gen 2016, alle ore 19:03, Neil <info@example.org> ha scritto:",
	"Il giorno mar 5 mar 2019 alle ore 15:20 Neil <info@example.org> ha\nscritto:",
	/* Portuguese */
	"Em seg, 27 de jul de 2015 17:13, Neil <info@example.org> escreveu:",
	"Neil <info@example.org> escreveu no dia terça, 5/03/2019 à(s) 15:20:",
	"No dia 5/03/2019, às 15:20, Neil escreveu:",
	/* Polish */
	"W dniu 2017-01-09 11:59:39 użytkownik X <q@example.org> napisał:",
	"wt., 5 mar 2019 o 15:20 Anna <q@example.org> napisał(a):",
	"W dniu 05.03.2019 o 15:20, Anna pisze:",
	"Wiadomość napisana przez Anna <q@example.org> w dniu 5 mar 2019, o godz. 15:20:",
	/* Swedish, Danish, Norwegian, Finnish */
	"Den tis 5 mars 2019 kl 15:20 skrev Sven <s@example.org>:",
	"Den 14 september, 2015 02:23:18, Rudy (rudy@example.org) skrev:",
	"Den 15. jun. 2016 kl. 20.42 skrev Jeff <info@example.org>:",
	"tir. 5. mar. 2019 kl. 15:20 skrev Ola <o@example.org>:",
	"På 14 september 2015 på 02:23:18, Rudy (rudy@example.org) skrev:",
	"ti 5. maalisk. 2019 klo 15.20 Aino (a@example.org) kirjoitti:",
	"Aino <a@example.org> kirjoitti 5.3.2019 kello 15.20:",
	/* Czech, Slovak, Slovene, Croatian */
	"út 5. 3. 2019 v 15:20 odesílatel Jan <j@example.org> napsal:",
	"Dne 05. 03. 19 v 15:20 Jan napsal(a):",
	"ut 5. 3. 2019 o 15:20 Jan <j@example.org> napísal(a):",
	"V V tor., 5. mar. 2019 ob 15:20 je oseba Ana <a@example.org> napisala:",
	"uto, 5. ožu 2019. u 15:20 Ana <a@example.org> napisao je:",
	/* Russian, Ukrainian, Bulgarian */
	"20 окт. 2016 г. 19:37 пользователь X <m@example.org> написал:",
	"вт, 5 мар. 2019 г. в 15:20, X <m@example.org>:",
	"Thu, 26 Jun 2014 14:00:51 +0400 от X <m@example.org>:",
	"26.06.2014, 14:41, \"X\" <m@example.org>:",
	"5 марта 2019 г., в 15:20, X <m@example.org> написал(а):",
	"29 грудня 2017 р. о 19:09 <m@example.org> написав:",
	"вт, 5 бер. 2019 р. о 15:20 X <m@example.org> пише:",
	"На вт, 5.03.2019 г. в 15:20 X <m@example.org> написа:",
	/* Turkish, Hungarian, Romanian, Greek */
	"Ali <ali@example.org>, 5 Mar 2019 Sal, 15:20 tarihinde şunu yazdı:",
	"Ali <ali@example.org> şunları yazdı (5 Mar 2019 15:20):",
	"Eszter <e@example.org> ezt írta (időpont: 2019. márc. 5., K, 15:20):",
	"2013.02.08. 7:31 keltezéssel, \"Eszter\" írta:",
	"Pe mar., 5 mar. 2019 la 15:20, Ion <ion@example.org> a scris:",
	"Στις Τρί, 5 Μαρ 2019 στις 3:20 μ.μ., ο χρήστης Ann <a@example.org> έγραψε:",
	/* Chinese, Japanese, Korean */
	"在 2016年12月12日，下午8:45，Erlend <meta@example.org> 写道：",
	"Ann <a@example.org> 于2019年3月5日周二 下午3:20写道：",
	"王小明 <a@example.org> 於 2019年3月5日 週二 下午3:20寫道：",
	"2019年3月5日(火) 15:20 山田 <a@example.org>:",
	"2016/11/08 14:26、山田 <a@example.org> のメッセージ:",
	"2016. 11. 8. 오후 12:39 홍길동 <a@example.org> 작성:",
	"2019년 3월 5일 (화) 오후 3:20, 홍길동 <a@example.org>님이 작성:",
	/* Vietnamese, Indonesian, Thai, Hebrew, Arabic */
	"Vào Th 3, 5 thg 3, 2019 vào lúc 15:20 Ann <a@example.org> đã viết:",
	"Pada tanggal Sel, 5 Mar 2019 pukul 15.20 Ann <a@example.org> menulis:",
	"ในวันที่ อ. 5 มี.ค. 2019 เวลา 15:20 Ann <a@example.org> เขียนว่า:",
	"\u202bבתאריך יום ג׳, 5 במרץ 2019 ב-15:20 מאת \u202aAnn\u202c "
	"<\u202aa@example.org\u202c>:\u202c",
	"في الثلاثاء، 5 مارس 2019 في 3:20 م تمت كتابة ما يلي بواسطة Ann <a@example.org>:",
};

/* Above the copy of a mail: header blocks, separators. */
static const char *const copies[] = {
	"From: Ann <a@x.example>\nSent: Monday, May 3, 2021 3:20 PM\nTo: Bob\nSubject: RE: x",
	"*From:* Ann [mailto:\n  a@x.example]\n*Sent:* Monday\n*To:* Bob\n*Subject:* x",
	"Von: Ann <a@x.example>\nGesendet: Montag, 3. Mai 2021 15:20\nAn: Bob\nBetreff: AW: x",
	"De : Ann <a@x.example>\nEnvoyé : lundi 3 mai 2021 15:20\nÀ : Bob\nObjet : RE: x",
	"De\u00a0: Ann\nEnvoyé le :lundi 3 mai 2021\nÀ\u00a0: Bob\nObjet\u00a0: x",
	"Van: Ann <a@x.example>\nVerzonden: maandag 3 mei 2021 15:20\nAan: Bob\nOnderwerp: RE: x",
	"De: Ann <a@x.example>\nEnviado: lunes, 3 de mayo de 2021 15:20\nPara: Bob\nAsunto: RE: x",
	"Da: Ann <a@x.example>\nInviato: lunedì 3 maggio 2021 15:20\nA: Bob\nOggetto: R: x",
	"De: Ann <a@x.example>\nEnviada em: segunda-feira, 3 de maio\nPara: Bob\nAssunto: RES: x",
	"Od: Ann <a@x.example>\nWysłano: poniedziałek, 3 maja 2021\nDo: Bob\nTemat: ODP: x",
	"Från: Ann <a@x.example>\nSkickat: den 3 maj 2021 15:20\nTill: Bob\nÄmne: SV: x",
	"Fra: Ann <a@x.example>\nSendt: 3. maj 2021 15:20\nTil: Bob\nEmne: SV: x",
	"Lähettäjä: Ann <a@x.example>\nLähetetty: maanantai 3. toukokuuta\nVastaanottaja: "
	"Bob\nAihe: VS: x",
	"Od: Ann <a@x.example>\nOdesláno: pondělí 3. května 2021\nKomu: Bob\nPředmět: RE: x",
	"От: Ann <a@x.example>\nОтправлено: 3 мая 2021 г. 15:20\nКому: Bob\nТема: RE: x",
	"Від: Ann <a@x.example>\nНадіслано: 3 травня 2021 р.\nКому: Bob\nТема: RE: x",
	"Kimden: Ann <a@x.example>\nGönderildi: 3 Mayıs 2021 Pazartesi\nKime: Bob\nKonu: YNT: x",
	"Feladó: Ann <a@x.example>\nElküldve: 2021. május 3., hétfő\nCímzett: Bob\nTárgy: RE: x",
	"De la: Ann <a@x.example>\nTrimis: luni, 3 mai 2021 15:20\nCătre: Bob\nSubiect: RE: x",
	"Από: Ann <a@x.example>\nΣτάλθηκε: Δευτέρα, 3 Μαΐου 2021\nΠρος: Bob\nΘέμα: RE: x",
	"发件人: Ann <a@x.example>\n发送时间: 2021年5月3日 15:20\n收件人: Bob\n主题: 回复: x",
	"寄件者: Ann <a@x.example>\n寄件日期: 2021年5月3日\n收件者: Bob\n主旨: RE: x",
	"差出人: Ann <a@x.example>\n送信日時: 2021年5月3日 15:20\n宛先: Bob\n件名: RE: x",
	"보낸 사람: Ann <a@x.example>\n보낸 날짜: 2021년 5월 3일\n받는 사람: Bob\n제목: RE: x",
	"From: a@x.example\nDate: Mon, 3 May 2021 15:20:00 +0000",
	"________________________________\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: x",
	"-----Original Message-----\nFrom: Ann",
	"----- Original Message -----",
	"*----- Original Message -----*",
	"-------- Original-Nachricht --------",
	"-----Ursprüngliche Nachricht-----\nVon: Ann",
	"-----Message d'origine-----\nDe : Ann",
	"-----Oorspronkelijk bericht-----\nVan: Ann",
	"-----Mensaje original-----\nDe: Ann",
	"-----Messaggio originale-----\nDa: Ann",
	"-----Mensagem original-----\nDe: Ann",
	"-----Wiadomość oryginalna-----\nOd: Ann",
	"-----Ursprungligt meddelande-----\nFrån: Ann",
	"-----Oprindelig meddelelse-----\nFra: Ann",
	"-----Opprinnelig melding-----\nFra: Ann",
	"-----Alkuperäinen viesti-----\nLähettäjä: Ann",
	"-----Původní zpráva-----\nOd: Ann",
	"-------- Исходное сообщение --------",
	"-----Orijinal Mesaj-----",
	"-----Eredeti üzenet-----",
	"------------------ 原始邮件 ------------------",
	"-----元のメッセージ-----",
	"##- Please type your reply above this line -##",
	"--- Bitte antworten Sie oberhalb dieser Linie ---",
};

/* Where what follows was passed on. */
static const char *const forwards[] = {
	"---------- Forwarded message ---------",
	"-------- Forwarded Message --------",
	"Begin forwarded message:",
	"Anfang der weitergeleiteten Nachricht:",
	"-------- Weitergeleitete Nachricht --------",
	"Début du message transféré :",
	"---------- Message transféré ---------",
	"Begin doorgestuurd bericht:",
	"---------- Doorgestuurd bericht ---------",
	"Inicio del mensaje reenviado:",
	"---------- Mensaje reenviado ---------",
	"Inizio messaggio inoltrato:",
	"---------- Mensagem encaminhada ---------",
	"---------- Wiadomość przekazana dalej ---------",
	"---------- Vidarebefordrat meddelande ---------",
	"---------- Videresendt besked ---------",
	"---------- Přeposlaná zpráva ---------",
	"-------- Пересылаемое сообщение --------",
	"---------- 转发的邮件 ---------",
	"---------- 전달된 메시지 ---------",
	"----- Forwarded by Ann/Shop on 05/03/2021 03:20 PM -----",
};

static const char *const devices[] = {
	"Sent from my iPhone",
	"Sent from my Samsung Galaxy smartphone.",
	"Sent from Yahoo Mail on Android",
	"Sent from Outlook for iOS<https://aka.ms/o0ukef>",
	"Get Outlook for Android<https://aka.ms/x>",
	"Sent from my BlackBerry 10 smartphone.",
	"Sent via the Samsung Galaxy S7",
	"(sent from a phone)",
	"Von meinem iPhone gesendet",
	"Gesendet mit der Telekom Mail App",
	"Von meinem/meiner Galaxy gesendet",
	"Envoyé de mon iPhone",
	"Envoyé depuis mon mobile",
	"Envoyé à partir d’Outlook pour iOS",
	"Verstuurd vanaf mijn iPhone",
	"Verzonden met BlackBerry Work",
	"Enviado desde mi iPhone",
	"Enviado do meu iPhone",
	"Inviato da iPhone",
	"Wysłane z iPhone'a",
	"Skickat från min iPhone",
	"Sendt fra min iPhone",
	"Lähetetty iPhonesta",
	"Odesláno z iPhonu",
	"Отправлено с iPhone",
	"Надіслано з iPhone",
	"iPhone'umdan gönderildi",
	"Trimis de pe iPhone",
	"Στάλθηκε από το iPhone μου",
	"发自我的iPhone",
	"從我的 iPhone 傳送",
	"iPhoneから送信",
	"나의 iPhone에서 보냄",
	"\u202aSent from my iPad\u202c",
};

static void expect_fresh(const char *where, const char *text, const char *fresh)
{
	struct arena *a = arena_open();
	struct mail_trimmed t;
	mail_trim(a, slice_str(text), &t);
	expect_text(where, t.fresh, fresh);
	arena_close(&a);
}

#define N(table) (sizeof(table) / sizeof(*(table)))

/* With a quotation below and without, quoted itself, and below the quotation of another. */
void test_trim_attributions(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	for (size_t i = 0; i < N(attributions); i++) {
		const char *line = attributions[i];
		expect_fresh(line, arena_printf(a, "new\n\n%s" OLD, line), "new");
		expect_fresh(line, arena_printf(a, "new\n\n%s\n\nunquoted\n", line), "new");
		expect_fresh(line, arena_printf(a, "%s" OLD "\nbelow\n", line), "below");
		expect_fresh(line, arena_printf(a, "%s" OLD "yes\n> b\nno\n", line), "yes\nno");
	}
	arena_close(&a);
}

void test_trim_copies(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	for (size_t i = 0; i < N(copies); i++)
		expect_fresh(copies[i], arena_printf(a, "new\n\n%s\n\nold\n", copies[i]), "new");
	for (size_t i = 0; i < N(forwards); i++) {
		struct mail_trimmed t;
		mail_trim(a, slice_str(arena_printf(a, "new\n\n%s\nFrom: b\n\nold\n", forwards[i])),
			  &t);
		expect_text(forwards[i], t.fresh, "new");
		expect_text(forwards[i], t.forwarded,
			    arena_printf(a, "%s\nFrom: b\n\nold", forwards[i]));
	}
	arena_close(&a);
}

void test_trim_devices(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	for (size_t i = 0; i < N(devices); i++) {
		struct mail_trimmed t;
		mail_trim(a, slice_str(arena_printf(a, "new\n\n%s\n", devices[i])), &t);
		expect_text(devices[i], t.fresh, "new");
		expect_text(devices[i], t.signature, devices[i]);
		/* Between the text and what it answers. */
		expect_fresh(
			devices[i],
			arena_printf(a,
				     "new\n%s\n\nOn 3 May 2021 10:00, A <a@b.example> wrote:" OLD,
				     devices[i]),
			"new");
	}
	arena_close(&a);
}

/* The end of a long text is judged like its beginning. */
void test_trim_long(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	struct buf text;
	struct mail_trimmed t;
	buf_init(&text, 8u << 20);
	for (size_t i = 0; i < 100000; i++)
		buf_puts(&text, "a line of text\n");
	size_t own = text.len;
	buf_puts(&text, "\nOn 3 May 2021 10:00, A <a@b.example> wrote:\n");
	for (size_t i = 0; i < 100000; i++)
		buf_puts(&text, "> quoted\n");
	mail_trim(a, buf_slice(&text), &t);
	assert_int_equal(t.n_pieces, 2);
	assert_int_equal(t.fresh.len, own - 1);
	buf_clear(&text);
	for (size_t i = 0; i < 300000; i++)
		buf_puts(&text, "x\n> y\n");
	mail_trim(a, buf_slice(&text), &t);
	assert_true(t.n_pieces <= 100000);
	assert_ptr_equal(t.pieces[t.n_pieces - 1].text.ptr + t.pieces[t.n_pieces - 1].text.len,
			 text.ptr + text.len);
	buf_release(&text);
	arena_close(&a);
}

void test_trim_rows(void **state)
{
	(void)state;
	static const struct {
		const char *text, *fresh, *quoted, *signature, *forwarded;
	} rows[] = {
		{"only text\n", "only text", "", "", ""},
		{"", "", "", "", ""},
		{"new\n\n-- \nAnn\n", "new", "", "-- \nAnn", ""},
		{"new\n\nSent from my iPhone\n", "new", "", "Sent from my iPhone", ""},
		{"Sent from my desk, it is much easier than from my telephone.\n",
		 "Sent from my desk, it is much easier than from my telephone.", "", "", ""},
		{"> a\nanswer\n> b\nmore\n", "answer\nmore", "> a\n> b", "", ""},
		{"new\n\n-----Original Message-----\nFrom: a\nold\n", "new",
		 "-----Original Message-----\nFrom: a\nold", "", ""},
		{"new\n________________________________\nFrom: a\nSent: b\nTo: c\nSubject: "
		 "d\n\nold\n",
		 "new",
		 "________________________________\nFrom: a\nSent: b\nTo: c\nSubject: d\n\nold", "",
		 ""},
		{"new\n\n---------- Forwarded message ---------\nFrom: a\n\nold\n", "new", "", "",
		 "---------- Forwarded message ---------\nFrom: a\n\nold"},
		/* Nothing of one's own above: it was passed on. */
		{"From: a\nDate: b\nTo: c\nSubject: d\n\nold\n", "", "", "",
		 "From: a\nDate: b\nTo: c\nSubject: d\n\nold"},
		{"On 8 May 2017 17:34, \"Andy\" <a@b.example> wrote:\n> q\n\nanswer below\n",
		 "answer below", "On 8 May 2017 17:34, \"Andy\" <a@b.example> wrote:\n> q", "", ""},
		{"new\n\nOn Nov 26, 2013 you wrote:\n\nunquoted\n", "new",
		 "On Nov 26, 2013 you wrote:\n\nunquoted", "", ""},
		{"new\n\nOn Mon, 1 Feb 2016 at 10:00, Ann\n<ann@example.org>\nwrote:\n> q\n", "new",
		 "On Mon, 1 Feb 2016 at 10:00, Ann\n<ann@example.org>\nwrote:\n> q", "", ""},
		/* Not attributions. */
		{"On Monday I wrote to you:\nplease answer\n",
		 "On Monday I wrote to you:\nplease answer", "", "", ""},
		{"Am 3.2. schrieb ich Ihnen:\nbitte\n", "Am 3.2. schrieb ich Ihnen:\nbitte", "", "",
		 ""},
		{"Date: tomorrow\nis fine\n", "Date: tomorrow\nis fine", "", "", ""},
		{"new\n\n==\nAnn\n", "new", "", "==\nAnn", ""},
		{"I sent it.\nSent via UPS, on Monday.\nWhere is it?\n",
		 "I sent it.\nSent via UPS, on Monday.\nWhere is it?", "", "", ""},
		{"From: Berlin\nTo: Paris\nplease\n", "From: Berlin\nTo: Paris\nplease", "", "",
		 ""},
		{"On Thursday:\n\nwe met\n", "On Thursday:\n\nwe met", "", "", ""},
		{"See https://x.example/a>b\n", "See https://x.example/a>b", "", "", ""},
		{"a -- b\n- one\n- two\n", "a -- b\n- one\n- two", "", "", ""},
		{"Please sign above this line\nand below\n",
		 "Please sign above this line\nand below", "", "", ""},
		/* Other marks of quotation */
		{"JD> quoted\nJD> more\nanswer\n", "answer", "JD> quoted\nJD> more", "", ""},
		{"Ann wrote:\n> q\nanswer\n", "answer", "Ann wrote:\n> q", "", ""},
		{">>>>\nquoted\nmore\n<<<<\nanswer\n", "answer", ">>>>\nquoted\nmore\n<<<<", "",
		 ""},
		/* OpenPGP */
		{"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nnew\n"
		 "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n",
		 "new", "",
		 "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
		 "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----",
		 ""},
		/* A fence that nothing closes opens nothing. */
		{"a\n```\n> q\n", "a\n```", "> q", "", ""},
		{"```\n-- \n> code\n```\nend\n", "```\n-- \n> code\n```\nend", "", "", ""},
		{"#release O10042\n\n#note T1 \"x\"\n\nDear Ann\n",
		 "#release O10042\n\n#note T1 \"x\"\n\nDear Ann", "", "", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena *a = arena_open();
		struct mail_trimmed t;
		mail_trim(a, slice_str(rows[i].text), &t);
		expect_text(rows[i].text, t.fresh, rows[i].fresh);
		expect_text(rows[i].text, t.quoted, rows[i].quoted);
		expect_text(rows[i].text, t.signature, rows[i].signature);
		expect_text(rows[i].text, t.forwarded, rows[i].forwarded);
		arena_close(&a);
	}
}

/* What is cut is kept: the pieces are the text. */
void test_trim_pieces(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	struct slice text = SLICE("\n\nnew\n> q\n\ninline\nSent from my iPhone\n\n-- \nAnn\n\n"
				  "On 1 May 2017 10:00, B <b@c.example> wrote:\n> x\n");
	static const enum mail_piece_kind kinds[] = {
		MAIL_PIECE_FRESH,     MAIL_PIECE_QUOTED, MAIL_PIECE_FRESH,
		MAIL_PIECE_SIGNATURE, MAIL_PIECE_QUOTED,
	};
	struct mail_trimmed t;
	mail_trim(a, text, &t);
	assert_int_equal(t.n_pieces, sizeof(kinds) / sizeof(*kinds));
	const char *at = text.ptr;
	for (size_t i = 0; i < t.n_pieces; i++) {
		assert_int_equal(t.pieces[i].kind, kinds[i]);
		assert_ptr_equal(t.pieces[i].text.ptr, at);
		at += t.pieces[i].text.len;
	}
	assert_ptr_equal(at, text.ptr + text.len);
	expect_text("fresh", t.fresh, "new\ninline");
	expect_text("answer", t.answer, "new\n> q\n\ninline");
	arena_close(&a);
}

/* What is read as the answer, and what is left out of it. */
void test_trim_answers(void **state)
{
	(void)state;
#define WROTE "On 3 May 2021 10:00, A <a@b.example> wrote:\n"
	static const struct {
		const char *text, *answer, *elided;
	} rows[] = {
		{"one\ntwo\n\n" WROTE "> q\n\nfooter\n", "one\ntwo", WROTE "> q\n\nfooter"},
		/* A greeting is no answer, and seven lines are no footer. */
		{"Dear A,\n\n" WROTE "> q\n\nyes\n", "Dear A,\n\n> q\n\nyes",
		 "On 3 May 2021 10:00, A <a@b.example> wrote:"},
		{"one\ntwo\n" WROTE "> q\n1\n2\n3\n4\n5\n6\n7\n",
		 "one\ntwo\n> q\n1\n2\n3\n4\n5\n6\n7",
		 "On 3 May 2021 10:00, A <a@b.example> wrote:"},
		{"one\ntwo\n" WROTE "> q\nyes\n> r\nno\n", "one\ntwo\n> q\nyes\n> r\nno",
		 "On 3 May 2021 10:00, A <a@b.example> wrote:"},
		/* Answers between the lines keep the first of them, too. */
		{WROTE "> q\nyes\n> r\nno\n", "> q\nyes\n> r\nno",
		 "On 3 May 2021 10:00, A <a@b.example> wrote:"},
		{WROTE "> q\nyes\n", "yes", WROTE "> q"},
		{"From: a\nDate: b\nTo: c\nSubject: d\n\nold\n", "old",
		 "From: a\nDate: b\nTo: c\nSubject: d"},
	};
	for (size_t i = 0; i < N(rows); i++) {
		struct arena *a = arena_open();
		struct mail_trimmed t;
		mail_trim(a, slice_str(rows[i].text), &t);
		expect_text(rows[i].text, t.answer, rows[i].answer);
		expect_text(rows[i].text, t.elided, rows[i].elided);
		arena_close(&a);
	}
#undef WROTE
}

/* Behind so many lines nothing is judged, and nothing lost (P9). */
void test_trim_many_lines(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	struct buf text;
	struct mail_trimmed t;
	buf_init(&text, 8u << 20);
	for (size_t i = 0; i < 1u << 20; i++)
		buf_puts(&text, "a\n");
	buf_puts(&text, "\n> q\n");
	mail_trim(a, buf_slice(&text), &t);
	assert_int_equal(t.n_pieces, 1);
	assert_int_equal(t.fresh.len, text.len - 1);
	buf_release(&text);
	arena_close(&a);
}
