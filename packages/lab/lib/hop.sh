# shellcheck shell=bash
# lab hop : the data of Epoxy (suite trixie, which must be down) under the code of suite
# forky. All its databases and files are *copied*, and forky's own tools bring the copy to
# their schema; `lab up --suite hop` then starts forky's services on it, at trixie's ports.
# HOP.md tells what was seen.

HOP_FROM=trixie

hop() {
    choose_plane hop
    done_before_in "lab-$CODE" db-nova || die "first: lab up --suite $CODE; lab down --suite $CODE"
    done_before_in "lab-$HOP_FROM" bootstrap-after || die "first: lab up --suite $HOP_FROM; lab down --suite $HOP_FROM"
    must_be_down "$HOP_FROM"
    must_be_down hop
    make_layout
    take_lock "$PLANE"
    read_password
    infra_up
    mount_chroot
    once vhost rabbitmq_vhost
    : >"$LOGS/hop.log"
    hop_step 'copy databases and files' hop_copy
    core_configure
    memcached_start
    hop_keystone
    hop_placement
    hop_glance
    hop_nova
    hop_cinder
    hop_neutron
    hop_stamps
    say "log: $LOGS/hop.log; start it: lab up --suite hop"
}
done_before_in() { local PLANE=$1; done_before "$2"; }

# hop_step WHAT [COMMAND...] : one line of the report; what a command prints goes to the log.
# Without a command, WHAT is the command. A failure is reported, not fatal: a rehearsal is
# there to find it.
hop_step() {
    local what=$1 begin=${EPOCHREALTIME/./} rc=0 result=FAIL
    shift
    # shellcheck disable=SC2086  # the words of the command
    [ $# -gt 0 ] || set -- tool $what
    echo "== $what: $*" >>"$LOGS/hop.log"
    "$@" >>"$LOGS/hop.log" 2>&1 || rc=$?
    case $rc:$what in
        0:*) result=PASS ;;
        1:*'-status upgrade check') result=WARN ;;  # 2 would be: the upgrade cannot go on
    esac
    printf '%-4s %-46s rc %d %6d ms\n' $result "$what" $rc $(((${EPOCHREALTIME/./} - begin) / 1000))
}

hop_copy() {
    local name
    for name in "${CORE_DATABASES[@]}"; do
        mysql_ -e "DROP DATABASE IF EXISTS \`$(database_name "$name")\`" && make_database "$name" || return 1
        mariadb-dump --no-defaults --socket="$INFRA/mysql.sock" --user=root --single-transaction \
            "lab_${HOP_FROM}_$name" | mysql_ "$(database_name "$name")" || return 1
    done
    rm -rf --one-file-system "$DATA"
    cp -a --sparse=always "$LAB_DIR/lab-$HOP_FROM/data" "$DATA" &&
        cp "$LAB_DIR/lab-$HOP_FROM/bootstrap.json" "$BASE/" &&
        mkdir -p "$ETC/neutron" &&
        cp "$LAB_DIR/lab-$HOP_FROM/etc/neutron/hosts" "$ETC/neutron/"
}

hop_keystone() {
    hop_step 'keystone-manage doctor'
    hop_step 'keystone-manage db_sync --expand'
    hop_step 'keystone-manage db_sync --migrate'
    hop_step 'keystone-manage db_sync --contract'
    hop_step 'keystone-manage db_sync --check'
    hop_step 'keystone-status upgrade check'
}
hop_placement() {
    hop_step 'placement-manage db sync'
    hop_step 'placement-manage db online_data_migrations'
    hop_step 'placement-status upgrade check'
}
hop_glance() {
    local OVERLAY=$GLANCE_OVERLAY
    hop_step 'glance-manage db expand'
    hop_step 'glance-manage db migrate'
    hop_step 'glance-manage db contract'
    hop_step 'glance-status upgrade check'
}
hop_nova() {
    hop_step 'nova-manage api_db sync'
    hop_step 'nova-manage cell_v2 update_cell (2 cells)' hop_cells
    hop_step 'nova-manage db sync (cell0, cell1)' tool nova-manage db sync
    # nova-status asks Placement, by way of Keystone's catalog.
    keystone_start
    placement_start
    wait_for_api keystone /v3
    wait_for_api placement
    hop_step 'nova-status upgrade check'
    hop_step 'nova-manage db online_data_migrations'
}
hop_cinder() {
    hop_step 'cinder-status upgrade check'
    hop_step 'cinder-manage db sync'
    hop_step 'cinder-manage db online_data_migrations'
}
hop_neutron() {
    neutron_files
    hop_step 'neutron-status upgrade check' tool neutron-status "${NEUTRON_FILES[@]}" upgrade check
    local manage=(tool neutron-db-manage "${NEUTRON_FILES[@]}")
    hop_step 'neutron-db-manage upgrade --expand' "${manage[@]}" upgrade --expand
    hop_step 'neutron-db-manage has_offline_migrations' "${manage[@]}" has_offline_migrations
    hop_step 'neutron-db-manage upgrade --contract' "${manage[@]}" upgrade --contract
}

# The mapping of the cells holds the addresses of the *original* databases and bus: it must
# point at the copy before anything migrates the cells.
hop_cells() {
    local cell1
    cell1=$(mysql_ -N -e "SELECT uuid FROM \`$(database_name nova_api)\`.cell_mappings WHERE name = 'cell1'") &&
        tool nova-manage cell_v2 update_cell --cell_uuid 00000000-0000-0000-0000-000000000000 \
            --transport-url none:/// --database_connection "$(database_url nova_cell0)" &&
        tool nova-manage cell_v2 update_cell --cell_uuid "$cell1" \
            --transport-url "$(transport_url)" --database_connection "$(database_url nova)"
}

# The copy is set up already: `lab up --suite hop` has only to start it.
hop_stamps() {
    local step
    for step in db-{keystone,placement,glance,cinder,nova,neutron} bootstrap-core bootstrap-after discover; do
        touch "$LAB_DIR/stamps/$PLANE-$step"
    done
}
