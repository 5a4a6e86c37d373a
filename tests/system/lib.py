# SPDX-License-Identifier: ISC
"""What the system tests share: TAP, a desk in a temporary directory, mails as
bytes, and the private servers of servers.sh.  Standard library only."""
import email
import email.policy
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

SRC = Path(os.environ.get('srcdir') or Path(__file__).parents[2]).resolve()
BUILD = Path.cwd()
PROGRAM = str(BUILD / 'postclerk')
sys.path.insert(0, str(SRC / 'contrib/lib'))
sys.dont_write_bytecode = True

import shop
from mailclient import Servers, compose, reply, text_of

# The tree's own templates: nothing is installed.
os.environ.setdefault('POSTCLERK_TEMPLATES', str(SRC / 'templates'))
os.environ.pop('POSTCLERK_DESK', None)
os.environ.pop('POSTCLERK_NOW', None)

# sysexits.h
OK, USAGE, DATAERR, NOINPUT, TEMPFAIL, CONFIG = 0, 64, 65, 66, 75, 78

SUPPORT = 'support@shop.example'
DESK_ADDRESS = 'support+desk@shop.example'
ANN, BOB = 'Ann Archer <ann@shop.example>', 'Bob Berg <bob@shop.example>'
AGENTS = ('ann@shop.example', 'bob@shop.example')
TOKEN = re.compile(r'(?i)(?<![a-z2-7])[a-z2-7]{52}(?![a-z2-7])')


# ---- TAP ----

class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def ok(self, truth, name, *details):
        self.n += 1
        self.failed += not truth
        print(f'{"ok" if truth else "not ok"} {self.n} - {name}')
        if not truth:
            for detail in details:
                for line in str(detail).rstrip('\n').split('\n')[:60]:
                    print(f'# {line}')
        sys.stdout.flush()
        return bool(truth)

    def same(self, got, want, name, *details):
        return self.ok(got == want, name, f'got  {got!r}', f'want {want!r}', *details)

    def has(self, words, text, name):
        return self.ok(words in text, name, f'no {words!r} in:', text)

    def lacks(self, words, text, name):
        return self.ok(words not in text, name, f'there is {words!r} in:', text)

    def skip(self, name, why):
        self.n += 1
        print(f'ok {self.n} - {name} # SKIP {why}', flush=True)

    def note(self, text):
        print(f'# {text}', flush=True)


tap = Tap()
ok, same, has, lacks = tap.ok, tap.same, tap.has, tap.lacks


def main(tests, only=None):
    """Runs the test functions in order, each with the temporary directory of the
    program; an exception is a failure of its test.  Returns the exit status."""
    if not Path(PROGRAM).exists():
        sys.exit(f'{PROGRAM} is not there: run this in the build directory')
    only = sys.argv[1:]
    directory = tempfile.mkdtemp(prefix='postclerk-test-')
    # The mail servers drop their privileges and still have to get in.
    os.chmod(directory, 0o755)
    try:
        for test in tests:
            if only and test.__name__ not in only:
                continue
            tap.note(test.__name__)
            try:
                test(Path(directory))
            except Skip as skip:
                tap.skip(test.__name__, skip)
            except Exception:
                ok(False, f'{test.__name__} ran to its end', traceback.format_exc())
    finally:
        stop_everything()
        if os.environ.get('KEEP'):
            tap.note(f'kept: {directory}')
        else:
            shutil.rmtree(directory, ignore_errors=True)
    print(f'1..{tap.n}')
    return 1 if tap.failed else 0


class Skip(Exception):
    pass


# ---- what is started is stopped, by its pid ----

running = []


def start(argv, **kw):
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, **kw)
    running.append(process)
    return process


