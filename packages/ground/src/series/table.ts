/**
 * Every release series of OpenStack, and the API versions by which it is recognised.
 *
 * Dates, status and SLURP are those of `openstack/releases` (`data/series_status.yaml`); API maxima were read from each
 * service's code at the last tag of its series, of Hibiscus from its state in development on 2026-08-21.
 */
export interface SeriesRow<Name extends string> {
  readonly name: Name;
  /** `2026.1`; of series before 2023.1, which had no number, the one that distributions use. */
  readonly number: string | undefined;
  /** ISO date. Of a series to come: planned. */
  readonly released: string;
  /** On the day of this table; `statusOn` tells it for another. */
  readonly status: SeriesStatus;
  readonly endOfLife: string | undefined;
  /** `true` if it may be upgraded from the SLURP before it directly; `undefined` before the arrangement (2023.1). */
  readonly slurp: boolean | undefined;
  /** The status that is planned to follow, and its day. */
  readonly next?: { readonly status: SeriesStatus; readonly from: string };
  /** The newest versions that the API of each service type can name. Glance has several: they depend on its configuration. */
  readonly api: Readonly<Partial<Record<DetectableService, readonly string[]>>>;
}

export type SeriesStatus = 'maintained' | 'unmaintained' | 'end of life' | 'development' | 'future';

/** Services whose API tells something of their release. */
export type DetectableService =
  | 'compute'
  | 'block-storage'
  | 'placement'
  | 'image'
  | 'identity'
  | 'shared-file-system'
  | 'baremetal'
  | 'load-balancer'
  | 'instance-ha';

/** The day of this knowledge: what came later is not in it. What was planned for an earlier day has happened. */
export const asOf = '2026-11-28';

/** The source from which a newer table is made. */
export const madeFrom = 'openstack/releases, data/series_status.yaml';

