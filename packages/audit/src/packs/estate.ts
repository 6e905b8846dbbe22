import type { Listed, Observed } from '@groundcrew/core';
import type { InventoryImage, InventoryServer, InventoryVolume } from '@groundcrew/monitoring';
import type { ReportScope } from '../policy/report.ts';

export type EstateUser = Pick<
  Listed<'identity', 'users'>,
  'id' | 'name' | 'domain_id' | 'enabled' | 'password_expires_at' | 'options'
> & {
  /** The identity providers that it comes by; empty if by none. A list of Keystone's leaves it out: then it is not known. */
  readonly federated?: readonly { readonly idp_id: string }[] | undefined;
};
export type EstateRoleAssignment = Pick<Listed<'identity', 'roleAssignments'>, 'role' | 'user' | 'scope'> & {
  /** The group through which an assignment holds, where the group was not resolved into its users. */
  readonly group?: { readonly id: string; readonly name?: string | undefined } | undefined;
};
export type EstateApplicationCredential = Pick<
  Listed<'identity', 'applicationCredentials'>,
  'id' | 'name' | 'project_id' | 'expires_at' | 'unrestricted' | 'roles'
> & {
  /** The user that owns it: later releases leave the field out of the answer, but the request named the user. */
  readonly user_id: string;
};
export type EstateTrust = Pick<
  Listed<'identity', 'trusts'>,
  'id' | 'trustor_user_id' | 'trustee_user_id' | 'project_id' | 'impersonation' | 'expires_at' | 'deleted_at'
>;
/** An endpoint, with the type of its service. */
export interface EstateEndpoint {
  readonly id: string;
  readonly interface: string;
  readonly region: string | undefined;
  readonly url: string;
  readonly enabled: boolean;
  readonly service: string;
}
export type EstateImage = Pick<
  InventoryImage,
  'id' | 'name' | 'status' | 'visibility' | 'protected' | 'owner' | 'os_hash_algo' | 'os_hash_value'
> & {
  /** Other properties: the signature among them. */
  readonly [property: string]: unknown;
};
export type EstateServer = Pick<InventoryServer, 'id' | 'name' | 'tenant_id' | 'image'> & {
  /** Left out, as the metadata, where the server's cell does not answer. */
  readonly key_name?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};
export type EstateVolume = Pick<
  InventoryVolume,
  'id' | 'name' | 'encrypted' | 'volume_type' | 'multiattach' | 'metadata' | 'os-vol-tenant-attr:tenant_id'
>;
/** A volume type, with how it is encrypted: `provider` is missing where it is not. */
export interface EstateVolumeType {
  readonly id: string;
  readonly name: string;
  readonly encryption: {
    readonly provider?: string | null | undefined;
    readonly cipher?: string | null | undefined;
  };
  /** New volumes of projects that have no default type of their own get it. */
  readonly isDefault: boolean;
}
export type EstateTransfer = Pick<
  Listed<'blockStorage', 'transfers'>,
  'id' | 'name' | 'volume_id' | 'created_at'
>;
/** A listener of Octavia. Which fields there are depends on its version: TLS versions since 2.17, CIDRs since 2.12. */
export interface EstateListener {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly project_id?: string | null | undefined;
  readonly protocol: string;
  readonly protocol_port: number;
  readonly tls_versions?: readonly string[] | null | undefined;
  readonly tls_ciphers?: string | null | undefined;
  readonly allowed_cidrs?: readonly string[] | null | undefined;
}
/** A container of Swift, and who may use it beside its account. */
export interface EstateContainer {
  readonly name: string;
  readonly project_id: string;
  /** `X-Container-Read`; empty if nobody else may, `undefined` if it was not shown. */
  readonly read: string | undefined;
  /** `X-Container-Write` */
  readonly write: string | undefined;
}
/** The amount of a resource that a project may use of a service. -1 is without limit. */
export interface EstateQuota {
  readonly service: 'compute' | 'network' | 'block-storage';
  readonly project_id: string;
  readonly project_name?: string | undefined;
  readonly limits: Readonly<Record<string, number>>;
}
/** The amount that a project may use where no quota was set for it. */
export interface EstateDefaultQuota {
  readonly service: EstateQuota['service'];
  readonly limits: Readonly<Record<string, number>>;
}

/** The snapshot that the packs judge: the things of all projects, as far as this user may see them. */
export interface Estate {
  /** The users of all domains, and every user that holds a role. */
  readonly users: Observed<readonly EstateUser[]>;
  /** Effective: groups and implied roles are resolved. */
  readonly roleAssignments: Observed<readonly EstateRoleAssignment[]>;
  readonly applicationCredentials: Observed<readonly EstateApplicationCredential[]>;
  readonly trusts: Observed<readonly EstateTrust[]>;
  readonly endpoints: Observed<readonly EstateEndpoint[]>;
  readonly images: Observed<readonly EstateImage[]>;
  readonly servers: Observed<readonly EstateServer[]>;
  readonly volumes: Observed<readonly EstateVolume[]>;
  readonly volumeTypes: Observed<readonly EstateVolumeType[]>;
  readonly transfers: Observed<readonly EstateTransfer[]>;
  readonly listeners: Observed<readonly EstateListener[]>;
  readonly containers: Observed<readonly EstateContainer[]>;
  readonly quotas: Observed<readonly EstateQuota[]>;
  readonly defaultQuotas: Observed<readonly EstateDefaultQuota[]>;
  readonly scope: ReportScope;
}