def stop(process, patience=20):
    """Ends a process that start() started; returns its status."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process in running:
        running.remove(process)
    return process.returncode


servers_dirs = []


def stop_everything():
    for process in list(running):
        stop(process)
    for directory in servers_dirs:
        subprocess.run(['bash', str(SRC / 'tests/system/servers.sh'), 'stop', directory],
                       stdin=subprocess.DEVNULL, check=False)


def start_servers(directory, **environment):
    """Dovecot and Postfix; Skip when they cannot run here."""
    if os.getuid() != 0:
        raise Skip('a private Postfix needs root')
    for program in ('dovecot', 'openssl'):
        if not shutil.which(program, path=os.environ['PATH'] + ':/usr/sbin:/sbin'):
            raise Skip(f'{program} is not installed')
    if not Path('/usr/lib/postfix/sbin/master').exists():
        raise Skip('postfix is not installed')
    servers_dirs.append(str(directory))
    out = subprocess.run(['bash', str(SRC / 'tests/system/servers.sh'), 'start', str(directory)],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True,
                         env={**os.environ, **environment})
    if out.returncode:
        raise RuntimeError(out.stderr)
    words = (' '.join(shlex.split(line)) for line in out.stdout.splitlines())
    return Servers(dict(word.split('=', 1) for word in words))


# ---- mails ----

def wire(message):
    """CRLF bytes of a message, or of text."""
    if isinstance(message, str):
        message = message.encode()
    if isinstance(message, bytes):
        return message.replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')
    return message.as_bytes()


def proved(message, login, by='desk.test', result='auth=pass smtp.auth='):
    """The mail as our border gives it on, when `login` sent it through our submission."""
    return (f'Authentication-Results: {by}; {result}{login}\r\n'
            f'Received: from client.example by {by} with ESMTPSA id 1; '
            f'Sat, 21 Nov 2026 10:00:00 +0000\r\n').encode() + wire(message)


def from_outside(message, by='desk.test'):
    return (f'Received: from mx.example by {by} with ESMTP id 2; '
            f'Sat, 21 Nov 2026 10:00:00 +0000\r\n').encode() + wire(message)


def parsed(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    mail.raw = raw
    return mail


def find(mails, recipient, words='', result=None):
    """The one mail to that address whose subject has the words."""
    found = [m for m in mails if m.recipient == recipient and words in (m['Subject'] or '')
             and m['X-Postclerk-Result'] == result]
    if len(found) != 1:
        listed = [(m.recipient, m['Subject'], m['X-Postclerk-Result']) for m in mails]
        raise AssertionError(f'{len(found)} mails to {recipient} with "{words}" in {listed}')
    return found[0]


def customers(mails):
    """Those that leave the house: agents have addresses of the shop's domain."""
    return [m for m in mails if not m.recipient.endswith('@shop.example')]


# ---- what is true of every mail that goes out ----

def headers_of(mail):
    return mail.raw.split(b'\r\n\r\n', 1)[0].decode('ascii', 'replace')


def texts_of(mail):
    return [part.get_content() for part in mail.walk() if part.get_content_maintype() == 'text']


def leaks(mail):
    """What of a mail's bytes must never reach a customer (P13)."""
    found = []
    for text in [headers_of(mail)] + texts_of(mail):
        if TOKEN.search(text):
            found.append('a token')
        if re.search(r'(?m)^[\s>]*#[a-z]+\b', text):
            found.append('a command line')
        if 'What you can do' in text or 'Was Sie tun können' in text:
            found.append('a card')
        if re.search(r'X-Postclerk-(Thread|Result)', text):
            found.append('a header of the desk')
    return found


def flaws(mail):
    """What Python's parser finds wrong."""
    found = [str(d) for part in mail.walk() for d in part.defects]
    for name in ('From', 'To', 'Date', 'Message-ID', 'Subject', 'MIME-Version'):
        if len(mail.get_all(name, [])) != 1:
            found.append(f'{len(mail.get_all(name, []))} {name}')
        elif mail[name].defects:
            found.append(f'{name}: {mail[name].defects}')
    body = mail.get_body(('plain',))
    if body is None or not body.get_content().strip():
        found.append('no text')
    return found


