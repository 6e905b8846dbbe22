import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, type OutputAt } from '../../record/shape.ts';
import { Links } from './link.ts';
import { tolerant } from '../../record/tolerant.ts';

/** A service that authenticates users: OpenID Connect or SAML. */
export const IdentityProvider = answer({
  id: z.string(),
  /** The domain of its users. */
  domain_id: z.string().nullable().optional(),
  enabled: z.boolean(),
  description: z.string().nullable().optional(),
  /** The names of the provider in assertions. */
  remote_ids: z.array(z.string()).nullable().optional(),
  /** Minutes for which memberships of groups outlive a login. Null is the cloud's default. */
  authorization_ttl: z.number().nullable().optional(),
  links: tolerant({ self: z.string().optional(), protocols: z.string().optional() }).optional(),
});
export type IdentityProvider = OutputAt<typeof IdentityProvider>;

/** A way of an identity provider to vouch, and the mapping for it. */
export const FederationProtocol = answer({
  /** `openid`, `saml2`, `mapped`, … */
  id: z.string(),
  mapping_id: z.string(),
  remote_id_attribute: z.string().nullable().optional(),
  links: Links,
});
export type FederationProtocol = OutputAt<typeof FederationProtocol>;

const ById = args({ id: z.string() });
const ByProtocol = args({ idp_id: z.string(), id: z.string() });

const Editable = {
  enabled: z.boolean().optional(),
  description: z.string().nullable().optional(),
  remote_ids: z.array(z.string()).nullable().optional(),
  authorization_ttl: z.number().int().nonnegative().nullable().optional(),
};

/** Identity providers. The `id` is the administrator's choice. */
export const identityProviders = resource({
  name: 'identityProviders',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'OS-FEDERATION/identity_providers/{id}',
      receive: 'identity_provider',
      input: ById,
      output: IdentityProvider,
    }),
    list: operation({
      verb: 'GET',
      path: 'OS-FEDERATION/identity_providers',
      receive: 'identity_providers',
      page: 'body-links',
      input: args({ id: z.string().optional(), enabled: z.boolean().optional() }),
      output: IdentityProvider,
    }),
    /** Create one. Without `domain_id` Keystone makes a domain for it. It begins disabled unless said. */
    create: operation({
      verb: 'PUT',
      path: 'OS-FEDERATION/identity_providers/{id}',
      send: 'identity_provider',
      receive: 'identity_provider',
      status: 201,
      input: args({ id: z.string(), domain_id: z.string().nullable().optional(), ...Editable }),
      output: IdentityProvider,
    }),
    update: operation({
      verb: 'PATCH',
      path: 'OS-FEDERATION/identity_providers/{id}',
      send: 'identity_provider',
      receive: 'identity_provider',
      idempotent: true,
      input: args({ id: z.string(), ...Editable }),
      output: IdentityProvider,
    }),
    /** Delete one with its protocols. Tokens of its users end. */
    delete: operation({ verb: 'DELETE', path: 'OS-FEDERATION/identity_providers/{id}', input: ById }),
  },
});

/** Protocols of identity providers. */
export const federationProtocols = resource({
  name: 'federationProtocols',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'OS-FEDERATION/identity_providers/{idp_id}/protocols/{id}',
      receive: 'protocol',
      input: ByProtocol,
      output: FederationProtocol,
    }),
    list: operation({
      verb: 'GET',
      path: 'OS-FEDERATION/identity_providers/{idp_id}/protocols',
      receive: 'protocols',
      page: 'body-links',
      input: args({ idp_id: z.string() }),
      output: FederationProtocol,
    }),
    create: operation({
      verb: 'PUT',
      path: 'OS-FEDERATION/identity_providers/{idp_id}/protocols/{id}',
      send: 'protocol',
      receive: 'protocol',
      status: 201,
      input: args({
        idp_id: z.string(),
        id: z.string(),
        mapping_id: z.string(),
        remote_id_attribute: z.string().max(64).optional(),
      }),
      output: FederationProtocol,
    }),
    update: operation({
      verb: 'PATCH',
      path: 'OS-FEDERATION/identity_providers/{idp_id}/protocols/{id}',
      send: 'protocol',
      receive: 'protocol',
      idempotent: true,
      input: args({
        idp_id: z.string(),
        id: z.string(),
        mapping_id: z.string().optional(),
        remote_id_attribute: z.string().max(64).optional(),
      }),
      output: FederationProtocol,
    }),
    delete: operation({
      verb: 'DELETE',
      path: 'OS-FEDERATION/identity_providers/{idp_id}/protocols/{id}',
      input: ByProtocol,
    }),
  },
});
