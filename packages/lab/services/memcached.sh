# shellcheck shell=bash
# memcached: one for each control plane. Keystone's cache keys do not tell one Keystone from
# another, so that it must never be shared.

MEMCACHED_PACKAGES=(memcached)

memcached_start() { start "$PLANE.memcached" memcached -u nobody -l "$IP" -p "$(port memcached)" -m 64 -U 0; }
