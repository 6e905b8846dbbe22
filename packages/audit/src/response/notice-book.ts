import { createHash } from 'node:crypto';
import { open, readFile, truncate } from 'node:fs/promises';
import type { Finding } from '@groundcrew/runbook';
import { isExposure } from '../security-groups/exposure-finding.ts';

/** That somebody was told of something. */
export interface Notice {
  /** Of the finding: `noticeKey`. */
  readonly key: string;
  readonly channel: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Who was told of what, and when: deadlines count from it. */
export interface NoticeBook {
  /** All notices that count, the oldest first. */
  read(): Promise<readonly Notice[]>;
  /** Durable when it resolves; what a crash cut off is not noted, and told again. */
  note(notices: readonly Notice[]): Promise<void>;
  /** What was told of these is over: if it comes again, somebody is told again, and its deadline begins anew. */
  settle(keys: readonly string[], at: string): Promise<void>;
}

/**
 * What a notice is about: a rule, a thing, and what causes it. When the cause changes it is another matter, and a deadline
 * begins anew.
 */
export function noticeKey(finding: Finding): string {
  const cause = isExposure(finding) ? finding.cause.map((one) => one.rule_id).toSorted() : [];
  const text = JSON.stringify([finding.id, finding.subject.kind, finding.subject.id, cause]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/**
 * Keys of what was looked at and is good. What nobody could see, and what is not there any more, is not among them; nor
 * is an exposure whose cause changed, which has another key.
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

/** A line of the file: somebody was told, or it is over. */
type Line = Notice | { readonly key: string; readonly settled: string };

const inForce = (lines: readonly Line[]): Notice[] => {
  const over = new Map(lines.flatMap((line, at) => ('settled' in line ? [[line.key, at] as const] : [])));
  return lines.filter((line, at): line is Notice => !('settled' in line) && at > (over.get(line.key) ?? -1));
};

/** A file of JSON lines, flushed at each one; a last line that was torn by a crash is passed over. */
export function fileNotices(path: string): NoticeBook {
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
        throw error;
      });
      const lines = text.split('\n');
      return inForce(
        lines.flatMap((line, index) => {
          if (line === '') return [];
          const read = lineOf(line);
          if (read !== undefined) return [read];
          if (index === lines.length - 1) return [];
          throw new Error(`${path}:${index + 1}: is no notice`);
        }),
      );
    },
    note: (notices) => append(path, notices),
    settle: (keys, settled) =>
      append(
        path,
        keys.map((key) => ({ key, settled })),
      ),
  };
}

async function append(path: string, lines: readonly Line[]): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    // What a crash tore is no notice: whoever it was for is told again.
    if (size > 0 && last.toString() !== '\n') {
      const text = await file.readFile();
      await truncate(path, text.lastIndexOf(10) + 1);
    }
    await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

function lineOf(line: string): Line | undefined {
  try {
    const { key, channel, at, settled } = JSON.parse(line) as Partial<Record<string, unknown>>;
    if (typeof key !== 'string') return undefined;
    if (typeof settled === 'string') return { key, settled };
    return typeof channel === 'string' && typeof at === 'string' ? { key, channel, at } : undefined;
  } catch {
    return undefined;
  }
}
