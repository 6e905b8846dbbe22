import { anObjectWith, type Observed, optionsSchema, parseArguments } from '@groundcrew/ground';
import { asOf, type SeriesName } from '@groundcrew/ground/series';
import { z } from 'zod';
import { knownBreaks } from '../compatibility/known-breaks.ts';
import type { KnownBreak } from '../compatibility/known-break.ts';
import { serviceType } from '../compatibility/service-type.ts';
import type { DetectedRelease, ServiceRelease } from '../detect.ts';
import type { Hop } from '../path/plan-path.ts';
import { supportEndOf } from '../path/support-end.ts';
import { recipes } from '../run/recipes.ts';
import { orderOf, plannedUntil, series, statusOn } from '../series.ts';
import type {
  Dossier,
  DossierContact,
  DossierIssue,
  DossierPackage,
  DossierService,
  DossierSupport,
} from './dossier.ts';
import type { PackageOnHost } from './observe-packages.ts';
import { releasesBehind, seriesOfPackage, serviceOfPackage } from './series-of-package.ts';

export interface DossierInput {
  /** The time of it, ISO 8601: support ends by date. */
  readonly now: string;
  /** What `observePackages` read. @default nothing is known of packages */
  readonly packages?: Observed<readonly PackageOnHost[]> | undefined;
  /** What `detectRelease` found. @default nothing is known of APIs */
  readonly found?: DetectedRelease | undefined;
  /** The hop that is ahead, or under way: its known breaks are told. @default none */
  readonly hop?: Pick<Hop, 'from' | 'to'> | undefined;
  /** All releases of a project, of any series: `{ nova: ['31.0.0', '31.1.0', '32.0.0'] }`. @default how far packages are behind is not known */
  readonly releases?: { readonly [service: string]: readonly string[] } | undefined;
  /** @default none, which is told */
  readonly contacts?: readonly DossierContact[] | undefined;
  /** @default none */
  readonly issues?: readonly DossierIssue[] | undefined;
}

const names = z.array(z.string().min(1));
const dossierInput = optionsSchema<DossierInput>({
  now: z.iso.datetime(),
  packages: anObjectWith<NonNullable<DossierInput['packages']>>(
    'what observePackages returns',
    'value',
    'gaps',
  ).optional(),
  found: anObjectWith<DetectedRelease>('what detectRelease returns', 'verdict', 'services').optional(),
  hop: anObjectWith<NonNullable<DossierInput['hop']>>('a hop of planPath', 'from', 'to').optional(),
  releases: z
    .record(z.string(), z.array(z.string().regex(/^\d{1,4}(?:\.\d{1,6}){1,3}$/, 'must be a version: 31.0.1')))
    .optional(),
  contacts: z
    .array(
      z.strictObject({ name: z.string().min(1), reach: names.min(1), services: names.min(1).optional() }),
    )
    .optional(),
  issues: z
    .array(
      z.strictObject({ service: z.string().min(1), title: z.string().min(1), source: z.string().min(1) }),
    )
    .optional(),
});

/**
 * Puts together what whoever is called will ask: of each service its series and how long that is supported, the packages and how far
 * they are behind, what is known to break in the hop, and whom to call. Pure. What was not read is said so, service by service.
 *
 * Two hosts with packages of two series give a service two series: so is seen which host was left behind.
 *
 * @throws InputError naming the field
 * @example
 * const dossier = dossierOf({ now: new Date().toISOString(), packages: await observePackages(hosts), contacts });
 * console.log(dossierText(dossier));
 */
