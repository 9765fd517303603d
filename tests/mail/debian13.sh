#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/run mail-debian13: the dialogues of tests/mail with the servers of Debian 13 (Dovecot 2.4, Postfix 3.10, MariaDB
# 11.8), built there with its compiler, in a folder that debootstrap makes. MAILBOY_DEBIAN13 names it (default
# /var/cache/mailboy-debian13, 3 GB); it is kept for the next time. Needs root. Words go to tests/run in there ("mail").
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${MAILBOY_DEBIAN13:-/var/cache/mailboy-debian13}
# shellcheck disable=SC2016 # apt's own
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
(( $# )) || set -- mail

complain() { printf 'mail-debian13: %s\n' "$1" >&2; exit "${2:-70}"; }
(( EUID == 0 )) || complain "run this as root" 77
[[ $mirror ]] || complain "apt knows no mirror"
command -v debootstrap >/dev/null ||
    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends install debootstrap; } ||
    complain "debootstrap cannot be installed"

if [[ ! -e $folder/etc/made-whole ]]; then
    rm -rf "$folder"
    echo "== Debian 13 in $folder"
    debootstrap --variant=minbase --include=ca-certificates trixie "$folder" "$mirror" >"$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log"; complain "debootstrap failed: $folder.log"; }
    touch "$folder/etc/made-whole"
fi
mkdir -p "$folder/srv/mailboy" # its build/ stays
find "$folder/srv/mailboy" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
git ls-files -z | tar --null --files-from=- -cf - | tar -C "$folder/srv/mailboy" -xf -

# What runs in there: processes of their own, so that all end with it; loopback is shared.
# shellcheck disable=SC2016 # expanded in there
export inside='
    set -eu
    export HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
    cd /srv/mailboy
    . contrib/packages.sh
    packages_install yes build run nginx lighttpd mail >/var/log/mailboy-packages 2>&1 || { tail -n 20 /var/log/mailboy-packages; exit 70; }
    apt-get -qy --no-install-recommends install argon2 chromium chromium-driver curl groff-base libcmocka-dev lua5.4 mandoc python3 \
        python3-html5lib python3-pymysql python3-pyte python3-pytest python3-pytest-xdist python3-selenium >>/var/log/mailboy-packages 2>&1 || { tail -n 20 /var/log/mailboy-packages; exit 70; }
    echo "== Postfix $(postconf -h mail_version), Dovecot $(dovecot --version), $(mariadbd --version | cut -d" " -f1-4)"
    exec tests/run --no-install "$@"'
# shellcheck disable=SC2016
exec unshare --mount --pid --fork --kill-child bash -c '
    folder=$1
    shift
    mount --bind "$folder" "$folder" && cd "$folder" && # a root that is mounted, for tests that mount things themselves
        mount --rbind /dev "$folder/dev" && mount -t proc proc "$folder/proc" && mount -t sysfs sysfs "$folder/sys" &&
        mount -t tmpfs -o mode=1777 tmpfs "$folder/tmp" && mount -t tmpfs tmpfs "$folder/run" &&
        mount -t tmpfs -o mode=1777 tmpfs "$folder/dev/shm"
    cp /etc/resolv.conf "$folder/etc/" 2>/dev/null
    cp /etc/apt/apt.conf.d/* "$folder/etc/apt/apt.conf.d/" # a proxy, say
    exec chroot "$folder" bash -c "$inside" bash "$@"' bash "$folder" "$@"
