/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <string.h>

#include "trim_line.h"

/* The words of mail clients, between bars. */
#define WORDS_MAX 512

/* Dashes, stars and colon left out. */
static const char originals[] =
	/* en */ "original message|original appointment|original e-mail|original email|"
		 "reply message|replied message|original mail|"
		 /* de */ "ursprüngliche nachricht|originalnachricht|original nachricht|"
		 "original-nachricht|antwort nachricht|ursprünglicher termin|originale nachricht|"
		 /* fr */ "message d'origine|message d’origine|message original|message initial|"
		 "mail original|courriel original|e-mail d'origine|"
		 /* nl */ "oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|"
		 /* es */ "mensaje original|mensaje inicial|correo original|missatge original|"
		 /* it */ "messaggio originale|messaggio originario|"
		 /* pt */ "mensagem original|mensagem de origem|e-mail original|"
		 /* pl */ "wiadomość oryginalna|oryginalna wiadomość|wiadomość pierwotna|"
		 "wiadomosc oryginalna|"
		 /* sv */ "ursprungligt meddelande|originalmeddelande|"
		 "den ursprungliga meddelandet|ursprungligt mail|"
		 /* da no */ "oprindelig meddelelse|oprindelig besked|opprinnelig melding|"
		 "original besked|original melding|opprinnelig beskjed|"
		 /* fi */ "alkuperäinen viesti|"
		 /* cs sk */ "původní zpráva|původní e-mail|pôvodná správa|originální zpráva|"
		 /* ru uk */ "исходное сообщение|Исходное сообщение|Оригинальное сообщение|"
		 "оригинальное сообщение|Первоначальное сообщение|Вихідне повідомлення|"
		 "Оригінальне повідомлення|"
		 /* tr */ "orijinal mesaj|orjinal mesaj|özgün ileti|asıl mesaj|"
		 /* hu ro el */ "eredeti üzenet|eredeti levél|mesaj original|mesajul original|"
		 "Αρχικό μήνυμα|Πρωτότυπο μήνυμα|αρχικό μήνυμα|"
		 /* hr sl bg */ "izvorna poruka|originalna poruka|izvirno sporočilo|"
		 "Оригинално съобщение|Първоначално съобщение|"
		 /* zh */ "原始邮件|原始郵件|原邮件|原郵件|原始信息|原始訊息|邮件原件|原始邮件信息|"
		 /* ja ko */ "元のメッセージ|オリジナルメッセージ|元メール|원본 메일|원본 "
		 "메시지|원본메일|Original Message|"
		 /* vi id th */ "thư gốc|tin nhắn gốc|pesan asli|ข้อความเดิม|"
		 /* he ar */ "הודעה מקורית|الرسالة الأصلية|رسالة أصلية|";

