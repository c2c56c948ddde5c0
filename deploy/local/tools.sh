# shellcheck shell=bash
# What ./run, ./test, ./bench and ./verify-trace share. Sourced; expects ROOT.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export CARBONMARKET_ROOT="$ROOT"
LOCAL_DIR="${CARBONMARKET_LOCAL_DIR:-$ROOT/.local}"
ARTIFACTS="$ROOT/artifacts"

# What the user's shell says to other programs must not reach the services, the servers or the tests: settings of any
# .NET service (Section__Key, but for the log levels), of PostgreSQL's clients, of Erlang and RabbitMQ.
for variable in $(compgen -e); do
  case "$variable" in
    Logging__*) ;;
    ASPNETCORE_* | DOTNET_ENVIRONMENT | DOTNET_*URLS | DOTNET_*PORTS | DOTNET_STARTUP_HOOKS | DOTNET_CONTENTROOT | \
      URLS | HTTP_PORTS | HTTPS_PORTS | *__* | PG[A-Z]* | RABBITMQ_* | ERL_*) unset "$variable" ;;
  esac
done
# And no proxy can reach what listens on this machine only.
no_proxy="${no_proxy:-${NO_PROXY:-}}"
no_proxy="${no_proxy:+$no_proxy,}127.0.0.1,localhost"
export no_proxy NO_PROXY="$no_proxy"

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

# What the build depends on, by content: whatever git says, and also where there is no git.
fingerprint() {
  (
    cd "$ROOT" || exit 1
    find . -mindepth 1 -type d \( -name '.*' -o -name artifacts -o -name bin -o -name obj -o -name TestResults \
      -o -path ./docs \) -prune \
      -o -type f ! -name '*.md' ! -name '*.user' ! -name docker-compose.yml -print0 \
      | LC_ALL=C sort -z | xargs -0 sha256sum 2>/dev/null || true # A file may go while we look.
    dotnet --version
  ) | sha256sum
}

# build TARGET NAME: quiet, and nothing at all when nothing changed since the last time.
build() {
  local stamp="$ARTIFACTS/.built-$2" now lock other
  # One build at a time. What it starts may live on and must not hold the lock.
  exec {lock}>"$ARTIFACTS/.lock"
  flock --nonblock "$lock" || { printf 'Another build of this checkout is under way; waiting for it ...\n'; flock "$lock"; }
  now="$(fingerprint)"
  if [ "$now" != "$(cat "$stamp" 2>/dev/null)" ]; then
    # All targets share one output: what was built from other sources is about to be overwritten.
    for other in "$ARTIFACTS"/.built-*; do
      [ "$now" = "$(cat "$other" 2>/dev/null)" ] || rm -f "$other"
    done
    compile "$1" "$2" {lock}>&-
    printf '%s\n' "$now" >"$stamp"
  fi
  exec {lock}>&-
}

compile() {
  local target="$1" started=$SECONDS id status=0
  printf 'Building %s (the first time takes some minutes) ...\n' "$2"
  # A compiler server of our own, which goes when we are done: a running market should have the memory.
  id="carbonmarket-$$"
  dotnet build "$target" -c Release --nologo -v quiet -clp:NoSummary --artifacts-path "$ARTIFACTS" \
    -nodeReuse:false "-p:SharedCompilationId=$id" >"$ARTIFACTS/.build.log" 2>&1 || status=$?
  grep -lse "[p]ipename:$id" /proc/[0-9]*/cmdline | cut -d / -f 3 | xargs -r kill 2>/dev/null || true
  if [ "$status" -ne 0 ]; then
    grep -E '(error|warning) ' "$ARTIFACTS/.build.log" | sort -u | head -40 >&2 || true
    die "The build failed; all it said is in $ARTIFACTS/.build.log"
  fi
  printf 'Built in %d s.\n' $((SECONDS - started))
}

local_program() { printf '%s' "$ARTIFACTS/bin/Local/release/CarbonMarket.Local.dll"; }
