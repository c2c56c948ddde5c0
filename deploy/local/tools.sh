# shellcheck shell=bash
# What ./run, ./test and ./bench share. Sourced; expects ROOT.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export CARBONMARKET_ROOT="$ROOT"
LOCAL_DIR="${CARBONMARKET_LOCAL_DIR:-$ROOT/.local}"
ARTIFACTS="$ROOT/artifacts"

die() { printf '%s\n' "$*" >&2; exit 1; }

require_dotnet() {
  command -v dotnet >/dev/null || PATH="$PATH:${DOTNET_ROOT:-$HOME/.dotnet}:/usr/share/dotnet:/usr/lib/dotnet"
  command -v dotnet >/dev/null || die "The .NET 10 SDK is needed and no 'dotnet' was found.
  https://learn.microsoft.com/dotnet/core/install/linux-debian tells how to install dotnet-sdk-10.0."
  dotnet --list-sdks | grep -q '^1[0-9]\.' || die "The .NET 10 SDK is needed; here are only: $(dotnet --list-sdks | tr '\n' ' ')
  https://learn.microsoft.com/dotnet/core/install/linux-debian tells how to install dotnet-sdk-10.0."
}

# A supervisor of this checkout holds its lock as long as it lives.
is_running() {
  [ -e "$LOCAL_DIR/supervisor.lock" ] && ! flock --nonblock "$LOCAL_DIR/supervisor.lock" true
}

# What the build depends on: the commit, and the content of everything that differs from it.
fingerprint() {
  command -v git >/dev/null && git -C "$ROOT" rev-parse --git-dir >/dev/null 2>&1 || return 1
  (
    cd "$ROOT" || exit 1
    set -- ':!*.md' ':!docs' ':!data' ':!docker-compose.yml'
    git rev-parse HEAD
    git status --porcelain -z -- . "$@" | tr '\0' '\n'
    git ls-files -z --modified --others --exclude-standard -- . "$@" | xargs -0 -r sha256sum 2>/dev/null
    dotnet --version
  ) | sha256sum
}

# build TARGET STAMP-NAME: quiet, and nothing at all when nothing changed since the last time.
build() {
  local target="$1" stamp="$ARTIFACTS/.built-$2" now started id status=0
  now="$(fingerprint)" || now=unknown
  if [ "$now" != unknown ] && [ -e "$stamp" ] && [ "$now" = "$(cat "$stamp")" ]; then
    return 0
  fi
  printf 'Building %s (the first time takes some minutes) ...\n' "$2"
  started=$SECONDS
  rm -f "$stamp"
  # A compiler server of our own, which goes when we are done: a running market should have the memory.
  id="carbonmarket-$$"
  dotnet build "$target" -c Release --nologo -v quiet -clp:NoSummary --artifacts-path "$ARTIFACTS" \
    -nodeReuse:false "-p:SharedCompilationId=$id" >"$ARTIFACTS/.build.log" 2>&1 || status=$?
  pgrep -f "[p]ipename:$id" | xargs -r kill 2>/dev/null || true
  if [ "$status" -ne 0 ]; then
    grep -E '(error|warning) ' "$ARTIFACTS/.build.log" | sort -u | head -40 >&2 || true
    die "The build failed; all it said is in $ARTIFACTS/.build.log"
  fi
  printf '%s\n' "$now" >"$stamp"
  printf 'Built in %d s.\n' $((SECONDS - started))
}

local_program() { printf '%s' "$ARTIFACTS/bin/Local/release/CarbonMarket.Local.dll"; }
