#!/usr/bin/env bash
# Runs examples/shards: shards_cli_test.sh PROGRAM. Says what is wrong; exit status 1 if anything is.
source "$(dirname "$0")/../support/cli.sh" shards "$1"

# value METHOD N: column N of the method's line; the name is column 1.
value() { awk -v name="$1" -v n="$2" '$1 == name { gsub(/,/, ""); print $n }' <<<"$out"; }
f1=2 off_by=3 opened=4 open=5 read=6 held=7 bytes=8
# holds EXPRESSION: the expression is true in awk.
holds() { awk "BEGIN { exit !($1) }" || fail "not so: $1" "$out"; }

# --- The made-up data: costs and results

works write data
has "8,000 samples of 5 classes: 6,000 in 60 shards, 2,000 for the test"
[ "$(ls data | wc -l)" -eq 62 ] || fail "not 60 shards, the test part and the index"
cp -r data again
works write again
diff -r data again >/dev/null || fail "the same data written again is not the same"

works train data --seeds 3
holds "$(value balanced $f1) > $(value blocks $f1) + 0.05"
holds "$(value balanced $f1) > $(value shuffle $f1) - 0.05"
holds "$(value balanced $off_by) < $(value shuffle $off_by) && 2 * $(value balanced $off_by) < $(value blocks $off_by)"
[ "$(value blocks $opened)" -eq 600 ] || fail "blocks: not 60 files in each of 10 epochs"
[ "$(value balanced $opened)" -le 600 ] || fail "balanced: more than 60 files an epoch"
holds "50 * $(value balanced $opened) < $(value shuffle $opened)"
for method in blocks balanced equal; do
  [ "$(value $method $held)" -le 17 ] || fail "$method: more than two blocks of 8 shards and the resident samples"
  [ "$(value $method $bytes)" -le $((16 * 1600 + 600 * 16)) ] || fail "$method: too many bytes"
  [ "$(value $method $open)" -le 1 ] || fail "$method: more than one file at a time"
done

works train data --seeds 1 --epochs 2 --open 60 --resident 0
holds "$(value balanced $off_by) < 0.5"
works train data --seeds 1 --epochs 2 --open 3 --resident 0
[ "$(value balanced $held)" -le 6 ] || fail "more than two blocks of 3 shards"

# --- A run that is killed at any batch and resumed ends with the same weights, bit by bit

for method in shuffle blocks balanced equal; do
  works train data --method $method --epochs 3 --checkpoint whole
  whole=$(tail -1 <<<"$out")
  rm whole
  for at in 1 9 10 94 95 50; do
    run train data --method $method --epochs 3 --checkpoint part --kill-after $at
    [ "$status" -eq 3 ] && [ -z "$out" ] || fail "status $status"
  done
  works train data --method $method --epochs 3 --checkpoint part
  [ "$(tail -1 <<<"$out")" = "$whole" ] || fail "resumed, it has other weights: $(tail -1 <<<"$out"), not $whole"
  cp part "part.$method"
  rm part
done
run train data --method blocks --epochs 3 --checkpoint part.balanced
[ "$status" -eq 2 ] && grep -q "^shards: 'part.balanced': evendraw::cursor: " <<<"$err" || fail "status $status" "$err"
head -3 part.balanced >short
refuses "'short': it does not have the weights of this model" train data --method balanced --checkpoint short

# --- tar archives have the same samples, and tar can read them

works write tars --tar
works train data --method balanced --epochs 2
records=$(tail -1 <<<"$out")
works train tars --method balanced --epochs 2
[ "$(tail -1 <<<"$out")" = "$records" ] || fail "from tar archives it has other weights"
if command -v tar >/dev/null; then
  [ "$(tar -tf tars/00059.tar | wc -l)" -eq 200 ] || fail "tar does not list 200 files"
  [ "$(tar -xOf tars/00059.tar 000007.cls)" = 4 ] || fail "tar does not read the class"
fi

# --- A CSV file

