import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  ed25519Signer,
  openTrail,
  sqliteStore,
  type Trail,
  type Verification,
} from '../../src/trail.ts';
import { genesis, hashOf, type Parts } from '../../src/trail/record.ts';
import { digestOf, signCheckpoint } from '../../src/trail/checkpoint.ts';
import { eventOf } from './events.ts';

const ours = generateKeyPairSync('ed25519');
const theirs = generateKeyPairSync('ed25519');
const keys = [createPublicKey(ours.privateKey)];
const KEY = 'a key that the store does not have';

interface Site {
  readonly trail: Trail;
  /** An attacker with write access to the file. */
  readonly attacker: DatabaseSync;
  readonly anchors: readonly Checkpoint[];
  readonly keyed: boolean;
}

/** A trail of 30 records, signed after the 10th and the 20th. */
async function attacked(
  attack: (site: Site) => Promise<void> | void,
  { keyed = false, signed = true } = {},
): Promise<(options?: { anchored?: boolean; trusting?: boolean }) => Promise<Verification>> {
  const path = await mkdtemp(join(tmpdir(), 'groundcrew-tamper-'));
  const open = (): Promise<Trail> =>
    openTrail({
      store: sqliteStore(join(path, 'trail.db')),
      signer: ed25519Signer(ours.privateKey),
      ...(keyed ? { key: KEY } : {}),
    });
  const trail = await open();
  const anchors: Checkpoint[] = [];
  for (let ten = 0; ten < 3; ten += 1) {
    await trail.append(
      Array.from({ length: 10 }, (_, index) =>
        eventOf(`${ten * 10 + index + 1}`, { who: { user_id: 'alice', address: '192.0.2.7' } }),
      ),
    );
    if (signed && ten < 2) anchors.push(...[await trail.checkpoint()].filter((entry) => entry !== undefined));
  }
  const attacker = new DatabaseSync(join(path, 'trail.db'));
  await attack({ trail, attacker, anchors, keyed });
  attacker.close();
  await trail.close();
  return async ({ anchored = false, trusting = false } = {}) => {
    await using again = await open();
    const result = await again.verify({
      ...(trusting ? {} : { keys }),
      ...(anchored ? { anchors } : {}),
    });
    await rm(path, { recursive: true, force: true });
    return result;
  };
}

interface Row {
  readonly seq: number;
  readonly recorded: number;
  readonly core: string;
  readonly parts: string;
  readonly hash: string;
}

const rowsOf = (attacker: DatabaseSync): Row[] =>
  attacker
    .prepare('SELECT seq, recorded, core, parts, hash FROM trail_record ORDER BY seq')
    .all()
    .map((row) => ({
      seq: Number(row['seq']),
      recorded: Number(row['recorded']),
      core: String(row['core']),
      parts: String(row['parts']),
      hash: String(row['hash']),
    }));

const seqs = fc.integer({ min: 1, max: 30 });

/** Makes all hashes from `from` on anew, as who knows the algorithm but not the key. */
function rechain(attacker: DatabaseSync, trailId: string, from: number, key?: Buffer): void {
  let previous = genesis(trailId).hash;
  for (const row of rowsOf(attacker)) {
    const hash =
      row.seq < from ? row.hash : hashOf({ ...row, parts: JSON.parse(row.parts) as Parts }, previous, key);
    attacker.prepare('UPDATE trail_record SET hash = ? WHERE seq = ?').run(hash, row.seq);
    previous = hash;
  }
}

const forge = (attacker: DatabaseSync, seq: number): void => {
  attacker
    .prepare(
      `UPDATE trail_record SET core = replace(core, '"success"', '"failure"'), outcome = 'failure' WHERE seq = ?`,
    )
    .run(seq);
};