static const char forwards[] =
	/* en */ "forwarded message|begin forwarded message|forwarded by|forwarded mail|"
		 "fwd message|start of forwarded message|"
		 /* de */ "weitergeleitete nachricht|anfang der weitergeleiteten nachricht|"
		 "beginn der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|"
		 "weitergeleitete e-mail|weitergeleitet von|"
		 /* fr */ "message transféré|message transfere|début du message réexpédié|"
		 "début du message transféré|message réexpédié|courriel transféré|"
		 /* nl */ "doorgestuurd bericht|begin doorgestuurd bericht|doorgezonden bericht|"
		 /* es */ "mensaje reenviado|inicio del mensaje reenviado|missatge reenviat|"
		 /* it */ "messaggio inoltrato|inizio messaggio inoltrato|messaggio inoltrato da|"
		 /* pt */ "mensagem encaminhada|início da mensagem reencaminhada|"
		 "início da mensagem encaminhada|mensagem reencaminhada|"
		 /* pl */ "wiadomość przekazana|przekazana wiadomość|przesłana wiadomość|"
		 "początek przekazywanej wiadomości|treść przekazanej wiadomości|"
		 "wiadomość przekazana dalej|początek przekazanej wiadomości|"
		 /* sv */ "vidarebefordrat meddelande|vidarebefordrat brev|"
		 "börja vidarebefordrat meddelande|"
		 /* da no */ "videresendt besked|videresendt melding|videresendt meddelelse|"
		 "start på videresendt besked|start på videresendt melding|"
		 "start på videresendte meddelelse|videresendt e-post|"
		 "begynnelse på videresendt melding|"
		 /* fi */ "edelleenlähetetty viesti|välitetty viesti|välitetty viesti alkaa|"
		 /* cs sk */ "přeposlaná zpráva|začátek přeposílané zprávy|preposlaná správa|"
		 "předávaná zpráva|"
		 /* ru uk */ "пересылаемое сообщение|Пересылаемое сообщение|Пересланное сообщение|"
		 "Начало переадресованного сообщения|Пересланное письмо|Переслане повідомлення|"
		 "Переслане повідомлення від|Перенаправлено|Начало переадресованного письма|"
		 /* tr */ "yönlendirilmiş mesaj|iletilmiş mesaj|yönlendirilen ileti|"
		 "iletilen mesaj|yönlendirilen mesaj|iletilen ileti başlangıcı|"
		 /* hu ro el */ "továbbított üzenet|továbbított levél|továbbított üzenet kezdete|"
		 "mesaj redirecționat|mesaj redirectionat|începutul mesajului redirecționat|"
		 "mesaj transmis mai departe|Προωθημένο μήνυμα|προωθημένο μήνυμα|"
		 /* hr sl bg */ "proslijeđena poruka|posredovano sporočilo|Препратено съобщение|"
		 /* zh */ "转发的邮件|轉寄的郵件|转发邮件|轉寄郵件|转发邮件信息|開始轉寄郵件|"
		 "开始转发的邮件|以下是转发的邮件|已转发的邮件|轉寄信件|"
		 /* ja ko */ "転送メッセージ|転送されたメッセージ|전달된 메시지|전달된 메일|전달된 "
		 "편지|"
		 /* vi id th */ "thư đã chuyển tiếp|pesan terusan|ข้อความที่ส่งต่อ|"
		 /* he ar */ "הודעה שהועברה|رسالة مُعاد توجيهها|رسالة معاد توجيهها|";

static const char aboves[] =
	"reply above this line|reply above the line|type your reply above|"
	"write above this line|reply above this text|respond above this line|"
	"enter your reply above|reply only above|reply above here|insert reply above|"
	"your reply above this line|above this line to reply|answer above this line|"
	"add your reply above|reply between these lines|above this line to comment|"
	"oberhalb dieser linie|oberhalb dieser zeile|über dieser linie antworten|"
	"über diese linie schreiben|antwort über dieser zeile|über dieser linie|"
	"au-dessus de cette ligne|au dessus de cette ligne|boven deze regel|"
	"boven deze lijn|por encima de esta línea|por encima de esta linea|"
	"encima de esta línea|acima desta linha|acima dessa linha|sopra questa riga|"
	"sopra questa linea|powyżej tej linii|nad tą linią|ovanför denna rad|"
	"ovanför den här raden|over denne linje|over denne linjen|"
	"tämän rivin yläpuolelle|выше этой линии|над этой чертой|выше этой строки|"
	"над этой линией|nad tuto čáru|nad tento řádek|bu satırın üstüne|"
	"bu satırın üzerine|a vonal fölé|deasupra acestei linii|πάνω από αυτή τη γραμμή|"
	"この行より上|この線より上|在此行上方|在此线以上|이 줄 위에|";

