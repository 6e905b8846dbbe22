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

# With a name in it, the functions that start a service start that daemon of it alone.
ONLY_DAEMON=''

# program NAME COMMAND... : a daemon that takes no --log-file
program() {
    local name=$1
    shift
    [ -z "$ONLY_DAEMON" ] || [ "$name" = "$ONLY_DAEMON" ] || return 0
    set_prefix
    start "$PLANE.$name" "${PREFIX[@]}" "$@"
}
# daemon NAME COMMAND... : one that does
daemon() { program "$@" --log-file "$LOGS/$1.log"; }

# replicated NAME COMMAND... : a daemon that each controller has, under the name of that host
replicated() {
    local name=$1 host
    shift
    for host in "${CONTROLLERS[@]}"; do
        if [ -z "$host" ]; then daemon "$name" "$@"; else daemon "$name@$host" env "OS_DEFAULT__HOST=$host" "$@"; fi
    done
}

# wsgi NAME PORT-NAME SCRIPT-OR-MODULE [ARGUMENT-OF-THE-APPLICATION...] : an API, in uWSGI, on each controller
wsgi() {
    local host
    for host in "${CONTROLLERS[@]}"; do wsgi_on "$host" "$@"; done
}
wsgi_on() {
    local host=$1 name=$2${1:+@$1} listen app=$4 source=(--module "$4") identity=()
    listen=$IP:$(replica_port "$3" "$host")
    shift 4
    [[ $app != /* ]] || source=(--wsgi-file "$app")
    [ -z "$host" ] || identity=("OS_DEFAULT__HOST=$host")
    # Between requests nothing runs the green thread that keeps a connection to RabbitMQ
    # alive: a real thread has to.
    program "$name" env OS_OSLO_MESSAGING_RABBIT__HEARTBEAT_IN_PTHREAD=true ${identity[@]+"${identity[@]}"} \
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
