# Builds with the .NET SDK, quietly when nothing changed. Wants: setup/say.sh sourced, ROOT set.

# No telemetry, and no build server that outlives this script.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false MSBUILDDISABLENODEREUSE=1
readonly NO_SERVERS=(-p:UseSharedCompilation=false)

# Two calls at once must not build into the same folders. The second waits this long for the first.
BUILD_LOCK_SECONDS_MAX=600
BUILD_FOLDER="$ROOT/.build"
APP_STAMP="$BUILD_FOLDER/app.stamp"
# A link to the folder of the newest build.
APP_LINK="$BUILD_FOLDER/app"

need_dotnet() {
    command -v dotnet > /dev/null || stop_with "the .NET SDK is missing. Install version $(sdk_version) (https://dotnet.microsoft.com/download) and run the same again."
}

sdk_version() {
    sed -nE 's/.*"version": "([^"]+)".*/\1/p' "$ROOT/global.json"
}

# True when nothing that the application is built from is newer than its last build. A folder is newer after something
# in it was deleted or renamed. Faster than MSBuild, which takes a second: ./godwit is called often, and by scripts.
app_is_built() {
    [[ -f "$APP_LINK/Godwit.App.dll" && -f "$APP_STAMP" ]] || return 1
    [[ -z "$(find "$ROOT/src" "$ROOT"/Directory.*.props "$ROOT"/*.txt "$ROOT/global.json" "$ROOT/.editorconfig" \
        \( -name bin -o -name obj \) -prune -o -newer "$APP_STAMP" -print -quit)" ]]
}

# A build writes into the checkout. In another user's checkout, mkdir, flock and the SDK would fail with messages of
# their own.
need_writable_checkout() {
    local folder owner
    for folder in "$ROOT" "$ROOT"/src "$BUILD_FOLDER" "$BUILD_FOLDER/lock" "$ROOT"/src/*/ "$ROOT"/src/*/{bin,obj}; do
        if [[ -e "$folder" && ! -w "$folder" ]]; then
            owner=$(stat --format=%U "$ROOT")
            stop_with "has to be built first, and $(id --user --name) may not write into ${folder%/} (the checkout is $owner's)." \
                "Build it as its owner: sudo -u $owner $ROOT/godwit --version. Or use a checkout of your own."
        fi
    done
    [[ -n "${HOME:-}" ]] || stop_with "has to be built first, and the .NET SDK needs HOME, which is not set: export HOME=$(getent passwd "$EUID" | cut -d: -f6)"
}

# The stamp has the time the build began, so a file saved during the build is newer. The build's own folders are made
# first: made later, they would make their parents newer.
build_app() {
    local began=$SECONDS
    need_writable_checkout
    mkdir -p "$BUILD_FOLDER" || stop_with "cannot build in $ROOT: the message is above (disk full?)"
    exec {lock}> "$BUILD_FOLDER/lock"
    flock --timeout "$BUILD_LOCK_SECONDS_MAX" "$lock" || stop_with "another build here has not ended for $BUILD_LOCK_SECONDS_MAX s"
    if ! app_is_built; then
        say "building (.NET SDK $(sdk_version), NuGet packages as in packages.lock.json); this is done once per change"
        for project in "$ROOT"/src/*/; do mkdir -p "$project/bin" "$project/obj"; done
        touch "$APP_STAMP.new"
        publish_app
        mv "$APP_STAMP.new" "$APP_STAMP"
        say "built in $((SECONDS - began)) s"
    fi
    exec {lock}>&-
}

# Every build has its own folder, so a migration of hours keeps loading its own program, not parts of a newer one.
publish_app() {
    local folder older
    folder=$(mktemp --directory "$APP_LINK-XXXXXX")
    chmod 755 "$folder"
    run_quietly dotnet publish "$ROOT/src/Godwit.App" --configuration Release --output "$folder" --verbosity quiet \
        -p:RestoreLockedMode=true -p:RunAnalyzers=false "${NO_SERVERS[@]}" ||
        { rm -rf "$folder"; stop_with "the build failed; its messages are above"; }
    ln -sfn "${folder##*/}" "$APP_LINK"
    for older in "$APP_LINK"-*; do
        if [[ "$older" != "$folder" ]] && ! pgrep --full "${older##*/}/Godwit" > /dev/null 2>&1; then rm -rf "$older"; fi
    done
}

# The program of the newest build. The path has the folder's own name, not the link's.
app_dll() {
    echo "$(cd -P "$APP_LINK" && pwd)/Godwit.App.dll"
}
