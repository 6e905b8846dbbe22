# shellcheck shell=bash
# The programs of another Debian release: a chroot, made once by debootstrap.

# The mirror is whatever this machine's own apt uses: asked at run time.
own_mirror() {
    # shellcheck disable=SC2016  # apt's variables
    apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
        awk -v own="$OWN_SUITE" '$2 == own {print $1; exit}'
}

# A hop needs forky's chroot and a copy of trixie's data (lib/hop.sh).
enter_chroot() {
    if [ "$SUITE" = hop ]; then
        done_before db-nova || die 'first: lab hop'
        must_be_down "$HOP_FROM"
    else
        [ "$SUITE" != "$HOP_FROM" ] || must_be_down hop
        local mirror
        mirror=$(own_mirror)
        [ -n "$mirror" ] || die "apt knows no mirror of $OWN_SUITE"
        (choose_plane ''; mkdir -p "$LOGS"; wants debootstrap)
        once debootstrap make_chroot "$mirror"
    fi
    mount_chroot
}

make_chroot() {
    local log=$LOGS/debootstrap.log
    say "debootstrap $SUITE (a minute or so)"
    rm -rf --one-file-system "$ROOT"
    # debootstrap's script for sid does for every suite that it does not know by name.
    debootstrap --variant=minbase --merged-usr --include=ca-certificates \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        "$SUITE" "$ROOT" "$1" /usr/share/debootstrap/scripts/sid >"$log" 2>&1 ||
        { say "debootstrap failed; see $log"; return 1; }
    # It reaches the mirror as the host does.
    cp /etc/apt/apt.conf.d/* "$ROOT/etc/apt/apt.conf.d/" 2>/dev/null || true
    cp -r /etc/apt/auth.conf.d "$ROOT/etc/apt/" 2>/dev/null || true
    cp /etc/resolv.conf /etc/hosts "$ROOT/etc/" 2>/dev/null || true
    cp /etc/ssl/certs/ca-certificates.crt "$ROOT/etc/ssl/certs/" 2>/dev/null || true
    echo "127.0.0.1 localhost $(hostname)" >>"$ROOT/etc/hosts"
}

mount_chroot() {
    local d
    for d in /proc /sys /dev /dev/pts "$BASE" "$LAB_DIR/logs" "$LAB_DIR/py"; do
        bind_mount "$d" "$ROOT$d"
    done
    # The databases know files by the names that they had under the old release.
    [ "$SUITE" != hop ] || bind_mount "$BASE" "$ROOT$LAB_DIR/lab-$HOP_FROM"
}
bind_mount() {
    mkdir -p "$2"
    mounted "$2" || mount --bind "$1" "$2"
}
mounted() { awk -v d="$1" '$2 == d {found = 1} END {exit !found}' /proc/mounts; }

# unmount_chroot [SUITE] : that of one suite, or all of them
unmount_chroot() {
    local mount
    awk -v d="$LAB_DIR/root-${1:+$1/}" 'index($2, d) == 1 {print $2}' /proc/mounts | sort -r |
        while read -r mount; do umount "$mount" 2>/dev/null || umount -l "$mount"; done
}
