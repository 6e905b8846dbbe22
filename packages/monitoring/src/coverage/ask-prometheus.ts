import type { ReadOptions } from '@groundcrew/ground';
import type { Gap, Observed } from '@groundcrew/core';
import type { PrometheusSeries } from '../prometheus/answer.ts';
import type { Prometheus } from '../prometheus/prometheus.ts';
import { DISK_INFOS, VolumesOfDisks } from '../volumes/volumes-of-disks.ts';
import { answered, type Asking, type WayAnswer } from './asking.ts';
import { urlKey } from './endpoint-things.ts';
import { Sightings } from './seen.ts';
import { type CoverageThing, idKey } from './thing.ts';
import type { PrometheusWay } from './ways.ts';

/** How far back Prometheus is asked for series that are no longer fresh. */
const LOOK_BACK_S = 86_400;

/**
 * Asks Prometheus when each series had its newest sample. How old that is, is reckoned on Prometheus' own clock.
 *
 * A second question for a day back is asked only where a thing was not seen; if that one fails, it is not known since when.
 */
export async function askPrometheus(
  prom: Prometheus,
  asked: readonly Asking<PrometheusWay>[],
  { signal }: ReadOptions,
): Promise<readonly WayAnswer[]> {
  const read = { signal };
  const answers: WayAnswer[] = [];
  for (const asking of asked) {
    const { way, things, freshnessMs } = asking;
    const sightings = new Sightings(things);
    const window = Math.max(1, Math.ceil(freshnessMs / 1000));
    const infos = await infosFor(prom, way, window, read);
    const series = await prom.query(newestSamples(way, window, Math.min(60, Math.ceil(window / 3))), read);
    const owner = ownersIn(sightings, way, infos.value);
    take(sightings, series.value, owner, freshnessMs);
    if (sightings.missing.length > 0 && series.completeness === 'complete' && window < LOOK_BACK_S) {
      const back = await prom.query(newestSamples(way, LOOK_BACK_S, 300), read);
      take(sightings, back.value, owner, freshnessMs);
    }
    const gaps: readonly Gap[] = [...infos.gaps, ...series.gaps];
    answers.push(answered(asking, sightings.seen, { at: series.at, source: prom.name, gaps }));
  }
  return answers;
}

/** A target that Prometheus scrapes. */
export interface ScrapeTarget {
  readonly job: string;
  readonly instance: string;
}

/** The targets that did not answer Prometheus' last scrape. */
export async function readDownTargets(
  prom: Prometheus,
  { signal }: ReadOptions,
): Promise<Observed<readonly ScrapeTarget[]>> {
  const down = await prom.query('up == 0', { signal });
  const value = down.value.map(({ labels: { job = '', instance = '' } }) => ({ job, instance }));
  return { ...down, value };
}

/**
 * The time of the newest sample of each series: what it is now, or else at the steps of the window. A selector looks back 5 minutes
 * by itself, so that the result may be older than the window.
 */
function newestSamples({ series, labels }: PrometheusWay, window: number, step: number): string {
  const by = [...new Set(['job', 'instance', ...labels])].join(', ');
  const times = series.map((name) => `timestamp(${name})`).join(' or ');
  const now = `max by (${by}) (${times})`;
  return `${now} or max by (${by}) (max_over_time((${times})[${window}s:${step}s]))`;
}

/** What exporters of libvirt tell of their domains and disks in series of their own. */
async function infosFor(
  prom: Prometheus,
  { joins }: PrometheusWay,
  window: number,
  read: ReadOptions,
): Promise<Pick<Observed<readonly PrometheusSeries[]>, 'value' | 'gaps'>> {
  const names = joins === 'domain' ? DOMAIN_INFOS : joins === 'volume-disk' ? DISK_INFOS : [];
  if (names.length === 0) return { value: [], gaps: [] };
  // A domain that has left is looked for by its old name, so that it is known when its last sample came.
  return prom.query(
    names.map((name) => `last_over_time(${name}[${Math.max(window, 3600)}s])`).join(' or '),
    read,
  );
}

