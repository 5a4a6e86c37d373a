/* SPDX-License-Identifier: ISC */
#include "trim_line.h"

#define NO_BREAK_SPACE "\xc2\xa0"
#define DEVICE_WORDS_MAX 7
#define HEADER_LINE_MAX 1000

/* "-----Original Message-----", dashes, stars and colon left out. */
static const char *const originals[] = {
	"original message",
	"original appointment",
	"message d'origine",
	"message original",
	"ursprüngliche nachricht",
	"originalnachricht",
	"original nachricht",
	"oorspronkelijk bericht",
	"oorspronkelijk bericht",
	"mensaje original",
	"messaggio originale",
	"mensagem original",
	"wiadomość oryginalna",
	"oryginalna wiadomość",
	"ursprungligt meddelande",
	"originalmeddelande",
	"oprindelig meddelelse",
	"opprinnelig melding",
	"alkuperäinen viesti",
	"исходное сообщение",
	"Исходное сообщение",
	"Оригинальное сообщение",
	"оригинальное сообщение",
	"原始邮件",
	"原始郵件",
	"元のメッセージ",
	"원본 메일",
	"reply message",
	"původní zpráva",
	"original e-mail",
	"original email",
	"message initial",
	"den ursprungliga meddelandet",
};

static const char *const forwards[] = {
	"forwarded message",
	"begin forwarded message",
	"weitergeleitete nachricht",
	"anfang der weitergeleiteten nachricht",
	"message transféré",
	"message transfere",
	"début du message réexpédié",
	"début du message transféré",
	"doorgestuurd bericht",
	"begin doorgestuurd bericht",
	"mensaje reenviado",
	"inicio del mensaje reenviado",
	"messaggio inoltrato",
	"inizio messaggio inoltrato",
	"mensagem encaminhada",
	"início da mensagem reencaminhada",
	"wiadomość przekazana",
	"przekazana wiadomość",
	"vidarebefordrat meddelande",
	"videresendt besked",
	"videresendt melding",
	"edelleenlähetetty viesti",
	"пересылаемое сообщение",
	"Пересылаемое сообщение",
	"转发的邮件",
	"轉寄的郵件",
	"転送メッセージ",
	"forwarded by",
};

static const char *const header_names[] = {
	/* en */ "From",
	"Sent",
	"To",
	"Cc",
	"Bcc",
	"Subject",
	"Date",
	"Reply-To",
	"Reply To",
	"Importance",
	"Sent by",
	"Organization",
	/* de */ "Von",
	"Gesendet",
	"An",
	"Betreff",
	"Datum",
	"Kopie",
	"Antwort an",
	/* fr */ "De",
	"Envoyé",
	"À",
	"A",
	"Objet",
	"Répondre à",
	"Envoyé le",
	/* nl */ "Van",
	"Verzonden",
	"Aan",
	"Onderwerp",
	"Verstuurd",
	"Antwoord aan",
	/* es */ "Enviado",
	"Para",
	"Asunto",
	"Fecha",
	"Enviado el",
	"Responder a",
	/* it */ "Da",
	"Inviato",
	"Oggetto",
	"Data",
	"Risposta",
	"Rispondi a",
	/* pt */ "Enviada",
	"Enviada em",
	"Enviado em",
	"Assunto",
	/* pl */ "Od",
	"Wysłano",
	"Do",
	"DW",
	"Temat",
	"Wysłane",
	"Data wysłania",
	/* sv */ "Från",
	"Skickat",
	"Till",
	"Kopia",
	"Ämne",
	"Till",
	/* da no */ "Fra",
	"Sendt",
	"Til",
	"Emne",
	"Dato",
	/* fi */ "Lähettäjä",
	"Lähetetty",
	"Vastaanottaja",
	"Kopio",
	"Aihe",
	"Päivämäärä",
	/* ru uk */ "От",
	"Отправлено",
	"Кому",
	"Копия",
	"Тема",
	"Дата",
	"Від",
	"Дата",
	/* cs */ "Komu",
	"Odesláno",
	"Předmět",
	/* ja */ "差出人",
	"送信日時",
	"宛先",
	"件名",
	"日時",
	/* zh */ "发件人",
	"发送时间",
	"收件人",
	"主题",
	"抄送",
	"日期",
	"寄件者",
	"寄件日期",
	"收件者",
	"主旨",
	"寄件人",
	/* ko */ "보낸 사람",
	"보낸 날짜",
	"받는 사람",
	"제목",
	"참조",
};

/* How a device or a program signs. */
static const char *const devices[] = {
	"sent from ",
	"sent from\xc2\xa0",
	"sent via ",
	"sent with ",
	"sent by galaxy",
	"sent on the go",
	"from my iphone",
	"from my android",
	"get outlook for ",
	"get [outlook ",
	"envoyé depuis ",
	"envoyé de mon ",
	"envoyé à partir de ",
	"envoyé avec ",
	"von meinem ",
	"von unterwegs",
	"gesendet von ",
	"gesendet mit ",
	"gesendet aus ",
	"diese nachricht wurde von meinem",
	"enviado desde ",
	"enviado do meu ",
	"enviado de ",
	"enviado a través",
	"enviado via ",
	"inviato da",
	"inviata da",
	"verzonden met ",
	"verzonden vanaf ",
	"verstuurd vanaf ",
	"verstuurd met ",
	"wysłane z ",
	"wysłano z ",
	"skickat från ",
	"sendt fra ",
	"lähetetty ",
	"отправлено с ",
	"надіслано ",
	"從我的 ",
	"发自我的",
	"來自我的",
	"寄自我的",
	"iphoneから送信",
	"나의 ",
	"odesláno z ",
	"obtener outlook",
	"obtenir outlook",
	"outlook für ",
	"holen sie sich outlook",
	"scarica outlook",
	"download outlook",
	"отправлено из ",
	"trimis de pe ",
	"downloaden outlook",
};

