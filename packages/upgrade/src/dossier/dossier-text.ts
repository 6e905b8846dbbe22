import { counted, visible } from '@groundcrew/ground';
import { orderOf, series, title } from '../series.ts';
import type { SeriesName } from '@groundcrew/ground/series';
import type { Dossier, DossierPackage, DossierService } from './dossier.ts';
import type { PackageOnHost } from './observe-packages.ts';

/** A dossier as it is read on the phone: a part for each service, and what is not known at the end of each. */
export function dossierText({ at, services, others, notKnown }: Dossier): string {
  return [
    `Dossier of ${at}`,
    ...services.flatMap((one) => ['', ...linesOf(one)]),
    ...(others.length === 0 ? [] : ['', 'Carried by', ...groups(others).map((line) => `  ${line}`)]),
    ...(notKnown.length === 0 ? [] : ['', 'Not known:', ...notKnown.map((line) => `  ${line}`)]),
  ]
    .map((line) => visible(line))
    .join('\n');
}

function linesOf({
  service,
  support,
  packages,
  breaks,
  issues,
  contacts,
  notKnown,
}: DossierService): string[] {
  return [
    service,
    ...support.map(
      ({ series: name, status, until }) =>
        `  ${titleOf(name)}: ${status === 'unknown' ? 'whether it is supported is not known' : status}${until === undefined ? '' : `, until ${until}`}`,
    ),
    ...groups(packages).map((line) => `  ${line}`),
    ...breaks.map(({ id, outcome, remedy }) => `  breaks: ${id} ${outcome}. ${remedy}`),
    ...issues.map(({ title: what, source }) => `  known: ${what} (${source})`),
    ...contacts.map(({ name, reach }) => `  call: ${name}: ${reach.join(', ')}`),
    ...notKnown.map((line) => `  not known: ${line}`),
  ];
}

/** Packages of one version on all hosts that have it: a cloud of a thousand computes is one line. */
function groups(packages: readonly Shown[]): string[] {
  const hosts = new Map<string, string[]>();
  for (const one of packages) {
    const words = wordsOf(one);
    hosts.set(words, [...(hosts.get(words) ?? []), one.host]);
  }
  return [...hosts].map(
    ([words, on]) => `${words} on ${on.length > 5 ? counted(on.length, 'host') : on.join(', ')}`,
  );
}

type Shown = PackageOnHost & Partial<Pick<DossierPackage, 'behind'>>;

const wordsOf = ({ name, installed, candidate, behind }: Shown): string =>
  [
    `${name} ${installed}`,
    ...(candidate === undefined || candidate === installed ? [] : [`its sources have ${candidate}`]),
    ...(behind === undefined
      ? []
      : [behind === 0 ? 'the newest of its series' : `${counted(behind, 'release')} behind`]),
  ].join(', ');

function titleOf(name: SeriesName): string {
  const row = series[orderOf(name)];
  return row === undefined ? name : title(row);
}
