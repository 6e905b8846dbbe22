import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';

/** Options by name. */
const Options = z.record(z.string(), z.unknown());
/** Options by group: `identity`, `ldap`, and for reading `security_compliance`. */
const Config = z.record(z.string(), Options);

const OfDomain = args({ domain_id: z.string() });
const ByGroup = args({ domain_id: z.string(), group: z.string() });
const ByOption = args({ domain_id: z.string(), group: z.string(), option: z.string() });

/**
 * The configuration of a domain that overrides Keystone's own: its directory (LDAP). It is used if Keystone runs with
 * `domain_configurations_from_database`. Options that are secret (`ldap.password`) can be set, but are never answered.
 */
export const domainConfig = resource({
  name: 'domainConfig',
  operations: {
    /** Show all of it. 404 if there is none. */
    show: operation({
      verb: 'GET',
      path: 'domains/{domain_id}/config',
      receive: 'config',
      input: OfDomain,
      output: Config,
    }),
    /** Set all of it: what was there before is gone. */
    replace: operation({
      verb: 'PUT',
      path: 'domains/{domain_id}/config',
      receive: 'config',
      status: 201,
      input: args({ domain_id: z.string(), config: Config }),
      output: Config,
    }),
    /** Change some options, and leave the others. 404 if there is none yet. */
    update: operation({
      verb: 'PATCH',
      path: 'domains/{domain_id}/config',
      receive: 'config',
      idempotent: true,
      input: args({ domain_id: z.string(), config: Config }),
      output: Config,
    }),
    /** Go back to Keystone's own configuration. */
    delete: operation({ verb: 'DELETE', path: 'domains/{domain_id}/config', input: OfDomain }),
    /** Show one group, under its name. */
    showGroup: operation({
      verb: 'GET',
      path: 'domains/{domain_id}/config/{group}',
      receive: 'config',
      input: ByGroup,
      output: Config,
    }),
    /** Change options of one group: `config` has it under its name. Answers the whole configuration. */
    updateGroup: operation({
      verb: 'PATCH',
      path: 'domains/{domain_id}/config/{group}',
      receive: 'config',
      idempotent: true,
      input: args({ domain_id: z.string(), group: z.string(), config: Config }),
      output: Config,
    }),
    deleteGroup: operation({ verb: 'DELETE', path: 'domains/{domain_id}/config/{group}', input: ByGroup }),
    /** Show one option, under its name. */
    showOption: operation({
      verb: 'GET',
      path: 'domains/{domain_id}/config/{group}/{option}',
      receive: 'config',
      input: ByOption,
      output: Options,
    }),
    /** Change one option: `config` has it under its name. Answers the whole configuration. */
    updateOption: operation({
      verb: 'PATCH',
      path: 'domains/{domain_id}/config/{group}/{option}',
      receive: 'config',
      idempotent: true,
      input: args({ domain_id: z.string(), group: z.string(), option: z.string(), config: Options }),
      output: Config,
    }),
    deleteOption: operation({
      verb: 'DELETE',
      path: 'domains/{domain_id}/config/{group}/{option}',
      input: ByOption,
    }),
    /** Show the configuration of a domain that has none of its own. */
    defaults: operation({
      verb: 'GET',
      path: 'domains/config/default',
      receive: 'config',
      input: args({}),
      output: Config,
    }),
  },
});
