# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Installs what is missing of contrib/packages.txt and starts none of it. Sourced (bash) by
# contrib/quickstart and tests/run:
#     packages_install ASSUME_YES KIND...      ASSUME_YES: yes or no; asks when it may on a terminal

packages_file=$(dirname "${BASH_SOURCE[0]}")/packages.txt
policy=/usr/sbin/policy-rc.d

# Those of the kinds that are not installed, one a line.
packages_missing() {
    local package rest kind wanted
    while read -r package rest; do
        [[ $package == '' || $package == '#'* ]] && continue
        read -r _ kind _ <<<"$rest"
        wanted=
        for word in "$@"; do [[ $word == "$kind" ]] && wanted=1; done
        [[ $wanted ]] || continue
        [[ $rest == *' unless '* ]] && command -v "${rest##* unless }" >/dev/null && continue
        [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) == ii* ]] || echo "$package"
    done <"$packages_file"
}

# While packages are configured nothing may start; what stood there comes back in any case.
packages_forbid_starts() {
    [[ -e $policy ]] && mv "$policy" "$policy.before-mailboy"
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
}
packages_allow_starts() {
    rm -f "$policy"
    [[ ! -e $policy.before-mailboy ]] || mv "$policy.before-mailboy" "$policy"
}

packages_units() {
    find /lib/systemd/system /usr/lib/systemd/system -maxdepth 1 \
        \( -name '*.service' -o -name '*.socket' -o -name '*.timer' \) ! -name '*@.*' \
        -printf '%f\n' 2>/dev/null | sort -u
}

packages_install() {
    local assume_yes=$1 missing before unit answer status
    shift
    mapfile -t missing < <(packages_missing "$@")
    (( ${#missing[@]} )) || return 0
    echo "To be installed (none of it is started): ${missing[*]}"
    if [[ $assume_yes != yes && -t 0 ]]; then
        read -rp "Install them now? [Y/n] " answer
        [[ $answer == [nN]* ]] && { echo "Nothing was installed." >&2; return 1; }
    fi
    if (( EUID != 0 )); then
        echo "Installing needs root: run this with sudo, or install the packages above." >&2
        return 1
    fi
    before=$(packages_units)
    # A subshell, so that the trap below takes nobody else's place.
    (
        trap packages_allow_starts EXIT
        trap 'exit 130' INT TERM HUP
        packages_forbid_starts
        export DEBIAN_FRONTEND=noninteractive
        apt-get -q update && apt-get -qy --no-install-recommends install "${missing[@]}"
    )
    status=$?
    (( status == 0 )) || { echo "apt-get failed; see above." >&2; return 1; }
    if command -v systemctl >/dev/null; then
        for unit in $(comm -13 <(echo "$before") <(packages_units)); do
            systemctl disable "$unit" >/dev/null 2>&1 || true
        done
    fi
}
