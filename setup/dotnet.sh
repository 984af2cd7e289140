# Builds with the .NET SDK, quietly when nothing changed. Wants: setup/say.sh sourced, ROOT set.

# Nothing is reported home, and no build server stays behind when we end.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false MSBUILDDISABLENODEREUSE=1
readonly NO_SERVERS=(-p:UseSharedCompilation=false)

# Two calls at once must not build into the same folders; the second waits for the first this long.
BUILD_LOCK_SECONDS_MAX=600
BUILD_FOLDER="$ROOT/.build"
APP_STAMP="$BUILD_FOLDER/app.stamp"
# Names the folder of the newest build.
APP_LINK="$BUILD_FOLDER/app"

need_dotnet() {
    command -v dotnet > /dev/null || stop_with "the .NET SDK is missing. Install version $(sdk_version) (https://dotnet.microsoft.com/download) and run the same again."
}

sdk_version() {
    sed -nE 's/.*"version": "([^"]+)".*/\1/p' "$ROOT/global.json"
}

# True when no file or folder that goes into the application is newer than its last build. A folder is newer after something in it was
# deleted or renamed. One look at the disk instead of a second of MSBuild: ./godwit is called often, and by scripts.
app_is_built() {
    [[ -f "$APP_LINK/Godwit.App.dll" && -f "$APP_STAMP" ]] || return 1
    [[ -z "$(find "$ROOT/src" "$ROOT"/Directory.*.props "$ROOT"/*.txt "$ROOT/global.json" "$ROOT/.editorconfig" \
        \( -name bin -o -name obj \) -prune -o -newer "$APP_STAMP" -print -quit)" ]]
}

# A build writes into the checkout. In somebody else's, mkdir, flock and the SDK would each fail in words of their own.
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

# The stamp bears the time the build began, so a file saved during the build counts as newer. The folders that the build itself makes are
# made before, or they would make their parents newer.
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

# Every build has a folder of its own: a migration of hours goes on loading its own program, and not parts of a newer one.
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

# The program of the newest build, by the name of its own folder.
app_dll() {
    echo "$(cd -P "$APP_LINK" && pwd)/Godwit.App.dll"
}
