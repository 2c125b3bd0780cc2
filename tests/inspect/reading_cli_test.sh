#!/usr/bin/env bash
# Runs examples/inspect on files like those that people have: reading_cli_test.sh PROGRAM. Says what is wrong; exit status
# 1 if anything is.
source "$(dirname "$0")/../support/cli.sh" inspect "$1"

missing_remedy="give every sample a label (--skip-missing leaves out those without, --missing LABEL gives them one)"
# counts NAME=COUNT ...: the table of classes or labels has exactly these rows, in this order.
counts() {
  local seen wanted
  seen=$(awk '/^(class|label)  /{on = 1; next} /^$/{if (on) exit} on' <<<"$out" | sed -E 's/  +/\t/g' | awk -F'\t' '{print $1 "=" $2}' | paste -sd' ')
  wanted=$*
  [ "$seen" = "$wanted" ] || fail "counts $seen; should be $wanted" "$out"
}

# --- Records

printf 'a,b,label\n1,2,x\n1,5,3,y\n2,2,x\n' >ragged.csv
refuses "'ragged.csv': line 3 has 4 fields, line 1 has 3; give every line the same number, and quote fields that hold commas" ragged.csv --column label
printf 'a,b,label\n1,2,x\n\n1,y\n' >short.csv
refuses "'short.csv': line 4 has 2 fields, line 1 has 3; give every line the same number, and quote fields that hold commas" short.csv --column 1
printf 'text,label\ngood, but late,pos\nbad,neg\n"fine, thanks",pos\n' >unquoted_commas.csv
refuses "'unquoted_commas.csv': line 2 has 3 fields, line 1 has 2; give every line the same number, and quote fields that hold commas" unquoted_commas.csv --column label
sed 's/good, but late/"good, but late"/' unquoted_commas.csv >quoted_commas.csv
works quoted_commas.csv --column label
counts pos=2 neg=1
printf 'a;b\n1;x\n1;2;x\n' >ragged.txt
refuses "'ragged.txt': line 3 has 3 fields, line 1 has 2; give every line the same number, and quote fields that hold ';'" ragged.txt --column b --separator ';'
printf 'a\tb\n1\tx\t2\n' >ragged.tsv
refuses "'ragged.tsv': line 2 has 3 fields, line 1 has 2; give every line the same number" ragged.tsv --column b

# --- Separators

printf '"fixed acidity";"volatile acidity";"quality"\n7,4;0,70;5\n7,8;0,88;5\n11,2;0,28;6\n7,4;0,66;5\n' >semicolons.csv
refuses "'semicolons.csv': the first line has no comma, but ';'; give --separator ';' if that separates the columns, or --separator ',' if there is only one column" semicolons.csv --column quality
works semicolons.csv --column quality --separator ';'
counts 5=3 6=1
has_not Note
works semicolons.csv --column "fixed acidity" --separator=';'
counts 7,4=2 11,2=1 7,8=1
printf 'a|b\n1|x\n2|y\n3|x\n' >pipes.csv
refuses "'pipes.csv': the first line has no comma, but '|'; give --separator '|' if that separates the columns, or --separator ',' if there is only one column" pipes.csv --column b
works pipes.csv --column b --separator '|'
counts x=2 y=1
works pipes.csv --column 1 --separator ,  # there is only one column
counts '1|x=1' '2|y=1' '3|x=1' 'a|b=1'
printf '"a;b",label\n1,x\n2,y\n' >quoted_other.csv
works quoted_other.csv --column label
printf 'id\tlabel\n1\tcat\n2\tdog\n3\tcat\n' >tabs.tsv
refuses "'tabs.tsv' is a table separated by tabs; say with --column which column has the labels" tabs.tsv
works tabs.tsv --column label
counts cat=2 dog=1
cp tabs.tsv tabs.txt
refuses "'tabs.txt': the first line has no comma, but tabs; give --separator tab if that separates the columns, or --separator ',' if there is only one column" tabs.txt --column label
works tabs.txt --column label --separator tab
counts cat=2 dog=1
printf 'id\tlabel\n1\t5" nail\n2\t"open\n3\t5" nail\n' >literal.tsv
works literal.tsv --column label
counts '5" nail=2' '"open=1'
printf 'id\tlabel\tnote\n1\tcat\t\n\tdog\tx\n2\tcat\t\n' >empty_fields.tsv  # empty fields stay where they are
works empty_fields.tsv --column label
counts cat=2 dog=1
refuses "--separator: ';;' is not a separator; give one character, ';' for instance, or tab" pipes.csv --column b --separator ';;'
refuses "--separator is for CSV files; say with --column which column has the labels" tabs.txt --separator tab
printf 'label\ncat\ndog\ncat\n' >with_header.txt
works with_header.txt --header
counts cat=2 dog=1

