import { visible } from '@groundcrew/ground';
import { rangeTitle } from '../detect.ts';
import type { Fleet, FleetCloud } from './survey-fleet.ts';

/** A fleet as a table: who runs what, whether it is supported, and what was not seen. */
export function fleetText({ clouds, day }: Fleet): string {
  const rows = clouds.map((cloud) => [cloud.name, releaseOf(cloud), supportOf(cloud), notSeen(cloud)]);
  const all = [['cloud', 'release', `support on ${day}`, 'not seen'], ...rows].map((row) =>
    row.map((cell) => visible(cell)),
  );
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function releaseOf({ release }: FleetCloud): string {
  switch (release.verdict) {
    case 'uniform':
      return rangeTitle(release.candidates[0], release.candidates.at(-1));
    case 'mixed':
    case 'newer':
    case 'unknown':
      return release.verdict;
  }
}

const supportOf = ({ findings }: FleetCloud): string =>
  findings.find(({ id }) => id === 'upgrade.supported')?.verdict ?? 'unknown';

/** The first gap in words, and how many more there are. */
function notSeen({ observed }: FleetCloud): string {
  const [first, ...more] = observed.gaps;
  if (first === undefined) return '';
  return `${first.what}: ${first.why}${more.length === 0 ? '' : `, and ${more.length} more`}`;
}
