# shellcheck shell=bash
# Swift: objects. One replica, in a directory (its filesystem must have extended attributes).

SWIFT_PACKAGES=(swift-proxy swift-account swift-container swift-object python3-swiftclient)
SWIFT_SERVERS=(account container object)

swift_configure() {
    local server filter
    mkdir -p "$DATA/swift/d1" "$ETC/swift"
    for server in "${SWIFT_SERVERS[@]}"; do
        cat >"$ETC/swift/$server-server.conf" <<C
[DEFAULT]
bind_ip = $IP
bind_port = $(port "swift-$server")
user = root
swift_dir = $ETC/swift
devices = $DATA/swift
mount_check = false
workers = 0
[pipeline:main]
pipeline = healthcheck recon $server-server
[app:$server-server]
use = egg:swift#$server
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:recon]
use = egg:swift#recon
recon_cache_path = $DATA/swift
C
    done
    {
        cat <<C
[DEFAULT]
bind_ip = $IP
bind_port = $(port swift)
user = root
swift_dir = $ETC/swift
workers = 1
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging cache listing_formats bulk tempurl ratelimit authtoken s3api s3token keystoneauth copy container-quotas account-quotas slo dlo versioned_writes symlink proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:s3api]
use = egg:swift#s3api
[filter:s3token]
use = egg:swift#s3token
auth_uri = $(auth_url)
$(credentials_of swift)
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
delay_auth_decision = true
$(credentials_of swift)
www_authenticate_uri = $(auth_url)
memcached_servers = $IP:$(port memcached)
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, member, swiftoperator
system_reader_roles = system-reader
[filter:cache]
use = egg:swift#memcache
memcache_servers = $IP:$(port memcached)
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:container-quotas]
use = egg:swift#container_quotas
[filter:account-quotas]
use = egg:swift#account_quotas
C
        for filter in catch_errors gatekeeper healthcheck listing_formats bulk tempurl ratelimit copy slo dlo symlink; do
            printf '[filter:%s]\nuse = egg:swift#%s\n' $filter $filter
        done
    } >"$ETC/swift/proxy-server.conf"
}

swift_sync() (
    cd "$ETC/swift" || exit 1
    for server in "${SWIFT_SERVERS[@]}"; do
        rm -f "$server.builder" "$server.ring.gz"
        swift-ring-builder "$server.builder" create 8 1 1 &&
            swift-ring-builder "$server.builder" add "r1z1-$IP:$(port "swift-$server")/d1" 100 &&
            swift-ring-builder "$server.builder" rebalance || exit 1
    done
)

swift_start() {
    local server
    for server in "${SWIFT_SERVERS[@]}"; do
        program "swift-$server" "swift-$server-server" "$ETC/swift/$server-server.conf" verbose
    done
    program swift-proxy swift-proxy-server "$ETC/swift/proxy-server.conf" verbose
}
