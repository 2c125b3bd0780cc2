#!/usr/bin/env bash
# Tests the page that examples/inspect writes: page_cli_test.sh PROGRAM. tests/browser/run tests how it looks.
source "$(dirname "$0")/../support/cli.sh" inspect "$1"
export SOURCE_DATE_EPOCH=86400

# well_formed FILE ...: the files are XML, by xmllint or python3 if one is there. Else they have at least an end.
well_formed() {
  local wrong
  if command -v xmllint >/dev/null; then wrong=$(xmllint --noout "$@" 2>&1)
  elif command -v python3 >/dev/null; then wrong=$(python3 -c 'import sys, xml.dom.minidom as m; [m.parse(file) for file in sys.argv[1:]]' "$@" 2>&1)
  else wrong=$(grep -LE '^</(svg|html)>$' "$@"); [ -z "$wrong" ]; fi || fail "no XML in $1 ..." "$wrong"
}
# are_json FILE ...: the files are JSON, by python3 if it is there.
are_json() {
  local wrong
  command -v python3 >/dev/null || return
  wrong=$(python3 -c 'import json, sys
for file in sys.argv[1:]:
  print("in", file, flush=True)
  json.load(open(file))' "$@" 2>&1) || fail "no JSON" "$wrong"
}
# page DIR ARGUMENTS: with --svg DIR the output is the same as without, and names the page. Checks what holds for all pages.
page() {
  local dir=$1 without wrong
  shift
  works "$@"
  without=$out
  works "$@" --svg "$dir"
  [ "$out" = "$without"$'\n\n'"Page: $dir/index.html" ] || fail "--svg should add one line" "$out"
  well_formed "$dir"/*.svg "$dir/index.html"
  wrong=$(grep -L '<title>' "$dir"/*.svg "$dir/index.html")
  [ -z "$wrong" ] || fail "no title has" "$wrong"
  grep -lE '(nan|inf)[",]' "$dir"/*.svg "$dir/index.html" && fail "in $dir a place is no number"
  ls "$dir" | grep -q 'new$' && fail "$dir has unfinished files"
  [ "$(grep -c '^<desc>' "$dir/index.html")" -eq "$(ls "$dir"/*.svg | wc -l)" ] || fail "each picture should be on the page, described"
  grep -qE '<script|<link|src=|url\(|@import|<image|<use' "$dir"/*.svg "$dir/index.html" && fail "$dir needs other files, or scripts"
  grep -oE 'https?://[^"]*' "$dir"/*.svg "$dir/index.html" | grep -vE 'http://www.w3.org/(2000/svg|1999/xhtml)$' && fail "$dir names the network"
  [ "$(grep -o 'href="[^"]*"' "$dir/index.html")" = 'href="report.json"' ] || fail "there should be one link"
  [ "$(grep -c '<g class="stop" tabindex="0" role="img"><title>[^<]' "$dir/index.html")" -eq "$(grep -c '<g' "$dir/index.html")" ] ||
    fail "what one points at should have a title"
}
# shows FILE TEXT, shows_not FILE TEXT
shows() { grep -qF -- "$2" "$1" || fail "$1 does not show: $2"; }
shows_not() { ! grep -qF -- "$2" "$1" || fail "$1 shows: $2"; }
# cells TEXT ...: a row of a table has these numbers after the name of a sampler.
cells() {
  local row="<td>$1</td>" each
  for each in "${@:2}"; do row+="<td class=\"n\">$each</td>"; done
  echo "$row"
}

# --- Contents of the page

printf 'label,x\na,1\na,2\na,3\nb,4\n' >data.csv
page pages/of/csv data.csv --column label --batch-size 2 --seed 3 --sampler sequential
html=pages/of/csv/index.html json=pages/of/csv/report.json
shows $html '<dd>data.csv, column label</dd>'
shows $html './examples/run data.csv --column label --batch-size 2 --seed 3 --sampler sequential --svg pages/of/csv'
shows $html '1970-01-02 00:00 UTC, by evendraw 0.1.0'
shows $html '<p class="lead">4 samples in 2 classes, the largest 3.0 times as large as the smallest.</p>'
shows $html 'In words, over 3 epochs'
shows $html 'Rare class &#39;b&#39; (25.0'$'\u00a0''% of the samples) is missing from 50.0'
shows $html '<td class="n">3</td><td class="n">75.0 %</td><td class="bar"><i style="width: 100.0%"></i></td>'
shows $html "$(cells sequential '75.0 %' '75.0 %' '1 to 2' '0 %' '3 of 3' 3)"
shows $html "$(cells sequential '25.0 %' '25.0 %' '0 to 1' '50.0 %' '1 of 1' 3)"
shows $json '"command": "./examples/run data.csv --column label --batch-size 2 --seed 3 --sampler sequential --svg pages/of/csv"'
shows $json '{"class": "b", "samples": 1, "share": 0.25}'
shows $json '{"class": "b", "draws": 3, "share": 0.25, "expected_share": 0.25, "min_per_batch": 0, "max_per_batch": 1, "batches_without": 3, "unique_samples": 1, "most_draws": 3}'
shows $json '"samples_seen_by_epoch": [4, 4, 4]'
shows $json 'Rare class '"'b'"' (25.0 % of the samples) is missing from 50.0 % of the batches'
cp -r pages/of/csv before
page pages/of/csv data.csv --column label --batch-size 2 --seed 3 --sampler sequential  # once more, into the same directory
diff -r before pages/of/csv >/dev/null || fail "the same call should give the same page"

printf '<b>&"x"\nplain\nplain\nplain\n\357\277\276odd\n' >markup.txt
page pages/markup markup.txt
shows pages/markup/index.html '&lt;b&gt;&amp;&quot;x&quot;'
shows pages/markup/first_batches-inverse_frequency.svg '>?odd</text>'
shows pages/markup/report.json '"class": "<b>&\"x\""'

# Batches that are shorter than others: a sampler whose epoch has 30 draws, and the last batch of an epoch.
page pages/short --counts a=600 b=30 c=10 --sampler balanced_epoch --batch-size 60 --epochs 4
shows pages/short/index.html '<dd>4 epochs, batches of 30 to 60, by sampler, seed 0</dd>'
shows pages/short/index.html ' of the full batches under plain shuffling'
page pages/same --counts a=600 b=30 c=10 --sampler inverse_frequency --batch-size 64 --epochs 4
shows pages/same/index.html '<dd>4 epochs, batches of 64, seed 0</dd>'
page pages/even --counts a=60 b=30 c=10 --sampler inverse_frequency --batch-size 50
shows pages/even/index.html ' of the batches under plain shuffling'

# --- Epochs until every sample was seen

page pages/balanced --counts a=600 b=30 c=10 --sampler balanced_epoch --batch-size 30 --epochs 4
shows pages/balanced/index.html '<p>An epoch has 640 draws under plain shuffling, 30 under balanced_epoch.</p>'
shows pages/balanced/index.html "$(cells balanced_epoch '33.3 %' '33.3 %' 10 '0 %' '10 of 10' 4)"
shows pages/balanced/report.json '"epochs_to_cover": {"samples": 640, "from": "the same in every run", "mean": 60, "median": 60, "low": 60, "high": 60}'
shows pages/balanced/report.json '"samples_seen_by_epoch": [30, 50, 70, 80]'
[ ! -e pages/balanced/epochs_to_cover.svg ] || fail "certain numbers need no picture"
page pages/left_out --counts a=60 b=30 c=10 --sampler target_proportion --target a=0
shows pages/left_out/report.json '"epochs_to_cover": {"samples": 40, "from": "exact: '
page pages/coin --counts a=1 b=1 # P(both seen within e epochs of two draws) = 1 - 2 / 4^e, so 1 + 2/3 epochs on average
shows pages/coin/report.json '"mean": 1.66666666'
[ -e pages/coin/epochs_to_cover.svg ] || fail "there should be a picture of the chances"
page pages/simulated --counts a=60 b=30 c=10 --sampler pk_batch --batch-size 8
shows pages/simulated/index.html '1,000 simulated runs'
# A stratified batch has one sample of each class: 1 + 9 / 1 batches, one in each epoch.
page pages/tabled --counts a=10 b=1 --sampler stratified_batch --batch-size 2 --epoch-size 2
shows pages/tabled/report.json '"mean": 10, "median": 10'

# --- Several samplers, one class, many classes

samplers=(--sampler inverse_frequency --sampler balanced_epoch --sampler repeat_factor)
page pages/several --counts a=600 b=30 c=10 "${samplers[@]}" --epochs 1
for each in plain_shuffling inverse_frequency balanced_epoch repeat_factor; do
  [ -e "pages/several/first_batches-$each.svg" ] || fail "no bars of $each"
  shows pages/several/samples_seen.svg ">${each/n_s/n s}</text>"
  shows pages/several/report.json "\"name\": \"${each/n_s/n s}\""
done
[ "$(grep -c '<td>balanced_epoch</td>' pages/several/index.html)" -eq 3 ] || fail "each class should have a row of balanced_epoch"
works --counts a=2 --svg pages/one
text "There is one class only: nothing to balance, and no page."
[ ! -e pages/one ] || fail "there should be no directory"

classes() { for i in $(seq 1 "$1"); do echo "number $i=$((400 / i + 1))"; done; }
readarray -t many < <(classes 7)
page pages/seven --counts "${many[@]}"
shows pages/seven/first_batches-plain_shuffling.svg 'class="fill6 part"'
readarray -t many < <(classes 8)
page pages/eight --counts "${many[@]}"
shows_not pages/eight/first_batches-plain_shuffling.svg 'part"'
[ "$(grep -c '<title>number [1-8] ([0-9]* samples): [0-9]* draws\? in [0-9]* of 12 batches</title>' pages/eight/first_batches-plain_shuffling.svg)" -eq 8 ] ||
  fail "each class should have a row"
readarray -t many < <(classes 100)
page pages/many --counts "${many[@]}" --epoch-size 100 --batches 0
shows pages/many/first_batches-inverse_frequency.svg 'Classes 96 to 100 by size (5 to 5 samples): '
[ "$(grep -c '<th class="name" scope="rowgroup" rowspan="2">number' pages/many/index.html)" -eq 100 ] || fail "each class should be in the table"
shows_not pages/many/index.html 'others'
readarray -t many < <(classes 1100)
page pages/thousand --counts "${many[@]}" --epochs 1 --sampler random
shows pages/thousand/index.html '(100 classes between are in report.json)'
shows pages/thousand/report.json '"class": "number 550", "samples": 1'
for sampler in random sequential multinomial; do page "pages/$sampler" --counts a=50 b=5 --sampler $sampler --epochs 1; done

are_json pages/*/report.json pages/of/csv/report.json

# --- Files that cannot be written

refuses "--svg is empty; give a directory" data.csv --column 1 --svg=
refuses "--svg: the directory 'data.csv/pics' cannot be made: Not a directory" data.csv --column 1 --svg data.csv/pics
refuses "--svg: the directory 'data.csv' cannot be made: Not a directory" data.csv --column 1 --svg data.csv
mkdir -p taken/index.html
refuses "--svg: 'taken/index.html' cannot be written: Is a directory" data.csv --column 1 --svg taken
[ "$(ls taken)" = index.html ] || fail "nothing should be left" "$(ls taken)"
if [ -c /dev/full ]; then
  mkdir full && echo "was here" >full/index.html && ln -s /dev/full full/samples_seen.svg.new
  refuses "--svg: 'full/samples_seen.svg' cannot be written: No space left on device" data.csv --column 1 --svg full
  [ "$(ls full)" = index.html ] && [ "$(cat full/index.html)" = "was here" ] || fail "all should be as before" "$(ls full)"
fi

exit "$failed"
