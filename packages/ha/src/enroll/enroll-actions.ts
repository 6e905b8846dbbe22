import { action } from '@groundcrew/runbook';
import * as z from 'zod';
import { inSeconds } from '../option-parts.ts';
import { argv, filePath, ipAddress, tcpPort, word } from './config-words.ts';

const Kind = z.enum(['haproxy', 'check', 'keepalived', 'settings']);
export type ConfigKind = z.output<typeof Kind>;

const NAMES: Readonly<Record<ConfigKind, string>> = {
  haproxy: "HAProxy's configuration",
  check: 'the script that asks HAProxy',
  keepalived: "keepalived's configuration",
  settings: 'the settings',
};

const Config = {
  host: word,
  kind: Kind,
  path: filePath,
  /** The data from which the file is rendered. */
  model: z.json(),
};

/** Puts a candidate beside the file, and lets the program itself say whether it would accept it. */
export const stageConfig = action({
  name: 'ha.stage-config',
  title: ({ host, kind }) => `Write a candidate of ${NAMES[kind]} on ${host}, and check it there`,
  input: z.strictObject({ ...Config, check: argv.optional() }),
  output: z.object({ candidate: filePath }),
  rollback: 'free',
});

/** Puts the candidate in the file's place, with a copy of what was there, and lets the program take it. */
export const activateConfig = action({
  name: 'ha.activate-config',
  title: ({ host, kind }) => `Activate ${NAMES[kind]} on ${host}`,
  input: z.strictObject({
    ...Config,
    /** Digest of the file when this was planned; `absent` if there was none. */
    before: z.string(),
    reload: argv.optional(),
    stop: argv.optional(),
    owner: z.string().optional(),
    /** Run again and again until it ends with 0: it works. */
    ready: argv.optional(),
    /** Backends whose servers must all be up before this counts as done. */
    expect: z
      .strictObject({
        socket: filePath,
        backends: z.array(z.strictObject({ backend: word, servers: z.array(word).min(1) })),
      })
      .optional(),
  }),
  output: z.object({ backup: filePath.nullable() }),
  rollback: 'free',
});

/** Waits until exactly one host has the address, and keeps it. */
export const confirmVip = action({
  name: 'ha.confirm-vip',
  title: ({ address, hosts }) => `See that exactly one of ${hosts.join(', ')} has ${address}`,
  input: z.strictObject({ address: ipAddress, hosts: z.array(word).min(1), port: tcpPort.optional() }),
  output: z.object({ owner: z.string() }),
  rollback: 'free',
});

/** Gives a server no new connections, and waits until those that it has are over. */
export const drainServer = action({
  name: 'ha.drain-server',
  title: ({ host, backend, server, drainMs }) =>
    `Drain ${server} of ${backend} on ${host}, for ${inSeconds(drainMs)} at most`,
  input: z.strictObject({
    host: word,
    socket: filePath,
    backend: word,
    server: word,
    /** The time that its last connections may take. */
    drainMs: z.int().min(1_000).max(86_400_000),
    /** The servers that stay, of which one must be up. */
    stay: z.array(word).min(1),
  }),
  output: z.object({ sessionsLeft: z.int() }),
  rollback: 'free',
});