# --- Line ends, empty records, missing labels

printf 'cat\rdog\rcat\r' >cr_only.txt
works cr_only.txt
counts cat=2 dog=1
printf 'id,label\r1,cat\r2,"do\rg"\r3,cat\r4\r' >cr_only.csv
refuses "'cr_only.csv': line 6 has 1 field, line 1 has 2; give every line the same number, and quote fields that hold commas" cr_only.csv --column label
printf 'a\r\rb\r\n' >blank_cr.txt
refuses "'blank_cr.txt': line 2 is blank; $missing_remedy" blank_cr.txt
(printf '\xef\xbb\xbfid,label,note\r\n'; for i in $(seq 0 19); do printf '%d,%s,x\r\n' "$i" "$([ $((i % 4)) = 0 ] && echo dog || echo cat)"; done; printf ',,\r\n,,\r\n') >excel_tail.csv
for way in "" --skip-missing; do
  works excel_tail.csv --column label $way
  counts cat=15 dog=5
  text "Note: 2 records at the end of the file have only empty fields and are no samples."
done
(cat excel_tail.csv; printf '20,cat,x\n,,\n21,,x\n,,,,\n,,\n') >gaps.csv
refuses "'gaps.csv': line 22: column 2 ('label') is empty; $missing_remedy" gaps.csv --column label
works gaps.csv --column label --skip-missing
counts cat=16 dog=5
has "Note: 4 samples without a label are left out (--skip-missing)."
works gaps.csv --column label --missing none
counts cat=16 dog=5 none=4
printf 'a\n\nb\n\n' >blank.txt
refuses "'blank.txt': line 2 is blank; $missing_remedy" blank.txt
cp blank.txt blank.csv  # with one column, a blank line is a sample
refuses "'blank.csv': line 2: column 1 is empty; $missing_remedy" blank.csv --column 1
works blank.csv --column 1 --missing none
counts a=1 b=1 none=1
has_not Note
printf 'x,label\n1,a\n\n2,b\n,\n' >blank_between.csv  # with several, it is none
works blank_between.csv --column label
counts a=1 b=1
text "Note: 1 record at the end of the file has only empty fields and is no sample."
works blank.txt --skip-missing
counts a=1 b=1
has "Note: 1 sample without a label is left out (--skip-missing)."
works blank.txt --missing a
counts a=2 b=1
printf 'x,label\n1,\n2,\n' >no_labels.csv
refuses "'no_labels.csv': there are no samples in it" no_labels.csv --column label --skip-missing
refuses "--skip-missing and --missing are both given; give one of them" blank.txt --skip-missing --missing a
refuses "--missing is empty; give a label" blank.txt --missing=
printf '\xff\xfei\0d\0\n\0' >utf16.csv
refuses "'utf16.csv' is UTF-16; convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)" utf16.csv --column 1
printf '\xff\xfe\0\0i\0\0\0' >utf32.csv
refuses "'utf32.csv' is UTF-32; convert it to UTF-8 (iconv -f UTF-32 -t UTF-8)" utf32.csv --column 1
no_text="if it is UTF-16, convert it to UTF-8 (iconv -f UTF-16LE or UTF-16BE, -t UTF-8), otherwise export the data as CSV"
printf 'a,label\n1,x\0y\n2,x\n' >zero.csv
refuses "'zero.csv' is not text: line 2 has a byte of value 0; $no_text" zero.csv --column label
printf 'c\0a\0t\0\n\0' >no_mark.txt
refuses "'no_mark.txt' is not text: line 1 has a byte of value 0; $no_text" no_mark.txt
printf 'cat\ndog\n' | gzip >labels.gz
refuses "'labels.gz' is compressed; unpack it first (gunzip)" labels.gz
printf '\3757zXZ\0' >labels.xz
refuses "'labels.xz' is compressed; unpack it first (unxz)" labels.xz
printf 'PK\3\4\24\0' >labels.xlsx
refuses "'labels.xlsx' is a ZIP archive or a workbook; unpack it, or export it as CSV" labels.xlsx
printf 'PAR1\25\0' >labels.parquet
refuses "'labels.parquet' is a Parquet file; export it as CSV" labels.parquet
printf 'PKW\ncar\nPKW\n' >pkw.txt  # text that begins like an archive
works pkw.txt
counts PKW=2 car=1
printf 'caf\351\ncaf\350\n' >latin1.txt
works latin1.txt
text "Note: The label 'caf?' has bytes that are not UTF-8, shown as '?'; convert the file (iconv -t UTF-8 -f LATIN1, if it is Latin-1)."

