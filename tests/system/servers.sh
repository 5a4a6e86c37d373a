#!/bin/bash
# SPDX-License-Identifier: ISC
# A private Dovecot and a private Postfix on loopback, in one directory, for
# the system tests and the demo.  Nothing of the machine's own servers is read
# or touched; the ports are free ones.
#
# usage: servers.sh start DIR   starts both and prints shell variables:
#          IMAP_PORT (STARTTLS), IMAPS_PORT, LMTP_PORT, SMTP_PORT (the border:
#          takes any mail, no login), SUBMISSION_PORT (STARTTLS, login), CA_FILE,
#          MAIL_PASSWORD (of every user), OAUTH_TOKEN (XOAUTH2 of user support),
#          SERVERS_DIR
#        servers.sh stop DIR    stops what start started, by its pids
#        servers.sh vars DIR    prints the variables again
#        servers.sh queue DIR   what Postfix still holds
#
# Every local part is a user with a mailbox (support, ann, bob, erika …),
# whatever the domain; name+detail@ is delivered to name.  Postfix relays all
# mail by LMTP into Dovecot, but for these recipients:
#   hard@ 550 at RCPT   soft@ 451 at RCPT   full@ 452 at RCPT
#   bounce@ taken, then a real bounce       defer@ taken, then deferred
# Mail through the submission service gets, above Postfix's Received line,
#   Authentication-Results: desk.test; auth=pass smtp.auth=USER
# while the same header from outside is left for the desk to tell apart.
# Set SERVERS_PASSWORD for another password than "secret", SERVERS_PORT for a
# first port that does not change from run to run (five are taken), and
# SERVERS_DOMAIN for another name than desk.test.
set -eu

die() {
	echo "servers.sh: $*" >&2
	[ -z "${starting:-}" ] || stop_all
	exit 1
}

stop_all() {
	stop_by "$D/postfix/spool/pid/master.pid"
	stop_by "$D/run/master.pid"
}

listens() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

await_port() {
	local i
	for i in $(seq 250); do
		listens "$1" && return 0
		sleep 0.02
	done
	return 1
}

alive() {
	[ -f "$1" ] && kill -0 "$(tr -d ' \n' <"$1")" 2>/dev/null
}

stop_by() {
	local pid i
	[ -f "$1" ] || return 0
	pid=$(tr -d ' \n' <"$1")
	kill -TERM "$pid" 2>/dev/null || return 0
	for i in $(seq 250); do
		kill -0 "$pid" 2>/dev/null || return 0
		sleep 0.02
	done
	kill -KILL "$pid" 2>/dev/null || true
}

# Can every user go there?  Postfix works as one of its own.
reachable() {
	local at=$1
	while [ "$at" != / ]; do
		case $(stat -c %A "$at") in
		*[xt]) at=$(dirname "$at") ;;
		*) return 1 ;;
		esac
	done
}

# Below a home that is closed to others DIR becomes a link to a place that is not.
find_place() {
	D=$(mkdir -p "$dir" && cd "$dir" && pwd -P)
	chmod 755 "$D"
	reachable "$D" && return
	D=$(mktemp -d /tmp/postclerk-servers.XXXXXX)
	chmod 755 "$D"
	rmdir "$dir" && ln -s "$D" "$dir" || die "$dir cannot be reached by Postfix and is not empty"
}

# Below the range from which the kernel gives ports to clients.
pick_ports() {
	local try p
	for try in $(seq 50); do
		base=${SERVERS_PORT:-$((20000 + (RANDOM * 32768 + RANDOM) % 12000))}
		for p in 0 1 2 3 4; do
			! listens $((base + p)) || continue 2
		done
		return 0
	done
	die "found no free ports"
}

b64url() {
	base64 -w0 | tr '+/' '-_' | tr -d '='
}

# A token that Dovecot checks by itself: HS256 with a key in a file.
make_oauth() {
	local key head claims mac
	mkdir -p "$D/keys/default/HS256"
	key=$(openssl rand -hex 16)
	printf %s "$key" | base64 -w0 >"$D/keys/default/HS256/default"
	head=$(printf '{"alg":"HS256","typ":"JWT","kid":"default"}' | b64url)
	claims=$(printf '{"sub":"support","email":"support","iat":%d,"exp":%d}' \
		$(($(date +%s) - 60)) $(($(date +%s) + 864000)) | b64url)
	mac=$(printf %s "$head.$claims" | openssl dgst -sha256 -hmac "$key" -binary | b64url)
	OAUTH_TOKEN=$head.$claims.$mac
	cat >"$D/oauth2.conf.ext" <<CONF
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$D/keys/
username_attribute = email
CONF
}

