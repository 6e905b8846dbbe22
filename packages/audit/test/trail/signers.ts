import { spawn } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { fileAnchors, openTrail, type TrailStore, type Verification } from '../../src/trail.ts';

/** A trail that several processes share. */
export interface SharedPlace {
  open(): TrailStore;
  /** The arguments with which another process opens it. */
  readonly args: readonly string[];
  /** A file for what is kept elsewhere, of each process. */
  anchorsOf(name: string): string;
}

const script = fileURLToPath(new URL('signer.ts', import.meta.url));

/** In which round the second process ends, and before which of its calls of the store. */
export type Death = `${number}:${number}`;

/**
 * Two processes write, sign, redact and retire `rounds` times each, while it is verified each time that one of them says that a
 * round is over. The second dies where it is told to, and another one goes on for it.
 */
export async function twoSigners(
  place: SharedPlace,
  rounds: number,
  deaths: readonly Death[] = [],
): Promise<{ readonly end: Verification; readonly verified: number }> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const keys = [createPublicKey(privateKey)];
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await using trail = await openTrail({ store: place.open() });
  let verified = 0;
  const work = async (name: string, from: number, dies: Death | undefined): Promise<number> => {
    const own = ['--name', name, '--from', String(from), '--rounds', String(rounds), `--pem=${pem}`];
    const end = dies === undefined ? [] : ['--dies', dies];
    const given = [...own, ...end, '--anchors', place.anchorsOf(name), ...place.args];
    const child = spawn(process.execPath, ['--conditions=@groundcrew/source', script, ...given], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    let next = from;
    for await (const line of createInterface(child.stdout)) {
      next = Number(line) + 1;
      const { bad } = await trail.verify({ keys });
      expect(bad, `after round ${line} of the ${name}`).toBeUndefined();
      verified += 1;
    }
    expect([name, ...(await ended)]).toEqual([name, ...(dies === undefined ? [0, null] : [null, 'SIGKILL'])]);
    return next;
  };
  const second = async (): Promise<void> => {
    let next = 0;
    for (const death of deaths) next = await work('second', next, death);
    await work('second', next, undefined);
  };
  await Promise.all([work('first', 0, undefined), second()]);
  const kept = ['first', 'second'].map((name) => fileAnchors(place.anchorsOf(name)).read());
  const anchors = (await Promise.all(kept)).flat();
  return { end: await trail.verify({ keys, anchors }), verified };
}
