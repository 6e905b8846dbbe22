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

install_packages() {
    local name=$1 log=$LOGS/apt-$1.log begin=$SECONDS done=1
    shift
    say "installing $# packages and what they need ($name)"
    forbid_starting
    echo 'dbconfig-common dbconfig-common/dbconfig-install boolean false' | in_root debconf-set-selections
    # Of two at once the second would not wait for the package lists by itself.
    {
        flock 8
        in_root apt-get update -q >"$log" 2>&1 &&
            in_root apt-get install -q -y --no-install-recommends \
                -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
                -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null 8>&- || done=0
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