static const char headers[] =
	/* en */ "from|sent|to|cc|bcc|subject|date|reply-to|reply to|importance|sent by|"
		 "organization|when|where|attachments|sent at|sent on|received|on behalf of|"
		 "priority|e-mail|message-id|newsgroups|"
		 /* de */ "von|gesendet|an|betreff|datum|kopie|antwort an|gesendet am|"
		 "gesendet von|wichtigkeit|priorität|anlagen|anhänge|blindkopie|gesendet um|"
		 "kopie an|verschickt|antwort|"
		 /* fr */ "de|envoyé|à|À|a|objet|répondre à|envoyé le|expéditeur|destinataire|"
		 "destinataires|sujet|message du|copie à|copie|envoyé par|envoyer|pièces jointes|"
		 "envoyé à|importance haute|Échange|date d'envoi|"
		 /* nl */ "van|verzonden|aan|onderwerp|verstuurd|antwoord aan|verzonden op|"
		 "beantwoorden - aan|kopie aan|bijlagen|urgentie|verzonden door|"
		 /* es ca */ "enviado|para|asunto|fecha|enviado el|responder a|enviado por|"
		 "remitente|destinatario|enviat|assumpte|per a|data d'enviament|importancia|"
		 "datos adjuntos|enviados|con copia|correo|"
		 /* it */ "da|inviato|oggetto|data|risposta|rispondi a|inviata|inviato il|"
		 "mittente|data invio|inviato da|per conto di|data:invio|priorità|"
		 /* pt */ "enviada|enviada em|enviado em|assunto|enviadas|em nome de|com cópia|"
		 "enviado a|anexos|prioridade|destinatário|"
		 /* pl */ "od|wysłano|do|dw|temat|wysłane|data wysłania|nadawca|adresat|"
		 "odpowiedz do|wysłany|załączniki|kopia|odbiorca|ważność|wysłana|"
		 /* sv */ "från|skickat|till|ämne|Ämne|svar till|prioritet|skickades|sänt|"
		 "skickat av|"
		 /* da no */ "fra|sendt|til|emne|dato|svar til|kopi|vedhæftet|vedlegg|"
		 "prioritering|sendt av|vigtighed|cc til|"
		 /* fi */ "lähettäjä|lähetetty|vastaanottaja|kopio|aihe|päivämäärä|päiväys|"
		 "vastaus|päivä|lähetyspäivä|vastaanottajat|"
		 /* ru uk bg */ "От|Отправлено|Кому|Копия|Тема|Дата|Від|Надіслано|Копія|от|кому|"
		 "тема|дата|копия|Дата отправки|От кого|Отправитель|Получатель|Получатели|от кого|"
		 "Изпратено|До|Относно|Послано|Время|Отправлен|Дата отправления|Кому:|Важность|"
		 /* cs sk */ "komu|odesláno|předmět|odoslané|predmet|kópia|kopie:|datum odeslání|"
		 "odeslaná|pre|dátum|dňa|odosielateľ|odesílatel|příjemce|odosláno|"
		 /* hu */ "feladó|elküldve|címzett|másolat|másolatot kap|tárgy|küldve|küldte|"
		 "dátum:|küldés ideje|küldési idő|másolatot kapja|címzettek|elküldött|"
		 /* ro */ "de la|trimis|către|catre|subiect|trimis la|trimisă|expediat|destinatar|"
		 "expeditor|data trimiterii|către:|dată|la|"
		 /* tr */ "kimden|kime|konu|tarih|gönderildi|gönderme tarihi|gönderen|bilgi|"
		 "gönderilme tarihi|gönderim tarihi|gönderilen|alıcı|kimlere|"
		 /* el */ "Από|Στάλθηκε|Προς|Θέμα|Ημερομηνία|Κοινοποίηση|από|προς|θέμα|Εστάλη|"
		 "Αποστολή|Κοιν.|Κοιν|Στάλθηκε στις|Αποστολέας|"
		 /* hr sl et lv lt */ "šalje|poslano|prima|tema:|za|zadeva|saatja|saadetud|saaja|"
		 "teema|kellele|no|nosūtīts|kam|nuo|išsiųsta|kam:|kopīja|kopija|išsiuntė|poslal|"
		 "poslato|predmet:|saatmisaeg|nosūtīja|"
		 /* ja */ "差出人|送信日時|宛先|件名|日時|送信者|日付|送信元|受信者|送信日|発信者|"
		 "添付ファイル|送付先|"
		 /* zh */ "发件人|发送时间|收件人|主题|抄送|日期|寄件者|寄件日期|收件者|主旨|"
		 "寄件人|傳送日期|副本|发送日期|时间|发件时间|回复|寄信人|"
		 "收信人|寄件日|傳送時間|主題|密送|发自|發件人|發送時間|發送日期|日期時間|寄送日期|"
		 "發件時間|已发送|附件|送件者|時間|抄送人|"
		 /* ko */ "보낸 사람|보낸 날짜|받는 "
		 "사람|제목|참조|날짜|보낸사람|받는사람|보낸날짜|보낸 "
		 "시간|일시|발신|수신|발신자|수신자|받은 날짜|"
		 "보냄|보낸이|받는이|보낸시간|"
		 /* vi id th he ar fa */ "từ|Đã gửi|tới|chủ đề|ngày|gửi|đến|người gửi|kính gửi|"
		 "dari|dikirim|kepada|subjek|perihal|tanggal|ke|terkirim|จาก|ส่งเมื่อ|ถึง|เรื่อง|"
		 "วันที่|ส่ง|หัวเรื่อง|מאת|נשלח|אל|נושא|תאריך|עותק|من|إلى|الموضوع|التاريخ|"
		 "تم الإرسال|تاريخ الإرسال|نسخة|الى|مرسل|از|به|موضوع|تاریخ|ارسال|";

