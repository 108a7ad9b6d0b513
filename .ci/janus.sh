# Debian's janus for ./bench janus. Sourced after lib.sh.

# ensure_janus: the program alone is wanted. The package brings a service that would listen on every
# address of the machine: it is kept from starting now (the policy of invoke-rc.d, policy-rc.d's manual) and
# at the machine's next start. A janus that was there already is left as it is.
ensure_janus() {
  local policy=/usr/sbin/policy-rc.d
  [ "$(dpkg-query -W -f='${db:Status-Status}' janus 2>/dev/null || true)" = installed ] && return 0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    # shellcheck disable=SC2064
    trap "as_root rm -f $policy" EXIT
    as_root chmod 755 "$policy"
  fi
  ensure_packages bench
  as_root update-rc.d janus disable >/dev/null
}
