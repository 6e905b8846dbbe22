import { z } from 'zod';
import { operation } from '../../record/operation.ts';
import { args, since } from '../../record/shape.ts';
import { GivenSecret } from '../../record/secret-fields.ts';

const ById = args({ id: z.string() });

/** Actions that change how a server runs, or who may touch it. All are asynchronous: `waitFor` the state. */
export const serverPower = {
  /** Start a server that is `SHUTOFF`. */
  start: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'os-start',
    input: ById,
    status: 202,
  }),
  /** Shut a server down; Nova powers it off if the guest does not follow within its `shutdown_timeout`. */
  stop: operation({ verb: 'POST', path: 'servers/{id}/action', action: 'os-stop', input: ById, status: 202 }),
  /** `SOFT` asks the guest, `HARD` cuts the power and builds the domain anew. */
  reboot: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'reboot',
    input: args({ id: z.string(), type: z.enum(['SOFT', 'HARD', 'Soft', 'Hard', 'soft', 'hard']) }),
    status: 202,
  }),
  /** Keep the server in memory, without processor time. */
  pause: operation({ verb: 'POST', path: 'servers/{id}/action', action: 'pause', input: ById, status: 202 }),
  /** Let a `PAUSED` server go on. */
  unpause: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'unpause',
    input: ById,
    status: 202,
  }),
  /** Write the server's memory to disk and stop it. */
  suspend: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'suspend',
    input: ById,
    status: 202,
  }),
  /** Bring a `SUSPENDED` server back. */
  resume: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'resume',
    input: ById,
    status: 202,
  }),
  /** Keep its owner from changing the server. A lock set by an administrator only an administrator opens. */
  lock: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'lock',
    input: args({ id: z.string(), locked_reason: since('2.73', z.string().optional()) }),
    idempotent: true,
    status: 202,
  }),
  /** Take a lock away. */
  unlock: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'unlock',
    input: ById,
    idempotent: true,
    status: 202,
  }),
  /** Make the guest's kernel dump its memory, by a non-maskable interrupt. */
  triggerCrashDump: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'trigger_crash_dump',
    input: ById,
    since: '2.17',
    status: 202,
  }),
  /** Set the administrator's password, if the hypervisor's agent in the guest can. */
  changePassword: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'changePassword',
    input: args({ id: z.string(), adminPass: GivenSecret }),
    idempotent: true,
    status: 202,
  }),
  /**
   * Declare the server to be `ACTIVE` or `ERROR`, whatever it is. Nothing is done to it. Administrators only, and
   * for a server that is stuck, after looking why.
   */
  resetState: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'os-resetState',
    input: args({ id: z.string(), state: z.enum(['active', 'error']) }),
    idempotent: true,
    status: 202,
  }),
  /** Give the guest its network configuration again. Few hypervisors ever did that; 404 or 501 elsewhere. */
  injectNetworkInfo: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'injectNetworkInfo',
    input: ById,
    status: 202,
  }),
  /** For Xen, which left Nova with Wallaby (23.0.0): 410 since. */
  resetNetwork: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'resetNetwork',
    input: ById,
    status: 202,
  }),
  /** Delete the server at once, where deleted servers are otherwise kept for a while. */
  forceDelete: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'forceDelete',
    input: ById,
    status: 202,
  }),
  /** Bring back a server that is `SOFT_DELETED`. */
  restore: operation({
    verb: 'POST',
    path: 'servers/{id}/action',
    action: 'restore',
    input: ById,
    status: 202,
  }),
};