/* How a device or a program signs: how the line begins. */
static const char devices[] =
	/* en */
	"sent from |sent from\u00a0|sent via |sent with |sent by galaxy|"
	"sent by |sent using |sent on the go|from my iphone|from my ipad|from my android|"
	"from my mobile|from my samsung|from my phone|from my galaxy|from my blackberry|"
	"get outlook for |get [outlook |get the new outlook|sent on my|sent through |"
	"via my |this message was sent from my|composed on |typed on my|sent securely|"
	"powered by cricket|sent in haste|written on my |sent from: |virus-free.|"
	"sent wirelessly|get ios outlook|get android outlook|[sent from|sent by my |"
	"sent off my |swyped from|emailed from my|from mobile|"
	"this email has been checked for viruses|this email was scanned|unsubscribe: |"
	"please excuse brevity|please excuse my brevity|please excuse typos|"
	/* fr */ "envoyé depuis |envoyé de mon |envoyé de ma |envoyé à partir d|"
	"envoyé avec |envoyé par |envoyé via |envoyé d'un |envoyé depuis\u00a0|"
	"envoyé de mon\u00a0|télécharger outlook|obtenir outlook|envoyé de l'app|"
	"provenance : courrier|envoyé d’|envoyé à l'aide|envoyé du |sans virus.|"
	"garanti sans virus|"
	/* de */ "von meinem |von unterwegs|gesendet von |gesendet mit |gesendet aus |"
	"gesendet über |gesendet vom |diese nachricht wurde von meinem|"
	"diese nachricht wurde von |verschickt mit |verschickt von |von meiner |"
	"holen sie sich outlook|outlook für |gesendet per |gesendet via |von mobil |"
	"mobil gesendet|versendet mit |virenfrei.|gesendet von\u00a0|laden sie outlook|"
	"beziehen sie outlook|diese mail wurde von|mit der gmx |mit der web.de |"
	"diese e-mail wurde von avast|"
	/* es ca */ "enviado desde |enviado a través|enviado con |enviado de |"
	"enviado por |obtener outlook|enviado mediante |descargar outlook|enviat des d|"
	"enviado desde\u00a0|libre de virus|mandado desde|obtén outlook|enviat amb |"
	/* pt */ "enviado do meu |enviado via |enviado a partir |enviado pelo |"
	"enviado da |enviado do |enviada do |obter o outlook|obtenha o outlook|"
	"enviado através|baixar o outlook|enviado com |livre de vírus|"
	/* it */ "inviato da|inviata da|inviato con |inviato tramite |inviato dal |"
	"scarica outlook|ottieni outlook|mandato da|privo di virus|"
	/* nl */ "verzonden met |verzonden vanaf |verstuurd vanaf |verstuurd met |"
	"verzonden via |verstuurd via |verzonden vanuit |downloaden outlook|"
	"outlook voor |outlook downloaden|download outlook|verstuurd vanuit |virusvrij.|"
	"verzonden door |"
	/* pl */ "wysłane z |wysłano z |wysłane przy |wysłane za |wysłano przy |"
	"wysłano za |wysłano iphone|pobierz outlook|pobierz aplikację outlook|"
	"wiadomość wysłana z |wyslane z |wolny od wirusów|"
	/* sv */ "skickat från |skickad från |skickat med |skickat via |hämta outlook|"
	"från min iphone|från min ipad|från min mobil|från min samsung|från min |"
	"skaffa outlook|skickades från |virusfri.|skickat\u00a0|"
	/* da no */ "sendt fra |sendt med |sendt via |hent outlook|få outlook|"
	"last ned outlook|sent fra min|sendt frå |sendt fra\u00a0|"
	/* fi */ "lähetetty |hanki outlook|lataa outlook|lähetin |"
	/* cs sk */ "odesláno z |odoslané z |posláno z |odesláno přes |odesláno pomocí |"
	"získat outlook|odesláno ze |odoslané zo |poslané z |stáhnout outlook|"
	"poslané zo |"
	/* ru uk bg */ "отправлено с |Отправлено с |Отправлено из |отправлено из |"
	"Отправлено от |Отправлено через |Отправлено со |надіслано |Надіслано |"
	"Скачать outlook|Изпратено от |Получить outlook|Послано с |Посланo с |"
	"Надіслано з |Отправлено при помощи |Отримати outlook|Без вирусов.|"
	/* hu ro el tr */ "elküldve az |elküldve a |küldve |elküldve |"
	"iphone-omról küldve|az outlook beszerzése|küldés |trimis de pe |trimis din |"
	"trimis cu |trimis prin |descărcați outlook|obțineți outlook|Στάλθηκε από |"
	"Εστάλη από |Λήψη του outlook|στάλθηκε από |Αποστολή από |outlook'u edinin|"
	"iphone'umdan gönderildi|ipad'imden gönderildi|outlook for|"
	/* hr sl */ "poslano s |poslano z |poslano sa |preuzmite outlook|"
	"pridobite outlook|послато са |"
	/* zh */ "從我的|发自我的|來自我的|寄自我的|发送自|發自我的|从我的|获取 outlook|取得 "
	"outlook|发自|發自|來自 |自我的|"
	"我的iphone|从 windows|從 windows|傳送自|下载 outlook|获取outlook|从网易|发送自 windows|"
	/* ja ko */ "iphoneから送信|ipadから送信|outlook for ios|outlook for android|私のiphone|"
	"나의 |내 iphone|삼성 |outlook 다운로드|android용 outlook|ios용 "
	"outlook|スマートフォンから送信|"
	"windows 版のメール|windows用 메일|"
	/* vi id th he ar */ "Đã gửi từ |gửi từ |dikirim dari |terkirim dari |ส่งจาก|"
	"נשלח מ|تم الإرسال من|أرسلت من|أُرسلت من|تم الارسال من|مرسل من|ارسال شده از|"
	"קבל את outlook|الحصول على outlook|dapatkan outlook|";