seq 400 | awk '{ print ($1 % 10 == 0 ? "rare one" : "common") "," ($1 % 10 == 0 ? 5 : -5) + $1 % 3 "," 7 }' >easy.csv
works write small --csv easy.csv --column 1 --shard-size 20
has "400 samples of 2 classes: 300 in 15 shards, 100 for the test"
grep -qx "class rare one" small/index.txt || fail "no such class in the index"
works train small --open 5 --resident 0 --batch-size 10 --learning-rate 0.1
[ "$(value balanced $f1)" = 1.000 ] || fail "it does not learn" "$out"

# --- Damaged files are reported before anything is trained with them, and the checkpoint does not change

damage() {  # damage FILE COMMAND...: in a copy of the data
  rm -rf bad
  cp -r "$1" bad
  shift
  (cd bad && eval "$*")
}
damage data 'head -c 1000 00030.bin >x; mv x 00030.bin'
refuses "'bad/00030.bin': it has 1000 bytes, but 100 records need 1616; it is truncated or damaged" train bad --method balanced
damage data ': >00030.bin'
refuses "'bad/00030.bin': it is not a shard: its first letters are not EVSHARD1" train bad --method balanced
damage data 'rm 00030.bin'
refuses "'bad/00030.bin': it cannot be opened: No such file or directory" train bad --method balanced
damage data 'cp 00000.bin 00059.bin'
refuses "'bad/00059.bin': evendraw::sharded_classes: shard 59 has 100 records of 'dry', but its counts say 0; it is damaged, or was written after the count" train bad --method blocks
damage tars 'head -c 5000 00030.tar >x; mv x 00030.tar'
refuses "'bad/00030.tar': it ends before the archive does; it is truncated" train bad --method balanced
damage tars 'printf x | dd of=00030.tar bs=1 seek=1030 conv=notrunc 2>/dev/null'
refuses "'bad/00030.tar': the sum of a tar header is wrong; it is damaged" train bad --method balanced
damage data 'head -20 index.txt >x; mv x index.txt'
refuses "'bad/index.txt': line 20: a line of the test part should follow; the index is truncated" train bad
damage data 'sed -i.old "s/^shard 00030.*/shard 00030.bin 9:100/" index.txt'
refuses "'bad/index.txt': line 39: there is no class 9" train bad
damage data 'head -c 1000 00030.bin >x; mv x 00030.bin'
cp part.balanced kept
run train bad --method balanced --epochs 9 --checkpoint kept
[ "$status" -eq 2 ] && [ -s kept ] || fail "status $status"
works train data --method balanced --epochs 9 --checkpoint kept
resumed=$(tail -1 <<<"$out")
works train data --method balanced --epochs 9
[ "$(tail -1 <<<"$out")" = "$resumed" ] || fail "after the damage was mended it has other weights"

# --- Refused input

refuses "begin with write or train: shards write DIRECTORY, shards train DIRECTORY; see shards --help" 
refuses "begin with write or train: shards write DIRECTORY, shards train DIRECTORY; see shards --help" data
refuses "give the DIRECTORY of the shards" train
refuses "two directories, 'a' and 'b'; give one" train a b
refuses "'no/index.txt' cannot be opened: No such file or directory" train no
refuses "unknown option '--opn' of train; shards --help lists the options. Did you mean '--open'?" train data --opn 3
refuses "unknown option '--open' of write; shards --help lists the options" write data --open 3
refuses "--open needs a value; shards --help says which" train data --open
refuses "--open: '0' is not a whole number from 1 on" train data --open 0
refuses "--csv and --column belong together: a file, and its column that has the labels" write x --csv easy.csv
refuses "--method: there is no 'best'; the methods are shuffle, blocks, balanced and equal" train data --method best
refuses "--checkpoint and --kill-after are for one run; say which with --method" train data --checkpoint x
refuses "evendraw::shard_sampler: batch_size is 64, but a block of at most 3 shards has 60 draws on average; raise open, lower batch_size, or draw more in an epoch" train small --open 3 --resident 0 --method balanced
refuses "training diverged; lower the --learning-rate, which is 1e+308" train data --learning-rate 1e308 --seeds 1

works --help
text "shards: training from files that do not fit into memory"

exit "$failed"
