# shellcheck shell=bash
# Configuration files. A service's own settings are in services/NAME.sh; here is what they
# share.

auth_url() { echo "http://$IP:$(port keystone)/v3"; }
transport_url() { echo "rabbit://lab:$PASSWORD@$IP:$(port rabbitmq)/$PLANE"; }
database_name() { echo "${PLANE//-/_}_$1"; }
database_url() { echo "mysql+pymysql://lab:$PASSWORD@$IP:$(port mariadb)/$(database_name "$1")?charset=utf8"; }

# conf SERVICE [FILE] : standard input becomes that file. oslo.config looks for it in
# ~/.SERVICE, and every daemon has HOME=$ETC: none needs to be told where it is.
conf() {
    mkdir -p "$ETC/$1" "$DATA/$1/lock"
    ln -sfn "$1" "$ETC/.$1"
    cat >"$ETC/$1/${2:-$1.conf}"
}

# copy_config SERVICE FILE... : as the package has it
copy_config() {
    local service=$1 file
    shift
    mkdir -p "$ETC/$service"
    for file in "$@"; do cp -f "$ROOT/etc/$service/$file" "$ETC/$service/"; done
}

# Sections that most services share. default_section comes first in a file, and leaves
# [DEFAULT] open; shared_sections comes last.
default_section() {  # default_section SERVICE
    cat <<C
[DEFAULT]
debug = $([ "$LAB_DEBUG" = 1 ] && echo true || echo false)
use_journal = false
transport_url = $(transport_url)
control_exchange = $1
state_path = $DATA/$1
C
}
shared_sections() {  # shared_sections SERVICE
    cat <<C
[oslo_messaging_notifications]
driver = messagingv2
transport_url = $(transport_url)
topics = notifications,audit
[oslo_messaging_rabbit]
rabbit_retry_interval = 1
heartbeat_in_pthread = false
[audit_middleware_notifications]
driver = messagingv2
transport_url = $(transport_url)
topics = notifications,audit
[oslo_concurrency]
lock_path = $DATA/$1/lock
[oslo_middleware]
enable_proxy_headers_parsing = true
$(credentials keystone_authtoken "$1")
www_authenticate_uri = $(auth_url)
memcached_servers = $IP:$(port memcached)
service_token_roles = service
service_token_roles_required = true
$(credentials service_user "$1")
send_service_user_token = true
C
}
credentials() {  # credentials SECTION SERVICE-USER
    echo "[$1]"
    credentials_of "$2"
}
credentials_of() {
    cat <<C
auth_type = password
auth_url = $(auth_url)
username = $1
password = $PASSWORD
project_name = service
user_domain_id = default
project_domain_id = default
region_name = RegionOne
C
}
database_section() {  # database_section SECTION NAME
    printf '[%s]\nconnection = %s\nmax_pool_size = 5\nmax_overflow = 20\n' "$1" "$(database_url "$2")"
}

# key_of_length_32 : some services demand keys of exactly this length
key_of_length_32() { printf %s "$PASSWORD$PASSWORD" | head -c 32; }

# audit_pipeline SERVICE FILE AFTER : the package's paste pipeline, with keystonemiddleware's
# audit filter (CADF) right after authentication
audit_pipeline() {
    local from
    from=$ROOT$(first "/etc/$1/$2" "/usr/share/$1-common/$2" "$GLANCE_OVERLAY/usr/share/$1-common/$2")
    sed -E "/^(keystone|keystone_nolimit|pipeline) *=.*authtoken/ s/\b$3\b/$3 audit/" "$from" | conf "$1" "$2"
    cat >>"$ETC/$1/$2" <<C

[filter:audit]
paste.filter_factory = keystonemiddleware.audit:filter_factory
audit_map_file = $ETC/pycadf/$1_api_audit_map.conf
service_name = $1
C
    copy_config pycadf "$1_api_audit_map.conf"
}
