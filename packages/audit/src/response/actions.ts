import { counted } from '@groundcrew/ground';
import { action } from '@groundcrew/runbook';
import { z } from 'zod';
import { serverStates } from './response.ts';

const text = z.string().min(1);
const rule = z.strictObject({
  security_group_id: text,
  direction: text,
  ethertype: text.nullable(),
  protocol: text.nullable(),
  port_range_min: z.int().nullable(),
  port_range_max: z.int().nullable(),
  remote_ip_prefix: text.nullable(),
  remote_group_id: text.nullable(),
  remote_address_group_id: text.nullable().optional(),
  /** Kept, so that what comes back is what went. */
  description: z.string().nullable().optional(),
});
const ruleWithId = rule.extend({ id: text });

/** Adds rules to one group, then removes rules, so that nobody is locked out in between. */
export const editRulesOf = action({
  name: 'audit.edit-rules',
  title: ({ group, edits }) => {
    const count = (edit: string): number => edits.filter((change) => change.edit === edit).length;
    return `Remove ${counted(count('remove'), 'rule')} of security group ${group}, and add ${count('add')}`;
  },
  input: z.strictObject({
    group: text,
    edits: z.array(
      z.discriminatedUnion('edit', [
        z.strictObject({ edit: z.literal('remove'), rule: ruleWithId }),
        z.strictObject({ edit: z.literal('add'), rule }),
      ]),
    ),
  }),
  output: z.object({ removed: z.array(ruleWithId), added: z.array(ruleWithId) }),
  rollback: 'free',
});

/**
 * It was found so on an attempt after a crash: whether this run made it so, or it was so before, nobody knows, and it
 * is not undone.
 */
const AfterCrash = z.literal(true).optional();

/** Brings a server into a state, or out of it. */
export const setServerState = action({
  name: 'audit.server-state',
  title: ({ server, state, on }) =>
    on ? `${capital(state)} server ${server}` : `End the ${state} of server ${server}`,
  input: z.strictObject({
    server: text,
    state: z.enum(serverStates),
    on: z.boolean(),
    /** The ports by which it was judged: one of them must be its own yet. */
    ports: z.array(text).optional(),
    /** For an undo: the status that Nova told before; a server that was `SHUTOFF` does not run after it. */
    leave: text.optional(),
  }),
  output: z.object({ was: z.boolean(), before: text, status: text, after_crash: AfterCrash }),
  rollback: 'free',
});

/** Moves a server. */
export const moveServer = action({
  name: 'audit.move-server',
  title: ({ server, to, live }) => `${live ? 'Live-migrate' : 'Migrate'} server ${server} to ${to}`,
  input: z.strictObject({ server: text, to: text, live: z.boolean(), ports: z.array(text).optional() }),
  output: z.object({ from: text, to: text }),
  rollback: 'free',
});

const PortState = {
  admin_state_up: z.boolean().optional(),
  security_groups: z.union([z.array(text), z.literal('quarantine')]).optional(),
  port_security_enabled: z.boolean().optional(),
} as const;

/** Gives a port these groups and this state. Quarantine switches its port security on: without it no group applies. */
export const setPort = action({
  name: 'audit.set-port',
  title: ({ port, admin_state_up: up, security_groups: groups, port_security_enabled: secured }) =>
    `Port ${port}: ${[
      up === undefined ? [] : up ? 'up' : 'down',
      secured === undefined ? [] : `port security ${secured ? 'on' : 'off'}`,
      groups === undefined ? [] : groups === 'quarantine' ? 'into quarantine' : `groups ${groups.join(', ')}`,
    ]
      .flat()
      .join(', ')}`,
  input: z.strictObject({
    port: text,
    ...PortState,
    /** The device that it was judged by: it must be on it yet. */
    device: text.optional(),
    /** For an undo: the state in which the response left it. A later change by somebody else is not undone. */
    from: z.strictObject(PortState).optional(),
  }),
  output: z.object({
    admin_state_up: z.boolean(),
    security_groups: z.array(text),
    /** Not there: the cloud does not tell. */
    port_security_enabled: z.boolean().optional(),
    after_crash: AfterCrash,
  }),
  rollback: 'free',
});

/** Writes a tag on a server, or removes it. */
export const setTag = action({
  name: 'audit.set-tag',
  title: ({ server, tag, on }) => `${on ? 'Tag' : 'Untag'} server ${server}: ${tag}`,
  input: z.strictObject({ server: text, tag: text, on: z.boolean() }),
  output: z.object({ was: z.boolean(), after_crash: AfterCrash }),
  rollback: 'free',
});

/** Enables or disables a user or a project. */
export const setEnabled = action({
  name: 'audit.set-enabled',
  title: ({ kind, id, enabled }) => `${enabled ? 'Enable' : 'Disable'} ${kind} ${id}`,
  input: z.strictObject({ kind: z.enum(['user', 'project']), id: text, enabled: z.boolean() }),
  output: z.object({ was: z.boolean(), after_crash: AfterCrash }),
  rollback: 'free',
});

/** Changes which projects see an image. */
export const setVisibility = action({
  name: 'audit.set-visibility',
  title: ({ image, visibility }) => `Make image ${image} ${visibility}`,
  input: z.strictObject({ image: text, visibility: text, from: text.optional() }),
  output: z.object({ was: text, after_crash: AfterCrash }),
  rollback: 'free',
});

/** Sends a message to a channel. */
export const tellChannel = action({
  name: 'audit.notify',
  title: ({ channel, findings }) => `Tell ${channel} of ${counted(findings.length, 'finding')}`,
  input: z.strictObject({
    channel: text,
    subject: text,
    text,
    findings: z.array(
      z.strictObject({
        key: text,
        id: text,
        severity: text,
        title: text,
        subject: z.strictObject({ kind: text, id: text }),
      }),
    ),
  }),
  output: z.object({ at: z.iso.datetime() }),
  rollback: 'none',
});

const capital = (word: string): string => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`;
