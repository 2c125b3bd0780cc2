#!/usr/bin/env bash
# Runs examples/train: train_cli_test.sh PROGRAM. Says what is wrong; exit status 1 if anything is.
source "$(dirname "$0")/../support/cli.sh" train "$1"

# value METHOD N: the mean in column N of the method's line, in thousandths; the columns are those of both tables,
# one after the other.
value() {
  awk -v name="$1" -v n="$2" 'index($0, name " ") == 1 && /±/ {
    $0 = substr($0, length(name) + 1); gsub(/± *[0-9.]+/, "")
    for (i = 1; i <= NF; ++i) if (++seen == n) printf "%d\n", $i * 1000 + 0.5 }' <<<"$out"
}
# above METHOD OTHER N MARGIN: the first value is larger by at least MARGIN thousandths.
above() {
  local first second
  first=$(value "$1" "$3") second=$(value "$2" "$3")
  [ -n "$first" ] && [ -n "$second" ] && [ "$first" -ge $((second + $4)) ] ||
    fail "column $3: $1 has $first, $2 has $second; should be above by $4"
}
accuracy=1 mean_recall=2 macro_f1=3 without=4 log_loss=5 probability=6

# --- The effect of balancing on the made-up data; the margins are many standard deviations

works --without dry
made_up=$out
has "Made-up data of 5 classes and 3 features"
has "frost 80 1.0 %"
for method in "inverse frequency" "balanced epoch" "class weights" augmented "plain, adjusted"; do
  above "$method" "plain shuffling" $mean_recall 150
  above "plain shuffling" "$method" $accuracy 100
  above "$method" "plain shuffling" $log_loss 200
  above "$method" "plain shuffling" $probability 60
done
above "square root" "plain shuffling" $macro_f1 40
above "square root" "balanced epoch" $macro_f1 60
above "square root" "plain shuffling" $without 50
above "inverse frequency" "balanced, corrected" $log_loss 200
[ "$(value "balanced, corrected" $probability)" -le 20 ] || fail "not calibrated: $(value "balanced, corrected" $probability)"
for method in "balanced epoch" "class weights"; do  # as good as the inverse frequency sampler
  above "$method" "inverse frequency" $mean_recall -40
  above "inverse frequency" "$method" $mean_recall -40
done
[ "$(value augmented $log_loss)" != "$(value "inverse frequency" $log_loss)" ] || fail "the jitter does nothing"
[ "$(grep -c "^true class, predicted as" <<<"$out")" -eq 8 ] || fail "not a matrix for each of the 8 methods"

# --- The same output again, and with any number of threads

for threads in 2 3 7; do
  works --without dry --threads $threads
  [ "$out" = "$made_up" ] || fail "the output depends on the number of threads"
done
works --seeds 1 --epochs 2
one_seed=$out
has_not "±"
has_not "without"
text "On the test part, one seed"
works --seeds 1 --epochs 2 --threads 5 --batch-size 64 --learning-rate=0.1
[ "$out" = "$one_seed" ] || fail "the defaults, given, change the output"
works --seeds 1
first=$(awk '/^square root/ { print $3; exit }' <<<"$out")
works --seeds 2  # the first value and the mean of two give the standard deviation, sqrt(2) |first - mean|
awk -v first="$first" '/^square root/ { d = (first - $3) * 1.41421; d = d < 0 ? -d : d; e = d - $5
  exit !(d > 0.01 && e < 0.0025 && e > -0.0025) }' <<<"$out" || fail "the spread over two seeds is wrong, the first is $first"
works --seeds 1 --epochs 2 --batch-size 100000
[ "$out" != "$one_seed" ] || fail "the batch size does nothing"
works --seeds 1 --epochs 3
[ "$out" != "$one_seed" ] || fail "the number of epochs does nothing"

# --- CSV files

seq 48 | awk '{ print ($1 % 4 == 0 ? "rare" : "common") "," ($1 % 4 == 0 ? 5 : -5) + $1 % 3 "," 7 }' >easy.csv
works easy.csv --column 1
has "The data: samples of 2 classes and 2 features"
has "common 36 75.0 %"
has "plain shuffling 1.000 ± 0.000 1.000 ± 0.000 1.000 ± 0.000"
has "common 1.000 ± 0.000 1.000 ± 0.000"
has "rare 0 15"  # 3 of 12 test samples, in each of five seeds
easy=$out
(echo 'x,"what is it",constant'; awk -F, -v OFS=, '{ print $2, $1, $3 }' easy.csv) >names.csv
works names.csv --column "what is it"
[ "$out" = "$easy" ] || fail "columns in another order change the output"
works names.csv --column 2 --header
[ "$out" = "$easy" ] || fail "--header changes the output"
works - --column 1 <easy.csv
[ "$out" = "$easy" ] || fail "standard input gives another output"

(cat easy.csv; echo "single,0,7") >single.csv  # either in the training part or in the test part
works single.csv --column 1 --seeds 6
has "single 1 2.0 %"
has_not nan

