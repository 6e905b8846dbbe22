import type { Evidence } from '@groundcrew/ground';
import { words } from './age.ts';
import type { BackupSnapshot, ServerImage, SourceServer } from './observe.ts';
import { judgeRootDisk } from './root-disk.ts';
import { type Judgement, missing, seenIn, type Terms } from './verdict.ts';

/**
 * The data by which servers are judged: the volumes' judgements, images by the server that they were made of, flavors by id.
 */
export interface Index {
  readonly volumes: ReadonlyMap<string, Judgement>;
  readonly images: ReadonlyMap<string, readonly ServerImage[]>;
  /** GiB of ephemeral disk by flavor. */
  readonly ephemeral: ReadonlyMap<string, number>;
}

export const indexOf = (snapshot: BackupSnapshot, volumes: ReadonlyMap<string, Judgement>): Index => ({
  volumes,
  images: Map.groupBy(snapshot.images.value.filter(isMadeOfServer), (image) => String(image.instance_uuid)),
  ephemeral: new Map(
    snapshot.flavors.value.map((flavor) => [flavor.id, flavor['OS-FLV-EXT-DATA:ephemeral']]),
  ),
});

/** Properties, of which Glance has no empty ones: whoever may read images sees all, but for protected ones (`property_protection_file`). */
const isMadeOfServer = (image: ServerImage): boolean =>
  typeof image.instance_uuid === 'string' &&
  (image.image_type === 'snapshot' || image.image_type === 'backup');

/** Judges the copies of a server: all of its disks are needed, so the worst and the oldest of their copies counts. */
export function judgeServer(
  server: SourceServer,
  index: Index,
  snapshot: BackupSnapshot,
  terms: Terms,
): Judgement {
  const disks = disksOf(server, index, snapshot, terms);
  const ephemeral = ephemeralDisk(server, index, snapshot);
  const because = [...disks.flatMap((disk) => disk.because), ...ephemeral.because];
  const failed = disks.filter((disk) => disk.verdict === 'fail');
  const unknown = disks.filter((disk) => disk.verdict === 'unknown');
  const bad = failed.length > 0 ? failed : unknown;
  // A disk without an age leaves the server without one.
  const ages = disks.flatMap((disk) => disk.age ?? []);
  const age = ages.length === disks.length && ages.length > 0 ? Math.max(...ages) : undefined;
  const remedy = bad[0]?.remedy;
  const severity = bad.length === 0 || bad.some((disk) => disk.severity === 'high') ? 'high' : 'medium';
  const predicates = bad.map((disk) => disk.predicate).join('; ');
  if (failed.length > 0) {
    const predicate =
      severity === 'high'
        ? `cannot be restored: ${predicates}`
        : `can be restored only from old copies: ${predicates}`;
    return { verdict: 'fail', severity, predicate, because, remedy, age };
  }
  if (unknown.length > 0 || disks.length === 0) {
    return {
      verdict: 'unknown',
      severity,
      predicate: `may not be restorable: ${predicates}`,
      because,
      remedy,
      age,
    };
  }
  if (age === undefined || ephemeral.size === undefined) {
    const predicate = 'may not be restorable as a whole: whether it has an ephemeral disk is not known';
    const look =
      'Look at its flavor: openstack server show, with microversion 2.47 or newer if the flavor is gone.';
    return { verdict: 'unknown', severity: 'medium', predicate, because, remedy: look, age };
  }
  const but = ephemeral.size === 0 ? '' : ' but for its ephemeral disk';
  return {
    verdict: 'pass',
    severity,
    predicate: `can be restored${but}; its oldest part as it was ${words(age)} ago`,
    because,
    remedy,
    age,
  };
}

function disksOf(server: SourceServer, index: Index, snapshot: BackupSnapshot, terms: Terms): Judgement[] {
  const { servers } = snapshot;
  const attached = server['os-extended-volumes:volumes_attached'];
  // A server in a cell that is down is shown without most fields.
  if (server.image === undefined || attached === undefined)
    return [hidden('compute does not tell its disks', servers)];
  const disks = attached.map(({ id }) => judgeAttachedVolume(id, index, snapshot));
  if (server.image !== '')
    return [judgeRootDisk(server, index.images.get(server.id), snapshot, terms), ...disks];
  return disks.length > 0 ? disks : [hidden('it was booted from a volume, and none is attached', servers)];
}

const hidden = (predicate: string, servers: BackupSnapshot['servers']): Judgement => ({
  verdict: 'unknown',
  severity: 'high',
  predicate,
  because: [seenIn(servers, predicate)],
  remedy: 'Look at the server itself.',
  age: undefined,
});

function judgeAttachedVolume(id: string, { volumes }: Index, snapshot: BackupSnapshot): Judgement {
  const judged = volumes.get(id);
  if (judged === undefined) {
    const predicate = `volume ${id} is attached and could not be seen`;
    const because = [seenIn(snapshot.volumes, `${predicate} in block storage`), ...missing(snapshot.volumes)];
    const remedy =
      snapshot.volumes.gaps[0]?.remedy ?? 'If it is no longer there, detach it; if it is new, ask again.';
    return { verdict: 'unknown', severity: 'high', predicate, because, remedy, age: undefined };
  }
  const predicate = `volume ${id} ${judged.predicate}`;
  return { ...judged, predicate, because: [seenIn(snapshot.backups, predicate)] };
}

/** The ephemeral disk, which nothing copies: Nova makes images of root disks only. Without the flavor, `size` is not known. */
function ephemeralDisk(
  { flavor }: SourceServer,
  { ephemeral }: Index,
  { flavors }: BackupSnapshot,
): { readonly size: number | undefined; readonly because: readonly Evidence[] } {
  const size = flavor?.id === undefined ? undefined : ephemeral.get(flavor.id);
  if (size === 0) return { size, because: [] };
  const statement =
    size === undefined
      ? 'whether it has an ephemeral disk is not known: its flavor is not seen'
      : `its ephemeral disk of ${size} GiB is in no image and no backup: it cannot be restored`;
  return { size, because: [seenIn(flavors, statement)] };
}