# --- Headers, and columns that are not labels

header_note="The first line looks like a header and is taken for a sample, with the label"
printf 'x,quality\n1.5,good\n2.5,bad\n3,good\n' >headed.csv
works headed.csv --column 2
text "Note: $header_note 'quality'; give --header to leave it out."
for way in "--column 2 --header" "--column quality"; do
  works headed.csv $way
  has_not Note
done
works with_header.txt
text "Note: $header_note 'label'; give --header to leave it out."
printf 'quality\n5\n6\n5\n' >headed.txt
works headed.txt
text "Note: $header_note 'quality'; give --header to leave it out."
printf 'x,quality\n1.5,good\nn/a,bad\n3,quality\n' >not_headed.csv  # the name comes again, and stands above a word
works not_headed.csv --column 2
has_not Note
printf 'bird\ncat\ndog\ncat\n' >names.txt
works names.txt
has_not Note
seq 100 | awk '{print $1 ",c" $1 % 2}' >ids.csv
works ids.csv --column 1
text "Note: Each of the 100 samples is a class of its own: is this a label column?"
works ids.csv --column 2
has_not Note
(seq 2000; seq 2000) >numbers.txt
works numbers.txt
text "Note: 2,000 classes, and their names are numbers: is this a label column?"
(seq -f 'c%g' 2000; seq -f 'c%g' 2000) >many_names.txt
works many_names.txt
has_not Note
(seq 0.5 30.5; seq 0.5 30.5) >fractions.txt
works fractions.txt
text "Note: 31 classes, and their names are numbers: is this a label column?"
(seq 30; seq 30) >thirty.txt
works thirty.txt
has_not Note
works --help
[ "$(grep -n -m1 -- '--column NAME' <<<"$out" | cut -d: -f1)" -lt "$(grep -n -m1 -- '--counts LABEL=COUNT  *no data\|--counts LABEL=COUNT \.\.\.  *no' <<<"$out" | cut -d: -f1)" ] || fail "--column NAME is not first"
text "Examples ./examples/run data.csv --column label"

out=$("$program" - <tabs.tsv) || fail "a table from standard input"
text "Note: All lines have equally many tabs: if this is a table, say with --column which column has the labels."
printf 'a,b\nc\na,b\n' >some_commas.txt
works some_commas.txt
has_not "if this is a table"

# --- Several labels

