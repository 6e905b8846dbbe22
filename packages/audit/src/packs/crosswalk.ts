/** A check of another scanner, and what answers it here. */
export interface Crossing {
  readonly tool: 'prowler' | 'cnspec';
  readonly check: string;
  /** A policy's or a finding's id; `null` if nothing here answers it: then `note` says why. */
  readonly ours: string | null;
  /** Tells how the two checks differ, or why there is no counterpart. */
  readonly note?: string | undefined;
}

const of =
  (tool: Crossing['tool'], prefix: string) =>
  (check: string, ours: string | null, note?: string): Crossing => ({
    tool,
    check: prefix + check,
    ours,
    note,
  });
const cnspec = of('cnspec', 'mondoo-openstack-security-');
const blockStorage = of('prowler', 'blockstorage_');
const compute = of('prowler', 'compute_instance_');
const image = of('prowler', 'image_');
const networking = of('prowler', 'networking_');
const objectStorage = of('prowler', 'objectstorage_');

const NO_RECORDS = 'the service has no records here yet';
const BACKUPS = 'whether it can be got back is what @groundcrew/backup-dr answers';
const NOT_LISTED = 'a list does not show it at the microversion that every cloud speaks';
const WORTH = 'a choice of the workload, which endangers nobody else';

/**
 * The checks of prowler (OpenStack provider, commit 3e000faa of 2026-08) and cnspec (`mondoo-openstack-security`,
 * commit 62835b13 of 2026-08), each beside what answers it here, so that results can be laid side by side.
 */
