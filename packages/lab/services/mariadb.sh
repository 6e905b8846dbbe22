# shellcheck shell=bash
# MariaDB: one server, shared by all control planes.

MARIADB_PACKAGES=(mariadb-server)
INFRA=$LAB_DIR/infra
CORE_DATABASES=(keystone glance placement nova_api nova nova_cell0 neutron cinder)  # of each control plane

mysql_() { mariadb --socket="$INFRA/mysql.sock" --user=root "$@"; }

mariadb_start() {
    local data=$INFRA/mysql
    if [ ! -d "$data/mysql" ]; then
        install -d -o mysql -g mysql "$data"
        mariadb-install-db --no-defaults --user=mysql --datadir="$data" --skip-test-db \
            --auth-root-authentication-method=normal >"$LAB_DIR/logs/infra/mariadb-install.log" 2>&1
    fi
    chown mysql "$INFRA"  # for the socket
    # A lab need not outlive a power cut: no flush at each commit.
    start infra.mariadb mariadbd --no-defaults --user=mysql --datadir="$data" \
        --socket="$INFRA/mysql.sock" --pid-file="$INFRA/mysql.pid" \
        --bind-address="$IP" --port="$(port mariadb)" --skip-name-resolve --skip-log-bin \
        --max-connections=1000 --innodb-buffer-pool-size=256M --performance-schema=OFF \
        --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-flush-method=nosync \
        --character-set-server=utf8mb3 --collation-server=utf8mb3_general_ci
    wait_for 60 MariaDB mysql_ -e 'select 1'
    mysql_ -e "CREATE USER IF NOT EXISTS lab@'$IP' IDENTIFIED BY '$PASSWORD'; GRANT ALL ON *.* TO lab@'$IP'"
}

# make_database NAME... : of the chosen control plane
make_database() {
    local name
    for name in "$@"; do mysql_ -e "CREATE DATABASE IF NOT EXISTS \`$(database_name "$name")\`" || return 1; done
}
