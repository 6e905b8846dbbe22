import type { Cloud } from '@groundcrew/core';
import { z } from 'zod';

/** Kinds of things that probes make. */
export type MarkedKind = 'server' | 'volume';

/** Something that a probe made, or may have made, and that is still there. */
export interface ProbeLeftover {
  readonly kind: MarkedKind;
  /** `undefined` if it is not known whether it was made at all. */
  readonly id: string | undefined;
  readonly name: string;
  /** The reason why it is still there. */
  readonly because: string;
}

/** The first part of the names of all that a probe makes; only what can stand in a name anywhere. */
export const aMark = z
  .string()
  .regex(/^[a-z][a-z0-9-]{2,39}$/, 'must be 3 to 40 of a-z, 0-9 and -, with a letter first');

const MARK = 'groundcrew:probe';
const RUN = 'groundcrew:probe-run';

export const nameOf = (mark: string, run: string): string => `${mark}-${run}`;

export const metadataOf = (mark: string, run: string): Record<string, string> => ({
  [MARK]: mark,
  [RUN]: run,
});

/** Whose things may be deleted. */
export interface Owner {
  readonly mark: string;
  /** The id of the project that the token is of. */
  readonly project: string;
}

declare const proven: unique symbol;

/** The proof that a probe of this mark made a thing in the own project. What deletes takes nothing else. */
export interface Marked {
  readonly kind: MarkedKind;
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970, by the cloud's clock. */
  readonly createdAt: number;
  /** Ids of servers, of a volume; null is a host. */
  readonly attachedTo: readonly (string | null)[];
  /** Whether somebody has asked for its deletion already. */
  readonly deleting: boolean;
  readonly [proven]: true;
}

interface Facts {
  readonly kind: MarkedKind;
  readonly id: string;
  readonly name: string | null | undefined;
  readonly project: string | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly created: string;
  readonly attachedTo: readonly (string | null)[];
  readonly deleting: boolean;
}

/**
 * The proof, or the reason why there is none. The name alone proves nothing, since names are anybody's to choose: the
 * metadata must say of which mark and run it is, the name must be exactly that run's, and the project the own one.
 */
function prove(facts: Facts, { mark, project }: Owner): Marked | string {
  const { kind, id, name, created, attachedTo, deleting } = facts;
  if (facts.project === undefined) return 'its project is not shown';
  if (facts.project !== project) return 'it is of another project';
  const { [MARK]: markThere, [RUN]: run = '' } = facts.metadata ?? {};
  if (markThere !== mark || run === '') return 'its metadata do not have the mark';
  if (name !== nameOf(mark, run)) return 'its name is not the one that the probe gave';
  const createdAt = Date.parse(created);
  if (Number.isNaN(createdAt)) return 'its age is not known';
  return { kind, id, name, createdAt, attachedTo, deleting } as unknown as Marked;
}

type Server = Awaited<ReturnType<Cloud['compute']['servers']['get']>>;
type Volume = Awaited<ReturnType<Cloud['blockStorage']['volumes']['get']>>;

export const proveServer = (server: Server, owner: Owner): Marked | string =>
  prove(
    {
      kind: 'server',
      id: server.id,
      name: server.name,
      project: server.tenant_id,
      metadata: server.metadata,
      created: server.created,
      attachedTo: [],
      // Nova takes a second request to delete, too.
      deleting: false,
    },
    owner,
  );

export const proveVolume = (volume: Volume, owner: Owner): Marked | string =>
  prove(
    {
      kind: 'volume',
      id: volume.id,
      name: volume.name,
      project: volume['os-vol-tenant-attr:tenant_id'],
      metadata: volume.metadata,
      created: volume.created_at,
      attachedTo: volume.attachments.map(({ server_id }) => server_id),
      deleting: volume.status === 'deleting',
    },
    owner,
  );