make_certificates() {
	[ ! -f "$D/cert.pem" ] || return 0
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
		-subj "/CN=postclerk test CA" -addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign \
		-keyout "$D/ca-key.pem" -out "$D/ca.pem" 2>"$D/start.err" || die "openssl: $(cat "$D/start.err")"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
		-keyout "$D/key.pem" -out "$D/cert.csr" 2>>"$D/start.err"
	printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >"$D/cert.ext"
	openssl x509 -req -in "$D/cert.csr" -CA "$D/ca.pem" -CAkey "$D/ca-key.pem" -set_serial 2 \
		-days 3650 -extfile "$D/cert.ext" -out "$D/cert.pem" 2>>"$D/start.err"
	cat "$D/ca.pem" >>"$D/cert.pem"
}

start_dovecot() {
	local vu vg iu lu ig
	if [ "$(id -u)" = 0 ]; then
		vu=nobody vg=$(id -gn nobody) iu=dovecot lu=dovenull ig=dovecot
	else
		vu=$(id -un) vg=$(id -gn) iu=$vu lu=$vu ig=$vg
	fi
	mkdir -p "$D/run" "$D/mail" "$D/state"
	cat >"$D/dovecot.conf" <<CONF
base_dir = $D/run
state_dir = $D/state
instance_name = postclerk-$base
log_path = $D/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
hostname = imap.$domain
default_internal_user = $iu
default_internal_group = $ig
default_login_user = $lu
mail_uid = $vu
mail_gid = $vg
first_valid_uid = 1
first_valid_gid = 1
mail_location = sdbox:$D/mail/%u
mail_home = $D/mail/%u/home
ssl = yes
ssl_cert = <$D/cert.pem
ssl_key = <$D/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_username_format = %Ln
auth_failure_delay = 0
postmaster_address = postmaster@$domain
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
lmtp_hdr_delivery_address = final
mail_max_userip_connections = 200
imap_hibernate_timeout = 0
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $D/oauth2.conf.ext
}
passdb {
  driver = static
  args = password={PLAIN}$password
}
userdb {
  driver = static
  args = uid=$vu gid=$vg home=$D/mail/%u/home allow_all_users=yes
}
service auth {
  unix_listener auth-client {
    mode = 0666
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
  chroot =
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  service_count = 0
  inet_listener imap {
    port = $IMAP_PORT
  }
  inet_listener imaps {
    port = $IMAPS_PORT
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = $LMTP_PORT
  }
}
namespace inbox {
  inbox = yes
  separator = /
}
CONF
	if [ "$(id -u)" = 0 ]; then
		chown -R "$vu:$vg" "$D/mail"
		chmod 755 "$D" "$D/run"
	fi
	# A daemon keeps what it inherits open: nobody shall wait for a pipe of ours.
	dovecot -c "$D/dovecot.conf" >/dev/null 2>"$D/start.err" </dev/null ||
		die "dovecot: $(cat "$D/start.err")"
	await_port "$IMAP_PORT" && await_port "$LMTP_PORT" || die "Dovecot does not answer: see $D/dovecot.log"
}

postfix_tables() {
	cat >"$D/postfix/etc/rcpt" <<'CONF'
/^hard@/ 550 5.1.1 No such user
/^soft@/ 451 4.7.1 Greylisted, try again
/^full@/ 452 4.2.2 Mailbox full
CONF
	cat >"$D/postfix/etc/transport" <<CONF
/^bounce@/ error:5.1.1 No such user here
/^defer@/ retry:4.2.1 Mailbox busy
/./ lmtp:inet:127.0.0.1:$LMTP_PORT
CONF
	cat >"$D/postfix/etc/sasl" <<CONF
/^([-A-Za-z0-9._@]+)\$/ PREPEND Authentication-Results: $domain; auth=pass smtp.auth=\$1
/./ REJECT
CONF
	cat >"$D/postfix/etc/master.cf" <<CONF
127.0.0.1:$SMTP_PORT inet n - n - - smtpd
127.0.0.1:$SUBMISSION_PORT inet n - n - - smtpd
  -o syslog_name=submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path=$D/run/auth-client
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=check_sasl_access,regexp:$D/postfix/etc/sasl
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
showq unix n - n - - showq
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CONF
}

