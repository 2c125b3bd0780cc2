#include <string>

#include "options.hpp"

namespace inspect {

std::string help() {
  return R"(inspect: how balanced are the batches of a labelled data set?

Shows what a training run would see under plain shuffling, and with a sampler of
evendraw.

  ./examples/run SOURCE [options]
  ./examples/run --counts LABEL=COUNT ... [options]

SOURCE, one of
  a CSV file         with --column NAME for the column of the labels; columns
                     are separated by commas, or as --separator says, and quoted
                     as in RFC 4180; all records have the same number of fields.
                     In *.tsv, tabs separate columns, and nothing is quoted
  a text file        one label per line; spaces around it are ignored
  annotations, JSON  *.json in the format of COCO and LVIS: "images",
                     "annotations" and "categories"; every image is a sample,
                     and its categories are its labels
  a directory        one folder per class, as for torchvision's ImageFolder:
                     each file below it is a sample, except hidden files and
                     files that systems leave there (Thumbs.db, desktop.ini,
                     ...); or label files of YOLO, one *.txt for each image,
                     with the names of classes in data.yaml or classes.txt. If
                     there are train/ and val/, only train/ is read
  -                  standard input, in the format of one of these files
A byte order mark is accepted, and so are all kinds of line endings. Every
sample needs a label; at the end of a CSV file, records with only empty fields
are ignored.

  --column NAME|N            the column of the labels in a CSV file: a name from
                             the first line, or a number; the first is 1
  --and NAME|N               a second column, a scanner for instance: shows the
                             combinations, and shares of them that balance both
  --group NAME|N             a column that tells which samples belong together,
                             patients for instance: shows how many groups a
                             split divides, and how often two samples of a group
                             are in one batch
  --header                   the first line has names, and is not a sample
                             (not needed with a NAME in --column)
  --separator CHARACTER      the character that separates columns, ';' or '|'
                             for instance, or tab (default: a comma)
  --skip-missing             leave out samples without a label, and report how
                             many
  --missing LABEL            give this label to samples without one
  --extensions jpg,png       count only these files in class folders (default:
                             all; the report has the number of each kind)
  --counts LABEL=COUNT ...   no data: a made-up set with these counts, shuffled

Several labels per sample: the report then counts the samples with each label
  --label-separator TEXT     the text that separates labels in a field or line
  --one-hot COLUMNS          columns of 0 and 1, one for each label: 3-80, or
                             cat,dog, or both (instead of --column)
  --combinations             make every combination of labels a class, so that
                             all samplers can be used. Without it only
                             repeat_factor (the default then), random and
                             sequential

Samplers
  --sampler NAME             (default inverse_frequency); repeat the option to
                             compare several samplers. One of
    inverse_frequency        every class equally likely, with replacement
    target_proportion        every class with its share from --target
    scheduled_proportion     from the shares of the data in the first epoch to
                             equal shares in the last
    balanced_epoch           exactly the same number of draws of every class,
                             without replacement
    stratified_batch         the exact share of every class in every batch:
                             equal shares, or those of --target
    pk_batch                 batches with several samples of each of some
                             classes (see --samples-per-class); all classes come
                             equally often
    repeat_factor            every sample once, and those of rare classes more
                             often; of several labels, the rarest decides
    multinomial              samples with the weight 1 / class size: the same
                             probabilities as inverse_frequency
    weighted_without_replacement
                             the same weights, each sample at most once
    systematic               the same, but each sample is included exactly in
                             proportion to its weight
    shard                    as balanced_epoch, for data in shards, of which few
                             are open at a time (default with --shards)
    random                   plain shuffling
    sequential               the samples in their order
  --target LABEL=SHARE ...   target_proportion, stratified_batch: the shares.
                             Classes that are not named divide what is left of
                             1 in proportion to the data; 0 leaves a class out
  --limit LABEL=COUNT ...    balanced_epoch, shard: the most draws of a class in
                             an epoch; 0 leaves it out (default: none)
  --per-class COUNT          balanced_epoch, shard: draws of each class that has
                             enough (default: the size of the smallest class)
  --max-repeats COUNT        balanced_epoch, shard: the most draws of a sample
                             in an epoch (default 1)
  --samples-per-class COUNT  pk_batch: samples of each class in a batch (default
                             4); there are as many classes as fit into
                             --batch-size
  --threshold SHARE          repeat_factor: classes below this share of the data
                             are repeated (default: 1 / the number of classes)
  --shards SIZE|FILE         the samples are in shards of this size, or of the
                             sizes in a file with one size per line; shows how
                             many shards the batches need
  --open COUNT               shard: the number of open shards (default 10)
  --resident COUNT           shard: the most samples of the rarest classes to
                             keep in memory (default 0)
  --epoch-size COUNT         draws in an epoch, except with repeat_factor and
                             sequential (default: the number of samples; half
                             of it for weighted_without_replacement and
                             systematic; for balanced_epoch see --per-class)
  --batch-size COUNT         (default 64)
  --epochs COUNT             (default 3)
  --seed NUMBER              (default 0)

Output
  --batches COUNT            the number of first batches to show as bars, if
                             samples have one label each (default 3)
  --rows COUNT               the most classes in a table: the largest and the
                             smallest (default 40)
  --svg DIRECTORY            also write a page that you can share: index.html,
                             which needs no other file; report.json with its
                             numbers; and an SVG file for each of its pictures.
                             It shows the classes in the first 12 batches, the
                             draws of every class, how often samples were drawn,
                             how many were seen after each epoch, and how many
                             epochs it takes to see all. The last is exact for
                             samplers with replacement, and simulated for others
  --ascii                    bars without Unicode (default: depends on LC_ALL,
                             LC_CTYPE and LANG)
  --help                     this text

--option VALUE and --option=VALUE are the same. Several LABEL=VALUE may follow
one option. The exit status is 0, or 2 if something is wrong.

Examples
  ./examples/run data.csv --column label --batch-size 128
  ./examples/run data.csv --column label --svg pictures
  ./examples/run data.csv --column label --sampler target_proportion \
      --target cat=0.2 dog=0.8
  ./examples/run scans.csv --column diagnosis --and scanner --group patient
  ./examples/run wine.csv --column 12 --separator ';'
  ./examples/run labels.txt
  ./examples/run images/ --sampler balanced_epoch --epochs 10
  ./examples/run annotations.json --threshold 0.001
  ./examples/run movies.csv --column genres --label-separator '|'
  ./examples/run --counts dry=6200 wet=3500 ice=300 --epoch-size 3000 \
      --sampler balanced_epoch --limit dry=1000
)";
}

}  // namespace inspect