/* How such a line ends. */
static const char signed_ends[] =
	" from mobile| gesendet|から送信|에서 보냄|gönderildi| 傳送| 发送| "
	"küldve|から送信されました|에서 전송됨|"
	"에서 보낸 메일|에서 보냈습니다| poslano|-ról küldve|-ről küldve|發送|发出|へ送信|";

/* How an attribution begins. */
static const char starters[] =
	/* en */ "On |On\u00a0|At |Quoting |In message |In article |In a message |In <|"
		 "Thus spake |Thus spoke |Quoth |Also sprach |"
		 /* de */ "Am |Am\u00a0|Zitat von |Vom |Den |"
		 /* fr */ "Le |Le\u00a0|En date de |Selon |"
		 /* es ca it pt gl */ "El |El\u00a0|Il |Il\u00a0|Em |Em\u00a0|Citando |Citant |O |"
		 "Ne |Scrive |A |No dia |Nel messaggio |Il giorno |Missatge de |"
		 /* nl */ "Op |Op\u00a0|Citeren |"
		 /* pl cs sk */ "W dniu |Dnia |Dne |Dňa |V |Cytowanie |Użytkownik |W wiadomości |"
		 "Wiadomość napisana przez |Uživatel |Používateľ |"
		 /* sv da no fi */ "På |Citerar |Citat |Kl. |Lainaus |"
		 /* hr sl et lv lt ro hu el tr */ "Dana |U |Na |Pe |În |In data |La |Data |Στις |"
		 "Στίς |Την |Τη |Ο |Η |Ezt írta |Tarih: |Kuupäeval |"
		 /* ru uk bg */ "В |Вы писали |На |Пользователь |У |Цитирую |Цитирование |"
		 /* zh ja ko */ "在|於|于|오늘|作成者|"
		 /* vi id th he ar */ "Vào |Pada |เมื่อ |ב-|בתאריך |ב|في |بتاريخ |در |";