describe('verify names the exact place', () => {
  test('nothing happened: nothing is found', async () => {
    const verify = await attacked(() => undefined);
    expect(await verify({ anchored: true })).toEqual({
      ok: true,
      records: 30,
      from: 1,
      signedTo: 20,
      redacted: 0,
    });
  });

  test.each(['core', 'parts', 'hash'] as const)('any character of any %s is flipped', async (column) => {
    await fc.assert(
      fc.asyncProperty(seqs, fc.nat(), async (seq, anywhere) => {
        const verify = await attacked(({ attacker }) => {
          const text = rowsOf(attacker)[seq - 1]?.[column] ?? '';
          const place = anywhere % text.length;
          const flipped = String.fromCharCode(text.charCodeAt(place) ^ 1);
          attacker
            .prepare(`UPDATE trail_record SET ${column} = ? WHERE seq = ?`)
            .run(text.slice(0, place) + flipped + text.slice(place + 1), seq);
        });
        expect(await verify()).toMatchObject({ ok: false, bad: { seq } });
      }),
      { numRuns: 25 },
    );
  });

  test('the time at which it was written down', async () => {
    const verify = await attacked(({ attacker }) => {
      attacker.exec('UPDATE trail_record SET recorded = recorded - 3600000 WHERE seq = 17');
    });
    expect(await verify()).toMatchObject({ ok: false, bad: { seq: 17, what: 'changed' } });
  });

  test.each(['user_id', 'target_id', 'at', 'action', 'address', 'id'])(
    'a column that searches go by: %s',
    async (column) => {
      const verify = await attacked(({ attacker }) => {
        attacker.exec(
          `UPDATE trail_record SET ${column} = ${column === 'at' ? '1' : "'mallory'"} WHERE seq = 5`,
        );
      });
      expect(await verify()).toMatchObject({ ok: false, bad: { seq: 5, what: 'found-by-false-columns' } });
    },
  );

  test('dropped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 29 }), async (seq) => {
        const verify = await attacked(({ attacker }) => {
          attacker.prepare('DELETE FROM trail_record WHERE seq = ?').run(seq);
        });
        const result = await verify();
        expect(result.ok).toBe(false);
        // Without its first record a trail looks like one that was retired, and nothing signed says so.
        expect(result.bad).toMatchObject(
          seq === 1 ? { seq: 2, what: 'retired-without-checkpoint' } : { seq, what: 'missing' },
        );
      }),
      { numRuns: 15 },
    );
  });

  test('dropped, and those behind it moved up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 29 }), async (seq) => {
        const verify = await attacked(({ attacker }) => {
          attacker.prepare('DELETE FROM trail_record WHERE seq = ?').run(seq);
          for (let next = seq + 1; next <= 30; next += 1)
            attacker.prepare('UPDATE trail_record SET seq = ? WHERE seq = ?').run(next - 1, next);
        });
        expect(await verify()).toMatchObject({ ok: false, bad: { seq, what: 'changed' } });
      }),
      { numRuns: 15 },
    );
  });

  test('inserted', async () => {
    await fc.assert(
      fc.asyncProperty(seqs, seqs, async (at, copied) => {
        const verify = await attacked(({ attacker }) => {
          const rows = rowsOf(attacker);
          for (let last = 30; last >= at; last -= 1)
            attacker.prepare('UPDATE trail_record SET seq = ? WHERE seq = ?').run(last + 1, last);
          const row = rows[copied - 1];
          attacker
            .prepare(
              `INSERT INTO trail_record SELECT ${at}, recorded, 'inserted', at, kind, action, outcome, service,
               target_type, target_id, user_id, user_name, project_id, address, core, parts, hash
               FROM trail_record WHERE hash = ?`,
            )
            .run(row?.hash ?? '');
        });
        const { ok, bad } = await verify();
        expect(ok).toBe(false);
        expect(bad?.seq).toBe(at === copied ? bad?.seq : at);
        expect([at, at + 1]).toContain(bad?.seq);
      }),
      { numRuns: 20 },
    );
  });

  test('two change places', async () => {
    await fc.assert(
      fc.asyncProperty(seqs, seqs, async (sample, other) => {
        fc.pre(sample !== other);
        const verify = await attacked(({ attacker }) => {
          const move = attacker.prepare('UPDATE trail_record SET seq = ? WHERE seq = ?');
          move.run(-1, sample);
          move.run(sample, other);
          move.run(other, -1);
        });
        expect(await verify()).toMatchObject({
          ok: false,
          bad: { seq: Math.min(sample, other), what: 'changed' },
        });
      }),
      { numRuns: 15 },
    );
  });

  test('the end is cut off: a checkpoint knows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 19 }), async (last) => {
        const verify = await attacked(({ attacker }) => {
          attacker.prepare('DELETE FROM trail_record WHERE seq > ?').run(last);
        });
        expect(await verify()).toMatchObject({ ok: false, bad: { seq: last + 1, what: 'cut-off' } });
      }),
      { numRuns: 10 },
    );
  });

  test('the end is cut off with its checkpoints: one that was kept elsewhere knows', async () => {
    const verify = await attacked(({ attacker }) => {
      attacker.exec('DELETE FROM trail_record WHERE seq > 12; DELETE FROM trail_checkpoint WHERE seq > 1');
    });
    expect(await verify({ anchored: true })).toMatchObject({ ok: false, bad: { seq: 13, what: 'cut-off' } });
  });

  test('what follows the last checkpoint is said not to be signed', async () => {
    const verify = await attacked(({ attacker }) => {
      attacker.exec('DELETE FROM trail_record WHERE seq > 25; DELETE FROM trail_request WHERE seq > 25');
    });
    expect(await verify()).toMatchObject({ ok: true, records: 25, signedTo: 20 });
  });

  test('all was made anew, without the key of the chain', async () => {
    await fc.assert(
      fc.asyncProperty(seqs, async (seq) => {
        const verify = await attacked(
          ({ attacker, trail }) => {
            forge(attacker, seq);
            rechain(attacker, trail.id, seq);
          },
          { keyed: true },
        );
        expect(await verify()).toMatchObject({ ok: false, bad: { seq, what: 'changed' } });
      }),
      { numRuns: 15 },
    );
  });

  test('all was made anew, in a chain without a key: the next checkpoint knows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (seq) => {
        const verify = await attacked(({ attacker, trail }) => {
          forge(attacker, seq);
          rechain(attacker, trail.id, seq);
        });
        expect(await verify()).toMatchObject({
          ok: false,
          bad: { seq: Math.ceil(seq / 10) * 10, what: 'remade' },
        });
      }),
      { numRuns: 10 },
    );
  });

  test('and signed anew, with a key of theirs', async () => {
    const verify = await attacked(async ({ attacker, trail, anchors }) => {
      forge(attacker, 3);
      rechain(attacker, trail.id, 3);
      attacker.exec('DELETE FROM trail_checkpoint');
      let before: Checkpoint | undefined;
      for (const { seq, at } of anchors) {
        const hash = rowsOf(attacker)[seq - 1]?.hash ?? '';
        before = await signCheckpoint(
          { trail: trail.id, seq, hash, at, previous: digestOf(before) },
          ed25519Signer(theirs.privateKey),
        );
        attacker.prepare('INSERT INTO trail_checkpoint (checkpoint) VALUES (?)').run(JSON.stringify(before));
      }
    });
    expect(await verify()).toMatchObject({ ok: false, bad: { seq: 10, what: 'remade' } });
  });

  test('a checkpoint is changed, or left out', async () => {
    const changed = await attacked(({ attacker }) => {
      attacker.exec(
        `UPDATE trail_checkpoint SET checkpoint = replace(checkpoint, '"seq":20', '"seq":21') WHERE seq = 2`,
      );
    });
    expect(await changed()).toMatchObject({ ok: false, bad: { seq: 21, what: 'remade' } });
    const left = await attacked(({ attacker }) => {
      attacker.exec('DELETE FROM trail_checkpoint WHERE seq = 1');
    });
    expect(await left()).toMatchObject({ ok: false, bad: { seq: 20, what: 'missing' } });
  });

  test('a part is taken out, and no redaction tells of it', async () => {
    await fc.assert(
      fc.asyncProperty(seqs, async (seq) => {
        const verify = await attacked(({ attacker }) => {
          const parts = JSON.parse(rowsOf(attacker)[seq - 1]?.parts ?? '{}') as Record<
            string,
            { commitment: string }
          >;
          const person = { commitment: parts['person']?.commitment };
          attacker
            .prepare('UPDATE trail_record SET parts = ?, user_id = NULL WHERE seq = ?')
            .run(JSON.stringify({ ...parts, person }), seq);
        });
        expect(await verify()).toMatchObject({ ok: false, bad: { seq, what: 'redacted-without-record' } });
      }),
      { numRuns: 10 },
    );
  });

  test('a redaction that tells of other parts does not cover it', async () => {
    const verify = await attacked(async ({ attacker, trail }) => {
      await trail.redact({
        where: { to: { id: 'rule-4' } },
        parts: ['place'],
        by: 'officer',
        reason: 'asked',
      });
      const parts = JSON.parse(rowsOf(attacker)[3]?.parts ?? '{}') as Record<string, { commitment: string }>;
      attacker
        .prepare('UPDATE trail_record SET parts = ?, user_id = NULL WHERE seq = 4')
        .run(JSON.stringify({ ...parts, person: { commitment: parts['person']?.commitment } }));
    });
    expect(await verify()).toMatchObject({
      ok: false,
      bad: { seq: 4, what: 'redacted-without-record', found: 'without person' },
    });
  });
});

describe('retention', () => {
  test('what is old goes, behind a signature, and the rest verifies', async () => {
    const verify = await attacked(async ({ trail }) => {
      const far = new Date(Date.now() + 60_000).toISOString();
      expect(await trail.retire({ before: '2020-01-01T00:00:00Z', by: 'me', reason: 'old' })).toBe(0);
      expect(await trail.retire({ before: far, by: 'retention', reason: 'one year is over' })).toBe(30);
      await trail.append([eventOf('later')]);
      expect(await trail.retire({ before: far, by: 'retention', reason: 'again' })).toBe(2);
    });
    expect(await verify({ anchored: true })).toMatchObject({ ok: true, records: 1, from: 33 });
  });

  test('a trail that is not what was written is evidence: nothing is removed', async () => {
    const verify = await attacked(async ({ trail, attacker }) => {
      forge(attacker, 7);
      const far = new Date(Date.now() + 60_000).toISOString();
      await expect(trail.retire({ before: far, by: 'me', reason: 'old' })).rejects.toMatchObject({
        code: 'trail.broken',
      });
    });
    expect(await verify()).toMatchObject({ ok: false, bad: { seq: 7 } });
  });
});
