/** The files of one log, the oldest first: `nova-api.log.2.gz`, `nova-api.log.1`, `nova-api.log`. */
export interface LogChain {
  /** The name without what rotation added. */
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * Puts rotated files together and in order. logrotate counts up (`.1` is the newest that was rotated) or writes the day
 * (`-20260101`, `dateext`).
 */
export function logChains(files: readonly string[]): LogChain[] {
  const chains = new Map<string, string[]>();
  for (const file of files) {
    const name = withoutRotation(file);
    const chain = chains.get(name);
    if (chain === undefined) chains.set(name, [file]);
    else chain.push(file);
  }
  return [...chains].map(([name, some]) => ({ name, files: some.toSorted(byAge) }));
}

const ROTATION =
  /(?:\.(?<count>\d{1,5})|[.-](?<day>\d{4}-?\d{2}-?\d{2}(?:[-_T.]?\d{2}[:_-]?\d{2}[:_-]?\d{0,2})?))?(?:\.(?:gz|zst))?$/;

const withoutRotation = (file: string): string => file.replace(ROTATION, '');

function byAge(a: string, b: string): number {
  const [first, second] = [ageOf(a), ageOf(b)];
  return (
    second.count - first.count || (first.day < second.day ? -1 : first.day > second.day ? 1 : a < b ? -1 : 1)
  );
}

/** What has neither is written to now: it comes last. */
function ageOf(file: string): { readonly count: number; readonly day: string } {
  const groups = ROTATION.exec(file)?.groups ?? {};
  return { count: Number(groups['count'] ?? 0), day: groups['day']?.replaceAll(/\D/g, '') ?? '\uFFFF' };
}
