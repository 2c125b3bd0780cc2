#!/usr/bin/env bash
# Runs examples/inspect on hand-made files: inspect_cli_test.sh PROGRAM. Says what is wrong; exit status 1 if anything is.
source "$(dirname "$0")/../support/cli.sh" inspect "$1"

# --- Counts

printf 'a\na\na\nb\n' >labels.txt
works labels.txt --sampler sequential --batch-size 2 --epochs 1 --ascii
has "4 samples in 2 classes, the largest 3.0 times as large as the smallest"
has "a 3 75.0 % ########################"
has "b 1 25.0 % ########"
text "sequential over 1 epoch of 4 draws: 2 batches of 2"
has "a 75.0 % 75.0 % 1-2 0 % 3 3 1"
has "b 25.0 % 25.0 % 0-1 50.0 % 1 1 1"
has "Distance from the shares of the data (total variation): 0 %"
text "Rare class 'b' (25.0 % of the samples) is missing from 50.0 % of the batches under plain shuffling, from 50.0 % under sequential."
has_not "An epoch has"

works labels.txt --sampler=sequential --batch-size=3 --epochs=5  # b is in the short batch only, which is not counted
text "sequential over 5 epochs of 4 draws: 10 batches of 3 (5 shorter)"
has "a 75.0 % 75.0 % 3-3 0 % 3 3 5"
has "b 25.0 % 25.0 % 0-0 100 % 1 1 5"

works --counts a=600 b=30 c=10 --sampler balanced_epoch --batch-size 30 --epochs 4
has "640 samples in 3 classes, the largest 60.0 times as large as the smallest"
has "a 600 93.8 % ████████████████████████"
has "a 33.3 % 33.3 % 10-10 0 % 40 600 1"
has "b 33.3 % 33.3 % 10-10 0 % 30 30 2"
has "c 33.3 % 33.3 % 10-10 0 % 10 10 4"
has "c 1.6 % 1.6 % 0-2 60.7 % 10 10 4"
has "Distance from the expected shares (total variation): 0 %"
text "An epoch has 640 draws under plain shuffling, 30 under balanced_epoch. Rare class 'c'"
text "Of the largest class, 'a', 100 % of the samples were drawn under plain shuffling, 6.7 % under balanced_epoch."
text "Note: an epoch of balanced_epoch has only 4.7 % of the samples, since all classes give equally many; --epoch-size (.epoch_size) makes it longer, and --max-repeats (.max_repeats) repeats the samples of small classes."

works --counts a=600 b=30 c=10 --sampler balanced_epoch --epoch-size 100 --limit a=20 b=0 --max-repeats 8 --batch-size 100
has_not "Note: an epoch"
has "a 20.0 % 20.0 % 20-20 0 % 60 600 1"
has "b 0 % 0 % 0-0 100 % 0 30 0"
has "c 80.0 % 80.0 % 80-80 0 % 10 10 24"
works --counts a=600 b=30 c=10 --sampler balanced_epoch --per-class 20 --batch-size 50
has "a 40.0 % 40.0 % 20-20 0 % 60 600 1"

works --counts a=50 b=30 c=20 --sampler target_proportion --target c=0.5 --epoch-size 1000
grep -qE '^a .* 31\.2 % |^a .* 31\.3 % ' <<<"$out" || fail "a should have 5/8 of what c leaves" "$out"
works --counts a=50 b=30 c=20 --sampler target_proportion --target c=1 a=0 --target=b=3
grep -qE '^b .* 75\.0 % ' <<<"$out" || fail "b should have 3/4" "$out"
works --counts a=50 b=30 --sampler multinomial --seed 3
works --counts a=900 b=90 c=10 --sampler scheduled_proportion --epochs 11 --epoch-size 10000
has "Distance from the expected shares (total variation): 0.3 %"
works --counts a=600 b=30 c=10 --sampler stratified_batch --batch-size 30 --epochs 4
has "b 33.3 % 33.3 % 10-10 0 % 30 30 30"
works --counts a=600 b=30 c=10 --sampler stratified_batch --batch-size 25 --target a=0.5 b=0.25 c=0.25 --epoch-size 100 --epochs 4
has "a 50.0 % 50.0 % 12-13 0 % 200 600 1"
has "c 25.0 % 25.0 % 6-7 0 % 10 10 13"
works --counts a=600 b=30 c=10 --sampler pk_batch --batch-size 9 --samples-per-class 4 --epoch-size 240 --epochs 1
has "a 33.3 % 33.3 % 0-4 33.3 % 80 600 1"
has "c 33.3 % 33.3 % 0-4 33.3 % 10 10 9"
works --counts a=600 b=30 c=10 --sampler repeat_factor --threshold 0.0625 --epochs 1  # c: 2; b: the root of 4/3
has "c 3.1 % 3.1 % 0-4 10.0 % 10 10 2"
works --counts a=600 b=30 c=10 --sampler weighted_without_replacement --epoch-size 60 --epochs 500 --batch-size 60
has "a 51.7 % 51.4 % 24-39 0 % 600 600 45"
has "c 15.8 % 16.0 % 6-10 0 % 10 10 482"
works --counts a=600 b=30 c=10 --sampler systematic --epoch-size 60 --epochs 1 --batch-size 60
has "a 43.3 % 41.7 % 26-26 0 % 26 600 1"
has "c 16.7 % 16.7 % 10-10 0 % 10 10 1"
works --counts a=50 b=30 --sampler random
has_not "before:"
has "plain shuffling"
works --counts a=50 b=30
has "before: plain shuffling after: inverse_frequency"
works --counts a=50 b=50
text "2 classes, all of the same size"

