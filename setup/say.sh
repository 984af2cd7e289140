# Messages of ./godwit, ./check and setup/install. All go to standard error: standard output belongs to the started
# program.

say() {
    printf '%s: %s\n' "${SAY_AS:-setup}" "$*" | between_words >&2
}

# On a terminal, lines break between words; elsewhere they stay whole.
between_words() {
    local width=
    if [[ -t 2 ]]; then width=$(stty size <&2 | cut --delimiter=' ' --fields=2); fi
    if ((width > 0)); then fold --spaces --width="$width"; else cat; fi
}

# For messages that must not be overlooked in a long log.
say_loudly() {
    printf '\n%s: ****** %s ******\n\n' "${SAY_AS:-setup}" "$*" | between_words >&2
}

# Runs a command with long output, and shows that output only if the command fails.
run_quietly() {
    local log code=0
    log=$(mktemp "${TMPDIR:-/tmp}/godwit-setup-XXXXXX")
    "$@" > "$log" 2>&1 || code=$?
    if ((code != 0)); then cat "$log" >&2; fi
    rm -f "$log"
    return "$code"
}

# Exit code 2 means "you have to do something first", as everywhere in Godwit.
stop_with() {
    say "$*"
    exit 2
}
