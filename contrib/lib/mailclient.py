# SPDX-License-Identifier: ISC
"""What the demo and the system tests need of a mail client: deliver by SMTP,
read by IMAP, answer as people do.  Standard library only."""
import email
import email.policy
import imaplib
import re
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid


class Servers:
    """The private Dovecot and Postfix of tests/system/servers.sh, by its variables."""

    def __init__(self, variables):
        self.vars = variables
        self.password = variables['MAIL_PASSWORD']
        self.tls = ssl.create_default_context(cafile=variables['CA_FILE'])

    def port(self, name):
        return int(self.vars[name + '_PORT'])

    def imap(self, user):
        box = imaplib.IMAP4_SSL('localhost', self.port('IMAPS'), ssl_context=self.tls)
        box.login(user, self.password)
        return box

    def deliver(self, sender, recipient, raw):
        """As the world does: to the border, without a login."""
        with smtplib.SMTP('localhost', self.port('SMTP')) as s:
            s.sendmail(sender, [recipient], raw)

    def submit(self, user, message, recipient=None):
        """As an agent's client does: to the submission service, with a login."""
        with smtplib.SMTP('localhost', self.port('SUBMISSION')) as s:
            s.starttls(context=self.tls)
            s.login(user, self.password)
            to = recipient or message['To']
            s.send_message(message, from_addr=message['From'], to_addrs=[to])

    def mails(self, user, folder='INBOX'):
        """All mails of a mailbox, parsed, oldest first."""
        box = self.imap(user)
        try:
            status, _ = box.select(folder, readonly=True)
            if status != 'OK':
                return []
            _, data = box.uid('SEARCH', None, 'ALL')
            found = []
            for uid in data[0].split():
                _, parts = box.uid('FETCH', uid, '(BODY.PEEK[])')
                raw = parts[0][1]
                mail = email.message_from_bytes(raw, policy=email.policy.default)
                mail.raw = raw
                found.append(mail)
            return found
        finally:
            box.logout()

    def wait_mail(self, user, test, seconds=120, what='a mail'):
        """The first mail of a mailbox that passes the test; waits for it, longer than
        a mail takes that a busy server put off once."""
        end = time.monotonic() + seconds
        while True:
            for mail in self.mails(user):
                if test(mail):
                    return mail
            if time.monotonic() > end:
                raise TimeoutError(f'{what} did not reach {user} in {seconds} s; there are: ' +
                                   '; '.join(m['Subject'] or '' for m in self.mails(user)))
            time.sleep(0.2)


def text_of(mail):
    body = mail.get_body(('plain', 'html'))
    return body.get_content() if body else ''


def compose(sender, to, subject, text, html=None, headers=(), attachments=()):
    m = EmailMessage(policy=email.policy.SMTP)
    m['From'], m['To'], m['Subject'] = sender, to, subject
    m['Date'] = formatdate(localtime=False)
    m['Message-ID'] = make_msgid(domain=re.search(r'@([\w.-]+)', sender).group(1))
    for name, value in headers:
        m[name] = value
    if text is not None:
        m.set_content(text)
    if html is not None:
        if text is None:
            m.set_content(html, subtype='html')
        else:
            m.add_alternative(html, subtype='html')
    for name, kind, data in attachments:
        m.add_attachment(data, maintype=kind.split('/')[0], subtype=kind.split('/')[1],
                         filename=name)
    return m


def reply(mail, sender, text, to=None):
    """An answer with the original quoted below, as clients write it."""
    quoted = '\n'.join('> ' + line for line in text_of(mail).splitlines())
    subject = mail['Subject'] or ''
    m = compose(sender, to or mail['Reply-To'] or mail['From'],
                subject if subject.lower().startswith('re:') else 'Re: ' + subject,
                f'{text}\n\nOn {mail["Date"]}, {mail["From"]} wrote:\n{quoted}\n')
    if mail['Message-ID']:
        m['In-Reply-To'] = mail['Message-ID']
        m['References'] = f'{mail["References"] or ""} {mail["Message-ID"]}'.strip()
    return m
