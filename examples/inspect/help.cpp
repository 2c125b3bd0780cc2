#include <string>

#include "options.hpp"

namespace inspect {

std::string help() {
  return R"(inspect: how balanced are the batches of a labelled data set?

Shows what a training run would see: under plain shuffling, and with a sampler
of evendraw.

  ./examples/run SOURCE [options]
  ./examples/run --counts LABEL=COUNT ... [options]

SOURCE, one of
  a CSV file         with --column NAME: the column of the labels; separated by
                     commas, or as --separator says, quoted as in RFC 4180; all
                     records have the same number of fields. *.tsv: separated
                     by tabs, nothing is quoted
  a text file        one label per line; spaces around it do not count
  annotations, JSON  *.json as of COCO and LVIS: "images", "annotations" and
                     "categories"; every image is a sample, its categories are
                     its labels
  a directory        one folder per class, as for torchvision's ImageFolder:
                     each file below it is a sample, but for hidden ones and
                     what systems leave there (Thumbs.db, desktop.ini, ...); or
                     label files of YOLO, one *.txt for each image. Of train/
                     and val/ the first is read
  -                  standard input, as one of these files
A byte order mark is fine, and so are all kinds of line ends. Every sample needs
a label; records at the end of a CSV file whose fields are all empty are none.

  --column NAME|N            the column of the labels in a CSV file: a name from
                             the first line, or a number, the first is 1
  --and NAME|N               a second column, a scanner for instance: shows the
                             combinations, and shares of them that balance both
  --group NAME|N             a column of what belongs together, patients for
                             instance: how many groups a split divides, and how
                             often two samples of a group share a batch
  --header                   the first line has names, and is not a sample
                             (a NAME in --column says so by itself)
  --separator CHARACTER      what separates columns: ';' or '|' for instance,
                             or tab (default: a comma)
  --skip-missing             leave out samples without a label, and say how many
  --missing LABEL            give this label to samples without one
  --extensions jpg,png       the files in class folders that count (default:
                             all; it is said how many there are of which kind)
  --counts LABEL=COUNT ...   no data: a made-up set with these counts, shuffled

Several labels per sample: what is counted then is the samples that have a label
  --label-separator TEXT     what separates the labels in a field or a line
  --one-hot COLUMNS          columns of 0 and 1, one for each label: 3-80, or
                             cat,dog, or both (instead of --column)
  --combinations             take every combination of labels for a class, so
                             that all samplers can be used. Without it only
                             repeat_factor (default then), random, sequential

Samplers
  --sampler NAME             (default inverse_frequency); may be given several
                             times, to compare them. One of
    inverse_frequency        every class equally likely, with replacement
    target_proportion        every class with the share that --target says
    scheduled_proportion     from the shares of the data in the first epoch to
                             equal ones in the last
    balanced_epoch           every class equally often, exactly, without
                             replacement
    stratified_batch         every batch with the exact share of every class:
                             equal, or as --target says
    pk_batch                 batches of so many samples of each of some classes
                             (see --samples-per-class), classes in turns
    repeat_factor            every sample once, those of rare classes oftener;
                             of several labels, the rarest decides
    multinomial              samples by weights, 1 / class size for each: as
                             inverse_frequency, by another way
    weighted_without_replacement
                             by the same weights, no sample twice
    systematic               the same, every sample with a probability in exact
                             proportion to its weight
    shard                    as balanced_epoch, from data in shards, of which
                             few are open at a time (default with --shards)
    random                   plain shuffling
    sequential               the samples in their order
  --target LABEL=SHARE ...   target_proportion, stratified_batch: the shares.
                             Classes that are not named divide what is left of
                             1 as in the data; 0 leaves a class out
  --limit LABEL=COUNT ...    balanced_epoch, shard: the most draws of a class in
                             an epoch; 0 leaves it out (default: none)
  --per-class COUNT          balanced_epoch, shard: draws of each class that has
                             enough (default: what the smallest class has)
  --max-repeats COUNT        balanced_epoch, shard: how often a sample may come
                             in an epoch (default 1)
  --samples-per-class COUNT  pk_batch: of each class in a batch (default 4), of
                             as many classes as fit into --batch-size
  --threshold SHARE          repeat_factor: classes below this share of the data
                             are repeated (default: 1 / the number of classes)
  --shards SIZE|FILE         the samples lie in shards of this size, or of the
                             sizes in a file, one a line; shows how many of them
                             batches need
  --open COUNT               shard: shards that are open (default 10)
  --resident COUNT           shard: samples of the rarest classes that are kept
                             in memory (default 0)
  --epoch-size COUNT         draws in an epoch, not for repeat_factor and
                             sequential (default: the number of samples; half
                             of it for weighted_without_replacement and
                             systematic; for balanced_epoch see --per-class)
  --batch-size COUNT         (default 64)
  --epochs COUNT             (default 3)
  --seed NUMBER              (default 0)

Output
  --batches COUNT            how many of the first batches are shown as bars, if
                             samples have one label each (default 3)
  --rows COUNT               the most classes in a table: the largest and the
                             smallest (default 40)
  --svg DIRECTORY            also a page to look at and to pass on: index.html,
                             which needs no other file; its numbers as
                             report.json; an SVG file for each of its pictures.
                             The classes in the first 12 batches, what became of
                             every class, how often samples were drawn, how many
                             were seen by when, and how long it takes until all
                             were: exact for samplers with replacement, by
                             simulation for others
  --ascii                    bars without Unicode (default: as LC_ALL, LC_CTYPE
                             or LANG say)
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