export function dossierOf(input: DossierInput): Dossier {
  parseArguments('dossierOf', dossierInput, input);
  const { now, packages, found, hop, issues = [], contacts = [] } = input;
  const services = new Set([
    ...(packages?.value ?? []).flatMap(({ name }) => serviceOfPackage(name) ?? []),
    ...(found?.services ?? []).map(({ service }) => projectOf(service)),
    ...issues.map(({ service }) => service),
  ]);
  const breaks = hop === undefined ? [] : knownBreaks(hop);
  const since = plannedUntil(now.slice(0, 10));
  return {
    at: now,
    services: [...services]
      .toSorted((a, b) => a.localeCompare(b))
      .map((service) => serviceIn(service, { ...input, breaks, isOld: since.length > 0 })),
    others: (packages?.value ?? []).filter(({ name }) => serviceOfPackage(name) === undefined),
    notKnown: [
      ...(packages === undefined ? ['No packages were read: which hosts run what is not known.'] : []),
      ...(packages?.gaps ?? []).map(({ what, why }) => `${what}: ${why}`),
      ...(found === undefined ? ['No API was asked.'] : []),
      ...(hop === undefined ? ['No hop was given, of which something could be known to break.'] : []),
      ...(contacts.length === 0 ? ['Nobody is named who could be called.'] : []),
      ...(since.length > 0
        ? [`The table of series is of ${asOf}; planned since then: ${since.join('; ')}.`]
        : []),
    ],
  };
}

/** Of services of which no breaks are known. */
const PROJECTS: Readonly<Record<string, string>> = {
  baremetal: 'ironic',
  'key-manager': 'barbican',
  'load-balancer': 'octavia',
  'object-store': 'swift',
  orchestration: 'heat',
};

/** The project of a service type: `nova` of `compute`. */
function projectOf(type: string): string {
  const known = serviceType(type);
  if (known === undefined) return PROJECTS[type] ?? type;
  return recipes.find(({ service }) => serviceType(service) === known)?.service ?? type;
}

interface Known extends DossierInput {
  readonly breaks: readonly KnownBreak[];
  /** Whether the table of series is older than what was planned. */
  readonly isOld: boolean;
}

function serviceIn(service: string, known: Known): DossierService {
  const { packages, found, releases = {}, contacts = [], issues = [], breaks, now, isOld } = known;
  const own = (packages?.value ?? [])
    .filter(({ name }) => serviceOfPackage(name) === service)
    .map((one): DossierPackage => ({
      ...one,
      series: seriesOfPackage(one.name, one.installed),
      behind:
        seriesOfPackage(one.name, one.installed) === undefined
          ? undefined
          : releasesBehind(one.installed, releases[service] ?? []),
    }));
  const api = found?.services.find((one) => projectOf(one.service) === service);
  const told = new Set(own.flatMap((one) => one.series ?? []));
  const serving = told.size > 0 ? [...told] : namesOf(api);
  const answering = contacts.filter((one) => one.services?.includes(service) ?? true);
  return {
    service,
    series: serving.toSorted((a, b) => orderOf(a) - orderOf(b)),
    support: serving
      .toSorted((a, b) => orderOf(a) - orderOf(b))
      .map((name) => supportOf(name, now.slice(0, 10), isOld)),
    packages: own,
    breaks: breaks.filter((one) => one.service === serviceType(service)),
    issues: issues.filter((one) => one.service === service),
    contacts: answering,
    notKnown: [
      ...(told.size > 0 ? [] : [api?.because ?? 'Neither a package nor its API tells its series.']),
      ...(told.size > 0 && releases[service] === undefined
        ? ['How far its packages are behind: its releases were not given.']
        : []),
      ...(answering.length === 0 && contacts.length > 0 ? ['None of the contacts answers for it.'] : []),
    ],
  };
}

const namesOf = (api: ServiceRelease | undefined): SeriesName[] =>
  api?.from === undefined || api.to === undefined
    ? []
    : series.slice(orderOf(api.from), orderOf(api.to) + 1).map(({ name }) => name);

function supportOf(name: SeriesName, day: string, isOld: boolean): DossierSupport {
  const row = series[orderOf(name)];
  if (row === undefined || isOld) return { series: name, status: 'unknown', until: undefined };
  return { series: name, status: statusOn(row, day), until: supportEndOf(row) };
}
