#!/usr/bin/env bash
# Runs examples/articles with a directory: articles_cli_test.sh PROGRAM. Says what is wrong; exit status 1 if anything is.
call=
source "$(dirname "$0")/../support/cli.sh" articles "$1"

"$program" pictures/of/articles >out || fail "it draws nothing"
drawing=pictures/of/articles/imbalance_ratios.svg
[ -f "$drawing" ] || fail "there is no $drawing"
[ "$(ls pictures/of/articles)" = imbalance_ratios.svg ] || fail "other files" "$(ls pictures/of/articles)"
[ "$(grep -o '<polyline' "$drawing" | wc -l)" -eq 5 ] || fail "there should be five lines"
for words in "500 : 500" "980 : 20" "6 to 10" "12 to 20" "chance that all were seen"; do
  grep -q "$words" "$drawing" || fail "the drawing does not say '$words'"
done
: >file
err=$("$program" file 2>&1 >out) && fail "a file in place of the directory"
case $err in "articles: "*"'file'"*) ;; *) fail "a file in place of the directory" "$err" ;; esac

exit "$failed"