struct slice line_bare(struct slice line)
{
	line = slice_trim(line);
	for (;;) {
		if (slice_starts(line, SLICE(NO_BREAK_SPACE)))
			line = slice_sub(line, 2, line.len);
		else if (line.len && line.ptr[0] && strchr("> \t*_", line.ptr[0]))
			line = slice_sub(line, 1, line.len);
		else
			break;
	}
	while (line.len && strchr(" *", line.ptr[line.len - 1]))
		line.len--;
	return line;
}

struct slice line_strip(struct slice line, const char *set)
{
	while (line.len && line.ptr[0] && strchr(set, line.ptr[0]))
		line = slice_sub(line, 1, line.len);
	while (line.len && line.ptr[line.len - 1] && strchr(set, line.ptr[line.len - 1]))
		line.len--;
	return line;
}

static bool starts_any(struct slice s, const char *const *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_starts_nocase(s, slice_str(table[i])))
			return true;
	return false;
}

static bool equals_any(struct slice s, const char *const *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq_nocase(s, slice_str(table[i])))
			return true;
	return false;
}

bool trim_is_fence(struct slice line)
{
	return slice_starts(slice_trim(line), SLICE("```"));
}

bool line_is_blank(struct slice line)
{
	struct slice rest = slice_trim(line);
	/* No-break and zero-width characters that editors leave behind. */
	static const char *const blanks[] = {"\xc2\xa0", "\xe2\x80\x8b", "\xef\xbb\xbf",
					     "\xe2\x80\x8c"};
	for (size_t i = 0; rest.len && i < COUNT(blanks); i++) {
		if (slice_starts(rest, slice_str(blanks[i]))) {
			rest = slice_trim(slice_sub(rest, strlen(blanks[i]), rest.len));
			i = (size_t)-1;
		}
	}
	return rest.len == 0;
}

bool line_is_quote(struct slice line)
{
	struct slice rest = slice_trim(line);
	return slice_starts(rest, SLICE(">")) || slice_starts(rest, SLICE("＞")) ||
	       slice_starts(rest, SLICE("&gt;"));
}

static bool is_sign(struct slice line)
{
	struct slice rest = slice_trim(line);
	return slice_eq(rest, SLICE("--")) || slice_eq(rest, SLICE("—")) ||
	       slice_eq(rest, SLICE("__")) || slice_eq(rest, SLICE("–"));
}

static bool is_rule(struct slice line)
{
	struct slice rest = slice_trim(line);
	if (rest.len < 3)
		return false;
	for (size_t i = 0; i < rest.len; i++)
		if (!strchr("-_=*+~", rest.ptr[i]) || !rest.ptr[i])
			return false;
	return true;
}

static bool is_device(struct slice line)
{
	struct slice rest = line_strip(slice_trim(line), "(<[*_> ");
	if (rest.len > ATTRIBUTION_LINE_MAX)
		return false;
	if (slice_ends(rest, SLICE(" from mobile")) && rest.len < 40)
		return true;
	for (size_t i = 0; i < COUNT(devices); i++) {
		struct slice start = slice_str(devices[i]);
		if (!slice_starts_nocase(rest, start))
			continue;
		size_t words = 0;
		struct slice tail = slice_sub(rest, start.len, rest.len), word;
		if (slice_starts_nocase(tail, SLICE("my ")))
			tail = slice_sub(tail, 3, tail.len);
		while (slice_cut(&tail, ' ', &word))
			words += word.len > 0;
		return words <= DEVICE_WORDS_MAX;
	}
	return false;
}

static bool is_header(struct slice line)
{
	struct slice rest = line_bare(line);
	if (rest.len > HEADER_LINE_MAX)
		return false;
	ptrdiff_t colon = slice_chr(rest, ':');
	ptrdiff_t wide = slice_find(slice_sub(rest, 0, 40), SLICE("："));
	if (colon < 0 || (wide >= 0 && wide < colon))
		colon = wide;
	if (colon <= 0 || colon > 40)
		return false;
	struct slice name = line_strip(slice_sub(rest, 0, (size_t)colon), "* \t");
	if (slice_ends(name, SLICE(NO_BREAK_SPACE)))
		name.len -= 2;
	return equals_any(name, header_names, COUNT(header_names));
}

static bool is_marker(struct slice line, const char *const *table, size_t n)
{
	struct slice rest = slice_trim(line);
	if (rest.len < 6 || rest.len > 120)
		return false;
	bool dressed = strchr("-_*=", rest.ptr[0]) && strchr("-_*=:", rest.ptr[rest.len - 1]);
	struct slice words = line_strip(line_bare(rest), "-_*= \t:");
	/* "Forwarded by Ann on …" goes on behind the words, but only between dashes. */
	return equals_any(words, table, n) || (dressed && starts_any(words, table, n));
}

enum line_class trim_line_class(struct slice line)
{
	if (line_is_blank(line))
		return LINE_EMPTY;
	if (is_sign(line))
		return LINE_SIGN;
	if (is_device(line))
		return LINE_DEVICE;
	if (is_marker(line, originals, COUNT(originals)))
		return LINE_ORIGINAL;
	if (is_marker(line, forwards, COUNT(forwards)))
		return LINE_FORWARD;
	if (line_is_quote(line))
		return LINE_QUOTE;
	if (is_rule(line))
		return LINE_RULE;
	return is_header(line) ? LINE_HEADER : LINE_TEXT;
}