start_postfix() {
	[ "$(id -u)" = 0 ] || die "Postfix can only be started by root"
	local P=$D/postfix
	mkdir -p "$P/etc" "$P/spool" "$P/data"
	chown root:root "$P/spool"
	chown postfix "$P/data"
	chmod 755 "$D" "$P" "$P/etc" "$P/spool"
	chmod 700 "$P/data"
	# What "postfix check" would make; the master does not.
	(
		cd "$P/spool"
		mkdir -p pid active bounce corrupt defer deferred flush hold incoming maildrop \
			private public saved trace
		chown postfix active bounce corrupt defer deferred flush hold incoming private saved trace
		chmod 700 active bounce corrupt defer deferred flush hold incoming private saved trace
		chown postfix:postdrop maildrop public
		chmod 730 maildrop
		chmod 710 public
	)
	cat >"$P/etc/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $P/spool
data_directory = $P/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = $D/postfix.log
maillog_file_prefixes = $D
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = $domain
myorigin = $domain
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
relay_domains =
transport_maps = regexp:$P/etc/transport
lmtp_tls_security_level = none
lmtp_destination_concurrency_limit = 4
smtpd_tls_cert_file = $D/cert.pem
smtpd_tls_key_file = $D/key.pem
smtpd_tls_security_level = may
smtpd_recipient_restrictions = check_recipient_access regexp:$P/etc/rcpt
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtputf8_enable = yes
message_size_limit = 41943040
append_dot_mydomain = no
recipient_delimiter = +
default_process_limit = 20
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
CONF
	postfix_tables
	# A file of this second makes Postfix wait for two.
	touch -d "1 minute ago" "$P"/etc/*
	MAIL_CONFIG=$P/etc setsid /usr/lib/postfix/sbin/master -c "$P/etc" -d \
		>/dev/null 2>>"$D/start.err" </dev/null &
	await_port "$SMTP_PORT" && await_port "$SUBMISSION_PORT" ||
		die "Postfix does not answer: see $D/postfix.log and $D/start.err"
}

command=${1:-} dir=${2:-}
[ -n "$dir" ] || die "usage: servers.sh start|stop|vars|queue DIR"
password=${SERVERS_PASSWORD:-secret} domain=${SERVERS_DOMAIN:-desk.test}
PATH=$PATH:/usr/sbin:/sbin

case $command in
start)
	find_place
	for program in dovecot openssl /usr/lib/postfix/sbin/master; do
		command -v "$program" >/dev/null || die "$program is missing: apt-get install" \
			"dovecot-imapd dovecot-lmtpd postfix openssl"
	done
	! alive "$D/run/master.pid" && ! alive "$D/postfix/spool/pid/master.pid" ||
		die "servers run in $D already"
	starting=yes
	pick_ports
	IMAP_PORT=$base IMAPS_PORT=$((base + 1)) LMTP_PORT=$((base + 2))
	SMTP_PORT=$((base + 3)) SUBMISSION_PORT=$((base + 4))
	make_certificates
	make_oauth
	start_dovecot
	start_postfix
	for name in IMAP_PORT IMAPS_PORT LMTP_PORT SMTP_PORT SUBMISSION_PORT OAUTH_TOKEN; do
		printf '%s=%s\n' "$name" "${!name}"
	done >"$D/vars"
	printf 'CA_FILE=%q\nMAIL_PASSWORD=%q\nSERVERS_DIR=%q\n' "$D/ca.pem" "$password" "$D" >>"$D/vars"
	cat "$D/vars"
	;;
stop)
	[ -d "$dir" ] || exit 0
	D=$(cd "$dir" && pwd -P)
	stop_all
	;;
vars)
	cat "$dir/vars"
	;;
queue)
	MAIL_CONFIG=$(cd "$dir" && pwd -P)/postfix/etc postqueue -p
	;;
*)
	die "usage: servers.sh start|stop|vars|queue DIR"
	;;
esac
