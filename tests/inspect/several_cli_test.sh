#!/usr/bin/env bash
# Runs examples/inspect with --and and --group: several_cli_test.sh PROGRAM. Says what is wrong; exit status 1 if
# anything is.
source "$(dirname "$0")/../support/cli.sh" inspect "$1"

# 40 images of 10 patients, 4 of each; scanner B has most of class ice.
{
  echo label,scanner,patient
  for i in $(seq 0 39); do
    if [ $((i % 4)) -eq 0 ]; then label=ice; else label=dry; fi
    if [ $((i % 5)) -eq 0 ] || { [ $label = ice ] && [ $((i % 8)) -eq 0 ]; }; then scanner=B; else scanner=A; fi
    echo "$label,$scanner,p$((i / 4))"
  done
} >scans.csv

works scans.csv --column label --and scanner --group patient --epochs 2 --batch-size 4
text "label and scanner: 4 combinations that occur, of 4 possible ones"
has "A B"
has "dry 24 6"
has "ice 4 6"
text "all targets are met"
has "dry 0.750000 0.500000 0.500000"
has "B 0.300000 0.500000 0.500000"
has "Groups, patient: 10, the largest 'p0' with 4 samples"
has "distinct_batch_sampler 0.0 times an epoch"
awk '/^    stratified_split/ { before = $2 } /^    grouped_split/ { after = $2 } /plain shuffling +[0-9.]+ times/ { met = $3 }
  END { exit !(before > 3 && after == 0 && met > 0) }' <<<"$out" || fail "groups are not as they should be" "$out"

works scans.csv --column 1 --and 2 --header
text "1 and 2: 4 combinations"
has_not Groups
works scans.csv --column label --group patient --batch-size 20
text "not possible: the group 'p0' has 4 samples, and there are 2 batches of at most 20, so two of its samples would share a batch; the largest batch_size that works is 13"
works scans.csv --column label --and scanner --sampler target_proportion --target ice=0.2
has "ice 0.250000 0.200000 0.200000"
has "dry 0.750000 0.800000 0.800000"

long="a scanner of the University Hospital, number"
awk -v long="$long" 'BEGIN { print "label,scanner"; for (i = 0; i < 60; ++i) print (i % 2 ? "a melanoma of the superficial spreading kind" : "naevus") "," "\"" long " " i % 6 "\"" }' >long.csv
works long.csv --column label --and scanner  # no line is longer than 80 columns
has "a melanoma… kind 0 10 0 10 0 10"
has "a melanoma of th...ding kind 0.500000 0.500000 0.500000"
has "a scanner of the... number 3 0.166667 0.166667 0.166667"

printf 'label,place\nx,1\nx,1\ny,2\nz,2\n' >bound.csv  # x and the place 1 have the same samples
works bound.csv --column label --and place
text "is over by"
text "the targets contradict each other, the data or max_repeats"

printf 'label,place\nx,1\n,1\ny,2\n' >missing.csv
works missing.csv --column label --and place --skip-missing --group place
text "Groups, place: 2, the largest '1' with 1 sample"
printf 'label,place\nx,1\ny,\n' >empty.csv
refuses "'empty.csv': line 3: column 2 ('place') is empty; give every sample a value" empty.csv --column label --and place
refuses "--and needs the column of the labels too: --column" scans.txt --and scanner
refuses "--group is for samples with one label each; leave out --label-separator" scans.csv --column label --group patient --label-separator '|'
refuses "--group is for a SOURCE; leave it out with --counts" --counts a=1 b=2 --group x

exit "$failed"
