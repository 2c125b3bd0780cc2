# Shared by the tests of command line programs. Begin with: source cli.sh NAME PROGRAM; end with: exit "$failed".
# The working directory is then empty.
set -u
name=$1
program=$2
export LC_ALL=C.UTF-8
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

fail() {
  echo "FAILED: $name $call"
  printf '  %s\n' "$@"
  failed=1
}

# run ARGUMENTS: sets $out, $err and $status. No line may be longer than 80 columns.
run() {
  call=$*
  out=$("$program" "$@" 2>"$work/.err")
  status=$?
  err=$(cat "$work/.err")
  local line
  while IFS= read -r line; do
    [ ${#line} -le 80 ] || fail "longer than 80 columns: $line"
  done <<<"$out"
}

# works ARGUMENTS: the program succeeds and prints nothing on standard error.
works() {
  run "$@"
  [ "$status" -eq 0 ] && [ -z "$err" ] || fail "status $status" "$err"
}

# refuses MESSAGE ARGUMENTS: status 2, nothing on standard output, only this line on standard error.
refuses() {
  local message=$1
  shift
  run "$@"
  [ "$status" -eq 2 ] && [ -z "$out" ] && [ "$err" = "$name: $message" ] ||
    fail "status $status" "says      $err" "should be $name: $message"
}

# has LINE: the output has a line with these words, with any spaces between them.
squeezed() { tr -s ' ' | sed 's/^ //; s/ $//'; }
has() { squeezed <<<"$out" | grep -qxF -- "$1" || fail "has no line: $1" "$out"; }
has_not() { ! grep -qF -- "$1" <<<"$out" || fail "should not have: $1"; }
# text TEXT: the output has this text, with line breaks anywhere.
text() { tr '\n' ' ' <<<"$out" | squeezed | grep -qF -- "$1" || fail "does not say: $1" "$out"; }
