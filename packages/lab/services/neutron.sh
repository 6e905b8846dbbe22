# shellcheck shell=bash
# Neutron: networks. The server is real; one process stands in for all agents
# (py/lab_neutron_agents.py).

NEUTRON_PACKAGES=(neutron-api neutron-rpc-server)
NEUTRON_PLUGINS=router,qos,trunk,port_forwarding,segments,network_ip_availability,auto_allocate,tag

neutron_configure() {
    conf neutron <<C
$(default_section neutron)
bind_host = $IP
bind_port = $(port neutron)
core_plugin = ml2
service_plugins = $NEUTRON_PLUGINS
api_workers = 1
rpc_workers = 1
rpc_state_report_workers = 1
agent_down_time = 30
allow_overlapping_ips = true
notify_nova_on_port_status_changes = true
notify_nova_on_port_data_changes = true
dns_domain = lab.example.
global_physnet_mtu = 1500
api_paste_config = $ETC/neutron/api-paste.ini
network_auto_schedule = true
dhcp_agents_per_network = 1
[quotas]
quota_security_group = 100
quota_security_group_rule = 1000
quota_network = 200
quota_subnet = 200
quota_port = 1000
quota_router = 100
$(database_section database neutron)
$(credentials nova neutron)
$(credentials placement neutron)
$(shared_sections neutron)
C
    conf neutron ml2_conf.ini <<'C'
[ml2]
type_drivers = local,flat,vlan,vxlan
tenant_network_types = vxlan
mechanism_drivers = openvswitch
extension_drivers = port_security,qos,dns
[ml2_type_flat]
flat_networks = *
[ml2_type_vlan]
network_vlan_ranges = physnet1:100:199
[ml2_type_vxlan]
vni_ranges = 1:1000
[securitygroup]
enable_security_group = true
C
    audit_pipeline neutron api-paste.ini keystonecontext
    # Which hosts have living agents; a test may take one away.
    [ -s "$ETC/neutron/hosts" ] || { seq -f 'compute-%g' "$LAB_COMPUTES"; echo lab-network; } | conf neutron hosts
}

# neutron_files : the files that its tools and daemons are told of
neutron_files() { NEUTRON_FILES=(--config-file "$ETC/neutron/neutron.conf" --config-file "$ETC/neutron/ml2_conf.ini"); }

neutron_sync() {
    neutron_files
    make_database neutron && tool neutron-db-manage "${NEUTRON_FILES[@]}" upgrade heads
}

neutron_start() {
    local server
    neutron_files
    wsgi neutron-api neutron "$(first /usr/bin/neutron-api neutron.wsgi.api)"
    for server in "${NEUTRON_SERVERS[@]}"; do
        replicated "neutron-$server" "neutron-$server" "${NEUTRON_FILES[@]}"
    done
}
neutron_start_agents() {
    neutron_files
    daemon neutron-agents python3 "$LAB_DIR/py/lab_neutron_agents.py" "${NEUTRON_FILES[@]}"
}
