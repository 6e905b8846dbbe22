import { type Evidence, finding, type Finding } from '@groundcrew/ground';
import { type BlindSpot, blindSpotOf } from './blind-spots.ts';
import { askedWords, judge, notAsked, SOURCE_WORDS, untoldBy } from './judge.ts';
import type { CloudCoverage, FigureCoverage } from './observe-coverage.ts';
import { settingWords } from './setting.ts';

/**
 * Judges what is measured, one finding `monitoring.blind-spot` for each figure: `fail` if the sources that were asked have answered,
 * and have nothing young enough of some things; `unknown` if a source did not tell, or none was asked; `pass` if each thing of a
 * list that was read to its end is measured by one of them.
 */
export const assessCoverage = (found: CloudCoverage): Finding[] =>
  found.figures.map((coverage) => {
    const spot = blindSpotOf(found, coverage);
    return spot === undefined ? withoutSpot(found, coverage) : failed(found, coverage, spot);
  });

const subjectOf = ({ figure }: FigureCoverage): Pick<Finding, 'id' | 'subject' | 'severity'> => ({
  id: 'monitoring.blind-spot',
  subject: { kind: 'figure', id: figure.id },
  severity: figure.severity,
});

function failed(found: CloudCoverage, coverage: FigureCoverage, spot: BlindSpot): Finding {
  const { things, of, because, opensWith, stale, completeness } = spot;
  const settings = opensWith.map(settingWords);
  const opens = `Opens with ${settings.length > 1 ? 'any of: ' : ''}${settings.join('; or ')}.`;
  return finding({
    ...subjectOf(coverage),
    verdict: 'fail',
    title: `${capital(spot.what)}: ${things.length} of ${of}${completeness === 'complete' ? '' : ' that were seen'} have no fresh value in ${askedWords(coverage.ways)}`,
    because: [...because, ...otherSources(found, coverage)],
    remedy:
      stale.length === 0
        ? opens
        : `${stale.length} of them had values before: look at what measured them, and at what writes its values. ${opens}`,
  });
}

function withoutSpot(found: CloudCoverage, coverage: FigureCoverage): Finding {
  const { figure, things, ways } = coverage;
  const { covered, unknown, young } = judge(found, coverage);
  const what = capital(figure.what);
  const { at, source } = things;
  const list = things.gaps.map((gap) => ({ statement: gap.why, source: gap.what, at }));
  const isWhole = things.completeness === 'complete';
  if (unknown.length > 0 || (isWhole ? false : things.value.length === 0)) {
    const why = [...untoldBy(ways, unknown), ...otherSources(found, coverage), ...(isWhole ? [] : list)];
    return finding({
      ...subjectOf(coverage),
      verdict: 'unknown',
      title:
        things.value.length === 0
          ? `${what}: which there are to measure could not be seen`
          : `${what}: whether ${unknown.length} of ${things.value.length} are measured is not known`,
      because: why.length > 0 ? why : [{ statement: 'no source was asked that could have it', source, at }],
      remedy:
        [...ways.flatMap(({ seen }) => seen.gaps), ...things.gaps].find(({ remedy }) => remedy !== undefined)
          ?.remedy ??
        (notAsked(found, coverage).length > 0
          ? `Give observeCoverage ${notAsked(found, coverage).join(' or ')}.`
          : undefined),
    });
  }
  const measured: Evidence[] = [
    {
      statement:
        things.value.length === 0
          ? 'the list was read to its end, and is empty'
          : `${covered.length} of ${things.value.length} have a value that is young enough${young.length === 0 ? '' : `; ${young.length} are younger than a value may be old`}`,
      source: covered.length === 0 ? source : askedWords(ways),
      at: found.at,
    },
  ];
  return finding({
    ...subjectOf(coverage),
    verdict: isWhole ? 'pass' : 'unknown',
    title:
      things.value.length === 0
        ? `${what}: there are none to measure`
        : `${what}: measured of all${isWhole ? '' : ' that were seen; there may be more'}`,
    because: isWhole ? measured : [...measured, ...list],
    remedy: isWhole ? undefined : things.gaps[0]?.remedy,
  });
}

/** Sources that might say something else: they were not asked, or the catalogue has none of them. */
const otherSources = (found: CloudCoverage, coverage: FigureCoverage): Evidence[] =>
  notAsked(found, coverage).map((source) => ({
    statement: `${SOURCE_WORDS[source]} might have it, and ${source === 'notifications' ? 'were' : 'was'} not asked`,
    source: 'options of observeCoverage',
    at: found.at,
  }));

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
