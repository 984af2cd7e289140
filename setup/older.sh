# Puts the client programs of an older minor of PostgreSQL 15 into the ignored folder .tools, for tests: what this machine's pg_dump does right, that of a
# user who has not upgraded may do wrong.
#   .tools/postgresql-client/15-older/bin   pg_dump and the others, run with this machine's libraries
# Debian keeps the minor of its last point release beside the newest one of its security updates, so the oldest that it offers is taken. Where it
# offers one minor alone, there is none, and the tests that want it say that they were skipped. Needs no rights.
# Wants: setup/say.sh, setup/debian.sh and setup/npm.sh sourced, ROOT set.

OLDER="$TOOLS/debian12-older"
OLDER_PACKAGE=postgresql-client-15

# Changes whenever the way it is installed does.
older_state() {
    sha256sum < "$ROOT/setup/older.sh"
}

# True when the folder is what this file makes; answers without the network.
older_is_ready() {
    [[ -f "$OLDER/stamp" && "$(< "$OLDER/stamp")" == "$(older_state)" ]]
}

older_install() {
    local versions
    rm -rf "$OLDER" "$TOOLS/postgresql-client/15-older"
    mkdir -p "$OLDER" "$TOOLS/postgresql-client"
    mapfile -t versions < <(debian_versions "$OLDER_PACKAGE")
    if ((${#versions[@]} > 1)); then
        older_unpack "${versions[-1]}"
        say "unpacked: $("$TOOLS/postgresql-client/15-older/bin/pg_dump" --version)"
    else
        say "Debian offers no older minor of $OLDER_PACKAGE; the tests that want one are skipped"
    fi
    older_state > "$OLDER/stamp"
}

older_unpack() {
    (cd "$OLDER" && run_quietly apt-get --quiet=2 --option APT::Sandbox::User=root --option Acquire::Retries=2 --option Acquire::http::Timeout=30 \
        download "$OLDER_PACKAGE=$1") ||
        stop_with "apt-get could not download $OLDER_PACKAGE $1: its message is above. Repair that (network?) and run the same again."
    run_quietly dpkg-deb --extract "$OLDER"/*.deb "$OLDER" || stop_with "dpkg-deb could not unpack $OLDER_PACKAGE $1: its message is above (disk full?)"
    rm -rf "$OLDER"/*.deb "$OLDER/usr/share/doc" "$OLDER/usr/share/man" "$OLDER/usr/share/locale"
    chmod -R a+rX "$OLDER"
    ln -s ../debian12-older/usr/lib/postgresql/15 "$TOOLS/postgresql-client/15-older"
}
