# shellcheck shell=bash
# lab down, lab destroy.

# Without --suite: everything. With it: that control plane. With --only full: what `full`
# has beyond `core`.
down() {
    local name only_plane='' services=() infra=()
    [ -z "$SUITE_GIVEN$ONLY" ] || only_plane=$PLANE
    [ -d "$LAB_DIR" ] || { say 'there is no lab'; return; }
    take_lock "${only_plane:-all}"
    for name in $(daemons "$only_plane"); do
        running "$name" >/dev/null || { rm -f "$LAB_DIR/run/$name.pid"; continue; }
        [ "$ONLY" != full ] || [ "$(part_of "$name")" = full ] || continue
        case $name in infra.epmd) ;; infra.*) infra+=("$name") ;; *) services+=("$name") ;; esac
    done
    # Services first; then what they depend on, epmd last.
    stop ${services[@]+"${services[@]}"}
    stop ${infra[@]+"${infra[@]}"}
    [ -n "$only_plane" ] || stop infra.epmd
    [ "$ONLY" = full ] || unmount_after_down
    say "down: ${#services[@]} services, ${#infra[@]} of the infrastructure"
}

# forky and hop live in one chroot: it is unmounted when nothing runs in it any more.
unmount_after_down() {
    local suite name
    [ -n "$SUITE_GIVEN" ] || { unmount_chroot; return; }
    [ -n "$CODE" ] || return 0
    for suite in forky hop; do
        [ "$CODE" = forky ] || break
        for name in $(daemons "lab-$suite"); do ! running "$name" >/dev/null || return 0; done
    done
    unmount_chroot "$CODE"
}

destroy() {
    [ -d "$LAB_DIR/run" ] && [ -d "$LAB_DIR/stamps" ] || die "$LAB_DIR is no lab"
    down
    ! awk -v d="$LAB_DIR/" 'index($2, d) == 1 {found = 1} END {exit !found}' /proc/mounts ||
        die "something is still mounted under $LAB_DIR"
    if [ -n "$ALL" ]; then
        rm -rf --one-file-system "$LAB_DIR"
    else
        # Installed packages and chroots stay, and so do the stamps that say so.
        find "$LAB_DIR/stamps" -type f ! -name '*-packages-*' ! -name '*-debootstrap' -delete
        find "$LAB_DIR" -mindepth 1 -maxdepth 1 ! -name 'root-*' ! -name stamps -exec rm -rf --one-file-system {} +
    fi
    say "destroyed${ALL:+, with its chroots}"
}
