# SPDX-License-Identifier: ISC
"""The story of contrib/demo: customers write, two agents answer, the desk does the rest."""
import argparse
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import shop
from mailclient import Servers, compose, reply, text_of

TOP = Path(__file__).resolve().parents[2]
SERVERS = TOP / 'tests/system/servers.sh'
SUPPORT = 'support@shop.example'
ANN, BOB = 'ann@shop.example', 'bob@shop.example'
MARK = '.postclerk-demo'
COLOUR = sys.stdout.isatty()


def bold(text):
    return f'\033[1m{text}\033[0m' if COLOUR else text


def step(text):
    print('\n' + bold('* ' + text), flush=True)


def show(title, text, lines=60):
    print(f'\n  {bold(title)}')
    rows = text.replace('\r', '').strip().split('\n')
    for row in rows[:lines]:
        print('  | ' + row)
    if len(rows) > lines:
        print(f'  | … {len(rows) - lines} more lines')


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, truth, what):
        if truth:
            self.passed += 1
        else:
            self.failed += 1
        print(f'  {"ok" if truth else "FAILED"}  {what}', flush=True)
        return truth


check = Checks()


class Demo:
    def __init__(self, directory, program):
        self.dir = Path(directory).resolve()
        self.desk = self.dir / 'desk'
        self.program = program
        self.server = None

    def postclerk(self, *args, **kw):
        return subprocess.run([self.program, '--desk', str(self.desk), *args],
                              capture_output=True, text=True, **kw)

    def must(self, *args):
        done = self.postclerk(*args)
        if done.returncode:
            sys.exit(f'postclerk {" ".join(args)}: {done.stderr or done.stdout}')
        return done.stdout

    # ---- start and stop ----

    def stop(self):
        pidfile = self.dir / 'serve.pid'
        if pidfile.exists():
            pid = int(pidfile.read_text())
            try:
                command = Path(f'/proc/{pid}/cmdline').read_bytes()
                if b'postclerk' in command:
                    os.kill(pid, signal.SIGTERM)
                    for _ in range(200):
                        if self.server and self.server.poll() is not None:
                            break
                        if not Path(f'/proc/{pid}').exists():
                            break
                        time.sleep(0.05)
            except OSError:
                pass
            pidfile.unlink()
        subprocess.run(['bash', str(SERVERS), 'stop', str(self.dir / 'servers')], check=False)

    def start_servers(self):
        out = subprocess.run(['bash', str(SERVERS), 'start', str(self.dir / 'servers')],
                             capture_output=True, text=True)
        if out.returncode:
            sys.exit(out.stderr)
        self.servers = Servers(dict(line.split('=', 1) for line in
                                    (' '.join(shlex.split(l)) for l in out.stdout.splitlines())))

    def configure(self):
        v = self.servers
        ca = v.vars['CA_FILE']
        (self.desk / 'postclerk.conf').write_text(f'''# The demo's desk: see doc/postclerk.conf.md
authority {{
	authserv-id = {{"desk.test"}}
	border = "desk.test"
}}
mailbox "support" {{
	host = "localhost"
	port = {v.port('IMAPS')}
	tls = "implicit"
	ca-file = "{ca}"
	user = "support"
	password = "{v.password}"
	after = "move"
	poll-seconds = 5
}}
smtp {{
	host = "localhost"
	port = {v.port('SMTP')}
	tls = "starttls"
	ca-file = "{ca}"
}}
''')

    def serve(self):
        log = open(self.dir / 'desk.log', 'ab')
        self.server = subprocess.Popen([self.program, '--desk', str(self.desk), 'serve'],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True)
        (self.dir / 'serve.pid').write_text(str(self.server.pid))
        for _ in range(200):
            if (self.desk / 'desk.sock').exists():
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit('the desk did not start:\n' + (self.dir / 'desk.log').read_text())

    def clear(self):
        servers = self.dir / 'servers'
        # Below a closed home they live elsewhere: see servers.sh.
        if servers.is_symlink():
            shutil.rmtree(servers.resolve(), ignore_errors=True)
        if self.dir.exists():
            shutil.rmtree(self.dir)

    def prepare(self):
        self.stop()
        if self.dir.exists() and any(self.dir.iterdir()) and not (self.dir / MARK).exists():
            sys.exit(f'{self.dir} is not empty and no demo of ours: give another directory')
        self.clear()
        self.dir.mkdir(parents=True)
        (self.dir / MARK).write_text('contrib/demo lives here and may remove all of it\n')
        self.start_servers()
        done = subprocess.run([self.program, 'init', str(self.desk), '--shop', 'Tea & Tin',
                               '--address', SUPPORT, '--language', 'en', '--currency', 'EUR',
                               '--time-zone', 'Europe/Berlin'], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        self.configure()
        self.must('agent', 'add', 'ann', ANN, '--role', 'admin', '--full-name', 'Ann Archer')
        self.must('agent', 'add', 'bob', BOB, '--role', 'agent', '--full-name', 'Bob Berg',
                  '--language', 'de')
        shop.write(self.dir / 'shop.jsonl')
        print('  ' + self.must('import', str(self.dir / 'shop.jsonl')).strip())
        self.serve()

    # ---- the mails ----

    def deliver(self, name, message, what):
        raw = message if isinstance(message, bytes) else message.as_bytes()
        self.servers.deliver(shop.address(name), SUPPORT, raw)
        print(f'  {name:<18} {what}')

    def customers_write(self):
        def of(name):
            return f'"{name}" <{shop.address(name)}>'

        self.question = compose(of('John Carter'), SUPPORT, 'When will O10032 ship?',
                                'Hello,\n\nI ordered two weeks ago and have heard nothing.\n'
                                'When will order O10032 ship?\n\nJohn\n')
        erika = compose(of('Erika Mustermann'), SUPPORT, 'Frage zu meiner Bestellung O10001',
                        'Guten Tag,\n\nich habe die Überweisung gestern ausgeführt. Können Sie '
                        'meine Bestellung O10001 bitte freigeben?\n\nViele Grüße\nErika Mustermann\n')
        mails = [
            ('John Carter', self.question, 'asks in plain text'),
            ('Erika Mustermann', erika, 'asks in German, with umlauts'),
            ('Mary Hughes', compose(of('Mary Hughes'), SUPPORT, 'Wrong cup', None,
                                    '<html><head><style>p{color:red}</style></head><body><p>Hello'
                                    '</p><p>my order <b>O10004</b> had the <i>wrong</i> cup.</p>'
                                    '<script>alert(1)</script></body></html>'),
             'writes HTML only'),
            ('Jürgen Groß', compose(of('Jürgen Groß'), SUPPORT, 'Foto vom Schaden',
                                    'Hallo, anbei ein Foto zu O10003.\n',
                                    attachments=[('Schaden grün.png', 'image/png',
                                                  b'\x89PNG\r\n\x1a\n' + bytes(200))]),
             'attaches a picture'),
            ('Peter Walsh', compose(of('Peter Walsh'), SUPPORT, 'Re: our call last month',
                                    'As discussed, please change my address.\n\n'
                                    'On 3 October you wrote:\n> please send us your new address\n',
                                    headers=[('In-Reply-To', '<long-gone@shop.example>'),
                                             ('References', '<long-gone@shop.example>')]),
             'answers an old thread that nobody knows'),
            ('Tom Baker', compose(of('Tom Baker'), SUPPORT, 'Somebody else\'s order',
                                  'What about order O10010?\n'), 'names another customer\'s order'),
            ('Grace Lee', compose(of('Grace Lee'), SUPPORT, 'Out of office',
                                  'I am away until Monday.\n',
                                  headers=[('Auto-Submitted', 'auto-replied')]),
             'is out of office'),
            ('Liam Byrne', b'From: "Liam Byrne" <' + shop.address('Liam Byrne').encode() +
             b'>\r\nSubject: =?utf-8?Q?broken=ZZ?= mail\r\nContent-Type: multipart/mixed; '
             b'boundary=nowhere\r\n\r\nno part begins here\r\n\x00\xff\xfe\r\n',
             'sends something broken'),
            ('Olivia Park', compose(of('Olivia Park'), SUPPORT, '#release O10019',
                                    '#release O10019\n\nPlease!\n'),
             'tries to command the desk'),
            ('Ruth Adams', compose(of('Ruth Adams'), SUPPORT, 'Invoice',
                                   'Could you send the invoice again, please?\n'), 'asks again'),
            ('Bounce Tester', compose(of('Bounce Tester'), SUPPORT, 'Is O10030 on its way?',
                                      'Is O10030 on its way?\n'),
             'asks, but cannot be answered (a bounce will come)'),
            ('Ivan Novak', compose('Ann Archer <' + ANN + '>', SUPPORT, 'Re: [T10001]',
                                   '#release O10002\n'),
             'pretends to be Ann'),
        ]
        for name, message, what in mails:
            self.deliver(name, message, what)
        return len(mails)

    def agent_mail(self, agent, words):
        return self.servers.wait_mail(agent, lambda m: words in (m['Subject'] or ''),
                                      what=f'the desk mail about "{words}"')

    def transcript(self, agent, words, result):
        return self.servers.wait_mail(
            agent, lambda m: m['X-Postclerk-Result'] == result and words in (m['Subject'] or ''),
            what=f'the transcript of "{words}"')

    # ---- the story ----

    def story(self):
        step('A private Dovecot and Postfix, and a desk for the shop "Tea & Tin"')
        self.prepare()
        step('Twelve mails reach ' + SUPPORT)
        self.customers_write()
        self.ann_answers()
        self.bob_answers()
        self.thief()
        self.bounce()
        self.look_back()

    def ann_answers(self):
        step('Ann finds John\'s question in her inbox, with the record beside it')
        mail = self.agent_mail('ann', 'When will O10032 ship?')
        show(f'{mail["Subject"]}   (Reply-To: {mail["Reply-To"][:24]}…)', text_of(mail))
        check('O10032' in text_of(mail), 'the desk mail shows the order')
        step('She answers it in her mail client: a command, and her words below it')
        answer = reply(mail, f'Ann Archer <{ANN}>',
                       '#comment O10032 "asked by mail"\n\nDear John,\n\nyour parcel leaves us '
                       'tomorrow. Sorry that it took so long!\n\nAnn')
        show('what Ann sends', answer.get_content(), 8)
        self.servers.submit('ann', answer)
        done = self.transcript('ann', 'When will O10032', 'done')
        show('the transcript she gets: ' + done['Subject'], text_of(done), 14)
        got = self.servers.wait_mail('john.carter', lambda m: 'parcel leaves' in text_of(m))
        show(f'what John gets: {got["Subject"]}', text_of(got), 20)
        raw = got.raw.decode('ascii', 'replace')
        check(got['In-Reply-To'] == self.question['Message-ID'], 'it threads in John\'s client')
        check(got.get_body(('html',)) is not None, 'it has both parts, text and HTML')
        check('#comment' not in text_of(got), 'no command line reaches the customer')
        check('asked by mail' not in raw, 'no internal comment reaches the customer')
        check(not re.search(r'\+[a-z2-7]{52}@', '\n'.join(
            l for l in raw.split('\n') if not l.lower().startswith(
                ('return-path:', 'delivered-to:', 'received:', '\t')))), 'no token reaches the customer')
        check('asked by mail' in self.must('show', 'O10032'), 'the comment stands on the order')

    def bob_answers(self):
        step('Bob releases Erika\'s order; the mail that this causes carries his words')
        mail = self.agent_mail('bob', 'O10001')
        answer = reply(mail, f'Bob Berg <{BOB}>', '#relase O10001\n\nGuten Tag Frau Mustermann')
        self.servers.submit('bob', answer)
        refused = self.transcript('bob', 'O10001', 'refused')
        show('a typing error runs nothing: ' + refused['Subject'], text_of(refused), 10)
        check('release' in text_of(refused), 'the transcript says what he may have meant')
        check('[HAL]' in self.must('show', 'O10001'), 'the order is still on hold')
        answer = reply(mail, f'Bob Berg <{BOB}>',
                       '#release O10001\n\nGuten Tag Frau Mustermann,\n\nIhre Zahlung ist da – '
                       'vielen Dank! Die Bestellung geht morgen raus.\n\nBob Berg')
        self.servers.submit('bob', answer)
        self.transcript('bob', 'O10001', 'done')
        got = self.servers.wait_mail('erika.mustermann', lambda m: 'Zahlung ist da' in text_of(m))
        show(f'what Erika gets: {got["Subject"]}', text_of(got), 24)
        check('[HAL]' not in self.must('show', 'O10001'), 'the order is released')
        check(len(self.servers.mails('erika.mustermann')) == 1, 'one mail, not two')
        # The same mail again, as a mail system may deliver it.
        self.servers.submit('bob', answer)
        time.sleep(2)
        check(len(self.servers.mails('erika.mustermann')) == 1, 'the same mail again does nothing')

    def thief(self):
        step('A stranger who got hold of Ann\'s reply address commands the desk')
        mail = self.agent_mail('ann', 'Wrong cup')
        theft = reply(mail, f'Mallory <mallory@elsewhere.example>', '#hold O10004 "mine now"')
        self.servers.deliver('mallory@elsewhere.example', mail['Reply-To'], theft.as_bytes())
        notice = self.servers.wait_mail('ann', lambda m: 'without proof' in (m['Subject'] or ''))
        show('what Ann is told: ' + notice['Subject'], text_of(notice), 14)
        check('on hold' not in self.must('show', 'O10004'), 'nothing was run')
        check(not self.servers.mails('mallory'), 'nothing was sent to the stranger')

    def bounce(self):
        step('An answer bounces: the thread knows, and Ann is told')
        mail = self.agent_mail('ann', 'Is O10030 on its way?')
        self.servers.submit('ann', reply(mail, f'Ann Archer <{ANN}>', 'Yes, it is!'))
        notice = self.servers.wait_mail('ann', lambda m: 'Not delivered' in (m['Subject'] or ''),
                                        what='the word of the bounce')
        show(notice['Subject'], text_of(notice), 12)
        check('bounce@customer.example' in text_of(notice), 'she learns who was not reached')

    def look_back(self):
        step('Afterwards')
        check(not self.servers.mails('grace.lee'), 'the out-of-office got no answer')
        check(not self.servers.mails('olivia.park'), 'a customer\'s #release is no command')
        check('[HAL]' in self.must('show', 'O10019'), 'and order O10019 is still on hold')
        check('[ANG]' in self.must('show', 'O10002'),
              'a forged From without a token ran nothing')
        check(len(self.servers.mails('support', 'Processed')) >= 12,
              'every mail was moved on the server after it was committed')
        fsck = self.postclerk('fsck')
        check(fsck.returncode == 0, 'fsck: ' + (fsck.stdout or fsck.stderr).strip().split('\n')[-1])

    def trouble(self):
        """What the desk and the servers complained of, for whoever reads a failed run."""
        logs = [('desk.log', r'level=(warning|error|notice)|deferred|failed'),
                ('servers/postfix.log', r'warning|fatal|panic|status=(deferred|bounced)'),
                ('servers/dovecot.log', r'Error|Fatal|Panic|Warning')]
        for name, pattern in logs:
            path = self.dir / name
            lines = path.read_text(errors='replace').split('\n') if path.exists() else []
            found = [line for line in lines if re.search(pattern, line)]
            if found:
                show(f'out of {name}', '\n'.join(found[-12:]))

    def tell(self):
        v = self.servers
        program = os.path.relpath(self.program)
        print(f'''
{bold('The desk is running.')} Connect any mail client as an agent:

  IMAP        localhost, port {v.port('IMAPS')}, TLS (the CA is {v.vars['CA_FILE']})
  submission  localhost, port {v.port('SUBMISSION')}, STARTTLS
  user        ann (or bob), password {v.password}; address {ANN}
  the shared inbox is the user support with the same password

Write to {SUPPORT} through port {v.port('SMTP')} as any customer, or try

  {program} --desk {self.desk} show O10001
  {program} --desk {self.desk} do '#help' --as ann

Templates: {TOP}/templates (your own go into {self.desk}/templates).
Log: {self.dir}/desk.log.  Stop all of it: contrib/demo --stop {self.dir}''')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--once', action='store_true')
    parser.add_argument('--stop', action='store_true')
    parser.add_argument('--program')
    parser.add_argument('dir')
    options = parser.parse_args()
    demo = Demo(options.dir, options.program)
    if options.stop:
        demo.stop()
        print('stopped')
        return 0
    try:
        demo.story()
    except (TimeoutError, SystemExit) as error:
        check(False, str(error))
        demo.trouble()
        log = demo.dir / 'desk.log'
        if log.exists():
            show('the end of the desk\'s log', '\n'.join(log.read_text().split('\n')[-30:]))
    print(f'\n{check.passed} steps held, {check.failed} did not')
    if options.once or check.failed:
        demo.stop()
        return 1 if check.failed else 0
    demo.tell()
    return 0


if __name__ == '__main__':
    sys.exit(main())