/* Its verb, mostly at the end. */
static const char verbs[] =
	/* en */ "wrote|writes|said|says|sent|has written|scribbled|replied|scripsit|"
		 /* de */ "schrieb|schrieben Sie|geschrieben|schreibt|schrieben|hat geschrieben|"
		 /* fr */ "a écrit|à écrit|écrit|écrivait|a ecrit|écrivit|a\u00a0écrit|nous a dit|"
		 /* nl */ "schreef|geschreven|geantwoord|schreef het volgende|"
		 /* es ca gl */ "escribió|escribio|escribía|va escriure|ha escrit|escribe|"
		 "escribiu|"
		 /* it */ "ha scritto|scrisse|scrive|ha\u00a0scritto|"
		 /* pt */ "escreveu|escreve|"
		 /* pl */ "napisał|napisal|napisała|pisze|napisał(a)|napisal(a)|napisali|"
		 /* sv da no */ "skrev|skrev följande|skreiv|har skrevet|skriver|"
		 /* fi */ "kirjoitti|kirjoittanut|"
		 /* cs sk hr sl */ "napsal|napsala|napsal(a)|napisala|napísal|napísala|napísal(a)|"
		 "píše|je napisao|je napisala|je napisal|napisao|piše|napisao je|je napisao/la|"
		 /* ru uk bg sr */ "пишет|пише|написал|написала|написав|написа|писал|написал(а)|"
		 "писали|пишете|написали|је написао|написав(ла)|"
		 /* tr hu ro el */ "yazdı|yazmış|şunları yazdı|tarihinde şunu yazdı|írta|ezt írta|"
		 "írt|a scris|a scris:|έγραψε|γράφει|έγραψες|"
		 /* et lv lt */ "kirjutas|rakstīja|rašė|parašė|"
		 /* zh ja ko */ "写道|寫道|书写|來信|写信|撰寫|撰写|写下|來函|书面|"
		 "さんは書きました|書きました|のメール|のメッセージ|は書きました|"
		 "작성|님이|작성했습니다|작성함|님의 "
		 "말|がのメール|のメールにて|さんが書きました|さんのメール|씀|"
		 /* vi id th he ar fa */ "đã viết|viết|menulis|เขียนว่า|เขียน|כתב|כתבה|כתב/ה|מאת|"
		 "كتب|كتبت|نوشت|‏كتب|נכתב על ידי|ने "
		 "लिखा|লিখেছেন|";

static const char *const tables[] = {
	[WORDS_ORIGINAL] = originals, [WORDS_FORWARD] = forwards, [WORDS_ABOVE] = aboves,
	[WORDS_HEADER] = headers,     [WORDS_DEVICE] = devices,	  [WORDS_SIGNED] = signed_ends,
	[WORDS_STARTER] = starters,   [WORDS_VERB] = verbs,
};

static unsigned char low(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* Which words of a table begin, or end, in a byte: a chain of numbers from 1. */
struct chains {
	uint16_t head[256], next[WORDS_MAX + 1];
};

struct words {
	struct slice items[WORDS_MAX];
	size_t n;
	struct chains first, last;
};

struct trim_words {
	struct words tables[COUNT(tables)];
};

static void link_word(struct chains *c, size_t i, char key)
{
	c->next[i] = c->head[low(key)];
	c->head[low(key)] = (uint16_t)i;
}

static void open_table(struct words *words, const char *text)
{
	struct slice rest = slice_str(text), word;
	while (slice_cut(&rest, '|', &word)) {
		if (!word.len)
			continue;
		assert(words->n < WORDS_MAX);
		words->items[words->n++] = word;
		link_word(&words->first, words->n, word.ptr[0]);
		link_word(&words->last, words->n, word.ptr[word.len - 1]);
	}
}

const struct trim_words *trim_words_open(struct arena *a)
{
	struct trim_words *w = ARENA_NEW(a, struct trim_words);
	memset(w, 0, sizeof(*w));
	for (size_t i = 0; i < COUNT(tables); i++)
		open_table(&w->tables[i], tables[i]);
	return w;
}

bool words_equal(const struct trim_words *w, struct slice s, enum word_table table)
{
	const struct words *t = &w->tables[table];
	for (size_t i = s.len ? t->first.head[low(s.ptr[0])] : 0; i; i = t->first.next[i])
		if (slice_eq_nocase(s, t->items[i - 1]))
			return true;
	return false;
}

bool words_start(const struct trim_words *w, struct slice s, enum word_table table)
{
	const struct words *t = &w->tables[table];
	for (size_t i = s.len ? t->first.head[low(s.ptr[0])] : 0; i; i = t->first.next[i])
		if (slice_starts_nocase(s, t->items[i - 1]))
			return true;
	return false;
}

bool words_end(const struct trim_words *w, struct slice s, enum word_table table)
{
	const struct words *t = &w->tables[table];
	for (size_t i = s.len ? t->last.head[low(s.ptr[s.len - 1])] : 0; i; i = t->last.next[i])
		if (slice_ends(s, t->items[i - 1]))
			return true;
	return false;
}

bool words_within(const struct trim_words *w, struct slice s, enum word_table table)
{
	for (size_t at = 0; at < s.len; at++)
		if (words_start(w, slice_sub(s, at, s.len), table))
			return true;
	return false;
}
