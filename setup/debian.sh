# Installs the Debian packages that setup/debian-packages pins, for root. Other users are told the command.
# Wants: setup/say.sh sourced, ROOT set.

# How long to wait for another apt or dpkg to end.
APT_LOCK_SECONDS_MAX=120
NO_CLUSTER_CONF=/etc/postgresql-common/createcluster.d/godwit-installs.conf
POLICY=/usr/sbin/policy-rc.d

# The pins (name=version) of the given purposes, one per line.
debian_pins() {
    local purpose
    for purpose in "$@"; do
        awk -v purpose="$purpose" '$1 == purpose { print $2 }' "$ROOT/setup/debian-packages"
    done
}

# Pins of the given purposes whose package is not installed in any version. An installed point release is as good as the
# pinned one.
debian_missing() {
    local pin
    for pin in $(debian_pins "$@"); do
        [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "${pin%%=*}" 2>/dev/null)" == installed ]] || printf '%s\n' "$pin"
    done
}

# What to ask apt for: the pin if the archive still has it, else the plain name. Debian replaces point releases. A pin
# that is gone must not make an old commit unusable, but is reported. PostgreSQL's newest minor is always taken, because
# users have it.
debian_offered() {
    local pin name version
    for pin in "$@"; do
        name=${pin%%=*} version=${pin#*=}
        if [[ "$name" == postgresql-* ]]; then
            [[ "$(debian_candidate "$name")" == "$version" ]] || say "Debian has $name $(debian_candidate "$name") by now; this commit was tested with $version"
            printf '%s\n' "$name"
        elif debian_versions "$name" | grep --quiet --fixed-strings --line-regexp "$version"; then
            printf '%s\n' "$pin"
        else
            say_loudly "the archive has no $pin any more; installing its $name $(debian_candidate "$name") instead"
            printf '%s\n' "$name"
        fi
    done
}

# The offered versions of a package, newest first.
debian_versions() {
    apt-cache madison "$1" | awk -F' *[|] *' '{ print $2 }' | sort --version-sort --reverse --unique
}

debian_candidate() {
    apt-cache policy "$1" | awk '$1 == "Candidate:" { print $2 }'
}

# Installs missing packages as root. Nothing may start: no daemon (policy-rc.d answers 101, "not allowed"), and no
# PostgreSQL cluster "main", which Debian would create and start on port 5432. Both measures are removed at the end.
debian_install() {
    local pins=("$@") offered
    say "installing from Debian: ${pins[*]} (up to two minutes)"
    run_quietly apt_get update || say "apt-get update failed; trying with the package lists that are here"
    mapfile -t offered < <(debian_offered "${pins[@]}")
    (
        trap debian_allow_starts EXIT
        debian_forbid_starts
        run_quietly apt_get install --yes --no-install-recommends "${offered[@]}"
    ) || stop_with "apt-get could not install ${offered[*]}: its message is above. Repair that (network? /etc/apt/sources.list?) and run the same again."
    say "installed: $(dpkg-query --show --showformat='${Package} ${Version}, ' "${offered[@]%%=*}" | sed 's/, $//')"
}

apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --option DPkg::Lock::Timeout="$APT_LOCK_SECONDS_MAX" \
        --option Dpkg::Options::=--force-confold --option Dpkg::Use-Pty=0 "$@"
}

debian_forbid_starts() {
    mkdir -p "${NO_CLUSTER_CONF%/*}"
    printf 'create_main_cluster = false\n' > "$NO_CLUSTER_CONF"
    # An existing policy (as in containers) is the administrator's, and stays.
    if [[ ! -e "$POLICY" ]]; then
        printf '#!/bin/sh\n# Written by Godwit while it installs packages; removed afterwards.\nexit 101\n' > "$POLICY"
        chmod 755 "$POLICY"
    fi
}

debian_allow_starts() {
    rm -f "$NO_CLUSTER_CONF"
    if grep --quiet --no-messages 'Written by Godwit' "$POLICY"; then rm -f "$POLICY"; fi
}

# True if this file can help on this machine. Elsewhere Godwit itself says what is missing.
is_debian() {
    command -v apt-get > /dev/null && command -v dpkg-query > /dev/null
}
