# Puts PostgreSQL 17 of Debian 13 into the ignored folder .tools, for tests. Debian 12 has 15 only, and a pg_dump reads no server newer than itself:
#   .tools/postgresql/17                the server of the newest minor that Debian 13 offers
#   .tools/postgresql-client/17         its client programs alone; GODWIT_PG_BIN_17 may be its bin
# The packages come through an apt root of their own: nothing is installed on the machine, and its lists, sources and packages stay as they are.
# Needs no rights. Debian removes what it supersedes, so the newest is taken and not a version by name; apt checks the archive's signature.
# Wants: setup/say.sh and setup/npm.sh sourced, ROOT set.

DEBIAN13="$TOOLS/debian13"
DEBIAN13_SUITES='trixie trixie-updates trixie-security'
# The version that this commit was tested with. Another one is said, and used all the same.
DEBIAN13_TESTED=17.12-0+deb13u1
CLIENT_PROGRAMS=(pg_dump pg_dumpall pg_restore pg_basebackup psql)
DEBIAN_KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

# Changes whenever the way they are installed does.
debian13_state() {
    sha256sum < "$ROOT/setup/debian13.sh"
}

# True when the folder is what this file makes; answers without the network.
debian13_is_ready() {
    [[ -f "$DEBIAN13/stamp" && "$(< "$DEBIAN13/stamp")" == "$(debian13_state)" && -x "$TOOLS/postgresql/17/bin/postgres" ]]
}

# The version that is in .tools, such as 17.12-0+deb13u1.
debian13_version() {
    cat "$DEBIAN13/version" 2> /dev/null || true
}

debian13_install() {
    local newest home
    say "unpacking PostgreSQL 17 of Debian 13 into .tools (some seconds, 160 MB on disk)"
    rm -rf "$DEBIAN13" "$TOOLS/postgresql-client/17"
    mkdir -p "$DEBIAN13" "$TOOLS/postgresql"
    debian13_read_lists
    newest=$(debian13_newest)
    debian13_unpack "$newest"
    home=$(debian13_home)
    ln -sfn "$home" "$TOOLS/postgresql/17"
    debian13_link_clients "$home"
    if [[ "$newest" != "$DEBIAN13_TESTED" ]]; then say "Debian 13 has PostgreSQL $newest by now; this commit was tested with $DEBIAN13_TESTED"; fi
    printf '%s\n' "$newest" > "$DEBIAN13/version"
    debian13_state > "$DEBIAN13/stamp"
    say "unpacked: $("$TOOLS/postgresql/17/bin/postgres" --version)"
}

# True when Debian 13 offers another version than the one that is here. Reads the lists anew.
debian13_is_outdated() {
    debian13_read_lists
    [[ "$(debian13_newest)" != "$(debian13_version)" ]]
}

debian13_read_lists() {
    local apt="$DEBIAN13/apt"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    debian13_sources > "$apt/debian13.sources"
    : > "$apt/status"
    run_quietly debian13_apt apt-get update --error-on=any || stop_with "apt-get could not read the package lists of Debian 13: its message is above. \
Repair that (network? mirror without trixie?) and run the same again."
}

# The same mirrors as the machine's own Debian 12, with the other suites. Its security updates may lie at another address.
debian13_sources() {
    local suite like mirror
    for suite in $DEBIAN13_SUITES; do
        like=bookworm
        if [[ "$suite" == *-security ]]; then like=bookworm-security; fi
        mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2> /dev/null |
            awk -v like="$like" '$1 == like { print $2; exit }')
        if [[ -z "$mirror" && "$suite" == trixie ]]; then
            stop_with "apt knows no mirror of Debian 12 on this machine (apt-get indextargets names none), so PostgreSQL 17 cannot be fetched"
        fi
        [[ -n "$mirror" ]] || continue
        printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$mirror" "$suite"
        if [[ -f "$DEBIAN_KEYS" ]]; then printf 'Signed-By: %s\n' "$DEBIAN_KEYS"; fi
        printf '\n'
    done
}

