import type { CompliancePolicy } from '../policy/define-policy.ts';
import { fail, pass, subject, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { Estate, EstateServer } from './estate.ts';
import { secretsIn } from './metadata-secrets.ts';

const about = (server: EstateServer) => subject('server', server);

/** Policies on what the API tells of servers; it does not tell what runs in them. */
export const serverPack: readonly CompliancePolicy<Estate>[] = [
  definePolicy({
    id: 'audit.server.without-keypair',
    title: 'Servers were started with a key pair',
    severity: 'low',
    needs: ['servers'],
    remedy: 'Rebuild it with one (2.54). How people log in now, only the guest knows.',
    *check({ servers }) {
      for (const server of servers) {
        const options = { project: server.tenant_id };
        if (server.key_name === undefined)
          yield unknown(about(server), 'its key pair was not shown', options);
        else if (server.key_name === null) yield fail(about(server), 'it has no key pair', options);
        else yield pass(about(server), `its key pair is ${server.key_name}`, options);
      }
    },
  }),
  definePolicy({
    id: 'audit.server.secret-in-metadata',
    title: 'No secret is seen in metadata of servers, by name or by shape',
    severity: 'medium',
    needs: ['servers'],
    remedy: 'Put it into Barbican, change it, and take it out: every process in the guest can read it.',
    *check({ servers }) {
      for (const server of servers)
        if (server.metadata === undefined)
          yield unknown(about(server), 'its metadata were not shown', { project: server.tenant_id });
        else yield secretsIn(about(server), server.metadata, server.tenant_id);
    },
  }),
];
