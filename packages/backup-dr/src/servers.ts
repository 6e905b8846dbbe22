import type { Evidence } from '@groundcrew/runbook';
import { ageOf, words } from './age.ts';
import type { BackupSnapshot, Image, Server } from './observe.ts';
import { isComplete, type Judgement, missing, seenIn, type Terms } from './verdict.ts';

/** What servers are judged by: the volumes' judgements, images by the server that they were made of, flavors by id. */
export interface Index {
  readonly volumes: ReadonlyMap<string, Judgement>;
  readonly images: ReadonlyMap<string, readonly Image[]>;
  /** GiB of ephemeral disk by flavor. */
  readonly ephemeral: ReadonlyMap<string, number>;
}

export const indexOf = (snapshot: BackupSnapshot, volumes: ReadonlyMap<string, Judgement>): Index => ({
  volumes,
  images: Map.groupBy(snapshot.images.value.filter(isMadeOfServer), (one) => String(one.instance_uuid)),
  ephemeral: new Map(snapshot.flavors.value.map((one) => [one.id, one['OS-FLV-EXT-DATA:ephemeral']])),
});

const isMadeOfServer = (image: Image): boolean =>
  typeof image.instance_uuid === 'string' &&
  (image.image_type === 'snapshot' || image.image_type === 'backup');

/** What a server can be restored from: all of its disks, so the worst and the oldest of them counts. */
export function judgeServer(server: Server, index: Index, snapshot: BackupSnapshot, terms: Terms): Judgement {
  const disks = disksOf(server, index, snapshot, terms);
  const because = [...disks.flatMap((disk) => disk.because), ...ephemeralDisk(server, index, snapshot)];
  const failed = disks.filter((disk) => disk.verdict === 'fail');
  const unknown = disks.filter((disk) => disk.verdict === 'unknown');
  const bad = failed.length > 0 ? failed : unknown;
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
  return {
    verdict: 'pass',
    severity,
    predicate: `can be restored; its oldest part as it was ${words(age ?? 0)} ago`,
    because,
    remedy,
    age,
  };
}

function disksOf(server: Server, index: Index, snapshot: BackupSnapshot, terms: Terms): Judgement[] {
  const { servers } = snapshot;
  const attached = server['os-extended-volumes:volumes_attached'];
  // A server in a cell that is down is shown without most fields.
  if (server.image === undefined || attached === undefined)
    return [hidden('compute does not tell its disks', servers)];
  const disks = attached.map(({ id }) => ofVolume(id, index, snapshot));
  if (server.image !== '') return [ofRootDisk(server, index, snapshot, terms), ...disks];
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

function ofVolume(id: string, { volumes }: Index, snapshot: BackupSnapshot): Judgement {
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

/** A disk on the compute host: only an image made of the server holds a copy of it. */
function ofRootDisk(
  server: Server,
  { images }: Index,
  snapshot: BackupSnapshot,
  { now, rpo }: Terms,
): Judgement {
  const observed = snapshot.images;
  const newest = (images.get(server.id) ?? [])
    .filter((one) => one.status === 'active' && !isShelf(one, server))
    .toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))[0];
  if (newest === undefined) {
    const seen = isComplete(observed);
    const predicate = seen ? 'no image was made of its root disk' : 'no image of its root disk could be seen';
    return {
      verdict: seen ? 'fail' : 'unknown',
      severity: 'high',
      predicate,
      because: [seenIn(observed, `its root disk is on the compute host; ${predicate}`), ...missing(observed)],
      remedy: seen
        ? 'Make an image of it (openstack server image create), or boot it from a volume that is backed up.'
        : observed.gaps[0]?.remedy,
      age: undefined,
    };
  }
  const age = ageOf(newest.created_at, now);
  const predicate = `the newest image of its root disk is ${age === undefined ? 'of unknown age' : `${words(age)} old`}`;
  const because = [
    seenIn(observed, `image ${newest.id} of its root disk is active, made at ${newest.created_at}`),
  ];
  const common = { severity: 'medium', predicate, age } as const;
  if (age !== undefined && age <= rpo) return { ...common, verdict: 'pass', because, remedy: undefined };
  if (age === undefined || !isComplete(observed)) {
    return {
      ...common,
      verdict: 'unknown',
      because: [...because, ...missing(observed)],
      remedy: observed.gaps[0]?.remedy ?? 'Compare the clocks.',
    };
  }
  return { ...common, verdict: 'fail', because, remedy: 'Make images of it by a schedule.' };
}

/** While a server is shelved, its disk *is* that image (`nova/compute/api.py` `shelve`): the thing, and no copy. */
const isShelf = (image: Image, server: Server): boolean =>
  server.status.startsWith('SHELVED') && image.name === `${server.name}-shelved`;

/** What nothing copies: Nova images the root disk only. */
function ephemeralDisk({ flavor }: Server, { ephemeral }: Index, { flavors }: BackupSnapshot): Evidence[] {
  const size = flavor?.id === undefined ? undefined : ephemeral.get(flavor.id);
  if (size === 0) return [];
  const statement =
    size === undefined
      ? 'whether it has an ephemeral disk is not known: its flavor is not seen'
      : `its ephemeral disk of ${size} GiB is in no image and no backup: it cannot be restored`;
  return [seenIn(flavors, statement)];
}