/** Oldest first; one a line, to be compared by columns. */
export const table = [
  { name: 'austin', number: undefined, released: '2010-10-21', status: 'end of life', endOfLife: undefined, slurp: undefined, api: {  } },
  { name: 'bexar', number: undefined, released: '2011-02-03', status: 'end of life', endOfLife: undefined, slurp: undefined, api: {  } },
  { name: 'cactus', number: undefined, released: '2011-04-15', status: 'end of life', endOfLife: undefined, slurp: undefined, api: {  } },
  { name: 'diablo', number: '2011.2', released: '2011-09-22', status: 'end of life', endOfLife: '2013-05-06', slurp: undefined, api: {  } },
  { name: 'essex', number: '2012.1', released: '2012-04-05', status: 'end of life', endOfLife: '2013-05-06', slurp: undefined, api: {  } },
  { name: 'folsom', number: '2012.2', released: '2012-09-27', status: 'end of life', endOfLife: '2013-11-19', slurp: undefined, api: { image: ['1.1', '2.0'] } },
  { name: 'grizzly', number: '2013.1', released: '2013-04-04', status: 'end of life', endOfLife: '2014-03-29', slurp: undefined, api: { identity: ['3.0'], image: ['1.1', '2.1'] } },
  { name: 'havana', number: '2013.2', released: '2013-10-17', status: 'end of life', endOfLife: '2014-09-30', slurp: undefined, api: { identity: ['3.0'], image: ['1.1', '2.2'] } },
  { name: 'icehouse', number: '2014.1', released: '2014-04-17', status: 'end of life', endOfLife: '2015-07-02', slurp: undefined, api: { identity: ['3.0'], image: ['1.1', '2.2'] } },
  { name: 'juno', number: '2014.2', released: '2014-10-16', status: 'end of life', endOfLife: '2015-12-07', slurp: undefined, api: { identity: ['3.0'], image: ['1.1', '2.2'] } },
  { name: 'kilo', number: '2015.1', released: '2015-04-30', status: 'end of life', endOfLife: '2016-05-02', slurp: undefined, api: { compute: ['2.3'], identity: ['3.4'], image: ['2.3'] } },
  { name: 'liberty', number: '2015.2', released: '2015-10-15', status: 'end of life', endOfLife: '2016-11-17', slurp: undefined, api: { compute: ['2.12'], identity: ['3.4'], 'shared-file-system': ['2.6'], baremetal: ['1.14'], image: ['2.3'] } },
  { name: 'mitaka', number: '2016.1', released: '2016-04-07', status: 'end of life', endOfLife: '2017-04-10', slurp: undefined, api: { compute: ['2.25'], 'block-storage': ['3.0'], identity: ['3.6'], 'shared-file-system': ['2.15'], baremetal: ['1.16'], image: ['2.3'] } },
  { name: 'newton', number: '2016.2', released: '2016-10-06', status: 'end of life', endOfLife: '2017-10-25', slurp: undefined, api: { compute: ['2.38'], 'block-storage': ['3.15'], placement: ['1.0'], identity: ['3.7'], 'shared-file-system': ['2.22'], baremetal: ['1.22'], 'instance-ha': ['1.0'], image: ['2.4'] } },
  { name: 'ocata', number: '2017.1', released: '2017-02-22', status: 'end of life', endOfLife: '2021-06-15', slurp: undefined, api: { compute: ['2.42'], 'block-storage': ['3.27'], placement: ['1.4'], identity: ['3.8'], 'shared-file-system': ['2.32'], baremetal: ['1.31'], 'load-balancer': ['2.0'], 'instance-ha': ['1.0'], image: ['2.5'] } },
  { name: 'pike', number: '2017.2', released: '2017-08-30', status: 'end of life', endOfLife: '2022-10-13', slurp: undefined, api: { compute: ['2.53'], 'block-storage': ['3.43'], placement: ['1.10'], identity: ['3.8'], 'shared-file-system': ['2.40'], baremetal: ['1.34'], 'load-balancer': ['2.0'], image: ['2.5'] } },
  { name: 'queens', number: '2018.1', released: '2018-02-28', status: 'end of life', endOfLife: '2023-01-18', slurp: undefined, api: { compute: ['2.60'], 'block-storage': ['3.50'], placement: ['1.17'], identity: ['3.10'], 'shared-file-system': ['2.42'], baremetal: ['1.38'], 'load-balancer': ['2.0'], image: ['2.6'] } },
  { name: 'rocky', number: '2018.2', released: '2018-08-30', status: 'end of life', endOfLife: '2023-08-16', slurp: undefined, api: { compute: ['2.65'], 'block-storage': ['3.55'], placement: ['1.29'], identity: ['3.11'], 'shared-file-system': ['2.46'], baremetal: ['1.46'], 'load-balancer': ['2.2'], 'instance-ha': ['1.0'], image: ['2.7'] } },
  { name: 'stein', number: '2019.1', released: '2019-04-10', status: 'end of life', endOfLife: '2024-01-04', slurp: undefined, api: { compute: ['2.72'], 'block-storage': ['3.59'], placement: ['1.31'], identity: ['3.12'], 'shared-file-system': ['2.49'], baremetal: ['1.56'], 'load-balancer': ['2.10'], 'instance-ha': ['1.1'], image: ['2.7'] } },
  { name: 'train', number: '2019.2', released: '2019-10-16', status: 'end of life', endOfLife: '2024-02-20', slurp: undefined, api: { compute: ['2.79'], 'block-storage': ['3.59'], placement: ['1.36'], identity: ['3.13'], 'shared-file-system': ['2.51'], baremetal: ['1.58'], 'load-balancer': ['2.13'], 'instance-ha': ['1.1'], image: ['2.9'] } },
  { name: 'ussuri', number: '2020.1', released: '2020-05-13', status: 'end of life', endOfLife: '2024-02-20', slurp: undefined, api: { compute: ['2.87'], 'block-storage': ['3.60'], placement: ['1.36'], identity: ['3.14'], 'shared-file-system': ['2.55'], baremetal: ['1.65'], 'load-balancer': ['2.16'], 'instance-ha': ['1.1'], image: ['2.9', '2.10'] } },
  { name: 'victoria', number: '2020.2', released: '2020-10-14', status: 'end of life', endOfLife: '2025-12-19', slurp: undefined, api: { compute: ['2.87'], 'block-storage': ['3.62'], placement: ['1.36'], identity: ['3.14'], 'shared-file-system': ['2.57'], baremetal: ['1.68'], 'load-balancer': ['2.23'], 'instance-ha': ['1.1'], image: ['2.9', '2.11'] } },
  { name: 'wallaby', number: '2021.1', released: '2021-04-14', status: 'end of life', endOfLife: '2025-12-19', slurp: undefined, api: { compute: ['2.88'], 'block-storage': ['3.64'], placement: ['1.36'], identity: ['3.14'], 'shared-file-system': ['2.63'], baremetal: ['1.72'], 'load-balancer': ['2.24'], 'instance-ha': ['1.2'], image: ['2.9', '2.12'] } },
  { name: 'xena', number: '2021.2', released: '2021-10-06', status: 'end of life', endOfLife: '2025-12-19', slurp: undefined, api: { compute: ['2.90'], 'block-storage': ['3.66'], placement: ['1.38'], identity: ['3.14'], 'shared-file-system': ['2.65'], baremetal: ['1.78'], 'load-balancer': ['2.24'], 'instance-ha': ['1.2'], image: ['2.9', '2.12'] } },
  { name: 'yoga', number: '2022.1', released: '2022-03-30', status: 'unmaintained', endOfLife: undefined, slurp: undefined, api: { compute: ['2.90'], 'block-storage': ['3.68'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.70'], baremetal: ['1.78'], 'load-balancer': ['2.25'], 'instance-ha': ['1.2'], image: ['2.15', '2.16'] } },
  { name: 'zed', number: '2022.2', released: '2022-10-05', status: 'unmaintained', endOfLife: undefined, slurp: undefined, api: { compute: ['2.93'], 'block-storage': ['3.70'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.73'], baremetal: ['1.80'], 'load-balancer': ['2.26'], 'instance-ha': ['1.2'], image: ['2.15', '2.16'] } },
  { name: 'antelope', number: '2023.1', released: '2023-03-22', status: 'unmaintained', endOfLife: undefined, slurp: true, api: { compute: ['2.95'], 'block-storage': ['3.70'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.78'], baremetal: ['1.82'], 'load-balancer': ['2.26'], 'instance-ha': ['1.3'], image: ['2.15', '2.16'] } },
  { name: 'bobcat', number: '2023.2', released: '2023-10-04', status: 'end of life', endOfLife: '2025-04-30', slurp: false, api: { compute: ['2.95'], 'block-storage': ['3.70'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.82'], baremetal: ['1.87'], 'load-balancer': ['2.27'], 'instance-ha': ['1.3'], image: ['2.15', '2.16'] } },
  { name: 'caracal', number: '2024.1', released: '2024-04-03', status: 'unmaintained', endOfLife: undefined, slurp: true, api: { compute: ['2.96'], 'block-storage': ['3.71'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.85'], baremetal: ['1.90'], 'load-balancer': ['2.28'], 'instance-ha': ['1.3'], image: ['2.15', '2.16'] } },
  { name: 'dalmatian', number: '2024.2', released: '2024-10-02', status: 'end of life', endOfLife: '2026-04-29', slurp: false, api: { compute: ['2.96'], 'block-storage': ['3.71'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.87'], baremetal: ['1.93'], 'load-balancer': ['2.28'], 'instance-ha': ['1.3'], image: ['2.17'] } },
  { name: 'epoxy', number: '2025.1', released: '2025-04-02', status: 'maintained', endOfLife: undefined, slurp: true, next: { status: 'unmaintained', from: '2026-10-02' }, api: { compute: ['2.100'], 'block-storage': ['3.71'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.89'], baremetal: ['1.96'], 'load-balancer': ['2.30'], 'instance-ha': ['1.3'], image: ['2.17'] } },
  { name: 'flamingo', number: '2025.2', released: '2025-10-01', status: 'maintained', endOfLife: undefined, slurp: false, next: { status: 'end of life', from: '2027-04-28' }, api: { compute: ['2.100'], 'block-storage': ['3.71'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.91'], baremetal: ['1.101'], 'load-balancer': ['2.30'], 'instance-ha': ['1.3'], image: ['2.17'] } },
  { name: 'gazpacho', number: '2026.1', released: '2026-04-01', status: 'maintained', endOfLife: undefined, slurp: true, next: { status: 'unmaintained', from: '2027-10-27' }, api: { compute: ['2.103'], 'block-storage': ['3.71'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.95'], baremetal: ['1.111'], 'load-balancer': ['2.30'], 'instance-ha': ['1.3'], image: ['2.17'] } },
  { name: 'hibiscus', number: '2026.2', released: '2026-09-30', status: 'development', endOfLife: undefined, slurp: false, next: { status: 'maintained', from: '2026-09-30' }, api: { compute: ['2.104'], 'block-storage': ['3.71'], placement: ['1.39'], identity: ['3.14'], 'shared-file-system': ['2.99'], baremetal: ['1.115'], 'load-balancer': ['2.30'], 'instance-ha': ['1.3'], image: ['2.18'] } },
  { name: 'indri', number: '2027.1', released: '2027-03-24', status: 'future', endOfLife: undefined, slurp: true, next: { status: 'development', from: '2026-10-01' }, api: {  } },
] as const satisfies readonly SeriesRow<string>[];

export type SeriesName = (typeof table)[number]['name'];