printf 'image,labels\na.jpg,scab|rust\nb.jpg,healthy\nc.jpg,scab\nd.jpg,rust| frog eye |scab|scab\n' >several_labels.csv
works several_labels.csv --column labels --label-separator '|' --epochs 1
counts scab=3 rust=2 healthy=1 'frog eye=1'
has "4 samples with 1 to 3 of 4 labels each, 1.75 on average"
# The mean share is 7/16, so healthy and frog eye are repeated sqrt(7/4) = 1.32 times, and rust and scab once. An epoch has
# 2 + 2 sqrt(7/4) = 4.65 draws on average, since b and d are repeated. scab is on a, c and d.
has "scab 80.0 % 71.5 % 4-4 0 % 3 3 2"
has "frog eye 40.0 % 28.5 % 2-2 0 % 1 1 2"
has "healthy 20.0 % 28.5 % 1-1 0 % 1 1 1"
has "scab 75.0 % 75.0 % 3-3 0 % 3 3 1"
text "repeat_factor over 1 epoch of 5 draws"
text "An epoch has 4 draws under plain shuffling, 5 under repeat_factor."
text "Rare label 'frog eye' (25.0 % of the samples) is missing from 0 % of the batches under plain shuffling, from 0 % under repeat_factor."
works several_labels.csv --column labels --label-separator '|' --threshold 0 --epochs 1 --batch-size 1
has "frog eye 25.0 % 25.0 % 0-1 75.0 % 1 1 1"
works several_labels.csv --column labels --label-separator '|' --sampler sequential --sampler repeat_factor
text "sequential over"
text "repeat_factor over"
for sampler in inverse_frequency balanced_epoch stratified_batch pk_batch multinomial; do
  refuses "the sampler $sampler needs one label for each sample, but some samples have several, or none; use repeat_factor, random or sequential, or --combinations, which makes every combination of labels a class" several_labels.csv --column labels --label-separator '|' --sampler $sampler
done
refuses "--svg draws samples with one label each, but some have several, or none; leave it out, or use --combinations, which makes every combination of labels a class" several_labels.csv --column labels --label-separator '|' --svg pictures
[ ! -e pictures ] || fail "there should be no pictures"
works several_labels.csv --column labels --label-separator '|' --combinations --sampler balanced_epoch
counts healthy=1 scab=1 scab+rust=1 'scab+rust+frog eye=1'
has "Note: Every combination of labels is a class of its own (--combinations)."
works several_labels.csv --column labels
text "Note: The label 'rust| frog eye |scab|scab' looks like several labels; --label-separator '|' takes such labels apart."
printf '7,4\n7\n4\n7,4\n' >decimal_commas.txt
works decimal_commas.txt
has_not "looks like several labels"
printf 'cat, dog\ndog\ncat, dog\n' >with_commas.txt
works with_commas.txt
text "Note: The label 'cat, dog' looks like several labels; --label-separator ',' takes such labels apart."
printf 'Paris, France\nLyon, France\nParis, France\n' >commas.txt  # no part is a label of its own
works commas.txt
has_not "looks like several labels"
printf 'id,l\n1,a+b\n2,a|b\n' >plus.csv
refuses "'plus.csv': two combinations of labels have the same name, 'a+b'; rename the label that has a '+' or this name" plus.csv --column l --label-separator '|' --combinations
printf 'a b\nb\na\n' >several.txt
works several.txt --label-separator ' '
counts a=2 b=2
works several.txt
counts 'a=1' 'a b=1' 'b=1'
printf 'image,labels\na,x|y\nb,\n' >some_without.csv
refuses "'some_without.csv': line 3: column 2 ('labels') is empty; $missing_remedy" some_without.csv --column labels --label-separator '|'
works some_without.csv --column labels --label-separator '|' --skip-missing
counts x=1 y=1
printf 'a\nb\na\n' >one_each.txt
works one_each.txt --label-separator '|' --sampler balanced_epoch  # one label each, so any sampler works
counts a=2 b=1

