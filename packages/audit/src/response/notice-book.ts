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
  /** All notices, the oldest first. */
  read(): Promise<readonly Notice[]>;
  /** On the disk when it resolves. */
  note(notice: Notice): Promise<void>;
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

export function memoryNotices(notices: readonly Notice[] = []): NoticeBook {
  const all = [...notices];
  return {
    read: () => Promise.resolve([...all]),
    note(notice) {
      all.push(notice);
      return Promise.resolve();
    },
  };
}

/** A file of JSON lines, flushed at each notice; a last line that was torn by a crash is passed over. */
export function fileNotices(path: string): NoticeBook {
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
        throw error;
      });
      const lines = text.split('\n');
      return lines.flatMap((line, index) => {
        if (line === '') return [];
        const notice = noticeIn(line);
        if (notice !== undefined) return [notice];
        if (index === lines.length - 1) return [];
        throw new Error(`${path}:${index + 1}: is no notice`);
      });
    },
    async note(notice) {
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
        await file.appendFile(`${JSON.stringify(notice)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

function noticeIn(line: string): Notice | undefined {
  try {
    const { key, channel, at } = JSON.parse(line) as Partial<Notice>;
    if (typeof key !== 'string' || typeof channel !== 'string' || typeof at !== 'string') return undefined;
    return { key, channel, at };
  } catch {
    return undefined;
  }
}
