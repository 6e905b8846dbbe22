import { createServer } from 'node:net';
import { Secret } from '@groundcrew/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { readGaleraNode } from '../../src/components/galera/read-galera-node.ts';
import { HISTORY } from './galera-nodes.ts';
import { type Paper, paperHost, type PaperProcess } from './paper-host.ts';

const DIRECTORY = '/var/lib/mysql';
const STATE = `version: 2.1\nuuid:    ${HISTORY}\nseqno:   -1\nsafe_to_bootstrap: 0\n`;
const RECOVERED = `[Note] WSREP: Recovered position: ${HISTORY}:42\n`;
const dead: Paper = { files: { 'grastate.dat': STATE, ibdata1: '' }, recovery: RECOVERED };
const server: PaperProcess = { pid: 7, program: 'mariadbd', command: ['/usr/sbin/mariadbd'] };

/** A port of this machine on which nobody listens. */
let port = 0;
beforeAll(async () => {
  const listening = createServer();
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  if (typeof address === 'object' && address !== null) ({ port } = address);
  await new Promise((resolve) => listening.close(resolve));
});

async function read(paper: Paper, options?: Parameters<typeof readGaleraNode>[1]) {
  const host = paperHost(DIRECTORY, paper);
  const sql = { host: '127.0.0.1', port, user: 'monitor', password: new Secret('x') };
  return { node: await readGaleraNode({ host, sql }, options), asked: host.asked };
}

test('a node that was killed: its position is recovered', async () => {
  const { node } = await read(dead);
  expect(node).toEqual({
    host: 'db-1',
    process: 'none',
    bootstrapping: false,
    joiner: false,
    donor: false,
    saved: { uuid: HISTORY, seqno: -1, safeToBootstrap: false },
    recovered: { uuid: HISTORY, seqno: 42 },
    view: 'none',
    live: 'none',
    gaps: [],
  });
});

test.each<[string, PaperProcess[], object]>([
  ['runs and does not answer', [server], { process: 'running', live: 'unknown', bootstrapping: false }],
  ['is stopped by a signal', [{ ...server, state: 'T' }], { process: 'frozen' }],
  [
    'was told to begin a cluster',
    [{ ...server, command: ['mariadbd', '--wsrep-new-cluster'] }],
    { bootstrapping: true },
  ],
  [
    'was told so in other words',
    [{ ...server, command: ['mariadbd', '--wsrep_cluster_address=gcomm://'] }],
    { bootstrapping: true },
  ],
  [
    'has a cluster to join',
    [{ ...server, command: ['mariadbd', '--wsrep_cluster_address=gcomm://a,b'] }],
    { bootstrapping: false },
  ],
  [
    'receives a state transfer',
    [
      server,
      {
        pid: 8,
        program: 'wsrep_sst_rsync',
        command: ['bash', '/usr/bin/wsrep_sst_rsync', '--role', 'joiner'],
      },
    ],
    { process: 'running', joiner: true, donor: false },
  ],
  [
    'has a state transfer without a server',
    [{ pid: 8, program: 'rsync', command: ['rsync', '--daemon'] }],
    { process: 'alone' },
  ],
  // Galera's own recovery, of a service that starts right now.
  [
    'is being recovered by somebody else',
    [{ ...server, command: ['mariadbd', '--wsrep_recover'] }],
    { process: 'alone' },
  ],
  ['has a person in its directory', [{ pid: 9, program: 'bash', command: ['-bash'] }], { process: 'none' }],
  ['has a server that nobody has waited for', [{ ...server, state: 'Z' }], { process: 'none' }],
  [
    'is a program with an odd name',
    [{ ...server, pid: 11, program: 'a) S 1 (b', command: ['x'] }],
    { process: 'none' },
  ],
])('a node that %s', async (_, processes, expected) => {
  const { node, asked } = await read({ ...dead, processes });
  expect(node).toMatchObject(expected);
  // Nothing is recovered beside a server, or somebody's work.
  expect(asked.some(([program]) => program === 'mariadbd')).toBe(node.process === 'none');
});

describe('what cannot be read is unknown, with the reason', () => {
  test.each<[string, Paper, object, RegExp]>([
    [
      'an unreachable machine',
      { ...dead, unreachable: true },
      { process: 'unknown', saved: 'unknown', recovered: 'unknown' },
      /No route/,
    ],
    ['without root', { ...dead, uid: 1000 }, { process: 'unknown', recovered: 'unknown' }, /only root/],
    [
      'a cut grastate.dat',
      { ...dead, files: { 'grastate.dat': STATE.slice(0, 40) } },
      { saved: 'unknown' },
      /grastate/,
    ],
    [
      'an empty grastate.dat',
      { ...dead, files: { 'grastate.dat': '' } },
      { saved: 'unknown' },
      /uuid is missing/,
    ],
    [
      'a grastate.dat behind a bad block',
      { ...dead, files: { 'grastate.dat': new Error('Input/output error') } },
      { saved: 'unknown' },
      /Input\/output/,
    ],
    [
      'binary rubbish',
      { ...dead, files: { 'grastate.dat': '\uFFFD\0\u0001'.repeat(99) } },
      { saved: 'unknown' },
      /uuid is missing/,
    ],
    [
      'a huge file',
      { ...dead, files: { 'grastate.dat': STATE.padEnd(70_000) } },
      { saved: 'unknown' },
      /70000 characters/,
    ],
    [
      'a recovery that fails',
      { ...dead, recovery: new Error('Unable to lock ./ibdata1') },
      { recovered: 'unknown' },
      /Unable to lock/,
    ],
    [
      'a recovery that tells nothing',
      { ...dead, recovery: 'WSREP: disabled, skipping position recovery' },
      { recovered: 'unknown' },
      /skipping/,
    ],
  ])('%s', async (_, paper, expected, why) => {
    const { node } = await read(paper);
    expect(node).toMatchObject(expected);
    expect(node.gaps.map((gap) => gap.why).join('\n')).toMatch(why);
  });
});

test('an empty directory has no position, and no recovery writes into it', async () => {
  const { node, asked } = await read({ ...dead, files: {} });
  expect(node).toMatchObject({ saved: 'none', recovered: 'none' });
  expect(asked.some(([program]) => program === 'mariadbd')).toBe(false);
});

test('without the recovery the position is unknown, not -1', async () => {
  const { node, asked } = await read(dead, { recover: false });
  expect(node.recovered).toBe('unknown');
  expect(asked.some(([program]) => program === 'mariadbd')).toBe(false);
});

test('an abort rejects with its reason', async () => {
  const reason = new Error('enough');
  await expect(read(dead, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('a relative directory is a mistake, and said so', async () => {
  const sql = { host: '127.0.0.1', port, user: 'monitor', password: new Secret('x') };
  const host = paperHost(DIRECTORY, dead);
  await expect(readGaleraNode({ host, sql, dataDirectory: 'mysql' })).rejects.toThrow(/absolute path/);
});