# --- Sources of labels

printf '\xef\xbb\xbfa\r\n b \r\na\r\n\r\n' >windows.txt
works windows.txt
has "3 samples in 2 classes, the largest 2.0 times as large as the smallest"
has "a 2 66.7 % ████████████████████████"
printf 'a\nb' >no_end.txt
works no_end.txt
out=$("$program" - <labels.txt) || fail "cannot read standard input"
has "a 3 75.0 % ████████████████████████"

printf '\xef\xbb\xbfid,"the label", x\r\n1,"a, ""b""",0\r\n2,"two\r\nlines",0\r\n\r\n3, plain ,0\r\n4,"plain",0\r\n' >data.csv
works data.csv --column "the label"
has "4 samples in 3 classes, the largest 2.0 times as large as the smallest"
has 'a, "b" 1 25.0 % ████████████'
has "two??lines 1 25.0 % ████████████"
has "plain 2 50.0 % ████████████████████████"
named=$out
works data.csv --column=2 --header
[ "$out" = "$named" ] || fail "should be as by name"
works data.csv --column 2
has "the label 1 20.0 % ████████████"
works data.csv --column x
text "There is one class only: nothing to balance."

mkdir -p "images/cat/more" images/dog/.hidden images/.cache
touch images/README images/cat/1 images/cat/more/2 images/cat/.3 images/dog/1 images/dog/.hidden/2 images/.cache/1
works images
has "cat 2 66.7 % ████████████████████████"
has "dog 1 33.3 % ████████████"
mkdir images/emu
refuses "the folder of class 'emu' has no files; add some, or remove it" images
mkdir -p none/.hidden
refuses "'none' has no folders; it must have one for each class, or label files of YOLO" none

# --- Data in shards: 60 shards of 100 samples, each of one of 6 classes; also with sizes in a file

for i in $(seq 60); do for _ in $(seq 100); do echo "class$((i % 6))"; done; done >sorted.txt
works sorted.txt --shards 100 --epochs 2 --batch-size 60
has "class0 16.7 % 16.7 % 6-12 0 % 1,000 1,000 2"
text "shard over 2 epochs of 6,000 draws: 200 batches of 60"
has "Shards: 37.8 of 60 shards in a batch on average, 60 open at a time"
has "Shards: 10.4 of 60 shards in a batch on average, 10 open at a time"
text "Of 60 shards, 60 are open at a time under plain shuffling, 10 under shard."
sorted=$out
(for _ in $(seq 60); do echo " 100"; done; echo) >sizes.txt
works sorted.txt --shards sizes.txt --epochs 2 --batch-size 60 --open 10 --resident 0
[ "$out" = "$sorted" ] || fail "sizes in a file give another output" "$out"
works sorted.txt --shards 100 --open 60 --batch-size 60 --per-class 500
has "class0 16.7 % 16.7 % 10-10 0 % 1,000 1,000 2"
works sorted.txt --shards 100 --open 2 --resident 6000 --batch-size 60
has "Shards: 0.0 of 60 shards in a batch on average, 0 open at a time"
works sorted.txt --shards 2000 --sampler balanced_epoch --per-class 60
has "Shards: 3.0 of 3 shards in a batch on average, 3 open at a time"
works sorted.txt --shards 100 --batches 1 --svg page
grep -q "shards open at a time" page/index.html || fail "the page does not have the shards"
grep -q '"shards": *{"all": *60' page/report.json || fail "report.json does not have the shards" "$(grep -o '"shards".*' page/report.json | head -3)"
echo 100 >sizes.txt
refuses "'sizes.txt': the sizes of the shards sum to 100, but there are 6,000 samples; give the number of samples in each shard, one per line" sorted.txt --shards sizes.txt
echo 5x >>sizes.txt
refuses "'sizes.txt': line 2: '5x' is not a whole number from 0 on" sorted.txt --shards sizes.txt
refuses "--shards: '0' is not a whole number from 1 on" sorted.txt --shards 0
refuses "'no.txt' cannot be opened: No such file or directory" sorted.txt --shards no.txt
refuses "the sampler shard needs shards: --shards SIZE, or --shards FILE with one size per line" sorted.txt --sampler shard
refuses "--open does nothing for the sampler balanced_epoch; leave it out, or use the sampler shard" sorted.txt --open 3 --sampler balanced_epoch
refuses "--batch-size: '99999999999999999999' is too large" sorted.txt --batch-size 99999999999999999999
refuses "evendraw::shard_sampler: batch_size is 300, but a block of at most 2 shards has 200 draws on average; raise open, lower batch_size, or draw more in an epoch" sorted.txt --shards 100 --open 2 --batch-size 300
printf 'a|b\nb\n' >several.txt
refuses "--shards is for samples with one label each; leave it out, or use --combinations" several.txt --label-separator '|' --shards 1

