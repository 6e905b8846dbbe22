import { createHash } from 'node:crypto';
import { anObjectWith, type Finding } from '@groundcrew/ground';
import { z } from 'zod';
import { appendLines, readLines } from '../json-lines.ts';
import { isExposure } from '../security-groups/findings/exposure-finding.ts';

/** A notice that was sent to a channel. */
export interface Notice {
  /** The key of the finding: `noticeKey`. */
  readonly key: string;
  readonly channel: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The record of the notices that were sent, and when: deadlines count from it. */
export interface NoticeBook {
  /** All notices that count, the oldest first. */
  read(): Promise<readonly Notice[]>;
  /** Durable when it resolves; what a crash cut off is not noted, and told again. */
  note(notices: readonly Notice[]): Promise<void>;
  /** Ends the notices of these findings: if one comes again, it is told again, and its deadline begins anew. */
  settle(keys: readonly string[], at: string): Promise<void>;
}

export const aNoticeBook = anObjectWith<NoticeBook>('a book of notices', 'read', 'note', 'settle');

/**
 * The key of a finding in the book of notices: made of its rule, its subject and its cause. When the cause changes it
 * is another matter, and a deadline begins anew.
 */
export function noticeKey(finding: Finding): string {
  const kept = known.get(finding);
  if (kept !== undefined) return kept;
  const cause = isExposure(finding) ? finding.cause.map((rule) => rule.rule_id).toSorted() : [];
  const text = JSON.stringify([finding.id, finding.subject.kind, finding.subject.id, cause]);
  const key = createHash('sha256').update(text).digest('hex').slice(0, 32);
  known.set(finding, key);
  return key;
}

/** A controller asks for the same findings several times a round, and a cloud has tens of thousands. */
const known = new WeakMap<Finding, string>();

/**
 * The keys of findings that were judged good. Those that nobody could see, and those whose subject is gone, are not
 * among them; nor is an exposure whose cause changed, which has another key.
 */
export function settledKeys(findings: readonly Finding[]): ReadonlySet<string> {
  const good = new Set<string>();
  const other = new Set<string>();
  for (const finding of findings)
    (finding.verdict === 'pass' || finding.verdict === 'exempt' ? good : other).add(noticeKey(finding));
  return new Set([...good].filter((key) => !other.has(key)));
}

/**
 * Ends what was told of things that are good now. Call it with each look, before `decideResponses`: otherwise what was
 * told of in spring, and mended, has no notice and no time when it goes wrong in autumn.
 *
 * @returns the notices that count
 */
export async function settleNotices(
  notices: NoticeBook,
  findings: readonly Finding[],
  now: number,
): Promise<readonly Notice[]> {
  const told = await notices.read();
  const good = settledKeys(findings);
  const settled = new Set(told.map(({ key }) => key).filter((key) => good.has(key)));
  if (settled.size === 0) return told;
  await notices.settle([...settled], new Date(now).toISOString());
  return told.filter(({ key }) => !settled.has(key));
}

export function memoryNotices(notices: readonly Notice[] = []): NoticeBook {
  let all = [...notices];
  return {
    read: async () => [...all],
    note: async (more) => {
      all = [...all, ...more];
    },
    settle: async (keys) => {
      const settled = new Set(keys);
      all = all.filter(({ key }) => !settled.has(key));
    },
  };
}

const noticeLine = z.union([
  z.object({ key: z.string(), channel: z.string(), at: z.string() }),
  /** The finding that was told is over. */
  z.object({ key: z.string(), settled: z.string() }),
]);
type Line = z.infer<typeof noticeLine>;

const inForce = (lines: readonly Line[]): Notice[] => {
  const over = new Map(lines.flatMap((line, at) => ('settled' in line ? [[line.key, at] as const] : [])));
  return lines.filter((line, at): line is Notice => !('settled' in line) && at > (over.get(line.key) ?? -1));
};

/** A file of JSON lines, flushed at each write; a last line that was torn by a crash is passed over. */
export const fileNotices = (path: string): NoticeBook => ({
  read: async () => inForce(await readLines(path, 'notice', (value) => noticeLine.parse(value))),
  note: (notices) => appendLines(path, notices),
  settle: (keys, settled) =>
    appendLines(
      path,
      keys.map((key) => ({ key, settled })),
    ),
});