export const crosswalk: readonly Crossing[] = [
  cnspec('app-credentials-restricted', 'audit.identity.application-credential-unrestricted'),
  cnspec(
    'user-mfa-enabled',
    'audit.identity.user-without-mfa',
    'the rules are read too: one of one method is none',
  ),
  cnspec('user-lockout-not-bypassed', 'audit.identity.lockout-bypassed'),
  cnspec('app-credentials-have-expiry', 'audit.identity.application-credential-without-expiry'),
  cnspec('server-uses-keypair', 'audit.server.without-keypair'),
  cnspec(
    'server-has-security-group',
    null,
    'a port without a group lets nothing in: audit.port-security-off is the breach',
  ),
  cnspec('server-not-internet-reachable', 'audit.allow-all', 'what leads to it is in `effective`'),
  cnspec('no-unrestricted-ssh', 'audit.admin-port-open'),
  cnspec('firewall-policy-audited', null, 'the flag `audited` says nothing of what a policy lets in'),
  cnspec('no-unrestricted-rdp', 'audit.admin-port-open'),
  cnspec('no-unrestricted-winrm', 'audit.admin-port-open', 'over HTTP; 5986 by `SecurityGroupPolicy.ports`'),
  cnspec(
    'no-unrestricted-db-ports',
    'audit.admin-port-open',
    'MySQL, PostgreSQL, SQL Server, MongoDB, Redis; others by `SecurityGroupPolicy.ports`',
  ),
  cnspec(
    'no-unrestricted-mgmt-ports',
    'audit.admin-port-open',
    'Docker, etcd, kubelet; others by `SecurityGroupPolicy.ports`',
  ),
  cnspec('no-all-ports-open', 'audit.allow-all'),
  cnspec('port-security-enabled', 'audit.port-security-off'),
  cnspec('volume-encrypted', 'audit.volume.unencrypted'),
  cnspec('image-not-public', 'audit.image.public'),
  cnspec('image-signed', 'audit.image.unsigned'),
  cnspec('container-not-public', 'audit.container.public-read'),
  cnspec('listener-modern-tls', 'audit.load-balancer.old-tls'),
  cnspec(
    'listener-no-plaintext-internet',
    'audit.load-balancer.plaintext',
    'be it reached from the internet or not',
  ),
  cnspec('listener-restricts-source-cidrs', 'audit.load-balancer.open-to-all'),
  cnspec('trust-impersonation-expiry', 'audit.identity.trust-without-expiry', 'high where it impersonates'),
  cnspec('share-not-public', null, NO_RECORDS),
  cnspec('share-no-world-access', null, NO_RECORDS),
  cnspec('cluster-template-tls-enabled', null, NO_RECORDS),
  cnspec('cluster-template-no-floating-ip', null, NO_RECORDS),
  cnspec('cluster-template-no-insecure-registry', null, NO_RECORDS),
  cnspec('database-not-public', null, NO_RECORDS),
  cnspec('database-supported-version', null, NO_RECORDS),
  cnspec('container-no-wildcard-write', 'audit.container.written-by-every-user'),
  cnspec(
    'endpoints-use-https',
    'audit.endpoint.public-over-http',
    'others: audit.endpoint.internal-over-http',
  ),
  cnspec('app-credential-no-admin', 'audit.identity.application-credential-with-admin'),
  cnspec('ipsec-policy-encrypts', null, 'policies of VPNs are not judged yet'),
  cnspec('vpn-no-weak-encryption', null, 'policies of VPNs are not judged yet'),
  cnspec('port-no-wide-address-pairs', 'audit.allow-all', 'where a rule lets in the group of such a port'),

  blockStorage('snapshot_metadata_sensitive_data', null, 'snapshots are not read by the packs'),
  blockStorage('snapshot_not_orphaned', null, 'Cinder keeps no snapshot whose volume is gone'),
  blockStorage('volume_backup_exists', null, BACKUPS),
  blockStorage('volume_encryption_enabled', 'audit.volume.unencrypted'),
  blockStorage(
    'volume_metadata_sensitive_data',
    'audit.volume.secret-in-metadata',
    'by name and by shape; values stay out of reports',
  ),
  blockStorage('volume_multiattach_disabled', 'audit.volume.multiattach'),
  blockStorage('volume_not_unattached', null, 'a matter of cost'),
  compute('config_drive_enabled', null, WORTH),
  compute('isolated_private_network', 'audit.allow-all', 'what leads to it is in `effective`'),
  compute('key_based_authentication', 'audit.server.without-keypair'),
  compute('locked_status_enabled', null, WORTH),
  compute(
    'metadata_sensitive_data',
    'audit.server.secret-in-metadata',
    'by name and by shape; values stay out of reports',
  ),
  compute('public_ip_exposed', 'audit.allow-all', 'an address alone exposes nothing: what rules let in does'),
  compute(
    'security_groups_attached',
    null,
    'a port without a group lets nothing in: audit.port-security-off is the breach',
  ),
  compute('trusted_image_certificates', null, NOT_LISTED),
  image('hw_mem_encryption_enabled', null, 'it takes hosts that can, which the API does not tell'),
  image('not_publicly_visible', 'audit.image.public'),
  image('not_shared_with_multiple_projects', null, 'members of images are not read by the packs'),
  image('protected_status_enabled', 'audit.image.unprotected', 'of images that others use'),
  image('secure_boot_enabled', null, WORTH),
  image('signature_verification_enabled', 'audit.image.unsigned'),
  networking('admin_state_down', null, 'a network that is down endangers nobody'),
  networking('port_security_disabled', 'audit.port-security-off'),
  networking('security_group_allows_all_ingress_from_internet', 'audit.allow-all'),
  networking('security_group_allows_rdp_from_internet', 'audit.admin-port-open'),
  networking('security_group_allows_ssh_from_internet', 'audit.admin-port-open'),
  networking('subnet_dhcp_disabled', null, WORTH),
  objectStorage('container_acl_not_globally_shared', 'audit.container.read-by-every-user'),
  objectStorage('container_listing_disabled', 'audit.container.public-listing'),
  objectStorage('container_metadata_sensitive_data', null, "containers' metadata is not read by the packs"),
  objectStorage('container_public_read_acl_disabled', 'audit.container.public-read'),
  objectStorage('container_sync_not_enabled', null, "containers' metadata is not read by the packs"),
  objectStorage('container_versioning_enabled', null, BACKUPS),
  objectStorage('container_write_acl_restricted', 'audit.container.written-by-every-user'),
];