printf 'image,scab,healthy,rust\n0,1,0,0\n1,0,1,0\n2,1,0,1\n3,0,0,0\n4,1,0,0\n' >onehot.csv
for columns in 2-4 scab,healthy,rust "2, healthy,4-4"; do
  works onehot.csv --one-hot "$columns"
  counts scab=3 healthy=1 rust=1
  text "Note: 1 of 5 samples has no label (--skip-missing leaves such samples out, --missing LABEL gives them one)."
  has "5 samples with 0 to 2 of 3 labels each, 1.00 on average"
done
works onehot.csv --one-hot 2-4 --skip-missing
has "4 samples with 1 to 2 of 3 labels each, 1.25 on average"
works onehot.csv --one-hot 2-4 --missing none
counts scab=3 healthy=1 rust=1 none=1
works onehot.csv --one-hot 2-4 --missing scab  # a label that there is
counts scab=4 healthy=1 rust=1
printf 'id,a,b,a\n1,1,0,0\n2,0,1,0\n3,0,0,1\n4,1,0,1\n5,0,1,1\n' >same_name.csv
works same_name.csv --one-hot 2-4
counts a=4 b=2
text "Note: Several labels have the name 'a'; those of one name count as one label."
tail -n +2 onehot.csv >onehot_unnamed.csv
works onehot_unnamed.csv --one-hot 2-4
counts 'column 2=3' 'column 3=1' 'column 4=1'
printf 'cat,dog,emu\n1,0,0\n0,1.0,0\nTrue,False,0\n' >exclusive.csv
works exclusive.csv --one-hot 1-3 --sampler inverse_frequency
counts cat=2 dog=1
has "Note: No sample has the label 'emu'."
refuses "'onehot.csv': line 4: column 1 ('image') is '2'; columns of --one-hot hold 0 or 1" onehot.csv --one-hot 1-2
refuses "'onehot_unnamed.csv': line 3: column 1 is '2'; columns of --one-hot hold 0 or 1 (--header if the first line has names)" onehot_unnamed.csv --one-hot 1-2
refuses "'onehot.csv': --one-hot: '4-2' ends before it begins; give the smaller number first" onehot.csv --one-hot 4-2
refuses "'onehot.csv': --one-hot names column 3 ('healthy') twice; name it once" onehot.csv --one-hot 2-4,healthy
refuses "'onehot.csv': line 1 has 4 columns, separated by commas; there is no column 5" onehot.csv --one-hot 3-5
refuses "'onehot.csv': no column has the name 'scap'; the first line has the names 'image', 'scab', 'healthy', 'rust'. Did you mean 'scab'?" onehot.csv --one-hot scap,rust
refuses "--column and --one-hot are both given; give one of them" onehot.csv --column 1 --one-hot 2