/** Tinkoff's, and inovex'. */
const DOMAIN_INFOS = ['libvirt_domain_info_meta', 'libvirt_domain_openstack_info'];

type Labels = PrometheusSeries['labels'];
type OwnerOf = (labels: Labels) => CoverageThing | undefined;

/** Finds the thing that a series is of. */
function ownersIn(sightings: Sightings, way: PrometheusWay, infos: readonly PrometheusSeries[]): OwnerOf {
  switch (way.joins) {
    case 'id':
      return (labels) => sightings.find(valuesOf(labels, way.labels).map(idKey));
    case 'disk':
      return (labels) => sightings.find(valuesOf(labels, way.labels).map((value) => `disk:${value}`));
    case 'host':
      return (labels) => sightings.find(valuesOf(labels, way.labels).map((value) => `host:${value}`));
    case 'url':
      return (labels) => sightings.find(valuesOf(labels, way.labels).flatMap((value) => urlKey(value) ?? []));
    case 'domain':
      return domainOwner(sightings, infos);
    case 'volume-disk': {
      const volumes = new VolumesOfDisks((id) => sightings.find([idKey(id)])?.id);
      for (const { labels } of infos) volumes.add(labels);
      return (labels) => {
        const id = volumes.of(labels);
        return id === undefined ? undefined : sightings.find([idKey(id)]);
      };
    }
  }
}

const valuesOf = (labels: Labels, names: readonly string[]): string[] =>
  names.flatMap((name) => labels[name] ?? []);

const domainOf = ({ job = '', instance = '', domain = '' }: Labels): string =>
  JSON.stringify([job, instance, domain]);

const idsOf = ({ uuid, instance_id, instanceId }: Labels): string[] =>
  [uuid, instance_id, instanceId].flatMap((id) => (id === undefined || id === '' ? [] : idKey(id)));

/**
 * A domain's server by an id in the labels of the series or of the exporter's info, or else by libvirt's name, which Nova tells
 * administrators. A name that two cells have given is nobody's, and then nothing can be said of those servers.
 */
function domainOwner(sightings: Sightings, infos: readonly PrometheusSeries[]): OwnerOf {
  const known = new Map<string, readonly string[]>();
  for (const { labels } of infos) {
    const ids = idsOf(labels);
    if (ids.length > 0) known.set(domainOf(labels), ids);
  }
  let isForeignSeen = false;
  return (labels) => {
    const ids = [...idsOf(labels), ...(known.get(domainOf(labels)) ?? [])];
    if (ids.length > 0) return sightings.find(ids);
    const key = `domain:${labels['domain'] ?? ''}`;
    const thing = sightings.find([key]);
    if (thing !== undefined) return thing;
    for (const sharing of sightings.sharing(key))
      sightings.untold(
        sharing,
        `two servers have libvirt's name ${labels['domain']}, and no series tells them apart`,
      );
    if (sightings.sharing(key).length === 0 && !isForeignSeen) {
      isForeignSeen = true;
      for (const nameless of sightings.missing)
        if (!nameless.keys.some((name) => name.startsWith('domain:')))
          sightings.untold(
            nameless,
            'series name servers as libvirt does, and Nova tells that name to administrators only',
          );
    }
    return undefined;
  };
}

function take(
  sightings: Sightings,
  series: readonly PrometheusSeries[],
  owner: OwnerOf,
  freshnessMs: number,
): void {
  for (const { labels, points } of series) {
    const [point] = points;
    if (point === undefined || !Number.isFinite(point.value)) continue;
    const thing = owner(labels);
    if (thing === undefined) continue;
    const at = point.value * 1000;
    const { domain = '', target_device = '' } = labels;
    // A server that has moved is told of by two hosts; its disk is one.
    const part = JSON.stringify([domain, target_device]);
    sightings.add(thing, part, { at, isFresh: point.at - at <= freshnessMs });
  }
}
