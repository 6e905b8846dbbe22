# shellcheck shell=bash
# Debian packages, on the host or in the chroot of the chosen control plane.

in_root() { if [ -n "$ROOT" ]; then chroot "$ROOT" "$@"; else "$@"; fi; }

# wants infra|core|full|debootstrap : installed once; a changed list is installed anew
wants() {
    local packages
    read -ra packages < <("$1_packages")
    once "$(packages_stamp "$1")" install_packages "$1" "${packages[@]}"
}
packages_stamp() { echo "packages-$1-$("$1_packages" | cksum | cut -d' ' -f1)"; }
debootstrap_packages() { echo debootstrap ca-certificates; }

# A freshly installed package must start nothing: this file tells it so. It is ours to
# remove again on the host, where the next package may be somebody else's.
forbid_starting() {
    local policy=$ROOT/usr/sbin/policy-rc.d
    [ ! -e "$policy" ] || return 0
    printf '#!/bin/sh\n# groundcrew-lab\nexit 101\n' >"$policy"
    chmod 755 "$policy"
}
allow_starting() {
    local policy=$ROOT/usr/sbin/policy-rc.d
    ! grep -qs '^# groundcrew-lab$' "$policy" || rm -f "$policy"
}

# apt_get LOG ARGS... : waits for another program that has the locks of packages: apt waits for dpkg's by itself, and not for those
# of the lists and of what was downloaded
apt_get() {
    local log=$1 attempt
    shift
    for attempt in {1..30}; do
        in_root apt-get -o DPkg::Lock::Timeout=300 "$@" >"$log.now" 2>&1 </dev/null 8>&- && break
        grep -q '^E: Could not get lock' "$log.now" && [ "$attempt" -lt 30 ] || { cat "$log.now" >>"$log"; return 1; }
        sleep 10
    done
    cat "$log.now" >>"$log"
    rm -f "$log.now"
}

install_packages() {
    local name=$1 log=$LOGS/apt-$1.log begin=$SECONDS done=1
    shift
    say "installing $# packages and what they need ($name)"
    forbid_starting
    echo 'dbconfig-common dbconfig-common/dbconfig-install boolean false' | in_root debconf-set-selections
    {
        flock 8
        : >"$log"
        apt_get "$log" update -q &&
            apt_get "$log" install -q -y --no-install-recommends \
                -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" || done=0
    } 8>>"$LAB_DIR/apt-lock"
    [ -n "$ROOT" ] || allow_starting
    [ $done = 1 ] || die "apt-get failed: $(grep -m1 '^E:' "$log" || tail -1 "$log") (see $log)"
    say "installed in $((SECONDS - begin)) s"
}

# further_packages NAME... : of the host, for a test that starts its own daemons
further_packages() {
    local name missing=()
    for name; do
        [[ $name =~ ^[a-z0-9][a-z0-9.+-]+$ ]] || usage_error "'$name' is no name of a Debian package"
        dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -q '^installed' || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || die "not installed: ${missing[*]}; remedy: apt-get install"
    mkdir -p "$LOGS"
    install_packages further "${missing[@]}"
}
