#!/usr/bin/env bash
# Kills examples/killed_pipeline again and again: killed_pipeline_test.sh PROGRAM. The final model must equal that of an
# uninterrupted run, to the last bit. Says what is wrong; exit status 1 if anything is.
source "$(dirname "$0")/../support/cli.sh" killed_pipeline "$1"

works whole
uninterrupted=$out
text "after 6 epochs:"

# --- It kills itself after a number of steps, while its loader threads run
for steps in 1 9 10 11 62 63 64 100; do
  rm -f killed
  kills=0
  for ((i = 0; i < 40; ++i)); do
    run killed "$((steps + i))"  # one more each time: 10 steps later the next file is written
    [ "$status" -eq 9 ] || break
    kills=$((kills + 1))
  done
  [ "$kills" -gt 0 ] && [ "$status" -eq 0 ] && [ "$out" = "$uninterrupted" ] ||
    fail "after $kills kills: status $status" "$out" "should be $uninterrupted"
  cmp -s killed whole || fail "the file is another one after $kills kills"
done

# --- It is killed from outside at any moment
rm -f outside
call=outside
killed=0
for ((i = 0; i < 10; ++i)); do
  "$program" outside >/dev/null 2>&1 &
  sleep "0.00$i"
  kill -9 $! 2>/dev/null && killed=$((killed + 1))
  wait $! 2>/dev/null
done
works outside
[ "$killed" -gt 0 ] && [ "$out" = "$uninterrupted" ] || fail "killed $killed times" "$out" "should be $uninterrupted"

# --- The test can fail: without its position, the model learns some batches twice
run forgetful 70
sed -i "1s/.*/$(head -1 whole | sed 's/ 6 0 / 0 0 /')/" forgetful
run forgetful
[ "$status" -ne 0 ] || fail "a changed place is accepted"
run other 70
{ head -1 other; sed -n 2p whole; } >mixed
run mixed
[ "$out" != "$uninterrupted" ] || fail "another model would not be noticed"

refuses "arguments: FILE [STEPS]"
exit "$failed"