# The machine's own settings (proxy, credentials) hold; its sources, lists and installed packages are not looked at. Unsandboxed, because the
# user _apt need not be able to enter our folder.
debian13_apt() {
    local program=$1 verb=$2 apt="$DEBIAN13/apt"
    shift 2
    DEBIAN_FRONTEND=noninteractive "$program" --quiet=2 --option Dir::Etc::SourceList="$apt/debian13.sources" --option Dir::Etc::SourceParts=/dev/null \
        --option Dir::Etc::Preferences=/dev/null --option Dir::Etc::PreferencesParts=/dev/null --option Dir::State="$apt" \
        --option Dir::State::status="$apt/status" --option Dir::Cache="$apt/cache" --option APT::Architecture=amd64 --option APT::Architectures=amd64 \
        --option APT::Sandbox::User=root --option Acquire::Languages=none --option Acquire::Retries=2 --option Acquire::http::Timeout=30 "$verb" "$@"
}

debian13_newest() {
    debian13_apt apt-cache madison postgresql-client-17 | awk -F' *[|] *' '{ print $2 }' | sort --version-sort | tail --lines=1
}

# Unpacks server, client and every library that they may load.
debian13_unpack() {
    local folder="$DEBIAN13/newest" version=$1 package libraries
    mkdir -p "$folder" "$DEBIAN13/packages"
    mapfile -t libraries < <(debian13_libraries)
    (cd "$DEBIAN13/packages" && run_quietly debian13_apt apt-get download "postgresql-17=$version" "postgresql-client-17=$version" "${libraries[@]}") ||
        stop_with "apt-get could not download PostgreSQL $version: its message is above. Repair that (network?) and run the same again."
    for package in "$DEBIAN13"/packages/*.deb; do
        run_quietly dpkg-deb --extract "$package" "$folder" || stop_with "dpkg-deb could not unpack ${package##*/}: its message is above (disk full?)"
    done
    rm -rf "$DEBIAN13/packages" "$folder/usr/share/doc" "$folder/usr/share/man" "$folder/usr/share/locale" "$folder/etc" "$folder/var"
    # The compiler of expressions needs LLVM, 120 MB, which is not unpacked; without this file the server does without.
    rm -f "$folder"/usr/lib/postgresql/17/lib/llvmjit*
    debian13_write_starters "$folder/usr/lib/postgresql/17"
    chmod -R a+rX "$folder"
}

# Everything called a library among what PostgreSQL 17 depends on, but for those that no PostgreSQL program loads.
debian13_libraries() {
    debian13_apt apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
        postgresql-17 postgresql-client-17 | grep --extended-regexp '^(lib|zlib)' |
        grep --invert-match --extended-regexp 'perl|llvm|debian-installer|debconf|newt|slang|textwrap|semanage|sepol|-(dev|data|common|bin|db)$'
}

# Where PostgreSQL lies in it: a copy, if the user postgres cannot enter .tools.
debian13_home() {
    local folder="$DEBIAN13/newest" copy="$POSTGRES_ELSEWHERE/debian13-newest" inside=usr/lib/postgresql/17
    if ((EUID == 0)) && ! postgres_can_run "$folder/$inside/bin/psql"; then
        rm -rf "${copy:?}"
        mkdir -p "$POSTGRES_ELSEWHERE"
        cp --archive "$folder" "$copy"
        folder=$copy
    fi
    printf '%s\n' "$folder/$inside"
}

debian13_link_clients() {
    local folder="$TOOLS/postgresql-client/17/bin" home=$1 program
    mkdir -p "$folder"
    for program in "${CLIENT_PROGRAMS[@]}"; do ln -sfn "$home/bin/$program" "$folder/$program"; done
}

# Each program is started by the loader it came with: run directly it would take this machine's, and fail on its older C library. The starter has the
# program's place and name, because PostgreSQL's programs find each other, and their files, from there.
debian13_write_starters() {
    local home=$1 program
    mkdir -p "$home/programs"
    for program in "$home"/bin/*; do
        [[ -f "$program" && ! -L "$program" && "$(head --bytes=4 "$program")" == $'\x7fELF' ]] || continue
        mv "$program" "$home/programs/"
        cat > "$program" <<'SH'
#!/bin/sh
self=$(readlink -f "$0") home=${self%/bin/*} root=${self%/usr/lib/postgresql/*}
exec "$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" --argv0 "$self" "$home/programs/${self##*/}" "$@"
SH
        chmod 755 "$program"
    done
}
