# How ./godwit, ./check and setup/install talk. Everything goes to standard error: standard output belongs to the program that is started.

say() {
    printf '%s: %s\n' "${SAY_AS:-setup}" "$*" >&2
}

# For what must not be overlooked in a long log.
say_loudly() {
    printf '\n%s: ****** %s ******\n\n' "${SAY_AS:-setup}" "$*" >&2
}

# Exit code 2 is "you have to do something first", as everywhere in Godwit.
stop_with() {
    say "$*"
    exit 2
}