cat >coco.json <<'J'
{"info":{"description":"a \"test\" \u00e9 [}"},"annotations":[{"segmentation":[[1.5,2,-3e2]],"image_id":1,"category_id":3},
{"image_id":1,"category_id":5,"bbox":[1,2,3,4]},{"image_id":2,"category_id":3},{"category_id":3,"image_id":2}],
"images":[{"id":1,"file_name":"1.jpg"},{"id":2},{"id":3}],"categories":[{"id":3,"name":"car"},{"id":5,"name":"b\u00fcs"},{"id":7,"name":"tram"}]}
J
works coco.json
counts car=2 büs=1 tram=0
has "3 samples with 0 to 2 of 3 labels each, 1.00 on average"
text "repeat_factor over 3 epochs"
out=$("$program" - <coco.json) || fail "JSON from standard input"
counts car=2 büs=1 tram=0
works coco.json --missing car
counts car=3 büs=1 tram=0
sed 's/tram/car/' coco.json >same_category.json
works same_category.json
counts car=2 büs=1
text "Note: Several labels have the name 'car'; those of one name count as one label."
cp coco.json coco.txt  # what it holds decides
works coco.txt
counts car=2 büs=1 tram=0
cp coco.json CAPITALS.JSON
works CAPITALS.JSON
counts car=2 büs=1 tram=0
works coco.json --skip-missing --sampler random
has "2 samples with 1 to 2 of 3 labels each, 1.50 on average"
printf '{"images":[{"id":"a"},{"id":"b"}],"annotations":[{"image_id":"b","category_id":1},{"image_id":"a","category_id":2}],"categories":[{"id":1,"name":"x"},{"id":2,"name":"y"}]}' >text_ids.json
works text_ids.json --sampler balanced_epoch
counts x=1 y=1
# json_refused MESSAGE TEXT
json_refused() {
  printf '%s' "$2" >bad.json
  refuses "'bad.json': $1" bad.json
}
needs='a JSON file must hold annotations in the format of COCO: an object with "images", "annotations" and "categories"'
json_refused "there is no object; $needs" '[1, 2]'
json_refused "there is no object; $needs" ''
json_refused "there is no \"images\"; $needs" '{"a": 1}'
json_refused "there is no \"categories\"; $needs" '{"images": [], "annotations": []}'
json_refused "there are no samples in it" '{"images": [], "annotations": [], "categories": []}'
json_refused "line 2, character 13: ',' should be here" '{"a": true,
"b": {"c": 1]}'
json_refused "line 1, character 8: ',' should be here" '{"a": 1'
json_refused "line 1, character 7: a string begins here and does not end" '{"a": "open'
json_refused "line 1, character 7: a value should be here" '{"a": nul}'
json_refused "line 1, character 10: there is more after the end" '{"a": 1} x'
json_refused "line 1, character 21: the image that ends here has no \"id\"" '{"images": [{"x": 1}]}'
json_refused "line 1, character 33: a second image has the id 1" '{"images": [{"id": 1}, {"id": 1}]}'
json_refused "line 1, character 33: the annotation that ends here has no \"category_id\"" '{"annotations": [{"image_id": 1}]}'
json_refused "an annotation has the image_id 7, which no image has; the file is incomplete" '{"images": [{"id": 1}], "annotations": [{"image_id": 7, "category_id": 1}], "categories": [{"id": 1}]}'
json_refused "an annotation has the category_id 7, which no category has; the file is incomplete" '{"images": [{"id": 1}], "annotations": [{"image_id": 1, "category_id": 7}], "categories": [{"id": 1}]}'
json_refused "line 1, character 207: more than 200 brackets are open here" "{\"a\": $(printf '[%.0s' $(seq 300))"
refuses "'coco.json' is read as annotations in JSON; leave out --column, which is for other files" coco.json --column 1

# --- Folders

mkdir -p images/cat images/dog images/__MACOSX
touch images/cat/{1.jpg,2.JPG,Thumbs.db,desktop.ini,.DS_Store} images/dog/{1.png,README} images/__MACOSX/1.jpg images/Thumbs.db
works images
counts cat=2 dog=2
text "Note: Files counted: 2 .jpg, 1 without extension, 1 .png (--extensions jpg,png counts those only)."
works images --extensions jpg,.PNG
counts cat=2 dog=1
text "Note: Files counted: 2 .jpg, 1 .png; 1 left out (--extensions)."
refuses "the folder of class 'dog' has no files with the --extensions that count; add some, or remove it" images --extensions jpg
refuses "'blank.txt' is not a directory; leave out --extensions, which is for class folders" blank.txt --extensions jpg
mkdir -p split/{train,val}/{cat,dog}
touch split/train/cat/{1,2}.jpg split/train/dog/1.jpg split/val/cat/1.jpg split/val/dog/1.jpg
works split
counts cat=2 dog=1
text "Note: The data set is split: this is 'split/train'; not 'split/val'."
works split/val
counts cat=1 dog=1
has_not "is split"
mkdir -p vehicles/{train,bus}  # a train is a vehicle here
touch vehicles/{train,bus}/1.jpg
works vehicles
counts bus=1 train=1
has_not "is split"
if ln -s . links_work 2>/dev/null; then
  mkdir -p loop/cat/deep && touch loop/cat/1.jpg && ln -s ../.. loop/cat/deep/again
  refuses "the link 'loop/cat/deep/again' leads to '$PWD/loop', which it is in itself; remove it" loop
  mkdir -p linked/cat elsewhere/more && touch elsewhere/{1,more/2}.jpg linked/cat/3.jpg && ln -s ../../elsewhere linked/cat/there
  ln -s ../cat/3.jpg linked/cat/4.jpg && ln -s nowhere linked/cat/5.jpg && ln -s ../elsewhere linked/emu
  works linked
  counts cat=4 emu=2
  text "Note: 1 link leads nowhere and is not counted, 'linked/cat/5.jpg' for instance."
