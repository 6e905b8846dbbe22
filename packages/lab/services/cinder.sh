# shellcheck shell=bash
# Cinder: volumes, each a sparse file (py/lab_volume_driver.py), on two back ends.

CINDER_PACKAGES=(cinder-api cinder-scheduler cinder-volume cinder-backup
    dmidecode)  # os-brick wants it for backups

cinder_configure() {
    conf cinder <<C
$(default_section cinder)
my_ip = $IP
host = lab
enabled_backends = lab-a,lab-b
default_volume_type = lab
auth_strategy = keystone
osapi_volume_listen = $IP
osapi_volume_listen_port = $(port cinder)
glance_api_servers = $(base_url glance)
allowed_direct_url_schemes = $CINDER_DIRECT_URLS
report_interval = 5
backend_stats_polling_interval = 10
service_down_time = 20
api_paste_config = $ETC/cinder/api-paste.ini
resource_query_filters_file = $ETC/cinder/resource_filters.json
rootwrap_config = /etc/cinder/rootwrap.conf
image_conversion_dir = $DATA/cinder/conversion
backup_driver = cinder.backup.drivers.posix.PosixBackupDriver
backup_posix_path = $DATA/cinder/backup
backup_workers = 1
volume_clear = none
enable_force_upload = true
quota_volumes = 200
quota_snapshots = 200
quota_backups = 200
quota_gigabytes = 5000
quota_backup_gigabytes = 5000
storage_availability_zone = nova
$(database_section database cinder)
$(cinder_backend a)
$(cinder_backend b)
[coordination]
backend_url = file://$DATA/cinder/coordination
[key_manager]
backend = barbican
[barbican]
auth_endpoint = $(auth_url)
$(credentials nova cinder)
interface = public
$(shared_sections cinder)
C
    mkdir -p "$DATA"/cinder/{conversion,backup,coordination,volumes-a,volumes-b}
    copy_config cinder resource_filters.json 2>/dev/null || echo '{}' | conf cinder resource_filters.json
    audit_pipeline cinder api-paste.ini keystonecontext
}
cinder_backend() {
    cat <<C
[lab-$1]
volume_driver = lab_volume_driver.LabFileDriver
volume_backend_name = lab-$1
lab_volume_dir = $DATA/cinder/volumes-$1
C
}

cinder_sync() { make_database cinder && tool cinder-manage db sync; }

cinder_start() {
    local name
    wsgi cinder-api cinder "$(first /usr/bin/cinder-wsgi cinder.wsgi.api)" --config-file "$ETC/cinder/cinder.conf"
    replicated cinder-scheduler cinder-scheduler --config-file "$ETC/cinder/cinder.conf"
    for name in cinder-volume cinder-backup; do
        daemon $name $name --config-file "$ETC/cinder/cinder.conf"
    done
}