def lint(mails, directory):
    """All findings of tests/mail-lint, as text; None when it is not built."""
    program = BUILD / 'tests/mail-lint'
    if not program.exists():
        return None
    directory = Path(directory)
    directory.mkdir(exist_ok=True)
    paths = []
    for i, mail in enumerate(mails):
        paths.append(directory / f'{i}.eml')
        paths[-1].write_bytes(mail.raw)
    out = ''
    for i in range(0, len(paths), 200):
        done = subprocess.run([program, *paths[i:i + 200]], capture_output=True, text=True)
        out += done.stdout + done.stderr
    return out


def check_outgoing(mails, directory, what):
    """P13, P14, P21 over every mail that a test sent."""
    ok(mails, f'{what}: mails went out')
    wrong = [f'{m.recipient}: {m["Subject"]}: {f}' for m in mails for f in flaws(m)]
    ok(not wrong, f'{what}: Python parses all {len(mails)} without a defect (P21)', *wrong)
    ids = [m['Message-ID'] for m in mails]
    same(len(set(ids)), len(ids), f'{what}: every Message-ID is its own (O3)')
    leaked = [f'{m.recipient}: {m["Subject"]}: {leak}' for m in customers(mails)
              for leak in leaks(m)]
    ok(not leaked, f'{what}: no token, command or card reaches a customer (P13)', *leaked)
    found = lint(mails, directory)
    if found is None:
        tap.skip(f'{what}: mail-lint', 'tests/mail-lint is not built')
    else:
        ok(not found, f'{what}: mail-lint finds nothing (P21)', found)


# ---- a desk ----

class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode('utf-8', 'replace')
        self.err = done.stderr.decode('utf-8', 'replace')

    def __str__(self):
        return f'status {self.status}\n{self.out}{self.err}'


AUTHORITY = '''authority {
	authserv-id = {"desk.test"}
	border = "desk.test"
}
'''