for c in a b c d e f g h i; do for i in 1 2 3 4; do echo "$i,$c"; done; done >many.csv
works many.csv --column 2 --seeds 1
has "most frequent mistakes predicted as count"

# The common class is in two places, with features far from 0. A balanced epoch sees few samples of it, and the next epoch
# sees others.
seq 40 | awk '{ r = $1 % 20 == 0; x = r || $1 % 2; y = r || 1 - $1 % 2; print 1000 + x "," y - 1000 "," (r ? "rare" : "common") }' >corners.csv
works corners.csv --column 3 --epochs 400
has "balanced epoch 1.000 ± 0.000 1.000 ± 0.000 1.000 ± 0.000"

# --- Refused input

refuses "'no.csv' cannot be opened: No such file or directory" no.csv --column 1
refuses "say with --column which column of 'easy.csv' has the labels" easy.csv
refuses "'easy.csv': line 1 has 3 columns, separated by commas; there is no column 4" easy.csv --column 4
refuses "'easy.csv': '0' is not a column; the first one is 1" easy.csv --column 0
refuses "'easy.csv': no column has the name 'label'; the first line has the names 'common', '-4', '7'" easy.csv --column label
refuses "'easy.csv': line 1: column 1 is 'common'; every column but that of the labels needs a number" easy.csv --column 3
refuses "'names.csv': line 1: column 1 is 'x'; every column but that of the labels needs a number" names.csv --column 2
for bad in "a,1,2,3" "a,1" "a,1,nan" "a,1,1e999" "a,1," "a,1,2x" ",1,2"; do
  (head -5 easy.csv; echo "$bad") >bad.csv
  run bad.csv --column 1
  [ "$status" -eq 2 ] && grep -q "^train: 'bad.csv': line 6" <<<"$err" || fail "$bad: status $status" "$err"
done
head -7 easy.csv >few.csv
refuses "'few.csv': it has 7 samples; give at least 8, to train and to test" few.csv --column 1
seq 9 >labels.csv
refuses "'labels.csv': it has labels only; there must be a column to learn from" labels.csv --column 1
grep common easy.csv >common.csv
refuses "there is one class only; nothing to learn" common.csv --column 1
refuses "--without names 'odd', which no sample has; the classes are 'common', 'rare'" easy.csv --column 1 --without odd
run easy.csv --column 1 --without common --without rare
[ "$status" -eq 2 ] && grep -q "without names every class" <<<"$err" || fail "status $status" "$err"
refuses "two files, 'a' and 'b'; give one" a b --column 1
refuses "FILE is empty; give a CSV file, or - for standard input" "" --column 1
refuses "--column, --separator and --header are for CSV files; give one, or leave them out" --header
refuses "unknown option '--epoch'; train --help lists the options. Did you mean '--epochs'?" --epoch 3
refuses "--epochs needs a value; train --help says which" --epochs
refuses "--epochs: '0' is not a whole number from 1 on" --epochs 0
refuses "--seeds: '-1' is not a whole number from 1 on" --seeds=-1
refuses "--threads: 257 are too many; give at most 256" --threads 257
for rate in 0 -1 nan inf x; do
  refuses "--learning-rate: '$rate' is not a learning rate: a number above 0, 0.1 for instance" --learning-rate $rate
done
for large in 1e308 -1e200; do
  (head -20 easy.csv; echo "a,1,$large") >large.csv
  refuses "'large.csv': line 21: column 3 is $large; numbers beyond 1e140 are too large, so divide the column" large.csv --column 1
done
sed 's/,7$/,1e139/; 3s/1e139/-1e139/' easy.csv >nearly.csv
works nearly.csv --column 1 --seeds 1
has_not nan
refuses "training diverged; lower the --learning-rate, which is 1e+308" easy.csv --column 1 --learning-rate 1e308

tr , ';' <easy.csv >semicolons.csv
refuses "'semicolons.csv': the first line has no comma, but ';'; give --separator ';' if that separates the columns, or --separator ',' if there is only one column" semicolons.csv --column 1
works semicolons.csv --column 1 --separator ';'
[ "$out" = "$easy" ] || fail "--separator changes the output"
(cat easy.csv; printf ',,\r\n,,\r\n') >tail.csv
works tail.csv --column 1
[ "$out" = "$easy" ] || fail "empty records at the end change the output"
(head -2 easy.csv; echo a,1,2,3) >ragged.csv
refuses "'ragged.csv': line 3 has 4 fields, line 1 has 3; give every line the same number, and quote fields that hold commas" ragged.csv --column 1

# --- Output that cannot be written

for to in "" $([ -c /dev/full ] && echo /dev/full); do
  call="--seeds 1 --epochs 1 >${to:-&-}"
  if [ -n "$to" ]; then err=$("$program" --seeds 1 --epochs 1 2>&1 >"$to"); else err=$("$program" --seeds 1 --epochs 1 2>&1 >&-); fi
  status=$?
  [ "$status" -eq 2 ] && grep -q '^train: standard output cannot be written' <<<"$err" || fail "status $status" "$err"
done

works --help
text "train: does balancing the classes help?"

exit "$failed"