# --- Many classes, long names, other characters

many=()
for i in $(seq 1 40); do many+=("a class whose name is rather long, number $i=$((4000 / (i * i) + 1))"); done
works --counts "${many[@]}" --batches 1
text "in 40 classes"
has "a class whose name …, number 7 82 1.3 % ▌"
grep -q '^a class who…er 40  *<0\.1 % ' <<<"$out" || fail "the end of a long name should show" "$out"
grep -q '^30 classes between  *[0-9]*  (together)  *[0-9]*  (together)$' <<<"$out" || fail "bars of 30 classes should be left out"
has_not "see --rows"
works --counts "${many[@]}" --rows 10 --ascii
has "(30 classes between, see --rows)"
LC_ALL=C grep -q '[^ -~]' <<<"$out" && fail "--ascii has a character that is not ASCII"
draws() {  # draws BAR LC_ALL LC_CTYPE LANG: the first of the three that is set decides whether bars are UTF-8
  local inspect=$program program=env
  works LC_ALL="$2" LC_CTYPE="$3" LANG="$4" "$inspect" --counts only=5
  has "only 5 100 % $1"
}
draws ████████████████████████ "" "" de_DE.UTF-8
draws ████████████████████████ "" de_DE.utf8 C
draws ████████████████████████ C.Utf-8 C C
draws "########################" C de_DE.UTF-8 de_DE.UTF-8
draws "########################" "" "" ""
draws "########################" "" "" de_DE.ISO-8859-1
works --counts "größte Klasse äöüß äöüß äöüß äöüß äöüß=7" "naïve=3" --batches 1
printf '%s' "$out" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 || fail "is not UTF-8"
printf 'a\033[31m\nb\377\n' >odd.txt
works odd.txt
has "a?[31m 1 50.0 % ████████████████████████"
has "b? 1 50.0 % ████████████████████████"
works --counts only=5
has "5 samples in 1 class"
text "There is one class only: nothing to balance."

works --counts a=60 b=30 c=10 --sampler balanced_epoch --sampler stratified_batch --sampler pk_batch --batches 1
has "plain shuffling balanced_epoch stratified_batch"
has "pk_batch"
has_not "before:"
text "Of the largest class, 'a', 100 % of the samples were drawn under plain shuffling, 50.0 % under balanced_epoch, 100 % under stratified_batch,"
works --counts a=50 b=30 --sampler inverse_frequency --sampler random --epochs 1
[ "$(grep -c '^plain shuffling over' <<<"$out")" -eq 1 ] || fail "plain shuffling should be there once" "$out"

works --help
for word in SOURCE --counts --column --header --sampler --target --limit --samples-per-class --threshold --per-class --max-repeats --epoch-size --batch-size \
  --epochs --seed --batches --rows --svg --ascii inverse_frequency target_proportion balanced_epoch multinomial random sequential; do
  grep -qF -- "$word" <<<"$out" || fail "does not name $word"
done

# --- Refused input

