/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "bounce.h"

/*
 * What servers write, in lower case with single spaces: phrases between bars,
 * '*' stands for up to GAP_MAX bytes.  The first row with a phrase that occurs
 * decides: so the particular stands before the general ("user unknown" is also
 * said of full mailboxes).
 */
#define GAP_MAX 120
#define PHRASES_MAX 1024

static const struct {
	enum mail_bounce bounce;
	const char *phrases;
} meanings[] = {
	/* What would be taken for something else below. */
	{MAIL_BOUNCE_HOST_UNKNOWN, "account or domain may not exist"},
	{MAIL_BOUNCE_REJECTED,
	 "sending to/from an address that has been blacklisted|groups.google.com/support|"
	 "not a registered gateway user|not a member of this|"
	 "mail rejected by destination domain|from: domain is invalid|"
	 "does not exist e2110|purported responsible address"},
	{MAIL_BOUNCE_USER_UNKNOWN, "recipient address rejected: access denied"},
	{MAIL_BOUNCE_SPAM, "rejected due to spam|ofr*_501|ofr*_506|lpn*_501|lpn*_506"},
	{MAIL_BOUNCE_POLICY, "blocked because its content|recipient address rejected: policy"},
	{MAIL_BOUNCE_NETWORK_ERROR, "host not found, try again|too many hops|mail loop|hop count"},
	{MAIL_BOUNCE_REQUIRE_PTR, "unverifyable sending ips|ofr*_107|ofr*_108|lpn*_107|lpn*_108"},
	{MAIL_BOUNCE_SYSTEM_ERROR, "unable to contact ldap|ofr*_505|lpn*_505"},
	{MAIL_BOUNCE_BLOCKED, "client host blocked"},
	{MAIL_BOUNCE_MAILER_ERROR, "procmail: couldn't create"},
	{MAIL_BOUNCE_MAILBOX_FULL,
	 "mailbox full|mailbox is full|mailbox*is full|mail box is full|"
	 "mailfolder is full|inbox is full|inbox*out of storage|account is full|"
	 "folder full|maildir over quota|mailbox over quota|mailbox has exceeded|"
	 "mailbox exceed|mailbox*exceed|mailbox size limit exceeded|mailbox would exceed|"
	 "mailbox quota|mailbox reached|message would exceed|over quota|overquota|"
	 "over the maximum allowed mailbox size|over the allowed quota|over disk quota|"
	 "over his/her disk quota|over storage quota|exceeded*quota|"
	 "exceeded storage allocation|exceeded his*storage|exceeds*quota|exceed*mailbox|"
	 "quota exceeded|quota violation|quota full|quota*exceeded|"
	 "reached its storage limit|disk quota|disk full|delivery failed: over|"
	 "not enough storage space|not enough space|no space left in mailbox|"
	 "insufficient disk space|user is overquota|user has too many messages|"
	 "too many messages in*mailbox|maximum mailbox size|boite du destinataire pleine|"
	 "la casella e' piena|casella*piena|cuota excedida|postfach ist voll|"
	 "postfach*voll|skrzynka*pelna|skrzynka*zapełniona|почтовый ящик*переполнен|"
	 "容量オーバー|メールボックス*いっぱい"},
	{MAIL_BOUNCE_TOO_LARGE,
	 "message size exceed|message*exceeds*size|message*exceeds*limit|"
	 "message*exceed*maximum|message too big|message too large|message is too large|"
	 "message is too big|message file too big|message larger than|"
	 "message length exceeds|mail size limit exceeded|max message size exceeded|"
	 "maximum message size|exceeded maximum inbound message size|"
	 "exceeds fixed maximum message size|exceeds maximum*size|size limit exceeded|"
	 "messages larger than|line limit exceeded|mail too large|email too large|"
	 "too large*message|nachricht ist zu gro|resolver.rst.recipsizelimit"},
	{MAIL_BOUNCE_SUSPENDED,
	 "account*suspended|account*disabled|account*deactivated|account*blocked|"
	 "account has expired|account expired|account closed due to inactivity|"
	 "account inactive|account is locked|account not subscribed|"
	 "boite du destinataire archivee|disabled mailbox|inactive account|"
	 "inactive recipient|invalid/inactive user|is no longer active|"
	 "is a deactivated mailbox|mailbox currently suspended|mailbox disabled|"
	 "mailbox is frozen|mailbox is disabled|mailbox unavailable or access denied|"
	 "mailbox*inactive|recipient rejected: temporarily inactive|recipient suspend|"
	 "recipient is inactive|recipient address*suspended|sorry your recipient account|"
	 "service is suspended|temporarily locked|user account is expired|"
	 "user account*disabled|user disabled|user is suspended|user has moved out|"
	 "user suspended|user temporarily suspended|vdelivermail: account is locked|"
	 "user(s) account is disabled|is disabled"},
	{MAIL_BOUNCE_HAS_MOVED,
	 "has been replaced by|recipient no longer on server|address has changed|"
	 "user has moved|recipient has moved|mailbox has moved|not our user|please try <"},
	{MAIL_BOUNCE_NO_RELAYING,
	 "relaying denied|relaying prohibited|relaying is prohibited|relaying not allowed|"
	 "relaying to <*prohibited|relay access denied|relay access not permitted|"
	 "relay denied|relay not permitted|relay prohibited|relay operation rejected|"
	 "unable to relay|unauthorized relay|insecure mail relay|"
	 "mail server requires authentication when attempting to send to a non-local|"
	 "not an open relay|not allowed to relay|no relaying allowed|we do not relay|"
	 "we don't relay|as a relay|domain isn't in my list of allowed rcpthosts|"
	 "domain is not in my list of allowed rcpthosts|not local host|not a gateway|"
	 "this system is not configured to relay|user*not permitted to relay"},
	{MAIL_BOUNCE_AUTH_FAILURE,
	 "dmarc policy|dmarc*reject|dmarc verification|dmarc evaluation|dmarc fail|"
	 "doesn't meet the required authentication level|"
	 "does not meet the sender policy framework|//www.openspf.|openspf.org|spf fail|"
	 "spf check|spf policy|spf: |spf (sender policy framework)|"
	 "sender policy framework|spf record|dkim unauthenticated|dkim signature*invalid|"
	 "dkim*fail|unauthenticated email|unauthenticated mail is prohibited|"
	 "email is blocked because the sender is unauthenticated|"
	 "sender is unauthenticated|is not allowed to send mail|"
	 "is not authorized to send mail|is not allowed to send from|"
	 "authentication requirements"},
	{MAIL_BOUNCE_REQUIRE_PTR,
	 "reverse dns|reverse host lookup|reverse lookup|rdns|ptr record|"
	 "ptr resource record|ptr*not found|dns ptr|ptr lookup|no ptr|"
	 "ip name lookup failed|cannot find your hostname|"
	 "cannot find your reverse hostname|can't resolve your hostname|"
	 "cannot resolve your address|client host rejected: cannot find|"
	 "could not get ip address from hostname|unresolvable relay host name|"
	 "unable to verify reverse|missing dns reverse|invalid hostname for ip|"
	 "all mail servers must have a ptr|fix reverse dns|your host name doesn't match"},
	{MAIL_BOUNCE_NOT_COMPLIANT,
	 "not rfc*compliant|messages with multiple*addresses|not rfc 5322|not rfc 2822|"
	 "rfc 5322 compliant|rfc5322|rfcmessagenoncompliant|duplicate header|"
	 "multiple*from headers|missing*header|this message is not rfc|bare lf|"
	 "bare linefeed"},
	{MAIL_BOUNCE_BAD_REPUTATION,
	 "very low reputation|low reputation|bad reputation|poor reputation|"
	 "poor domain reputation|poor email reputation|reputation score|"
	 "reputation of the sending|"
	 "ip has been temporarily rate limited due to ip reputation|"
	 "rate limited due to ip reputation|temporarily deferred due to user complaints|"
	 "user complaints"},
	{MAIL_BOUNCE_REJECTED,
	 "sender address rejected|sender address*rejected|sender rejected|"
	 "sender verify failed|sender verification|sender was rejected|"
	 "sender not pre-approved|sender is spammer|sender domain|sender denied|"
	 "sender email address rejected|domain of sender address|invalid sender|"
	 "unroutable sender|unroutable address in sender|emetteur invalide|"
	 "empty envelope sender|null sender|bogus mail from|batv|backscatter protection|"
	 "administrative prohibition|access denied (in reply to mail from|"
	 "delivery not authorized|does not accept mail from|you are not allowed to post|"
	 "do not have permission to post|don't have permission to post|"
	 "may not have permission to post|your message wasn't delivered to*because you|"
	 "email address is not verified|returned mail not accepted here|"
	 "sender has been blacklisted|your email address has been blacklisted|"
	 "mail from not owned by user|bad sender|mail from must|mx records not"},
	{MAIL_BOUNCE_VIRUS, "virus|malware|infected|trojan"},
	{MAIL_BOUNCE_BLOCKED,
	 "spamhaus|spamcop|cbl.abuseat|spamsource|barracudacentral|"
	 "looks suspiciously like spammer|spam from your ip|spams from your ip|"
	 "you are sending spam|dynamic/zombied/spam ips"},
	{MAIL_BOUNCE_SPAM,
	 "blacklisted url in|blocked by spam|blocked as spam|classified as spam|"
	 "considered spam|identified as spam|detected as spam|appears to be spam|"
	 "likely spam|looks like spam|spam detected|spam-like|spam content|spam score|"
	 "spam message|spam mail|spam reject|spam filter|unsolicited|"
	 "message content rejected|message rejected due to suspected spam|"
	 "high probability of spam|contains spam|this message scored|bulk email|"
	 "rejected by content filter|spamassassin|rule imposed|url*blacklist|uribl|spam"},
	{MAIL_BOUNCE_RATE_LIMITED,
	 "too many connections|too many concurrent|too many recipients|too many messages|"
	 "too many sessions|too many smtp|too many errors|too many invalid recipients|"
	 "too many emails|too many mails|too many|too frequently|too quickly|rate limit|"
	 "rate limited|rate that prevents additional messages|ratelimit|throttl|"
	 "sending limit|exceeded the maximum number|maximum number of*reached|"
	 "maximum*connections|connection limit|connection rate|limit exceeded|greylist|"
	 "graylist|please try again slower|temporarily deferred due to unexpected volume"},
	{MAIL_BOUNCE_BLOCKED,
	 "blocked using|blocked by|blocked - see|blocked for abuse|is blocked|"
	 "has been blocked|was blocked|blacklist|black list|blocklist|block list|"
	 "banned sending ip|rbl|dnsbl|bad sender ip|bad ip profile|client host rejected|"
	 "client host*blocked|helo command rejected|connection refused by|"
	 "connection refused from|connection reset by peer|connection dropped|"
	 "connection was dropped by remote host|host network not allowed|"
	 "hosts with dynamic ip|dynamic ip|go away|no access from mail server|"
	 "not accepting connections|not accepting mail from your ip|refused - see http|"
	 "rejecting open proxy|please use the smtp server of your isp|service refused|"
	 "you are not allowed to connect|your access*has been rejected|"
	 "access forbidden by your ip|access from ip address*blocked|your ip*listed|"
	 "ip address*listed|your network is temporary blacklisted|"
	 "closing transmission channel|"
	 "smtp error from remote mail server after initial connection|banned|"
	 "refused to talk to me: 554"},
	{MAIL_BOUNCE_STARTTLS, "must issue a starttls|starttls is required|starttls|tls required|"
			       "tls negotiation|tls handshake"},
	{MAIL_BOUNCE_NOT_ACCEPTED,
	 "couldn't find a mail exchanger|mail receiving disabled|"
	 "mail server temporarily rejected message|no mx record found for domain|"
	 "no mx found|no mail exchanger|smtp protocol returned a permanent error|null mx|"
	 "not accepting network messages|nullmx|does not accept mail|"
	 "does not accept email|host/domain does not accept"},
	{MAIL_BOUNCE_HOST_UNKNOWN,
	 "host unknown|remote domain doesnt exist|dns lookup failure|host not found|"
	 "host or domain name not found|no such host|no such domain|unknown host|"
	 "unrouteable mail domain|domain does not exist*mail|name or service not known|"
	 "domain is not reachable|domain must exist|domain not found|"
	 "domain name not found|domain does not exist|domain currently not reachable|"
	 "invalid domain name|recipient domain must exist|could not resolve|"
	 "couldn't find any host named|could not find any host named|"
	 "couldn't find any host by that name|illegal host/domain name|"
	 "name server: * host not found|the destination domain of the recipient|"
	 "the recipient's domain|dns error*domain name|nxdomain|домен не найден"},
	{MAIL_BOUNCE_USER_UNKNOWN,
	 "user unknown|unknown user|user*unknown|unknown recipient|unknown mailbox|"
	 "unknown local part|unknown local-part|unknown address|unknown e-mail|"
	 "unknown email|recipient unknown|mailbox unknown|address unknown|"
	 "destination addresses were unknown|no such user|no such recipient|"
	 "no such mailbox|no such address|no such person|no such local user|"
	 "no such account|no such virtual user|no user|no mailbox|no mail box|no account|"
	 "no valid recipient|no existe|not a valid|not a known user|not a local address|"
	 "not an active address|not listed in|not found in|not present in directory|"
	 "not in*directory|not recognized|not our customer|user not found|user not known|"
	 "user not exist|user not active|user invalid|user name is unknown|"
	 "username does not exist|user*was not found|user doesn't have|user*doesn't exist|"
	 "users are unknown|user missing|doesn't have a*account|recipient not found|"
	 "recipient notfound|recipientnotfound|recipnotfound|recipient not exist|"
	 "recipient not ok|recipient is not|recipient no longer|recipient invalid|"
	 "does not exist|doesn't exist|didn't exist|wasn't found|couldn't be found|"
	 "could not be found|can not be found|mailbox not found|mailbox unavailable|"
	 "mailbox is unavailable|mailbox invalid|mailbox not present|mailbox no longer|"
	 "mailbox*does not exist|account not found|account*unavailable|address no longer|"
	 "address invalid|address not found|address error|address couldn't be found|"
	 "invalid address|invalid email|invalid mailbox|invalid recipient|invalid user|"
	 "invalid final delivery|invalid local|bad address|bad destination|bad recipient|"
	 "badrcptto|cannot find user|can't accept user|could not find user|"
	 "destination server rejected recipients|i couldn't find a*mailbox|"
	 "unrouteable address|is unknown|is invalid|is not known here|is not valid|"
	 "non-existent|nonexistent|> not found|there is no one at this address|"
	 "this address no longer accepts mail|utilisateur inconnu|destinataire invalide|"
	 "destinataire inconnu|adresse nicht gefunden|adresse ist nicht bekannt|"
	 "adresse*nicht gefunden|empfänger*unbekannt|empfaenger*unbekannt|"
	 "benutzer*unbekannt|utente sconosciuto|nessun utente|indirizzo*inesistente|"
	 "usuario desconocido|usuário desconhecido|uzytkownik*nie|użytkownik*nie|"
	 "nie ma takiego konta|nie istnieje|такого пользователя нет|"
	 "пользователь не найден|адрес не существует|見つかりません|存在しません|不存在"},
	{MAIL_BOUNCE_FILTERED,
	 "message filtered|not accepting any mail|refused due to recipient preferences|"
	 "user reject|user refuses|recipient*refuse|only accepting mail from specific|"
	 "blocked by the recipient|account is protected by|due to user rules|"
	 "has restricted sms|delivery to this address is restricted"},
	{MAIL_BOUNCE_SUPPRESSED, "suppression list|suppressed"},
	{MAIL_BOUNCE_SECURITY,
	 "credentials|authentication required|authentication failed|"
	 "authentication failure|authentication turned on|requires authentication|"
	 "not authorized|unauthorized|account not subscribed to ses|security reasons|"
	 "executable files are not allowed|access denied|permission denied|not permitted"},
	{MAIL_BOUNCE_POLICY,
	 "policy|policies|illegal attachment|attachment|header error|"
	 "header are not accepted|organizational settings|members-only list|"
	 "closed mailing list|not subscribed to this group|protocol violation|mass mailer|"
	 "low priority|security policies"},
	{MAIL_BOUNCE_CONTENT_ERROR,
	 "header*too large|headers too large|improper use of 8-bit data|message mime|mime|"
	 "8bit|charset|malformed|content rejected"},
	{MAIL_BOUNCE_NETWORK_ERROR,
	 "hop count|dns query failed|message expired, connection refused|too many hops|"
	 "mail loop|routing loop|loop detected|loops back to myself|"
	 "host name lookup failure|host is unreachable|network is unreachable|"
	 "no route to host|lost connection|dns loop|dns operation problem|"
	 "dns server returned|address family mismatch|could not connect|"
	 "could not be contacted|couldn't connect|establish an smtp connection|"
	 "malformed name server reply|malformed or unexpected name server reply|"
	 "unable to resolve route|name service error|message deferred"},
	{MAIL_BOUNCE_MAILER_ERROR,
	 "command failed|command died with|/bin/sh|/usr/bin/|/usr/local/bin/|/usr/sbin/|"
	 "exit status|exit code|exited with|local delivery failed|mailer error|procmail|"
	 "service unavailable. * pipe|pipe to"},
	{MAIL_BOUNCE_SYSTEM_FULL, "no space left|insufficient system storage|system disk|"
				  "insufficient system resources|server is temporarily full"},
	{MAIL_BOUNCE_EXPIRED,
	 "connection timed out|could not be delivered for|could not deliver for the last|"
	 "not been able to deliver|not been deliver|not yet been deliver|"
	 "delivery attempts will continue|delivery expired|envelope expired|"
	 "delivery time expired|delivery timeout|failed to deliver to domain|giving up on|"
	 "has been delayed|in the queue too long|it has not been collected|"
	 "message expired|message timed out|retry time not reached|retry timeout exceeded|"
	 "retry*exceeded|server did not respond|server not responding|"
	 "did not accept our requests to connect|timeout|timed out|time out|"
	 "was aborted after|warning only|will be retried|will keep trying|undelivered for|"
	 "after multiple retries|warning message only"},
	{MAIL_BOUNCE_SYNTAX_ERROR,
	 "syntax error|command rejected|command not recogni|unrecognized command|"
	 "improper command|bad sequence|improper sequence|bounded or not implemented"},
	{MAIL_BOUNCE_SYSTEM_ERROR,
	 "no response|service currently unavailable|service not available|"
	 "server configuration error|configuration error|system config error|"
	 "local configuration|local error|local problem|internal error|could not load|"
	 "interrupted system call|insufficient permission|temporary lookup failure|"
	 "temporary local|temporary problem|resources temporarily unavailable|"
	 "can't create user output file|cannot send e-mail to yourself"},
	{MAIL_BOUNCE_USER_UNKNOWN, "recipient address rejected|address rejected|recipient rejected|"
				   "rejected recipient"},
};
#define MEANINGS (sizeof(meanings) / sizeof(*meanings))

