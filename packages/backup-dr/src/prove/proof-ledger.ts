import { open, readFile } from 'node:fs/promises';
import { parseArguments } from '@groundcrew/ground';
import { z } from 'zod';

const Entry = z.looseObject({
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** The project's id, or the site of a control plane. */
  project: z.string().min(1),
  /** The recovery point. */
  point: z.string().min(1),
  kind: z.enum(['read-back', 'restored']),
  ok: z.boolean(),
  /** Milliseconds from the decision to the last probe that answered, of one that was restored. */
  rtoMs: z.number().min(0).optional(),
  /** In a sentence, of one that failed. */
  why: z.string().optional(),
});

/** One attempt to prove that a point can be restored. Members beyond these are kept, too. */
export type ProofEntry = Readonly<z.output<typeof Entry>>;

export interface ProofRecords {
  readonly entries: readonly ProofEntry[];
  /** Lines that could not be read; 1 is the first. */
  readonly unreadable: readonly number[];
}

export interface ProofLedger {
  /** Durable when it resolves. */
  append(entry: ProofEntry): Promise<void>;
  /** An absent file is an empty ledger. */
  read(): Promise<ProofRecords>;
}

/**
 * What was proven and when, as lines of JSON in a file that only grows. Whoever was killed while writing leaves half a line, which is
 * told as unreadable, and costs nothing else.
 *
 * @example
 * const ledger = proofLedger('/var/lib/groundcrew/proofs.jsonl');
 * await ledger.append({ at, project, point: point.id, kind: 'read-back', ok: proof !== undefined });
 */
export function proofLedger(path: string): ProofLedger {
  return {
    async append(entry) {
      const line = JSON.stringify(parseArguments('proofLedger.append', Entry, entry));
      const file = await open(path, 'a+', 0o600);
      try {
        // Behind half a line of somebody who died, a new one begins.
        const { size } = await file.stat();
        const last = Buffer.alloc(1);
        if (size > 0) await file.read(last, 0, 1, size - 1);
        const torn = size > 0 && last.toString('latin1') !== '\n';
        await file.appendFile(`${torn ? '\n' : ''}${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      return recordsIn(text);
    },
  };
}

function recordsIn(text: string): ProofRecords {
  const entries: ProofEntry[] = [];
  const unreadable: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = Entry.safeParse(jsonOf(line));
    if (parsed.success) entries.push(parsed.data);
    else unreadable.push(index + 1);
  }
  return { entries, unreadable };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
