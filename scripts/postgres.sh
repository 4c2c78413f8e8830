# Sourced by the test scripts: a PostgreSQL 15 cluster of their own, in a scratch folder, on a free port, as a user other than root.
#   postgres_start FOLDER [SETTINGS]   sets WEIWANG_TEST_POSTGRES; settings as the server takes them (`-c name=value`), for measurements
#   postgres_stop                      may be called at any time, also twice
postgres_programs=/usr/lib/postgresql/15/bin
postgres_folder=

# PostgreSQL refuses to run as root.
postgres_run() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

postgres_start() {
    postgres_folder=$1
    mkdir -p "$postgres_folder"
    if [ "$(id -u)" = 0 ]; then chown postgres "$postgres_folder"; fi
    postgres_run "$postgres_programs/initdb" -D "$postgres_folder/cluster" -U weiwang -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
    local port tries
    for tries in 1 2 3; do
        port=$(free_port)
        if postgres_run "$postgres_programs/pg_ctl" -D "$postgres_folder/cluster" -l "$postgres_folder/log" -w -s start \
            -o "-p $port -k $postgres_folder -c listen_addresses=127.0.0.1 -c max_connections=400 -c shared_buffers=128MB ${2:-}"; then
            export WEIWANG_TEST_POSTGRES="postgres://weiwang@127.0.0.1:$port/postgres"
            return 0
        fi
    done
    cat "$postgres_folder/log" >&2
    return 1
}

postgres_stop() {
    [ -n "$postgres_folder" ] && [ -e "$postgres_folder/cluster/postmaster.pid" ] || return 0
    postgres_run "$postgres_programs/pg_ctl" -D "$postgres_folder/cluster" -m immediate -w -s stop || true
}
