import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { type Checkpoint, ed25519Signer, openTrail, type Trail, type TrailStore } from '../../src/trail.ts';
import { eventOf } from '../trail/events.ts';

// What is tried on it is in `tamperings.ts`, with its sources.
const pair = generateKeyPairSync('ed25519');
export const keys = [createPublicKey(pair.privateKey)];

/** Opens a store's trail as its owner does. */
export const openSigned = (store: TrailStore, key?: string): Promise<Trail> =>
  openTrail({ store, signer: ed25519Signer(pair.privateKey), ...(key === undefined ? {} : { key }) });

/** 30 records, of which the 9th tells of three things; signed after the 10th and the 20th. What is kept elsewhere. */
export async function fill(trail: Trail): Promise<Checkpoint[]> {
  const anchors: Checkpoint[] = [];
  for (let ten = 0; ten < 3; ten += 1) {
    await trail.append(Array.from({ length: 10 }, (_, index) => numbered(ten * 10 + index + 1)));
    if (ten < 2) anchors.push(...[await trail.checkpoint()].filter((entry) => entry !== undefined));
  }
  return anchors;
}

const numbered = (number: number) =>
  number === 9
    ? eventOf('9', { target: { type: 'security_group_rule', ids: ['bulk-1', 'bulk-2', 'bulk-3'] } })
    : eventOf(String(number));
