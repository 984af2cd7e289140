# Makes sure that the machine has what a command needs. As root: says what is missing and installs it. As another user:
# installs nothing, prints the command that does, and ends with exit code 2.
# Wants: ROOT set. Sources the files it depends on.
source "$ROOT/setup/say.sh"
source "$ROOT/setup/debian.sh"
source "$ROOT/setup/npm.sh"
source "$ROOT/setup/debian13.sh"
source "$ROOT/setup/older.sh"

# need client|server|check. client: for migrations. server: also for demo and heroku-local. check: also for the tests.
need() {
    local level=$1 pins=()
    is_debian || return 0
    mapfile -t pins < <(debian_missing_for "$level")
    if ((${#pins[@]} == 0)) && { [[ "$level" != check ]] || tools_are_ready; }; then
        return 0
    fi
    if ((EUID != 0)); then
        tell_the_command "$level" "${pins[@]}"
    fi
    if ((${#pins[@]} > 0)); then debian_install "${pins[@]}"; fi
    if [[ "$level" == check ]]; then tools_install; fi
}

# The contents of .tools, which belongs to the checkout's owner. npm comes first, because it begins with an empty
# .tools.
tools_are_ready() {
    npm_is_ready && debian13_is_ready && older_is_ready
}

tools_install() {
    npm_is_ready || npm_install
    debian13_is_ready || debian13_install
    older_is_ready || older_install
}

# For Godwit itself, programs count and not packages: they may come from elsewhere (GODWIT_PG_BIN).
debian_missing_for() {
    case $1 in
        client) have_programs pg_dump pg_restore || debian_missing client ;;
        server) have_programs pg_dump pg_restore psql initdb postgres || debian_missing client server ;;
        check)
            debian_missing client server check
            npm_is_ready || command -v npm > /dev/null || debian_missing npm
            ;;
    esac
}

# Looks in Godwit's own places: GODWIT_PG_BIN, GODWIT_PG_BIN_<major>, then Debian's folders (or those of
# GODWIT_PG_ROOT).
have_programs() {
    local program name folder found folders=("${GODWIT_PG_ROOT:-/usr/lib/postgresql}"/*/bin)
    for name in "${!GODWIT_PG_BIN@}"; do folders+=("${!name}"); done
    for program in "$@"; do
        found=
        for folder in "${folders[@]}"; do
            if [[ -x "$folder/$program" ]]; then found=yes; fi
        done
        [[ -n "$found" ]] || return 1
    done
}

tell_the_command() {
    local level=$1 command="setup/install $1"
    shift
    if (($# > 0)); then
        say "not on this machine yet, from Debian: $*"
        if command -v sudo > /dev/null; then command="sudo $command"; else command="su -c '$command'"; fi
    fi
    if [[ "$level" == check ]] && ! npm_is_ready; then
        say "not in .tools yet, from npm: $(npm_names)"
    fi
    if [[ "$level" == check ]] && ! debian13_is_ready; then say "not in .tools yet, from Debian 13: PostgreSQL 17"; fi
    if [[ "$level" == check ]] && ! older_is_ready; then say "not in .tools yet, from Debian 12: an older minor of PostgreSQL 15's client programs"; fi
    say "nothing was installed. This command does it and says what it does:"
    printf '\n    cd %q && %s\n\n' "$ROOT" "$command" >&2
    exit 2
}
