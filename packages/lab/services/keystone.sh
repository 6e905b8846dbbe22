# shellcheck shell=bash
# Keystone: identity.

KEYSTONE_PACKAGES=(keystone)

keystone_configure() {
    conf keystone <<C
$(default_section keystone)
notification_format = cadf
notification_opt_out =
$(database_section database keystone)
[token]
provider = fernet
expiration = 14400
[fernet_tokens]
key_repository = $DATA/keystone/fernet-keys
[credential]
key_repository = $DATA/keystone/credential-keys
[cache]
enabled = true
backend = dogpile.cache.memcached
memcache_servers = $IP:$(port memcached)
[security_compliance]
invalid_password_hash_secret_key =
[identity]
password_hash_rounds = 4
$(shared_sections keystone)
C
}

keystone_sync() {
    make_database keystone &&
        tool keystone-manage db_sync &&
        tool keystone-manage fernet_setup --keystone-user root --keystone-group root &&
        tool keystone-manage credential_setup --keystone-user root --keystone-group root &&
        tool keystone-manage bootstrap --bootstrap-password "$PASSWORD" \
            --bootstrap-region-id RegionOne --bootstrap-public-url "$(auth_url)" \
            --bootstrap-internal-url "$(auth_url)" --bootstrap-admin-url "$(auth_url)"
}

keystone_start() { wsgi keystone keystone "$(first /usr/bin/keystone-wsgi-public keystone.wsgi.api)"; }
