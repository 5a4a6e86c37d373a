# SPDX-License-Identifier: ISC
# What contrib/demo and contrib/check share: installing what is missing, and building.
# Sourced with $top set to the tree.

BUILD_PACKAGES="autoconf automake gcc make pkg-config libc6-dev
	libetpan-dev libcurl4-gnutls-dev libpcre2-dev libdb5.3-dev libprotobuf-c-dev
	protobuf-c-compiler libjansson-dev libconfuse-dev libgnutls28-dev libcmark-dev
	libxml2-dev libunistring-dev libzstd-dev"
SERVER_PACKAGES="dovecot-core dovecot-imapd dovecot-lmtpd postfix postfix-pcre openssl python3
	procps tzdata"
TEST_PACKAGES="libcmocka-dev nodejs npm git"

say() { printf '%s\n' "$*" >&2; }
fail() { say "$0: $*"; exit 1; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"
	elif command -v sudo >/dev/null; then sudo "$@"
	else fail "this needs root, or sudo: $*"
	fi
}

# A program that is there under its own name needs no package.
have() {
	case $1 in
	nodejs) command -v node >/dev/null && return ;;
	npm|git|python3|gcc|make) command -v "$1" >/dev/null && return ;;
	esac
	dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

# install_packages PACKAGE …: those that are missing, without questions.
install_packages() {
	missing=
	for package in "$@"; do have "$package" || missing="$missing $package"; done
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || fail "missing, and there is no apt-get to install them:$missing"
	say "installing:$missing"
	# Postfix would ask what kind of site this is; the private one needs no answer.
	echo "postfix postfix/main_mailer_type select No configuration" |
		as_root debconf-set-selections 2>/dev/null || true
	log=$(mktemp)
	if ! { as_root apt-get update -q &&
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
			--no-install-recommends $missing; } >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		fail "could not install:$missing"
	fi
	rm -f "$log"
}

# build DIR [CONFIGURE-OPTION …]: configured and made in DIR.
build() {
	build_dir=$1; shift
	[ -x "$top/configure" ] && [ "$top/configure" -nt "$top/configure.ac" ] ||
		(cd "$top" && ./autogen.sh >/dev/null 2>&1) || fail "autoreconf failed: run ./autogen.sh"
	mkdir -p "$build_dir"
	[ -f "$build_dir/Makefile" ] ||
		(cd "$build_dir" && "$top/configure" -q "$@") || fail "configure failed: see $build_dir/config.log"
	make -C "$build_dir" -s -j"$(nproc)" --no-print-directory || fail "the build failed"
}