fi
mkdir -p yolo/{images,labels}/{train,val}
printf '0 0.5 0.5 0.1 0.1\n2 0.5 0.5 0.1 0.1\n' >yolo/labels/train/a.txt
printf '0 0.5 0.5 0.1 0.1\n\n0 0.2 0.5 0.1 0.1\n' >yolo/labels/train/b.txt
: >yolo/labels/train/empty.txt
touch yolo/labels/val/c.txt
works yolo
counts 0=2 2=1
text "Note: The data set is split: this is 'yolo/labels/train'; not 'yolo/labels/val'."
text "Note: YOLO labels of 3 images in 'yolo/labels/train'; images without a file there are not counted."
text "Note: 1 of 3 samples has no label"
named() {  # DATA_YAML: its names
  printf "$1" >yolo/data.yaml
  for place in yolo yolo/labels/train yolo/labels/train/; do
    works $place
    counts person=2 car=1 kite=0
  done
}
named 'path: .\nnc: 3\nnames: [person, "kite", '"'car'"'] # three\n'
named 'names:\n- person  # a comment\n\n- kite\n- "car"\nnc: 3\n'
named 'train: images/train\nnames:\n  0: person\n  1: kite\n  2: car\n\ndownload: "# names:"\n'
named 'names: {0: person,\n  2: car, 1: kite}\n'
printf "names: ['it''s', kite]\n" >yolo/data.yaml
works yolo
counts "it's=2" 2=1 kite=0
text "Note: 1 class has no name there; the label is the number."
printf 'names:\n  0: person\n  0: kite\n' >yolo/data.yaml
refuses "'$PWD/yolo/data.yaml': line 3: a second name for class 0; keep one" yolo
printf 'nc: 3\n' >yolo/data.yaml
works yolo
counts 0=2 2=1
printf 'names:\n  person\n' >yolo/data.yaml
refuses "'$PWD/yolo/data.yaml': line 2: 'person' is not the name of a class; write '- NAME', or 'NUMBER: NAME', or names: [NAME, NAME]" yolo
printf 'nc: 3\nnames: [person, kite\n' >yolo/data.yaml
refuses "'$PWD/yolo/data.yaml': line 2: the names have no closing bracket" yolo
rm yolo/data.yaml
printf 'person\nkite\ncar\n' >yolo/labels/train/classes.txt
works yolo/labels/train
counts person=2 car=1 kite=0
printf '0 0.5 0.5 0.1 0.1\ncar 0.5 0.5 0.1 0.1\n' >yolo/labels/val/c.txt
refuses "'yolo/labels/val/c.txt': line 2: 'car' is not a class number; each line needs one, and a box after it" yolo/labels/val
printf '0 0.5 0.5\n' >yolo/labels/val/c.txt
refuses "'yolo/labels/val/c.txt': line 1 has 2 numbers after the class number; a box needs four" yolo/labels/val
printf '0 0.5 0.5 x 1\n' >yolo/labels/val/c.txt
refuses "'yolo/labels/val/c.txt': line 1: 'x' is not a number; a class number is followed by a box: four numbers" yolo/labels/val

# --- Did you mean

