# shellcheck shell=bash
# Masakari: evacuates a host that it is told has died. Its waits are shortened for tests.

MASAKARI_PACKAGES=(masakari-api masakari-engine python3-masakariclient)

masakari_configure() {
    conf masakari <<C
$(default_section masakari)
masakari_api_listen = $IP
masakari_api_listen_port = $(port masakari)
masakari_api_workers = 1
auth_strategy = keystone
api_paste_config = $ETC/masakari/api-paste.ini
os_privileged_user_name = masakari
os_privileged_user_password = $PASSWORD
os_privileged_user_tenant = service
os_privileged_user_auth_url = $(auth_url)
os_region_name = RegionOne
nova_catalog_admin_info = compute:nova:publicURL
duplicate_notification_detection_interval = 10
wait_period_after_service_update = 3
wait_period_after_evacuation = 60
wait_period_after_power_off = 30
wait_period_after_power_on = 30
process_unfinished_notifications_interval = 20
retry_notification_new_status_interval = 20
$(database_section database masakari)
[taskflow]
connection = $(database_url masakari)
$(shared_sections masakari)
C
    copy_config masakari api-paste.ini masakari-custom-recovery-methods.conf
}

# Debian's taskflow lacks its migrations (alembic.ini): its tables are made directly.
masakari_sync() {
    make_database masakari &&
        tool env OS_TASKFLOW__CONNECTION= masakari-manage db sync &&
        tool python3 -c 'import sys, sqlalchemy as sa
from taskflow.persistence.backends.sqlalchemy import tables
metadata = sa.MetaData(); tables.fetch(metadata)
metadata.create_all(sa.create_engine(sys.argv[1]))' "$(database_url masakari)"
}

masakari_start() {
    wsgi masakari-api masakari "$(first /usr/bin/masakari-wsgi masakari.wsgi.api)" --config-file "$ETC/masakari/masakari.conf"
    daemon masakari-engine masakari-engine --config-file "$ETC/masakari/masakari.conf"
}
