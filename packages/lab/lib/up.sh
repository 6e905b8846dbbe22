# shellcheck shell=bash
# lab up : install, configure, start, wait.

infra_packages() {
    echo "${MARIADB_PACKAGES[@]}" "${RABBITMQ_PACKAGES[@]}" "${MEMCACHED_PACKAGES[@]}" \
        python3-openstackclient python3-yaml curl sudo
}
# uWSGI runs the APIs; the audit filter comes with pycadf.
core_packages() {
    echo "${KEYSTONE_PACKAGES[@]}" "${PLACEMENT_PACKAGES[@]}" "${GLANCE_PACKAGES[@]}" \
        "${NOVA_PACKAGES[@]}" "${NEUTRON_PACKAGES[@]}" "${CINDER_PACKAGES[@]}" \
        python3-openstackclient python3-osc-placement uwsgi-core uwsgi-plugin-python3 \
        python3-pymysql python3-memcache python3-pycadf
}
full_packages() {
    echo "${SWIFT_PACKAGES[@]}" "${HEAT_PACKAGES[@]}" "${BARBICAN_PACKAGES[@]}" "${MASAKARI_PACKAGES[@]}" \
        "${GNOCCHI_PACKAGES[@]}" "${CEILOMETER_PACKAGES[@]}" "${AODH_PACKAGES[@]}" \
        "${OCTAVIA_PACKAGES[@]}" "${HAPROXY_PACKAGES[@]}"
}

up() {  # up core|full
    local begin installed
    check "$1" >&2
    make_layout
    take_lock "$PLANE"
    begin=$SECONDS
    read_password
    provide_packages "$1"
    installed=$SECONDS
    infra_up
    core_up
    [ "$1" = core ] || full_up
    write_clouds
    say "$1 of $PLANE is up, after $((SECONDS - begin)) s ($((installed - begin)) s for packages)"
    say "clouds.yaml: $LAB_DIR/clouds.yaml"
}

# lab install : what `up` would install, and nothing else; `up` finds it done
install_only() {  # install_only core|full (`install` is a program that the services call)
    check "$1" >&2
    make_layout
    take_lock "$PLANE"
    provide_packages "$1"
}

provide_packages() {
    # The infrastructure, and the client, are always the host's.
    (choose_plane ''; mkdir -p "$LOGS"; wants infra)
    [ "$SUITE" != roll ] || { roll_packages; return; }
    [ -z "$SUITE" ] || enter_chroot
    [ "$SUITE" != hop ] || return 0  # forky's packages are there already
    wants core
    [ -z "$GLANCE_OVERLAY" ] || once packages-glance-overlay glance_overlay
    [ "$1" = core ] || wants full
}

infra_up() (
    choose_plane ''
    mkdir -p "$INFRA" "$LAB_DIR/logs/infra"
    mariadb_start &
    local mariadb=$!
    rabbitmq_start
    wait $mariadb
    say 'the infrastructure is up'
)

# lab restore : undoes in Nova what a test that was killed left there. Nothing of it shows in `lab status`.
restore() {
    local host
    [ "$SUITE" != roll ] || usage_error 'roll is not restored; it is made anew: lab destroy --suite roll'
    make_layout
    take_lock "$PLANE"
    read_password
    nova_forget_cells
    start_again "$PLANE.nova-api"
    wait_for_api nova
    # Nova takes no host back that has not cleaned up after an evacuation: it does so when it starts.
    for host in $(fixtures forced); do
        stop "$PLANE.$host"
        start_again "$PLANE.$host"
    done
    logged fixtures restore
}

core_configure() {
    keystone_configure
    placement_configure
    glance_configure
    nova_configure
    neutron_configure
    cinder_configure
}

core_up() {
    core_configure
    once vhost rabbitmq_vhost
    memcached_start
    [ "$SUITE" != roll ] || balancer_start
    # Database migrations are mostly the start of Python: several lines of work at a time.
    ( once db-keystone logged keystone_sync
      keystone_start
      once db-placement logged placement_sync
      once db-glance logged glance_sync ) & local first=$!
    ( once db-nova logged nova_sync
      once db-cinder logged cinder_sync ) & local second=$!
    ( once db-neutron logged neutron_sync ) & local third=$!
    wait $first; wait $second; wait $third
    wait_for_api keystone /v3
    once bootstrap-core logged identities core
    say 'databases and identities are ready'

    nova_forget_cells
    placement_start
    glance_start
    # Behind a balancer who comes too early is refused; alone he would wait.
    [ "$SUITE" != roll ] || wait_for_api placement
    nova_start
    neutron_start
    cinder_start
    wait_for_api placement
    wait_for_api nova
    nova_start_computes  # they register with Placement and through the conductor
    wait_for_api neutron
    neutron_start_agents
    wait_for_api glance
    wait_for_api cinder
    logged fixtures restore
    logged fixtures wait
    once discover logged nova_discover_hosts
    once bootstrap-after logged fixtures create
    say 'core services answer'
}

FULL_SERVICES=(swift heat barbican masakari gnocchi ceilometer aodh octavia haproxy)

full_up() {
    local service
    for service in "${FULL_SERVICES[@]}"; do "${service}_configure"; done
    ( once bootstrap-full logged identities full
      once db-gnocchi logged gnocchi_sync
      once db-heat logged heat_sync
      once db-aodh logged aodh_sync ) & local first=$!
    ( once db-swift logged swift_sync
      once db-masakari logged masakari_sync
      once db-barbican logged barbican_sync
      once db-octavia logged octavia_sync ) & local second=$!
    wait $first; wait $second
    say 'databases of the further services are ready'

    for service in swift heat barbican masakari gnocchi aodh octavia haproxy; do "${service}_start"; done
    wait_for_api gnocchi
    once db-ceilometer logged ceilometer_sync  # makes its resource types in Gnocchi
    ceilometer_start
    for service in heat barbican masakari aodh octavia; do wait_for_api $service; done
    wait_for_api swift /healthcheck
    wait_for_api haproxy-keystone /v3
    once full-ready true
    say 'the further services answer'
}
