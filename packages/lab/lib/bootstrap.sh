# shellcheck shell=bash
# What a control plane needs beyond its services: catalog, users, and things that tests
# take for granted. All of it goes through the REST APIs (py/lab_identities.py,
# py/lab_fixtures.py).

# It has the client libraries, whatever other Python comes first in PATH.
DEBIAN_PYTHON=/usr/bin/python3

identities() { bootstrap lab_identities.py "$1"; }
fixtures() { bootstrap lab_fixtures.py "$1"; }

bootstrap() {
    local name ports=''
    for name in "${!CORE_PORT[@]}" "${!FULL_PORT[@]}"; do ports+="$name=$(port "$name") "; done
    # In the environment, not on the command line, which everybody can read.
    LAB_AUTH_URL=$(auth_url) LAB_PASSWORD=$PASSWORD LAB_STATE=$BASE/bootstrap.json \
        LAB_CINDER_PATH=$CINDER_PATH LAB_PORTS=$ports \
        tool python3 "$LAB_DIR/py/$1" "$2"
}

write_clouds() {
    "$DEBIAN_PYTHON" "$LAB_DIR/py/lab_clouds.py" write "$LAB_DIR/clouds.yaml" "$PLANE" "$BASE/bootstrap.json" "$(auth_url)"
}
forget_clouds() {
    [ ! -e "$LAB_DIR/clouds.yaml" ] || "$DEBIAN_PYTHON" "$LAB_DIR/py/lab_clouds.py" forget "$LAB_DIR/clouds.yaml" "$PLANE"
}
print_env() {  # print_env CLOUD
    [ -e "$LAB_DIR/clouds.yaml" ] || die 'there are no clouds yet; first: lab up'
    "$DEBIAN_PYTHON" "$LAB_DIR/py/lab_clouds.py" "env${JSON:+-json}" "$LAB_DIR/clouds.yaml" "$1"
}
print_versions() {
    # The host's own client speaks to every release.
    "$DEBIAN_PYTHON" "$LAB_DIR/py/lab_versions.py" "$LAB_DIR/clouds.yaml" "$PLANE-admin"
}