/* All phrases by their first byte, so that one pass over the text suffices. */
struct phrase_index {
	uint16_t n;
	uint16_t head[256]; /* numbers from 1 */
	uint16_t next[PHRASES_MAX];
	struct slice phrase[PHRASES_MAX];
	uint8_t meaning[PHRASES_MAX];
};

static void index_add(struct phrase_index *index, struct slice phrase, size_t meaning)
{
	uint16_t *head = &index->head[(unsigned char)phrase.ptr[0]], n = ++index->n;
	assert(n < PHRASES_MAX && phrase.len > 0);
	index->phrase[n] = phrase;
	index->meaning[n] = (uint8_t)meaning;
	index->next[n] = *head;
	*head = n;
}

static void index_fill(struct phrase_index *index)
{
	index->n = 0;
	memset(index->head, 0, sizeof(index->head));
	/* Backwards, so that each chain begins with the meaning that decides. */
	for (size_t i = MEANINGS; i > 0; i--) {
		struct slice rest = slice_str(meanings[i - 1].phrases), phrase;
		while (slice_cut(&rest, '|', &phrase))
			index_add(index, phrase, i - 1);
	}
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Does the phrase stand at the start of text? */
static bool phrase_matches(struct slice text, struct slice phrase)
{
	ptrdiff_t star = slice_chr(phrase, '*');
	struct slice head = slice_sub(phrase, 0, star < 0 ? phrase.len : (size_t)star);
	if (!slice_starts(text, head))
		return false;
	struct slice tail = slice_sub(phrase, head.len + (star >= 0), phrase.len);
	return slice_find(slice_sub(text, head.len, head.len + GAP_MAX + tail.len), tail) >= 0;
}

enum mail_bounce bounce_meaning(struct slice text)
{
	struct phrase_index index;
	size_t best = MEANINGS;
	index_fill(&index);
	for (size_t at = 0; at < text.len; at++) {
		if (at > 0 && is_word(text.ptr[at]) && is_word(text.ptr[at - 1]))
			continue;
		uint16_t i = index.head[(unsigned char)text.ptr[at]];
		for (; i && index.meaning[i] < best; i = index.next[i])
			if (phrase_matches(slice_sub(text, at, text.len), index.phrase[i]))
				best = index.meaning[i];
	}
	return best < MEANINGS ? meanings[best].bounce : MAIL_BOUNCE_UNDEFINED;
}
