import type { Gap, Observed } from '@groundcrew/core';
import type { PrometheusSeries } from '../prometheus/answer.ts';
import type { Prometheus } from '../prometheus/prometheus.ts';
import type { VolumeIo, VolumeIoSource } from './volume-io.ts';
import { DISK_INFOS, VolumesOfDisks } from './volumes-of-disks.ts';

const FIGURES = {
  readBytes: 'libvirt_domain_block_stats_read_bytes_total',
  writtenBytes: 'libvirt_domain_block_stats_write_bytes_total',
  readRequests: 'libvirt_domain_block_stats_read_requests_total',
  writeRequests: 'libvirt_domain_block_stats_write_requests_total',
} as const;
type Figure = keyof typeof FIGURES;

/**
 * Reads what exporters of libvirt tell of disks from Prometheus. A disk is a volume's by its `serial`, which Nova sets to the
 * volume's id (nova/virt/libvirt/volume/volume.py), or by the path `volume-<id>` of its source (Cinder's `volume_name_template`).
 * Disks that are told of without either (images, ephemeral disks) are nobody's volume.
 *
 * The figures are `increase()` over the window: Prometheus extrapolates to its ends, and takes a counter that began anew into
 * account. A server that has moved is told of by two hosts, which are added; a host that two jobs scrape counts once. How much
 * of the window there are samples of is asked at 60 moments, at each of which Prometheus looks back for five minutes.
 */
export const libvirtIo = (prom: Prometheus): VolumeIoSource => ({
  name: prom.name,
  async readVolumeIo({ windowMs, volumeOf, signal }) {
    const reading = { signal };
    const seconds = Math.max(1, Math.ceil(windowMs / 1000));
    const window = `[${seconds}s]`;
    const [infos, lastWritten, moments, ...figures] = await Promise.all([
      prom.query(DISK_INFOS.map((name) => `last_over_time(${name}${window})`).join(' or '), reading),
      prom.query(lastWrittenIn(window), reading),
      prom.query(momentsIn(seconds), reading),
      ...Object.values(FIGURES).map((name) => prom.query(`increase(${name}${window})`, reading)),
    ]);
    const volumes = new VolumesOfDisks(volumeOf);
    for (const { labels } of infos.value) volumes.add(labels);
    const sums = new Map<string, Map<string, Sum>>();
    const sumOf = (labels: Labels): Sum | undefined => {
      const volume = volumes.of(labels);
      if (volume === undefined) return undefined;
      const jobs = entry(sums, volume, () => new Map<string, Sum>());
      const sum = entry(jobs, labels['job'] ?? '', () => new Sum());
      sum.disk(guestDiskOf(labels));
      return sum;
    };
    for (const [index, name] of (Object.keys(FIGURES) as Figure[]).entries())
      for (const { labels, value } of valuesOf(figures[index]))
        if (value >= 0) sumOf(labels)?.add(name, value);
    for (const { labels, value } of valuesOf(lastWritten)) sumOf(labels)?.written(value);
    for (const { labels, value } of valuesOf(moments))
      sums
        .get(volumes.of(labels) ?? '')
        ?.get(labels['job'] ?? '')
        ?.seenAt(guestDiskOf(labels), value);
    const answers = [infos, lastWritten, moments, ...figures];
    const shareSeen = (seen: number): number | undefined =>
      moments.completeness === 'complete' ? shareOf(seen, seconds) : undefined;
    return observed(
      prom.name,
      answers,
      new Map([...sums].map(([id, jobs]) => [id, mostOf([...jobs.values()]).io(shareSeen)])),
    );
  },
});

type Labels = PrometheusSeries['labels'];

/** The evaluation time of the newest of the window's steps in which writes were counted. */
const lastWrittenIn = (window: string): string =>
  `max_over_time(timestamp(increase(${FIGURES.writeRequests}[5m]) > 0)${window.replace(']', ':1m]')})`;

const MOMENTS = 60;
/** At how many moments of the window a disk has any of the figures. Fewer than 60 fit into a window of less than a minute. */
const momentsIn = (seconds: number): string =>
  `count_over_time((${Object.values(FIGURES).join(' or ')})[${seconds}s:${stepOf(seconds)}s])`;
const stepOf = (seconds: number): number => Math.ceil(seconds / MOMENTS);

/** The share of the window's moments. Prometheus puts them at multiples of the step, so that one may fall out at its edges. */
const shareOf = (moments: number, seconds: number): number => {
  const all = Math.floor(seconds / stepOf(seconds));
  return moments >= Math.max(1, all - 1) ? 1 : moments / all;
};

function observed(
  source: string,
  answers: readonly Observed<unknown>[],
  value: ReadonlyMap<string, VolumeIo>,
): Observed<ReadonlyMap<string, VolumeIo>> {
  const gaps: Gap[] = answers.flatMap((answer) => [...answer.gaps]);
  const [first] = answers;
  const at = first?.at ?? '';
  if (answers.every(({ completeness }) => completeness === 'complete'))
    return { value, at, source, completeness: 'complete', gaps };
  const isNothing = value.size === 0 && answers.every(({ completeness }) => completeness !== 'complete');
  return { value, at, source, completeness: isNothing ? (first?.completeness ?? 'failed') : 'partial', gaps };
}

const valuesOf = (
  answer: Observed<readonly PrometheusSeries[]> | undefined,
): { readonly labels: Labels; readonly value: number }[] =>
  (answer?.value ?? []).flatMap(({ labels, points: [point] }) =>
    point === undefined || !Number.isFinite(point.value) ? [] : [{ labels, value: point.value }],
  );

/** The same disk, whichever host it is on. */
const guestDiskOf = ({ domain = '', target_device = '' }: Labels): string =>
  JSON.stringify([domain, target_device]);

/** What one job tells of a volume. */
class Sum {
  /** At how many moments each disk was seen. */
  readonly #disks = new Map<string, number>();
  readonly #figures = new Map<Figure, number>();
  #lastWritten = -Infinity;

  add(name: Figure, value: number): void {
    this.#figures.set(name, (this.#figures.get(name) ?? 0) + value);
  }

  disk(name: string): void {
    if (!this.#disks.has(name)) this.#disks.set(name, 0);
  }

  /** A disk that two hosts tell of was on one after the other. */
  seenAt(disk: string, moments: number): void {
    const known = this.#disks.get(disk);
    if (known !== undefined) this.#disks.set(disk, known + moments);
  }

  written(at: number): void {
    this.#lastWritten = Math.max(this.#lastWritten, at);
  }

  get total(): number {
    return [...this.#figures.values()].reduce((sum, value) => sum + value, 0);
  }

  io(seenOf: (moments: number) => number | undefined): VolumeIo {
    const figure = (name: Figure): number | undefined => this.#figures.get(name);
    return {
      readBytes: figure('readBytes'),
      writtenBytes: figure('writtenBytes'),
      readRequests: figure('readRequests'),
      writeRequests: figure('writeRequests'),
      lastWrittenAt: timeOf(this.#lastWritten * 1000),
      disks: this.#disks.size,
      seen: seenOf(Math.min(...this.#disks.values())),
    };
  }
}

const timeOf = (ms: number): string | undefined => {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

/** Of a host that two jobs scrape each tells the same: the one that tells more has missed less. */
const mostOf = (sums: readonly Sum[]): Sum =>
  sums.reduce((most, sum) => (sum.total > most.total ? sum : most), sums[0] ?? new Sum());

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
