import { ageOf, words } from './age.ts';
import type { BackupSnapshot, ServerImage, SourceServer } from './observe.ts';
import { isComplete, type Judgement, missing, seenIn, type Terms } from './verdict.ts';

/** A disk on the compute host: only an image made of the server holds a copy of it. */
export function judgeRootDisk(
  server: SourceServer,
  images: readonly ServerImage[] | undefined,
  { images: observed }: BackupSnapshot,
  { now, rpo }: Terms,
): Judgement {
  // `?? []`: no image names this server; whether all images were seen is said by `observed`.
  const all = images ?? [];
  // While a server is shelved, its disk *is* an image (`nova/compute/api.py` `shelve`): the thing, and no copy.
  const shelf = server.status.startsWith('SHELVED') ? all.filter(isShelf) : undefined;
  const made = shelf === undefined ? all : all.filter((image) => !isShelf(image));
  const why = (image: ServerImage) => whyUnsure(image, shelf !== undefined && shelf.length === 0);
  const doubts = made.flatMap((image) => why(image) ?? []);
  const newest = made
    .filter((image) => isCopy(image) && why(image) === undefined)
    .toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))[0];
  if (doubts.length > 0 && !isYoung(newest, now, rpo)) {
    const predicate = 'whether an image made of it is a copy of its root disk is not known';
    const because = [...doubts, predicate].map((statement) => seenIn(observed, statement));
    const remedy = 'Look at the image itself: openstack image show.';
    return { verdict: 'unknown', severity: 'medium', predicate, because, remedy, age: undefined };
  }
  if (newest === undefined) {
    const seen = isComplete(observed);
    const others = made.map(
      (image) => `image ${image.id} is ${image.status}${image.size === 0 ? ' and has no bytes' : ''}`,
    );
    const predicate = !seen
      ? 'no image of its root disk could be seen'
      : made.length === 0
        ? 'no image was made of its root disk'
        : 'no image that was made of it is a copy of its root disk';
    return {
      verdict: seen ? 'fail' : 'unknown',
      severity: 'high',
      predicate,
      because: [
        seenIn(observed, `its root disk is on the compute host; ${predicate}`),
        ...others.map((statement) => seenIn(observed, statement)),
        ...missing(observed),
      ],
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

/** `active` says that the bytes are there; of a server that was booted from a volume Nova makes an image of 0 bytes. */
const isCopy = ({ status, size }: ServerImage): boolean => status === 'active' && size !== 0;

const isYoung = (image: ServerImage | undefined, now: number, rpo: number): boolean => {
  const age = image === undefined ? undefined : ageOf(image.created_at, now);
  return age !== undefined && age <= rpo;
};

/**
 * The reason why it cannot be told whether an image is a copy; `undefined`: it is clear.
 *
 * @param isShelfAmong - one of them is the shelf, and which is not known: a server or an image was renamed since
 */
function whyUnsure(image: ServerImage, isShelfAmong: boolean): string | undefined {
  const { id, status, size, created_at } = image;
  if (!KNOWN.has(status)) return `image ${id} is \`${status}\`, which is no status that Glance gives`;
  // Its bytes are kept, and only an administrator gets at them (`glance/api/v2/image_actions.py`).
  if (status === 'deactivated')
    return `image ${id} is deactivated: its bytes are there and cannot be downloaded`;
  if (!isCopy(image)) return undefined;
  if (size === null || size === undefined) return `image ${id} is active without a size`;
  if (Number.isNaN(Date.parse(created_at))) return `when image ${id} was made is not told`;
  if (isShelfAmong) return `the server is shelved into an image, which may be ${id}: none has a shelf's name`;
  return undefined;
}

/** `glance/domain/__init__.py`, `Image.valid_state_targets`. */
const KNOWN = new Set([
  'queued',
  'saving',
  'uploading',
  'importing',
  'active',
  'deactivated',
  'killed',
  'pending_delete',
  'deleted',
]);

/** Nova calls it NAME-shelved, with the name that the server had then. */
const isShelf = ({ name }: ServerImage): boolean => name?.endsWith('-shelved') === true;