class Desk:
    """A desk's directory, with the program that works on it."""

    def __init__(self, directory, conf=AUTHORITY, agents=True, records=True, **init):
        self.dir = Path(directory)
        self.mails = []
        self.seen = set()
        self.server = None
        options = {'shop': 'Tea & Tin', 'address': SUPPORT, 'language': 'en', 'currency': 'EUR',
                   'time-zone': 'Europe/Berlin', **init}
        words = [word for name, value in options.items() for word in ('--' + name, value)]
        done = subprocess.run([PROGRAM, 'init', str(self.dir), *words], capture_output=True)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        if conf is not None:
            self.configure(conf)
        if agents:
            self.must('agent', 'add', 'ann', AGENTS[0], '--role', 'admin',
                      '--full-name', 'Ann Archer')
            self.must('agent', 'add', 'bob', AGENTS[1], '--role', 'agent',
                      '--full-name', 'Bob Berg')
        if records:
            shop.write(self.dir / 'shop.jsonl')
            self.must('import', str(self.dir / 'shop.jsonl'))

    def configure(self, text):
        (self.dir / 'postclerk.conf').write_text(text)

    def run(self, *args, stdin=b'', now=None, env=None, timeout=120):
        environment = {**os.environ, **(env or {})}
        if now:
            environment['POSTCLERK_NOW'] = now
        return Result(subprocess.run([PROGRAM, '--desk', str(self.dir), *map(str, args)],
                                     input=stdin, capture_output=True, env=environment,
                                     timeout=timeout))

    def must(self, *args, **kw):
        done = self.run(*args, **kw)
        if done.status:
            raise RuntimeError(f'postclerk {" ".join(map(str, args))}: {done}')
        return done.out

    def ingest(self, mail, wait=True, **kw):
        return self.run('ingest', *(['--wait'] if wait else []), stdin=wire(mail), **kw)

    def do(self, block, agent='ann', *args, **kw):
        return self.run('do', block, '--as', agent, *args, **kw)

    def show(self, id):
        return self.must('show', id)

    def collect(self, **kw):
        """Sends what is due into the Maildir out/; the mails that are new there."""
        self.must('send', **kw)
        fresh = []
        for path in sorted((self.dir / 'out/new').iterdir()):
            if path.name in self.seen:
                continue
            self.seen.add(path.name)
            envelope, recipient, raw = path.read_bytes().split(b'\r\n', 2)
            mail = parsed(raw)
            mail.sender = envelope.split(b'<')[1].rstrip(b'>').decode()
            mail.recipient = recipient.split(b' ')[1].decode()
            fresh.append(mail)
        self.mails += fresh
        return fresh

    def export(self):
        """The record: objects by type."""
        objects = {}
        for line in self.must('export').splitlines():
            item = json.loads(line)
            objects.setdefault(item['type'], []).append(item)
        return objects

    # ---- as a running desk ----

    def serve(self, seconds=20):
        log = open(self.dir / 'serve.log', 'ab')
        self.server = start([PROGRAM, '--desk', str(self.dir), 'serve'], stdout=log, stderr=log)
        log.close()
        end = time.monotonic() + seconds
        while not self.answers():
            if self.server.poll() is not None or time.monotonic() > end:
                raise RuntimeError('the desk did not start:\n' + self.log())
            time.sleep(0.02)
        return self.server

    def answers(self):
        with socket.socket(socket.AF_UNIX) as s:
            try:
                s.connect(str(self.dir / 'desk.sock'))
            except OSError:
                return False
        return True

    def stop(self):
        status = stop(self.server)
        self.server = None
        return status

    def log(self):
        path = self.dir / 'serve.log'
        return path.read_text(errors='replace') if path.exists() else ''


def wait_for(test, what, seconds=30, pause=0.1):
    """What test() returns once it is true."""
    end = time.monotonic() + seconds
    while True:
        got = test()
        if got:
            return got
        if time.monotonic() > end:
            raise TimeoutError(f'{what}: not within {seconds} s')
        time.sleep(pause)


def snapshot(directory):
    """Every file with its bytes but the store's, which every open touches."""
    return {str(p.relative_to(directory)): p.read_bytes() for p in Path(directory).rglob('*')
            if p.is_file() and 'store' not in p.relative_to(directory).parts}


# ---- a desk between the private servers ----

def mailbox(servers, title='support', **options):
    """A mailbox section for the private Dovecot."""
    values = {'host': 'localhost', 'port': servers.port('IMAPS'), 'tls': 'implicit',
              'ca-file': servers.vars['CA_FILE'], 'user': 'support',
              'password': servers.password, 'poll-seconds': 2, **options}
    return section(f'mailbox "{title}"', values)


def smtp(servers, **options):
    values = {'host': 'localhost', 'port': servers.port('SMTP'), 'tls': 'starttls',
              'ca-file': servers.vars['CA_FILE'], **options}
    return section('smtp', values)


def section(name, values):
    lines = [f'\t{key} = ' + (str(value) if isinstance(value, int) else f'"{value}"')
             for key, value in values.items()]
    return '\n'.join([name + ' {', *lines, '}', ''])


def without_trace(mail):
    """A mail as it left us: what delivery put above it is taken off."""
    raw, lines = mail.raw, []
    trace = re.compile(rb'(?i)(return-path|delivered-to|received|x-original-to):')
    while trace.match(raw):
        field = re.match(rb'(?s).*?\r\n(?![ \t])', raw).group(0)
        lines.append(field)
        raw = raw[len(field):]
    bare = parsed(raw)
    bare.sender = re.search(rb'(?i)return-path:\s*<(.*?)>', b''.join(lines) or b'Return-Path: <>').group(1).decode()
    return bare
