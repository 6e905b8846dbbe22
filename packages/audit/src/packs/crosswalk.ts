/** The check of another scanner, and what answers it here. */
export interface Crossing {
  readonly tool: 'prowler' | 'cnspec';
  readonly check: string;
  /** A policy's or a finding's id; `null` if nothing here answers it, with the reason. */
  readonly ours: string | null;
  readonly note?: string | undefined;
}

const cnspec = (check: string, ours: string | null, note?: string): Crossing => ({
  tool: 'cnspec',
  check: `mondoo-openstack-security-${check}`,
  ours,
  note,
});
const prowler = (check: string, ours: string | null, note?: string): Crossing => ({
  tool: 'prowler',
  check,
  ours,
  note,
});
const NO_RECORDS = 'the service has no records here yet';

/**
 * Which check of prowler (OpenStack provider, 2026-08) and cnspec (`mondoo-openstack-security`, 2026-08) asks what is
 * answered here by which policy: so that results can be laid side by side.
 */
export const crosswalk: readonly Crossing[] = [
  cnspec('app-credentials-restricted', 'audit.identity.credential-unrestricted'),
  cnspec('app-credentials-have-expiry', 'audit.identity.credential-expiry'),
  cnspec('app-credential-no-admin', 'audit.identity.credential-admin'),
  cnspec('trust-impersonation-expiry', 'audit.identity.trust-impersonation'),
  cnspec('user-mfa-enabled', 'audit.identity.admin-mfa', 'of administrators only'),
  cnspec('user-lockout-not-bypassed', 'audit.identity.lockout-bypass'),
  cnspec('endpoints-use-https', 'audit.endpoint.plaintext'),
  cnspec('server-uses-keypair', 'audit.server.no-keypair'),
  cnspec('server-has-security-group', null, 'a port without a group is closed, so it is no breach (A17)'),
  cnspec('server-not-internet-reachable', 'audit.allow-all', 'judged by what can be reached: `effective`'),
  cnspec('no-unrestricted-ssh', 'audit.admin-port-open'),
  cnspec('no-unrestricted-rdp', 'audit.admin-port-open'),
  cnspec('no-unrestricted-winrm', null, 'WinRM is not among the ports of administrators here'),
  cnspec('no-unrestricted-db-ports', 'audit.admin-port-open'),
  cnspec('no-unrestricted-mgmt-ports', 'audit.admin-port-open', 'some of them'),
  cnspec('no-all-ports-open', 'audit.allow-all'),
  cnspec('port-security-enabled', 'audit.port-security-off'),
  cnspec('port-no-wide-address-pairs', 'audit.allow-all', 'where a rule lets in the group of such a port'),
  cnspec('firewall-policy-audited', null, 'the flag `audited` says nothing of what a policy lets in'),
  cnspec('volume-encrypted', 'audit.volume.unencrypted'),
  cnspec('image-not-public', 'audit.image.public'),
  cnspec('image-signed', 'audit.image.unsigned', 'of those that others use'),
  cnspec('container-not-public', 'audit.container.public'),
  cnspec('container-no-wildcard-write', 'audit.container.wildcard-write'),
  cnspec('listener-modern-tls', 'audit.listener.old-tls'),
  cnspec('listener-no-plaintext-internet', 'audit.listener.plaintext'),
  cnspec('listener-restricts-source-cidrs', 'audit.listener.plaintext', 'for HTTP'),
  cnspec('ipsec-policy-encrypts', null, 'VPN policies are not judged yet'),
  cnspec('vpn-no-weak-encryption', null, 'VPN policies are not judged yet'),
  cnspec('share-not-public', null, NO_RECORDS),
  cnspec('share-no-world-access', null, NO_RECORDS),
  cnspec('cluster-template-tls-enabled', null, NO_RECORDS),
  cnspec('cluster-template-no-insecure-registry', null, NO_RECORDS),
  cnspec('cluster-template-no-floating-ip', null, NO_RECORDS),
  cnspec('database-not-public', null, NO_RECORDS),
  cnspec('database-supported-version', null, NO_RECORDS),
  prowler('networking_security_group_allows_all_ingress_from_internet', 'audit.allow-all'),
  prowler('networking_security_group_allows_ssh_from_internet', 'audit.admin-port-open'),
  prowler('networking_security_group_allows_rdp_from_internet', 'audit.admin-port-open'),
  prowler('networking_port_security_disabled', 'audit.port-security-off'),
  prowler('networking_admin_state_down', null, 'a network that is down endangers nobody'),
  prowler('networking_subnet_dhcp_disabled', null, 'no matter of security'),
  prowler('networking_security_group_default_restricts_traffic', 'audit.allow-all', 'of every group'),
];
