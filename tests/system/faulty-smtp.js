// SPDX-License-Identifier: ISC
// An SMTP server whose faults the recipient's local part asks for, on npm's
// smtp-server.  Prints {"port":N} and then a line of JSON for every connection
// and every transaction.
// usage: node faulty-smtp.js '{"cert":FILE,"key":FILE,"port":N,"options":{…}}'
//   r451 r550     that reply at RCPT            d451 d554  that reply after the mail
//   droprcpt      the connection goes at RCPT   dropdata   behind the mail, unanswered
//   hangdata      no answer to the mail         dropbody   in the middle of the mail
// With "once" behind it only the first transaction of that address is faulty.
'use strict';
const fs = require('fs');
const {SMTPServer} = require('smtp-server');
const wanted = JSON.parse(process.argv[2] || '{}');
const sockets = new Map();
const faulted = new Set();
let connections = 0;

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const local = (address) => address.split('@')[0];

function reply(code) {
	const error = new Error('scripted ' + code);
	error.responseCode = +code;
	return error;
}

// The fault an address asks for now, or ''.
function fault(address) {
	const name = local(address);
	if (!name.endsWith('once'))
		return name;
	if (faulted.has(name))
		return '';
	return name.slice(0, -4);
}

function cut(session) {
	const socket = sockets.get(session.remotePort);
	if (socket)
		socket.destroy();
}

const server = new SMTPServer({
	name: 'peer.test',
	authOptional: true,
	disableReverseLookup: true,
	closeTimeout: 100,
	cert: wanted.cert && fs.readFileSync(wanted.cert),
	key: wanted.key && fs.readFileSync(wanted.key),
	...wanted.options,
	onConnect(session, done) {
		session.number = ++connections;
		say({event: 'connect', connection: session.number});
		done();
	},
	onRcptTo(address, session, done) {
		const kind = fault(address.address);
		const code = /^r(\d{3})$/.exec(kind);
		if (!code && kind !== 'droprcpt')
			return done();
		faulted.add(local(address.address));
		say({event: 'rcpt', connection: session.number, to: address.address, fault: kind});
		return code ? done(reply(code[1])) : cut(session);
	},
	onData(stream, session, done) {
		const to = session.envelope.rcptTo.map((r) => r.address);
		const kind = fault(to[0]);
		const code = /^d(\d{3})$/.exec(kind);
		const chunks = [];
		faulted.add(local(to[0]));
		if (kind === 'dropbody')
			return cut(session);
		stream.on('data', (chunk) => chunks.push(chunk));
		stream.on('end', () => {
			const raw = Buffer.concat(chunks).toString('latin1');
			const id = /^Message-ID:\s*(\S+)/mi.exec(raw);
			const dropped = kind === 'dropdata' || kind === 'hangdata';
			say({
				event: 'mail', connection: session.number, to,
				from: session.envelope.mailFrom && session.envelope.mailFrom.address,
				id: id && id[1], fault: code || dropped ? kind : '',
				secure: session.secure, raw,
			});
			if (code)
				return done(reply(code[1]));
			if (kind === 'dropdata')
				return cut(session);
			if (kind !== 'hangdata')
				done(null, 'taken');
		});
	},
});
server.server.on('connection', (socket) => {
	sockets.set(socket.remotePort, socket);
	socket.on('close', () => sockets.delete(socket.remotePort));
	socket.on('error', () => {});
});
server.on('error', (error) => say({event: 'error', text: error.message}));
server.listen(wanted.port || 0, '127.0.0.1', () => say({port: server.server.address().port}));
