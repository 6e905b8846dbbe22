# shellcheck shell=bash
# Octavia: real API, worker and database; the amphorae are its own no-op drivers.

OCTAVIA_PACKAGES=(octavia-api octavia-worker python3-octaviaclient openssl)

octavia_configure() {
    local pki=$ETC/octavia
    mkdir -p "$pki"
    [ -s "$pki/ca.pem" ] || openssl req -x509 -newkey rsa:2048 -passout "pass:$PASSWORD" -days 3650 \
        -subj '/CN=lab octavia' -keyout "$pki/ca.key" -out "$pki/ca.pem" 2>/dev/null
    conf octavia <<C
$(default_section octavia)
[api_settings]
bind_host = $IP
bind_port = $(port octavia)
enabled_provider_drivers = amphora:The amphora driver (no-op),octavia:Alias of amphora,noop_driver:The no-op driver
default_provider_driver = amphora
[oslo_messaging]
topic = octavia_prov
[controller_worker]
workers = 1
amphora_driver = amphora_noop_driver
compute_driver = compute_noop_driver
network_driver = network_noop_driver
volume_driver = volume_noop_driver
image_driver = image_noop_driver
loadbalancer_topology = SINGLE
amp_boot_network_list = 00000000-0000-0000-0000-000000000001
amp_flavor_id = 1
amp_image_tag = amphora
amp_active_retries = 5
client_ca = $pki/ca.pem
[certificates]
cert_generator = local_cert_generator
ca_certificate = $pki/ca.pem
ca_private_key = $pki/ca.key
ca_private_key_passphrase = $PASSWORD
server_certs_key_passphrase = $(key_of_length_32)
[haproxy_amphora]
client_cert = $pki/ca.pem
server_ca = $pki/ca.pem
[health_manager]
heartbeat_key = $PASSWORD
bind_ip = $IP
[driver_agent]
status_socket_path = $DATA/octavia/status.sock
stats_socket_path = $DATA/octavia/stats.sock
get_socket_path = $DATA/octavia/get.sock
$(credentials service_auth octavia)
$(database_section database octavia)
$(shared_sections octavia)
C
}

octavia_sync() {
    make_database octavia && tool octavia-db-manage upgrade head || return 1
    tool octavia-db-manage upgrade_persistence || true  # taskflow's migrations again (services/masakari.sh)
}

octavia_start() {
    wsgi octavia-api octavia "$(first /usr/bin/octavia-wsgi octavia.wsgi.api)" --config-file "$ETC/octavia/octavia.conf"
    daemon octavia-worker octavia-worker --config-file "$ETC/octavia/octavia.conf"
}
