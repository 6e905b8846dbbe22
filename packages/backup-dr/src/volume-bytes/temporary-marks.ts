/** The keys by which temporary things are found again, in the metadata of volumes and snapshots. */
export const RUN_KEY = 'groundcrew_run';
export const FOR_KEY = 'groundcrew_for';

/** The beginning of their names; images and snapshots of groups have nothing else. */
const NAME_BEGINNING = 'groundcrew-temporary-';

export const nameOf = (run: string, of: string): string => `${NAME_BEGINNING}${run}-${of}`;

interface Marked {
  readonly name?: unknown;
  readonly metadata?: unknown;
}

/** Whether a volume or a snapshot was made to be read from. A restored volume has a run's tag, too, and is not temporary. */
export const isTemporary = ({ name, metadata }: Marked): boolean =>
  typeof name === 'string' &&
  name.startsWith(NAME_BEGINNING) &&
  typeof metadata === 'object' &&
  metadata !== null &&
  FOR_KEY in metadata;

/** Whether an image is called as those that are made of temporary volumes: the name ends with a volume's id. It has no other mark. */
export const isTemporaryImage = ({ name }: Pick<Marked, 'name'>): boolean => isNamedFor(name);

/** Whether a snapshot of a group is called as those that are made to be read from: the name ends with the group's id. */
export const isTemporaryGroupSnapshot = ({ name }: Pick<Marked, 'name'>): boolean => isNamedFor(name);

const isNamedFor = (name: unknown): boolean =>
  typeof name === 'string' && name.startsWith(NAME_BEGINNING) && ENDS_WITH_ID.test(name);

const ENDS_WITH_ID = /-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
