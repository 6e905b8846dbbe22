# shellcheck shell=bash
# Nova: servers. Its hypervisor is Nova's own fake one (py/lab_compute.py).

NOVA_PACKAGES=(nova-api nova-conductor nova-scheduler)

nova_configure() {
    conf nova <<C
$(default_section nova)
my_ip = $IP
osapi_compute_listen = $IP
osapi_compute_listen_port = $(port nova)
enabled_apis = osapi_compute
compute_driver = lab.LabFakeDriver
# A host that dies is seen to be dead within 15 seconds.
report_interval = 3
service_down_time = 15
allow_resize_to_same_host = true
vif_plugging_is_fatal = false
vif_plugging_timeout = 0
reclaim_instance_interval = 0
update_resources_interval = 30
reboot_timeout = 0
running_deleted_instance_action = noop
[api]
auth_strategy = keystone
$(database_section api_database nova_api)
$(database_section database nova)
# Aborted tests must not block the next ones.
[quota]
instances = 200
cores = 1000
ram = 1000000
server_groups = 100
[notifications]
notification_format = both
notify_on_state_change = vm_and_task_state
[compute]
live_migration_wait_for_vif_plug = false
[scheduler]
workers = 1
discover_hosts_in_cells_interval = 15
[conductor]
workers = 1
[filter_scheduler]
enabled_filters = ComputeFilter,ComputeCapabilitiesFilter,ImagePropertiesFilter,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter,SameHostFilter,DifferentHostFilter,AggregateInstanceExtraSpecsFilter
[vnc]
enabled = true
novncproxy_base_url = $(base_url novnc)/vnc_auto.html
[serial_console]
enabled = true
base_url = ws://$IP:$(port novnc)/
[glance]
api_servers = $(base_url glance)
region_name = RegionOne
$(credentials cinder nova)
os_region_name = RegionOne
catalog_info = volumev3::publicURL
[key_manager]
backend = barbican
[barbican]
auth_endpoint = $(auth_url)
$(credentials placement nova)
$(credentials neutron nova)
$(shared_sections nova)
C
    audit_pipeline nova api-paste.ini keystonecontext
    # Both releases read this file, and in the newer one's oslo.middleware no filter is called so any more: its API would not start.
    [ "$SUITE" != roll ] || sed -i -E '/^(pipeline|keystone|noauth2) *=/ s/ healthcheck\b//; /^\[filter:healthcheck\]/,/^$/d' "$ETC/nova/api-paste.ini"
    nova_configure_computes
}

nova_configure_computes() {
    local n
    # nova-compute must not know the databases.
    awk '/^\[/ {skip = /^\[(api_)?database\]/} !skip' "$ETC/nova/nova.conf" | conf nova nova-compute.conf
    for n in $(seq "$LAB_COMPUTES"); do
        mkdir -p "$DATA/nova/compute-$n"
        printf '[DEFAULT]\nhost = compute-%s\nstate_path = %s\n' "$n" "$DATA/nova/compute-$n" |
            conf nova "compute-$n.conf"
    done
}

nova_sync() {
    make_database nova_api nova nova_cell0 &&
        tool nova-manage api_db sync &&
        tool nova-manage cell_v2 map_cell0 --database_connection "$(database_url nova_cell0)" &&
        { tool nova-manage cell_v2 create_cell --name cell1 || [ $? = 2 ]; } &&  # 2: it is there
        tool nova-manage db sync
}
nova_discover_hosts() { tool nova-manage cell_v2 discover_hosts --verbose; }

# A test makes a cell whose database does not answer. If it was killed, its cell is left, and every list of servers partial.
# Nova's API reads its cells once: it must be started after this.
nova_forget_cells() {
    local api cells
    api=$(database_name nova_api)
    cells=$(mysql_ -N -e "SELECT GROUP_CONCAT(id) FROM $api.cell_mappings WHERE name NOT IN ('cell0', 'cell1')")
    [ "$cells" != NULL ] || return 0
    mysql_ -e "DELETE FROM $api.request_specs WHERE instance_uuid IN
                   (SELECT instance_uuid FROM $api.instance_mappings WHERE cell_id IN ($cells));
               DELETE FROM $api.instance_mappings WHERE cell_id IN ($cells);
               DELETE FROM $api.host_mappings WHERE cell_id IN ($cells);
               DELETE FROM $api.cell_mappings WHERE id IN ($cells)"
    stop "$PLANE.nova-api"
}

nova_start() {
    wsgi nova-api nova "$(first /usr/bin/nova-api-wsgi nova.wsgi.osapi_compute)"
    replicated nova-conductor nova-conductor --config-file "$ETC/nova/nova.conf"
    replicated nova-scheduler nova-scheduler --config-file "$ETC/nova/nova.conf"
}
nova_start_computes() {
    local n
    for n in $(seq "$LAB_COMPUTES"); do
        daemon "compute-$n" python3 "$LAB_DIR/py/lab_compute.py" \
            --config-file "$ETC/nova/nova-compute.conf" --config-file "$ETC/nova/compute-$n.conf"
    done
}
