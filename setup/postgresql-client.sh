# Puts PostgreSQL 17's client programs into the ignored folder .tools, for tests with servers newer than Debian 12's pg_dump can read:
#   .tools/postgresql-client/17/bin    pg_dump, pg_dumpall, pg_restore, psql; fit for GODWIT_PG_BIN_17
# They come from Debian 13, pinned by setup/postgresql-client-17, through an apt root of their own: nothing is installed on the machine, and
# its lists, sources and packages stay as they are. Needs no rights.
# Wants: setup/say.sh sourced, ROOT set.

CLIENT_PINS="$ROOT/setup/postgresql-client-17"
CLIENT="$ROOT/.tools/postgresql-client/17"
CLIENT_SUITE=trixie
CLIENT_PROGRAMS=(pg_dump pg_dumpall pg_restore psql)
DEBIAN_KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

# Changes whenever a package or the way it is installed does.
client_state() {
    cat "$CLIENT_PINS" "$ROOT/setup/postgresql-client.sh" | sha256sum
}

# True when the folder is what the pins ask for; answers without the network.
client_is_ready() {
    [[ -f "$CLIENT/stamp" && "$(< "$CLIENT/stamp")" == "$(client_state)" ]]
}

# The pinned "name=version sha256", one per line.
client_pins() {
    grep --invert-match --extended-regexp '^(#|$)' "$CLIENT_PINS"
}

client_install() {
    local apt
    say "unpacking PostgreSQL 17's client programs into .tools (from Debian $CLIENT_SUITE; some seconds, 40 MB on disk)"
    rm -rf "$CLIENT"
    apt="$CLIENT/apt"
    mkdir -p "$CLIENT/root" "$CLIENT/bin" "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
    client_write_sources > "$apt/$CLIENT_SUITE.sources"
    : > "$apt/status"
    run_quietly client_apt update --error-on=any || stop_with "apt-get could not read the package lists of Debian $CLIENT_SUITE: its message is above. \
Repair that (network? mirror without $CLIENT_SUITE?) and run the same again."
    client_download
    client_unpack
    client_write_starters
    rm -rf "$apt"
    client_state > "$CLIENT/stamp"
    say "unpacked: $("$CLIENT/bin/pg_dump" --version)"
}

# The same mirror as the machine's own Debian 12, with the other suite.
client_write_sources() {
    local mirror
    mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2> /dev/null |
        awk '$1 ~ /^(bookworm|stable|oldstable|trixie)$/ { print $2; exit }')
    [[ -n "$mirror" ]] || stop_with "apt knows no mirror of Debian on this machine (apt-get indextargets names none), so PostgreSQL 17's client cannot be fetched"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$mirror" "$CLIENT_SUITE"
    if [[ -f "$DEBIAN_KEYS" ]]; then printf 'Signed-By: %s\n' "$DEBIAN_KEYS"; fi
}

# The machine's own settings (proxy, credentials) hold; its sources, lists and installed packages are not looked at. Unsandboxed, because the
# user _apt need not be able to enter our folder.
client_apt() {
    local verb=$1 apt="$CLIENT/apt"
    shift
    DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --option Dir::Etc::SourceList="$apt/$CLIENT_SUITE.sources" --option Dir::Etc::SourceParts=- \
        --option Dir::Etc::Preferences=/dev/null --option Dir::Etc::PreferencesParts=- --option Dir::State="$apt" --option Dir::State::status="$apt/status" \
        --option Dir::Cache="$apt/cache" --option APT::Architecture=amd64 --option APT::Architectures=amd64 --option APT::Sandbox::User=root \
        --option Acquire::Languages=none --option Acquire::Retries=2 --option Acquire::http::Timeout=30 "$verb" "$@"
}

# Debian's archive keeps the newest point release only. A pin that is gone must not make an old commit unusable, so the archive's package (whose
# signature apt has checked) is taken, and it is said. What is there in the pinned version must be what was pinned, to the byte.
client_download() {
    local pin sum name files wanted=() gone=()
    while read -r pin sum; do
        name=${pin%%=*}
        if client_offers "$pin"; then wanted+=("$pin"); else gone+=("$pin") wanted+=("$name"); fi
    done < <(client_pins)
    if ((${#gone[@]} > 0)); then say_loudly "Debian $CLIENT_SUITE has no ${gone[*]} any more; taking its present version instead"; fi
    (cd "$CLIENT/apt/packages" && run_quietly client_apt download "${wanted[@]}") ||
        stop_with "apt-get could not download PostgreSQL 17's client: its message is above. Repair that (network?) and run the same again."
    while read -r pin sum; do
        if [[ " ${gone[*]} " == *" $pin "* ]]; then continue; fi
        files=("$CLIENT/apt/packages/${pin%%=*}"_*.deb)
        printf '%s  %s\n' "$sum" "${files[0]}" | sha256sum --check --status ||
            stop_with "the package $pin is not the one that was pinned (its checksum differs): nothing of it was unpacked. Whose mirror is it?"
    done < <(client_pins)
}

client_offers() {
    apt-cache --option Dir::State="$CLIENT/apt" --option Dir::State::status="$CLIENT/apt/status" --option Dir::Cache="$CLIENT/apt/cache" \
        --option Dir::Etc::SourceList="$CLIENT/apt/$CLIENT_SUITE.sources" --option Dir::Etc::SourceParts=- --option APT::Architecture=amd64 \
        --option APT::Architectures=amd64 madison "${1%%=*}" |
        awk -F' *[|] *' '{ print $2 }' | grep --quiet --fixed-strings --line-regexp "${1#*=}"
}

client_unpack() {
    local package
    for package in "$CLIENT"/apt/packages/*.deb; do
        run_quietly dpkg-deb --extract "$package" "$CLIENT/root" || stop_with "dpkg-deb could not unpack ${package##*/}: its message is above (disk full?)"
    done
    rm -rf "$CLIENT/root/usr/share" "$CLIENT/root/etc"
}

# Each becomes the program, started by the loader it came with: run directly it would take this machine's, and fail on its older C library.
client_write_starters() {
    local program
    for program in "${CLIENT_PROGRAMS[@]}"; do
        cat > "$CLIENT/bin/$program" <<'SH'
#!/bin/sh
name=${0##*/} root=$(dirname "$(readlink -f "$0")")/../root
program=$root/usr/lib/postgresql/17/bin/$name
exec "$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" --argv0 "$program" "$program" "$@"
SH
        chmod 755 "$CLIENT/bin/$program"
    done
}
