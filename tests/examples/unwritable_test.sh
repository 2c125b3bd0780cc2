#!/usr/bin/env bash
# Examples whose output cannot be written say so, and fail: unwritable_test.sh PROGRAM ...
set -u
failed=0

# check PROGRAM STATUS MESSAGE
check() {
  [ "$2" -eq 2 ] && grep -q "^$(basename "$1"): standard output cannot be written" <<<"$3" && return
  echo "FAILED: $1: status $2: $3"
  failed=1
}

for program in "$@"; do
  message=$("$program" 2>&1 >&-)
  check "$program" $? "$message"
  [ -c /dev/full ] || continue
  message=$("$program" 2>&1 >/dev/full)
  check "$program" $? "$message"
done
exit $failed
