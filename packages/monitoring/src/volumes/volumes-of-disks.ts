import type { PrometheusSeries } from '../prometheus/answer.ts';

type Labels = PrometheusSeries['labels'];

/** The series that libvirt exporters have of a disk's labels: the one of kumina's descendants, and Tinkoff's. */
export const DISK_INFOS = ['libvirt_domain_block_meta', 'libvirt_domain_block_stats_info'];

/** A disk of one domain on one host, as one exporter tells of it. */
const diskOf = ({ job = '', instance = '', domain = '', target_device = '' }: Labels): string =>
  JSON.stringify([job, instance, domain, target_device]);

/** Finds the volume of a disk: by the labels of the series itself, as some exporters have them, or by those of its info. */
export class VolumesOfDisks {
  readonly #byDisk = new Map<string, string>();
  readonly #volumeOf: (nameId: string) => string | undefined;

  constructor(volumeOf: (nameId: string) => string | undefined) {
    this.#volumeOf = volumeOf;
  }

  add(labels: Labels): void {
    const volume = this.#namedBy(labels);
    if (volume !== undefined) this.#byDisk.set(diskOf(labels), volume);
  }

  of(labels: Labels): string | undefined {
    return this.#namedBy(labels) ?? this.#byDisk.get(diskOf(labels));
  }

  #namedBy({ serial = '', source_file = '' }: Labels): string | undefined {
    const name = ID.exec(serial)?.[0] ?? VOLUME_NAME.exec(source_file)?.[1];
    return name === undefined ? undefined : this.#volumeOf(name.toLowerCase());
  }
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VOLUME_NAME = /volume-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])/i;
