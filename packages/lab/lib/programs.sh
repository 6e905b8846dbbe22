# shellcheck shell=bash
# How OpenStack's programs are run: with their configuration, in their chroot.

# set_prefix : PREFIX is what precedes every program of this control plane. With OVERLAY
# set, programs and modules found there come first.
set_prefix() {
    local overlay=${OVERLAY:-}
    PREFIX=()
    [ -z "$ROOT" ] || PREFIX+=(chroot "$ROOT")
    PREFIX+=(env "HOME=$ETC" "PYTHONPATH=$LAB_DIR/py${overlay:+:$overlay/usr/lib/python3/dist-packages}"
        "PATH=${overlay:+$overlay/usr/bin:}/usr/sbin:/usr/bin:/sbin:/bin"
        PYTHONWARNINGS=ignore LC_ALL=C.UTF-8
        MALLOC_ARENA_MAX=2  # about a fifth less memory
        "OS_KEYSTONE_CONFIG_DIR=$ETC/keystone" "OS_GLANCE_CONFIG_DIR=$ETC/glance"
        "OS_NOVA_CONFIG_DIR=$ETC/nova" "OS_PLACEMENT_CONFIG_DIR=$ETC/placement"
        "OS_NEUTRON_CONFIG_DIR=$ETC/neutron" 'OS_NEUTRON_CONFIG_FILES=neutron.conf;ml2_conf.ini'
        "OS_MASAKARI_CONFIG_DIR=$ETC/masakari"
        "LAB_FAKE_DRIVER=$LAB_FAKE_DRIVER" "LAB_AGENT_HOSTS=$ETC/neutron/hosts")
}

# tool COMMAND... : in the foreground
tool() { set_prefix; "${PREFIX[@]}" "$@"; }

# program NAME COMMAND... : a daemon that takes no --log-file
program() {
    local name=$1
    shift
    set_prefix
    start "$PLANE.$name" "${PREFIX[@]}" "$@"
}
# daemon NAME COMMAND... : one that does
daemon() { program "$@" --log-file "$LOGS/$1.log"; }

# wsgi NAME PORT-NAME SCRIPT-OR-MODULE [ARGUMENT-OF-THE-APPLICATION...] : an API, in uWSGI
wsgi() {
    local name=$1 listen app=$3 source=(--module "$3")
    listen=$IP:$(port "$2")
    shift 3
    [[ $app != /* ]] || source=(--wsgi-file "$app")
    # Between requests nothing runs the green thread that keeps a connection to RabbitMQ
    # alive: a real thread has to.
    program "$name" env OS_OSLO_MESSAGING_RABBIT__HEARTBEAT_IN_PTHREAD=true \
        uwsgi --plugin python3 --http-socket "$listen" "${source[@]}" \
        --master --processes "$LAB_WORKERS" --threads 1 --lazy-apps --enable-threads \
        --thunder-lock --die-on-term --no-orphans --buffer-size 65535 --listen 100 \
        --add-header 'Connection: close' --disable-logging --procname-prefix "$name " \
        --pyargv "$* --log-file $LOGS/$name.log"
}

# first FILE... NAME : the first of the files that this release has; else the last word,
# which may name a Python module
first() {
    local candidate
    for candidate in "$@"; do
        [ ! -e "$ROOT$candidate" ] || { echo "$candidate"; return; }
    done
    echo "${!#}"
}
