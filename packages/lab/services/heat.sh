# shellcheck shell=bash
# Heat: stacks.

HEAT_PACKAGES=(heat-api heat-engine python3-heatclient)

heat_configure() {
    conf heat <<C
$(default_section heat)
num_engine_workers = 1
stack_user_domain_name = heat
stack_domain_admin = heat_domain_admin
stack_domain_admin_password = $PASSWORD
auth_encryption_key = $(key_of_length_32)
heat_metadata_server_url = $(base_url heat)
region_name_for_services = RegionOne
server_keystone_endpoint_type = public
[clients]
endpoint_type = publicURL
[clients_keystone]
auth_uri = $(base_url keystone)
# A trust names its project: Heat's own credentials for it must not.
$(credentials trustee heat | grep -v project_)
$(database_section database heat)
$(shared_sections heat)
C
    copy_config heat api-paste.ini
}

heat_sync() { make_database heat && tool heat-manage db_sync; }

heat_start() {
    wsgi heat-api heat "$(first /usr/bin/heat-wsgi-api heat.wsgi.api)"
    daemon heat-engine heat-engine --config-file "$ETC/heat/heat.conf"
}
