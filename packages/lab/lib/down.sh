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

# Several control planes live in one chroot: it is unmounted when nothing runs in it any more.
unmount_after_down() {
    local suite
    [ -n "$SUITE_GIVEN" ] || { unmount_chroot; return; }
    for suite in $(suites_of "$SUITE"); do in_use "$suite" || unmount_chroot "$suite"; done
}
in_use() {
    local suite
    for suite in "$1" hop roll; do
        [[ " $(suites_of "$suite") " = *" $1 "* ]] && [ -n "$(running_daemons "lab-$suite")" ] && return
    done
    return 1
}

destroy() {
    [ -d "$LAB_DIR/run" ] && [ -d "$LAB_DIR/stamps" ] || die "$LAB_DIR is no lab"
    [ -z "$SUITE_GIVEN" ] || { destroy_plane; return; }
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

# The data of one control plane: databases, vhost, files. Its packages stay, and so does all else.
destroy_plane() {
    local name root
    [ -n "$SUITE" ] && [ -z "$ALL" ] || usage_error 'destroy --suite is for one release that is not the own, and without --all'
    down
    if [ -d "$BASE" ]; then
        make_layout
        read_password
        infra_up
        for name in "${CORE_DATABASES[@]}"; do mysql_ -e "DROP DATABASE IF EXISTS \`$(database_name "$name")\`"; done
        rabbitmqctl_ delete_vhost "$PLANE" 2>/dev/null || true
        # Chroots that others live in see its files still.
        for root in "$LAB_DIR"/root-*; do ! mounted "$root$BASE" || umount "$root$BASE"; done
        rm -rf --one-file-system "$BASE" "$LOGS"
    fi
    find "$LAB_DIR/stamps" -type f -name "$PLANE-*" ! -name '*-packages-*' ! -name '*-debootstrap' -delete
    rm -f "$LAB_DIR/run/$PLANE".*
    forget_clouds
    say "destroyed: $PLANE"
}
