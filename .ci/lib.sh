# Shared by run, test and bench: says what happens, and brings in what is missing. Sourced by bash
# scripts that have done `cd` to the project's root.

say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }
die() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

# Names in the lists .ci/packages/NAME.txt.
packages_in() {
  local list
  for list in "$@"; do sed -e 's/#.*//' -e '/^[[:space:]]*$/d' ".ci/packages/$list.txt"; done
}

# Node.js of the machine is kept where there is one; Debian's otherwise.
package_lists() {
  local list
  for list in "$@"; do
    if [ "$list" = web ] && command -v node >/dev/null && command -v npm >/dev/null; then continue; fi
    echo "$list"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "Cần quyền root hoặc lệnh sudo để cài gói. / Needs root or sudo to install packages: $*"
  fi
}

# ensure_packages LIST...: installs what is missing, asks the network only then.
ensure_packages() {
  local wanted missing=() name
  mapfile -t wanted < <(packages_in $(package_lists "$@") | sort -u)
  for name in "${wanted[@]}"; do
    # shellcheck disable=SC2016
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "Đang cài ${#missing[@]} gói Debian… / Installing ${#missing[@]} Debian packages: ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o Acquire::Retries=3)
  local log
  log=$(mktemp)
  if ! as_root "${apt[@]}" update >"$log" 2>&1 ||
    ! as_root "${apt[@]}" install --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    rm -f "$log"
    die "Không cài được gói. / Could not install the packages; the last lines above say why."
  fi
  rm -f "$log"
}

# Configures once, then builds; the log is shown only when it fails. build DIR [meson options]
build_dir() {
  local dir=$1
  shift
  [ -f "$dir/build.ninja" ] || meson setup "$dir" "$@" >"$dir.log" 2>&1 || {
    tail -n 30 "$dir.log" >&2
    die "meson: không cấu hình được. / could not configure $dir."
  }
  ninja -C "$dir" >"$dir.log" 2>&1 || {
    grep -E -A8 'error:|FAILED|undefined reference' "$dir.log" | head -n 60 >&2
    die "Biên dịch lỗi, xem $dir.log. / The build failed, see $dir.log."
  }
}

# Hash of everything the pages are made of.
web_stamp() {
  (
    cd web
    find . \( -name node_modules -o -name dist -o -name '.*' ! -name . \) -prune -o -type f -print0 |
      sort -z | xargs -0 sha256sum
    node --version
  ) | sha256sum | cut -d' ' -f1
}

# npm_ci DIR: installs what the lock file says, once per lock file.
npm_ci() {
  local dir=$1 stamp
  stamp=$(cd "$dir" && { cat package-lock.json; node --version; } | sha256sum)
  [ "$(cat "$dir/node_modules/.stamp" 2>/dev/null || true)" = "$stamp" ] && return 0
  (cd "$dir" && npm ci --no-audit --no-fund --loglevel=error) >&2 ||
    die "npm ci không thành công trong $dir: máy có ra được kho npm không (proxy, CA)? /
npm ci failed in $dir: can this machine reach its npm registry (npm_config_registry, https_proxy, npm_config_cafile)?"
  echo "$stamp" >"$dir/node_modules/.stamp"
}

build_web() {
  local stamp
  stamp=$(web_stamp)
  [ -f web/dist/index.html ] && [ "$(cat web/dist/.stamp 2>/dev/null || true)" = "$stamp" ] && return 0
  say "Đang dựng trang web… / Building the web pages…"
  npm_ci web
  (cd web && npm run --silent build) >&2 || die "Không dựng được trang web. / The web pages could not be built."
  echo "$stamp" >web/dist/.stamp
}
