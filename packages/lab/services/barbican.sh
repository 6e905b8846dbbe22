# shellcheck shell=bash
# Barbican: secrets, encrypted with a key of its own ("simple crypto").

BARBICAN_PACKAGES=(barbican-api python3-barbicanclient)

barbican_configure() {
    conf barbican <<C
$(default_section barbican)
host_href = $(base_url barbican)
sql_connection = $(database_url barbican)
db_auto_create = false
[database]
connection = $(database_url barbican)
[queue]
enable = false
[secretstore]
namespace = barbican.secretstore.plugin
enabled_secretstore_plugins = store_crypto
[crypto]
namespace = barbican.crypto.plugin
enabled_crypto_plugins = simple_crypto
[simple_crypto_plugin]
kek = $(key_of_length_32 | base64)
$(shared_sections barbican)
C
}

barbican_sync() { make_database barbican && tool barbican-manage db upgrade; }

barbican_start() { wsgi barbican-api barbican "$(first /usr/bin/barbican-wsgi-api barbican.wsgi.api)"; }