refuses "no SOURCE; give a file, a directory, - for standard input, or --counts LABEL=COUNT ... (./examples/run --help says more)"
refuses "'nowhere.txt' cannot be opened: No such file or directory" nowhere.txt
refuses "two sources, 'labels.txt' and 'data.csv'; give one" labels.txt data.csv
refuses "SOURCE 'labels.txt' and --counts are both given; give one of them" labels.txt --counts a=1
refuses "'data.csv' is a CSV file; say with --column which column has the labels" data.csv
refuses "'data.csv': no column has the name 'label'; the first line has the names 'id', 'the label', 'x'" data.csv --column label
refuses "'data.csv': line 1 has 3 columns, separated by commas; there is no column 4" data.csv --column 4
refuses "'data.csv': '0' is not a column; the first one is 1" data.csv --column 0
refuses "'images' is a directory; leave out --column, which is for CSV files" images --column 1
printf 'a,1\nb,"2\n\n",x\nc\n' >short.csv
refuses "'short.csv': line 2 has 3 fields, line 1 has 2; give every line the same number, and quote fields that hold commas" short.csv --column 2
printf 'a,1\nb, \n' >gap.csv
refuses "'gap.csv': line 2: column 2 is empty; give every sample a label (--skip-missing leaves out those without, --missing LABEL gives them one)" gap.csv --column 2
printf 'a,1\nb,"2\n3\n' >open.csv
refuses "'open.csv': line 2: a quoted field begins here and does not end" open.csv --column 1
printf 'a\n\nb\n' >blank.txt
refuses "'blank.txt': line 2 is blank; give every sample a label (--skip-missing leaves out those without, --missing LABEL gives them one)" blank.txt
: >empty.txt
refuses "'empty.txt': there are no samples in it" empty.txt
printf 'x,y\n' >names.csv
refuses "'names.csv': there are no samples in it" names.csv --column y

refuses "unknown option '--colum'; ./examples/run --help lists the options. Did you mean '--column'?" labels.txt --colum 2
refuses "unknown sampler 'magic'; the samplers are inverse_frequency, target_proportion, scheduled_proportion, balanced_epoch, stratified_batch, pk_batch, repeat_factor, multinomial, weighted_without_replacement, systematic, shard, random, sequential" labels.txt --sampler magic
refuses "--batch-size needs a value; ./examples/run --help says which" labels.txt --batch-size
refuses "--batch-size: '0' is not a whole number from 1 on" labels.txt --batch-size 0
refuses "--epochs: '2x' is not a whole number from 1 on" labels.txt --epochs 2x
refuses "--seed: '-1' is not a whole number from 0 on" labels.txt --seed=-1
refuses "--ascii takes no value" labels.txt --ascii=yes
refuses "--counts: 'a' is not LABEL=VALUE, dry=0.25 or dry=5000 for instance" --counts a
refuses "--counts names 'a' twice; name it once" --counts a=1 b=2 a=3
refuses "--counts: more than 20,000,000 samples; divide all counts by the same number" --counts a=20000000 b=1
refuses "--target: 'nan' is not a share: a number from 0 on, 0.25 for instance" labels.txt --sampler target_proportion --target a=nan
refuses "the sampler target_proportion needs shares: --target LABEL=SHARE ..." labels.txt --sampler target_proportion
refuses "--target names 'c', which no sample has; the classes are 'a', 'b'" labels.txt --sampler target_proportion --target c=1
refuses "--target: the shares sum to 1, which leaves nothing for class 'b' that they do not name; lower them, or leave the class out with b=0" labels.txt --sampler target_proportion --target a=1
refuses "--limit names 'c', which no sample has; the classes are 'a', 'b'" labels.txt --sampler balanced_epoch --limit c=1
refuses "--limit does nothing for the sampler inverse_frequency; leave it out, or use one of the samplers balanced_epoch, shard" labels.txt --limit a=1
refuses "--target does nothing for the sampler random; leave it out, or use one of the samplers target_proportion, stratified_batch" labels.txt --sampler random --target a=1
refuses "--samples-per-class 65 does not fit into --batch-size 64; raise the one, or lower the other" labels.txt --sampler pk_batch --samples-per-class 65
refuses "--threshold does nothing for the sampler random; leave it out, or use the sampler repeat_factor" labels.txt --sampler random --threshold 0.1
refuses "--epoch-size does nothing for the sampler sequential; leave it out, or use one of the samplers inverse_frequency, target_proportion, scheduled_proportion, balanced_epoch, stratified_batch, pk_batch, multinomial, weighted_without_replacement, systematic, shard, random" labels.txt --sampler sequential --epoch-size 3
run labels.txt --sampler balanced_epoch --epoch-size 5
[ "$status" -eq 2 ] && grep -q '^inspect: .*epoch_size is 5, but the classes can give only 4 draws' <<<"$err" || fail "status $status" "$err"

exit "$failed"
