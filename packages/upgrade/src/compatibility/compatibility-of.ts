import { counted, type Finding, parseArguments, worstFirst } from '@groundcrew/ground';
import type { Hop } from '../path/plan-path.ts';
import { compatibilityEvidence, type CompatibilityEvidence } from './evidence.ts';
import { judgeNames, type NamesSeen } from './judge-names.ts';
import { judgeOptions } from './judge-options.ts';
import { judgeRequests } from './judge-requests.ts';
import type { BreakSigns, KnownBreak } from './known-break.ts';
import { knownBreaks } from './known-breaks.ts';
import { lookedAt } from './looked-at.ts';

/**
 * Holds what a cloud and its clients use against what is known to break in a hop, and in each series that it passes over. Pure.
 *
 * A break that is met fails; one that hangs on what is not seen (a body, a substitution) is `unknown`; and of each kind one finding
 * says how many known breaks there are and in what they were looked for. That one is never a `pass`: the table of breaks is
 * not whole. Findings show no value of an option and no id of a path.
 *
 * @returns findings, worst first
 * @throws InputError naming the field; also if the hop goes backwards
 * @example
 * const { shapes } = requestShapes(log);
 * for (const { verdict, title, remedy } of compatibilityOf(hop, { requests: shapes })) console.log(verdict, title, remedy);
 */
export function compatibilityOf(hop: Pick<Hop, 'from' | 'to'>, given: CompatibilityEvidence = {}): Finding[] {
  parseArguments('compatibilityOf', compatibilityEvidence, given);
  const breaks = knownBreaks(hop);
  return worstFirst([
    ...ofRequests(hop, breaks, given),
    ...ofOptions(hop, breaks, given),
    ...namesOf(given).flatMap((seen) => ofNames(hop, breaks, seen)),
  ]);
}

const showing = (breaks: readonly KnownBreak[], ...signs: readonly (keyof BreakSigns)[]): KnownBreak[] =>
  breaks.filter((one) => signs.some((sign) => one.signs[sign] !== undefined));

const strangers = (strange: number): string =>
  strange === 0 ? '' : ` (${strange} of them of services of which no break is known here)`;

function ofRequests(
  hop: Pick<Hop, 'from' | 'to'>,
  breaks: readonly KnownBreak[],
  { requests }: CompatibilityEvidence,
): Finding[] {
  const judged = requests === undefined ? undefined : judgeRequests(hop, breaks, requests);
  return [
    ...(judged?.findings ?? []),
    lookedAt(hop, {
      kind: 'routes and API versions',
      known: showing(breaks, 'apiVersion', 'routes'),
      met: judged?.met,
      what:
        judged === undefined
          ? 'requests'
          : `${counted(judged.requests, 'request')}${strangers(judged.strange)}`,
      remedy: 'Give `requests`: `requestShapes` makes them of an access log.',
    }),
  ];
}

function ofOptions(
  hop: Pick<Hop, 'from' | 'to'>,
  breaks: readonly KnownBreak[],
  { options }: CompatibilityEvidence,
): Finding[] {
  const judged = options === undefined ? undefined : judgeOptions(breaks, options);
  return [
    ...(judged?.findings ?? []),
    lookedAt(hop, {
      kind: 'options and drivers',
      known: showing(breaks, 'options'),
      met: judged?.met,
      what:
        judged === undefined ? 'options' : `${counted(judged.options, 'option')}${strangers(judged.strange)}`,
      remedy: 'Give `options`: `readConfiguration` reads them.',
    }),
  ];
}

type Seen = Omit<NamesSeen, 'names'> & {
  readonly names: readonly string[] | undefined;
  readonly plural: string;
};

const namesOf = ({ extensions, inventory }: CompatibilityEvidence): readonly Seen[] => [
  {
    sign: 'extensions',
    kind: 'extension',
    plural: 'extensions',
    id: 'upgrade.compatibility-extension',
    source: 'network extensions',
    names: extensions,
  },
  {
    sign: 'hypervisorTypes',
    kind: 'hypervisor type',
    plural: 'hypervisor types',
    id: 'upgrade.compatibility-inventory',
    source: 'compute os-hypervisors',
    names: inventory?.hypervisorTypes,
  },
  {
    sign: 'agentTypes',
    kind: 'agent type',
    plural: 'agent types',
    id: 'upgrade.compatibility-inventory',
    source: 'network agents',
    names: inventory?.agentTypes,
  },
];

function ofNames(
  hop: Pick<Hop, 'from' | 'to'>,
  breaks: readonly KnownBreak[],
  { names, plural, ...seen }: Seen,
): Finding[] {
  const judged = names === undefined ? undefined : judgeNames(breaks, { ...seen, names });
  return [
    ...(judged?.findings ?? []),
    lookedAt(hop, {
      kind: plural,
      known: showing(breaks, seen.sign),
      met: judged?.met,
      what: names === undefined ? plural : counted(names.length, seen.kind),
      remedy: `Give the ${plural} that the cloud has.`,
    }),
  ];
}