refuses "unknown option '--colunm=2'; ./examples/run --help lists the options. Did you mean '--column'?" blank.txt --colunm=2
refuses "unknown option '--batchsize'; ./examples/run --help lists the options. Did you mean '--batch-size'?" blank.txt --batchsize 2
refuses "unknown option '--qqqqqq'; ./examples/run --help lists the options" blank.txt --qqqqqq
samplers="inverse_frequency, target_proportion, scheduled_proportion, balanced_epoch, stratified_batch, pk_batch, repeat_factor, multinomial, weighted_without_replacement, systematic, shard, random, sequential"
refuses "unknown sampler 'balanced-epochs'; the samplers are $samplers. Did you mean 'balanced_epoch'?" one_each.txt --sampler balanced-epochs
refuses "unknown sampler 'inverse'; the samplers are $samplers. Did you mean 'inverse_frequency'?" one_each.txt --sampler inverse
refuses "'headed.csv': no column has the name 'Qualtiy'; the first line has the names 'x', 'quality'. Did you mean 'quality'?" headed.csv --column Qualtiy
refuses "--sampler random is given twice; give it once" one_each.txt --sampler random --sampler random

# --- Labels written in two ways

# written TEXT NOTE: labels, one on each line, and the note about them.
written() {
  printf "$1" >written.csv
  works written.csv --column 1 --separator ,
  text "Note: Labels that differ by $2."
}
written 'Cat\ncat\ndog\n' "case only are different classes: 'Cat' and 'cat'"
written 'Größe\nGRÖßE\n' "case only are different classes: 'GRÖßE' and 'Größe'"
written '1\n1.0\n2\n' "number format only are different classes: '1' and '1.0'"
written '"cat "\ncat\n' "white space only are different classes: 'cat' and 'cat '"
written 'a b\na\302\240b\n' "white space only are different classes: 'a b' and 'a"$'\u00a0'"b'"
written 'B\303\244r\nBa\314\210r\n' "Unicode form only are different classes: '"$'Ba\u0308r'"' and '"$'B\u00e4r'"'"
written '\343\201\214\n\343\201\213\343\202\231\n' "Unicode form only are different classes: '"$'\u304b\u3099'"' and '"$'\u304c'"'"
written '\355\225\234\n\341\204\222\341\205\241\341\206\253\n' "Unicode form only are different classes: '"$'\u1112\u1161\u11ab'"' and '"$'\ud55c'"'"
written 'Cat\n"cat "\n' "how they are written only are different classes: 'Cat' and 'cat '"
printf 'Bar\nB\303\244r\n1\n10\n1.5\nab\na b\n\343\201\214\n\343\201\213\n' >different.txt
works different.txt --header  # the first line is left out
has_not "Labels that differ"
works different.txt
has_not "Labels that differ"
mkdir -p forms/{Cat,cat} && touch forms/{Cat,cat}/1.jpg
if [ "$(ls forms | wc -l)" -eq 2 ]; then
  works forms
  text "Note: Labels that differ by case only are different classes: 'Cat' and 'cat'."
fi

# --- Output that cannot be written

closed() { [ "$status" -eq 2 ] && [ "$err" = "inspect: standard output cannot be written$1" ] || fail "status $status" "$err"; }
for arguments in --help "one_each.txt --batches 0 --epochs 1 --rows 2" "several.txt --label-separator x"; do
  call="$arguments >&-"
  err=$("$program" $arguments 2>&1 >&-) && status=0 || status=$?
  case $err in *": Bad file descriptor") closed ": Bad file descriptor" ;; *) closed "" ;; esac
  if [ -c /dev/full ]; then
    call="$arguments >/dev/full"
    err=$("$program" $arguments 2>&1 >/dev/full) && status=0 || status=$?
    case $err in *": No space left on device") closed ": No space left on device" ;; *) closed "" ;; esac
  fi
done

# --- Many classes; growth_test.cpp counts the steps of counting and printing them

for i in 1 2; do seq -f 'class%.0f' 200000; done >many_classes.txt
works many_classes.txt
text "in 200,000 classes"

exit "$failed"
