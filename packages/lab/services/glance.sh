# shellcheck shell=bash
# Glance: images, kept as files. GLANCE_PACKAGES, GLANCE_SERVER and GLANCE_OVERLAY differ
# from release to release (lib/releases.sh).

glance_configure() {
    conf glance glance-api.conf <<C
$(default_section glance)
bind_host = $IP
bind_port = $(port glance)
workers = 1
enabled_backends = file:file
show_image_direct_url = true
show_multiple_locations = true
node_staging_uri = file://$DATA/glance/staging
image_cache_dir = $DATA/glance/cache
enabled_import_methods = [glance-direct,web-download,copy-image]
allow_additional_image_properties = true
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = $DATA/glance/images
[os_glance_staging_store]
filesystem_store_datadir = $DATA/glance/staging
[os_glance_tasks_store]
filesystem_store_datadir = $DATA/glance/tasks
[paste_deploy]
flavor = keystone
config_file = $ETC/glance/glance-api-paste.ini
$(database_section database glance)
$(shared_sections glance)
C
    mkdir -p "$DATA"/glance/{images,staging,tasks,cache}
    audit_pipeline glance glance-api-paste.ini context
}

glance_sync() {
    local OVERLAY=$GLANCE_OVERLAY
    make_database glance && tool glance-manage db_sync || return 1
    # Descriptions of metadata, for people: an image service without them is still one.
    tool glance-manage db_load_metadefs "$(first /etc/glance/metadefs "$OVERLAY/usr/share/glance-common/metadefs")" || true
}

glance_start() {
    local OVERLAY=$GLANCE_OVERLAY
    case $GLANCE_SERVER in
        command) daemon glance-api glance-api --config-file "$ETC/glance/glance-api.conf" ;;
        uwsgi) wsgi glance-api glance glance.wsgi.api ;;
    esac
}

# Packages of unstable, unpacked but not installed: nothing else of this suite sees them.
GLANCE_OVERLAY_PACKAGES=(glance-api glance-common python3-glance python3-oslo.policy)
glance_overlay() {
    local log=$LOGS/apt-glance-of-sid.log deb
    say 'unpacking the Glance of sid'
    awk '$1 == "deb" {print "deb", $2, "sid", "main"; exit}' "$ROOT/etc/apt/sources.list" >"$ROOT/etc/apt/sources.list.d/sid.list"
    printf 'Package: *\nPin: release n=sid\nPin-Priority: -1\n' >"$ROOT/etc/apt/preferences.d/sid"
    mkdir -p "$ROOT$GLANCE_OVERLAY/packages"
    # shellcheck disable=SC2016  # for the shell in the chroot
    in_root sh -c 'cd "$1/packages" && shift && apt-get update -q && apt-get download -q $(printf "%s/sid " "$@")' \
        _ "$GLANCE_OVERLAY" "${GLANCE_OVERLAY_PACKAGES[@]}" >"$log" 2>&1 || { say "failed; see $log"; return 1; }
    for deb in "$ROOT$GLANCE_OVERLAY"/packages/*.deb; do
        dpkg-deb -x "$deb" "$ROOT$GLANCE_OVERLAY" || return 1
    done
}
