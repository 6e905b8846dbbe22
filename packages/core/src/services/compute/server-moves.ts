import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { answer, args, changes, since, until } from '../../record/shape.ts';
import { EmptyAnswer } from './empty-answer.ts';
import { DiskConfig } from './new-server.ts';
import { AnsweredSecret, GivenSecret } from '../../record/secret-fields.ts';
import { Flag } from './textual.ts';

const ById = args({ id: z.string() });

/** Actions that move a server to another host, another size, or off its host. All are asynchronous. */
export const serverMoves = {
  /**
   * Give the server another flavor; usually it moves too. It ends in `VERIFY_RESIZE`, where it waits for
   * `confirmResize` or `revertResize`.
   */
  resize: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'resize',
    input: args({ id: z.string(), flavorRef: z.string(), 'OS-DCF:diskConfig': DiskConfig.optional() }),
    status: 202,
  }),
  /** Keep what a resize or a cold migration made, and delete what it left behind. */
  confirmResize: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'confirmResize',
    input: ById,
    status: 204,
  }),
  /** Go back to the host and flavor from before a resize or a cold migration. */
  revertResize: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'revertResize',
    input: ById,
    status: 202,
  }),
  /** Move the server with its power off, as a resize to the same flavor. Administrators only. */
  migrate: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'migrate',
    input: args({
      id: z.string(),
      /** The scheduler checks it. Without one it chooses. */
      host: since('2.56', z.string().nullable().optional()),
    }),
    status: 202,
  }),
  /**
   * Move the server while it runs. Administrators only. Before 2.34 the checks happen within the call (400); from
   * then on look at `instanceActions` and `serverMigrations` for how it goes.
   */
  liveMigrate: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'os-migrateLive',
    input: args({
      id: z.string(),
      /** `null`: the scheduler chooses. From 2.30 on it also checks a host that is given, unless forced. */
      host: z.string().nullable(),
      /** Whether local disks are copied. From 2.25 on `auto` finds out. */
      block_migration: changes(['2.1', Flag], ['2.25', z.union([Flag, z.literal('auto')])]),
      disk_over_commit: until('2.25', Flag),
      /** Go to `host` past the scheduler, which may overbook it. Gone with 2.68. */
      force: changes(['2.30', Flag.optional()], ['2.68', null]),
    }),
    status: 202,
  }),
  /**
   * Build the server anew on another host, after its own has failed: with its disk if that is on shared or volume
   * storage, from its image otherwise. Administrators only.
   *
   * Nova believes its heartbeats: the host must be down or forced down (400). **Fence it first**: a host that
   * still runs the server writes to the same disk. From 2.95 on the server is stopped at its destination.
   */
  evacuate: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'evacuate',
    // Nova's schema wants an object here, if an empty one: `{ evacuate: null }` is a 400 (schemas/evacuate.py).
    send: 'evacuate',
    input: args({
      id: z.string(),
      /** Without one the scheduler chooses. From 2.29 on it also checks a host that is given, unless forced. */
      host: z.string().optional(),
      adminPass: GivenSecret.optional(),
      /** Whether the disk is on storage that both hosts see. From 2.14 on Nova finds out. */
      onSharedStorage: until('2.14', Flag),
      /** Go to `host` past the scheduler, which may overbook it. Gone with 2.68. */
      force: changes(['2.29', Flag.optional()], ['2.68', null]),
    }),
    output: changes(
      ['2.1', answer({ adminPass: AnsweredSecret.nullable().optional() })],
      ['2.14', EmptyAnswer],
    ),
  }),
  /** Shut the server down and keep it as an image; after `shelved_offload_time` it leaves its host. */
  shelve: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'shelve',
    input: ById,
    status: 202,
  }),
  /** Take a shelved server off its host at once. */
  shelveOffload: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'shelveOffload',
    input: ById,
    status: 202,
  }),
  /** Bring a shelved server back. */
  unshelve: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'unshelve',
    input: args({
      id: z.string(),
      /** Only for a server that is `SHELVED_OFFLOADED`. From 2.91 on `null` unpins it from its zone. */
      availability_zone: changes(['2.77', z.string().optional()], ['2.91', z.string().nullable().optional()]),
      /** Only for a server that is `SHELVED_OFFLOADED`. Administrators only. */
      host: since('2.91', z.string().optional()),
    }),
    status: 202,
  }),
};
