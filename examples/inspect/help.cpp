#include <string>

#include "options.hpp"

namespace inspect {

std::string help() {
  return R"(inspect: how balanced are the batches of a labelled data set?

Shows what a training run would see: under plain shuffling, and with a sampler
of evendraw.

  inspect SOURCE [options]
  inspect --counts LABEL=COUNT ... [options]

SOURCE, one of
  a text file        one label per line; spaces around it do not count. A blank
                     line is an error, except at the end: every sample needs a
                     label
  a CSV file         with --column; separated by commas, quoted as in RFC 4180
  -                  standard input, as one of these files
  a directory        one folder per class, as for torchvision's ImageFolder;
                     each file below it is a sample, hidden files are not
A byte order mark and CRLF line ends are fine. Every sample must have a label.

  --counts LABEL=COUNT ...   no data: a made-up set with these counts, shuffled
  --column N|NAME            the column of the labels in a CSV file: a number,
                             the first is 1, or a name from the first line
  --header                   the first line has names, and is not a sample
                             (a NAME in --column says so by itself)

Samplers
  --sampler NAME             (default inverse_frequency), one of
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
    repeat_factor            every sample once, those of rare classes more often
    multinomial              samples by weights, 1 / class size for each: as
                             inverse_frequency, by another way
    weighted_without_replacement
                             by the same weights, no sample twice
    systematic               the same, every sample with a probability in exact
                             proportion to its weight
    random                   plain shuffling
    sequential               the samples in their order
  --target LABEL=SHARE ...   target_proportion, stratified_batch: the shares.
                             Classes that are not named divide what is left of
                             1 as in the data; 0 leaves a class out
  --limit LABEL=COUNT ...    balanced_epoch: the most draws of single classes in
                             an epoch; 0 leaves a class out (default: none)
  --per-class COUNT          balanced_epoch: draws of each class that has enough
                             (default: what the smallest class has)
  --max-repeats COUNT        balanced_epoch: how often a sample may come in an
                             epoch (default 1)
  --samples-per-class COUNT  pk_batch: of each class in a batch (default 4), of
                             as many classes as fit into --batch-size
  --threshold SHARE          repeat_factor: classes below this share of the data
                             are repeated (default: 1 / the number of classes)
  --epoch-size COUNT         draws in an epoch, not for repeat_factor and
                             sequential (default: the number of samples; half
                             of it for weighted_without_replacement and
                             systematic; for balanced_epoch see --per-class)
  --batch-size COUNT         (default 64)
  --epochs COUNT             (default 3)
  --seed NUMBER              (default 0)

Output
  --batches COUNT            how many of the first batches are shown as bars
                             (default 3)
  --rows COUNT               the most classes in a table: the largest and the
                             smallest (default 40)
  --svg DIRECTORY            also pictures: an SVG file for each, and index.html
                             with all of them, which needs no other file. The
                             classes in the first 12 batches; draws per sample;
                             samples seen by epoch; epochs until every sample
                             was seen, by simulation (1,000 runs, or fewer for
                             large data: about 200 million draws in all), and
                             the same for two classes of several proportions
  --ascii                    bars without Unicode (default: as LC_ALL, LC_CTYPE
                             or LANG say)
  --help                     this text

--option VALUE and --option=VALUE are the same. Several LABEL=VALUE may follow
one option. The exit status is 0, or 2 if something is wrong.

Examples
  inspect labels.txt
  inspect images/ --sampler balanced_epoch --epochs 10
  inspect data.csv --column 5 --batch-size 128
  inspect data.csv --column label --sampler target_proportion \
      --target cat=0.2 dog=0.8
  inspect data.csv --column 5 --svg pictures
  cut -f 2 data.tsv | inspect -
  inspect --counts dry=6200 wet=3500 ice=300 --sampler balanced_epoch \
      --epoch-size 3000 --limit dry=1000
)";
}

}  // namespace inspect
