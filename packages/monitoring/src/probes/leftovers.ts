import type { CallOptions, Cloud } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';
import {
  type ProbeLeftover,
  type Marked,
  type MarkedKind,
  type Owner,
  proveServer,
  proveVolume,
} from './marked.ts';
import { removeProven, type RemoveOptions } from './remove.ts';

/** Something that has a probe's name: with the proof that it is one's, or without. */
export interface Candidate {
  readonly kind: MarkedKind;
  readonly id: string;
  readonly name: string;
  readonly proof: Marked | string;
}

/**
 * What has a name of the mark in the own project. Other projects are never asked for, though an administrator could.
 *
 * @param name - only what has this name
 */
export async function candidates(
  cloud: Cloud,
  kind: MarkedKind,
  {
    owner,
    name,
    call,
  }: { readonly owner: Owner; readonly name?: string | undefined; readonly call: CallOptions },
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  const beginning = name ?? `${owner.mark}-`;
  const add = (id: string, has: string | null | undefined, proof: Marked | string): void => {
    if (has?.startsWith(beginning) === true) found.push({ kind, id, name: has, proof });
  };
  if (kind === 'server')
    for await (const server of cloud.compute.servers.list({ name: beginning }, call))
      add(server.id, server.name, proveServer(server, owner));
  else
    for await (const volume of cloud.blockStorage.volumes.list({}, call))
      add(volume.id, volume.name, proveVolume(volume, owner));
  return found;
}

/** Removes one thing. `undefined` when it is gone; what fails is told, never thrown. */
export async function tryRemove(
  cloud: Cloud,
  thing: { readonly kind: MarkedKind; readonly id: string; readonly name: string },
  owner: Owner,
  options: RemoveOptions,
): Promise<ProbeLeftover | undefined> {
  const because = await removeProven(cloud, thing, owner, options).catch((error: unknown) =>
    messageOf(error),
  );
  const { kind, id, name } = thing;
  return because === undefined ? undefined : { kind, id, name, because };
}
