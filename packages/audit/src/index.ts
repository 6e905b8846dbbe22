export { type AdminPort, adminPorts } from './security-groups/admin-ports.ts';
export { assess, type AuditPolicy } from './security-groups/assess.ts';
export {
  type AddressGroup,
  type AuditSnapshot,
  type FloatingIp,
  observe,
  type ObserveAuditOptions,
  type Port,
  type Project,
  type SecurityGroup,
  type SecurityGroupRule,
} from './security-groups/observe.ts';
